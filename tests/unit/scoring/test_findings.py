from __future__ import annotations

import pytest
from msgspec.structs import replace
from scoring_builders import (
    ALL_OR_NOTHING,
    BAND,
    CHECKLIST,
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

from selfassess.domain.catalogue import Catalogue, NotApplicablePolicy, Provenance, RateCheck
from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.domain.finding import LEVEL_NAMES, Finding, Level
from selfassess.scoring import FindingMemo, find, score
from selfassess.scoring.previous import previous_year
from selfassess.wording import MESSAGES

UNIT = Unit(
    name="某局",
    unit_class="A",
    year="2022",
    preparer="甲",
    reviewer="乙",
    head="丙",
    phone="0891-1234567",
    date="2023-01-05",
)
SMALL = form(
    category("一", row("1.1", "2", ALL_OR_NOTHING, "制度"), row("1.2", "3", TIERED, "偏离度")),
    category("二", row("2.1", "5", JUDGED, "决策")),
    category("三", row("3.1", "10", BAND, "其他事项")),
    rules=policy(base="10"),
)
FULL = {"1.1": Answer(met=True), "1.2": Answer(value=D(0)), "2.1": Answer(points=D(4), reason="迟报")}


def findings(catalogue: Catalogue = SMALL, **changes: object) -> tuple[Finding, ...]:
    entries = replace(Entries(unit=UNIT, answers=FULL), **changes)
    return find(catalogue, entries, score(catalogue, entries))


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [f"{one.code} {one.place}" for one in found]


def only(found: tuple[Finding, ...]) -> Finding:
    assert len(found) == 1, codes(found)
    return found[0]


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (Answer(points=D(4)), "reason"),
        (Answer(override=Override(points=D(4), reason="")), "override"),
        (Answer(not_applicable=""), "not_applicable"),
        (Answer(not_applicable="无", average=D(6)), "average"),
        (Answer(), ""),
    ],
)
def test_a_finding_names_the_field_it_is_about(answer: Answer, part: str):
    assert findings(answers={**FULL, "2.1": answer})[0].part == part


FIELDS = {"扣分原因": "reason", "“改分”": "override", "平均考核分": "average", "佐证材料": "evidence"}
"""What a clerk knows as a field of a row, and how findings name it."""


def test_whatever_speaks_of_a_field_of_a_row_names_it():
    rows = [row(f"1.{number}", "2", JUDGED) for number in range(1, 10)]
    wide = form(
        category("一", *rows, replace(row("1.10", "2", JUDGED), evidence_required=True)),
        rules=policy(base="20", not_applicable=NotApplicablePolicy.AVERAGE),
    )
    late = {f"1.{number}": Answer(points=D(1), reason="迟报") for number in range(1, 6)}
    answers = late | {
        "1.6": Answer(points=D(1)),
        "1.7": Answer(override=Override(points=D(1), reason="")),
        "1.8": Answer(not_applicable="无", average=D(9)),
        "1.9": Answer(not_applicable="无"),
        "1.10": Answer(points=D(2)),
    }
    entries = Entries(unit=UNIT, answers=answers)
    card = score(wide, entries)
    found = find(wide, entries, card, previous=previous_year(wide, entries, card, {}), evidence={"1.1": 1})
    named = {
        one.code: next((part for field, part in FIELDS.items() if field in MESSAGES[one.code]), "")
        for one in found
        if one.place.startswith("1.")
    }
    assert {code: part for code, part in named.items() if part} == {
        one.code: one.part for one in found if one.code in named and one.part
    }
    speaking = {code for code, text in MESSAGES.items() if code[0] == "F" and any(field in text for field in FIELDS)}
    assert speaking - set(named) == {"F303"}  # of the form as a whole


def test_a_finding_of_a_matter_names_its_cell():
    found = findings(adjustments=(Adjustment(matter=""),))
    assert [(one.code, one.part) for one in found] == [("F151", "matter"), ("F152", "points"), ("F207", "basis")]


def test_a_form_in_order_has_no_findings():
    assert findings() == ()


def test_a_blank_row_says_where_and_what_to_do():
    found = only(findings(answers={"1.2": FULL["1.2"], "2.1": FULL["2.1"]}))
    assert found == Finding(
        code="F101",
        level=Level.ERROR,
        place="1.1",
        message="第 1.1 行“制度”还没有填写。请填写得分；确不涉及的，请标记“不涉及”并说明原因。",
    )


