"""The finished file: its text, its format, its metadata, and the check before it is handed over."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.errors import ExportError
from selfassess.export.pdf import AnnexPrinter, export_pdf
from selfassess.export.pdf_check import check_pdf
from selfassess.export.pdf_packing import pack
from selfassess.export.profile import NATIONAL, OFFICE, PageNumbers

TIBETAN = "བོད་ལྗོངས།"
RARE = "𠮷野㙓䶮𪚥☑☐①Ⅳ㎡℃½"
AWKWARD = (
    "全角，。；：？！（）《》“”‘’【】——……·～％￥ half-width, . ; : ? ! () <> [] {} \"quoted\" 'x' -5 −5 10%-20% "
    f"{RARE} 中{TIBETAN}文 བཀྲ་ཤིས་བདེ་ལེགས། Ωµ²³ÀéñŠž Ж ａｂｃ１２３ 〔2022〕15号 3‰ \u2126"
)


def packed(text: str) -> str:
    """A text without blanks and line ends, which belong to its lines and not to it."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def filled_pdf(filled, printer) -> bytes:
    return printer.render(filled, NATIONAL)


@pytest.fixture(scope="module")
def awkward(forms):
    catalogue = forms.form(
        ("制度与" + RARE, [forms.indicator("1.1", TIBETAN, name="指标" + TIBETAN, method=AWKWARD)]),
        title="自评表" + TIBETAN + RARE,
        notes=(AWKWARD,),
    )
    entries = Entries(
        unit=Unit(name="外事办" + TIBETAN + RARE), answers={"1.1": Answer(remark=AWKWARD + "\n第二行\r\n第三行\t完")}
    )
    return forms.annex(catalogue, entries, sign_off=True)


def test_every_text_of_the_annex_can_be_found_in_the_file(filled, filled_pdf, pdf_reader):
    text = packed(pdf_reader.text(filled_pdf))

    for row in filled.rows:
        for cell in row.texts:
            assert packed(cell)[:12] in text, cell
    for wanted in (filled.label, filled.title, filled.head_left, filled.head_middle, filled.head_right, *filled.notes):
        assert packed(wanted) in text
    for name, value in filled.sign_off:
        assert packed(name + "：" + value) in text


def test_every_page_carries_unit_year_edition_count_and_check_code(filled, filled_pdf, pdf_reader):
    pages = pdf_reader.pages(filled_pdf)

    for number, page in enumerate(pages, 1):
        assert f"西藏自治区人民政府外事办公室　2022年度　{filled.footer.catalogue}" in page.text
        assert f"第{number}页 共{len(pages)}页" in page.text
        assert f"校验码 {filled.footer.check_code}" in page.text


def test_awkward_text_comes_out_of_the_file_as_it_went_in(awkward, printer, pdf_reader):
    text = packed(pdf_reader.text(printer.render(awkward, NATIONAL)))

    assert text.count(packed(AWKWARD)) == 3, "method, remark and note"
    assert packed("指标" + TIBETAN) in text
    assert packed("自评表" + TIBETAN + RARE) in text
    assert "第二行第三行完" in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_another_reader_gets_the_same_text(awkward, printer, tmp_path):
    target = tmp_path / "awkward.pdf"
    target.write_bytes(printer.render(awkward, NATIONAL))

    found = subprocess.run(["pdftotext", "-raw", target, "-"], capture_output=True, check=True, text=True)

    assert packed(AWKWARD) in packed(found.stdout)
    assert "བོད་ལྗོངས།" in found.stdout


@pytest.mark.parametrize("numbers", list(PageNumbers))
def test_the_file_is_pdf_a_2b(filled, awkward, printer, numbers):
    for annex in (filled, awkward):
        data = printer.render(annex, replace(NATIONAL, page_numbers=numbers))
        report = page_validation.validate_pdf_bytes(data, profile="2b")
        assert report.is_compliant, [failure.message for failure in report.failures]


