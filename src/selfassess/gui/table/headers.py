"""The frozen heads of the table: printed titles on top, row codes with their marks at the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHeaderView

from selfassess.domain.finding import Level
from selfassess.gui.table.widths import PADDING
from selfassess.gui.viewport import own_viewport

if TYPE_CHECKING:
    from selfassess.gui.table.geometry import SheetGeometry

MARK_WIDTH = 4
"""Pixels of the mark of a row with findings."""
_MOST_LINES = 4


class TitleHeader(QHeaderView):
    """Printed titles, wrapped; those of frozen columns stay in place.

    Args:
        view: The table.
    """

    def __init__(self, view: SheetGeometry) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        own_viewport(self, QPalette.ColorRole.Button)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setAccessibleName(self.tr("表头"))

    def sizeHint(self) -> QSize:
        """As high as the longest title needs, up to three lines."""
        # Not Qt's own hint: it asks for every section, which on a long form is every row's code.
        model = self.model()
        height = 0.0
        for column in range(self.count()):
            title = str(model.headerData(column, Qt.Orientation.Horizontal) or "") if model else ""
            width = max(8, self.sectionSize(column) - 2 * PADDING - 1)
            height = max(height, self._view.bold_texts.wrapped(title, width, _MOST_LINES, centred=True).height)
        return QSize(100, round(height) + 2 * PADDING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Scrolled titles first, then the frozen ones over them."""
        view, inks = self._view, self._view.inks
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), inks.header)
        frozen = view.frozen_width()
        painter.save()
        painter.setClipRect(QRect(frozen, 0, self.width() - frozen, self.height()))
        for column in range(view.frozen_columns(), self.count()):
            self._paint_title(painter, column)
        painter.restore()
        painter.fillRect(QRect(0, 0, frozen, self.height()), inks.header)
        for column in range(view.frozen_columns()):
            self._paint_title(painter, column)
        painter.setPen(inks.frame)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _paint_title(self, painter: QPainter, column: int) -> None:
        width = self.sectionSize(column)
        if not width:
            return
        left = self._view.column_x(column)
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        text = self._view.bold_texts.wrapped(title, max(8, width - 2 * PADDING - 1), _MOST_LINES, centred=True)
        painter.setFont(self._view.bold_texts.font)
        painter.setPen(self._view.inks.text)
        painter.drawStaticText(left + PADDING, round((self.height() - text.height) / 2), text.ink)
        painter.setPen(self._view.inks.line)
        painter.drawLine(left + width - 1, 0, left + width - 1, self.height())


class CodeHeader(QHeaderView):
    """Row codes such as 2.7, with a thin mark where a row has findings.

    Args:
        view: The table.
    """

    def __init__(self, view: SheetGeometry) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        own_viewport(self, QPalette.ColorRole.Button)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(8)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setAccessibleName(self.tr("行号"))

    def sizeHint(self) -> QSize:
        """As wide as the longest code of its form, at least five digits."""
        width = self._view.texts.em * 0.58 * max(5, self._view.annex.longest_code)
        return QSize(round(width) + MARK_WIDTH + 6, 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Codes of the visible lines."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._view.inks.header)
        for row in self._view.rows_in(event.rect()):
            self._paint_code(painter, row)
        painter.setPen(self._view.inks.frame)
        painter.drawLine(self.width() - 1, event.rect().top(), self.width() - 1, event.rect().bottom())

    def _paint_code(self, painter: QPainter, row: int) -> None:
        view, inks = self._view, self._view.inks
        model = view.annex
        rect = QRect(0, view.rowViewportPosition(row), self.width() - 1, view.rowHeight(row))
        line = model.lines[row]
        current = view.currentIndex().row() == row
        if not line.is_row:
            painter.fillRect(rect, inks.heading)
        elif current:
            painter.fillRect(rect, inks.selected)
        finding = model.finding(row)
        if finding is not None:
            colour = inks.error if finding.level is Level.ERROR else inks.verify
            painter.fillRect(QRect(0, rect.top(), MARK_WIDTH, rect.height() - 1), colour)
        painter.setPen(inks.line)
        painter.drawLine(QPoint(0, rect.bottom()), QPoint(rect.right(), rect.bottom()))
        if line.is_row:
            painter.setFont(self._font(bold=current))
            painter.setPen(inks.text if current else inks.quiet)
            painter.drawText(rect.adjusted(MARK_WIDTH, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, line.place)

    def _font(self, *, bold: bool) -> QFont:
        return self._view.bold_texts.font if bold else self._view.texts.font
