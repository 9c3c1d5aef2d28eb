from __future__ import annotations

import pytest
from scoring_builders import ALL_OR_NOTHING, BAND, JUDGED, PROPORTIONAL, TIERED, D, category, form, policy, row

from selfassess.domain.catalogue import Catalogue, Grade, NotApplicablePolicy, RoundingPlace
from selfassess.domain.entries import Adjustment, Answer, Entries, Override
from selfassess.errors import InputError
from selfassess.scoring import explain, score

GRADES = (Grade(name="优", at_least=D(90)), Grade(name="差", at_least=D(0)))
CATEGORIES = (
    category("一", row("1.1", "2", ALL_OR_NOTHING, "制度"), row("1.2", "3", TIERED, "偏离度"), title="编制"),
    category("二", row("2.1", "5", JUDGED, "决策"), title="执行"),
    category("三", row("3.1", "10", BAND, "其他事项"), title="其他事项"),
)
CATALOGUE = form(*CATEGORIES, rules=policy(base="10", grades=GRADES))
ENTRIES = Entries(
    figures={"final": D(120), "budget": D(100)},
    answers={
        "1.1": Answer(met=False, reason="未建制度"),
        "1.2": Answer(),
        "2.1": Answer(override=Override(points=D(4), reason="核定")),
    },
    adjustments=(
        Adjustment(matter="表彰", basis="文", points=D(12)),
        Adjustment(matter="表彰", basis="文", points=D(3)),
        Adjustment(matter="通报", basis="文", points=D(-1)),
    ),
)


def explained(code: str | None = None, catalogue: Catalogue = CATALOGUE, entries: Entries = ENTRIES) -> list[str]:
    return explain(catalogue, entries, score(catalogue, entries), code).splitlines()


def test_a_row_is_explained_with_rule_substitution_result_and_reason():
    assert explained("1.2") == [
        "第 1.2 行“偏离度”（满分 3 分）：2 分",
        "  规则：预决算偏离度：不超过 10% 得 3 分；超过 10%、不超过 20% 得 2 分；"
        "超过 20%、不超过 30% 得 1 分；超过 30% 得 0 分",
        "  代入：预决算偏离度 = |120.00 − 100.00| ÷ 100.00 = 20.00%",
        "  结果：10%–20% 档，得 2 分",
        "  扣分：1 分，原因：未填",
    ]


def test_a_name_that_quotes_something_is_quoted_with_inner_marks():
    quoting = form(category("一", row("1.1", "1", ALL_OR_NOTHING, "“三公”经费")))
    assert explained("1.1", quoting, Entries())[0] == "第 1.1 行“‘三公’经费”（满分 1 分）：未填"


def test_zero_blank_overridden_and_not_applicable_rows_read_differently():
    assert explained("1.1")[0] == "第 1.1 行“制度”（满分 2 分）：0 分"
    assert explained("1.1")[-1] == "  扣分：2 分，原因：未建制度"
    assert explained("2.1")[0] == "第 2.1 行“决策”（满分 5 分）：4 分（改分）"
    assert explained("2.1")[-1] == "  扣分：1 分，原因：核定"
    blank = explained("2.1", entries=Entries())
    assert blank[0].endswith("：未填")
    assert blank[-1] == "  结果：尚未填写"
    excluded = Entries(answers={"2.1": Answer(not_applicable="无此业务")})
    assert explained("2.1", entries=excluded) == [
        "第 2.1 行“决策”（满分 5 分）：不涉及，不计得分",
        "  规则：不涉及：不计得分，分值从适用分值中扣除",
        "  代入：原因：无此业务",
        "  结果：不计得分，适用分值减少 5 分",
    ]


def test_provisional_and_known_averages_read_differently():
    average = form(*CATEGORIES, rules=policy(base="10", not_applicable=NotApplicablePolicy.AVERAGE))
    waiting = Entries(answers={"1.1": Answer(met=True), "2.1": Answer(not_applicable="")})
    assert explained("2.1", average, waiting)[0].endswith("不涉及，暂计 5 分")
    known = Entries(answers={"1.1": Answer(met=True), "2.1": Answer(not_applicable="", average=D("4.2"))})
    assert explained("2.1", average, known)[0].endswith("不涉及，计 4.2 分")
    assert "  有 1 行的得分是暂计的，收到部门平均考核分后会变" in explained(None, average, waiting)


