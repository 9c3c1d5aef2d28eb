from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
    row,
)

from selfassess.domain.entries import BLANK, Answer, Override
from selfassess.domain.rules import Checklist, Choice, Clause, Option
from selfassess.errors import InputError
from selfassess.scoring.entering import (
    check_answer,
    parse_amount,
    parse_cell,
    parse_points,
    parse_rate,
    parse_ratio,
    with_points,
)
from selfassess.scoring.numbers import show

ROW = row("2.7", "10", JUDGED, "预决算偏离度")


def refusal(call, *arguments) -> InputError:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return caught.value


# --- points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("3", "3"),
        ("1.5", "1.5"),
        ("１．５", "1.5"),
        (" 4.5 ", "4.5"),
        ("\u3000 4 \u3000", "4"),
        ("4.5分", "4.5"),
        ("4.5 分", "4.5"),
        ("1。5", "1.5"),
        ("+2", "2"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0", "0"),
        ("-0", "0"),
        ("10", "10"),
        ("0.123456", "0.123456"),
        ("1.50000000", "1.5"),
    ],
)
def test_points_are_read_in_every_way_they_are_typed(text, points):
    found = parse_points(text, ROW)
    assert found == D(points)
    assert not found.is_signed()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E101"),
        ("三", "E101"),
        ("1e5", "E101"),
        ("nan", "E101"),
        ("inf", "E101"),
        ("1²", "E101"),
        ("٣", "E101"),
        ("1 2", "E101"),
        ("1,5", "E101"),
        ("1.2.3", "E101"),
        ("--1", "E101"),
        ("分", "E101"),
        ("10.1", "E102"),
        ("9" * 400, "E102"),
        ("-1", "E103"),
        ("－1", "E103"),
        ("−1", "E103"),
        ("0.1234567", "E105"),
    ],
)
def test_points_that_cannot_be_are_refused(text, code):
    assert refusal(parse_points, text, ROW).code == code


def test_a_refusal_says_where_what_why_and_what_to_do():
    message = refusal(parse_points, "13", ROW).message
    assert message == "第 2.7 行“预决算偏离度”：得分 13 超过该项分值 10。请改为 0 至 10 之间的数。"


def test_an_absurdly_long_text_is_quoted_short_and_on_one_line():
    assert "“十十十十十十十十十十十十十十十十十十十十…”" in refusal(parse_points, "十" * 5000, ROW).message
    assert "“甲 乙”" in refusal(parse_points, "甲\n乙", ROW).message
    assert len(refusal(parse_points, "9" * 5000, ROW).message) < 100


@given(st.text(max_size=30))
def test_no_text_makes_anything_but_points_or_a_refusal(text):
    try:
        points = parse_points(text, ROW)
    except InputError:
        return
    assert 0 <= points <= 10


@given(st.decimals(min_value=0, max_value=10, places=6))
def test_points_come_back_as_they_are_shown(points):
    assert parse_points(show(points), ROW) == points


# --- amounts


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("18966.53", "18966.53"),
        ("1,234.5", "1234.5"),
        ("１，２３４．５", "1234.5"),
        ("18,966.53", "18966.53"),
        ("1,234,567", "1234567"),
        ("0", "0"),
        ("0.000001", "0.000001"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_amounts_are_read_with_or_without_separators(text, amount):
    assert parse_amount(text, "预算数") == D(amount)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E107"),
        ("12,34", "E107"),
        ("1,2345", "E107"),
        ("1234万元", "E107"),
        ("1e3", "E107"),
        ("-5", "E108"),
        ("-1,234", "E108"),
        ("1" + "0" * 15, "E109"),
        ("0.1234567", "E110"),
    ],
)
def test_amounts_that_cannot_be_are_refused(text, code):
    assert refusal(parse_amount, text, "预算数").code == code


# --- rates


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12%", "0.12"),
        ("12％", "0.12"),
        ("１２ ％", "0.12"),
        ("0.12", "0.12"),
        ("0", "0"),
        ("1", "1"),
        ("130%", "1.3"),
        ("22.2998%", "0.222998"),
        ("0.01%", "0.0001"),
    ],
)
def test_rates_are_read_as_percentages_and_as_ratios(text, rate):
    assert parse_rate(text, "偏离度") == D(rate)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E111"),
        ("%", "E111"),
        ("12%%", "E111"),
        ("-1%", "E112"),
        ("12", "E113"),
        ("1.2", "E113"),
        ("100000%", "E114"),
        ("0.12345678901", "E115"),
    ],
)
def test_rates_that_cannot_be_or_may_mean_two_things_are_refused(text, code):
    assert refusal(parse_rate, text, "偏离度").code == code


def test_a_bare_number_above_one_is_told_to_carry_its_percent_sign():
    assert "请写成 12%" in refusal(parse_rate, "１２", "偏离度").message


def test_in_a_file_a_rate_is_a_ratio_so_that_one_point_three_is_130_percent():
    assert parse_ratio("1.3", "完成率") == D("1.3")
    assert parse_ratio("130%", "完成率") == D("1.3")
    assert refusal(parse_ratio, "12", "完成率").code == "E113"


