from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.scoring.numbers import (
    add,
    has_places,
    round_half_up,
    show,
    show_amount,
    show_bound,
    show_percent,
    show_rate,
    shown,
    subtract,
)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("0.135"), 2, "0.14"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.125"), 2, "-0.13"),
        (Decimal("10"), 2, "10.00"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(7), 1, "7.0"),
    ],
)
def test_half_is_rounded_up_away_from_zero(value, places, rounded):
    assert str(round_half_up(value, places)) == rounded


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(min_value=0, max_value=6))
def test_rounding_moves_a_number_by_at_most_half_a_step(value, places):
    assert abs(Fraction(round_half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.decimals(min_value=-1000, max_value=1000, places=8), st.integers(min_value=0, max_value=6))
def test_decimals_and_fractions_are_rounded_alike(value, places):
    assert round_half_up(value, places) == round_half_up(Fraction(value), places)


@given(st.decimals(min_value=-1000, max_value=1000, places=5), st.integers(min_value=0, max_value=6))
def test_decimals_and_fractions_have_the_same_places(value, places):
    assert has_places(value, places) == has_places(Fraction(value), places)


@pytest.mark.parametrize(
    ("value", "text"),
    [("10", "10"), ("10.00", "10"), ("4.50", "4.5"), ("1E+2", "100"), ("0.00", "0"), ("-0.0", "0"), ("-2.50", "-2.5")],
)
def test_numbers_are_shown_without_trailing_zeros_and_exponents(value, text):
    assert show(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("120", "120.00"), ("4229.5", "4229.50"), ("18966.53", "18966.53"), ("0.1234", "0.1234"), ("1E+3", "1000.00")],
)
def test_amounts_are_shown_with_at_least_two_places(value, text):
    assert show_amount(Decimal(value)) == text


def test_percentages_are_shown_with_fixed_places():
    assert show_percent(Decimal("0.2")) == "20.00%"
    assert show_percent(Fraction(1, 3)) == "33.33%"
    assert show_percent(Decimal("0.12345"), places=1) == "12.3%"
    assert show_percent(Decimal("0.125"), places=0) == "13%"
    assert show_percent(Decimal("-0.0005"), places=2) == "-0.05%"


def test_bounds_are_shown_as_short_as_they_are():
    assert [show_bound(Decimal(value)) for value in ("0.10", "0.125", "1", "0")] == ["10%", "12.5%", "100%", "0%"]


def test_an_exact_rate_has_an_equals_sign_and_a_rounded_one_says_so():
    assert show_rate(Decimal("0.2")) == "= 20.00%"
    assert show_rate(Fraction(1, 3)) == "≈ 33.33%"


def test_a_rate_just_above_a_bound_never_reads_like_the_bound():
    assert show_rate(Decimal("0.10001"), [Decimal("0.1")]) == "= 10.001%"
    assert show_rate(Decimal("0.1"), [Decimal("0.1")]) == "= 10.00%"
    assert show_rate(Fraction(1, 10) + Fraction(1, 3 * 10**9), [Decimal("0.1")]) == "≈ 10.00000003%"


def test_a_rate_nearer_to_a_bound_than_ten_places_is_shown_with_ten():
    assert show_rate(Fraction(1, 10) + Fraction(1, 10**30), [Decimal("0.1")]) == "≈ 10.0000000000%"


def test_exact_numbers_are_kept_or_shown_to_ten_places():
    assert shown(Decimal("1.50")) == Decimal("1.50")
    assert str(shown(Fraction(1, 3))) == "0.3333333333"
    assert str(shown(Fraction(9, 2))) == "4.5"


def test_thirds_add_up_to_one_whole():
    assert add([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]) == 1
    assert add([Fraction(1, 3), Decimal("0.5"), Fraction(1, 6)]) == 1
    assert add([]) == 0


def test_differences_are_exact():
    assert subtract(Decimal(1), Decimal("0.1")) == Decimal("0.9")
    assert subtract(Decimal(1), Fraction(1, 3)) == Fraction(2, 3)


def test_a_coarse_decimal_context_of_the_caller_changes_nothing():
    with localcontext() as context:
        context.prec = 2
        assert add([Decimal("1234.5"), Decimal("0.25")]) == Decimal("1234.75")
        assert str(round_half_up(Decimal("1234.565"), 2)) == "1234.57"
        assert subtract(Decimal("1234.5"), Decimal("0.25")) == Decimal("1234.25")
        assert show_bound(Decimal("0.12345")) == "12.345%"
