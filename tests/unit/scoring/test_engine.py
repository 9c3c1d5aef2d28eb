from __future__ import annotations

from decimal import localcontext

import pytest
from msgspec.structs import replace
from scoring_builders import (
    ALL_OR_NOTHING,
    BAND,
    BANDED,
    CHECKLIST,
    CHOICE,
    JUDGED,
    PROGRESS,
    PROPORTIONAL,
    SHARE,
    THRESHOLD,
    TIERED,
    D,
    category,
    form,
    points_of,
    policy,
    row,
)

from selfassess.domain.catalogue import NotApplicablePolicy
from selfassess.domain.entries import Adjustment, Answer, Entries, Override
from selfassess.domain.rules import AdjustmentBand, Choice, Judged, Option, Proportional, RateSource, Tier, Tiers
from selfassess.domain.scorecard import RowState
from selfassess.scoring import Memo, score
from selfassess.scoring.adjustments import weigh
from selfassess.scoring.points import UNTOUCHED
from selfassess.scoring.points import points_of as points_of_answer
from selfassess.scoring.rates import Amounts
from selfassess.scoring.rule_texts import rule_text

GAPPED = Tiers(rate=SHARE, tiers=(Tier(above=D("0.5"), up_to=D(1), points=D(1)),))
EVERY_KIND = form(
    category(
        "一",
        row("1.1", "2", ALL_OR_NOTHING),
        row("1.2", "1", CHECKLIST),
        row("1.3", "3", TIERED),
        row("1.4", "20", PROPORTIONAL),
    ),
    category(
        "二", row("2.1", "1", THRESHOLD), row("2.2", "2", CHOICE), row("2.3", "10", JUDGED), row("2.4", "10", BANDED)
    ),
    category("三", row("3.1", "10", BAND)),
    rules=policy(base="49"),
)
ANSWERS = {
    "1.1": Answer(met=True),
    "1.2": Answer(ticks=(True, False)),
    "2.1": Answer(numerator=D(1), denominator=D(300)),
    "2.2": Answer(option="等于"),
    "2.3": Answer(points=D("8.5")),
    "2.4": Answer(option="达成", points=D(9)),
}
ENTRIES = Entries(
    figures={"budget": D(100), "final": D(120), "spent": D("22.3")},
    answers=ANSWERS,
    adjustments=(Adjustment(matter="获表彰", basis="文", points=D(5)),),
)


def test_every_kind_of_rule_says_rule_substitution_and_result_in_words():
    card = score(EVERY_KIND, ENTRIES)
    assert [(one.code, one.working.rule, one.working.substitution, one.working.result) for one in card.rows] == [
        ("1.1", "符合要求得 2 分，否则得 0 分", "符合要求", "得 2 分"),
        (
            "1.2",
            "逐条得分：第 1 条 0.5 分、第 2 条 0.5 分，合计不超过 1 分",
            "第 1 条 0.5 + 第 2 条 0 = 0.5 分",
            "得 0.5 分",
        ),
        (
            "1.3",
            "预决算偏离度：不超过 10% 得 3 分；超过 10%、不超过 20% 得 2 分；"
            "超过 20%、不超过 30% 得 1 分；超过 30% 得 0 分",
            "预决算偏离度 = |120.00 − 100.00| ÷ 100.00 = 20.00%",
            "10%–20% 档，得 2 分",
        ),
        (
            "1.4",
            "支出进度达到 100% 得 20 分，不足的按比例折算",
            "支出进度 = 22.30 ÷ 100.00 = 22.30%；20 × 22.30% ÷ 100%",
            "得 4.46 分",
        ),
        (
            "2.1",
            "退回占比不超过 1% 得 1 分，否则得 0 分",
            "退回占比 = 1.00 ÷ 300.00 ≈ 0.33%",
            "符合“不超过 1%”，得 1 分",
        ),
        ("2.2", "高于得 2 分；低于得 1 分；等于得 0.5 分", "选择“等于”", "得 0.5 分"),
        ("2.3", "在 0 至 10 分之间评议打分，每 0.5 分一档", "评议 8.5 分", "得 8.5 分"),
        (
            "2.4",
            "在 0 至 10 分之间评议打分，每 0.1 分一档；达成 8 至 10 分；部分达成 6 至 8 分（不含 8 分）；"
            "未达成 0 至 6 分（不含 6 分）",
            "达成，评议 9 分",
            "得 9 分",
        ),
        (
            "3.1",
            "同一事项只取最高一项；加分合计最多 10 分，扣分合计最多 10 分",
            "第 1 项“获表彰”+5 分，计入；加分合计 5 分；扣分合计 0 分",
            "加分 5 − 扣分 0 = 5 分",
        ),
    ]


