"""Findings about single rows and the matters of the band: what is missing, contradictory or worth a second look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selfassess.domain.catalogue import Catalogue, Category, Indicator, RateCheck
from selfassess.domain.entries import Answer, Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.rules import AdjustmentBand, Proportional, Threshold, Tiers
from selfassess.domain.scorecard import RowScore, RowState, Scorecard
from selfassess.scoring.adjustments import Weighing, weigh
from selfassess.scoring.numbers import Exact, round_half_up, show, show_amount, show_bound, show_percent, show_rate
from selfassess.scoring.rates import Amounts, computed_rate, missing_figures, ratio
from selfassess.scoring.rows import fault_text
from selfassess.wording import message


def row_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """What every row outside the band lacks before the form can be filed."""
    amounts = amounts_of(catalogue, entries)
    for (_, indicator), row in zip(catalogue.indicators(), scorecard.rows, strict=True):
        answer = entries.answer(indicator.code)
        if row.state is RowState.BLANK:
            if not isinstance(indicator.rule, AdjustmentBand):
                yield _blank(indicator, row)
        elif row.state is RowState.NOT_APPLICABLE:
            yield from _not_applicable(indicator, answer)
        elif row.deduction is not None:
            yield from _answered(indicator, answer, row)
            if answer.value is not None or answer.numerator is not None or answer.denominator is not None:
                yield from _differs_from_figures(indicator, answer, row, amounts)


def figure_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """Figures that rows without points wait for."""
    amounts = amounts_of(catalogue, entries)
    waiting: dict[str, list[str]] = {}
    for (_, indicator), row in zip(catalogue.indicators(), scorecard.rows, strict=True):
        if row.state is not RowState.BLANK or not isinstance(indicator.rule, Tiers | Proportional | Threshold):
            continue
        for key in missing_figures(indicator.rule.rate, entries.answer(indicator.code), amounts):
            waiting.setdefault(key, []).append(indicator.code)
    for figure in catalogue.figures:
        if figure.key in waiting:
            rows = "第 " + "、".join(waiting[figure.key]) + " 行"
            yield finding("F107", f"figure.{figure.key}", name=figure.name, unit=figure.unit, rows=rows)


def rate_check_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """Rows at full points although a rate from the figures is too low for them."""
    for check in catalogue.checks:
        indicator = catalogue.indicator(check.row)
        rate = _check_rate(check, entries)
        if indicator is None or rate is None or rate >= check.at_least:
            continue
        row = scorecard.row(check.row)
        if row.state is RowState.ANSWERED and row.points == row.full_points:
            numerator, denominator = entries.figures[check.numerator], entries.figures[check.denominator]
            yield finding(
                "F144",
                check.row,
                row=check.row,
                name=indicator.name,
                points=show(row.full_points),
                rate=check.name,
                amounts=f"{show_amount(numerator)} ÷ {show_amount(denominator)}",
                percent=show_rate(rate, (check.at_least,)),
                least=show_bound(check.at_least),
            )


def adjustment_findings(catalogue: Catalogue, entries: Entries) -> Iterator[Finding]:
    """What the matters of the band lack, which of them are the same, and which cap was hit."""
    band = _band(catalogue)
    if band is None:
        return
    indicator, rule = band
    for position, adjustment in enumerate(entries.adjustments):
        place, number = f"adjustment.{position}", position + 1
        if not adjustment.matter.strip():
            yield finding("F151", place, number=number)
        if adjustment.points is None:
            yield finding("F152", place, number=number, matter=adjustment.matter)
        if not adjustment.basis.strip():
            yield finding("F207", place, Level.VERIFY, number=number, matter=adjustment.matter)
    weighing = weigh(rule, entries.adjustments)
    yield from _same_matters(weighing)
    for name, total, cap in (
        ("加分", weighing.bonus_sum, rule.bonus_cap),
        ("扣分", weighing.deduction_sum, rule.deduction_cap),
    ):
        if total > cap:
            place = indicator.code
            yield finding("F206", place, Level.VERIFY, row=place, kind=name, total=show(total), cap=show(cap))


def finding(code: str, place: str, level: Level = Level.ERROR, **values: object) -> Finding:
    """A finding in the words of its code."""
    return Finding(code=code, level=level, place=place, message=message(code, **values))


def amounts_of(catalogue: Catalogue, entries: Entries) -> Amounts:
    """The figures of the form with their names."""
    return Amounts(values=entries.figures, names={figure.key: figure.name for figure in catalogue.figures})


def base_rows(catalogue: Catalogue, scorecard: Scorecard) -> Iterable[tuple[Category, Indicator, RowScore]]:
    """The rows of the base with their results, in printed order."""
    for (category, indicator), row in zip(catalogue.indicators(), scorecard.rows, strict=True):
        if category.in_base:
            yield category, indicator, row


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
        yield finding("F105", indicator.code, row=indicator.code, name=indicator.name)
    if answer.average is not None and not 0 <= answer.average <= indicator.full_points:
        yield finding(
            "F106",
            indicator.code,
            row=indicator.code,
            name=indicator.name,
            average=show(answer.average),
            full=show(indicator.full_points),
        )


def _answered(indicator: Indicator, answer: Answer, row: RowScore) -> Iterator[Finding]:
    """Typed points without a reason, or points below full without one."""
    override_reason = answer.override.reason.strip() if answer.override is not None else ""
    if row.overridden and not override_reason:
        yield finding("F104", indicator.code, row=indicator.code, name=indicator.name)
    elif row.deduction and row.points is not None and not answer.reason.strip() and not override_reason:
        yield finding(
            "F103",
            indicator.code,
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


def _check_rate(check: RateCheck, entries: Entries) -> Exact | None:
    """The rate a contradiction is measured by; None while a figure is missing or the denominator is not above 0."""
    numerator, denominator = entries.figures.get(check.numerator), entries.figures.get(check.denominator)
    return None if numerator is None or denominator is None or denominator <= 0 else ratio(numerator, denominator)


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
            yield finding("F205", place, Level.VERIFY, number=position + 1, matter=text, other=matter.same_as + 1)
