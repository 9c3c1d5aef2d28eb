"""Which lines the table shows, and which neighbouring 考核内容 cells are one; pure, knows no texts and no results."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Container

    from selfassess.domain.catalogue import Catalogue


class LineKind(StrEnum):
    """What a line of the table is."""

    HEADING = "heading"
    """A category with its full points and subtotal."""
    ROW = "row"
    """An indicator."""


class Line(Struct, frozen=True, kw_only=True):
    """One line of the table.

    Attributes:
        kind: Heading or row.
        category: Code of the category, such as 二.
        place: The category's code for a heading, the row's code for a row: what findings call a place.
        run: First and last line, inclusive, of the merged 考核内容 cell this line belongs to.
    """

    kind: LineKind
    category: str
    place: str
    run: tuple[int, int]

    @property
    def is_row(self) -> bool:
        """Whether something can be entered on this line."""
        return self.kind is LineKind.ROW


def lines_of(catalogue: Catalogue, shown: Container[str] | None = None) -> tuple[Line, ...]:
    """The lines of a form in printed order.

    Args:
        catalogue: The rules.
        shown: Codes of the rows to show; None shows all. A category of which no row is shown has no heading either.

    Returns:
        Headings and rows, with equal neighbours of 考核内容 merged within their category.
    """
    lines: list[Line] = []
    for category in catalogue.categories:
        indicators = [item for item in category.indicators if shown is None or item.code in shown]
        if not indicators and shown is not None:
            continue
        at = len(lines)
        lines.append(Line(kind=LineKind.HEADING, category=category.code, place=category.code, run=(at, at)))
        runs = _runs([item.content for item in indicators], at + 1)
        lines.extend(
            Line(kind=LineKind.ROW, category=category.code, place=item.code, run=run)
            for item, run in zip(indicators, runs, strict=True)
        )
    return tuple(lines)


def _runs(contents: list[str], start: int) -> list[tuple[int, int]]:
    """The merged cell of each row: equal neighbours share one, empty ones stand alone."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(contents):
        end = at
        while contents[at].strip() and end + 1 < len(contents) and contents[end + 1] == contents[at]:
            end += 1
        runs.extend([(start + at, start + end)] * (end - at + 1))
        at = end + 1
    return runs