def test_a_blank_row_that_always_applies_is_not_told_of_the_mark():
    always = form(category("一", row("1.1", "10", JUDGED, applies_always=True)), rules=policy(base="10"))
    assert codes(findings(always, answers={})) == ["F108 1.1"]


def test_a_begun_row_carries_the_code_of_its_reason():
    found = only(findings(answers=FULL | {"2.1": Answer(points=D(6))}))
    assert (found.code, found.place) == ("F118", "2.1")
    assert found.message == "第 2.1 行“决策”还没有得分：填写的 6 分不在 0 至 5 分之间，请改正。"


def test_missing_figures_are_asked_for_once_with_the_rows_that_need_them():
    two = form(
        category("一", row("1.1", "5", TIERED), row("1.2", "5", PROPORTIONAL)),
        rules=policy(base="10"),
    )
    found = findings(two, answers={}, figures={"final": D(1)})
    assert codes(found) == ["F107 figure.budget", "F107 figure.spent", "F111 1.1", "F111 1.2"]
    assert found[0].message == "数据“预算数”还没有填写，第 1.1、1.2 行要用它计算。请在“单位信息”中填写，单位万元。"


def test_a_figure_without_a_unit_is_asked_for_without_one():
    plain = replace(SMALL, figures=tuple(replace(one, unit="") for one in SMALL.figures))
    found = findings(plain, answers=FULL | {"1.2": Answer()}, figures={"final": D(1)})
    assert found[0].message.endswith("请在“单位信息”中填写。")


def test_figures_are_not_asked_for_when_the_rows_do_without():
    assert findings(answers=FULL | {"1.2": Answer(override=Override(points=D(3), reason="核定"))}) == ()
    assert findings(answers=FULL | {"1.2": Answer(not_applicable="无")}) == ()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(points=D(4)), ["F103 2.1"]),
        (Answer(points=D(4), reason="  "), ["F103 2.1"]),
        (Answer(points=D(5)), []),
        (Answer(override=Override(points=D(4), reason="核定")), []),
        (Answer(override=Override(points=D(4), reason=" ")), ["F104 2.1"]),
        (Answer(override=Override(points=D(5), reason=""), reason="迟"), ["F104 2.1"]),
        (Answer(not_applicable=" "), ["F105 2.1"]),
        (Answer(not_applicable="无", average=D(6)), ["F106 2.1"]),
    ],
)
def test_reasons_are_asked_for_where_they_are_missing(answer, found):
    partly = {"1.1": Answer(met=False, reason="无制度"), "1.2": FULL["1.2"], "2.1": answer}
    assert codes(findings(answers=partly)) == found


def test_what_the_unit_has_not_said_is_listed_in_the_order_of_the_page():
    found = findings(unit=Unit())
    assert codes(found) == [
        "F131 unit.name",
        "F131 unit.year",
        "F131 unit.preparer",
        "F131 unit.reviewer",
        "F131 unit.head",
        "F131 unit.phone",
        "F131 unit.date",
    ]
    assert found[0].message == "单位信息中的“填报单位”还没有填写。请在“单位信息”中填写。"


def test_a_class_is_asked_for_only_where_the_form_knows_classes():
    classes = replace(SMALL, policy=policy(base="10", classes=("A", "B")))
    assert codes(findings(classes, unit=replace(UNIT, unit_class=""))) == ["F131 unit.class"]
    assert codes(findings(classes, unit=replace(UNIT, unit_class="C"))) == ["F132 unit.class"]
    assert findings(classes) == ()


@pytest.mark.parametrize("year", ["2022", "2022年", "２０２２年度", " 2022 "])
def test_the_year_may_be_written_as_people_write_it(year):
    assert findings(unit=replace(UNIT, year=year)) == ()


def test_another_year_is_an_error():
    assert codes(findings(unit=replace(UNIT, year="2021"))) == ["F133 unit.year"]


def test_full_points_that_do_not_foot_are_errors():
    lame = form(
        category("一", row("1.1", "2", ALL_OR_NOTHING), row("1.2", "3", TIERED), full_points="6"),
        category("二", row("2.1", "5", JUDGED)),
        rules=policy(base="10"),
    )
    found = findings(lame)
    assert codes(found) == ["F141 一", "F142 form"]
    assert "各项分值合计 5 分，与该类分值 6 分不一致" in found[0].message
    assert "各类分值合计 11 分，与基础分 10 分不一致" in found[1].message


def test_an_edition_for_study_must_not_be_filed():
    assert codes(findings(replace(SMALL, for_filing=False))) == ["F143 form"]


