"""Last year's form as this year sees it, and the reasons that were only taken over."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from scoring_builders import BAND, JUDGED, D, category, form, policy, row

from selfassess.domain.catalogue import NotApplicablePolicy
from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.domain.finding import Finding, Level
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.domain.scorecard import RowState
from selfassess.scoring import find, score
from selfassess.scoring.previous import change_of, previous_year

CATALOGUE = form(
    category("一", row("1.1", "2", JUDGED, "制度"), row("1.2", "3", JUDGED, "决策")),
    category("二", row("2.1", "10", BAND, "其他事项")),
    rules=policy(base="5", not_applicable=NotApplicablePolicy.FULL),
)
LATE = Answer(points=D("1.5"), reason="迟报一次", remark="已整改")


def last_year(documents=None, **changes) -> PreviousYear:
    entries = replace(Entries(unit=Unit(name="某局", year="2021"), answers={"1.1": LATE}), **changes)
    return previous_year(CATALOGUE, entries, score(CATALOGUE, entries), documents or {})


def test_every_row_is_kept_with_what_it_was_called_worth_and_given():
    kept = last_year({"1.1": 3})
    assert (kept.unit, kept.year, kept.title) == ("某局", "2021", CATALOGUE.title)
    assert kept.rows == {
        "1.1": PreviousRow(
            name="制度", full_points=D(2), points=D("1.5"), reason="迟报一次", remark="已整改", documents=3
        ),
        "1.2": PreviousRow(name="决策", full_points=D(3)),
        "2.1": PreviousRow(name="其他事项", full_points=D(10)),
    }


def test_a_form_that_does_not_say_its_year_has_that_of_its_catalogue():
    assert last_year(unit=Unit()).year == "2022"
    entries = Entries()
    yearly = replace(CATALOGUE, year=None)
    assert previous_year(yearly, entries, score(yearly, entries), {}).year == ""


@pytest.mark.parametrize(
    ("answer", "state", "points", "not_applicable", "override"),
    [
        (Answer(), RowState.BLANK, None, None, None),
        (Answer(points=D(0)), RowState.ANSWERED, D(0), None, None),
        (Answer(not_applicable=""), RowState.NOT_APPLICABLE, D(2), "", None),
        (Answer(not_applicable="无此项"), RowState.NOT_APPLICABLE, D(2), "无此项", None),
        (Answer(override=Override(points=D(1), reason="核定")), RowState.ANSWERED, D(1), None, "核定"),
        (Answer(override=Override(points=D(1), reason="")), RowState.ANSWERED, D(1), None, ""),
        # Typed points that cannot be are no points, as in the scorecard.
        (Answer(override=Override(points=D(9), reason="核定")), RowState.BLANK, None, None, None),
    ],
)
def test_blank_and_zero_and_not_applicable_and_typed_points_stay_apart(answer, state, points, not_applicable, override):
    kept = last_year(answers={"1.1": answer}).rows["1.1"]
    assert (kept.state, kept.points, kept.not_applicable, kept.override) == (state, points, not_applicable, override)


def test_the_band_is_kept_with_the_points_of_its_matters():
    kept = last_year(adjustments=(Adjustment(matter="表彰", points=D(8)), Adjustment(matter="通报", points=D(-2))))
    assert kept.rows["2.1"].points == D(6)


@pytest.mark.parametrize(
    ("kept", "empty"),
    [
        ({}, True),
        ({"points": D(0)}, False),
        ({"not_applicable": ""}, False),
        ({"reason": "迟"}, False),
        ({"remark": "附"}, False),
        ({"documents": 1}, False),
    ],
)
def test_a_row_is_empty_when_nothing_was_entered_on_it(kept, empty):
    assert PreviousRow(name="制度", full_points=D(2), **kept).is_empty is empty


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [("1.5", "2", D("0.5")), ("2", "0", D(-2)), ("1", "1", D(0)), (None, "2", None), ("2", None, None)],
)
def test_a_change_is_told_when_both_years_have_points(before, now, change):
    was = PreviousRow(name="制度", full_points=D(2), points=None if before is None else D(before))
    entries = Entries(answers={"1.1": Answer(points=None if now is None else D(now))})
    assert change_of(was, score(CATALOGUE, entries).row("1.1")) == change


# ----------------------------------------------------------------------------------------------------------- findings
def taken_over(answer: Answer, previous: PreviousYear | None) -> list[Finding]:
    entries = Entries(answers={"1.1": answer})
    found = find(CATALOGUE, entries, score(CATALOGUE, entries), previous=previous)
    return [one for one in found if one.code == "F221"]


def test_the_same_reason_as_last_year_is_to_be_looked_at():
    (found,) = taken_over(Answer(points=D(1), reason="迟报一次"), last_year())
    assert (found.level, found.place) == (Level.VERIFY, "1.1")
    assert found.message == ("第 1.1 行“制度”的扣分原因与上年完全相同。请核实是否符合本年的情况；确实相同的可以不改。")


@pytest.mark.parametrize("reason", [" 迟报 一次", "迟报一次\n"])
def test_blanks_do_not_make_another_reason(reason):
    assert len(taken_over(Answer(points=D(1), reason=reason), last_year())) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(points=D(1)),
        Answer(points=D(1), reason="迟报两次"),
        Answer(reason="迟报一次"),  # blank rows have enough to tell
        Answer(not_applicable="无", reason="迟报一次"),
    ],
)
def test_another_reason_or_none_is_in_order(answer):
    assert taken_over(answer, last_year()) == []


def test_no_reason_in_either_year_and_a_row_that_is_new_are_in_order():
    assert (
        taken_over(Answer(points=D(1), reason="  "), last_year(answers={"1.1": Answer(points=D(1), reason=" ")})) == []
    )
    new = replace(last_year(), rows={})
    assert taken_over(Answer(points=D(1), reason="迟报一次"), new) == []


def test_without_last_years_form_nothing_is_compared():
    assert taken_over(Answer(points=D(1), reason="迟报一次"), None) == []
