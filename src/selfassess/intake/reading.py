"""Takes texts, numbers and tables out of decoded TOML and notes every fault; knows no catalogue and no files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from selfassess.errors import Faults, InputError
from selfassess.scoring.entering import parse_amount
from selfassess.scoring.entering.numerals import quoted
from selfassess.scoring.suggestions import hint

Table = Mapping[str, object]
"""A TOML table."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PLUS = frozenset("+＋")
_SIGNS = _PLUS | frozenset("-−－")
_MOST_DIGITS = 40
"""A number typed without quotes is written out before it is parsed; a longer one stays as typed and is refused."""


def check_keys(table: Table, known: Iterable[str], place: str, faults: Faults) -> None:
    """Refuse keys that nothing reads, so that a misspelt key is never taken for an empty one."""
    names = list(known)
    for key in table:
        if key not in names:
            faults.add("E511", place=place, key=key, hint=hint(key, names, "这里不能写任何键"))


def table_at(table: Table, key: str, place: str, faults: Faults) -> Table:
    """The table under a key; empty when it is missing or faulty."""
    value = table.get(key, {})
    if isinstance(value, dict):
        return cast("Table", value)
    faults.add("E512", place=place, expected="一组键（表）", got=shown(value))
    return {}


def text_at(table: Table, key: str, place: str, faults: Faults, *, plain: bool = False) -> str:
    """The text under a key; "" when it is missing or faulty.

    Args:
        table: Where the key is looked for.
        key: The key.
        place: What the place of the key is called in a fault.
        faults: Where faults go.
        plain: Whether whole numbers and dates typed without quotes are taken as text (year, phone, date).
    """
    value = table.get(key, "")
    if plain and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if plain and type(value) is date:
        return value.isoformat()
    if not isinstance(value, str):
        faults.add("E512", place=place, expected="加引号的文字", got=shown(value))
        return ""
    if _CONTROL.search(value):
        faults.add("E513", place=place)
        return ""
    return value


def number_at(table: Table, key: str, place: str, faults: Faults, parse: Callable[[str], Decimal]) -> Decimal | None:
    """The number under a key, quoted or not, through a parser of typed text; None when missing or faulty."""
    if key not in table:
        return None
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        faults.add("E512", place=place, expected='一个数，如 "4.5"', got=shown(value))
        return None
    text = value if isinstance(value, str) else _written_out(Decimal(value))
    if not text.strip():
        faults.add("E514", place=place)
        return None
    with faults.at(place):
        return parse(text)
    return None


def flag_at(table: Table, key: str, place: str, faults: Faults) -> bool | None:
    """The true or false under a key; None when missing or faulty."""
    value = table.get(key)
    if value is None or isinstance(value, bool):
        return value
    faults.add("E512", place=place, expected="true 或 false（不加引号）", got=shown(value))
    return None


def parse_signed(text: str, name: str) -> Decimal:
    """An amount that may be negative, such as the points of a deduction.

    Raises:
        InputError: As :func:`selfassess.scoring.entering.parse_amount`.
    """
    stripped = text.strip()
    sign, number = stripped[:1], stripped[1:]
    if sign not in _SIGNS:
        return parse_amount(stripped, name)
    if number.lstrip()[:1] in _SIGNS:  # the second sign would be refused as if no number might be negative
        raise InputError("E107", name=name, text=quoted(text))
    amount = parse_amount(number, name)
    return amount if sign in _PLUS else -amount


def shown(value: Any) -> str:
    """A faulty value as it may be quoted in a sentence: short, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "一组键（表）"
    if isinstance(value, list):
        return "一个列表"
    text = " ".join(_CONTROL.sub("", str(value)).split())
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"


def _written_out(value: Decimal) -> str:
    if value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return format(value, "f")
    return str(value)
