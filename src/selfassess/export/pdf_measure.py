"""The columns of the annex in pt and the measure of each row; knows styles and setters, nothing of pages.

All lengths are in pt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec.structs import replace

from selfassess.domain.catalogue import ColumnKey
from selfassess.export.fonts import Role
from selfassess.export.pdf_text import Align, Setter, SetText, Style
from selfassess.export.profile import POINTS_PER_MM
from selfassess.export.rows import CENTRED_COLUMNS, NUMBER_COLUMNS, Annex, AnnexRow, RowKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.export.profile import PrintProfile

PAD_X = 2.8
"""Between a vertical rule and the text."""
PAD_Y = 2.8
"""Between a horizontal rule and the text."""
_MOST_SHARED = 0.5
"""Most of a page's height that a cell over several rows may need; a taller one belongs to its first row alone."""


_UNBROKEN = 100_000.0
_LEAST_SIZE = 4.5
"""Smallest type that is still read on paper."""


class SetterOf(Protocol):
    """Gives the setter of a role, a style and a width; the same one every time."""

    def __call__(self, role: Role, style: Style, width: float) -> Setter:
        """The setter; the width is in pt."""
        ...


class Cell(NamedTuple):
    """A text in its box.

    Attributes:
        left: Left rule, from the left of the text block.
        width: Between its rules.
        text: The set text.
        at_top: Whether the text stands at the top of its box, and not in the middle.
    """

    left: float
    width: float
    text: SetText
    at_top: bool = False

    @property
    def need(self) -> float:
        """The height that holds the text with its padding."""
        return self.text.height + 2 * PAD_Y


class Measured(NamedTuple):
    """A row of the annex, measured.

    Attributes:
        source: Its number in the annex; -1 for the header.
        row: The row; None for the header.
        height: What its own cells need.
        cells: Its set texts by column; covered columns and empty texts are missing.
        shared: The 考核内容 cell that it shares with neighbours; None when it shares none.
        begins: Whether the shared cell begins with this row.
        rules: Places of its vertical rules, outer ones included.
    """

    source: int
    row: AnnexRow | None
    height: float
    cells: dict[int, Cell]
    shared: Cell | None
    begins: bool
    rules: tuple[float, ...]

    @property
    def kind(self) -> RowKind | None:
        """What the row is; None for the header."""
        return None if self.row is None else self.row.kind


