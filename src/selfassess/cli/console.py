"""Text on a terminal: aligned tables, JSON, an encoding that never fails; knows nothing of forms."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from selfassess.scoring.numbers import show

GAP = "  "
"""Between two columns."""
_HIDDEN = {*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_SHOWN = dict.fromkeys(_HIDDEN, 0xFFFD)
"""What a terminal would obey, or what turns letters round, becomes visible."""
_ESCAPED = {code: f"\\u{code:04x}" for code in _HIDDEN}
"""The same in JSON, where no such character stands outside a text."""


def make_output_safe() -> None:
    """Write UTF-8 whatever the locale says, so that no Chinese text can stop a command half-way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def say(what: object, *, end: str = "\n") -> None:
    """Print a text, in which names of files and a stranger's words may hold anything."""
    print(str(what).translate(_SHOWN), end=end)


def complain(what: object) -> None:
    """As :func:`say`, where refusals go."""
    print(str(what).translate(_SHOWN), file=sys.stderr)


def width(text: str) -> int:
    """How many terminal columns a text takes: two for Chinese, none for marks that stand on another letter."""
    if text.isascii():
        return len(text)
    return sum(_width_of(character) for character in text)


def _width_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in {"Mn", "Me", "Cf"} else 1


def table(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Rows as aligned lines.

    Args:
        rows: Texts; all rows have the same number of columns.
        right: Columns, counted from 0, whose texts stand at the right, as numbers do.

    Returns:
        The lines, without blanks at their ends.
    """
    cells = [[" ".join(text.split()) for text in row] for row in rows]
    if not cells:
        return ""
    at_right = set(right)
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines: list[str] = []
    for row in cells:
        padded = [
            " " * (wide - width(text)) + text if at in at_right else text + " " * (wide - width(text))
            for at, (text, wide) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(GAP.join(padded).rstrip())
    return "\n".join(lines)


def number(value: Decimal | int | None) -> str | None:
    """A number as JSON has it here: text without trailing zeros, so that no reader rounds it; None stays null."""
    if value is None:
        return None
    return str(value) if isinstance(value, int) else show(value)


def print_json(value: object) -> None:
    """Print a value of texts, lists and mappings as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2).translate(_ESCAPED))
