"""Which rows stand on which page of the annex, and where: fills pages, keeps together, repeats headings; draws nothing.

All lengths are in pt; heights run down from the top of the text block (版心).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import ExportError
from selfassess.export.pdf_measure import PAD_Y, Cell, Grid, Measured
from selfassess.export.rows import RowKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selfassess.export.pdf_text import Line, SetText, Shown

CONTINUED = "（续）"
_LEAST_SPLIT = 6
"""Lines that must fit on the rest of a page before a row taller than a page begins there."""
_MOST_HEADER = 0.4
"""Most of the text block that the table's header may take."""
_MOST_HEADING = 0.25
"""Most of the text block that a repeated category heading may take."""
_ROUNDING = 1e-6


class Row(NamedTuple):
    """A row on a page.

    Attributes:
        top: Upper rule.
        bottom: Lower rule.
        cells: Its texts, without a 考核内容 cell that it shares with neighbours.
        rules: Places of its vertical rules, from the left of the block, outer ones included.
        source: Its number in the annex; -1 for the header.
        joined: Whether the 考核内容 cell goes on in the row below, so that no rule separates them there.
    """

    top: float
    bottom: float
    cells: tuple[Cell, ...]
    rules: tuple[float, ...]
    source: int
    joined: bool = False


class Shared(NamedTuple):
    """A 考核内容 cell over several rows of a page."""

    top: float
    bottom: float
    cell: Cell


class Words(NamedTuple):
    """A text outside the table: its box's left and top, and the text."""

    left: float
    top: float
    text: SetText


class Stroke(NamedTuple):
    """A line outside the table, to write on."""

    left: float
    right: float
    y: float


class Page(Struct):
    """What stands on one page.

    Attributes:
        rows: Rows of the table, header and repeated headings included.
        shared: 考核内容 cells over several rows.
        words: Texts outside the table.
        strokes: Lines outside the table.
    """

    rows: list[Row] = field(default_factory=list[Row])
    shared: list[Shared] = field(default_factory=list[Shared])
    words: list[Words] = field(default_factory=list[Words])
    strokes: list[Stroke] = field(default_factory=list[Stroke])


class Block(Struct, frozen=True, kw_only=True):
    """Texts and lines outside the table that stay together.

    Attributes:
        height: What they need.
        words: Their texts, heights counted from the block's top.
        strokes: Their lines, heights counted likewise.
    """

    height: float
    words: tuple[Words, ...] = ()
    strokes: tuple[Stroke, ...] = ()


