"""Which characters of a text are printed: invisible ones are left out or become spaces; knows no fonts."""

from __future__ import annotations

import re

_NEW_LINES = "\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]"
_SPACES = "[\t\xa0\u1680\u2000-\u200a\u202f\u205f]"
_INVISIBLE = (
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, direction
    "\u115f\u1160\u3164\uffa0"  # fillers
    "\ufe00-\ufe0f\U000e0000-\U000e0fff]"  # variation selectors and tags
)
_ODD = re.compile(f"{_NEW_LINES}|{_SPACES}|{_INVISIBLE}")


def printable(text: str) -> str:
    """A text as it is printed.

    Every kind of line end becomes a line feed, every kind of blank but the ideographic one a space; characters that
    have no shape of their own (control characters, zero-width marks, variation selectors) are left out.

    Args:
        text: Anything that was entered or pasted.
    """
    return _ODD.sub(_replacement, text) if _ODD.search(text) else text


def _replacement(match: re.Match[str]) -> str:
    found = match.group()
    if re.fullmatch(_NEW_LINES, found):
        return "\n"
    return " " if re.fullmatch(_SPACES, found) else ""


def code_point(character: str) -> str:
    """The Unicode name of a place: ``U+20BB7``."""
    return f"U+{ord(character):04X}"
