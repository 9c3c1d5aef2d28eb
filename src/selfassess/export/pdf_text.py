"""Texts set into lines as PDF text operators, remembered from export to export; knows faces, no pages and no rows."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from selfassess.export.characters import printable
from selfassess.export.fonts import NEAR_CODES, is_shaped
from selfassess.export.linebreak import balanced_lines, break_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selfassess.export.fonts import Face, Role, Typeface

MIDDLE = 0.38
"""Height of the middle of a Chinese character over the baseline, as a share of the size."""
TALL_LEADING = 1.3
"""How much farther baselines stand apart in a text with stacked letters."""
_SHAPED = re.compile("[\u0f00-\u0fff]")
# A syllable with the marks that end it: 0F0B tsheg, 0F0D–0F14 shads. A blank between two shads belongs to them.
_SYLLABLE = re.compile("[\u0f00-\u0fff]+?(?:[\u0f0b-\u0f14]+|(?=[^\u0f00-\u0fff]|$))|[^\u0f00-\u0fff]")
_STACK = re.compile(
    "[\u0f00-\u0fff][\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u0fc6]*"
)
_MOST_SPREAD = 0.07
"""Most that the gap of two characters is widened to make a line full, as a share of the size; more would look torn,
and beyond 0.1 readers take a gap for a blank."""


class Align(StrEnum):
    """Where lines stand in their width."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Style(Struct, frozen=True, kw_only=True):
    """How a text is set.

    Attributes:
        size: Type size, in pt.
        leading: Distance of baselines, as a multiple of the size.
        align: Where lines stand.
        stroke: Width of an outline that makes the type stronger, in pt; 0 for none.
    """

    size: float
    leading: float
    align: Align = Align.LEFT
    stroke: float = 0


class Line(NamedTuple):
    """One set line.

    Attributes:
        indent: Where it begins, in pt from the left of the width.
        width: How long it is, in pt.
        operators: Shows the text, the pen being at its beginning.
    """

    indent: float
    width: float
    operators: bytes


class SetText(NamedTuple):
    """A text set into a width.

    Attributes:
        lines: Number of lines.
        lead: Distance of baselines, in pt.
        first: From the top of the first line to its baseline, in pt.
        width: Length of the longest line, in pt.
        operators: Shows all lines, the pen being at the left of the width on the first baseline.
        uses: Characters by face, for embedding.
        shaped: Codes of shaped glyphs with the text they stand for, by face.
    """

    lines: int
    lead: float
    first: float
    width: float
    operators: bytes
    uses: tuple[tuple[Face, str], ...]
    shaped: tuple[tuple[Face, int, str], ...]

    @property
    def height(self) -> float:
        """Height of all lines, in pt."""
        return self.lines * self.lead


class Usage:
    """Which characters and shaped glyphs an export shows, by face."""

    def __init__(self) -> None:
        self.characters: dict[Face, set[str]] = {}
        self.shaped: dict[Face, dict[int, str]] = {}

    def add(self, text: SetText) -> None:
        """Note what a set text shows."""
        for face, characters in text.uses:
            known = self.characters.get(face)
            if known is None:
                known = self.characters[face] = set()
            known.update(characters)
        for face, code, meaning in text.shaped:
            meanings = self.shaped.setdefault(face, {})
            meanings[code] = min(meaning, meanings.get(code, meaning), key=lambda text: (len(text), text))