class Filler:
    """Fills pages with the rows of an annex.

    Args:
        grid: Columns and measures.
        front: What stands over the table on the first page.
        tail: What stands under the table, block by block; kept with the last row where that is possible.
    """

    def __init__(self, grid: Grid, front: Block, tail: Sequence[Block]) -> None:
        self._grid = grid
        self._front = front
        self._tail = tail
        self._tail_height = sum(block.height for block in tail)
        self._header = grid.header()
        if self._header.height > grid.height * _MOST_HEADER:
            raise ExportError("E415")
        self._done: list[Page] = []
        self._page = Page()
        self._y = 0.0
        self._fresh = True
        self._heading: Measured | None = None
        self._open: tuple[float, Cell] | None = None
        """The shared cell that is being filled: its top, and its text."""

    def pages(self) -> Iterator[Page]:
        """The pages in order, each as soon as it is full."""
        self._begin_first()
        for chain, last in self._chains():
            self._place(chain, last=last)
            yield from self._take_done()
        self._place_tail()
        self._close_shared()
        yield from self._take_done()
        yield self._page

    def _take_done(self) -> Iterator[Page]:
        done, self._done = self._done, []
        yield from done

    # -------------------------------------------------------------------------------------------------------- chains

    def _chains(self) -> Iterator[tuple[list[Measured], bool]]:
        """Rows that stay together: a heading with its first row, the last row with 合计; whether they are last."""
        rows = self._grid.annex.rows
        count = len(rows)
        start = 0
        while start < count:
            end = start + 1
            while end < count and rows[end - 1].kind is RowKind.CATEGORY:
                end += 1
            if end == count - 1 and rows[end].kind is RowKind.TOTAL:
                end = count
            yield [self._grid.row(source) for source in range(start, end)], end == count
            start = end

    def _place(self, chain: list[Measured], *, last: bool) -> None:
        """Put a chain on this page, on the next, or where it fits neither, row by row."""
        tail = self._tail_height if last else 0.0
        here = self._end_after(chain, self._y, self._open)
        on_fresh = self._end_after(chain, self._fresh_top(chain[0]), None)
        limit = self._grid.height + _ROUNDING
        if not self._fresh and here + tail > limit and (on_fresh + tail <= limit or here > limit >= on_fresh):
            self._turn(chain[0])
        elif here > limit:
            if not self._fresh and self._y + chain[0].height + self._least_split(chain[-1]) > limit:
                self._turn(chain[0])
            for measured in chain:
                self._place_alone(measured)
            return
        for measured in chain:
            self._put(measured)

    def _place_alone(self, measured: Measured) -> None:
        limit = self._grid.height + _ROUNDING
        if self._end_after([measured], self._y, self._open) <= limit:
            self._put(measured)
            return
        if self._end_after([measured], self._fresh_top(measured), None) <= limit:
            self._turn(measured)
            self._put(measured)
            return
        self._split(measured)

    def _end_after(self, chain: Sequence[Measured], y: float, shared: tuple[float, Cell] | None) -> float:
        """Where the table would end, were these rows put at ``y`` after an open shared cell."""
        for measured in chain:
            if measured.shared is None or measured.begins or shared is None:
                y = _settled(y, shared)
                shared = None if measured.shared is None else (y, measured.shared)
            y += measured.height
        return _settled(y, shared)

    # --------------------------------------------------------------------------------------------------------- pages

    def _begin_first(self) -> None:
        self._y = 0.0
        self._add_block(self._front)
        first = self._grid.row(0) if self._grid.annex.rows else None
        least = self._header.height + (0.0 if first is None else min(first.height, self._grid.height / 3))
        if self._y + least > self._grid.height:
            self._done.append(self._page)
            self._page = Page()
            self._y = 0.0
        self._put_header()

    def _put_header(self) -> None:
        self._put(self._header)
        self._fresh = True

    def _fresh_top(self, first: Measured) -> float:
        """Where the first row of a fresh page would begin."""
        heading = self._repeated(first)
        return self._header.height + (0.0 if heading is None else heading.height)

    def _repeated(self, first: Measured) -> Measured | None:
        """The heading that a fresh page repeats over its first row."""
        heading = self._heading
        if first.kind is not RowKind.INDICATOR or heading is None:
            return None
        return heading if heading.height <= self._grid.height * _MOST_HEADING else None

    def _turn(self, first: Measured) -> None:
        """Go to the next page, whose first row this will be."""
        self._close_shared()
        self._done.append(self._page)
        self._page = Page()
        self._y = 0.0
        heading = self._repeated(first)
        self._put_header()
        if heading is not None:
            self._put(heading)
            self._fresh = True

    def _put(self, measured: Measured) -> None:
        """Put a row where the table ends; the caller has seen that it fits."""
        goes_on = measured.shared is not None and not measured.begins and self._open is not None
        if goes_on:
            self._page.rows[-1] = self._page.rows[-1]._replace(joined=True)
        else:
            self._close_shared()
            self._open = None if measured.shared is None else (self._y, measured.shared)
        bottom = self._y + measured.height
        cells = tuple(measured.cells.values())
        self._page.rows.append(Row(self._y, bottom, cells, measured.rules, measured.source))
        self._y = bottom
        self._fresh = False
        if measured.kind is RowKind.CATEGORY and measured.source >= 0:
            self._heading = self._continued(measured)

    def _close_shared(self) -> None:
        """End an open shared cell; when its text needs more than its rows, the last of them grows."""
        if self._open is None:
            return
        top, cell = self._open
        bottom = _settled(self._y, self._open)
        self._page.rows[-1] = self._page.rows[-1]._replace(bottom=bottom)
        self._page.shared.append(Shared(top, bottom, cell))
        self._y = bottom
        self._open = None

    def _continued(self, heading: Measured) -> Measured:
        """The heading as the next page repeats it: its title with （续）, without its numbers."""
        if heading is self._heading or heading.row is None or not heading.cells:
            return heading
        first = min(heading.cells)
        last = dict(heading.row.merges).get(first, first)
        text = self._grid.setter(RowKind.CATEGORY, first, last).set(heading.row.texts[first] + CONTINUED)
        cell = heading.cells[first]._replace(text=text)
        least = self._grid.profile.body_size * self._grid.profile.leading + 2 * PAD_Y
        return heading._replace(height=max(least, cell.need), cells={first: cell})

    # --------------------------------------------------------------------------------------------------------- split

    def _split(self, measured: Measured) -> None:
        """Put a row that is taller than a page: each page takes as many lines as fit, nothing is lost."""
        if not self._fresh and self._grid.height - self._y < self._least_split(measured):
            self._turn(measured)
        waiting = {place: _Waiting(self._grid, measured, place) for place in measured.cells}
        begins = measured.begins
        while True:
            room = self._grid.height - _settled(self._y, self._open) - 2 * PAD_Y
            part = {place: wait.take(room) for place, wait in waiting.items()}
            cells = {place: cell for place, cell in part.items() if cell is not None}
            height = max(cell.need for cell in cells.values())
            self._put(measured._replace(cells=cells, height=height, begins=begins))
            begins = False
            if not any(wait.lines for wait in waiting.values()):
                return
            self._turn(measured)

    def _least_split(self, measured: Measured) -> float:
        """The room a row taller than a page needs to begin in."""
        lines = _LEAST_SPLIT * self._grid.profile.body_size * self._grid.profile.leading + 2 * PAD_Y
        return max(lines, 0.0 if measured.shared is None else measured.shared.need)

    # ---------------------------------------------------------------------------------------------------------- tail

    def _place_tail(self) -> None:
        """Put what stands under the table; on pages without a header when there is no room left."""
        self._close_shared()
        for block in self._tail:
            if self._y + block.height > self._grid.height + _ROUNDING and self._y:
                self._done.append(self._page)
                self._page = Page()
                self._y = 0.0
            self._add_block(block)

    def _add_block(self, block: Block) -> None:
        top = self._y
        self._page.words.extend(words._replace(top=top + words.top) for words in block.words)
        self._page.strokes.extend(stroke._replace(y=top + stroke.y) for stroke in block.strokes)
        self._y = top + block.height


