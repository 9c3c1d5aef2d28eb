"""Where everything of the sheet is, and stays: frozen columns, merged cells, what is selected; paints nothing.

Heads, heights and painting look here, so that none of them needs to know the sheet that is made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QItemSelection, QItemSelectionRange, QModelIndex, QPoint, QRect
from PySide6.QtGui import QFont, QRegion
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table.inks import inks_of
from selfassess.gui.table.texts import TextShelf
from selfassess.gui.table.widths import PADDING, frozen_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.gui.table.lines import Line
    from selfassess.gui.table.model import AnnexModel, Index

_MOST_FROZEN = 0.5
"""Share of the width that frozen columns may take; in a narrower window everything scrolls."""
_SHEET_SCALE = 0.9
_LEAST_POINTS = 8.5


class SheetGeometry(QTableView):
    """The places of a table that looks like the paper.

    Args:
        model: The form.
        parent: Owner.

    Attributes:
        annex: The form.
        inks: Its colours.
        texts: Its texts, set and kept.
        bold_texts: The strong ones.
    """

    def __init__(self, model: AnnexModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.annex = model
        self.inks = inks_of(QApplication.palette())
        self.texts = TextShelf(sheet_font(bold=False))
        self.bold_texts = TextShelf(sheet_font(bold=True))
        self._widths: tuple[int, ...] = ()
        self._refused: frozenset[tuple[str, ColumnKey]] = frozenset()

    def frozen_columns(self) -> int:
        """How many columns stay in place; 0 while everything fits or the window is too narrow."""
        count = frozen_count(self.annex.document.catalogue.columns)
        width = sum(self.columnWidth(column) for column in range(count))
        return count if width <= self.viewport().width() * _MOST_FROZEN else 0

    def frozen_width(self) -> int:
        """Pixels taken by the frozen columns."""
        return sum(self.columnWidth(column) for column in range(self.frozen_columns()))

    def column_x(self, column: int) -> int:
        """Left edge of a column in the viewport."""
        if column < self.frozen_columns():
            return sum(self.columnWidth(before) for before in range(column))
        return self.columnViewportPosition(column)

    def text_widths(self) -> list[int]:
        """Pixels that each column leaves for its text."""
        return [width - 2 * PADDING - 1 for width in self._widths]

    def first_row(self) -> int:
        """The first line in sight."""
        return max(0, self.rowAt(0))

    def rows_in(self, rect: QRect) -> range:
        """The lines a part of the viewport touches."""
        first = self.rowAt(max(0, rect.top()))
        if first < 0:
            return range(0)
        last = self.rowAt(max(0, rect.bottom()))
        return range(first, (last if last >= 0 else len(self.annex.lines) - 1) + 1)

    def run_rect(self, line: Line, column: int) -> QRect:
        """The merged 考核内容 cell of a line."""
        first, last = line.run
        top = self.rowViewportPosition(first)
        bottom = self.rowViewportPosition(last) + self.rowHeight(last)
        return QRect(self.column_x(column), top, self.columnWidth(column), bottom - top)

    def heading_column(self) -> int:
        """The column in which a category's title stands."""
        return self.annex.column_of(ColumnKey.CONTENT) or 0

    def heading_rect(self, row: int, column: int) -> QRect:
        """The cell of a category's title: 考核内容 and 指标 as one, where they are neighbours."""
        columns = [at for key in (ColumnKey.CONTENT, ColumnKey.NAME) if (at := self.annex.column_of(key)) is not None]
        if len(columns) == 2 and columns[1] != columns[0] + 1:
            columns = [column]
        left = self.column_x(columns[0])
        width = sum(self.columnWidth(at) for at in columns)
        return QRect(left, self.rowViewportPosition(row), width, self.rowHeight(row))

    def shown_rect(self, index: Index) -> QRect:
        """What the user sees as the cell of an index, merges included."""
        line, key = self.annex.lines[index.row()], self.annex.keys[index.column()]
        if line.is_row and key is ColumnKey.CONTENT:
            return self.run_rect(line, index.column())
        if not line.is_row and key in (ColumnKey.CONTENT, ColumnKey.NAME):
            return self.heading_rect(index.row(), index.column())
        return self.visualRect(index)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 -- Qt's name
        """Qt's cell rectangle, with frozen columns where they are seen."""
        rect = super().visualRect(index)
        if index.isValid() and index.column() < self.frozen_columns():
            rect.moveLeft(self.column_x(index.column()))
        return rect

    def indexAt(self, pos: QPoint) -> QModelIndex:  # noqa: N802 -- Qt's name
        """The cell under a point; frozen columns lie over scrolled ones."""
        if 0 <= pos.x() < self.frozen_width():
            row = self.rowAt(pos.y())
            right = 0
            for column in range(self.frozen_columns()):
                right += self.columnWidth(column)
                if pos.x() < right:
                    return self.annex.index(row, column) if row >= 0 else QModelIndex()
        return super().indexAt(pos)

    def keep_in_sight(self, index: QModelIndex) -> None:
        """Scroll as little as needed for a line whose height changed to be seen whole."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.horizontalScrollBar().setValue(across)

    def geometry_changed(self, top: int, offset: int) -> None:
        """Heights changed: keep the line at the top where it was.

        Args:
            top: The line that was first in sight; below 0: none.
            offset: Its distance from the upper edge, in pixels.
        """
        self.updateGeometries()
        if top >= 0:
            moved = self.rowViewportPosition(top) - offset
            if moved and self.verticalScrollBar().value() > 0:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        self.updateEditorGeometries()
        self.viewport().update()
        self.verticalHeader().viewport().update()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 -- Qt's name
        """What a changed selection repaints: whole lines, since merges and the current row's tint change too."""
        region = QRegion()
        for part in _parts(selection):
            top = self.rowViewportPosition(part.top())
            bottom = self.rowViewportPosition(part.bottom()) + self.rowHeight(part.bottom())
            region += QRect(0, top, self.viewport().width(), bottom - top)
        return region

    # -------------------------------------------------------------------------------------------------------- selection

    def shows_selection(self) -> bool:
        """Whether more than the current cell is selected."""
        parts = _parts(self.selectionModel().selection())
        return len(parts) > 1 or any(part.width() > 1 or part.height() > 1 for part in parts)

    def selected_ranges(self) -> list[QRect]:
        """The selected cells as rectangles of columns (x) and rows (y)."""
        return [
            QRect(QPoint(part.left(), part.top()), QPoint(part.right(), part.bottom()))
            for part in _parts(self.selectionModel().selection())
        ]

    def is_refused(self, row: int, column: int) -> bool:
        """Whether a refused text is kept for a cell."""
        return bool(self._refused) and (self.annex.lines[row].place, self.annex.keys[column]) in self._refused


def sheet_font(*, bold: bool) -> QFont:
    """A little smaller than the window's font, as the table on paper is smaller than the report around it."""
    font = QFont(QApplication.font())
    font.setPointSizeF(max(_LEAST_POINTS, font.pointSizeF() * _SHEET_SCALE))
    font.setBold(bold)
    return font


def _parts(selection: QItemSelection) -> list[QItemSelectionRange]:
    """The ranges of a selection, which the stubs of Qt do not know to be a list."""
    return list(cast("Iterable[QItemSelectionRange]", selection))