def test_an_untouched_form_is_blank_everywhere_and_attains_its_base():
    card = score(EVERY_KIND, Entries())
    assert {one.state for one in card.rows} == {RowState.BLANK}
    assert card.blank == 8
    assert (card.base, card.total, card.attainable) == (0, 0, D(49))
    assert card.row("1.1").working.result == "尚未填写"
    assert card.row("1.1").fault is None
    assert card.row("2.1").fault is None


def test_rows_that_need_figures_say_which_are_missing_even_when_untouched():
    fault = score(EVERY_KIND, Entries(figures={"budget": D(1)})).row("1.3").fault
    assert fault is not None
    assert (fault.code, dict(fault.values)) == ("F111", {"names": "“决算数”"})


def test_a_key_wanted_above_and_below_the_line_is_named_once():
    same = Proportional(
        rate=RateSource(name="比率", numerator_figure="budget", denominator_figure="budget"), benchmark=D(1)
    )
    card = score(form(category("一", row("1.1", "1", same))), Entries())
    assert "缺少数据“预算数”，" in card.row("1.1").working.result


def test_each_of_two_missing_figures_stands_in_its_own_marks():
    result = score(EVERY_KIND, Entries()).row("1.3").working.result
    assert "缺少数据“决算数”和“预算数”，" in result


def test_amounts_typed_on_the_row_win_over_figures():
    assert points_of(TIERED, Answer(numerator=D(100)), final="150", budget="100") == D(3)
    assert points_of(TIERED, Answer(denominator=D(150)), final="150", budget="100") == D(3)


def test_a_missing_numerator_is_named_when_only_the_denominator_was_typed():
    card = score(form(category("一", row("1.1", "1", THRESHOLD))), Entries(answers={"1.1": Answer(denominator=D(3))}))
    assert card.row("1.1").working.result == "暂无得分：缺少“退回金额”，请在本行填写"


@pytest.mark.parametrize(
    ("rule", "answer", "code"),
    [
        (CHECKLIST, Answer(ticks=(True, None)), "F114"),
        (CHECKLIST, Answer(ticks=(True,)), "F114"),
        (CHECKLIST, Answer(ticks=(True, True, True)), "F115"),
        (CHOICE, Answer(option="没有的"), "F116"),
        (BANDED, Answer(option="没有的", points=D(1)), "F116"),
        (BANDED, Answer(option="达成"), "F117"),
        (JUDGED, Answer(points=D(4)), "F118"),
        (JUDGED, Answer(points=D(-1)), "F118"),
        (BANDED, Answer(option="达成", points=D(1)), "F119"),
        (ALL_OR_NOTHING, Answer(met=True, override=Override(points=D(4), reason="略")), "F118"),
        (ALL_OR_NOTHING, Answer(override=Override(points=D(-1), reason="略")), "F118"),
        (Proportional(rate=SHARE, benchmark=D(0)), Answer(value=D(1)), "F121"),
        (GAPPED, Answer(value=D(2)), "F120"),
        (GAPPED, Answer(value=D("0.5")), "F120"),
    ],
)
def test_an_answer_that_does_not_fit_its_rule_leaves_the_row_blank_with_the_reason(rule, answer, code):
    card = score(form(category("一", row("1.1", "3", rule))), Entries(answers={"1.1": answer}))
    found = card.row("1.1")
    assert (found.state, found.points, found.deduction) == (RowState.BLANK, None, None)
    assert found.fault is not None
    assert found.fault.code == code
    assert found.working.result.startswith("暂无得分：")
    assert card.blank == 1


