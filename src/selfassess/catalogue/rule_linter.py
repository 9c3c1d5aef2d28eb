"""Finds what is wrong inside the rule of one row; knows no other rows and no places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from selfassess.domain.catalogue import Indicator
from selfassess.domain.finding import Level
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Checklist,
    Choice,
    Judged,
    Option,
    Proportional,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.scoring.numbers import add, show, show_percent, shown

RuleFault = tuple[str, Level, dict[str, object]]
"""Code of the wording, level, what it is filled with."""


class _Interval(Struct, frozen=True, kw_only=True):
    """A stretch of rates or shares; ``None``: without end."""

    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool


def faults(row: Indicator) -> Iterator[RuleFault]:
    """Everything wrong with a row's rule.

    Args:
        row: Any row.

    Yields:
        One entry a fault.
    """
    full = row.full_points
    match row.rule:
        case Tiers(tiers=()) | Choice(options=()):
            yield "L227", Level.ERROR, {}
        case AllOrNothing() | Threshold():
            return
        case Checklist():
            yield from _checklist(row.rule, full)
        case Tiers(tiers=tiers):
            yield from _coverage([_tier(tier) for tier in tiers], "L215", "L216")
            yield from _awards([tier.points for tier in tiers], full)
        case Proportional():
            yield from _proportional(row.rule, full)
        case Choice(options=options):
            yield from _choice(options, full)
        case Judged():
            yield from _judged(row.rule, full)
        case AdjustmentBand():
            yield from _band(row.rule, full)


def _checklist(rule: Checklist, full: Decimal) -> Iterator[RuleFault]:
    clauses = shown(add(clause.points for clause in rule.clauses))
    if clauses < full:
        yield "L213", Level.ERROR, {"sum": show(clauses), "full": show(full)}
    elif clauses > full:
        yield "L214", Level.HINT, {"sum": show(clauses), "full": show(full)}


def _tier(tier: Tier) -> _Interval:
    return _Interval(
        low=tier.above, low_included=tier.above_included, high=tier.up_to, high_included=tier.up_to_included
    )


def _coverage(intervals: Iterable[_Interval], gap: str, overlap: str) -> Iterator[RuleFault]:
    """Holes and double cover between 0 and infinity."""
    below_all = Decimal(-1)
    ordered = sorted(intervals, key=lambda one: (below_all if one.low is None else one.low, not one.low_included))
    first = ordered[0]
    if first.low is not None and (first.low > 0 or not first.low_included):
        yield gap, Level.ERROR, {"where": f"{show_percent(first.low)} 以下" if first.low else "0.00%"}
    for lower, upper in pairwise(ordered):
        yield from _joint(lower, upper, gap, overlap)
    ends = [one.high for one in ordered]
    if None not in ends:
        top = max(end for end in ends if end is not None)
        yield gap, Level.ERROR, {"where": f"{show_percent(top)} 以上"}


def _joint(lower: _Interval, upper: _Interval, gap: str, overlap: str) -> Iterator[RuleFault]:
    if lower.high is None or upper.low is None or upper.low < lower.high:
        start = Decimal(0) if upper.low is None else upper.low
        yield overlap, Level.ERROR, {"where": f"{show_percent(start)} 以上"}
    elif upper.low > lower.high:
        yield gap, Level.ERROR, {"where": f"{show_percent(lower.high)} 至 {show_percent(upper.low)}"}
    elif lower.high_included == upper.low_included:
        yield overlap if lower.high_included else gap, Level.ERROR, {"where": f"恰为 {show_percent(upper.low)}"}


def _awards(points: list[Decimal], full: Decimal) -> Iterator[RuleFault]:
    for award in points:
        if award > full:
            yield "L217", Level.ERROR, {"points": show(award), "full": show(full)}
    if max(points) < full:
        yield "L218", Level.VERIFY, {"most": show(max(points)), "full": show(full)}


def _choice(options: tuple[Option, ...], full: Decimal) -> Iterator[RuleFault]:
    yield from _awards([option.points for option in options], full)
    if len(options) < 2:
        yield "L219", Level.VERIFY, {}


def _proportional(rule: Proportional, full: Decimal) -> Iterator[RuleFault]:
    if rule.benchmark <= 0:
        yield "L220", Level.ERROR, {"benchmark": show(rule.benchmark)}
    if rule.floor > full:
        yield "L221", Level.ERROR, {"floor": show(rule.floor), "full": show(full)}
    if rule.ceiling is not None and rule.ceiling > full:
        yield "L222", Level.ERROR, {"ceiling": show(rule.ceiling), "full": show(full)}
    if rule.ceiling is not None and rule.ceiling < full:
        yield "L218", Level.VERIFY, {"most": show(rule.ceiling), "full": show(full)}


def _judged(rule: Judged, full: Decimal) -> Iterator[RuleFault]:
    if rule.step <= 0 or full % rule.step:
        yield "L223", Level.ERROR, {"step": show(rule.step), "full": show(full)}
    if not rule.bands:
        return
    intervals = [
        _Interval(low=band.at_least, low_included=True, high=band.below, high_included=False) for band in rule.bands
    ]
    yield from _coverage(intervals, "L224", "L225")


def _band(rule: AdjustmentBand, full: Decimal) -> Iterator[RuleFault]:
    for name, cap in (("加分", rule.bonus_cap), ("扣分", rule.deduction_cap)):
        if cap > full:
            yield "L226", Level.VERIFY, {"name": name, "cap": show(cap), "full": show(full)}
