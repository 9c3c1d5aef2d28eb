"""The workbook as openpyxl reads it: stored values, formulas, layout, locks, validation, and how it is written."""

from __future__ import annotations

import io
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet
from xlsx_forms import AVERAGING, BONUS, DEDUCTION, EXCLUDING, WORKING, Form, answered, codes, example, form

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.domain.numerals import NUMERALS
from selfassess.errors import ExportError
from selfassess.export import xlsx, xlsx_sheet
from selfassess.export.rows import RowKind
from selfassess.export.xlsx import export_xlsx, render_xlsx
from selfassess.export.xlsx_continued import MORE_SHEET
from selfassess.export.xlsx_formulas import formulas
from selfassess.export.xlsx_plan import FIRST_ROW, HEAD_ROW, HEADING_ROW, LABEL_ROW, TITLE_ROW, cleaned, plan

FULL = form(
    EXCLUDING,
    answered(EXCLUDING, "0.83", absent=("2.1", "3.2"), blank=("7.1",), adjustments=(BONUS, DEDUCTION)),
    sign_off=True,
)


def sheet_of(found: Form, *, values: bool = True) -> Worksheet:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # openpyxl warns of what it cannot read
        return openpyxl.load_workbook(io.BytesIO(render_xlsx(*found)), data_only=values)["自评表"]


def column_of(found: Form, key: ColumnKey) -> int:
    at = found[0].index(key)
    assert at is not None
    return at + 1


def rows_of(found: Form, kind: RowKind) -> list[tuple[int, object]]:
    layout = plan(found[0])
    pairs = zip(found[0].rows, layout.rows, strict=True)
    return [(planned.first + 1, row) for row, planned in pairs if row.kind is kind]


# ---------------------------------------------------------------------------------------------------- what stands there


@pytest.mark.parametrize("found", [example(), FULL, form(WORKING, Entries())], ids=["filed", "mixed", "untouched"])
def test_every_stored_value_is_what_the_annex_prints(found: Form):
    sheet = sheet_of(found)
    annex = found[0]
    for row, planned in zip(annex.rows, plan(annex).rows, strict=True):
        covered = {at for first, last in row.merges for at in range(first + 1, last + 1)}
        for at, text in enumerate(row.texts):
            value = sheet.cell(planned.first + 1, at + 1).value
            if at in covered or (at == annex.index(ColumnKey.CONTENT) and row.content_rows == 0):
                assert value is None
            elif isinstance(value, int | float):
                assert Decimal(str(value)) == Decimal(text), (row.code, at)
            else:
                assert (value or "") == text, (row.code, at)


def test_label_title_and_head_stand_over_the_table():
    sheet, annex = sheet_of(FULL), FULL[0]
    assert sheet.cell(LABEL_ROW + 1, 1).value == annex.label
    assert sheet.cell(TITLE_ROW + 1, 1).value == annex.title
    head = [cell.value for cell in sheet[HEAD_ROW + 1] if cell.value]
    assert head == [annex.head_left, annex.head_right]
    assert [cell.value for cell in sheet[HEADING_ROW + 1]] == [column.title for column in annex.columns]


def test_notes_and_signatures_stand_under_the_table():
    sheet, annex = sheet_of(FULL), FULL[0]
    below = [cell.value for (cell,) in sheet.iter_rows(min_row=plan(annex).end + 1, max_col=1) if cell.value]
    assert below[0] == f"注：{annex.notes[0]}"
    assert len(below) == len(annex.notes) + 1
    assert all(name in below[-1] for name, _ in annex.sign_off)


@pytest.mark.parametrize("found", [example(), FULL], ids=["filed", "mixed"])
def test_subtotals_and_total_are_formulas(found: Form):
    sheet = sheet_of(found, values=False)
    column = column_of(found, ColumnKey.SUBTOTAL)
    for at, _ in rows_of(found, RowKind.CATEGORY) + rows_of(found, RowKind.TOTAL):
        assert str(sheet.cell(at, column).value).startswith("=")
    for at, _ in rows_of(found, RowKind.INDICATOR):
        assert not str(sheet.cell(at, column_of(found, ColumnKey.POINTS)).value).startswith("=")


def test_no_formula_is_longer_than_excel_reads():
    many = tuple(
        replace(WORKING.categories[0], code=code, indicators=(WORKING.categories[0].indicators[0],) * 150)
        for code in NUMERALS
    )
    huge = form(replace(WORKING, categories=many, total_note="长" * 9_000), Entries())
    answered_once = form(replace(WORKING, total_note="长" * 9_000), Entries(answers={"1.1": Answer(points=Decimal(7))}))
    for annex, catalogue, card in (huge, answered_once):
        found = formulas(annex, plan(annex), catalogue, card)
        assert found.names
        assert max(len(formula) for _, formula in found.names) < 8_192
        assert max(len(cell.text) for cell in found.cells.values()) < 8_192