def test_a_percentage_of_many_digits_loses_none():
    with_many = "0." + "1" * 60 + "%"
    assert refusal(parse_rate, with_many, "偏离度").code == "E115"


# --- cells

KINDS = {
    "all": row("1.1", "2", ALL_OR_NOTHING),
    "checklist": row("1.2", "1", CHECKLIST),
    "tiers": row("1.3", "3", TIERED),
    "proportional": row("1.4", "20", PROPORTIONAL),
    "threshold": row("1.5", "1", THRESHOLD),
    "choice": row("1.6", "2", CHOICE),
    "judged": row("1.7", "10", JUDGED),
    "banded": row("1.8", "10", BANDED),
    "band": row("1.9", "10", BAND),
}


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("all", "是", Answer(met=True)),
        ("all", "√", Answer(met=True)),
        ("all", "Y", Answer(met=True)),
        ("all", "2", Answer(met=True)),
        ("all", "２", Answer(met=True)),
        ("all", "否", Answer(met=False)),
        ("all", "×", Answer(met=False)),
        ("all", "0", Answer(met=False)),
        ("checklist", "1", Answer(ticks=(True, True))),
        ("checklist", "0", Answer(ticks=(False, False))),
        ("tiers", "12%", Answer(value=D("0.12"))),
        ("proportional", "９５％", Answer(value=D("0.95"))),
        ("threshold", "0%", Answer(value=D(0))),
        ("choice", "等于", Answer(option="等于")),
        ("choice", " 等 于 ", Answer(option="等于")),
        ("choice", "0.5", Answer(option="等于")),
        ("judged", "8.5", Answer(points=D("8.5"))),
        ("judged", "0", Answer(points=D(0))),
        ("banded", "8", Answer(points=D(8), option="达成")),
        ("banded", "7.9", Answer(points=D("7.9"), option="部分达成")),
        ("banded", "达成", Answer(option="达成")),
        ("judged", "不涉及", Answer(not_applicable="")),
    ],
)
def test_typing_into_the_cell_means_what_the_rule_says(kind, text, answer):
    assert parse_cell(text, KINDS[kind], BLANK) == answer


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("all", "1", "E116"),
        ("all", "也许", "E117"),
        ("checklist", "0.5", "E120"),
        ("checklist", "是", "E101"),
        ("tiers", "2", "E121"),
        ("tiers", "高", "E111"),
        ("tiers", "12", "E121"),
        ("tiers", "-5", "E121"),
        ("tiers", "9" * 400, "E121"),
        ("tiers", "-5%", "E112"),
        ("proportional", "21", "E121"),
        ("choice", "高", "E125"),
        ("choice", "1.5", "E119"),
        ("judged", "8.3", "E104"),
        ("judged", "11", "E102"),
        ("band", "5", "E123"),
        ("band", "不涉及", "E123"),
    ],
)
def test_typing_what_the_rule_cannot_read_is_refused(kind, text, code):
    assert refusal(parse_cell, text, KINDS[kind], BLANK).code == code


def test_a_wrong_option_is_answered_with_the_nearest_or_with_all():
    assert "最接近的是“高于”" in refusal(parse_cell, "高於", KINDS["choice"], BLANK).message
    assert "可用的有：高于、低于、等于" in refusal(parse_cell, "甲", KINDS["choice"], BLANK).message


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_an_emptied_cell_clears_the_score_and_keeps_reason_and_remark(text):
    full = Answer(
        points=D(3), not_applicable="无", override=Override(points=D(1), reason="略"), reason="迟", remark="注"
    )
    assert parse_cell(text, KINDS["judged"], full) == Answer(reason="迟", remark="注")


def test_typing_points_on_a_row_that_did_not_apply_makes_it_apply():
    before = Answer(not_applicable="无此业务", average=D(2), reason="迟")
    assert parse_cell("8", KINDS["judged"], before) == Answer(points=D(8), reason="迟")


def test_marking_a_row_again_keeps_the_reason_it_had():
    before = Answer(not_applicable="无此业务")
    assert parse_cell("不涉及", KINDS["judged"], before) == before


def test_a_row_that_always_applies_cannot_be_marked():
    always = row("1.1", "2", ALL_OR_NOTHING, applies_always=True)
    assert refusal(parse_cell, "不涉及", always, BLANK).code == "E122"


def test_points_typed_over_an_override_change_the_override_and_keep_its_reason():
    before = Answer(value=D("0.2"), override=Override(points=D(1), reason="核定"))
    after = parse_cell("2", KINDS["tiers"], before)
    assert after == Answer(value=D("0.2"), override=Override(points=D(2), reason="核定"))


def test_an_answer_by_the_rule_replaces_an_override():
    before = Answer(met=True, override=Override(points=D(1), reason="核定"))
    assert parse_cell("是", KINDS["all"], before) == Answer(met=True)
    assert parse_cell("10%", KINDS["tiers"], before) == Answer(value=D("0.1"))


