"""The findings as a list, filtered by level: model and painting; finds nothing itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from selfassess.domain.finding import LEVEL_NAMES, Finding, Level
from selfassess.gui.item_look import look_of
from selfassess.gui.theme import colours_of
from selfassess.gui.tips import literal
from selfassess.scoring.findings import printed_order

if TYPE_CHECKING:
    from selfassess.document import Document

Index = QModelIndex | QPersistentModelIndex
FINDING_ROLE = Qt.ItemDataRole.UserRole
_PADDING = 8


class FindingsModel(QAbstractListModel):
    """The document's findings of the levels that are wanted.

    The tuple that is shown is held until :meth:`follow`, so that a view never meets half a change.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._level: Level | None = None
        self._shown: tuple[Finding, ...] = document.findings

    @property
    def level(self) -> Level | None:
        """The only level that is listed; None: all."""
        return self._level

    def set_level(self, level: Level | None) -> None:
        """Lists only this level, or all."""
        self._level = level
        self.follow()

    def follow(self) -> None:
        """Lists what the document finds now."""
        wanted = tuple(
            finding for finding in self._document.findings if self._level is None or finding.level is self._level
        )
        if wanted == self._shown:
            return
        self.beginResetModel()
        self._shown = wanted
        self.endResetModel()

    def row_like(self, finding: Finding) -> int | None:
        """The row of this finding, else of one with the same code at the same place."""
        if finding in self._shown:
            return self._shown.index(finding)
        keys = [(other.code, other.place) for other in self._shown]
        key = (finding.code, finding.place)
        return keys.index(key) if key in keys else None

    def first_from(self, level: Level | None, place: str, *, beyond: bool = False) -> int:
        """The row of the first finding at a place or after it, in the order of the list.

        Args:
            level: Among those of this level, then of the next; None, or one that is not listed: the first that is.
            place: As findings name places; another counts as before all.
            beyond: After the place only.

        Returns:
            The row; the number of rows when there is none.
        """
        levels = [*Level]
        order = printed_order(self._document.catalogue, len(self._document.entries.adjustments))
        keys = [(levels.index(finding.level), order[finding.place]) for finding in self._shown]
        listed = {key[0] for key in keys}
        wanted = -1 if level is None else levels.index(level)
        rank = wanted if wanted in listed else min(listed, default=0)
        return (bisect_right if beyond else bisect_left)(keys, (rank, order.get(place, -1)))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102  (Qt's contract)
        if not index.isValid():
            return None
        finding = self._shown[index.row()]
        if role == FINDING_ROLE:
            return finding
        if role == Qt.ItemDataRole.DisplayRole:
            return finding.message
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(finding.message)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{LEVEL_NAMES[finding.level]}：{finding.message}"
        return None


class FindingDelegate(QStyledItemDelegate):
    """Paints a finding as one line: its level in colour, then the sentence."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: D102  (Qt's contract)
        metrics = QFontMetrics(look_of(option).font)
        return QSize(metrics.averageCharWidth() * 40, metrics.lineSpacing() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: D102  (Qt's contract)
        finding: Finding | None = index.data(FINDING_ROLE)
        if finding is None:
            return
        look = look_of(option)
        colours = colours_of(look.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text_colour = look.palette.color(QPalette.ColorRole.Text)
        if look.selected:
            painter.fillRect(look.rect, look.palette.color(QPalette.ColorRole.Highlight))
            text_colour = look.palette.color(QPalette.ColorRole.HighlightedText)
        elif look.hovered:
            painter.fillRect(look.rect, colours.panel)
        metrics = QFontMetrics(look.font)
        chip = QRect(
            look.rect.left() + _PADDING, 0, metrics.horizontalAdvance("错误") + 2 * _PADDING, metrics.lineSpacing()
        )
        chip.moveTop(look.rect.center().y() - chip.height() // 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.ground_of_level(finding.level))
        painter.drawRoundedRect(QRectF(chip), 3, 3)
        painter.setFont(look.font)
        painter.setPen(colours.of_level(finding.level))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, LEVEL_NAMES[finding.level])
        rest = look.rect.adjusted(chip.right() - look.rect.left() + _PADDING, 0, -_PADDING, 0)
        painter.setPen(text_colour)
        shown = metrics.elidedText(finding.message, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()
