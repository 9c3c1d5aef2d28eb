"""How high the lines of the table are: estimated at once, exact where the user looks and, soon after, everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table.widths import PADDING

if TYPE_CHECKING:
    from selfassess.gui.table.geometry import SheetGeometry

_SLICE = 24
"""Lines made exact per turn of the event loop: a few milliseconds, so that typing never waits."""
_LEAST_LINES = 2
_SHORT = frozenset({ColumnKey.FULL_POINTS, ColumnKey.NATURE, ColumnKey.MODE, ColumnKey.SUBTOTAL, ColumnKey.POINTS})
"""Columns whose texts never need more than the least number of lines."""


class LineHeights(QObject):
    """Keeps the heights of a view's lines right.

    Args:
        view: The table.
    """

    def __init__(self, view: SheetGeometry) -> None:
        super().__init__(view)
        self._view = view
        self._inexact: set[int] = set()
        self._next = 0
        self.begun = False
        """Whether heights were worked out at all."""
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        self.most_lines = 4
        """Lines of text a row shows at most; 0: all of them."""

    def restart(self) -> None:
        """Every line may have another height: estimate all, then make them exact in the background.

        Before the table is first seen its width changes several times; only the last one counts.
        """
        if not self._view.isVisible():
            return
        self.begun = True
        header = self._view.verticalHeader()
        current = self._view.currentIndex()
        blocked = header.blockSignals(True)
        for row in range(len(self._view.annex.lines)):
            header.resizeSection(row, self._height(row, exact=False))
        header.blockSignals(blocked)
        self._inexact = set(range(len(self._view.annex.lines)))
        self._next = 0
        self._view.geometry_changed(-1, 0)
        if current.isValid():
            self._view.keep_in_sight(current)
        self.settle_visible()
        if self._inexact:
            self._timer.start()

    def settle_visible(self) -> None:
        """Make the lines in sight exact, before they are painted."""
        if self._inexact:
            self._settle([row for row in self._view.rows_in(self._view.viewport().rect()) if row in self._inexact])

    def changed(self, first: int, last: int) -> None:
        """Texts of these lines changed."""
        count = len(self._view.annex.lines)
        self._settle([row for row in range(first, last + 1) if row < count])

    def _slice(self) -> None:
        rows: list[int] = []
        while self._inexact and len(rows) < _SLICE and self._next < len(self._view.annex.lines):
            if self._next in self._inexact:
                rows.append(self._next)
            self._next += 1
        if rows:
            self._settle(rows)
        if not self._inexact or self._next >= len(self._view.annex.lines):
            self._timer.stop()

    def _settle(self, rows: list[int]) -> None:
        """Give lines their exact height, without moving what the user looks at."""
        header = self._view.verticalHeader()
        top = self._view.rowAt(0)
        current = self._view.currentIndex()
        seen = current.isValid() and self._view.viewport().rect().intersects(self._view.visualRect(current))
        offset = self._view.rowViewportPosition(top) if top >= 0 else 0
        moved = False
        blocked = header.blockSignals(True)
        for row in rows:
            self._inexact.discard(row)
            height = self._height(row, exact=True)
            if header.sectionSize(row) != height:
                header.resizeSection(row, height)
                moved = True
        header.blockSignals(blocked)
        if moved:
            self._view.geometry_changed(top, offset)
            if seen:
                self._view.keep_in_sight(current)

    def _height(self, row: int, *, exact: bool) -> int:
        view = self._view
        line = view.annex.lines[row]
        if not line.is_row:
            return round(view.bold_texts.line_height) + 2 * PADDING + 3
        shelf = view.texts
        widths = view.text_widths()
        lines = float(_LEAST_LINES)
        for column, key in enumerate(view.annex.keys):
            if key in _SHORT:
                continue
            text = view.annex.cell(row, column).text
            width = widths[column]
            if not text or width <= 0:
                continue
            count = float(
                shelf.wrapped(text, width, self.most_lines).lines if exact else shelf.estimated_lines(text, width)
            )
            if key is ColumnKey.CONTENT:
                count = count / (line.run[1] - line.run[0] + 1)
            lines = max(lines, count)
        if self.most_lines:
            lines = min(lines, self.most_lines)
        return math.ceil(lines * shelf.line_height) + 2 * PADDING