@pytest.mark.parametrize("mark", ["ཀ༷་ཀ༵་", "ཀྵྨྱུ་", "བསྒྲུབས་རྒྱལ་ཁབ་", "༄༅། །བོད་ཡིག།"])
def test_raised_and_sunken_marks_keep_their_text(forms, printer, pdf_reader, mark):
    annex = forms.annex(forms.form(("甲", [forms.indicator("1.1", name=mark)])))

    assert packed(mark) in packed(pdf_reader.text(printer.render(annex, NATIONAL)))


def test_a_syllable_wider_than_its_column_is_broken_between_its_stacks(forms, printer, pdf_reader):
    syllable = "བསྒྲ" * 12
    annex = forms.annex(forms.form(("甲", [forms.indicator("1.1", name=syllable)])))

    assert syllable in packed(pdf_reader.text(printer.render(annex, NATIONAL)))


@given(number=st.integers(0, 10**9))
def test_packed_streams_never_end_with_a_line_end_that_a_validator_would_not_count(number):
    content = b"%d" % number
    packed_stream = pack(content, b" ")

    assert packed_stream[-1:] not in {b"\r", b"\n"}
    assert zlib.decompress(packed_stream).rstrip(b" ") == content


def test_annexes_of_many_contents_are_all_pdf_a_2b(forms, printer):
    # A stream that happens to end with a line end is one in about a hundred; this prints a few hundred of them.
    for number in range(60):
        entries = Entries(answers={"1.1": Answer(remark=f"第{number}次")})
        data = printer.render(forms.annex(forms.plain, entries), NATIONAL)
        assert page_validation.is_pdf_compliant_bytes(data, profile="2b"), number


def test_several_threads_may_print_at_once(filled, fonts_folder):
    printer = AnnexPrinter(fonts_folder)
    with ThreadPoolExecutor(4) as threads:
        files = list(threads.map(lambda _: printer.render(filled, NATIONAL), range(8)))

    assert len(set(files)) == 1


def test_every_font_is_embedded_as_a_subset_and_none_is_unused(awkward, printer):
    with pikepdf.open(io.BytesIO(printer.render(awkward, NATIONAL))) as pdf:
        entries = [entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary)]
        fonts = [entry for entry in entries if entry.get("/Subtype") == "/Type0"]
        simple = [entry for entry in entries if entry.get("/Subtype") in {"/Type1", "/TrueType", "/Type3"}]
        contents = b"".join(page.Contents.read_bytes() for page in pdf.pages)

        assert len(fonts) == 5, "serif, bold sans, two faces of rare characters, Tibetan"
        assert not simple
        for font in fonts:
            assert str(font.BaseFont)[7] == "+"
            assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) > 1000
            assert b"beginbfchar" in font.ToUnicode.read_bytes()
        assert all(name.encode() in contents for name in dict(pdf.pages[0].Resources.Font))


def test_a_common_annex_carries_two_fonts_and_is_small(filled_pdf):
    with pikepdf.open(io.BytesIO(filled_pdf)) as pdf:
        assert len(pdf.pages[0].Resources.Font) == 2
    assert len(filled_pdf) < 250_000


def test_language_title_and_printing_wishes_are_stated(filled, filled_pdf):
    with pikepdf.open(io.BytesIO(filled_pdf)) as pdf:
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == filled.title
            assert metadata.pdfa_status == "2B"