@pytest.mark.parametrize("found", [example(), FULL, form(AVERAGING, Entries())], ids=["filed", "mixed", "untouched"])
def test_no_formula_uses_a_function_that_would_have_to_be_written_in_another_way(found: Form, monkeypatch):
    ours = render_xlsx(*found)
    monkeypatch.setattr(xlsx_sheet, "_worksheet_class", lambda: xlsxwriter.worksheet.Worksheet)

    assert render_xlsx(*found) == ours


def test_a_row_that_is_left_out_says_so_and_a_blank_one_says_nothing():
    sheet = sheet_of(FULL)
    column = column_of(FULL, ColumnKey.POINTS)
    shown = {row.code: sheet.cell(at, column).value for at, row in rows_of(FULL, RowKind.INDICATOR)}
    assert (shown["2.1"], shown["7.1"]) == ("不涉及", None)


def test_points_of_0_are_a_number():
    entries = answered(EXCLUDING, "0")
    found = form(EXCLUDING, entries)
    column = column_of(found, ColumnKey.POINTS)
    base = set(codes(EXCLUDING))
    sheet = sheet_of(found)
    assert {sheet.cell(at, column).value for at, row in rows_of(found, RowKind.INDICATOR) if row.code in base} == {0}


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-3", "@SUM(A1)", "\t=1", "'=1", "=cmd|' /C calc'!A0"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str):
    entries = replace(answered(WORKING, blank=tuple(codes(WORKING))), answers={"1.2": Answer(met=True, remark=text)})
    found = form(WORKING, entries)
    at = next(at for at, row in rows_of(found, RowKind.INDICATOR) if row.code == "1.2")
    cell = sheet_of(found, values=False).cell(at, column_of(found, ColumnKey.REMARK))
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == (text[0] in "=+-@\t")