def test_ticks_that_are_all_undecided_are_as_good_as_none():
    assert (
        score(form(category("一", row("1.1", "1", CHECKLIST))), Entries(answers={"1.1": Answer(ticks=(None, None))}))
        .row("1.1")
        .fault
        is None
    )


def test_an_option_worth_more_than_the_row_is_kept_to_full_points():
    generous = Choice(options=(Option(label="多", points=D(9)),))
    assert points_of(generous, Answer(option="多"), "3") == D(3)


def test_judged_points_outside_every_band_still_count_when_no_band_is_chosen():
    gap = Judged(step=D(1), bands=(BANDED.bands[0],))
    assert points_of(gap, Answer(points=D(1)), "10") == D(1)


def test_a_tier_without_bounds_covers_every_rate_and_a_tier_names_its_open_side():
    everything = Tiers(rate=SHARE, tiers=(Tier(above=None, up_to=None, points=D(1)),))
    card = score(form(category("一", row("1.1", "1", everything))), Entries(answers={"1.1": Answer(value=D(5))}))
    assert card.row("1.1").working.rule == "退回占比：任何比率得 1 分"
    assert card.row("1.1").working.result == "任何比率档，得 1 分"
    above = score(EVERY_KIND, replace(ENTRIES, figures={"budget": D(1), "final": D(5), "spent": D(1)}))
    assert above.row("1.3").working.result == "超过 30% 档，得 0 分"


def test_the_band_looks_at_no_answer():
    assert points_of_answer(row("3.1", "10", BAND), Answer(points=D(3)), Amounts(values={}, names={})) == UNTOUCHED


def test_overrides_quote_the_rule_and_the_lack_of_a_reason():
    override = Override(points=D(1), reason="")
    card = score(form(category("一", row("1.1", "3", TIERED))), Entries(answers={"1.1": Answer(override=override)}))
    assert card.row("1.1").overridden
    assert card.row("1.1").working.substitution == ""
    assert card.row("1.1").working.result == "改分（未填原因），得 1 分"


def test_an_average_that_cannot_be_is_not_used():
    rules = policy(not_applicable=NotApplicablePolicy.AVERAGE)
    catalogue = form(category("一", row("1.1", "4", JUDGED), row("1.2", "4", JUDGED)), rules=rules)
    answers = {"1.1": Answer(points=D(2)), "1.2": Answer(not_applicable="无", average=D(5))}
    found = score(catalogue, Entries(answers=answers)).row("1.2")
    assert (found.points, found.provisional) == (D(2), True)


def test_an_average_says_that_it_is_the_finance_sides():
    rules = policy(not_applicable=NotApplicablePolicy.AVERAGE)
    catalogue = form(category("一", row("1.1", "4", JUDGED)), rules=rules)
    card = score(catalogue, Entries(answers={"1.1": Answer(not_applicable="无", average=D("3.5"))}))
    assert str(card.row("1.1").working) == "不涉及：按部门平均考核分计 → 部门平均考核分 3.5 分 → 得 3.5 分"


def test_a_form_whose_only_category_is_the_band_has_no_score():
    card = score(form(category("一", row("1.1", "10", BAND))), ENTRIES)
    assert (card.base, card.total, card.converted, card.bonus) == (None, None, None, D(5))


def test_a_category_without_rows_has_a_subtotal_of_nothing():
    card = score(form(category("一"), category("二", row("2.1", "1", ALL_OR_NOTHING))), Entries())
    assert (card.category("一").points, card.category("一").rows) == (0, 0)


def test_scorecards_find_rows_and_categories_by_code_and_say_so_when_there_is_none():
    card = score(EVERY_KIND, ENTRIES)
    assert card.row("2.3").points == D("8.5")
    assert card.category("二").answered == 4
    with pytest.raises(KeyError):
        card.row("9.9")
    with pytest.raises(KeyError):
        card.category("九")


