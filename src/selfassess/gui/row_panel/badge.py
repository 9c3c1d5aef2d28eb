"""A small label that says how far a row's wording can be trusted (核对状态)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from selfassess.domain.catalogue import Provenance
from selfassess.gui.theme import Colours, colours_of
from selfassess.gui.tips import literal

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from selfassess.domain.catalogue import Source


class ProvenanceBadge(QWidget):
    """已核对, 照录, 推定 or 缺失."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._provenance = Provenance.TRANSCRIBED
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_source(self, source: Source) -> None:
        """Show where a row's wording comes from."""
        self._provenance = source.provenance
        transcribed = [f"{name}：{text}" for name, text in source.transcribed]
        parts = [source.why, *([self.tr("转录稿原文："), *transcribed] if transcribed else [])]
        self.setToolTip(literal("\n".join(part for part in parts if part)))
        self.setAccessibleName(self.tr("核对状态：{0}").format(self.text()))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What it says."""
        return {
            Provenance.VERIFIED: self.tr("已核对"),
            Provenance.TRANSCRIBED: self.tr("照录 · 未核对"),
            Provenance.RECONSTRUCTED: self.tr("推定 · 未核对"),
            Provenance.LOST: self.tr("原文缺失"),
        }[self._provenance]

    def sizeHint(self) -> QSize:
        """Its text with some air."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 14, metrics.height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A rounded label in the colour of its meaning."""
        ink, ground = self._colours(colours_of(self.palette()))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _colours(self, colours: Colours) -> tuple[QColor, QColor]:
        match self._provenance:
            case Provenance.VERIFIED:
                return colours.ok, colours.panel
            case Provenance.LOST:
                return colours.error, colours.error_ground
            case Provenance.RECONSTRUCTED:
                return colours.verify, colours.verify_ground
            case _:
                return colours.hint, colours.hint_ground
