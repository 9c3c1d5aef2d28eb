"""What is typed about the unit (填报单位) and its amounts, checked and shown; pure, each refusal a Chinese sentence."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from selfassess.errors import InputError
from selfassess.scoring.numbers import show_amount

_MONTHS = 12
MOST = 100
"""Characters; longer than any unit's name, and short enough for a line over the table."""
_DATE = re.compile(
    r"(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*日?"
    r"|(\d{4})(\d{2})(\d{2})"
)


def plain(text: str, field: str, *, most: int = MOST) -> str:
    """A name or number as it is kept: without blanks around it.

    Args:
        text: What was typed or pasted.
        field: What the field is called.
        most: Characters that it may have.

    Raises:
        InputError: It cannot be printed.
    """
    kept = " ".join(text.split())
    if any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} for character in kept):
        raise InputError("E170", field=field)
    if len(kept) > most:
        raise InputError("E171", field=field, length=len(kept), most=most)
    return kept


def parse_year(text: str) -> str:
    """A year: four digits, or nothing.

    Args:
        text: What was typed; full-width digits and a closing 年 are fine.

    Raises:
        InputError: It is no year.
    """
    kept = unicodedata.normalize("NFKC", text).strip().removesuffix("年度").removesuffix("年").strip()
    if kept and not re.fullmatch(r"(19|20|21)\d\d", kept, re.ASCII):
        raise InputError("E172", text=text.strip()[:20])
    return kept


def parse_date(text: str, field: str = "填报日期") -> str:
    """A date as ISO text, or nothing.

    Args:
        text: What was typed: 2023-01-05, 2023年1月5日, 2023.1.5 or 20230105, in full-width digits too.
        field: What the field is called.

    Raises:
        InputError: It is no date, or a day that the month does not have.
    """
    kept = unicodedata.normalize("NFKC", text).strip()
    if not kept:
        return ""
    match = _DATE.fullmatch(kept)
    if match is None:
        raise InputError("E173", field=field, text=text.strip()[:20])
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError as error:
        raise InputError("E174", field=field, why=_why_no_date(year, month, day)) from error


def _why_no_date(year: int, month: int, day: int) -> str:
    if year < dt.MINYEAR:
        return f"没有 {year} 年"
    return f"{year} 年 {month} 月没有 {day} 日" if 1 <= month <= _MONTHS else f"一年没有 {month} 月"


def shown_amount(amount: Decimal | None) -> str:
    """An entered amount of money in its field, written as in the working."""
    return "" if amount is None else show_amount(amount)


def shown_date(text: str) -> str:
    """A kept date as people write it, 2023年1月5日; other text stays as it is."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{date.year}年{date.month}月{date.day}日"
