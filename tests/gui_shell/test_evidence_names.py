"""Names, dates and page numbers of supporting documents: made safe, refused in words, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.scorecard import RowState
from selfassess.errors import InputError
from selfassess.gui.evidence.names import OPENED, may_open, renamed, safe_name, shown_name, suffix_of
from selfassess.gui.evidence.texts import number_of, parse_pages, parse_paper_date, particulars, standing
from selfassess.store.evidence import Evidence

ONE = Evidence(key="1", row="2.7", name="批复.pdf", sha256="0")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("批复 50%.pdf", "批复 50%.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\a.pdf", "C__Windows_a.pdf"),
        ("甲\n乙\x00.pdf", "甲 乙_.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("结尾有点.pdf. .", "结尾有点.pdf"),
        (".隐藏.pdf", "隐藏.pdf"),
        ("...", "佐证材料"),
        ("", "佐证材料"),
        ('a<b>c:d"e|f?g*.pdf', "a_b_c_d_e_f_g_.pdf"),
        ("\u202efdp.exe", "_fdp.exe"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_leads_out_of_its_folder_or_is_too_long(name):
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert safe.strip(" .") == safe
    assert len(safe.encode()) <= 180
    assert safe_name(safe) == safe


def test_a_long_name_is_cut_before_its_suffix():
    safe = safe_name("长" * 200 + ".docx")
    assert safe.endswith("长.docx")
    assert len(safe.encode()) <= 180


def test_a_name_is_shown_on_one_line_without_characters_that_deceive():
    assert shown_name("甲\r\n  乙.pdf") == "甲 乙.pdf"
    assert shown_name("报表\u202exslx.exe") == "报表\ufffdxslx.exe"


NOT_OPENED = """
    a.exe a.EXE a.pdf.bat a.lnk a.desktop a.sh a.jar a.msi a.exe. 甲.js a.xll a.ppam a.accde a.msixbundle a.diagcab
    a.appinstaller a.library-ms a.search-ms a.rdp a.wsb a.pyzw a.theme a.cer a.docm a.xlsm a.pptm a.dotm a.html a.svg
    a.zip a.7z a.url exe pdf 无扩展名 a.新的种类
"""


@pytest.mark.parametrize("name", [*NOT_OPENED.split(), "a.\u0435xe", "a.pdf\u200b", "a.exe\u202efdp", "a.vbs "])
def test_what_is_not_known_to_be_shown_is_not_opened(name):
    assert not may_open(name)


@pytest.mark.parametrize(
    "name", ["a.pdf", "a.docx", "a.exe.pdf", "扫描件.JPG", "表.xlsx", "a.ofd", "a.wps", "a.et", "a.pdf ", "a.txt."]
)
def test_documents_are_opened(name):
    assert may_open(name)


@given(st.text(max_size=300))
def test_whatever_is_opened_ends_with_a_suffix_that_is_known(name):
    assert not may_open(name) or safe_name(name).rpartition(".")[2].lower() in OPENED


def test_a_new_name_keeps_what_kind_of_file_it_is():
    assert renamed("扫描001.PDF", "关于经费的批复") == "关于经费的批复.pdf"
    assert renamed("扫描001.pdf", "批复.PDF") == "批复.PDF"
    assert renamed("程序.exe", "批复.pdf") == "批复.pdf.exe"
    assert renamed("无扩展名", "批复") == "批复"
    assert suffix_of("a.tar.gz") == ".gz"


def test_a_dot_in_a_title_begins_no_suffix():
    assert suffix_of("附件1.关于预算的说明") == ""
    assert renamed("附件1.关于预算的说明", "附件2.关于决算的说明") == "附件2.关于决算的说明"
    assert renamed("扫描001.pdf", "附件1.关于预算的说明") == "附件1.关于预算的说明.pdf"
    assert renamed("附件1.关于预算的说明.pdf", "批复") == "批复.pdf"
    assert renamed("说明.第一部分 2022", "批复") == "批复"


def test_numbers_follow_the_row():
    assert [number_of("2.7", place) for place in range(2)] == ["2.7-1", "2.7-2"]


def test_what_is_known_stands_on_one_line():
    assert particulars(ONE) == ""
    assert particulars(replace(ONE, number="藏财预〔2022〕1号", date="2022-03-01", pages=3)) == (
        "藏财预〔2022〕1号　2022年3月1日　3 页"
    )


@pytest.mark.parametrize(("text", "pages"), [("", None), (" 12 ", 12), ("１２页", 12), ("007", 7), ("②", 2)])
def test_page_numbers_are_read_as_they_are_typed(text, pages):
    assert parse_pages(text) == pages


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "十二", "1000000000", "nan", "1e3"])
def test_what_is_no_number_of_pages_is_refused(text):
    with pytest.raises(InputError, match="E175"):
        parse_pages(text)


def test_a_day_is_kept_as_such_and_anything_vaguer_as_it_is():
    assert parse_paper_date("2022年3月1日") == "2022-03-01"
    assert parse_paper_date("2022年3月") == "2022年3月"
    assert parse_paper_date("") == ""
    with pytest.raises(InputError, match=r"E174.*日期有误"):
        parse_paper_date("2022-02-30")


def test_how_a_row_stands_is_said_in_words(catalogue):
    proof, report, band = (catalogue.indicator(code) for code in ("1.1", "2.7", "8.1"))
    answered, skipped = RowState.ANSWERED, RowState.NOT_APPLICABLE
    assert standing(proof, answered, 2, begun=True) == ("齐全 2 份", "ok")
    assert standing(proof, answered, 0, begun=True) == ("缺", "verify")
    assert standing(proof, answered, 0, begun=False) == ("缺", "muted")
    assert standing(proof, RowState.BLANK, 0, begun=True) == ("缺", "muted")
    assert standing(report, answered, 0, begun=True).text == "免提供：数据来源为报表数据"
    assert standing(report, answered, 1, begun=True).text == "免提供：数据来源为报表数据（已加入 1 份）"
    assert standing(band, answered, 0, begun=True).text == "免提供：表样没有要求"
    both = replace(report, sources="系统数据、报表数据、业务处")
    assert standing(both, answered, 0, begun=True).text == "免提供：数据来源为系统数据、报表数据"
    assert standing(proof, skipped, 0, begun=True).text == "不涉及"
