"""Whether a whole answer fits its row; everything that stores an answer asks here first."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from selfassess.domain.catalogue import Indicator
from selfassess.domain.entries import Answer
from selfassess.domain.rules import (
    AdjustmentBand,
    Checklist,
    Choice,
    Judged,
    Proportional,
    RateRule,
    Threshold,
    Tiers,
)
from selfassess.errors import InputError
from selfassess.scoring.entering.numerals import check_amount, check_points, check_rate
from selfassess.scoring.numbers import show
from selfassess.scoring.points import in_band
from selfassess.scoring.rule_texts import band_text
from selfassess.scoring.suggestions import hint


def check_answer(indicator: Indicator, answer: Answer) -> None:
    """Refuse an answer that does not fit its row.

    An unfinished answer fits. Fields that the row's rule does not read are ignored.

    Args:
        indicator: The row.
        answer: What would be stored.

    Raises:
        InputError: The first thing that does not fit, with what to do.
    """
    rule = indicator.rule
    row = {"row": indicator.code, "name": indicator.name}
    if isinstance(rule, AdjustmentBand):
        if answer != Answer(reason=answer.reason, remark=answer.remark):
            raise InputError("E123", **row)
        return
    if answer.not_applicable is not None and not indicator.may_be_not_applicable:
        raise InputError("E122", **row)
    if answer.average is not None:
        check_points(answer.average, indicator, "部门平均考核分")
    if answer.override is not None:
        check_points(answer.override.points, indicator, "改分")
    _check_inputs(indicator, answer)


def _check_inputs(indicator: Indicator, answer: Answer) -> None:
    """Refuse what the row's own rule cannot read."""
    rule = indicator.rule
    if isinstance(rule, Checklist):
        given = len(rule.clauses) if answer.ticks is None else len(answer.ticks)
        if given != len(rule.clauses):
            raise InputError("E124", row=indicator.code, name=indicator.name, clauses=len(rule.clauses), count=given)
    elif isinstance(rule, Choice):
        _check_option(answer.option, [option.label for option in rule.options], indicator)
    elif isinstance(rule, Judged):
        _check_judged(indicator, rule, answer)
    elif isinstance(rule, Tiers | Proportional | Threshold):
        _check_rate_inputs(rule, answer)


def score_cleared(answer: Answer) -> Answer:
    """The answer without anything that leads to points; reason and remark stay."""
    return Answer(reason=answer.reason, remark=answer.remark)


def applied(answer: Answer) -> Answer:
    """The answer of a row that applies after all and is scored by its rule: without 不涉及, average and override."""
    return replace(answer, not_applicable=None, average=None, override=None)


def _check_option(option: str | None, labels: list[str], indicator: Indicator) -> None:
    if option is not None and option not in labels:
        row = {"row": indicator.code, "name": indicator.name}
        raise InputError("E125", **row, option=option, hint=hint(option, labels))


def _check_judged(indicator: Indicator, rule: Judged, answer: Answer) -> None:
    if rule.bands:
        _check_option(answer.option, [band.label for band in rule.bands], indicator)
    points = answer.points
    if points is None:
        return
    check_points(points, indicator, "得分")
    full = indicator.full_points
    values = {"row": indicator.code, "name": indicator.name, "points": show(points)}
    if points != full and Fraction(points) % Fraction(rule.step):
        raise InputError("E104", **values, step=show(rule.step))
    for band in rule.bands:
        if band.label == answer.option and not in_band(points, band, full):
            raise InputError("E126", **values, band=band_text(band, full))


def _check_rate_inputs(rule: RateRule, answer: Answer) -> None:
    rate = rule.rate
    if answer.value is not None:
        check_rate(answer.value, rate.name)
    if answer.numerator is not None:
        check_amount(answer.numerator, rate.numerator_label or f"{rate.name}的分子")
    if answer.denominator is not None:
        check_amount(answer.denominator, rate.denominator_label or f"{rate.name}的分母")
