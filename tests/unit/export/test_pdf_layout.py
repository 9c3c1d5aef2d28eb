"""Which rows stand on which page: kept together, headings repeated, tall rows split without loss."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.errors import ExportError
from selfassess.export.profile import NATIONAL, OFFICE
from selfassess.export.rows import RowKind


def packed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def pages(printer, pdf_reader):
    """The texts of an annex's pages, without blanks."""

    def read(annex, profile=NATIONAL) -> list[str]:
        return [packed(page.text) for page in pdf_reader.pages(printer.render(annex, profile))]

    return read


HEADER = "考核内容指标指标值计算方法"


def test_the_header_stands_on_every_page_of_the_table(forms, pages):
    rows = [forms.indicator(f"1.{number}") for number in range(1, 60)]

    found = pages(forms.annex(forms.form(("甲", rows))))

    assert len(found) > 3
    assert all(page.count(HEADER) == 1 for page in found)


def test_a_page_that_begins_inside_a_category_repeats_its_heading(forms, pages):
    rows = [forms.indicator(f"1.{number}") for number in range(1, 40)]

    first, *others = pages(forms.annex(forms.form(("制度建设", rows), ("预算执行", [forms.indicator("2.1")]))))

    assert "一、制度建设（续）" not in first
    assert all("一、制度建设（续）" in page for page in others if "指标1." in page)


def test_a_page_that_begins_with_a_category_does_not_repeat_the_one_before(forms, pages):
    # Headings are never last on a page, so that with one row a category a page always begins with a heading.
    categories = [(f"第{number}类", [forms.indicator(f"{number}.1")]) for number in range(1, 10)]

    found = pages(forms.annex(forms.form(*categories)), replace(NATIONAL, body_size=14))

    assert len(found) > 2
    assert not any("（续）" in page for page in found)


@pytest.mark.parametrize("count", range(3, 30))
def test_a_heading_stays_with_its_first_row_and_the_total_with_the_last(forms, pages, count):
    before = [forms.indicator(f"1.{number}") for number in range(1, count)]
    annex = forms.annex(forms.form(("甲", before), ("乙", [forms.indicator("2.1"), forms.indicator("2.2")])))

    found = pages(annex)

    assert next(page for page in found if "二、乙" in page).count("指标2.1")
    (last,) = [page for page in found if "合计" in page]
    assert "指标2.2" in last
    assert "第二条说明" in last, "notes stand with the total"


def test_an_equal_first_cell_is_printed_once_on_each_page_it_reaches(forms, pages):
    rows = [forms.indicator(f"1.{number}", "（一）同一内容") for number in range(1, 40)]

    for page in pages(forms.annex(forms.form(("甲", rows)))):
        assert page.count("（一）同一内容") == 1


def test_a_first_cell_that_needs_more_room_than_its_rows_makes_the_last_of_them_grow(forms, pages):
    content = "（一）" + "很长的考核内容" * 12
    rows = [forms.indicator(f"1.{number}", content) for number in (1, 2)]

    (page, *_) = pages(forms.annex(forms.form(("甲", rows))))

    assert content in page


def test_a_first_cell_taller_than_half_a_page_is_printed_whole(forms, pages):
    content = "（一）" + "很长的考核内容" * 150
    rows = [forms.indicator(f"1.{number}", content) for number in (1, 2, 3)]

    text = "".join(pages(forms.annex(forms.form(("甲", rows)))))

    assert text.count("很长的考核内容") >= 140
    assert all(f"指标1.{number}" in text for number in (1, 2, 3))


def test_a_remark_of_5000_characters_is_printed_whole_and_in_order(forms, printer, pdf_reader):
    remark = "".join(f"第{number}句说明，内容不少。" for number in range(1, 450))
    assert len(remark) > 5000
    annex = forms.annex(forms.plain, Entries(answers={"1.2": Answer(points=Decimal(2), remark=remark)}))

    pages = pdf_reader.pages(printer.render(annex, NATIONAL), boxes=True)

    # Only the remark's column, page by page; its header is the same on each page.
    left = pages[1].width - 37 / 25.4 * 72 - 32 / 25.4 * 72 * (225 / 225)
    column = "".join(
        character.text
        for page in pages
        for character in page.characters
        if character.left > left and character.bottom > 70
    )
    column = column.replace("备注", "").split("填报")[-1]
    assert remark in column


