from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_builders import ALL_OR_NOTHING, BAND, JUDGED, D, category, form, policy, row

from selfassess.domain.entries import Adjustment, Answer, Declared, Entries
from selfassess.domain.filed import FiledCategory, FiledForm, FiledRow
from selfassess.intake.tsv import read
from selfassess.scoring import score
from selfassess.scoring.causes import Addend, likely_causes, swaps
from selfassess.scoring.reconciliation import (
    NOTHING_COMPUTED,
    Comparison,
    Quantity,
    Reconciliation,
    reconcile,
    reconcile_entries,
)

TRANSCRIPTION = Path(__file__).parents[2] / "golden" / "annex-2022-transcription.tsv"


def filed_row(code: str, full: str | None, points: str | None) -> FiledRow:
    return FiledRow(
        code=code, name=f"指标{code}", full_points=D(full) if full else None, points=D(points) if points else None
    )


def filed_category(
    code: str, full: str | None, subtotal: str | None, *rows: FiledRow, in_base: bool = True
) -> FiledCategory:
    return FiledCategory(
        code=code,
        title=f"类别{code}",
        full_points=D(full) if full else None,
        subtotal=D(subtotal) if subtotal else None,
        rows=rows,
        in_base=in_base,
    )


def filed(*categories: FiledCategory, full: str | None = None, total: str | None = None) -> FiledForm:
    return FiledForm(
        name="表",
        categories=categories,
        total_full_points=D(full) if full else None,
        total=D(total) if total else None,
    )


def of(found: Reconciliation, quantity: Quantity, place: str = "form") -> Comparison:
    return next(one for one in found.comparisons if one.quantity is quantity and one.place == place)


# --- the annex of 2022 as filed


def test_the_annex_of_2022_states_90_point_5_against_96_point_5_and_104_point_5():
    found = reconcile(read(TRANSCRIPTION))
    without, with_band = of(found, Quantity.TOTAL_WITHOUT_BAND), of(found, Quantity.TOTAL_WITH_BAND)
    assert (without.declared, without.computed, without.difference) == (D("90.5"), D("96.5"), D(-6))
    assert (with_band.declared, with_band.computed, with_band.difference) == (D("90.5"), D("104.5"), D(-14))
    assert without.causes == ("差额 6 分正好等于第 1.1 行“重大决策执行情况”的分数，可能漏加了",)
    assert with_band.causes == (
        "差额 14 分正好等于“预算绩效管理”小计、第 3.2 行“收入执行管理”的分数，可能漏加了其中一处",
    )


def test_every_category_of_the_annex_of_2022_that_differs_is_listed():
    found = reconcile(read(TRANSCRIPTION))
    sums = {one.place: (one.declared, one.computed) for one in found.differing if one.quantity is Quantity.SUBTOTAL}
    assert sums == {
        "一": (D(10), D(9)),
        "二": (D(24), D(25)),
        "三": (D(34), D(38)),
        "四": (D(14), D(12)),
        "五": (D("4.5"), D(5)),
        "六": (D(5), D(4)),
    }
    full = {one.place for one in found.differing if one.quantity is Quantity.CATEGORY_FULL_POINTS}
    assert full == {"一", "三", "四", "六"}


def test_the_annex_of_2022_prints_10_for_100_full_points():
    found = of(reconcile(read(TRANSCRIPTION)), Quantity.TOTAL_FULL_POINTS)
    assert (found.declared, found.computed) == (D(10), D(100))
    assert found.causes == ("可能漏写了 0 或写错小数点（10 应为 100）",)


# --- single sums


def test_a_form_that_adds_up_has_nothing_differing():
    found = reconcile(
        filed(
            filed_category("一", "5", "4", filed_row("1.1", "3", "2"), filed_row("1.2", "2", "2")), full="5", total="4"
        )
    )
    assert found.differing == ()
    assert all(one.agrees and one.causes == () for one in found.comparisons)


def test_a_total_equal_to_the_sum_with_the_band_is_right():
    band = filed_category("二", "10", "8", in_base=False)
    base = filed_category("一", "5", "4", filed_row("1.1", "5", "4"))
    assert reconcile(filed(base, band, total="12")).differing == ()
    assert reconcile(filed(base, band, total="4")).differing == ()
    wrong = reconcile(filed(base, band, total="13")).differing
    assert [one.quantity for one in wrong] == [Quantity.TOTAL_WITHOUT_BAND, Quantity.TOTAL_WITH_BAND]


