"""Typed numbers: points, amounts and rates; knows no rules beyond a row's full points.

Accepted everywhere: full-width digits and signs (１．５), the Chinese full stop as a decimal point (1。5), blanks
around the number. Amounts also take thousands separators (1,234.5 or １，２３４). Refused everywhere: exponents, nan,
inf, negative numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal

from selfassess.domain.catalogue import Indicator
from selfassess.errors import InputError
from selfassess.scoring.numbers import show

MOST_PLACES = 6
"""Decimal places that points and amounts may have."""
MOST_RATE_PLACES = 10
"""Decimal places that a rate may have, as a ratio."""
AMOUNT_LIMIT = Decimal(10) ** 15
"""Amounts stay below this."""
RATE_LIMIT = Decimal(1000)
"""Rates stay below this ratio: 100 000 %."""
MOST_BARE_RATIO = Decimal(10)
"""In files, where a rate is a ratio by definition, a larger number without % is taken for a forgotten sign."""
MOST_QUOTED = 20
"""Characters of a refused text that are quoted back."""

_HALF_WIDTH = {0x3000: " ", 0x2212: "-"} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)


def parse_points(text: str, indicator: Indicator) -> Decimal:
    """Typed points of a row.

    The step of a judged row is looked at by ``check_answer``: an override or an average need not keep it.

    Args:
        text: What was typed; a trailing 分 is allowed.
        indicator: The row, for its full points and its name in messages.

    Returns:
        Points (分), from 0 to full points, with at most 6 decimal places.

    Raises:
        InputError: No number, negative, above full points, too precise.
    """
    value = _number(tidy(text).removesuffix("分"))
    if value is None:
        raise InputError(
            "E101", row=indicator.code, name=indicator.name, text=quoted(text), full=show(indicator.full_points)
        )
    check_points(value, indicator, "得分")
    return value


def check_points(value: Decimal, indicator: Indicator, what: str) -> None:
    """Refuse points that no row can have.

    Args:
        value: Points (分).
        indicator: The row.
        what: What the points are called in the message, such as 得分 or 改分.

    Raises:
        InputError: Not finite, negative, above full points, too precise.
    """
    values = {"row": indicator.code, "name": indicator.name, "what": what, "full": show(indicator.full_points)}
    if not value.is_finite():
        raise InputError("E101", text=str(value), **values)
    if value < 0:
        raise InputError("E103", points=written(value), **values)
    if value > indicator.full_points:
        raise InputError("E102", points=written(value), **values)
    if _places(value) > MOST_PLACES:
        raise InputError("E105", places=MOST_PLACES, **values)


def parse_amount(text: str, name: str) -> Decimal:
    """A typed amount, in the unit that the field states.

    Args:
        text: What was typed; thousands separators are allowed.
        name: What the amount is called in messages.

    Returns:
        The amount, from 0 to below 10^15, with at most 6 decimal places.

    Raises:
        InputError: No number, negative, too large, too precise.
    """
    tidied = tidy(text)
    value = _number(tidied.replace(",", "") if _GROUPED.fullmatch(tidied) else tidied)
    if value is None:
        raise InputError("E107", name=name, text=quoted(text))
    check_amount(value, name)
    return value


def check_amount(value: Decimal, name: str) -> None:
    """Refuse an amount that no figure can have.

    Args:
        value: The amount.
        name: What it is called in messages.

    Raises:
        InputError: Not finite, negative, too large, too precise.
    """
    if not value.is_finite():
        raise InputError("E107", name=name, text=str(value))
    if value < 0:
        raise InputError("E108", name=name, amount=written(value))
    if value >= AMOUNT_LIMIT:
        raise InputError("E109", name=name)
    if _places(value) > MOST_PLACES:
        raise InputError("E110", name=name, places=MOST_PLACES)


def parse_rate(text: str, name: str) -> Decimal:
    """A typed rate: ``12%``, ``１２％`` and ``0.12`` are the same.

    A bare number above 1 is refused, because 12 may be meant as 12 %.

    Args:
        text: What was typed.
        name: What the rate is called in messages.

    Returns:
        The rate as a ratio, with at most 10 decimal places.

    Raises:
        InputError: No number, negative, ambiguous, too large, too precise.
    """
    return _rate(text, name, most_bare=Decimal(1))


def parse_ratio(text: str, name: str) -> Decimal:
    """A rate from a file whose format says that rates are ratios: 1.3 is 130 %; otherwise like :func:`parse_rate`.

    Raises:
        InputError: As :func:`parse_rate`, but only a bare number above 10 is ambiguous.
    """
    return _rate(text, name, most_bare=MOST_BARE_RATIO)


def check_rate(value: Decimal, name: str) -> None:
    """Refuse a rate that cannot be.

    Args:
        value: The rate as a ratio.
        name: What it is called in messages.

    Raises:
        InputError: Not finite, negative, too large, too precise.
    """
    if not value.is_finite():
        raise InputError("E111", name=name, text=str(value))
    if value < 0:
        raise InputError("E112", name=name, rate=written(value))
    if value >= RATE_LIMIT:
        raise InputError("E114", name=name)
    if _places(value) > MOST_RATE_PLACES:
        raise InputError("E115", name=name, places=MOST_RATE_PLACES)


def tidy(text: str) -> str:
    """Typed text in half-width signs without blanks around it; a Chinese full stop between digits is a decimal point.

    Not NFKC, which would read 1² as 12.
    """
    tidied = text.translate(_HALF_WIDTH).strip()
    return re.sub(r"(?<=\d)。(?=\d)", ".", tidied)


def plain_number(text: str) -> Decimal | None:
    """The number a typed text is, with a trailing 分 or not; None when it is none."""
    return _number(tidy(text).removesuffix("分"))


def written(value: Decimal) -> str:
    """A refused number as it may be quoted: short even when it is absurdly long."""
    return quoted(show(value)) if abs(value.adjusted()) < 100 else quoted(str(value))


def quoted(text: str) -> str:
    """A refused text as it may be quoted in a sentence: on one line, at most 20 characters."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else f"{line[:MOST_QUOTED]}…"


def _rate(text: str, name: str, most_bare: Decimal) -> Decimal:
    tidied = tidy(text)
    percent = tidied.endswith("%")
    value = _number(tidied.removesuffix("%").rstrip())
    if value is None:
        raise InputError("E111", name=name, text=quoted(text))
    if percent:
        value = _share(value)
    elif value > most_bare:
        raise InputError("E113", name=name, text=quoted(tidied))
    check_rate(value, name)
    return value


def _number(text: str) -> Decimal | None:
    """Digits with at most one point, nothing else; None for all other texts."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return None
    value = Decimal(stripped)
    return value if value else Decimal(0)


def _share(percent: Decimal) -> Decimal:
    """A percentage as a ratio, whatever its number of digits."""
    sign, digits, exponent = percent.as_tuple()
    return Decimal((sign, digits, int(exponent) - 2))


def _places(value: Decimal) -> int:
    """Decimal places a finite number needs; trailing zeros need none."""
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    for digit in reversed(digits):
        if digit or places <= 0:
            break
        places -= 1
    return max(places, 0)