class Grid:
    """The columns of an annex, and the measure of its rows.

    Args:
        annex: The annex.
        profile: Margins and sizes.
        setter_of: Where setters come from.
    """

    def __init__(self, annex: Annex, profile: PrintProfile, setter_of: SetterOf) -> None:
        self.annex = annex
        self.profile = profile
        self.width, self.height = (side * POINTS_PER_MM for side in profile.block)
        self.edges = _edges(annex, self.width, max(profile.body_size, profile.header_size))
        self._setter_of = setter_of
        self._setters: dict[tuple[RowKind | None, int, int], Setter] = {}
        self._content = annex.index(ColumnKey.CONTENT)
        self._shared: Cell | None = None

    def header(self) -> Measured:
        """The table's header."""
        cells = {
            place: self._cell(None, place, place, column.title)
            for place, column in enumerate(self.annex.columns)
            if column.title
        }
        return self._measured(-1, None, cells, ())

    def row(self, source: int) -> Measured:
        """A row of the annex; rows are measured in printed order.

        Args:
            source: Its number, from 0.
        """
        row = self.annex.rows[source]
        lasts = dict(row.merges)
        hidden = {place for first, last in row.merges for place in range(first + 1, last + 1)}
        cells = {
            place: self._cell(row.kind, place, lasts.get(place, place), text)
            for place, text in enumerate(row.texts)
            if text and place not in hidden
        }
        self._share(row, cells)
        return self._measured(source, row, cells, row.merges)

    def setter(self, kind: RowKind | None, first: int, last: int) -> Setter:
        """The setter of the cell from column ``first`` to ``last`` in rows of a kind; None: the header."""
        setter = self._setters.get((kind, first, last))
        if setter is None:
            role, align = _look(kind, self.annex.columns[first].key)
            size = self.profile.header_size if kind is None else self.profile.body_size
            style = Style(size=size, leading=self.profile.leading, align=align)
            width = self.edges[last + 1] - self.edges[first] - 2 * PAD_X
            setter = self._setters[kind, first, last] = self._setter_of(role, style, width)
        return setter

    def _cell(self, kind: RowKind | None, first: int, last: int, text: str) -> Cell:
        left = self.edges[first]
        setter = self.setter(kind, first, last)
        found = setter.set(text)
        if found.lines > 1 and self.annex.columns[first].key in NUMBER_COLUMNS and _is_number(text):
            found = self._smaller(setter, text)
        return Cell(left, self.edges[last + 1] - left, found)

    def _smaller(self, setter: Setter, text: str) -> SetText:
        """A number on one line: a number in two pieces is misread, a smaller one is not."""
        natural = self._setter_of(setter.role, setter.style, _UNBROKEN).set(text).width
        size = max(_LEAST_SIZE, int(20 * setter.style.size * setter.width / natural) / 20)
        return self._setter_of(setter.role, replace(setter.style, size=size), setter.width).set(text)

    def _share(self, row: AnnexRow, cells: dict[int, Cell]) -> None:
        """Take a 考核内容 cell over several rows out of the row's own cells."""
        if row.content_rows == 0:
            if self._content is not None:
                cells.pop(self._content, None)
            return
        self._shared = None
        if self._content is None or row.content_rows == 1:
            return
        cell = cells.get(self._content)
        if cell is not None and cell.need <= self.height * _MOST_SHARED:
            self._shared = cells.pop(self._content)

    def _measured(
        self, source: int, row: AnnexRow | None, cells: dict[int, Cell], merges: Sequence[tuple[int, int]]
    ) -> Measured:
        inside = {place for first, last in merges for place in range(first + 1, last + 1)}
        least = self.profile.body_size * self.profile.leading + 2 * PAD_Y
        return Measured(
            source=source,
            row=row,
            height=max([least, *(cell.need for cell in cells.values())]),
            cells=cells,
            shared=None if row is None else self._shared,
            begins=row is not None and row.content_rows > 1,
            rules=tuple(edge for place, edge in enumerate(self.edges) if place not in inside),
        )


def _is_number(text: str) -> bool:
    """Whether a cell of a number column holds a number, not words."""
    return text.isascii() and "\n" not in text


def _look(kind: RowKind | None, column: ColumnKey) -> tuple[Role, Align]:
    """Typeface and place of a cell's text: headings and sums stand out, numbers stand in the middle."""
    if kind is None:
        return Role.HEADING, Align.CENTRE
    number = column in NUMBER_COLUMNS
    if kind is RowKind.CATEGORY:
        return Role.HEADING, Align.CENTRE if number else Align.LEFT
    if kind is RowKind.TOTAL:
        label = column in {ColumnKey.CONTENT, ColumnKey.NAME}
        return (Role.HEADING, Align.CENTRE) if number or label else (Role.BODY, Align.LEFT)
    return Role.BODY, Align.CENTRE if column in CENTRED_COLUMNS else Align.LEFT


def _edges(annex: Annex, width: float, size: float) -> list[float]:
    """Vertical rules from 0 to ``width``, as the relative widths say, but no column too narrow for a character."""
    relative = [float(column.width) for column in annex.columns]
    # As wide as one and a half characters; with so many columns that this is not to be had, all are equal.
    least = min(1.5 * size + 2 * PAD_X, width / len(relative))
    whole = sum(relative)
    widths = [width * share / whole for share in relative]
    short = sum(least - each for each in widths if each < least)
    spare = sum(each - least for each in widths if each > least)
    widths = [least if each <= least else each - short * (each - least) / spare for each in widths]
    edges = [0.0]
    for each in widths[:-1]:
        edges.append(edges[-1] + each)
    return [*edges, width]