def test_each_of_the_two_totals_says_that_the_band_was_counted_or_not():
    band = filed_category("二", "10", "8", in_base=False)
    base = filed_category("一", "5", "4", filed_row("1.1", "5", "4"))
    counted = reconcile(filed(base, band, total="12"))
    assert "可能计入了类别二 8 分" in of(counted, Quantity.TOTAL_WITHOUT_BAND).causes
    left_out = reconcile(filed(base, band, total="4"))
    assert "可能没有计入类别二 8 分" in of(left_out, Quantity.TOTAL_WITH_BAND).causes


def test_a_subtotal_equal_to_the_full_points_says_so():
    found = reconcile(filed(filed_category("一", "5", "5", filed_row("1.1", "5", "4"))))
    assert of(found, Quantity.SUBTOTAL, "一").causes[0] == "可能直接填了该类分值"


def test_a_subtotal_made_of_full_points_says_so():
    rows = (filed_row("1.1", "3", "1"), filed_row("1.2", "3", "3"))
    found = of(reconcile(filed(filed_category("一", None, "6", *rows))), Quantity.SUBTOTAL, "一")
    assert "可能按各行分值相加，没有按得分相加" in found.causes


def test_a_total_made_of_rows_says_so():
    categories = (
        filed_category("一", "5", "5", filed_row("1.1", "5", "4")),
        filed_category("二", "5", "5", filed_row("2.1", "5", "3")),
    )
    assert (
        "可能按各行得分相加，没有按小计相加"
        in of(reconcile(filed(*categories, total="7")), Quantity.TOTAL_WITHOUT_BAND).causes
    )


def test_rows_above_their_full_points_are_listed():
    found = reconcile(filed(filed_category("一", "5", "6", filed_row("1.1", "5", "6"))))
    assert of(found, Quantity.ROW_POINTS, "1.1").difference == D(1)


def test_empty_cells_are_not_compared_and_are_counted_among_the_causes():
    rows = (filed_row("1.1", "3", None), filed_row("1.2", None, "2"))
    found = reconcile(filed(filed_category("一", "5", "4", *rows)))
    assert "该类有 1 行没有填得分" in of(found, Quantity.SUBTOTAL, "一").causes
    assert reconcile(filed(filed_category("一", None, None, *rows))).comparisons == ()


def test_categories_without_a_printed_subtotal_count_with_the_sum_of_their_rows():
    found = reconcile(filed(filed_category("一", "5", None, filed_row("1.1", "5", "4")), total="4"))
    assert of(found, Quantity.TOTAL_WITHOUT_BAND).agrees


def test_full_points_of_the_total_row_are_the_sum_of_the_base():
    found = reconcile(filed(filed_category("一", "60", None), filed_category("二", None, None), full="60"))
    assert of(found, Quantity.TOTAL_FULL_POINTS).agrees


# --- causes


@pytest.mark.parametrize(
    ("number", "swapped"),
    [("96.5", {"69.5", "95.6"}), ("54", {"45"}), ("5", set()), ("11", set()), ("100", {"10"}), ("-12", {"-21"})],
)
def test_swapping_two_adjacent_digits_of_a_printed_number(number, swapped):
    assert set(swaps(D(number))) == {D(one) for one in swapped}


@given(st.decimals(min_value=0, max_value=1000, places=1))
def test_a_swap_changes_a_number_by_a_multiple_of_nine_tenths_of_a_place(number):
    assert all((swapped - number) * 10 % 9 == 0 for swapped in swaps(number))


def test_a_stated_number_whose_digits_were_swapped_says_so():
    assert likely_causes(D("69.5"), D("96.5"), ()) == ("可能把 96.5 的两个数字写颠倒了",)


def test_an_addend_whose_digits_were_misread_says_so():
    addends = [Addend(name="“编制”小计", points=D(24)), Addend(name="第 1.1 行", points=D(42), inside=False)]
    assert likely_causes(D(68), D(50), addends) == ("相加时可能把“编制”小计的 24 看成了 42",)


def test_a_number_counted_twice_or_left_out_says_so():
    addends = [Addend(name="甲", points=D(3)), Addend(name="乙", points=D(4))]
    assert likely_causes(D(10), D(7), addends) == ("差额 3 分正好等于甲的分数，可能多加了",)
    assert likely_causes(D(3), D(7), addends) == ("差额 4 分正好等于乙的分数，可能漏加了",)


