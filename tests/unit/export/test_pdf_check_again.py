"""The check of a file that follows another: pages that are the same are not read twice, all others are."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from selfassess.errors import ExportError
from selfassess.export.fonts import FontShelf, Role
from selfassess.export.pdf import AnnexPrinter
from selfassess.export.pdf_check import ReadTexts, check_pdf
from selfassess.export.pdf_fonts import FontPacker
from selfassess.export.pdf_text import Usage
from selfassess.export.profile import NATIONAL
from selfassess.paths import find_places


@pytest.fixture(scope="module")
def written(filled, printer, tmp_path_factory):
    """A finished file, and its number of pages."""
    target = tmp_path_factory.mktemp("again") / "annex.pdf"
    report = printer.export(filled, target, NATIONAL)
    return target, report.pages


def keys(pages: int) -> list[bytes]:
    return [bytes([place]) for place in range(pages)]


def test_what_pages_said_is_remembered_when_the_file_was_right(filled, written):
    target, pages = written
    known = ReadTexts()
    check_pdf(target, pages, filled, target, keys(pages), known)
    assert all(known.text(key) for key in keys(pages))


def test_a_page_that_is_the_same_as_before_counts_with_what_it_said(filled, written):
    target, pages = written
    known = ReadTexts()
    known.keep({keys(pages)[2]: ""})  # as if the last file's third page had been empty

    with pytest.raises(ExportError, match="缺少文字"):
        check_pdf(target, pages, filled, target, keys(pages), known)


def test_a_page_that_differs_is_read_whatever_others_said(filled, written):
    target, pages = written
    known = ReadTexts()
    known.keep({b"another page": ""})
    check_pdf(target, pages, filled, target, keys(pages), known)
    assert known.text(b"another page") is None


def test_nothing_is_remembered_of_a_file_that_was_refused(filled, written):
    target, pages = written
    known = ReadTexts()
    with pytest.raises(ExportError):
        check_pdf(target, pages, replace(filled, title="别的标题"), target, keys(pages), known)
    assert not any(known.text(key) for key in keys(pages))


def test_a_page_is_read_even_when_all_are_the_same_as_before(filled, written):
    target, pages = written
    known = ReadTexts()
    check_pdf(target, pages, filled, target, keys(pages), known)
    other = replace(filled, footer=replace(filled.footer, check_code="0000-0000-0000-0000"))

    with pytest.raises(ExportError, match="0000-0000"):
        check_pdf(target, pages, other, target, keys(pages), known)


def test_exports_one_after_another_are_as_if_each_were_the_first(filled, tmp_path):
    printer = AnnexPrinter(find_places().fonts)
    row = replace(filled.rows[9], texts=(*filled.rows[9].texts[:-1], "改了一句话"))
    edited = replace(filled, rows=(*filled.rows[:9], row, *filled.rows[10:]))
    for annex in (filled, edited, filled):
        printer.export(annex, tmp_path / "again.pdf", NATIONAL)
        AnnexPrinter(find_places().fonts).export(annex, tmp_path / "first.pdf", NATIONAL)
        assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "first.pdf").read_bytes()


def test_another_check_code_needs_no_other_font(filled, printer, tmp_path):
    face = FontShelf(find_places().fonts).typeface(Role.BODY, NATIONAL).first
    usage = Usage()
    usage.characters[face] = {"甲", "1"}
    packer = FontPacker()
    first = packer.font(face, usage)
    packer.turn()
    assert packer.font(face, usage) is first
    for code in ("0123-4567-89AB-CDEF", "FFFF-0000-FFFF-0000"):
        annex = replace(filled, footer=replace(filled.footer, check_code=code))
        printer.export(annex, tmp_path / f"{code}.pdf", NATIONAL)
    tags = [
        sorted(line for line in (tmp_path / name).read_bytes().split(b"/") if b"+Noto" in line)
        for name in ("0123-4567-89AB-CDEF.pdf", "FFFF-0000-FFFF-0000.pdf")
    ]
    assert tags[0]
    assert tags[0] == tags[1]
