"""Where a row's rate comes from and how it reads; knows no points."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from selfassess.domain.entries import Answer
from selfassess.domain.rules import Proportional, RateForm, RateRule, RateSource, Rule, Threshold, Tiers
from selfassess.domain.scorecard import Fault
from selfassess.scoring.numbers import Exact, show_amount, show_rate
from selfassess.wording import in_marks


class Amounts(Struct, frozen=True, kw_only=True):
    """The figures of the form: what was entered and what each is called.

    Attributes:
        values: Amounts by figure key; a missing key is a figure not entered.
        names: Chinese names by figure key.
    """

    values: Mapping[str, Decimal]
    names: Mapping[str, str]


class Rate(Struct, frozen=True, kw_only=True):
    """A rate, or why there is none.

    Attributes:
        value: The rate as a ratio, exact; None when there is none yet.
        text: How it came about, such as ``预决算偏离度 = |120.00 − 100.00| ÷ 100.00 = 20.00%``.
        fault: Why there is none although something was entered or a figure is lacking; None when nothing was entered.
    """

    value: Exact | None
    text: str = ""
    fault: Fault | None = None


def bounds_of(rule: RateRule) -> tuple[Decimal, ...]:
    """The rates, as ratios, at which the points of a rule change."""
    if isinstance(rule, Tiers):
        return tuple(bound for tier in rule.tiers for bound in (tier.above, tier.up_to) if bound is not None)
    return (rule.limit,) if isinstance(rule, Threshold) else (rule.benchmark,)


def figure_keys(rule: Rule) -> tuple[str, ...]:
    """Keys of the figures that a rule of any kind looks at."""
    if not isinstance(rule, Tiers | Proportional | Threshold):
        return ()
    return tuple(key for key in (rule.rate.numerator_figure, rule.rate.denominator_figure) if key is not None)


def rate_of(rule: RateRule, answer: Answer, amounts: Amounts) -> Rate:
    """The rate of a row: typed, else from amounts entered on the row, else from figures of the form.

    Args:
        rule: A rule that needs a rate.
        answer: What was entered on the row.
        amounts: The figures of the form.
    """
    if answer.value is not None:
        return Rate(value=answer.value, text=f"{rule.rate.name} {show_rate(answer.value, bounds_of(rule))}（填列）")
    return computed_rate(rule, answer, amounts)


def computed_rate(rule: RateRule, answer: Answer, amounts: Amounts) -> Rate:
    """The rate of a row from its two amounts, whatever rate was typed."""
    source = rule.rate
    numerator = _part(answer.numerator, source.numerator_figure, amounts)
    denominator = _part(answer.denominator, source.denominator_figure, amounts)
    if numerator is None or denominator is None:
        return Rate(value=None, fault=_missing(source, answer, amounts))
    if denominator <= 0:
        name = part_name(source.denominator_figure, source.denominator_label, amounts)
        return Rate(value=None, fault=Fault(code="F113", values=(("name", name), ("amount", show_amount(denominator)))))
    value = ratio(numerator, denominator)
    written = show_amount(numerator)
    if source.form is RateForm.DEVIATION:
        value = abs(value - 1)
        written = f"|{written} − {show_amount(denominator)}|"
    text = f"{source.name} = {written} ÷ {show_amount(denominator)} {show_rate(value, bounds_of(rule))}"
    return Rate(value=value, text=text)


def ratio(numerator: Decimal, denominator: Decimal) -> Fraction:
    """One amount divided by another, exact; the denominator is above 0."""
    above, left = numerator.as_integer_ratio()
    below, right = denominator.as_integer_ratio()
    return Fraction(above * right, left * below)


def missing_figures(source: RateSource, answer: Answer, amounts: Amounts) -> tuple[str, ...]:
    """Keys of the figures a rate still lacks, numerator first."""
    parts = ((source.numerator_figure, answer.numerator), (source.denominator_figure, answer.denominator))
    lacking = (key for key, typed in parts if key is not None and _part(typed, key, amounts) is None)
    return tuple(dict.fromkeys(lacking))


def part_name(figure: str | None, label: str | None, amounts: Amounts) -> str:
    """What an amount is called: the name of its figure, or the label on the row."""
    return amounts.names.get(figure, figure) if figure is not None else label or ""


def _part(typed: Decimal | None, figure: str | None, amounts: Amounts) -> Decimal | None:
    """An amount typed on the row wins over the figure of the form."""
    if typed is not None or figure is None:
        return typed
    return amounts.values.get(figure)


def _missing(source: RateSource, answer: Answer, amounts: Amounts) -> Fault | None:
    """What is lacking; None when the row is simply untouched and needs nothing from elsewhere."""
    figures = missing_figures(source, answer, amounts)
    if figures:
        names = "和".join(in_marks(amounts.names.get(key, key)) for key in figures)
        return Fault(code="F111", values=(("names", names),))
    if answer.numerator is None and answer.denominator is None:
        return None
    # No figure is lacking, so what is lacking is an amount of the row itself.
    absent = source.denominator_label if answer.denominator is None else source.numerator_label
    return Fault(code="F112", values=(("name", absent or ""),))
