"""What one table of a catalogue file must hold beyond its single keys; knows no places and no other tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from selfassess.domain.rules import Band, Choice, Judged, Proportional, RateSource, Tier

Unsound = Iterator[tuple[str, dict[str, object]]]
"""Codes of wordings with what they are filled with."""


def rate(source: RateSource) -> Unsound:
    """Each amount comes from exactly one place."""
    sides = (
        ("numerator", source.numerator_figure, source.numerator_label),
        ("denominator", source.denominator_figure, source.denominator_label),
    )
    for side, figure, label in sides:
        if (figure is None) == (label is None):
            yield "E225", {"side": side}


def tier(one: Tier) -> Unsound:
    """The bounds of a tier leave room for a rate."""
    if one.above is None or one.up_to is None:
        return
    single = one.above == one.up_to and one.above_included and one.up_to_included
    if one.above >= one.up_to and not single:
        yield "E226", {"low": one.above, "high": one.up_to}


def band(one: Band) -> Unsound:
    """The bounds of a band leave room for points."""
    if one.below is not None and one.at_least >= one.below:
        yield "E227", {"low": one.at_least, "high": one.below}


def proportional(rule: Proportional) -> Unsound:
    """The least is not above the most."""
    if rule.ceiling is not None and rule.floor > rule.ceiling:
        yield "E228", {"floor": rule.floor, "ceiling": rule.ceiling}


def choice(rule: Choice) -> Unsound:
    """Options can be told apart."""
    yield from _equal_labels([option.label for option in rule.options])


def judged(rule: Judged) -> Unsound:
    """Bands can be told apart."""
    yield from _equal_labels([one.label for one in rule.bands])


def _equal_labels(labels: Sequence[str]) -> Unsound:
    for label in sorted(label for label, times in Counter(labels).items() if times > 1):
        yield "E229", {"label": label}