def test_a_category_is_explained_as_the_sum_of_its_rows():
    lines = explained("一")
    assert lines[:2] == ["一、编制（分值 5 分）", "  小计 = 0 + 2 = 2 分，已填 2 / 2 行"]
    assert lines[2] == "  第 1.1 行“制度”（满分 2 分）：0 分"


def test_a_category_of_one_row_or_of_none_that_applies_needs_no_sum():
    assert explained("二")[1] == "  小计 = 4 分，已填 1 / 1 行"
    excluded = Entries(answers={"2.1": Answer(not_applicable="无")})
    assert explained("二", entries=excluded)[1] == "  小计：各行都不涉及，没有小计"


def test_a_band_of_which_nothing_is_claimed_does_not_wait_to_be_filled_in():
    assert explained("3.1", entries=Entries())[-1] == "  结果：没有加分、扣分事项，不必填写"
    claimed = Entries(adjustments=(Adjustment(matter="表彰"),))
    assert explained("3.1", entries=claimed)[-1] == "  结果：各项都还没有填分值"


def test_the_form_is_explained_from_base_to_grade():
    lines = explained()
    assert lines[: lines.index("")] == [
        "测试表",
        "  基础分 = 一 2 + 二 4 = 6 分",
        "  适用分值 = 一 5 + 二 5 = 10 分",
        "  三、其他事项：同一事项只取最高一项；加分合计最多 10 分，扣分合计最多 10 分",
        "    第 1 项“表彰”+12 分，计入",
        "    第 2 项“表彰”+3 分，与第 1 项是同一事项，只取最高的 12 分，不计",
        "    第 3 项“通报”−1 分，计入",
        "    加分合计 12 分，超过上限 10 分，按 10 分计",
        "    扣分合计 1 分",
        "    加分 10 − 扣分 1 = 9 分",
        "  总分 = 基础分 6 + 加分 10 − 扣分 1 = 15 分",
        "  折算总分：6 ÷ 10 × 10 + 10 − 1 = 15",
        "  取整：每行得分四舍五入，保留 2 位小数；折算总分同样取整",
        "  等级：差（按折算总分：优 90 分以上、差 0 分以上）",
    ]
    assert "三、其他事项（分值 10 分）" in lines


def test_an_unfinished_form_says_what_is_blank_and_has_no_grade():
    lines = explained(entries=Entries(answers={"1.1": Answer(met=True), "2.1": Answer(not_applicable="无")}))
    assert "  适用分值 = 一 5 + 二 0 = 5 分（不涉及：第 2.1 行）" in lines
    assert "  还有 1 行未填，未填的行不得分，但分值仍计入适用分值" in lines
    assert "  等级：填写完整后评定（按折算总分：优 90 分以上、差 0 分以上）" in lines
    assert "    没有加分、扣分事项，不必填写" in lines


def test_a_form_to_which_nothing_applies_has_no_score():
    nothing = Entries(answers={code: Answer(not_applicable="无") for code in ("1.1", "1.2", "2.1")})
    lines = explained(entries=nothing)
    assert "  基础分：所有指标都不涉及，没有得分" in lines
    assert "  总分：没有得分" in lines
    assert "  折算总分：所有指标都不涉及，没有得分，不折算" in lines


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (RoundingPlace.CATEGORY, "  小计 = 2 + 6.6666666667，四舍五入保留 2 位小数 = 8.67 分，已填 2 / 2 行"),
        (RoundingPlace.TOTAL, "  基础分 = 一 8.6666666667，四舍五入保留 2 位小数 = 8.67 分"),
    ],
)
def test_the_place_of_rounding_is_marked_in_the_sum(at, line):
    thirds = form(
        category("一", row("1.1", "2", ALL_OR_NOTHING), row("1.2", "20", PROPORTIONAL)), rules=policy(base="22", at=at)
    )
    entries = Entries(answers={"1.1": Answer(met=True)}, figures={"spent": D(1), "budget": D(3)})
    assert line in explained(None, thirds, entries)


def test_a_total_that_may_not_pass_the_base_says_so():
    capped = form(*CATEGORIES, rules=policy(base="10", may_pass=False))
    assert "  总分 = 基础分 6 + 加分 10 − 扣分 1（最高 10 分） = 10 分" in explained(None, capped)


def test_an_unknown_code_is_answered_with_the_nearest():
    with pytest.raises(InputError) as refusal:
        explained("2.11")
    assert refusal.value.message == "没有“2.11”这一行或这一类，最接近的是“2.1”。请填写表上的序号，如 2.7 或 二。"
    with pytest.raises(InputError, match="表上没有相近的序号"):
        explained("总计")