CHECK = RateCheck(row="2.1", name="预算执行率", numerator="spent", denominator="budget", at_least=D("0.8"))


def test_full_points_against_a_low_rate_contradict_each_other():
    checked = replace(SMALL, checks=(CHECK,))
    figures = {"spent": D("4229.50"), "budget": D("18966.53")}
    found = only(findings(checked, answers=FULL | {"2.1": Answer(points=D(5))}, figures=figures)[:1])
    assert (found.code, found.place, found.level) == ("F144", "2.1", Level.ERROR)
    assert "预算执行率 = 4229.50 ÷ 18966.53 ≈ 22.30%，低于 80%" in found.message


@pytest.mark.parametrize(
    ("figures", "points", "check"),
    [
        ({"spent": D(80), "budget": D(100)}, "5", CHECK),
        ({"spent": D(20), "budget": D(100)}, "4", CHECK),
        ({"spent": D(20)}, "5", CHECK),
        ({"budget": D(20)}, "5", CHECK),
        ({"spent": D(20), "budget": D(0)}, "5", CHECK),
        ({"spent": D(20), "budget": D(100)}, "5", replace(CHECK, row="9.9")),
    ],
)
def test_no_contradiction_where_the_rate_is_high_enough_unknown_or_nothing_is_claimed(figures, points, check):
    checked = replace(SMALL, checks=(check,))
    answers = FULL | {"2.1": Answer(points=D(points), reason="迟报")}
    assert "F144" not in {one.code for one in findings(checked, answers=answers, figures=figures)}


def test_matters_of_the_band_need_text_and_points_and_had_better_have_a_basis():
    matters = (
        Adjustment(matter=" ", basis="文", points=D(1)),
        Adjustment(matter="表彰", basis="文", points=None),
        Adjustment(matter="试点", basis=" ", points=D(2)),
        Adjustment(matter="试点", basis="文", points=D(1)),
        Adjustment(matter="通报", basis="文", points=D(-11)),
    )
    found = findings(adjustments=matters)
    assert codes(found) == [
        "F151 adjustment.0",
        "F152 adjustment.1",
        "F206 3.1",
        "F207 adjustment.2",
        "F205 adjustment.3",
    ]
    assert "第 4 项“试点”与第 3 项是同一事项" in found[4].message
    assert "扣分合计 11 分，超过上限，只计 10 分" in found[2].message


def test_a_form_without_a_band_finds_nothing_in_matters():
    no_band = replace(SMALL, categories=SMALL.categories[:2])
    assert findings(no_band, adjustments=(Adjustment(matter=""),)) == ()


def test_full_marks_everywhere_and_a_high_total_are_worth_a_second_look():
    found = findings(answers=FULL | {"2.1": Answer(points=D(5))})
    assert codes(found) == ["F201 form", "F202 form"]
    assert {one.level for one in found} == {Level.VERIFY}


def test_one_reason_for_five_rows_is_worth_a_second_look_and_for_four_is_not():
    rows = [row(f"1.{number}", "2", CHECKLIST) for number in range(1, 6)]
    many = form(category("一", *rows), rules=policy(base="10"))
    answers = {one.code: Answer(ticks=(True, False), reason=" 迟 报 ") for one in rows}
    found = only(findings(many, answers=answers))
    assert (found.code, found.place) == ("F203", "1.1")
    assert "第 1.1、1.2、1.3、1.4、1.5 行的扣分原因一模一样：“迟 报”" in found.message
    assert findings(many, answers=answers | {"1.3": Answer(ticks=(True, False), reason="缺")}) == ()


@pytest.mark.parametrize(
    ("answer", "differs"),
    [
        (Answer(value=D("0.3")), True),
        (Answer(value=D("0.2")), False),
        (Answer(value=D("0.20000000000000000000")), False),
        (Answer(numerator=D(110)), True),
        (Answer(numerator=D(120), denominator=D(100)), False),
        (Answer(denominator=D(0)), False),
        (Answer(value=D("0.3"), override=Override(points=D(1), reason="核定")), False),
    ],
)
def test_rates_and_amounts_typed_against_the_figures_are_pointed_out(answer, differs):
    answers = FULL | {"1.2": replace(answer, reason="追加")}
    found = findings(answers=answers, figures={"final": D(120), "budget": D(100)})
    assert ("F204 1.2" in codes(found)) is differs


