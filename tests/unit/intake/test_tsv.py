"""Filled forms as tables: what is read, how offices save them, and what is refused with its line."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from selfassess.domain.filed import FiledForm, FiledRow
from selfassess.domain.numerals import NUMERALS
from selfassess.errors import ImportFormError
from selfassess.intake.text import MAX_BYTES
from selfassess.intake.tsv import loads, read

HEADING = "考核内容\t指标\t指标值\t计算方法\t指标性质\t考核方式\t数据来源\t考核结果(自评)\t扣罚分\t备注"
FORM = [
    HEADING,
    "一、决策落实\t\t3\t\t\t\t\t\t2.5\t",
    "（一）过紧日子\t过紧日子\t2\t甲\t定性\t年度考核\t佐证材料\t2\t\t",
    "\t“三公”\t1\t乙\t定性\t年度考核\t佐证材料\t0.5\t\t扣0.5",
    "八、其他事项\t其他事项\t10\t\t\t\t\t\t8\t",
    "合计\t\t100\t（说明）\t\t\t\t\t10.5\t",
]


def form(*lines: str) -> FiledForm:
    return loads("\n".join(lines), "t.tsv")


def faults(*lines: str) -> tuple[str, ...]:
    with pytest.raises(ImportFormError) as caught:
        form(*lines)
    assert caught.value.code == "E532"
    return caught.value.faults


def test_categories_rows_band_and_total_are_told_apart():
    read_form = form(*FORM)
    first, band = read_form.categories
    assert (first.code, first.title, first.full_points, first.subtotal) == (
        "一",
        "决策落实",
        Decimal(3),
        Decimal("2.5"),
    )
    assert first.rows == (
        FiledRow(code="1.1", name="过紧日子", full_points=Decimal(2), points=Decimal(2)),
        FiledRow(code="1.2", name="“三公”", full_points=Decimal(1), points=Decimal("0.5")),
    )
    assert first.in_base
    assert not band.in_base
    assert (band.rows, band.subtotal) == ((), Decimal(8))
    assert (read_form.name, read_form.total_full_points, read_form.total) == ("t.tsv", Decimal(100), Decimal("10.5"))


def test_a_band_may_list_its_matters_as_rows():
    band = form(*FORM[:4], "八、其他事项\t\t10\t\t\t\t\t\t8\t", "\t通报表扬\t10\t\t\t\t\t8\t\t").categories[-1]
    assert not band.in_base
    assert band.rows == (FiledRow(code="8.1", name="通报表扬", full_points=Decimal(10), points=Decimal(8)),)


@pytest.mark.parametrize("cell", ["", " ", "—", "-", "/", "不涉及"])
def test_an_empty_cell_is_no_number_rather_than_0(cell: str):
    assert form(HEADING, FORM[1], f"\t甲\t2\t\t\t\t\t{cell}\t\t").rows[0].points is None


@pytest.mark.parametrize(
    ("cell", "value"), [("１．５", "1.5"), (" 0.5 ", "0.5"), ("0", "0"), ("-2", "-2"), ("－2", "-2")]
)
def test_numbers_are_read_as_people_write_them(cell: str, value: str):
    assert form(HEADING, FORM[1], f"\t甲\t2\t\t\t\t\t{cell}\t\t").rows[0].points == Decimal(value)


def test_titles_above_and_notes_below_the_table_are_passed_over():
    assert form("附件1\t\t\t\t\t\t\t\t\t", "2022年度自评表", "", *FORM, "注：1.说明", "2.又一条\t\t").total == Decimal(
        "10.5"
    )


def test_a_subtotal_written_in_the_column_of_the_points_is_found():
    assert form(HEADING, "一、甲\t\t3\t\t\t\t\t2.5\t\t").categories[0].subtotal == Decimal("2.5")


def test_a_form_without_a_total_row_has_no_total():
    assert form(*FORM[:-1]).total is None


def test_a_quoted_cell_may_hold_line_ends_and_later_lines_keep_their_numbers():
    quoted = '\t甲\t2\t"第一行\n第二行"\t\t\t\t1\t\t'
    assert form(HEADING, FORM[1], quoted).rows[0].points == Decimal(1)
    (sentence,) = faults(HEADING, FORM[1], quoted, "\t乙\t2\t\t\t\t\t很好\t\t")
    assert "第 5 行" in sentence


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("\t甲\t2\t\t\t\t\t1\t", "E534", "第 7 行：有 9 列，应为 10 列"),
        ("\t甲\t2\t\t\t\t\t1\t\t\t多", "E534", "有 11 列"),
        ("\t甲\t两分\t\t\t\t\t1\t\t", "E107", "第 7 行“指标值”列"),
        ("\t甲\t2\t\t\t\t\tnan\t\t", "E107", "第 7 行“考核结果”列"),
        ("\t甲\t2\t\t\t\t\t1e5\t\t", "E107", "1e5"),
        ("（一）甲\t\t2\t\t\t\t\t1\t\t", "E537", "（一）甲"),
        ("一、又一次\t\t2\t\t\t\t\t\t1\t", "E539", "“一”"),
        ("十十、甲\t\t2\t\t\t\t\t\t1\t", "E538", "十十"),
        ("合计\t\t2\t\t\t\t\t\t很多\t", "E107", "扣罚分"),
    ],
)
def test_a_faulty_line_is_refused_with_its_number(line: str, code: str, words: str):
    (sentence,) = faults("附件1", "", *FORM[:4], line)
    assert code in sentence
    assert words in sentence


def test_trailing_empty_cells_are_no_fault():
    assert form(HEADING, FORM[1], FORM[2] + "\t\t").rows[0].points == Decimal(2)


def test_an_indicator_before_any_category_is_refused():
    assert "E536" in faults(HEADING, FORM[2])[0]


def test_a_row_or_a_second_total_after_the_total_is_refused():
    found = faults(*FORM, FORM[2], FORM[-1])
    assert ["E535" in found[0], "E540" in found[1]] == [True, True]


def test_a_heading_without_any_row_is_refused():
    assert "E531" in faults(HEADING)[0]


def test_all_faulty_lines_are_listed_at_once():
    assert len(faults(HEADING, FORM[2], "x", "一、甲\t\tx\t\t\t\t\t\ty\t")) == 4


def test_a_table_of_a_million_wrong_lines_is_refused_briefly():
    with pytest.raises(ImportFormError, match="200 多 处") as caught:
        form(HEADING, *["x"] * 10_000)
    assert len(caught.value.faults) == 200


@pytest.mark.parametrize("text", ["", "甲,乙,丙", HEADING.replace("\t", ","), HEADING.replace("指标性质", "性质")])
def test_a_table_without_the_heading_is_refused_with_the_ten_headings(text: str):
    with pytest.raises(ImportFormError, match="考核方式") as caught:
        loads(text, "t.csv")
    assert caught.value.code == "E530"


def test_a_cell_of_a_size_no_form_has_is_refused():
    with pytest.raises(ImportFormError, match="第 2 行") as caught:
        form(HEADING, "x" * 200_000)
    assert caught.value.code == "E533"


# --------------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_however_an_office_program_saved_it(tmp_path: Path, encoding: str, line_end: str):
    path = tmp_path / "自评 表%20.tsv"
    path.write_bytes(line_end.join([*FORM, ""]).encode(encoding))
    assert read(path).categories == form(*FORM).categories


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04...", "E504"),
        (b"\xd0\xcf\x11\xe0...", "E504"),
        (b"\x00\x01\x02", "E505"),
        (b"\xff\xff\xff\x80", "E505"),
        (b"\xff\xfea", "E505"),
        (b"x" * (MAX_BYTES + 1), "E503"),
    ],
    ids=["workbook", "old workbook", "binary", "no encoding", "half a character", "too large"],
)
def test_a_file_that_is_no_text_is_refused_in_words(tmp_path: Path, data: bytes, code: str):
    path = tmp_path / "表.tsv"
    path.write_bytes(data)
    with pytest.raises(ImportFormError, match=r"表\.tsv") as caught:
        read(path)
    assert caught.value.code == code


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path):
    with pytest.raises(ImportFormError, match="E501"):
        read(tmp_path / "没有.tsv")
    with pytest.raises(ImportFormError, match="文件夹"):
        read(tmp_path)


def test_a_name_no_system_can_hold_is_refused_in_words(tmp_path: Path):
    with pytest.raises(ImportFormError, match="E502"):
        read(tmp_path / ("长" * 200))
    with pytest.raises(ImportFormError, match="E502"):
        read(tmp_path / "a\x00b")


def test_a_file_nobody_may_read_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "表.tsv"
    path.write_text("x")
    monkeypatch.setattr(os, "open", refuse)  # root may read everything, so the disk refuses in its place
    with pytest.raises(ImportFormError, match="没有读取权限"):
        read(path)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("九", 9),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("十十", None),
        ("", None),
        ("甲", None),
    ],
)
def test_chinese_numerals_up_to_99_are_understood(numeral: str, value: int | None):
    assert NUMERALS.get(numeral) == value