def test_catalogues_find_rows_and_figures_by_key():
    assert EVERY_KIND.indicator("9.9") is None
    assert EVERY_KIND.figure("budget") is EVERY_KIND.figures[0]
    assert EVERY_KIND.figure("none") is None
    assert EVERY_KIND.reference == "test/1"
    assert PROGRESS.from_figures
    assert not SHARE.from_figures


def test_without_the_same_matter_rule_every_matter_counts():
    rule = AdjustmentBand(bonus_cap=D(10), deduction_cap=D(10), largest_of_same_matter=False)
    twice = (Adjustment(matter="试点", points=D(2)), Adjustment(matter="试点", points=D(3)))
    assert weigh(rule, twice).bonus == D(5)
    assert not rule_text(row("3.1", "10", rule)).startswith("同一事项")


def test_matters_without_text_are_never_the_same_and_matters_without_points_count_for_nothing():
    matters = (
        Adjustment(matter=" ", points=D(1)),
        Adjustment(matter="", points=D(2)),
        Adjustment(matter="甲", points=None),
        Adjustment(matter="甲", points=D(0)),
    )
    weighed = weigh(BAND, matters)
    assert weighed.bonus == D(3)
    assert [matter.counted for matter in weighed.matters] == [True, True, False, False]
    text = score(EVERY_KIND, replace(ENTRIES, adjustments=matters)).row("3.1").working.substitution
    assert "第 3 项“甲”未填分数，不计" in text
    assert "第 4 项“甲”0 分，不计" in text


def test_a_coarse_decimal_context_of_the_caller_changes_no_score():
    expected = score(EVERY_KIND, ENTRIES)
    with localcontext() as context:
        context.prec = 2
        assert score(EVERY_KIND, ENTRIES) == expected


@pytest.mark.parametrize(
    "after",
    [
        ENTRIES,
        Entries(),
        replace(ENTRIES, answers=ANSWERS | {"1.1": Answer(met=False)}),
        replace(ENTRIES, answers={code: replace(answer) for code, answer in ANSWERS.items()}),
        replace(ENTRIES, answers=ANSWERS | {"2.3": Answer(not_applicable="无")}),
        replace(ENTRIES, figures={"budget": D(100), "final": D(110)}),
        replace(ENTRIES, adjustments=()),
        replace(ENTRIES, adjustments=(Adjustment(matter="甲", points=D(-3)),)),
    ],
)
def test_a_memo_changes_no_result_whatever_changed(after):
    memo = Memo()
    score(EVERY_KIND, ENTRIES, memo)
    assert score(EVERY_KIND, after, memo) == score(EVERY_KIND, after)


def test_a_memo_notices_corrected_rules_policies_and_names():
    memo = Memo()
    score(EVERY_KIND, ENTRIES, memo)
    corrected = replace(EVERY_KIND, policy=policy(base="49", places=0))
    assert score(corrected, ENTRIES, memo) == score(corrected, ENTRIES)
    first = EVERY_KIND.categories[0]
    heavier = replace(first, indicators=(replace(first.indicators[0], full_points=D(5)), *first.indicators[1:]))
    reweighted = replace(EVERY_KIND, categories=(heavier, *EVERY_KIND.categories[1:]))
    assert score(reweighted, ENTRIES, memo).row("1.1").points == D(5)
    renamed = replace(EVERY_KIND, figures=tuple(replace(one, name=f"新{one.name}") for one in EVERY_KIND.figures))
    assert score(renamed, Entries(), memo) == score(renamed, Entries())


def test_a_memo_keeps_the_results_of_rows_that_did_not_change():
    memo = Memo()
    before = score(EVERY_KIND, ENTRIES, memo)
    after = score(EVERY_KIND, replace(ENTRIES, answers=ANSWERS | {"1.1": Answer(met=False)}), memo)
    assert after.row("1.2") is before.row("1.2")
    assert after.row("2.3") is before.row("2.3")
    assert after.row("1.1") is not before.row("1.1")