def test_typed_points_choose_their_band_anew_and_a_typed_band_keeps_points_that_lie_in_it():
    before = Answer(option="达成", points=D(9))
    assert parse_cell("7", KINDS["banded"], before) == Answer(option="部分达成", points=D(7))
    assert parse_cell("8", KINDS["banded"], before) == Answer(option="达成", points=D(8))
    assert parse_cell("达成", KINDS["banded"], before) == before
    assert parse_cell("部分达成", KINDS["banded"], before) == Answer(option="部分达成")


# --- points without details


def test_points_are_turned_back_into_ticks_when_only_one_way_earns_them():
    uneven = Checklist(clauses=(Clause(text="甲", points=D(1)), Clause(text="乙", points=D("0.5"))))
    one = row("1.1", "1.5", uneven)
    assert with_points(one, BLANK, D("0.5")) == Answer(ticks=(False, True))
    assert with_points(one, BLANK, D(1)) == Answer(ticks=(True, False))
    assert with_points(one, BLANK, D("1.5")) == Answer(ticks=(True, True))
    assert refusal(with_points, one, BLANK, D("0.7")).code == "E120"


def test_points_of_very_many_clauses_are_turned_back_only_when_they_are_all_or_nothing():
    many = row("1.1", "20", Checklist(clauses=tuple(Clause(text=str(n), points=D(1)) for n in range(20))))
    assert with_points(many, BLANK, D(20)) == Answer(ticks=(True,) * 20)
    assert with_points(many, BLANK, D(0)) == Answer(ticks=(False,) * 20)
    assert refusal(with_points, many, BLANK, D(1)).code == "E120"


def test_points_shared_by_two_options_are_refused_with_both_named():
    twins = Choice(options=(Option(label="甲", points=D(0)), Option(label="乙", points=D(0))))
    assert "甲、乙" in refusal(with_points, row("1.1", "2", twins), BLANK, D(0)).message


def test_a_chosen_band_stands_against_points_that_a_file_states():
    assert with_points(KINDS["banded"], Answer(option="达成"), D(9)) == Answer(option="达成", points=D(9))
    assert refusal(with_points, KINDS["banded"], Answer(option="达成"), D(7)).code == "E126"


def test_points_of_rates_and_of_the_band_are_not_invented():
    assert refusal(with_points, KINDS["tiers"], BLANK, D(2)).code == "E121"
    assert refusal(with_points, KINDS["band"], BLANK, D(2)).code == "E123"


def test_stated_points_keep_reason_and_remark():
    before = Answer(reason="迟", remark="注", not_applicable="无")
    assert with_points(KINDS["all"], before, D(0)) == Answer(met=False, reason="迟", remark="注")


# --- whole answers


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("all", Answer(met=False)),
        ("checklist", Answer(ticks=(None, True))),
        ("tiers", Answer(value=D("0.5"), numerator=D(1))),
        ("choice", Answer()),
        ("judged", Answer(points=D("9.5"), option="随便")),
        ("banded", Answer(option="达成")),
        ("judged", Answer(not_applicable="", average=D("4.37"))),
        ("judged", Answer(override=Override(points=D("4.37"), reason=""))),
        ("band", Answer(reason="甲", remark="乙")),
    ],
)
def test_finished_and_unfinished_answers_fit(kind, answer):
    check_answer(KINDS[kind], answer)


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("checklist", Answer(ticks=(True,)), "E124"),
        ("checklist", Answer(ticks=(True, True, True)), "E124"),
        ("choice", Answer(option="高"), "E125"),
        ("banded", Answer(option="高"), "E125"),
        ("banded", Answer(option="达成", points=D(1)), "E126"),
        ("judged", Answer(points=D("8.25")), "E104"),
        ("judged", Answer(points=D(11)), "E102"),
        ("judged", Answer(points=D(-1)), "E103"),
        ("judged", Answer(points=Decimal("NaN")), "E101"),
        ("judged", Answer(average=D(11)), "E102"),
        ("judged", Answer(override=Override(points=D(11), reason="略")), "E102"),
        ("judged", Answer(override=Override(points=D("1.1234567"), reason="略")), "E105"),
        ("tiers", Answer(value=D(-1)), "E112"),
        ("tiers", Answer(value=Decimal("Infinity")), "E111"),
        ("tiers", Answer(numerator=D(-1)), "E108"),
        ("threshold", Answer(denominator=Decimal("NaN")), "E107"),
        ("threshold", Answer(denominator=D(10) ** 15), "E109"),
        ("band", Answer(points=D(1)), "E123"),
        ("band", Answer(not_applicable="无"), "E123"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(kind, answer, code):
    assert refusal(check_answer, KINDS[kind], answer).code == code


def test_full_points_are_allowed_even_when_the_step_misses_them():
    check_answer(row("1.1", "1.3", JUDGED), Answer(points=D("1.3")))
    assert refusal(check_answer, row("1.1", "1.3", JUDGED), Answer(points=D("1.2"))).code == "E104"


def test_refused_overrides_and_averages_are_called_by_their_names():
    over = Answer(override=Override(points=D(11), reason=""))
    assert "改分 11 超过" in refusal(check_answer, KINDS["judged"], over).message
    assert "部门平均考核分 11 超过" in refusal(check_answer, KINDS["judged"], Answer(average=D(11))).message
