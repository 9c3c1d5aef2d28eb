"""TOML text becomes tables with exact numbers, or a refusal in Chinese; knows no keys and no files."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import tomli

MOST_PARTS = 1_000_000
"""Most tables, lists and list items; counted before parsing, which would take minutes."""
MOST_DOTS = 300_000
"""Most dots: each of a dotted key is a table of its own, of which sixteen megabytes would fill the memory."""

_LONG_WHOLE_NUMBER = re.compile(r"0[xob][0-9a-fA-F_]{1000}")
"""In these writings Python reads any length, and then cannot write it out in a sentence."""
_PLACE = re.compile(r"\(at line (?P<line>\d+), column (?P<column>\d+)\)")
_WHY = (
    ("Cannot overwrite a value", "同一个键写了两次"),
    ("Cannot declare", "同一个表写了两次"),
    ("Duplicate inline table key", "同一个键写了两次"),
    ("Unterminated string", "文字没有写完，缺少右引号"),
    ("Illegal character", "有不允许的字符，文字里的换行和引号要照说明书写"),
    ("Expected '=' after a key", "键的后面缺少等号“=”，或者用了全角的“＝”"),
    ("Unclosed array", "列表没有写完，缺少“]”"),
    ("Unclosed inline table", "表没有写完，缺少“}”"),
    ("Invalid value (at end", "内容没有写完，缺少值，或缺少右括号"),
    ("Invalid value", "等号后面的值写法不对，文字要写在英文双引号里"),
    ("Invalid initial character for a key part", "键的写法不对，标点要用英文半角"),
    ("Expected newline or end of document after a statement", "值的后面多了内容，一行只能写一个键"),
    ("Unescaped '\\\\' in a string", "文字里的“\\”要写成“\\\\”"),
    ("Expected ']' at the end of a table declaration", "表名后面缺少“]”"),
    ("Expected ']]' at the end of an array declaration", "表名后面缺少“]]”"),
)
"""What tomli says, by its beginning; the first that fits."""


class NotTomlError(Exception):
    """Text that breaks the rules of TOML.

    Args:
        place: Where, in words.
        why: What is wrong there, as a Chinese phrase.
    """

    def __init__(self, place: str, why: str) -> None:
        super().__init__(place, why)
        self.place = place
        self.why = why


class TooMuchError(Exception):
    """Text that would take minutes to read, or cannot be read at all; its text says why, as a Chinese phrase."""


def decoded(text: str) -> dict[str, object]:
    """The tables of a TOML text.

    Args:
        text: TOML.

    Returns:
        Its top table; numbers with a fraction are Decimals, NaN where an exponent is one no number can have.

    Raises:
        NotTomlError: The text is no TOML.
        TooMuchError: It is too large, nested too deep, or has a number of thousands of digits.
    """
    if sum(text.count(sign) for sign in "[{,") > MOST_PARTS or text.count(".") > MOST_DOTS:
        raise TooMuchError("内容过多")
    if _LONG_WHOLE_NUMBER.search(text):
        raise TooMuchError("含有过长的数")
    try:
        return tomli.loads(text, parse_float=_decimal)
    except tomli.TOMLDecodeError as error:
        raise NotTomlError(_place(str(error), text), _why(str(error))) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a whole number of thousands of digits
        raise TooMuchError("嵌套过深或含有过长的数") from error


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent no number can have; its place is named when the key is read
        return Decimal("NaN")


def _place(error: str, text: str) -> str:
    found = _PLACE.search(error)
    if found:
        return f"第 {found['line']} 行第 {found['column']} 个字"
    return f"末尾（第 {len(text.rstrip().splitlines()) or 1} 行）"


def _why(error: str) -> str:
    return next((why for start, why in _WHY if error.startswith(start)), "不符合 TOML 的写法")