class _Waiting:
    """The lines of one cell of a split row that are not on a page yet."""

    def __init__(self, grid: Grid, measured: Measured, place: int) -> None:
        row = measured.row
        assert row is not None  # noqa: S101  # the header is refused when it is too tall, never split
        self._cell = measured.cells[place]
        last = dict(row.merges).get(place, place)
        self._setter = grid.setter(row.kind, place, last)
        self._names = grid.annex.columns[place].key in {ColumnKey.CONTENT, ColumnKey.NAME}
        self._again: SetText | None = None
        text = row.texts[place]
        if self._names and row.kind is RowKind.INDICATOR:
            self._again = self._setter.set(text + CONTINUED)
        self.lines: list[Line]
        self._shown: Shown
        self.lines, self._shown = self._setter.lines(text)
        self._begun = False

    def take(self, room: float) -> Cell | None:
        """The part of the cell that the rest of a page takes; a name that has ended is repeated.

        Args:
            room: Height for lines.
        """
        lead = self._cell.text.lead
        if not self.lines:
            fits = self._again is not None and self._again.height <= room
            return self._cell._replace(text=self._again, at_top=True) if fits and self._again is not None else None
        count = max(1, int((room + _ROUNDING) / lead))
        part, self.lines = self.lines[:count], self.lines[count:]
        whole = not self._begun and not self.lines
        self._begun = True
        return self._cell._replace(text=self._setter.compose(part, self._shown), at_top=not whole)


def _settled(y: float, shared: tuple[float, Cell] | None) -> float:
    """Where the table ends when an open shared cell is ended."""
    return y if shared is None else max(y, shared[0] + shared[1].need)
