"""Where everything of the annex goes on a worksheet: rows, widths, heights, long texts; pure, writes nothing."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import ColumnKey
from selfassess.export.rows import RowKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.export.rows import Annex, AnnexRow

LABEL_ROW = 0
TITLE_ROW = 2
"""The third line, as GB/T 9704 has it."""
HEAD_ROW = 4
HEADING_ROW = 5
FIRST_ROW = 6
"""Sheet rows, counted from 0: 附件1, the title, the line of unit and date, the column headings, the first table row."""

TEXT_BLOCK_PIXELS = 850
"""Width of the table: the 225 mm between the margins of a landscape A4 page, at 96 dpi."""
BODY_SIZE = 9
"""Size of the table's text, in pt."""
LINE_HEIGHT = 12.5
"""Height of one line of it, in pt."""
MOST_HEIGHT = 360.0
"""What a page holds under the heading, in pt (Excel's own limit is 409.5); a taller row covers several sheet rows."""
MOST_UNITS = 32_767
"""UTF-16 code units a cell can hold."""

CONTINUED_PIXELS = 700
"""Width of the texts in the second sheet."""

_CONTINUED_CHARACTERS = 1_200
"""Of a text in the second sheet that fill one of its rows, which must not be taller than a page."""
_HALF_WIDTH_PIXELS = BODY_SIZE / 2 * 96 / 72
_CELL_PADDING_PIXELS = 8
_ROW_PADDING = 6.0
_SLACK = 1.04
"""Words and closing marks that do not fit move to the next line whole, so lines are never quite full."""
_POINTER_UNITS = 40
"""Room kept at the end of a cut text for the words that say where it goes on."""
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF), "\ufffd")
_LINE_ENDS = {13: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}


class Continuation(Struct, frozen=True, kw_only=True):
    """One cell of the second sheet: a piece of a text that is longer than a cell can hold.

    Attributes:
        place: Where the text begins, in words.
        text: The piece.
    """

    place: str
    text: str


class PlannedRow(Struct, frozen=True, kw_only=True):
    """One row of the annex on the sheet.

    Attributes:
        first: Its first sheet row, counted from 0.
        count: How many sheet rows it covers, because one cannot be taller than :data:`MOST_HEIGHT`.
        height: Height of each of them, in pt.
        texts: One text per column, fit for a cell.
    """

    first: int
    count: int
    height: float
    texts: tuple[str, ...]

    @property
    def last(self) -> int:
        """Its last sheet row."""
        return self.first + self.count - 1


class Plan(Struct, frozen=True, kw_only=True):
    """The annex laid out.

    Attributes:
        widths: Width of each column, in pixels.
        rows: One per row of the annex, in its order.
        continuations: What goes on in the second sheet, a row each.
    """

    widths: tuple[int, ...]
    rows: tuple[PlannedRow, ...]
    continuations: tuple[Continuation, ...]

    @property
    def end(self) -> int:
        """The first sheet row under the table."""
        return self.rows[-1].last + 1 if self.rows else FIRST_ROW


def plan(annex: Annex) -> Plan:
    """Lay the annex out.

    Args:
        annex: Its texts.
    """
    widths = _widths(annex)
    continuations: list[Continuation] = []
    texts = [_fitting(annex, row, continuations) for row in annex.rows]
    rows: list[PlannedRow] = []
    first = FIRST_ROW
    content = annex.index(ColumnKey.CONTENT)
    for height, fitting in zip(_heights(annex.rows, texts, widths, content), texts, strict=True):
        count = max(1, math.ceil(height / MOST_HEIGHT))
        rows.append(PlannedRow(first=first, count=count, height=round(height / count, 1), texts=fitting))
        first += count
    return Plan(widths=widths, rows=tuple(rows), continuations=tuple(continuations))