def test_many_equal_numbers_are_counted_rather_than_all_named():
    addends = [Addend(name=f"第 {number} 行", points=D(1)) for number in range(1, 7)]
    (cause,) = likely_causes(D(5), D(6), addends)
    assert cause == "差额 1 分正好等于第 1 行、第 2 行、第 3 行、第 4 行等 6 处的分数，可能漏加了其中一处"


def test_a_lost_or_added_zero_or_point_says_so():
    assert likely_causes(D(965), D("96.5"), ()) == ("可能多写了 0 或漏写小数点（965 应为 96.5）",)
    assert likely_causes(D("0.5"), D(50), ()) == ("可能漏写了 0 或写错小数点（0.5 应为 50）",)
    assert likely_causes(D(5), D(0), ()) == ()


def test_equal_numbers_have_no_cause():
    assert likely_causes(D(5), D(5), [Addend(name="甲", points=D(0))]) == ()


# --- declared numbers of a draft

CATALOGUE = form(
    category("一", row("1.1", "2", ALL_OR_NOTHING), row("1.2", "3", JUDGED), full_points="6"),
    category("二", row("2.1", "5", JUDGED)),
    category("三", row("3.1", "10", BAND)),
    rules=policy(base="10"),
)
ANSWERS = {"1.1": Answer(met=True), "1.2": Answer(points=D(1)), "2.1": Answer(points=D(4))}
MATTERS = (Adjustment(matter="甲", points=D(8)),)


def declared(**stated: object) -> Reconciliation:
    entries = Entries(answers=ANSWERS, adjustments=MATTERS, declared=Declared(**stated))  # type: ignore[arg-type] # by name
    return reconcile_entries(CATALOGUE, entries, score(CATALOGUE, entries))


def test_nothing_declared_is_nothing_compared():
    assert declared().comparisons == ()


def test_declared_rows_are_compared_with_points_and_full_points():
    found = declared(points={"1.2": D(3)}, full_points={"1.2": D(4), "2.1": D(5)})
    points = of(found, Quantity.ROW_POINTS, "1.2")
    assert (points.declared, points.computed, points.causes) == (D(3), D(1), ("可能直接填了该项分值",))
    assert of(found, Quantity.ROW_FULL_POINTS, "1.2").difference == D(1)
    assert of(found, Quantity.ROW_FULL_POINTS, "2.1").agrees


def test_declared_subtotals_are_compared_with_the_scorecard():
    found = declared(subtotals={"一": D(6), "二": D(4), "三": D(8)})
    one = of(found, Quantity.SUBTOTAL, "一")
    assert (one.computed, one.difference) == (D(3), D(3))
    assert one.causes == (
        "可能直接填了该类分值",
        "该类印的分值 6 与各行分值合计 5 也不一致，小计可能是按印的分值算的",
    )
    assert [each.place for each in found.differing] == ["一"]


def test_a_declared_total_is_compared_with_the_scorecard_and_with_the_declared_subtotals():
    found = declared(subtotals={"一": D(6), "二": D(4), "三": D(8)}, total=D(7))
    total = of(found, Quantity.TOTAL)
    assert (total.declared, total.computed) == (D(7), D(15))
    assert total.causes == (
        "可能没有计入加分和扣分",
        "差额 8 分正好等于“类别三”小计、第 3.1 行“指标3.1”的分数，可能漏加了其中一处",
        "填列的小计也有 1 处与计算结果不一致，请先核对小计",
    )
    assert of(found, Quantity.TOTAL_WITHOUT_BAND).computed == D(10)
    assert of(found, Quantity.TOTAL_WITH_BAND).computed == D(18)


def test_a_declared_total_without_all_subtotals_is_compared_with_the_scorecard_only():
    found = declared(subtotals={"一": D(3)}, total=D(15))
    assert [one.quantity for one in found.comparisons] == [Quantity.SUBTOTAL, Quantity.TOTAL]
    assert found.differing == ()


def test_what_has_no_computed_twin_has_no_difference():
    excluded = {code: Answer(not_applicable="无") for code in ANSWERS}
    stated = Declared(points={"1.1": D(2)}, subtotals={"一": D(2)}, total=D(2))
    entries = Entries(answers=excluded, declared=stated)
    found = reconcile_entries(CATALOGUE, entries, score(CATALOGUE, entries))
    assert [(one.computed, one.difference, one.agrees) for one in found.comparisons] == [(None, None, False)] * 3
    assert {one.causes for one in found.comparisons} == {(NOTHING_COMPUTED,)}