@pytest.mark.parametrize("place", ["name", "title"])
def test_a_merged_text_that_looks_like_a_formula_stays_a_text(place: str):
    annex, catalogue, card = FULL
    changed = replace(annex, title="=1+1") if place == "title" else replace(annex, head_left="=1+1")
    cell = sheet_of((changed, catalogue, card), values=False).cell((TITLE_ROW if place == "title" else HEAD_ROW) + 1, 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_rare_characters_tibetan_and_line_breaks_come_back_as_they_went_in():
    text = "𠮷㙓䶮\nབོད་ལྗོངས།_x0041_ “引号”&<>"
    entries = replace(answered(WORKING, blank=tuple(codes(WORKING))), answers={"1.2": Answer(met=True, remark=text)})
    found = form(WORKING, entries)
    at = next(at for at, row in rows_of(found, RowKind.INDICATOR) if row.code == "1.2")
    # openpyxl reads the escape of the file format literally
    value = str(sheet_of(found).cell(at, column_of(found, ColumnKey.REMARK)).value).replace("_x005F", "")
    assert value == text


def test_a_text_longer_than_a_cell_goes_on_in_its_own_sheet(tmp_path: Path):
    text = "很长的备注，" * 8000
    entries = replace(answered(WORKING, blank=tuple(codes(WORKING))), answers={"1.2": Answer(met=True, remark=text)})
    found = form(WORKING, entries)
    target = tmp_path / "长.xlsx"
    export_xlsx(found[0], target, found[1], found[2])
    book = openpyxl.load_workbook(target)
    rest = "".join(str(line[1].value) for line in book[MORE_SHEET].iter_rows(min_row=2))
    assert text.endswith(rest)
    assert book[MORE_SHEET]["A2"].value == "1.2 备注"
    assert book.active.title == "自评表"


# ---------------------------------------------------------------------------------------------- layout and protection


def test_the_page_is_landscape_a4_with_the_heading_on_every_page():
    sheet = sheet_of(FULL)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${HEADING_ROW + 1}:${HEADING_ROW + 1}"
    assert sheet.freeze_panes == f"C{FIRST_ROW + 1}"
    margins = [getattr(sheet.page_margins, side) * 25.4 for side in ("left", "right", "top", "bottom")]
    assert margins == pytest.approx([35, 37, 28, 26])


def test_every_page_carries_its_number_and_the_check_code():
    footer = sheet_of(FULL).oddFooter
    assert "&P" in footer.center.text.replace("&[Page]", "&P")
    assert FULL[0].footer.check_code in footer.right.text
    assert FULL[0].footer.unit in footer.left.text


@pytest.mark.parametrize(
    "unit", ["某&某&P厅", "西藏自治区某某厅" * 40, "2022年某厅", ""], ids=["ampersands", "long", "year", "empty"]
)
def test_any_name_of_a_unit_fits_the_footer(unit: str):
    entries = replace(answered(WORKING), unit=Unit(name=unit, year="&" * 30))
    found = form(WORKING, replace(entries, answers={}))
    assert f"{found[0].footer.check_code}" in sheet_of(found).oddFooter.right.text


def test_only_points_can_be_typed_and_nothing_needs_a_password():
    sheet = sheet_of(FULL)
    unlocked = {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    column = openpyxl.utils.get_column_letter(column_of(FULL, ColumnKey.POINTS))
    assert unlocked == {f"{column}{at}" for at, _ in rows_of(FULL, RowKind.INDICATOR)}
    assert sheet.protection.sheet
    assert not sheet.protection.password


def test_every_points_cell_takes_numbers_from_0_to_its_full_points():
    sheet = sheet_of(FULL)
    limits = {
        cell: (float(rule.formula1), float(rule.formula2), rule.type, rule.operator or "between", rule.error)
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for line in sheet[area.coord if ":" in area.coord else f"{area.coord}:{area.coord}"]
        for cell in [line[0].coordinate]
    }
    column = openpyxl.utils.get_column_letter(column_of(FULL, ColumnKey.POINTS))
    for at, row in rows_of(FULL, RowKind.INDICATOR):
        least, most, kind, operator, error = limits[f"{column}{at}"]
        assert (kind, operator) == ("decimal", "between")
        assert (least, most) == ((-10, 10) if row.code == "8.1" else (0, float(row.full_points)))
        assert "请改正" in error
    assert len(limits) == len(rows_of(FULL, RowKind.INDICATOR))


def test_equal_contents_and_category_headings_are_merged_as_on_paper():
    sheet = sheet_of(FULL)
    merged = {area.coord for area in sheet.merged_cells.ranges}
    layout = plan(FULL[0])
    for at, (row, planned) in enumerate(zip(FULL[0].rows, layout.rows, strict=True)):
        if row.kind is RowKind.CATEGORY:
            assert f"A{planned.first + 1}:B{planned.last + 1}" in merged
        elif row.content_rows > 1:
            assert f"A{planned.first + 1}:A{layout.rows[at + row.content_rows - 1].last + 1}" in merged


def test_every_cell_of_the_table_has_a_border_and_an_office_face():
    sheet = sheet_of(FULL)
    for line in sheet.iter_rows(min_row=HEADING_ROW + 1, max_row=plan(FULL[0]).end):
        for cell in line:
            if cell.coordinate in sheet.merged_cells:
                continue  # openpyxl redraws borders inside merges
            assert cell.border.left.style == cell.border.top.style == "thin"
            assert cell.font.name in {"宋体", "黑体"}


# ------------------------------------------------------------------------------------------------------------ writing


def test_the_same_form_gives_the_same_bytes():
    assert render_xlsx(*FULL) == render_xlsx(*FULL)


def test_the_file_holds_no_date_of_its_making():
    with zipfile.ZipFile(io.BytesIO(render_xlsx(*FULL))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"1980-01-01" in archive.read("docProps/core.xml")


def test_a_workbook_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path):
    target = tmp_path / "自评 表 100%.xlsx"
    target.write_bytes(b"old")
    export_xlsx(FULL[0], target, FULL[1], FULL[2])
    assert target.read_bytes() == render_xlsx(*FULL)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data.replace(b"PK", b"XX"), "E450"),
        (lambda data: data[: len(data) // 2], "E450"),
        (lambda data: changed(data, b"<v>9</v>", b"<v>8</v>"), "E451"),
        (lambda data: changed(data, "某某厅".encode(), "某某局".encode()), "E451"),
    ],
)
def test_a_workbook_that_does_not_read_back_leaves_the_old_file(tmp_path: Path, monkeypatch, spoil, code: str):
    target = tmp_path / "表.xlsx"
    target.write_bytes(b"old")
    write = xlsx._write
    monkeypatch.setattr(xlsx, "_write", lambda file, data: write(file, spoil(data)))  # a disk that spoils what it keeps
    found = form(AVERAGING, answered(AVERAGING))
    with pytest.raises(ExportError) as caught:
        export_xlsx(found[0], target, found[1], found[2])
    assert caught.value.code == code
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["表.xlsx"]


def test_the_first_page_is_numbered_as_on_paper(tmp_path: Path):
    target = tmp_path / "表.xlsx"
    export_xlsx(FULL[0], target, FULL[1], FULL[2], first_page=9)
    setup = openpyxl.load_workbook(target)["自评表"].page_setup
    assert (setup.firstPageNumber, setup.useFirstPageNumber) == (9, True)


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new) if name.startswith("xl/") else content)
    return target.getvalue()


def test_a_folder_that_does_not_exist_is_refused_in_words(tmp_path: Path):
    with pytest.raises(ExportError, match="没有"):
        export_xlsx(FULL[0], tmp_path / "没有" / "a.xlsx", FULL[1], FULL[2])


@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_text_a_clerk_can_paste_is_written_and_read_back(texts: list[str]):
    remark, reason, name, matter = texts
    entries = replace(
        answered(WORKING, blank=tuple(codes(WORKING))),
        answers={"1.2": Answer(met=False, remark=remark, reason=reason)},
        unit=Unit(name=name),
        adjustments=(replace(BONUS, matter=matter),),
    )
    found = form(WORKING, entries)
    data, expected = xlsx._render(*found)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["自评表"]
    for (row, column), what in expected[0].items():
        value = sheet.cell(row + 1, column + 1).value
        if isinstance(what, str):
            assert str(value or "").replace("_x005F_", "_") == cleaned(what).replace("_x005F_", "_")
        else:
            assert value == float(what)