def test_a_title_with_marks_of_xml_is_stated_whole(forms, printer):
    annex = forms.annex(forms.form(("甲", [forms.indicator("1.1")]), title="收入<支出>&“其他”"))

    with pikepdf.open(io.BytesIO(printer.render(annex, NATIONAL))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "收入<支出>&“其他”"


def test_the_same_annex_is_the_same_file_whatever_was_printed_before(filled, awkward, fonts_folder):
    first = AnnexPrinter(fonts_folder).render(filled, NATIONAL)
    used = AnnexPrinter(fonts_folder)
    used.render(awkward, NATIONAL)
    used.render(filled, OFFICE)
    used.render(filled, NATIONAL)

    assert used.render(filled, NATIONAL) == first


def test_an_edited_row_changes_the_file_and_nothing_sticks(forms, fonts_folder, pdf_reader):
    printer = AnnexPrinter(fonts_folder)

    def printed(remark: str) -> str:
        entries = Entries(answers={"1.1": Answer(remark=remark)})
        return pdf_reader.text(printer.render(forms.annex(forms.plain, entries), OFFICE))

    assert "甲备注" in printed("甲备注")
    changed = printed("乙备注")
    assert "乙备注" in changed
    assert "甲备注" not in changed


@pytest.mark.parametrize(
    ("numbers", "first", "shown"),
    [(PageNumbers.GBT9704, 1, "— 1 —"), (PageNumbers.FOOT, 12, "— 12 —"), (PageNumbers.NONE, 1, None)],
)
def test_page_numbers_stand_where_the_profile_wants_them_and_begin_as_it_says(
    forms, printer, pdf_reader, numbers, first, shown
):
    profile = replace(NATIONAL, page_numbers=numbers, first_page=first)
    text = pdf_reader.text(printer.render(forms.annex(forms.plain), profile))

    assert (shown in text) if shown else "— " not in text


def test_an_exported_file_is_reported_with_its_pages(filled, fonts_folder, tmp_path, pdf_reader):
    target = tmp_path / "外事办公室 2022年度 自评表 100%.pdf"

    report = export_pdf(filled, target, NATIONAL, fonts_folder)

    assert report.target == target
    assert report.pages == len(pdf_reader.pages(target.read_bytes()))
    assert report.size == target.stat().st_size
    assert list(tmp_path.iterdir()) == [target]


def test_margins_that_leave_no_room_are_refused(filled, printer):
    with pytest.raises(ExportError) as caught:
        printer.render(filled, replace(NATIONAL, left=100, right=100))

    assert caught.value.code == "E418"
    assert "97×156" in caught.value.message


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"%PDF-1.7" + data[:9]])
def test_a_damaged_file_does_not_pass_the_check(filled, filled_pdf, tmp_path, damage):
    target = tmp_path / "a.pdf"
    target.write_bytes(damage(filled_pdf))

    with pytest.raises(ExportError) as caught:
        check_pdf(target, 7, filled, Path("自评表.pdf"))

    assert caught.value.code == "E417"
    assert "自评表.pdf" in caught.value.message


def test_a_file_with_too_few_pages_does_not_pass_the_check(filled, filled_pdf, tmp_path, pdf_reader):
    target = tmp_path / "a.pdf"
    target.write_bytes(filled_pdf)
    count = len(pdf_reader.pages(filled_pdf))

    with pytest.raises(ExportError, match=f"应有 {count + 1} 页，实有 {count} 页"):
        check_pdf(target, count + 1, filled, target)


@pytest.mark.parametrize(
    "changed",
    [
        lambda annex: replace(annex, title="别的标题"),
        lambda annex: replace(annex, footer=replace(annex.footer, check_code="0000-0000-0000-0000")),
        lambda annex: replace(annex, rows=(replace(annex.rows[3], texts=("没有印出来", *annex.rows[3].texts[1:])),)),
    ],
)
def test_a_file_that_lacks_a_text_does_not_pass_the_check(filled, filled_pdf, tmp_path, pdf_reader, changed):
    target = tmp_path / "a.pdf"
    target.write_bytes(filled_pdf)

    with pytest.raises(ExportError, match="缺少文字"):
        check_pdf(target, len(pdf_reader.pages(filled_pdf)), changed(filled), target)


def test_reading_a_long_file_back_looks_at_its_first_and_last_pages_at_least(forms, printer, tmp_path):
    rows = [forms.indicator(f"1.{number}", method="计算" * 200) for number in range(1, 400)]
    annex = forms.annex(forms.form(("甲", rows)))

    report = printer.export(annex, tmp_path / "long.pdf", NATIONAL)

    assert report.pages > 60
