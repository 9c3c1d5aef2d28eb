"""Exact numbers: rounding half up and how numbers are written; knows no rules and no rows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

Exact = Decimal | Fraction
"""A number without error: a Decimal as entered, or a Fraction where something was divided."""

SHOWN_PLACES = 10
"""Decimal places to which an exact number is shown when the form's rounding happens at a later level."""

_QUANTA = tuple(Decimal((0, (1,), -places)) for places in range(13))
_WIDE = Context(prec=400)
"""Never the ambient context: a caller's precision must not change a score. Wide enough for all that can be entered."""


def round_half_up(value: Exact, places: int) -> Decimal:
    """Round half up, away from zero for negative numbers.

    Args:
        value: An exact number.
        places: Decimal places kept, 0 to 12.

    Returns:
        The rounded number with exactly ``places`` decimal places.
    """
    if isinstance(value, Decimal):
        return value.quantize(_QUANTA[places], ROUND_HALF_UP, _WIDE)
    return Decimal(f"{_half_up(value.numerator, value.denominator, places)}E-{places}")


def has_places(value: Exact, places: int) -> bool:
    """Whether a number can be written with this many decimal places without loss."""
    if isinstance(value, Decimal):
        return value == value.quantize(_QUANTA[places], ROUND_HALF_UP, _WIDE)
    return 10**places % value.denominator == 0


def shown(value: Exact) -> Decimal:
    """The Decimal under which an exact number is kept and shown: itself, or rounded to :data:`SHOWN_PLACES`."""
    if isinstance(value, Decimal):
        return value
    return Decimal(show(round_half_up(value, SHOWN_PLACES)))


def add(values: Iterable[Exact]) -> Exact:
    """The sum without error; 0 for nothing.

    Decimals are summed apart from Fractions: a Fraction costs twenty times as much, and most points are Decimals.
    """
    plus = _WIDE.add
    decimals = Decimal(0)
    fractions: Fraction | None = None
    for value in values:
        if isinstance(value, Decimal):
            decimals = plus(decimals, value)
        else:
            fractions = value if fractions is None else fractions + value
    return Fraction(decimals) + fractions if fractions else decimals


def subtract(left: Decimal, right: Exact) -> Exact:
    """The difference without error."""
    return _WIDE.subtract(left, right) if isinstance(right, Decimal) else Fraction(left) - right


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """The product without error."""
    return _WIDE.multiply(left, right)


def show(value: Decimal) -> str:
    """A number for people: no trailing zeros, no exponent, such as ``10``, ``4.5``, ``90.5``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def show_amount(value: Decimal) -> str:
    """An amount of money for people: at least two decimal places, more when more were entered."""
    text = show(value)
    _, _, decimals = text.partition(".")
    if len(decimals) >= 2:
        return text
    return f"{text}{'0' * (2 - len(decimals))}" if decimals else f"{text}.00"


def show_percent(value: Exact, places: int = 2) -> str:
    """A ratio as a percentage with a fixed number of decimal places: ``Decimal("0.2")`` is ``20.00%``."""
    numerator, denominator = value.as_integer_ratio()
    return _written(_half_up(numerator * 100, denominator, places), places) + "%"


def show_bound(value: Decimal) -> str:
    """A ratio of a rule as a percentage, as short as it can be exactly: ``Decimal("0.10")`` is ``10%``."""
    return show(multiply(value, Decimal(100))) + "%"


def show_rate(value: Exact, bounds: Iterable[Decimal] = ()) -> str:
    """A computed rate with its sign of equality: ``= 20.00%`` when exact, ``≈ 22.30%`` when rounded.

    More than two places are shown when rounding would move the rate onto a bound that it does not meet, so that a rate
    of 10.001 % never reads 10.00 % beside the tier above 10 %.

    Args:
        value: The rate as a ratio.
        bounds: Bounds of the rule, as ratios.
    """
    numerator, denominator = value.as_integer_ratio()
    others = [bound.as_integer_ratio() for bound in bounds]
    others = [(above, below) for above, below in others if above * denominator != numerator * below]
    places = 2
    digits = _half_up(numerator * 100, denominator, places)
    while places < SHOWN_PLACES and any(digits * below == above * 10 ** (places + 2) for above, below in others):
        places += 1
        digits = _half_up(numerator * 100, denominator, places)
    sign = "=" if digits * denominator == numerator * 10 ** (places + 2) else "≈"
    return f"{sign} {_written(digits, places)}%"


def compare(left: Exact, right: Decimal) -> int:
    """Below 0, 0 or above 0, as ``left`` is less than, equal to or greater than ``right``.

    The operators give the same answer; between a Fraction and a Decimal they take ten times as long.
    """
    above, below = left.as_integer_ratio()
    other_above, other_below = right.as_integer_ratio()
    return above * other_below - other_above * below


def _half_up(numerator: int, denominator: int, places: int) -> int:
    """A quotient of whole numbers, the denominator above 0, rounded half up, in units of the last place."""
    digits = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return -digits if numerator < 0 else digits


def _written(digits: int, places: int) -> str:
    """A whole number of units of the last place, with its decimal point where it has one."""
    if not places:
        return str(digits)
    whole, rest = divmod(abs(digits), 10**places)
    return f"{'-' if digits < 0 else ''}{whole}.{rest:0{places}d}"