def cleaned(text: str) -> str:
    """A text as a worksheet can hold it: one kind of line end, U+FFFD for what XML has no way to write."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").translate(_LINE_ENDS).translate(_UNPRINTABLE)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def height_of(text: str, pixels: int, *, line_height: float = LINE_HEIGHT) -> float:
    """How tall a wrapped text is, rather too tall than too short.

    Args:
        text: The text.
        pixels: Width of its cell.
        line_height: In pt.

    Returns:
        The height in pt, with padding.
    """
    return _lines(text, _room(pixels)) * line_height + _ROW_PADDING


def _room(pixels: int) -> float:
    """How many half widths a line of a cell has room for."""
    return max(2.0, (pixels - _CELL_PADDING_PIXELS) / _HALF_WIDTH_PIXELS)


def _lines(text: str, room: float) -> int:
    if "\n" in text:
        return sum([_lines(part, room) for part in text.split("\n")])
    # In GB 18030 a character takes as many bytes as its glyph has half widths, or more; counting them is quick.
    units = len(text.encode("gb18030", "replace"))
    return 1 if units <= room else math.ceil(units * _SLACK / room)


def _widths(annex: Annex) -> tuple[int, ...]:
    total = sum(column.width for column in annex.columns)
    return tuple(max(20, round(float(column.width / total) * TEXT_BLOCK_PIXELS)) for column in annex.columns)


def _heights(
    rows: Sequence[AnnexRow], texts: Sequence[Sequence[str]], widths: Sequence[int], content: int | None
) -> list[float]:
    """Height of every row, in pt; a cell that covers several rows must fit into them together."""
    measured = functools.cache(_lines)  # half of a form's texts stand in it several times
    rooms = [_room(pixels) for pixels in widths]
    heights: list[float] = []
    for row, cells in zip(rows, texts, strict=True):
        tallest = 1
        for text, room in zip(*_measured(row, cells, widths, rooms, content), strict=True):
            if 2 * len(text) > room or "\n" in text:
                tallest = max(tallest, measured(text, room))
        heights.append(tallest * LINE_HEIGHT + _ROW_PADDING)
    for at, row in enumerate(rows):
        if content is not None and row.kind is RowKind.INDICATOR and row.content_rows > 1:
            last = at + row.content_rows - 1
            missing = height_of(texts[at][content], widths[content]) - sum(heights[at : last + 1])
            heights[last] += max(0.0, missing)
    return heights


def _measured(
    row: AnnexRow, texts: Sequence[str], widths: Sequence[int], rooms: Sequence[float], content: int | None
) -> tuple[Sequence[str], Sequence[float]]:
    """The texts of a row and the room they have; of a cell that covers several rows no text."""
    if row.kind is RowKind.INDICATOR and row.content_rows != 1 and content is not None:
        texts = (*texts[:content], "", *texts[content + 1 :])
    if not row.merges:
        return texts, rooms
    ends = dict(row.merges)
    starts: list[int] = []
    at = 0
    while at < len(widths):
        starts.append(at)
        at = ends.get(at, at) + 1
    return [texts[at] for at in starts], [_room(sum(widths[at : ends.get(at, at) + 1])) for at in starts]


def _fitting(annex: Annex, row: AnnexRow, continuations: list[Continuation]) -> tuple[str, ...]:
    """The row's texts, cut where a cell could not hold them; nothing is lost, the rest goes to the second sheet."""
    texts = row.texts if "".join(row.texts).isprintable() else tuple(map(cleaned, row.texts))
    if max(map(len, texts)) <= MOST_UNITS // 2:
        return texts
    for at, text in enumerate(texts):
        if len(text) > MOST_UNITS // 2 and _units(text) > MOST_UNITS:
            place = f"{row.code or '合计'} {annex.columns[at].title}".strip()
            head = _head(text)
            # The heading of the second sheet is its first row.
            pointer = f"……（续见“续文”工作表第{len(continuations) + 2}行）"
            texts = (*texts[:at], head + pointer, *texts[at + 1 :])
            for start in range(len(head), len(text), _CONTINUED_CHARACTERS):
                piece = text[start : start + _CONTINUED_CHARACTERS]
                continuations.append(Continuation(place=place, text=piece))
    return texts


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str) -> str:
    """As much of a text as a cell can hold besides the pointer to the rest; no character is cut in two."""
    room = (MOST_UNITS - _POINTER_UNITS) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore")
