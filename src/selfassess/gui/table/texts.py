"""Wraps and keeps the texts of cells; knows fonts and widths, nothing of forms."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTextLayout, QTextOption

_MOST_LETTERS = 100_000
"""Letters kept wrapped in one generation of texts, a few MB; the form of 2022 has 10 000. A remark that is typed for an
hour would otherwise leave a thousand versions of itself behind."""
_MOST_ESTIMATES = 50_000
"""Estimated texts kept at once."""


_Key = tuple[str, int, int, bool]


class Wrapped(NamedTuple):
    """A text broken into lines.

    Attributes:
        ink: Ready to be drawn.
        height: In pixels.
        lines: Number of lines drawn.
        cut: Whether lines were left out; the last one then ends with an ellipsis.
    """

    ink: QStaticText
    height: float
    lines: int
    cut: bool


class TextShelf:
    """Wraps each text once per width, and draws it from then on for next to nothing.

    Args:
        font: The font of all texts.
    """

    def __init__(self, font: QFont) -> None:
        # Two generations: what is in neither was not drawn for a whole generation.
        self._kept: dict[_Key, Wrapped] = {}
        self._older: dict[_Key, Wrapped] = {}
        self._letters = 0
        self._estimated: dict[tuple[str, int], int] = {}
        self.set_font(font)

    def __len__(self) -> int:
        """How many texts are kept wrapped."""
        return len(self._kept) + len(self._older)

    def set_font(self, font: QFont) -> None:
        """Use another font; everything is wrapped anew when next asked for."""
        self.font = QFont(font)
        metrics = QFontMetricsF(self.font)
        self.line_height = metrics.lineSpacing()
        self.em = metrics.horizontalAdvance("国")
        self._older, self._letters = {}, 0
        self._kept.clear()
        self._estimated.clear()

    def wrapped(self, text: str, width: int, most_lines: int = 0, *, centred: bool = False) -> Wrapped:
        """A text broken to a width.

        Args:
            text: May hold line breaks.
            width: In pixels.
            most_lines: Lines after which it is cut with an ellipsis; 0: never.
            centred: Whether each line stands in the middle.
        """
        whole = self._fetch(text, width, 0, centred=centred)
        if not most_lines or whole.lines <= most_lines:
            return whole
        return self._fetch(text, width, most_lines, centred=centred)

    def _fetch(self, text: str, width: int, most_lines: int, *, centred: bool) -> Wrapped:
        key = (text, width, most_lines, centred)
        known = self._kept.get(key)
        if known is None:
            if self._letters >= _MOST_LETTERS:
                self._older, self._kept, self._letters = self._kept, {}, 0
            self._letters += len(text)
            known = self._older.get(key) or self._wrap(text, width, most_lines, centred=centred)
            self._kept[key] = known
        return known

    def estimated_lines(self, text: str, width: int) -> int:
        """About how many lines a text takes, without laying it out: Chinese fills its square, other letters half."""
        known = self._estimated.get((text, width))
        if known is None:
            if len(self._estimated) >= _MOST_ESTIMATES:
                self._estimated.clear()
            per_line = max(1.0, width / self.em)
            known = sum(math.ceil(_squares(part) / per_line) or 1 for part in text.split("\n"))
            self._estimated[text, width] = known
        return known

    def _wrap(self, text: str, width: int, most_lines: int, *, centred: bool) -> Wrapped:
        lines, cut = self._lines(text, width, most_lines)
        ink = QStaticText("\u2028".join(lines))
        ink.setTextFormat(Qt.TextFormat.PlainText)
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        ink.setTextOption(option)
        ink.setTextWidth(width)
        ink.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        ink.prepare(font=self.font)
        return Wrapped(ink, len(lines) * self.line_height, len(lines), cut)

    def _lines(self, text: str, width: int, most_lines: int) -> tuple[list[str], bool]:
        lines: list[str] = []
        for part in text.split("\n"):
            for line in self._broken(part, width):
                if most_lines and len(lines) == most_lines:
                    lines[-1] = self._with_ellipsis(lines[-1], width)
                    return lines, True
                lines.append(line)
        return lines, False

    def _broken(self, part: str, width: int) -> list[str]:
        """One paragraph broken by Qt, which knows where Chinese lines must not begin."""
        if not part:
            return [""]
        layout = QTextLayout(part, self.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        spans: list[tuple[int, int]] = []
        line = layout.createLine()
        while line.isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, 0))
            spans.append((line.textStart(), line.textLength()))
            line = layout.createLine()
        layout.endLayout()
        # Qt counts UTF-16 units; rare characters take two of them.
        units = part.encode("utf-16-le")
        return [units[2 * start : 2 * (start + length)].decode("utf-16-le").rstrip() for start, length in spans]

    def _with_ellipsis(self, line: str, width: int) -> str:
        metrics = QFontMetricsF(self.font)
        while line and metrics.horizontalAdvance(line + "…") > width:
            line = line[:-1]
        return line + "…"


def _squares(text: str) -> float:
    wide = sum(1 for letter in text if letter > "\u2e80")
    return wide + (len(text) - wide) * 0.55