class Setter:
    """Sets texts of one style into one width and remembers them.

    Attributes:
        role: What the typeface is for.
        style: How it looks.
        width: Width of the lines, in pt.

    Args:
        typeface: Its characters.
        role: What it is for.
        style: How it looks.
        width: Width of the lines, in pt.
    """

    def __init__(self, typeface: Typeface, role: Role, style: Style, width: float) -> None:
        self.role = role
        self.style = style
        self.width = width
        self._typeface = typeface
        self._available = int(width / style.size * 1000 + 0.5)
        self._known: dict[str, SetText] = {}
        self._earlier: dict[str, SetText] = {}

    def turn(self) -> bool:
        """Begin another export; what the last one did not show is forgotten.

        Returns:
            Whether the last export showed anything.
        """
        self._earlier, self._known = self._known, {}
        return bool(self._earlier)

    def set(self, text: str) -> SetText:
        """The text set into lines; a text of an earlier export as it was set then.

        Args:
            text: As entered; line feeds begin new lines.
        """
        found = self._known.get(text)
        if found is None:
            found = self._earlier.get(text)
            if found is None:
                found = self.compose(*self.lines(text))
            self._known[text] = found
        return found

    def lines(self, text: str) -> tuple[list[Line], Shown]:
        """The lines of a text, and what they show."""
        shown = Shown()
        shown.stacked = _SHAPED.search(text) is not None
        lines = [line for paragraph in printable(text).split("\n") for line in self._paragraph(paragraph, shown)]
        return lines, shown

    def compose(self, lines: Sequence[Line], shown: Shown) -> SetText:
        """Lines as one block of operators."""
        style = self.style
        lead = style.size * style.leading * (TALL_LEADING if shown.stacked else 1)
        parts = [f"/{self._typeface.first.resource} {style.size:g} Tf ".encode()]
        if style.stroke:
            parts.append(f"2 Tr {style.stroke:g} w ".encode())
        indent = 0.0
        for number, line in enumerate(lines):
            if number or line.indent:
                parts.append(b"%.2f %.2f Td " % (line.indent - indent, -lead if number else 0))
            indent = line.indent
            parts.append(line.operators)
        if style.stroke:
            parts.append(b"0 Tr ")
        return SetText(
            lines=len(lines),
            lead=lead,
            first=lead / 2 + MIDDLE * style.size,
            width=max(line.width for line in lines),
            operators=b"".join(parts),
            uses=tuple((face, "".join(sorted(characters))) for face, characters in shown.characters.items()),
            shaped=tuple(shown.shaped),
        )

    def _paragraph(self, text: str, shown: Shown) -> Iterator[Line]:
        tokens = _tokens(text, self._typeface, self._available) if shown.stacked else text
        widths = self._typeface.widths
        fill = balanced_lines if self.style.align is Align.CENTRE else break_lines
        ranges = fill(tokens, widths, self._available)
        plain = isinstance(tokens, str) and self._typeface.far.isdisjoint(tokens)
        if plain and tokens:
            shown.characters.setdefault(self._typeface.first, set()).update(tokens)
        last = ranges[-1][1]
        for start, end in ranges:
            piece = tokens[start:end]
            width = sum(map(widths.__getitem__, piece))
            operators = _show_plain(piece) if isinstance(piece, str) and plain else self._show_mixed(piece, shown)
            yield self._line(operators, width, len(piece), spread=end != last and not shown.stacked)

    def _line(self, operators: bytes, width: int, count: int, *, spread: bool) -> Line:
        style = self.style
        long = width * style.size / 1000
        if style.align is not Align.LEFT:
            slack = max(0.0, self.width - long)
            return Line(slack if style.align is Align.RIGHT else slack / 2, long, operators)
        if spread and count > 1:
            # A character short, because a mark was not to begin the next line: spread over the line, unless too much.
            gap = (self._available // 1000 * 1000 - width) / (count - 1) * style.size / 1000
            if 0 < gap <= _MOST_SPREAD * style.size:
                return Line(0.0, long + gap * (count - 1), b"%.3f Tc %b0 Tc " % (gap, operators))
        return Line(0.0, long, operators)

    def _show_mixed(self, tokens: Sequence[str], shown: Shown) -> bytes:
        """Operators of tokens from several faces; the first face is in force before and after."""
        first = self._typeface.first
        current = first
        parts: list[bytes] = []
        run: list[int] = []

        def flush() -> None:
            if run:
                parts.append(b"<%b>Tj " % "".join(f"{code:04X}" for code in run).encode())
                run.clear()

        for token in tokens:
            face = self._typeface.face(token[0])
            if face is None:
                raise LookupError(f"no face has {token!r}")  # a bug: the caller looks for missing characters first
            if face is not current:
                flush()
                parts.append(self._select(face))
                current = face
            if is_shaped(token[0]):
                flush()
                parts.append(_show_shaped(token, face, self.style.size, shown))
            else:
                run.append(face.code(token))
                shown.characters.setdefault(face, set()).add(token)
        flush()
        if current is not first:
            parts.append(self._select(first))
        return b"".join(parts)

    def _select(self, face: Face) -> bytes:
        return f"/{face.resource} {self.style.size:g} Tf ".encode()


class Shown:
    """What a text shows, while it is being set."""

    def __init__(self) -> None:
        self.characters: dict[Face, set[str]] = {}
        self.shaped: list[tuple[Face, int, str]] = []
        self.stacked = False


def _tokens(text: str, typeface: Typeface, available: int) -> list[str]:
    """Syllables of shaped scripts as wholes, other characters alone; a syllable wider than a line in its stacks."""
    tokens: list[str] = []
    for token in _SYLLABLE.findall(text):
        if len(token) > 1 and typeface.widths[token] > available:
            tokens.extend(_STACK.findall(token))
        else:
            tokens.append(token)
    return tokens


def _show_plain(text: str) -> bytes:
    """Characters of the first face, all of the basic plane: code points, but for the commonest."""
    return b"<%b>Tj " % text.translate(NEAR_CODES).encode("utf-16-be").hex().encode() if text else b""


def _show_shaped(token: str, face: Face, size: float, shown: Shown) -> bytes:
    """A shaped run, marked with the text it stands for, because its glyphs are neither in order nor one a letter."""
    parts = [b"/Span<</ActualText<FEFF%b>>>BDC " % token.encode("utf-16-be").hex().encode()]
    rise = 0
    glyphs = face.shape(token)
    for glyph in glyphs:
        if glyph.dy != rise:
            rise = glyph.dy
            parts.append(b"%.2f Ts " % (rise * size / 1000))
        natural = face.advance(face.glyph_of(glyph.code))
        # A positive number in TJ moves the pen back.
        after = natural - glyph.advance + glyph.dx
        parts.append(b"[%d<%04X>%d]TJ " % (-glyph.dx, glyph.code, after))
        shown.shaped.append((face, glyph.code, glyph.meaning))
    if rise:
        parts.append(b"0 Ts ")
    parts.append(b"EMC ")
    return b"".join(parts)
