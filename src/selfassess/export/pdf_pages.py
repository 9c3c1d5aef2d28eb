"""Pages as PDF content: rules, texts, page number and footer; knows geometry and operators, no rows and no PDF objects.

All lengths are in pt; the origin of a page is its lower left corner, that of a body the top left of the text block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.export.fonts import Role
from selfassess.export.pdf_measure import PAD_X
from selfassess.export.pdf_text import Align, Style
from selfassess.export.profile import PAPER, POINTS_PER_MM, PageNumbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selfassess.export.pdf_layout import Page, Row
    from selfassess.export.pdf_measure import SetterOf
    from selfassess.export.pdf_text import SetText, Usage
    from selfassess.export.profile import PrintProfile
    from selfassess.export.rows import Footer

WIDTH, HEIGHT = (side * POINTS_PER_MM for side in PAPER)
_INNER_RULE = 0.5
_OUTER_RULE = 0.75
_NUMBER_SIZE = 14.0
"""4号. Source: GB/T 9704-2012 §7.5."""
_NUMBER_DISTANCE = 7 * POINTS_PER_MM
"""From the text block to the dashes of the page number. Source: GB/T 9704-2012 §7.5."""
_DASH = 0.27
"""Height of a dash over the baseline, as a share of the size."""
_FOOT_SIZE = 7.0
_FOOT_CHARACTERS = "0123456789ABCDEF-—"
_FOOT_LEAST = 5.0
_FOOT_GAP = 12.0
_FOOT_DISTANCE = 4 * POINTS_PER_MM
"""From the text block to the small footer."""


def body(page: Page, usage: Usage) -> bytes:
    """The content of a page's text block.

    Args:
        page: What stands where.
        usage: Takes note of the characters shown.
    """
    parts = [b"".join(_rules(page))]
    parts.append(b"BT ")
    for text, left, top in _texts(page):
        parts.append(b"1 0 0 1 %.2f %.2f Tm %b" % (left, -top - text.first, text.operators))
        usage.add(text)
    parts.append(b"ET")
    return b"".join(parts)


def _texts(page: Page) -> Iterator[tuple[SetText, float, float]]:
    """Every text with the left and the top of its lines, in reading order."""
    yield from ((words.text, words.left, words.top) for words in page.words if words.top < _first_top(page))
    shared = iter(page.shared)
    waiting = next(shared, None)
    for row in page.rows:
        if waiting is not None and waiting.top <= row.top:
            cell = waiting.cell
            yield cell.text, cell.left + PAD_X, (waiting.top + waiting.bottom - cell.text.height) / 2
            waiting = next(shared, None)
        for cell in row.cells:
            spare = row.bottom - row.top - cell.text.height
            yield cell.text, cell.left + PAD_X, row.top + (min(spare / 2, 2.8) if cell.at_top else spare / 2)
    yield from ((words.text, words.left, words.top) for words in page.words if words.top >= _first_top(page))


def _first_top(page: Page) -> float:
    return page.rows[0].top if page.rows else 0.0


def _rules(page: Page) -> Iterator[bytes]:
    """Horizontal and vertical rules, then the frame, then lines to write on."""
    rows = page.rows
    if rows:
        yield b"%g w " % _INNER_RULE
        for row in rows[:-1]:
            for left, right in _under(row, page):
                yield b"%.2f %.2f m %.2f %.2f l " % (left, -row.bottom, right, -row.bottom)
        yield from _verticals(rows)
        yield b"S %g w " % _OUTER_RULE
        left, right = rows[0].rules[0], rows[0].rules[-1]
        top, bottom = rows[0].top, rows[-1].bottom
        yield b"%.2f %.2f %.2f %.2f re S " % (left, -bottom, right - left, bottom - top)
    for stroke in page.strokes:
        yield b"%g w %.2f %.2f m %.2f %.2f l S " % (_INNER_RULE, stroke.left, -stroke.y, stroke.right, -stroke.y)


def _under(row: Row, page: Page) -> Iterable[tuple[float, float]]:
    """The rule under a row, in one piece or left and right of the 考核内容 cell that goes on below."""
    left, right = row.rules[0], row.rules[-1]
    if not row.joined:
        return [(left, right)]
    cell = next(shared.cell for shared in page.shared if shared.top <= row.top < shared.bottom)
    pieces = [(left, cell.left), (cell.left + cell.width, right)]
    return [(start, end) for start, end in pieces if end - start > 0.01]


def _verticals(rows: list[Row]) -> Iterator[bytes]:
    """Inner vertical rules; rows with the same columns share one stroke."""
    start = 0
    for end in range(1, len(rows) + 1):
        if end < len(rows) and rows[end].rules == rows[start].rules:
            continue
        top, bottom = rows[start].top, rows[end - 1].bottom
        for place in rows[start].rules[1:-1]:
            yield b"%.2f %.2f m %.2f %.2f l " % (place, -top, place, -bottom)
        start = end


class Furniture:
    """What every page carries around its text block: where it stands, page number, footer.

    Args:
        profile: Margins and the kind of page numbers.
        footer: What the small line says.
        setter_of: Where setters come from.
        usage: Takes note of the characters shown.
    """

    def __init__(self, profile: PrintProfile, footer: Footer, setter_of: SetterOf, usage: Usage) -> None:
        self._profile = profile
        self._footer = footer
        self._setter_of = setter_of
        self._usage = usage
        self._width, self._height = (side * POINTS_PER_MM for side in profile.block)
        # All that check codes and numbers are written with: another one must not mean another font to cut and pack.
        self._set(_FOOT_CHARACTERS, _FOOT_SIZE)

    def corner(self, number: int) -> tuple[float, float]:
        """The top left of the text block, in pt.

        Args:
            number: The page's printed number, which decides on which side it is bound.
        """
        return self._profile.left * POINTS_PER_MM, HEIGHT - self._profile.top(number) * POINTS_PER_MM

    def content(self, number: int, place: int, count: int) -> bytes:
        """Page number and footer.

        Args:
            number: The page's printed number.
            place: Its place in the file, from 1.
            count: Pages of the file.
        """
        parts = [b"BT ", *self._small(number, place, count)]
        if self._profile.page_numbers is PageNumbers.GBT9704:
            parts.append(self._turned_number(number))
        elif self._profile.page_numbers is PageNumbers.FOOT:
            parts.append(self._foot_number(number))
        parts.append(b"ET")
        return b"".join(parts)

    def _set(self, text: str, size: float, width: float = 100_000, align: Align = Align.LEFT) -> SetText:
        found = self._setter_of(Role.BODY, Style(size=size, leading=1.35, align=align), width).set(text)
        self._usage.add(found)
        return found

    def _small(self, number: int, place: int, count: int) -> Iterator[bytes]:
        """Unit, year and edition at the left, page and check code at the right; a long name becomes smaller."""
        footer = self._footer
        left, top = self.corner(number)
        base = top - self._height - _FOOT_DISTANCE - _FOOT_SIZE
        right_text = self._set(f"第{place}页 共{count}页　校验码 {footer.check_code}", _FOOT_SIZE)
        left_text = self._identity(self._width - right_text.width - _FOOT_GAP)
        for line, text in ((left, left_text), (left + self._width - right_text.width, right_text)):
            yield b"1 0 0 1 %.2f %.2f Tm %b" % (line, base, text.operators)

    def _identity(self, room: float) -> SetText:
        """Unit, year and edition; a long name is set smaller, a very long one cut: it stands whole over the table."""
        footer = self._footer
        rest = f"{footer.year}年度　{footer.catalogue}"
        unit = " ".join(footer.unit.split())
        size = _FOOT_SIZE
        while True:
            text = self._set(f"{unit}　{rest}" if unit else rest, size)
            if text.width <= room or not unit:
                return text
            if size > _FOOT_LEAST:
                size = max(_FOOT_LEAST, size * room / text.width)
            else:
                kept = int(len(unit) * room / text.width) - 2
                unit = unit[: min(kept, len(unit) - 2)] + "…" if kept > 0 else ""

    def _turned_number(self, number: int) -> bytes:
        """Along the left edge, read with the sheet upright: one character in from its right on odd pages, left on even.

        Source: GB/T 9704-2012 §7.5 and §7.7; the upright sheet's foot is the left edge here, its right edge the foot.
        """
        text = self._set(f"— {number} —", _NUMBER_SIZE)
        left, top = self.corner(number)
        baseline = left - _NUMBER_DISTANCE - _DASH * _NUMBER_SIZE
        start = top - self._height + _NUMBER_SIZE + text.width if number % 2 else top - _NUMBER_SIZE
        # Turned clockwise: the text runs down the page, its top faces the table.
        return b"0 -1 1 0 %.2f %.2f Tm %b" % (baseline, start, text.operators)

    def _foot_number(self, number: int) -> bytes:
        text = self._set(f"— {number} —", _NUMBER_SIZE)
        left, top = self.corner(number)
        place = left + (self._width - text.width) / 2
        base = top - self._height - _NUMBER_DISTANCE - _NUMBER_SIZE
        return b"1 0 0 1 %.2f %.2f Tm %b" % (place, base - 4, text.operators)