def test_the_name_of_a_split_row_is_repeated_on_every_page_it_reaches(forms, pages):
    annex = forms.annex(forms.plain, Entries(answers={"1.2": Answer(remark="说明。" * 700)}))

    found = [page for page in pages(annex) if page.count("说明。") > 20]

    assert len(found) > 3
    assert "指标1.2" in found[0]
    assert all("指标1.2（续）" in page for page in found[1:])


def test_rows_that_fit_on_a_page_are_never_split(forms, pages):
    rows = [
        forms.indicator(f"1.{number}", f"内容{number}", method="计算方法说明。" * (number % 17))
        for number in range(1, 80)
    ]

    text = "".join(pages(forms.annex(forms.form(("甲", rows)))))

    assert "指标" + "1.79" in text
    assert not any(f"指标1.{number}（续）" in text for number in range(1, 80))


def test_a_category_taller_than_a_page_goes_on(forms, pages):
    rows = [forms.indicator(f"1.{number}", method="办法。" * 300) for number in range(1, 8)]

    text = "".join(pages(forms.annex(forms.form(("甲", rows)))))

    assert text.count("办") == 7 * 300
    assert "一、甲（续）" in text


def test_a_heading_taller_than_a_page_is_printed_and_not_repeated(forms, pages):
    title = "标" * 2000

    text = "".join(pages(forms.annex(forms.form((title, [forms.indicator("1.1"), forms.indicator("1.2")])))))

    assert text.count("标" * 5) * 5 >= 1900
    assert "指标1.2" in text


def test_one_row_is_one_page(forms, pages):
    (page,) = pages(forms.annex(forms.form(("甲", [forms.indicator("1.1")]))))

    assert HEADER in page
    assert "合计" in page


def test_a_form_without_rows_has_its_title_and_its_header(forms, pages):
    annex = replace(forms.annex(forms.plain), rows=())

    (page,) = pages(annex)

    assert "2022年度自评表" in page
    assert HEADER in page


def test_four_hundred_rows_are_all_printed_once(forms, pages):
    rows = [forms.indicator(f"1.{number}", f"（{number}）") for number in range(1, 401)]

    text = "".join(pages(forms.annex(forms.form(("甲", rows))), OFFICE))

    for number in range(1, 401):
        assert text.count(f"（{number}）指标1.{number}2") == 1


def test_a_unit_without_a_name_leaves_its_line_open(forms, pages):
    (page, *_) = pages(forms.annex(forms.plain))

    assert "填报单位：单位：分" in page


def test_a_long_name_of_a_unit_becomes_smaller_then_takes_a_line_of_its_own(forms, pages):
    for length in (20, 45, 90, 400):
        name = ("西藏自治区人民政府外事办公室" * 40)[:length]
        entries = Entries(unit=Unit(name=name, unit_class="B", date="2023-01-05"))
        text = "".join(pages(forms.annex(forms.plain, entries)))

        assert f"填报单位：{name}" in text
        assert "2022年度small/1" in text
        assert "单位类别：B类填报日期：2023年1月5日" in text


def test_a_long_title_is_printed_on_several_lines_of_like_length(forms, pages):
    title = "关于2022年度自治区本级部门预算管理绩效考核自评工作情况以及所属预算单位汇总情况的自评表"

    (page, *_) = pages(forms.annex(replace(forms.plain, title=title)))

    assert title in page


def test_a_title_that_fills_the_first_page_leaves_the_table_to_the_second(forms, pages):
    unit = Unit(name="名称很长的填报单位" * 240)
    found = pages(forms.annex(forms.plain, Entries(unit=unit)))

    assert "名称很长的填报单位" in found[0]
    assert HEADER not in found[0]
    assert HEADER in found[1]
    assert "指标1.1" in found[1]


def test_a_title_that_fits_at_no_size_is_refused(forms, printer):
    with pytest.raises(ExportError) as caught:
        printer.render(forms.annex(replace(forms.plain, title="标题" * 5000)), NATIONAL)

    assert caught.value.code == "E414"


def test_a_units_name_that_fills_the_page_is_refused(forms, printer):
    with pytest.raises(ExportError) as caught:
        printer.render(forms.annex(forms.plain, Entries(unit=Unit(name="名" * 5000))), NATIONAL)

    assert caught.value.code == "E414"


