"""Invariants of scoring, on forms and answers that hypothesis makes up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scoring_builders import (
    ALL_OR_NOTHING,
    BAND,
    BANDED,
    CHECKLIST,
    CHOICE,
    JUDGED,
    PROPORTIONAL,
    THRESHOLD,
    TIERED,
    D,
    category,
    form,
    policy,
    row,
)

from selfassess.domain.catalogue import Catalogue, Indicator, NotApplicablePolicy, RoundingPlace
from selfassess.domain.entries import BLANK, Adjustment, Answer, Entries, Override
from selfassess.domain.rules import (
    AllOrNothing,
    Checklist,
    Choice,
    Clause,
    Judged,
    Proportional,
    Rule,
    Threshold,
    Tiers,
)
from selfassess.domain.scorecard import RowState, Scorecard
from selfassess.scoring import FindingMemo, Memo, explain, find, score
from selfassess.scoring.entering import check_answer

POINTS = st.decimals(min_value=0, max_value=30, places=1)
AMOUNTS = st.decimals(min_value=0, max_value=1000, places=2)
RATES = st.decimals(min_value=0, max_value=2, places=4)
REASONS = st.sampled_from(["", "迟报", "无此业务"])
RULES = st.sampled_from([ALL_OR_NOTHING, CHECKLIST, TIERED, PROPORTIONAL, THRESHOLD, CHOICE, JUDGED, BANDED])


def part(draw: st.DrawFn, full_points: Decimal) -> Decimal:
    """Some of the full points."""
    return (full_points * draw(st.integers(min_value=0, max_value=10)) / 10).quantize(D("0.01"))


def answer_of(draw: st.DrawFn, indicator: Indicator) -> Answer:
    """An answer that fits the row, finished or not."""
    full, rule = indicator.full_points, indicator.rule
    how = draw(st.sampled_from(["blank", "rule", "rule", "rule", "rule", "not applicable", "override"]))
    if how == "blank":
        return BLANK
    if how == "not applicable":
        average = draw(st.none() | st.just(part(draw, full)))
        return Answer(not_applicable=draw(REASONS), average=average)
    if how == "override":
        return Answer(override=Override(points=part(draw, full), reason=draw(REASONS)))
    match rule:
        case AllOrNothing():
            answer = Answer(met=draw(st.booleans()))
        case Checklist(clauses=clauses):
            ticks = st.sampled_from([True, False, None]) if draw(st.booleans()) else st.booleans()
            answer = Answer(ticks=tuple(draw(ticks) for _ in clauses))
        case Choice(options=options):
            answer = Answer(option=draw(st.sampled_from(options)).label)
        case Judged(step=step, bands=bands):
            steps = int(full / step)
            points = step * draw(st.integers(min_value=0, max_value=steps))
            answer = Answer(points=points)
            if bands and draw(st.booleans()):
                answer = Answer(option=draw(st.sampled_from(bands)).label)
        case Tiers() | Proportional() | Threshold():
            value = draw(st.none() | RATES)
            answer = Answer(value=value, numerator=draw(st.none() | AMOUNTS), denominator=draw(st.none() | AMOUNTS))
        case _:
            answer = BLANK
    return replace(answer, reason=draw(REASONS))


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    categories = []
    for number in range(1, draw(st.integers(min_value=1, max_value=3)) + 1):
        rows = [
            row(f"{number}.{position}", str(draw(POINTS)), draw(RULES))
            for position in range(1, draw(st.integers(min_value=1, max_value=4)) + 1)
        ]
        categories.append(category("一二三"[number - 1], *rows))
    if draw(st.booleans()):
        categories.append(category("八", row("8.1", "10", BAND)))
    rules = policy(
        places=draw(st.integers(min_value=0, max_value=3)),
        at=draw(st.sampled_from(RoundingPlace)),
        not_applicable=draw(st.sampled_from(NotApplicablePolicy)),
        may_pass=draw(st.booleans()),
    )
    return form(*categories, rules=rules)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Catalogue, Entries]:
    catalogue = draw(catalogues())
    answers = {
        indicator.code: answer_of(draw, indicator) for _, indicator in catalogue.indicators() if indicator.rule != BAND
    }
    keys = draw(st.sets(st.sampled_from(["budget", "spent", "final"])))
    matters = st.builds(
        Adjustment,
        matter=st.sampled_from(["甲", "甲 ", "乙", ""]),
        basis=st.just("文"),
        points=st.none() | st.decimals(min_value=-12, max_value=12, places=1),
    )
    return catalogue, Entries(
        answers=answers,
        figures={key: draw(AMOUNTS) for key in sorted(keys)},
        adjustments=tuple(draw(st.lists(matters, max_size=4))),
    )


def base_rows(catalogue: Catalogue, card: Scorecard):
    return [found for (one, _), found in zip(catalogue.indicators(), card.rows, strict=True) if one.in_base]


@given(forms())
def test_every_made_up_answer_fits_its_row(made):
    catalogue, entries = made
    for _, indicator in catalogue.indicators():
        check_answer(indicator, entries.answer(indicator.code))


@given(forms())
def test_rounded_at_the_rows_the_total_is_the_sum_of_the_subtotals_and_they_of_the_rows(made):
    catalogue, entries = made
    exact = replace(catalogue, policy=replace(catalogue.policy, total_may_pass_base=True))
    exact = replace(exact, policy=policy(not_applicable=catalogue.policy.not_applicable))
    card = score(exact, entries)
    position = 0
    for one, found in zip(exact.categories, card.categories, strict=True):
        rows = card.rows[position : position + len(one.indicators)]
        position += len(one.indicators)
        earned = [each.points for each in rows if each.points is not None]
        assert (found.points or 0) == sum(earned)
        assert found.applicable == sum(each.applicable for each in rows)
    if card.total is not None:
        assert card.base == sum(found.points or 0 for found in card.categories if found.in_base)
        assert card.total == card.base + card.bonus - card.deduction


@given(forms())
def test_no_row_and_no_category_earns_more_than_there_is_or_less_than_nothing(made):
    catalogue, entries = made
    card = score(catalogue, entries)
    for found in base_rows(catalogue, card):
        assert found.points is None or 0 <= found.points <= found.full_points
    for found in card.categories:
        if found.in_base and found.points is not None:
            assert (
                0
                <= found.points
                <= sum(
                    each.full_points
                    for one in catalogue.categories
                    if one.code == found.code
                    for each in one.indicators
                )
            )


@given(forms())
def test_the_total_lies_between_minus_the_deduction_and_the_attainable_plus_the_bonus(made):
    catalogue, entries = made
    card = score(catalogue, entries)
    if card.total is not None:
        step = Fraction(1, 10**catalogue.policy.rounding.places)
        assert -Fraction(card.deduction) - step <= card.total <= Fraction(card.attainable) + Fraction(card.bonus) + step
        if not catalogue.policy.total_may_pass_base:
            assert card.total <= catalogue.policy.base


@given(forms())
def test_rows_are_blank_answered_or_not_applicable_and_nothing_between(made):
    catalogue, entries = made
    card = score(catalogue, entries)
    for found in base_rows(catalogue, card):
        assert (found.state is RowState.BLANK) is (found.state is not RowState.NOT_APPLICABLE and found.points is None)
        assert (found.deduction is None) is (found.state is not RowState.ANSWERED)
        if found.deduction is not None and catalogue.policy.rounding.at is RoundingPlace.ROW:
            assert found.points + found.deduction == found.full_points
        assert found.state is RowState.BLANK or found.fault is None
    assert card.blank == sum(found.state is RowState.BLANK for found in base_rows(catalogue, card))


@given(forms(), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_and_figures_were_entered_is_irrelevant(made, random):
    catalogue, entries = made
    answers, figures = list(entries.answers.items()), list(entries.figures.items())
    random.shuffle(answers)
    random.shuffle(figures)
    assert score(catalogue, replace(entries, answers=dict(answers), figures=dict(figures))) == score(catalogue, entries)


@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_matters_is_irrelevant_to_their_points(made, random):
    catalogue, entries = made
    matters = list(entries.adjustments)
    random.shuffle(matters)
    before, after = score(catalogue, entries), score(catalogue, replace(entries, adjustments=tuple(matters)))
    assert (before.bonus, before.deduction, before.total) == (after.bonus, after.deduction, after.total)


@given(forms(), forms())
def test_a_memo_from_any_form_changes_no_result_and_no_finding(first, second):
    memo, notes = Memo(), FindingMemo()
    for catalogue, entries in (first, second, (first[0], second[1]), first):
        card = score(catalogue, entries, memo)
        assert card == score(catalogue, entries)
        assert find(catalogue, entries, card, notes) == find(catalogue, entries, card)


@given(forms())
def test_any_subset_of_rows_may_be_not_applicable_and_all_of_them_give_no_score(made):
    catalogue, entries = made
    answers = {indicator.code: Answer(not_applicable="无") for one, indicator in catalogue.indicators() if one.in_base}
    card = score(catalogue, replace(entries, answers=answers))
    assert (card.base, card.total, card.converted, card.grade, card.blank) == (None, None, None, None, 0)


@given(forms())
def test_excluded_rows_leave_points_and_maximum_and_no_other_row_changes(made):
    catalogue, entries = made
    rules = policy(not_applicable=NotApplicablePolicy.EXCLUDE)
    catalogue = replace(catalogue, policy=rules)
    card = score(catalogue, entries)
    excluded = [found for found in card.rows if found.state is RowState.NOT_APPLICABLE]
    without = replace(
        entries, answers={code: answer for code, answer in entries.answers.items() if answer.not_applicable is None}
    )
    blanked = score(catalogue, without)
    assert all(found.points is None and found.applicable == 0 for found in excluded)
    assert card.attainable == blanked.attainable - sum(found.full_points for found in excluded)
    assert [found for found in card.rows if found not in excluded] == [
        blanked.row(found.code) for found in card.rows if found not in excluded
    ]


@given(forms())
def test_blanking_an_answered_row_never_raises_the_total_nor_lowers_the_maximum(made):
    catalogue, entries = made
    catalogue = replace(catalogue, policy=policy(not_applicable=NotApplicablePolicy.EXCLUDE))
    before = score(catalogue, entries)
    for found in before.rows:
        if found.state is RowState.ANSWERED and entries.answer(found.code) != BLANK:
            after = score(catalogue, replace(entries, answers=dict(entries.answers) | {found.code: BLANK}))
            assert after.attainable == before.attainable
            if after.row(found.code).state is RowState.BLANK and before.base is not None:
                assert after.base <= before.base
                assert after.blank == before.blank + 1


@given(st.lists(st.booleans(), min_size=1, max_size=6), POINTS)
def test_one_more_tick_never_lowers_the_points(ticks, full_points):
    clauses = tuple(Clause(text=str(number), points=D(number) / 2) for number in range(len(ticks)))
    catalogue = form(category("一", row("1.1", str(full_points), Checklist(clauses=clauses))))

    def earned(now: tuple[bool, ...]) -> Decimal:
        points = score(catalogue, Entries(answers={"1.1": Answer(ticks=now)})).row("1.1").points
        assert points is not None
        return points

    for position, tick in enumerate(ticks):
        if not tick:
            more = (*ticks[:position], True, *ticks[position + 1 :])
            assert earned(more) >= earned(tuple(ticks))


@given(RATES, RATES, st.sampled_from([PROPORTIONAL, TIERED, THRESHOLD]))
def test_a_better_rate_never_earns_less(one, other, rule: Rule):
    better_is_higher = rule is PROPORTIONAL
    low, high = sorted((one, other))
    catalogue = form(category("一", row("1.1", "3", rule)))
    points = [score(catalogue, Entries(answers={"1.1": Answer(value=rate)})).row("1.1").points for rate in (low, high)]
    assert points == sorted(points, reverse=not better_is_higher)


@given(forms())
def test_every_form_can_be_explained_and_searched_for_findings(made):
    catalogue, entries = made
    card = score(catalogue, entries)
    text = explain(catalogue, entries, card)
    assert all(f"第 {indicator.code} 行" in text for _, indicator in catalogue.indicators())
    blank = {found.code for found in base_rows(catalogue, card) if found.state is RowState.BLANK}
    places = {found.place for found in find(catalogue, entries, card)}
    assert blank <= places


@given(AMOUNTS, st.integers(min_value=0, max_value=4))
def test_zero_over_anything_is_zero_points_and_anything_over_zero_is_none(amount, places):
    catalogue = form(category("一", row("1.1", "20", PROPORTIONAL)), rules=policy(places=places))
    over_zero = score(catalogue, Entries(figures={"spent": amount, "budget": D(0)}))
    assert over_zero.row("1.1").points is None
    if amount:
        assert score(catalogue, Entries(figures={"spent": D(0), "budget": amount})).row("1.1").points == 0
