"""How each kind of rule turns one row's answer into exact points, in words; knows no other row and no rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from selfassess.domain.catalogue import Indicator
from selfassess.domain.entries import Answer
from selfassess.domain.rules import (
    AllOrNothing,
    Band,
    Checklist,
    Choice,
    Judged,
    Proportional,
    RateRule,
    Rule,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.domain.scorecard import Fault
from selfassess.scoring.numbers import Exact, add, compare, multiply, show, show_bound, show_percent, shown
from selfassess.scoring.rates import Amounts, rate_of
from selfassess.scoring.rule_texts import band_text, threshold_range, tier_name
from selfassess.wording import in_marks


class Outcome(Struct, frozen=True, kw_only=True):
    """What a rule makes of an answer.

    Attributes:
        points: Exact points (分); None when the row stays blank.
        substitution: The rule with this row's numbers, in words.
        note: What led to the points, in words, such as the tier that was hit; "" when there is nothing to say.
        fault: Why a begun row stays blank.
    """

    points: Exact | None = None
    substitution: str = ""
    note: str = ""
    fault: Fault | None = None


UNTOUCHED = Outcome()
"""Nothing was entered that this rule could use."""


def points_of(indicator: Indicator, answer: Answer, amounts: Amounts) -> Outcome:
    """Apply a row's rule to its answer.

    Args:
        indicator: A row of any kind but a band of adjustments, which looks at no answer.
        answer: What was entered on it.
        amounts: The figures of the form.
    """
    rule: Rule = indicator.rule
    if isinstance(rule, AllOrNothing):
        return _all_or_nothing(indicator.full_points, answer)
    if isinstance(rule, Checklist):
        return _checklist(rule, answer.ticks)
    if isinstance(rule, Choice):
        return _choice(rule, answer.option)
    if isinstance(rule, Judged):
        return _judged(rule, indicator.full_points, answer)
    if isinstance(rule, Tiers | Proportional | Threshold):
        return _rated(rule, indicator.full_points, answer, amounts)
    return UNTOUCHED


def _all_or_nothing(full_points: Decimal, answer: Answer) -> Outcome:
    if answer.met is None:
        return UNTOUCHED
    return Outcome(points=full_points, substitution="符合要求") if answer.met else NOT_MET


NOT_MET = Outcome(points=Decimal(0), substitution="不符合要求")
"""An all-or-nothing requirement that is not met: 0 is a score, not a blank."""


def _checklist(rule: Checklist, ticks: tuple[bool | None, ...] | None) -> Outcome:
    if ticks is None or all(tick is None for tick in ticks):
        return UNTOUCHED
    clauses = rule.clauses
    undecided = sum(tick is None for tick in ticks)
    if undecided or len(ticks) < len(clauses):
        return Outcome(fault=Fault(code="F114", values=(("count", str(undecided + len(clauses) - len(ticks))),)))
    if len(ticks) > len(clauses):
        values = (("count", str(len(ticks))), ("clauses", str(len(clauses))))
        return Outcome(fault=Fault(code="F115", values=values))
    earned = [clause.points if tick else Decimal(0) for clause, tick in zip(clauses, ticks, strict=True)]
    total = shown(add(earned))
    substitution = " + ".join(f"第 {number} 条 {show(points)}" for number, points in enumerate(earned, 1))
    return Outcome(points=total, substitution=f"{substitution} = {show(total)} 分")


def _choice(rule: Choice, label: str | None) -> Outcome:
    if label is None:
        return UNTOUCHED
    for option in rule.options:
        if option.label == label:
            return Outcome(points=option.points, substitution=f"选择{in_marks(label)}")
    return Outcome(fault=Fault(code="F116", values=(("option", label),)))


def _judged(rule: Judged, full_points: Decimal, answer: Answer) -> Outcome:
    band = next((band for band in rule.bands if band.label == answer.option), None)
    if answer.option is not None and band is None:
        return Outcome(fault=Fault(code="F116", values=(("option", answer.option),)))
    points = answer.points
    if points is None:
        if band is None:
            return UNTOUCHED
        return Outcome(fault=Fault(code="F117", values=(("band", band_text(band, full_points)),)))
    if not 0 <= points <= full_points:
        return Outcome(fault=Fault(code="F118", values=(("points", show(points)), ("full", show(full_points)))))
    if band is None:
        band = next((band for band in rule.bands if in_band(points, band, full_points)), None)
    elif not in_band(points, band, full_points):
        values = (("points", show(points)), ("band", band_text(band, full_points)))
        return Outcome(fault=Fault(code="F119", values=values))
    chosen = f"{band.label}，" if band is not None else ""
    return Outcome(points=points, substitution=f"{chosen}评议 {show(points)} 分")


def in_band(points: Decimal, band: Band, full_points: Decimal) -> bool:
    """Whether judged points lie in a band; the best band includes full points."""
    if points < multiply(full_points, band.at_least):
        return False
    return band.below is None or points < multiply(full_points, band.below)


def _rated(rule: RateRule, full_points: Decimal, answer: Answer, amounts: Amounts) -> Outcome:
    rate = rate_of(rule, answer, amounts)
    if rate.value is None:
        return Outcome(fault=rate.fault)
    if isinstance(rule, Tiers):
        return _tiered(rule, rate.value, rate.text)
    if isinstance(rule, Threshold):
        met = meets(rule, rate.value)
        note = f"{'符合' if met else '不符合'}“{threshold_range(rule).strip()}”"
        return Outcome(points=full_points if met else Decimal(0), substitution=rate.text, note=note)
    return _proportional(rule, full_points, rate.value, rate.text)


def _tiered(rule: Tiers, rate: Exact, text: str) -> Outcome:
    for tier in rule.tiers:
        if holds(tier, rate):
            return Outcome(points=tier.points, substitution=text, note=tier_name(tier))
    return Outcome(fault=Fault(code="F120", values=(("rate", text),)))


def holds(tier: Tier, rate: Exact) -> bool:
    """Whether a tier covers a rate; the bounds belong where the tier says."""
    if tier.above is not None:
        side = compare(rate, tier.above)
        if side < 0 or (side == 0 and not tier.above_included):
            return False
    if tier.up_to is None:
        return True
    side = compare(rate, tier.up_to)
    return side < 0 or (side == 0 and tier.up_to_included)


def meets(rule: Threshold, rate: Exact) -> bool:
    """Whether a rate is on the right side of a threshold; the limit itself counts where the rule says."""
    side = compare(rate, rule.limit)
    if side == 0:
        return rule.limit_included
    return side < 0 if rule.at_most else side > 0


def _proportional(rule: Proportional, full_points: Decimal, rate: Exact, text: str) -> Outcome:
    if rule.benchmark <= 0:
        return Outcome(fault=Fault(code="F121", values=(("benchmark", show_bound(rule.benchmark)),)))
    full, benchmark = show(full_points), show_bound(rule.benchmark)
    most = full_points if rule.ceiling is None else min(rule.ceiling, full_points)
    if compare(rate, rule.benchmark) >= 0 and most == full_points:
        return Outcome(points=full_points, substitution=text, note=f"达到 {benchmark}")
    substitution = f"{text}；{full} × {show_percent(rate)} ÷ {benchmark}"
    earned = _share(full_points, rate, rule.benchmark)
    least = min(rule.floor, most)
    if compare(earned, least) < 0:
        return Outcome(points=least, substitution=substitution, note=f"不足最低 {show(least)} 分，按最低分计")
    if compare(earned, most) > 0:
        return Outcome(points=most, substitution=substitution, note=f"最高 {show(most)} 分")
    return Outcome(points=earned, substitution=substitution)


def _share(full_points: Decimal, rate: Exact, benchmark: Decimal) -> Fraction:
    """Full points × rate ÷ benchmark, exact; by whole numbers, because every step of a Fraction costs a reduction."""
    (full_above, full_below), (rate_above, rate_below) = full_points.as_integer_ratio(), rate.as_integer_ratio()
    mark_above, mark_below = benchmark.as_integer_ratio()
    return Fraction(full_above * rate_above * mark_below, full_below * rate_below * mark_above)