def test_a_typed_rate_has_nothing_to_differ_from_without_figures_or_on_a_row_with_its_own_amounts():
    assert findings(answers=FULL | {"1.2": Answer(value=D("0.05"))}, figures={"final": D(1)}) == ()
    own = form(category("一", row("1.1", "10", THRESHOLD)), rules=policy(base="10"))
    assert "F204" not in {one.code for one in findings(own, answers={"1.1": Answer(value=D("0.001"))})}


def test_stray_rates_on_rows_without_rates_are_not_looked_at():
    assert findings(answers=FULL | {"1.1": Answer(met=True, value=D(1))}) == ()


def test_declared_numbers_that_differ_are_pointed_out_with_the_most_telling_cause():
    declared = Declared(
        points={"1.1": D(1), "1.2": D(3)},
        full_points={"2.1": D(6)},
        subtotals={"一": D(5), "二": D(5)},
        total=D(9),
    )
    found = findings(declared=declared)
    assert codes(found) == ["F208 1.1", "F209 二", "F212 2.1", "F211 form"]
    assert "填列的是 5 分，各行得分合计是 4 分，相差 1 分；可能直接填了该类分值。" in found[1].message
    assert {one.level for one in found} == {Level.VERIFY}


def test_a_declared_total_is_compared_with_the_computed_one():
    assert codes(findings(declared=Declared(total=D(8)))) == ["F210 form"]
    assert findings(declared=Declared(total=D(9))) == ()


def test_declared_points_of_a_blank_row_are_left_to_the_finding_of_the_blank():
    found = findings(answers={"1.2": FULL["1.2"], "2.1": FULL["2.1"]}, declared=Declared(points={"1.1": D(2)}))
    assert codes(found) == ["F101 1.1"]


def test_provisional_points_and_unverified_rows_are_hints():
    unverified = form(
        category("一", row("1.1", "5", JUDGED, provenance=Provenance.LOST), row("1.2", "5", JUDGED)),
        rules=policy(base="10", not_applicable=NotApplicablePolicy.AVERAGE),
    )
    answers = {"1.1": Answer(points=D(4), reason="迟"), "1.2": Answer(not_applicable="无")}
    found = findings(unverified, answers=answers)
    assert codes(found) == ["F301 1.2", "F302 form"]
    assert {one.level for one in found} == {Level.HINT}
    assert "有 1 行" in found[1].message


def test_findings_come_errors_first_and_then_in_printed_order():
    found = findings(
        unit=Unit(),
        answers={"1.1": Answer(met=False), "2.1": Answer(points=D(5))},
        adjustments=(Adjustment(matter="甲", points=None),),
    )
    assert codes(found)[-3:] == ["F111 1.2", "F152 adjustment.0", "F207 adjustment.0"]
    assert codes(found)[7:10] == ["F107 figure.budget", "F107 figure.final", "F103 1.1"]
    assert [one.level for one in found] == [Level.ERROR] * 12 + [Level.VERIFY]
    assert LEVEL_NAMES[found[0].level] == "错误"


def test_every_finding_has_a_code_that_is_worded():
    found = findings(unit=Unit(), answers={}, figures={})
    assert {one.code for one in found} <= set(MESSAGES)


@pytest.mark.parametrize(
    "after",
    [
        Entries(unit=UNIT, answers=FULL),
        Entries(unit=UNIT, answers=FULL | {"2.1": Answer(points=D(3))}),
        Entries(unit=UNIT, answers=FULL, figures={"budget": D(100), "final": D(120)}),
        Entries(),
    ],
)
def test_a_memo_changes_no_finding(after):
    memo = FindingMemo()
    before = Entries(unit=UNIT, answers=FULL | {"1.2": Answer(value=D("0.05"))})
    find(SMALL, before, score(SMALL, before), memo)
    card = score(SMALL, after)
    assert find(SMALL, after, card, memo) == find(SMALL, after, card)


def test_a_memo_notices_renamed_figures():
    memo = FindingMemo()
    entries = Entries(unit=UNIT)
    find(SMALL, entries, score(SMALL, entries), memo)
    renamed = replace(SMALL, figures=tuple(replace(one, name=f"新{one.name}") for one in SMALL.figures))
    card = score(renamed, entries)
    assert find(renamed, entries, card, memo) == find(renamed, entries, card)


def test_a_form_of_every_year_takes_any_year_but_wants_one():
    every_year = replace(SMALL, year=None)
    assert findings(every_year, unit=replace(UNIT, year="2031")) == ()
    assert codes(findings(every_year, unit=replace(UNIT, year=""))) == ["F131 unit.year"]
