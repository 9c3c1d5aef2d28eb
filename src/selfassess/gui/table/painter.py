"""Draws the table like paper: hairlines, merged cells, frozen columns; knows no keyboard and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QStaticText

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.corner import draw_corner
from selfassess.gui.table.cells import CENTRED, Cell, Tone
from selfassess.gui.table.widths import PADDING

if TYPE_CHECKING:
    from selfassess.gui.table.geometry import SheetGeometry
    from selfassess.gui.table.lines import Line
    from selfassess.gui.table.texts import TextShelf

"""Pixels of the corner mark of a cell with typed-over points."""


class SheetPainter:
    """Paints a part of the view.

    Args:
        view: The table.
        painter: An active painter on its viewport.
        dirty: What must be painted anew.
    """

    def __init__(self, view: SheetGeometry, painter: QPainter, dirty: QRect) -> None:
        self._view = view
        self._model = view.annex
        self._inks = view.inks
        self._painter = painter
        self._dirty = dirty
        self._current = view.currentIndex()
        self._ranges = view.selected_ranges()
        self._many = view.shows_selection()

    def paint(self) -> None:
        """Paint scrolled columns, then the frozen ones over them, then the border of the current cell."""
        self._painter.fillRect(self._dirty, self._inks.paper)
        frozen = self._view.frozen_width()
        rows = self._view.rows_in(self._dirty)
        columns = range(len(self._model.keys))
        pinned = self._view.frozen_columns()
        self._part(
            QRect(frozen, 0, self._view.viewport().width() - frozen, self._view.viewport().height()),
            rows,
            [column for column in columns if column >= pinned],
        )
        if frozen:
            self._part(QRect(0, 0, frozen, self._view.viewport().height()), rows, [*range(pinned)])
            if self._view.horizontalOffset() > 0:
                self._shadow(frozen)

    def _part(self, area: QRect, rows: range, columns: list[int]) -> None:
        clip = area & self._dirty
        if clip.isEmpty():
            return
        shown = [
            (column, self._view.column_x(column), self._view.columnWidth(column))
            for column in columns
            if not self._view.isColumnHidden(column)
        ]
        self._painter.save()
        self._painter.setClipRect(clip)
        self._painter.fillRect(clip, self._inks.paper)
        for row in rows:
            self._row(row, [part for part in shown if part[1] <= clip.right() and part[1] + part[2] > clip.left()])
        self._border_of_current()
        self._painter.restore()

    # --------------------------------------------------------------------------------------------------------- cells

    def _row(self, row: int, shown: list[tuple[int, int, int]]) -> None:
        line = self._model.lines[row]
        top, height = self._view.rowViewportPosition(row), self._view.rowHeight(row)
        for column, left, width in shown:
            rect = QRect(left, top, width, height)
            key = self._model.keys[column]
            if line.is_row and key is ColumnKey.CONTENT and line.run[0] != line.run[1]:
                self._merged(line, row, column, rect)
            elif not line.is_row and key in (ColumnKey.CONTENT, ColumnKey.NAME):
                self._heading(row, column, rect)
            else:
                self._cell(row, column, key, rect)

    def _cell(self, row: int, column: int, key: ColumnKey, rect: QRect) -> None:
        cell = self._model.cell(row, column)
        self._ground(row, column, rect, cell)
        self._write(cell, key, rect)
        refused = self._view.is_refused(row, column)
        if cell.overridden or refused:
            draw_corner(self._painter, rect, self._inks.error if refused else self._inks.accent)
        self._lines(rect)

    def _heading(self, row: int, column: int, rect: QRect) -> None:
        """The title of a category runs over 考核内容 and 指标."""
        whole = self._view.heading_rect(row, column)
        cell = self._model.cell(row, self._view.heading_column())
        self._ground(row, column, rect, cell)
        shelf = self._view.bold_texts
        text = shelf.wrapped(cell.text, max(8, whole.width() - 2 * PADDING - 1), 1)
        self._painter.save()
        self._painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        self._draw(cell, text.ink, text.height, whole, shelf)
        self._painter.restore()
        self._painter.setPen(self._inks.line)
        self._painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if rect.right() >= whole.right():
            self._painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())

    def _merged(self, line: Line, row: int, column: int, rect: QRect) -> None:
        """A merged 考核内容 cell is painted once, by the first of its rows in sight, in the middle of what is seen."""
        first = max(line.run[0], self._view.first_row())
        whole = self._view.run_rect(line, column)
        if row != max(first, self._view.rows_in(self._dirty).start):
            return
        cell = self._model.cell(row, column)
        self._painter.fillRect(whole, self._inks.paper)
        for member in range(line.run[0], line.run[1] + 1):
            if self._selected(member, column):
                part = QRect(
                    rect.left(), self._view.rowViewportPosition(member), rect.width(), self._view.rowHeight(member)
                )
                self._painter.fillRect(part, self._inks.selected)
        seen = whole & QRect(whole.left(), 0, whole.width(), self._view.viewport().height())
        shelf = self._view.texts
        text = shelf.wrapped(cell.text, rect.width() - 2 * PADDING - 1)
        place = seen if text.height <= seen.height() else whole
        self._draw(cell, text.ink, text.height, place, shelf)
        self._lines(whole)

    def _ground(self, row: int, column: int, rect: QRect, cell: Cell) -> None:
        colour = self._colour(row, cell)
        if colour is not None:
            self._painter.fillRect(rect, colour)
        if self._selected(row, column):
            self._painter.fillRect(rect, self._inks.selected)

    def _colour(self, row: int, cell: Cell) -> QColor | None:
        match cell.tone:
            case Tone.HEADING:
                return self._inks.heading
            case Tone.BLANK:
                return self._inks.waiting
            case Tone.QUIET:
                return self._inks.locked
            case _:
                return self._inks.current if row == self._current.row() else None

    def _selected(self, row: int, column: int) -> bool:
        if not self._many and row == self._current.row() and column == self._current.column():
            return False
        return any(part.contains(column, row) for part in self._ranges)

    # ------------------------------------------------------------------------------------------------- writing, lines

    def _write(self, cell: Cell, key: ColumnKey, rect: QRect) -> None:
        if not cell.text:
            return
        bold = cell.tone is Tone.HEADING or (key is ColumnKey.POINTS and cell.tone is Tone.ENTERED)
        shelf = self._view.bold_texts if bold else self._view.texts
        most = max(1, int((rect.height() - PADDING) / shelf.line_height))
        text = shelf.wrapped(cell.text, max(8, rect.width() - 2 * PADDING - 1), most, centred=key in CENTRED)
        self._draw(cell, text.ink, text.height, rect, shelf)

    def _draw(self, cell: Cell, ink: QStaticText, height: float, rect: QRect, shelf: TextShelf) -> None:
        quiet = cell.tone in (Tone.QUIET, Tone.TOLD)
        self._painter.setPen(self._inks.quiet if quiet else self._inks.text)
        self._painter.setFont(shelf.font)
        top = rect.top() + max(PADDING - 2.0, (rect.height() - 1 - height) / 2)
        self._painter.drawStaticText(rect.left() + PADDING, round(top), ink)

    def _lines(self, rect: QRect) -> None:
        self._painter.setPen(self._inks.line)
        self._painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        self._painter.drawLine(rect.right(), rect.top(), rect.right(), rect.bottom())

    def _border_of_current(self) -> None:
        if not self._current.isValid():
            return
        rect = self._view.shown_rect(self._current)
        if not rect.intersects(self._dirty):
            return
        pen = QPen(self._inks.accent if self._view.hasFocus() else self._inks.quiet, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        # All of the pen inside the cell: what lies outside is not painted anew when the border goes.
        self._painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _shadow(self, x: int) -> None:
        """A line at the right of the frozen columns while something is scrolled under them."""
        self._painter.setPen(QPen(self._inks.frame, 1))
        self._painter.drawLine(x - 1, self._dirty.top(), x - 1, self._dirty.bottom())
