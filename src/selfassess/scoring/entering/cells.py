"""What typing into the 得分 cell means for each kind of rule, and points that are stated without details."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from msgspec.structs import replace

from selfassess.domain.catalogue import Indicator
from selfassess.domain.entries import Answer
from selfassess.domain.rules import AdjustmentBand, AllOrNothing, Checklist, Choice, Judged
from selfassess.errors import InputError
from selfassess.scoring.adjustments import same_text
from selfassess.scoring.entering.fit import applied, check_answer, score_cleared
from selfassess.scoring.entering.numerals import parse_points, parse_rate, plain_number, quoted, tidy, written
from selfassess.scoring.numbers import add, show
from selfassess.scoring.points import in_band
from selfassess.scoring.suggestions import hint

NOT_APPLICABLE = "不涉及"
"""What marks a row as not applicable when typed into its cell."""

YES = frozenset({"是", "√", "✓", "✔", "☑", "对", "有", "符合", "满足", "y", "yes"})
"""Texts that mean: the requirement is met."""
NO = frozenset({"否", "×", "✗", "✘", "☒", "x", "错", "无", "不符合", "不满足", "n", "no"})
"""Texts that mean: the requirement is not met."""

MOST_CLAUSES_INVERTED = 12
"""Up to this many clauses points are turned back into ticks; beyond, nobody means it."""


def parse_cell(text: str, indicator: Indicator, answer: Answer) -> Answer:
    """The answer after typing into the 得分 cell of a row.

    An empty text clears the score and keeps reason and remark; 不涉及 marks the row. Otherwise, by kind of rule: 是, 否
    or points (all-or-nothing); an option or its points (choice); points or a band (judged); points that only one set of
    ticks earns (checklist); a rate with % (tiers, proportional, threshold). Points typed on a row with an override
    change that override where the rule itself takes no points.

    Args:
        text: What was typed.
        indicator: The row.
        answer: What is entered so far.

    Returns:
        The new answer; it fits the row.

    Raises:
        InputError: The text means nothing here; says what would.
    """
    typed = tidy(text)
    if not typed:
        return score_cleared(answer)
    if typed == NOT_APPLICABLE:
        parsed = replace(score_cleared(answer), not_applicable=answer.not_applicable or "")
    else:
        parsed = _typed(text, typed, indicator, answer)
    check_answer(indicator, parsed)
    return parsed


def with_points(indicator: Indicator, answer: Answer, points: Decimal) -> Answer:
    """The answer whose rule gives these points, where there is exactly one.

    Args:
        indicator: The row.
        answer: What is entered so far; reason, remark and a judged row's band stay.
        points: Points (分) as stated by a file or a pasted column.

    Returns:
        The new answer; it fits the row.

    Raises:
        InputError: No answer, or more than one, gives these points; says what to enter instead.
    """
    rule = indicator.rule
    answer = applied(answer)
    row = {"row": indicator.code, "name": indicator.name, "points": show(points)}
    if isinstance(rule, AllOrNothing):
        if points not in {indicator.full_points, 0}:
            raise InputError("E116", **row, full=show(indicator.full_points))
        stated = replace(answer, met=points == indicator.full_points)
    elif isinstance(rule, Choice):
        stated = replace(answer, option=_option_of(rule, points, row))
    elif isinstance(rule, Checklist):
        stated = replace(answer, ticks=_ticks_of(rule, points, indicator))
    elif isinstance(rule, Judged):
        # A band that was chosen stands, and check_answer refuses points outside it; otherwise the points choose it.
        stated = replace(answer, points=points, option=answer.option or _band_of(rule, points, indicator))
    elif isinstance(rule, AdjustmentBand):
        raise InputError("E123", row=indicator.code, name=indicator.name)
    else:
        raise InputError("E121", **row, rate=rule.rate.name)
    check_answer(indicator, stated)
    return stated


def _typed(text: str, typed: str, indicator: Indicator, answer: Answer) -> Answer:
    """A text that is neither empty nor 不涉及."""
    rule = indicator.rule
    fresh = score_cleared(answer)
    if isinstance(rule, AdjustmentBand):
        raise InputError("E123", row=indicator.code, name=indicator.name)
    if isinstance(rule, AllOrNothing) and typed.lower() in YES | NO:
        return replace(fresh, met=typed.lower() in YES)
    if isinstance(rule, Choice):
        return _typed_option(text, indicator, rule, fresh)
    if isinstance(rule, Judged):
        kept = replace(fresh, option=answer.option, points=answer.points)
        return _typed_judgement(text, indicator, rule, kept)
    if isinstance(rule, AllOrNothing) and plain_number(text) is None:
        full = show(indicator.full_points)
        raise InputError("E117", row=indicator.code, name=indicator.name, text=quoted(text), full=full)
    if isinstance(rule, AllOrNothing | Checklist):
        return with_points(indicator, fresh, parse_points(text, indicator))
    if typed.endswith("%"):
        return replace(fresh, value=parse_rate(text, rule.rate.name))
    if answer.override is not None:
        return replace(answer, override=replace(answer.override, points=parse_points(text, indicator)))
    points = plain_number(text)
    if points is None:
        raise InputError("E111", name=rule.rate.name, text=quoted(text))
    # Whatever the number is: to ask for a smaller one would only lead to the next refusal.
    raise InputError("E121", row=indicator.code, name=indicator.name, points=written(points), rate=rule.rate.name)


def _typed_option(text: str, indicator: Indicator, rule: Choice, fresh: Answer) -> Answer:
    """An option by its label, or by its points when only one has them."""
    for option in rule.options:
        if same_text(option.label) == same_text(text):
            return replace(fresh, option=option.label)
    if plain_number(text) is not None:
        return with_points(indicator, fresh, parse_points(text, indicator))
    row = {"row": indicator.code, "name": indicator.name}
    near = hint(text.strip(), (option.label for option in rule.options))
    raise InputError("E125", **row, option=quoted(text), hint=near)


def _typed_judgement(text: str, indicator: Indicator, rule: Judged, kept: Answer) -> Answer:
    """Points, which choose their band anew, or the label of a band; points entered before stay when they lie in it."""
    for band in rule.bands:
        if same_text(band.label) == same_text(text):
            points = kept.points
            fits = points is not None and in_band(points, band, indicator.full_points)
            return replace(kept, option=band.label, points=points if fits else None)
    points = parse_points(text, indicator)
    holds = any(band.label == kept.option and in_band(points, band, indicator.full_points) for band in rule.bands)
    return with_points(indicator, kept if holds else replace(kept, option=None), points)


def _option_of(rule: Choice, points: Decimal, row: dict[str, str]) -> str:
    labels = [option.label for option in rule.options if option.points == points]
    if len(labels) == 1:
        return labels[0]
    if labels:
        raise InputError("E118", **row, options="、".join(labels))
    options = "、".join(f"{option.label}（{show(option.points)} 分）" for option in rule.options)
    raise InputError("E119", **row, options=options)


def _ticks_of(rule: Checklist, points: Decimal, indicator: Indicator) -> tuple[bool, ...]:
    """The only ticks that earn these points: all for full points, none for 0."""
    clauses = rule.clauses
    most = min(add(clause.points for clause in clauses), indicator.full_points)
    if points == most:
        return (True,) * len(clauses)
    found: list[tuple[bool, ...]] = []
    if len(clauses) <= MOST_CLAUSES_INVERTED:
        for ticks in product((False, True), repeat=len(clauses)):
            if add(clause.points for clause, tick in zip(clauses, ticks, strict=True) if tick) == points:
                found.append(ticks)
    elif points == 0:
        found.append((False,) * len(clauses))
    if len(found) == 1:
        return found[0]
    raise InputError("E120", row=indicator.code, name=indicator.name, points=show(points), count=len(clauses))


def _band_of(rule: Judged, points: Decimal, indicator: Indicator) -> str | None:
    """The band that holds the points; None when the rule has no bands."""
    return next((band.label for band in rule.bands if in_band(points, band, indicator.full_points)), None)
