"""The annex drawn by Qt's own painter on QPdfWriter: a direct layout that measures a cell once and fills pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextLayout, QTextOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.export.rows import Annex

RESOLUTION = 72
LEADING = 1.35


class QtAnnex:
    """Draws with one font of the application."""

    def __init__(self, family: str) -> None:
        self._font = QFont(family)
        self._font.setPointSizeF(8.5)

    def render(self, annex: Annex) -> bytes:
        """The annex as a plain PDF."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(RESOLUTION)
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(99, 79, 105, 74)
            )
        )
        painter = QPainter(writer)
        painter.setFont(self._font)
        self._draw(painter, writer, annex)
        painter.end()
        buffer.close()
        return bytes(data.data())

    def _draw(self, painter: QPainter, writer: QPdfWriter, annex: Annex) -> None:
        page = QRectF(0, 0, writer.width(), writer.height())
        total = sum(float(column.width) for column in annex.columns)
        widths = [page.width() * float(column.width) / total for column in annex.columns]
        head = self._measured([column.title for column in annex.columns], widths, writer)
        top = self._row(painter, head, widths, 0.0)
        for row in annex.rows:
            measured = self._measured(row.texts, widths, writer)
            height = max(height for _, height in measured)
            if top + height > page.height():
                writer.newPage()
                top = self._row(painter, head, widths, 0.0)
            top = self._row(painter, measured, widths, top)

    def _measured(
        self, texts: Sequence[str], widths: Sequence[float], device: QPdfWriter
    ) -> list[tuple[QTextLayout, float]]:
        """Each cell's broken lines and its height."""
        return [self._broken(text, width - 5, device) for text, width in zip(texts, widths, strict=True)]

    def _broken(self, text: str, width: float, device: QPdfWriter) -> tuple[QTextLayout, float]:
        layout = QTextLayout(text, self._font, device)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(line.position() + _down(top))
            top += line.height() * LEADING
        layout.endLayout()
        return layout, top + 5

    def _row(
        self, painter: QPainter, cells: Sequence[tuple[QTextLayout, float]], widths: Sequence[float], top: float
    ) -> float:
        """Draw one row and return where the next begins."""
        height = max(height for _, height in cells)
        left = 0.0
        painter.setPen(Qt.GlobalColor.black)
        for (layout, _), width in zip(cells, widths, strict=True):
            painter.drawRect(QRectF(left, top, width, height))
            layout.draw(painter, _down(top + 2.5, left + 2.5))
            left += width
        return top + height


def _down(y: float, x: float = 0.0) -> QPointF:
    return QPointF(x, y)
