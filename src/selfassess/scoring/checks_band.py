"""Findings about the matters of the band outside the base: what they lack, which are the same, which cap was hit."""

from __future__ import annotations

from collections.abc import Iterator

from selfassess.domain.catalogue import Catalogue, Indicator
from selfassess.domain.entries import Adjustment
from selfassess.domain.finding import Finding, Level
from selfassess.domain.rules import AdjustmentBand
from selfassess.scoring.adjustments import Weighing, weigh
from selfassess.scoring.checks_rows import finding
from selfassess.scoring.numbers import show


def adjustment_findings(catalogue: Catalogue, adjustments: tuple[Adjustment, ...]) -> Iterator[Finding]:
    """What the matters of the band lack, which of them are the same, and which cap was hit."""
    band = _band(catalogue)
    if band is None:
        return
    indicator, rule = band
    for position, adjustment in enumerate(adjustments):
        place, number = f"adjustment.{position}", position + 1
        if not adjustment.matter.strip():
            yield finding("F151", place, part="matter", number=number)
        if adjustment.points is None:
            yield finding("F152", place, part="points", number=number, matter=adjustment.matter)
        if not adjustment.basis.strip():
            yield finding("F207", place, Level.VERIFY, part="basis", number=number, matter=adjustment.matter)
    weighing = weigh(rule, adjustments)
    yield from _same_matters(weighing)
    for name, total, cap in (
        ("加分", weighing.bonus_sum, rule.bonus_cap),
        ("扣分", weighing.deduction_sum, rule.deduction_cap),
    ):
        if total > cap:
            place = indicator.code
            yield finding("F206", place, Level.VERIFY, row=place, kind=name, total=show(total), cap=show(cap))


def _band(catalogue: Catalogue) -> tuple[Indicator, AdjustmentBand] | None:
    """The band of bonuses and deductions; a catalogue has at most one."""
    for _, indicator in catalogue.indicators():
        if isinstance(indicator.rule, AdjustmentBand):
            return indicator, indicator.rule
    return None


def _same_matters(weighing: Weighing) -> Iterator[Finding]:
    """Matters that do not count because a larger one of the same text and sign does."""
    for position, matter in enumerate(weighing.matters):
        if matter.same_as is not None:
            place, text = f"adjustment.{position}", matter.adjustment.matter
            number, other = position + 1, matter.same_as + 1
            yield finding("F205", place, Level.VERIFY, part="matter", number=number, matter=text, other=other)