def test_a_form_without_a_label_begins_with_its_title(forms, pages):
    (page, *_) = pages(forms.annex(replace(forms.plain, annex_label="")))

    assert page.startswith("2022年度自评表")


def test_a_label_of_several_lines_pushes_the_title_down(forms, printer, pdf_reader):
    entries = Entries(unit=Unit(annex_label="藏外发〔2023〕2号附件" * 6))
    (page, *_) = pdf_reader.pages(printer.render(forms.annex(forms.plain, entries), OFFICE))

    first, rest = page.text.split("2022年度自评表", 1)
    assert first.replace("\n", "") == entries.unit.annex_label
    assert rest


def test_a_label_that_fills_the_page_is_refused(forms, printer):
    with pytest.raises(ExportError) as caught:
        printer.render(forms.annex(forms.plain, Entries(unit=Unit(annex_label="附" * 5000))), NATIONAL)

    assert caught.value.code == "E414"


def test_a_header_that_fills_the_page_is_refused(forms, printer):
    columns = tuple(replace(column, title="栏目" * 300) for column in forms.plain.columns)

    with pytest.raises(ExportError) as caught:
        printer.render(forms.annex(replace(forms.plain, columns=columns)), NATIONAL)

    assert caught.value.code == "E415"


def test_notes_longer_than_a_page_go_on_without_a_table(forms, pages):
    notes = tuple(f"说明{number}：" + "应当如实填报。" * 30 for number in range(1, 30))

    found = pages(forms.annex(replace(forms.plain, notes=notes)))

    text = "".join(found)
    assert text.count("应") == 29 * 30
    assert HEADER not in found[-1]


def test_a_single_note_longer_than_a_page_is_printed_whole(forms, pages):
    text = "".join(pages(forms.annex(replace(forms.plain, notes=("应当如实填报。" * 1500,)))))

    assert text.count("应") == 1500
    assert text.count("注：") == 1


def test_signatures_stand_side_by_side_or_one_under_another_where_names_are_long(forms, pages):
    entries = Entries(unit=Unit(preparer="扎西", head="名字很长的负责人" * 12))

    text = "".join(pages(forms.annex(forms.plain, entries, sign_off=True)))

    assert "填报人：扎西" in text
    assert "名字很长的负责人" * 12 in text


def test_a_column_that_is_too_narrow_still_holds_a_character(forms, pages):
    widths = {ColumnKey.NATURE: Decimal("0.01"), ColumnKey.METHOD: Decimal(500)}
    columns = tuple(replace(column, width=widths.get(column.key, column.width)) for column in forms.plain.columns)

    text = "".join(pages(forms.annex(replace(forms.plain, columns=columns))))

    assert text.count("按完成情况评议打分。") == 5
    assert text.count("定性") == 5


def test_a_number_is_never_printed_in_two_pieces(forms, pages):
    catalogue = forms.form(("甲", [forms.indicator("1.1", points="1234567.125")]))

    text = "".join(pages(forms.annex(catalogue)))

    assert text.count("1234567.125") == 3


def test_remarks_of_rows_outside_the_base_are_printed(forms, pages):
    matters = tuple(Adjustment(matter=f"事项{number}", points=Decimal(1)) for number in range(1, 60))

    text = "".join(pages(forms.annex(forms.plain, Entries(adjustments=matters))))

    assert all(f"{number}.事项{number}（加1分）" in text for number in range(1, 60))


@settings(max_examples=25)
@given(
    lengths=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 4)), min_size=1, max_size=25),
    size=st.sampled_from([6.0, 8.5, 14.0]),
)
def test_whatever_the_rows_are_each_is_printed_in_order(printer, pdf_reader, forms, lengths, size):
    rows = [
        forms.indicator(f"1.{number}", f"内容{group}", method="办" * length)
        for number, (length, group) in enumerate(lengths, 1)
    ]
    annex = forms.annex(forms.form(("甲", rows)))

    text = "".join(
        packed(page.text) for page in pdf_reader.pages(printer.render(annex, replace(NATIONAL, body_size=size)))
    )

    assert text.count("办") == sum(length for length, _ in lengths)
    places = [text.index(f"指标1.{number}2") for number in range(1, len(rows) + 1)]
    assert places == sorted(places)
    assert [row.kind for row in annex.rows].count(RowKind.INDICATOR) == len(rows)
