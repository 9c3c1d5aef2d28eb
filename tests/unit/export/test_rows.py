"""What the annex says, row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from selfassess.domain.catalogue import ColumnKey, Grade, NotApplicablePolicy
from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.export.rows import Annex, AnnexRow, RowKind, printed_date


def row(annex: Annex, code: str, kind: RowKind = RowKind.INDICATOR) -> AnnexRow:
    return next(each for each in annex.rows if each.code == code and each.kind is kind)


def cell(annex: Annex, code: str, key: ColumnKey, kind: RowKind = RowKind.INDICATOR) -> str:
    place = annex.index(key)
    assert place is not None
    return row(annex, code, kind).texts[place]


def total(annex: Annex, key: ColumnKey) -> str:
    return cell(annex, "", key, RowKind.TOTAL)


def test_rows_stand_in_printed_order_each_category_before_its_rows_and_the_total_last(forms):
    annex = forms.annex(forms.plain)

    assert [(each.kind.value, each.code) for each in annex.rows] == [
        ("category", "一"),
        ("indicator", "1.1"),
        ("indicator", "1.2"),
        ("category", "二"),
        ("indicator", "2.1"),
        ("indicator", "2.2"),
        ("category", "三"),
        ("indicator", "3.1"),
        ("total", ""),
    ]
    assert all(len(each.texts) == 10 for each in annex.rows)


def test_points_and_subtotals_stand_in_two_different_columns(forms):
    entries = Entries(answers=forms.judged(r1_1="1.5", r1_2="2"))
    annex = forms.annex(forms.plain, entries)

    assert cell(annex, "1.1", ColumnKey.POINTS) == "1.5"
    assert cell(annex, "1.1", ColumnKey.SUBTOTAL) == ""
    assert cell(annex, "一", ColumnKey.SUBTOTAL, RowKind.CATEGORY) == "3.5"
    assert cell(annex, "一", ColumnKey.POINTS, RowKind.CATEGORY) == ""
    assert cell(annex, "一", ColumnKey.FULL_POINTS, RowKind.CATEGORY) == "4"
    assert row(annex, "一", RowKind.CATEGORY).subtotal == Decimal("3.5")


def test_a_form_without_a_subtotal_column_shows_subtotals_among_the_points(forms):
    plain = forms.plain
    columns = tuple(column for column in plain.columns if column.key is not ColumnKey.SUBTOTAL)
    annex = forms.annex(replace(plain, columns=columns), Entries(answers=forms.judged(r1_1="1.5")))

    assert cell(annex, "一", ColumnKey.POINTS, RowKind.CATEGORY) == "1.5"
    assert total(annex, ColumnKey.POINTS) == "1.5"


def test_an_empty_form_has_room_for_every_number_and_none_printed(forms):
    annex = forms.annex(forms.plain)

    for code, kind in (
        ("1.1", RowKind.INDICATOR),
        ("一", RowKind.CATEGORY),
        ("三", RowKind.CATEGORY),
        ("", RowKind.TOTAL),
    ):
        assert cell(annex, code, ColumnKey.POINTS, kind) == ""
        assert cell(annex, code, ColumnKey.SUBTOTAL, kind) == ""
    assert "未填" not in total(annex, ColumnKey.METHOD)


def test_zero_is_printed_and_blank_is_not(forms):
    annex = forms.annex(forms.plain, Entries(answers=forms.judged(r1_1="0")))

    assert cell(annex, "1.1", ColumnKey.POINTS) == "0"
    assert cell(annex, "1.2", ColumnKey.POINTS) == ""
    assert cell(annex, "一", ColumnKey.SUBTOTAL, RowKind.CATEGORY) == "0"
    assert cell(annex, "二", ColumnKey.SUBTOTAL, RowKind.CATEGORY) == ""
    assert cell(annex, "三", ColumnKey.SUBTOTAL, RowKind.CATEGORY) == "0"


def test_an_unfinished_form_says_so_beside_its_total(forms):
    annex = forms.annex(forms.plain, Entries(answers=forms.judged(r1_1="2")))

    assert total(annex, ColumnKey.SUBTOTAL) == "2"
    assert "尚有3项未填" in total(annex, ColumnKey.METHOD)


def test_base_bonus_and_deduction_are_told_apart_in_the_total_row(forms):
    entries = Entries(
        answers=forms.judged(r1_1="2", r1_2="2", r2_1="2", r2_2="1.5"),
        adjustments=(Adjustment(matter="获奖", points=Decimal(5)), Adjustment(matter="通报", points=Decimal(-1))),
    )
    annex = forms.annex(forms.plain, entries)

    assert "基础分7.5分，加分5分，扣分1分，总分11.5分。" in total(annex, ColumnKey.METHOD)
    assert total(annex, ColumnKey.SUBTOTAL) == "11.5"
    assert total(annex, ColumnKey.METHOD).startswith("（不含加分扣分。）")


def test_the_converted_total_is_stated_where_rows_are_left_out(forms):
    answers = {**forms.judged(r1_1="2", r1_2="2", r2_1="1"), "2.2": Answer(not_applicable="无此业务")}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    assert "适用分值6分，折算总分6.67分。" in total(annex, ColumnKey.METHOD)


def test_a_form_whose_rows_are_all_left_out_has_no_score(forms):
    answers = {code: Answer(not_applicable="无") for code in ("1.1", "1.2", "2.1", "2.2")}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    assert total(annex, ColumnKey.SUBTOTAL) == ""
    assert "没有得分" in total(annex, ColumnKey.METHOD)
    assert cell(annex, "一", ColumnKey.SUBTOTAL, RowKind.CATEGORY) == "不涉及"


def test_equal_neighbours_in_the_first_column_are_one_cell(forms):
    catalogue = forms.form(
        ("甲", [forms.indicator(f"1.{n}", content) for n, content in enumerate("子子丑子", 1)]),
        ("乙", [forms.indicator("2.1", "子"), forms.indicator("2.2", ""), forms.indicator("2.3", "")]),
    )
    annex = forms.annex(catalogue)

    covered = [each.content_rows for each in annex.rows if each.kind is RowKind.INDICATOR]
    assert covered == [2, 0, 1, 1, 1, 1, 1], "not across categories, and empty cells stay apart"


def test_a_category_takes_the_first_two_columns_and_the_total_takes_the_middle(forms):
    annex = forms.annex(forms.plain)

    assert row(annex, "一", RowKind.CATEGORY).merges == ((0, 1),)
    assert row(annex, "", RowKind.TOTAL).merges == ((0, 1), (3, 6))
    assert row(annex, "1.1").merges == ()


def test_columns_that_are_no_neighbours_are_not_merged(forms):
    columns = {column.key: column for column in forms.plain.columns}
    order = (ColumnKey.NAME, ColumnKey.FULL_POINTS, ColumnKey.CONTENT, ColumnKey.POINTS)
    annex = forms.annex(replace(forms.plain, columns=tuple(columns[key] for key in order)))

    assert row(annex, "一", RowKind.CATEGORY).merges == ()
    assert row(annex, "一", RowKind.CATEGORY).texts == ("", "4", "一、制度建设", "")


def test_a_form_without_a_method_column_says_its_total_note_in_the_remark(forms):
    columns = tuple(column for column in forms.plain.columns if column.key is not ColumnKey.METHOD)
    annex = forms.annex(replace(forms.plain, columns=columns))

    assert total(annex, ColumnKey.REMARK) == "（不含加分扣分。）"


def test_a_deduction_is_named_with_its_points_and_its_reason(forms):
    answers = {"1.1": Answer(points=Decimal("0.5"), reason="材料不全", remark="见附件2")}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    assert cell(annex, "1.1", ColumnKey.REMARK) == "扣1.5分：材料不全\n见附件2"


def test_a_reason_without_a_deduction_is_printed_as_it_is(forms):
    annex = forms.annex(forms.plain, Entries(answers={"1.1": Answer(points=Decimal(2), reason="无扣分")}))

    assert cell(annex, "1.1", ColumnKey.REMARK) == "无扣分"


def test_changed_points_are_printed_with_the_reason_for_the_change(forms):
    answers = {"1.1": Answer(override=Override(points=Decimal(2), reason="按核定数改定"))}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    assert cell(annex, "1.1", ColumnKey.POINTS) == "2"
    assert cell(annex, "1.1", ColumnKey.REMARK) == "改分说明：按核定数改定"


def test_a_row_left_out_says_so_with_its_reason(forms):
    answers = {"1.1": Answer(not_applicable="无此业务"), "1.2": Answer(not_applicable="")}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    assert cell(annex, "1.1", ColumnKey.POINTS) == "不涉及"
    assert cell(annex, "1.1", ColumnKey.REMARK) == "不涉及：无此业务"
    assert cell(annex, "1.2", ColumnKey.REMARK) == "不涉及"
    assert row(annex, "1.1").points is None


def test_points_that_wait_for_an_average_are_printed_as_provisional(forms):
    plain = forms.plain
    catalogue = replace(plain, policy=replace(plain.policy, not_applicable=NotApplicablePolicy.AVERAGE))
    answers = {**forms.judged(r1_1="1", r1_2="2"), "2.1": Answer(not_applicable="无此业务")}
    annex = forms.annex(catalogue, Entries(answers=answers))

    assert cell(annex, "2.1", ColumnKey.POINTS) == "1.5"
    assert "暂计" in cell(annex, "2.1", ColumnKey.REMARK)
    assert "其中1项为暂计得分" in total(annex, ColumnKey.METHOD)


def test_a_matter_that_does_not_count_says_so_on_paper(forms):
    matters = (
        Adjustment(matter="获先进单位", basis="藏财〔2022〕1号", points=Decimal(3)),
        Adjustment(matter="获先进 单位", basis="经验材料", points=Decimal(1)),
    )
    annex = forms.annex(forms.plain, Entries(adjustments=matters))

    assert cell(annex, "3.1", ColumnKey.REMARK).split("\n") == [
        "1.获先进单位（加3分；依据：藏财〔2022〕1号）",
        "2.获先进 单位（加1分；依据：经验材料；与第1项同一事项，不计）",
    ]
    assert cell(annex, "3.1", ColumnKey.POINTS) == "3"


def test_matters_of_the_band_are_listed_with_points_and_basis(forms):
    matters = (
        Adjustment(matter="获先进单位", basis="藏财〔2022〕1号", points=Decimal("2.5")),
        Adjustment(matter="被通报", points=Decimal(-1)),
        Adjustment(matter="待定"),
    )
    annex = forms.annex(forms.plain, Entries(answers=forms.judged(r1_1="2"), adjustments=matters))

    assert cell(annex, "3.1", ColumnKey.REMARK).split("\n") == [
        "1.获先进单位（加2.5分；依据：藏财〔2022〕1号）",
        "2.被通报（扣1分）",
        "3.待定",
    ]
    alone = forms.annex(forms.plain, Entries(adjustments=matters[:1]))
    assert cell(alone, "3.1", ColumnKey.REMARK).startswith("获先进单位"), "a single matter needs no number"


def test_over_the_table_stand_unit_class_date_and_the_unit_of_the_numbers(forms):
    unit = Unit(name="外事办公室", unit_class="A", date="2023-01-05")
    annex = forms.annex(forms.plain, Entries(unit=unit))

    assert (annex.head_left, annex.head_middle, annex.head_right) == (
        "填报单位：外事办公室",
        "单位类别：A类　填报日期：2023年1月5日",
        "单位：分",
    )
    assert forms.annex(forms.plain).head_middle == ""


@pytest.mark.parametrize(
    ("entered", "printed"),
    [
        ("2023-01-05", "2023年1月5日"),
        (" 2023-12-31 ", "2023年12月31日"),
        ("元月五日", "元月五日"),
        ("2023-13-01", "2023-13-01"),
    ],
)
def test_dates_are_printed_without_leading_zeros_and_other_texts_as_they_are(entered, printed):
    assert printed_date(entered) == printed


def test_several_notes_are_numbered_and_a_single_one_is_not(forms):
    assert forms.annex(forms.plain).notes == ("1.第一条说明。", "2.第二条说明。")
    assert forms.annex(replace(forms.plain, notes=("只有一条。",))).notes == ("只有一条。",)
    numbered = ("1、已经编号。", "2、已经编号。")
    assert forms.annex(replace(forms.plain, notes=numbered)).notes == numbered


def test_an_edition_for_study_says_on_paper_that_it_is_not_for_filing(forms):
    annex = forms.annex(replace(forms.plain, for_filing=False))

    assert annex.notes[-1] == "3.本表所用指标体系版本（small/1）仅供研究，不作报送之用。"


def test_the_sign_off_block_is_there_only_when_it_is_wanted(forms):
    unit = Unit(preparer="扎西", reviewer="李明", head="王芳", phone="0891-6812345", date="2023-01-05")
    entries = Entries(unit=unit)

    assert forms.annex(forms.plain, entries).sign_off == ()
    assert [value for _, value in forms.annex(forms.plain, entries, sign_off=True).sign_off] == [
        "扎西",
        "李明",
        "王芳",
        "0891-6812345",
        "2023年1月5日",
    ]


def test_the_footer_names_unit_year_edition_and_check_code(forms):
    footer = forms.annex(forms.plain, Entries(unit=Unit(name="外事办公室", year="2023"))).footer

    assert (footer.unit, footer.year, footer.catalogue) == ("外事办公室", "2023", "small/1")
    assert forms.annex(forms.plain).footer.year == "2022", "the form's year while none is entered"


def test_a_grade_is_printed_in_the_total_row_of_a_finished_form(forms):
    plain = forms.plain
    graded = replace(plain, policy=replace(plain.policy, grades=(Grade(name="优", at_least=Decimal(7)),)))
    finished = Entries(answers=forms.judged(r1_1="2", r1_2="2", r2_1="2", r2_2="2"))

    assert "等级：优。" in total(forms.annex(graded, finished), ColumnKey.METHOD)
    unfinished = Entries(answers=forms.judged(r1_1="2", r1_2="2", r2_1="2"))
    assert "等级" not in total(forms.annex(graded, unfinished), ColumnKey.METHOD)
