"""Findings about single rows, and what a category's rows tell about the form; knows no other category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from selfassess.domain.catalogue import Category, Indicator, Provenance
from selfassess.domain.entries import Answer
from selfassess.domain.finding import Finding, Level
from selfassess.domain.rules import AdjustmentBand, Proportional, Threshold, Tiers
from selfassess.domain.scorecard import RowScore, RowState
from selfassess.scoring.adjustments import same_text
from selfassess.scoring.numbers import Exact, round_half_up, show, show_percent
from selfassess.scoring.rates import Amounts, computed_rate, missing_figures
from selfassess.scoring.rows import fault_text
from selfassess.wording import message


class CategoryNotes(Struct, frozen=True, kw_only=True):
    """What one category's rows tell, gathered in one pass.

    Attributes:
        by_row: Findings about each of its rows, in printed order.
        lacking: Figure key and row code, for every figure that a row without points waits for.
        reasons: Reason in comparable form and row code, for every answered row with a reason.
        applying: Its rows that are not 不涉及; 0 outside the base.
        full: Those of them that earn full points.
        provisional: Codes of its rows with provisional points.
        unverified: Its rows nobody has compared with the original.
    """

    by_row: tuple[tuple[Finding, ...], ...]
    lacking: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    applying: int
    full: int
    provisional: tuple[str, ...]
    unverified: int


def category_notes(
    category: Category,
    rows: Sequence[RowScore],
    answers: Sequence[Answer],
    amounts: Amounts,
    kept: Sequence[tuple[Finding, ...] | None],
) -> CategoryNotes:
    """Look at every row of a category once.

    Args:
        category: The category.
        rows: The results of its rows, in printed order.
        answers: What was entered on them, in the same order.
        amounts: The figures of the form.
        kept: For each row what is known to be found on it; None: look for it.
    """
    by_row: list[tuple[Finding, ...]] = []
    lacking: list[tuple[str, str]] = []
    reasons: list[tuple[str, str]] = []
    for indicator, row, answer, known in zip(category.indicators, rows, answers, kept, strict=True):
        by_row.append(tuple(_row_findings(indicator, answer, row, amounts)) if known is None else known)
        if row.state is RowState.BLANK and isinstance(indicator.rule, Tiers | Proportional | Threshold):
            lacking += [(key, row.code) for key in missing_figures(indicator.rule.rate, answer, amounts)]
        if row.state is RowState.ANSWERED and answer.reason.strip():
            reasons.append((same_text(answer.reason), row.code))
    applying = [row for row in rows if category.in_base and row.state is not RowState.NOT_APPLICABLE]
    return CategoryNotes(
        by_row=tuple(by_row),
        lacking=tuple(lacking),
        reasons=tuple(reasons),
        applying=len(applying),
        full=sum(row.points == row.full_points for row in applying),
        provisional=tuple(row.code for row in rows if row.provisional),
        unverified=sum(one.source.provenance is not Provenance.VERIFIED for one in category.indicators),
    )


def finding(code: str, place: str, level: Level = Level.ERROR, *, part: str = "", **values: object) -> Finding:
    """A finding in the words of its code."""
    return Finding(code=code, level=level, place=place, message=message(code, **values), part=part)


def _row_findings(indicator: Indicator, answer: Answer, row: RowScore, amounts: Amounts) -> Iterator[Finding]:
    """What a row lacks before the form can be filed, and what it contradicts."""
    if isinstance(indicator.rule, AdjustmentBand):
        return
    if row.state is RowState.BLANK:
        yield _blank(indicator, row)
    elif row.state is RowState.NOT_APPLICABLE:
        yield from _not_applicable(indicator, answer)
    else:
        yield from _answered(indicator, answer, row)
        if answer.value is not None or answer.numerator is not None or answer.denominator is not None:
            yield from _differs_from_figures(indicator, answer, row, amounts)


def _blank(indicator: Indicator, row: RowScore) -> Finding:
    """A row nobody has answered, or that was begun and has no points."""
    if row.fault is None:
        code = "F101" if indicator.may_be_not_applicable else "F108"
        return finding(code, indicator.code, row=indicator.code, name=indicator.name)
    text = message("F102", row=indicator.code, name=indicator.name, fault=fault_text(row.fault))
    return Finding(code=row.fault.code, level=Level.ERROR, place=indicator.code, message=text)


def _not_applicable(indicator: Indicator, answer: Answer) -> Iterator[Finding]:
    """不涉及 without a reason, or with an average that cannot be."""
    if not (answer.not_applicable or "").strip():
        yield finding("F105", indicator.code, part="not_applicable", row=indicator.code, name=indicator.name)
    if answer.average is not None and not 0 <= answer.average <= indicator.full_points:
        yield finding(
            "F106",
            indicator.code,
            part="average",
            row=indicator.code,
            name=indicator.name,
            average=show(answer.average),
            full=show(indicator.full_points),
        )


def _answered(indicator: Indicator, answer: Answer, row: RowScore) -> Iterator[Finding]:
    """Typed points without a reason, or points below full without one."""
    override_reason = answer.override.reason.strip() if answer.override is not None else ""
    if row.overridden and not override_reason:
        yield finding("F104", indicator.code, part="override", row=indicator.code, name=indicator.name)
    elif row.deduction and row.points is not None and not answer.reason.strip() and not override_reason:
        yield finding(
            "F103",
            indicator.code,
            part="reason",
            row=indicator.code,
            name=indicator.name,
            points=show(row.points),
            full=show(row.full_points),
            deduction=show(row.deduction),
        )


def _differs_from_figures(indicator: Indicator, answer: Answer, row: RowScore, amounts: Amounts) -> Iterator[Finding]:
    """A rate or amounts typed on the row that contradict the figures of the form.

    A typed rate is compared at the precision with which it was typed: 22.30 % agrees with 0.22299…
    """
    rule = indicator.rule
    if row.overridden or not isinstance(rule, Tiers | Proportional | Threshold) or not rule.rate.from_figures:
        return
    from_figures = computed_rate(rule, Answer(), amounts)
    typed: Exact | None = answer.value
    if typed is None:
        typed = computed_rate(rule, answer, amounts).value
        same = typed == from_figures.value
    else:
        places = max(len(show(typed).partition(".")[2]), 4)
        same = from_figures.value is not None and typed == round_half_up(from_figures.value, places)
    if from_figures.value is None or typed is None or same:
        return
    yield finding(
        "F204",
        indicator.code,
        Level.VERIFY,
        row=indicator.code,
        name=indicator.name,
        rate=rule.rate.name,
        typed=show_percent(typed),
        computed=from_figures.text,
    )
