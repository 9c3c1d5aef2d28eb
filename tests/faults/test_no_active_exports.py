"""What is exported holds texts and numbers: no formula of a stranger's, no script, no action, no embedded file."""

from __future__ import annotations

import zipfile
from decimal import Decimal

import msgspec
import openpyxl
import pikepdf
import pytest
from strangers import SHIPPED

from selfassess.__main__ import main
from selfassess.catalogue import loader
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.store.draft import Draft

ATTACKS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://example.invalid";"x")',
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "http://example.invalid/x",
    "mailto:a@example.invalid",
    "file:///etc/passwd",
    "internal:'Sheet1'!A1",
    "external:c:\\x.xlsx",
    "{=SUM(1)}",
    "/JavaScript /OpenAction (x)",
)
REACHING_OUT = ("CMD", "HYPERLINK", "DDE", "CALL(", "WEBSERVICE")
PARTS = ("vba", "external", "connection", "embed", "activex", "oleobject", "query")
FORBIDDEN_NAMES = {
    *("/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData"),
    *("/EmbeddedFile", "/EmbeddedFiles", "/Filespec", "/AF", "/AcroForm", "/XFA", "/RichMedia", "/Movie", "/Sound"),
    *("/Rendition", "/Annots", "/A", "/Collection", "/Encrypt", "/F", "/EF"),
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The annex of a form in which every text that can be entered attacks, as a PDF and as a workbook."""
    folder = tmp_path_factory.mktemp("attack")
    honest = loader.load(SHIPPED)
    texts = iter(ATTACKS * 20)

    def attacking(row):
        printable = [text for text in (next(texts), next(texts)) if text.isprintable()] or ["=1"]
        return msgspec.structs.replace(row, name=printable[0], method=printable[-1], sources=f"{printable[0]}x")

    categories = tuple(
        msgspec.structs.replace(one, title=f"{one.title}=1", indicators=tuple(attacking(row) for row in one.indicators))
        for one in honest.categories
    )
    form = msgspec.structs.replace(
        honest, title="=1+1", annex_label="@附件", notes=("=1+1", "-1"), categories=categories
    )
    codes = [row.code for category in categories if category.in_base for row in category.indicators]
    remarks = {code: Answer(remark=text) for code, text in zip(codes, ATTACKS * 10, strict=False)}
    unit = Unit(name="=1+1", preparer="@SUM(1)", head="+1+1", phone="-2+3", date="=1")
    matters = tuple(Adjustment(matter=text, basis=text, points=Decimal(1)) for text in ATTACKS)
    draft, pdf, xlsx = folder / "草稿.zpb", folder / "附件.pdf", folder / "附件.xlsx"
    Draft.create(draft, form, Entries(unit=unit, answers=remarks, adjustments=matters)).close()
    assert main(["export", str(draft), "--pdf", str(pdf), "--xlsx", str(xlsx)]) == 0
    return pdf, xlsx, form


def test_no_cell_runs_what_somebody_wrote(exported, figures):
    _, xlsx, _ = exported
    book = openpyxl.load_workbook(xlsx)
    texts = formulas = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formulas += 1
                    # Ours: numbers and cells of this sheet, no call of anything that reaches out.
                    assert not any(word in str(cell.value).upper() for word in REACHING_OUT)
                    assert "[" not in str(cell.value)
                    assert "!" not in str(cell.value).replace("'自评表'!", "").replace("自评表!", "")
                elif isinstance(cell.value, str):
                    texts += 1
                    risky = cell.value[:1] in tuple("=+-@\t\r＝")
                    assert not risky or cell.quotePrefix, f"{sheet.title} {cell.coordinate} {cell.value!r}"
                assert cell.hyperlink is None
    assert texts > 100
    figures.note("exports: cells of text / formulas of ours / active texts", f"{texts} / {formulas} / 0")


def test_a_workbook_has_no_links_macros_or_connections(exported):
    _, xlsx, _ = exported
    with zipfile.ZipFile(xlsx) as archive:
        names = archive.namelist()
        assert not [name for name in names if any(word in name.lower() for word in PARTS)]
        for name in names:
            content = archive.read(name)
            assert b'TargetMode="External"' not in content, name
            assert b"<hyperlink" not in content, name
            assert b"ddeLink" not in content, name


def test_a_pdf_holds_no_script_action_file_address_or_form(exported, figures):
    pdf, _, _ = exported
    looked = 0

    def look(thing: object, trail: tuple[str, ...]) -> None:
        nonlocal looked
        looked += 1
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            for name, value in thing.items():
                assert name not in FORBIDDEN_NAMES, (*trail, name)
                if not value.is_indirect if isinstance(value, pikepdf.Object) else False:
                    look(value, (*trail, name))
        elif isinstance(thing, pikepdf.Array):
            for value in thing:
                if isinstance(value, pikepdf.Object) and not value.is_indirect:
                    look(value, (*trail, "[]"))
        elif isinstance(thing, pikepdf.Name):
            assert str(thing) not in FORBIDDEN_NAMES, trail

    with pikepdf.open(pdf) as opened:
        for each in opened.objects:
            look(each, ())
        assert "/Names" not in opened.Root
        assert not opened.attachments
        pages = len(opened.pages)
    figures.note("exports: objects of a PDF looked at / active", f"{looked} / 0, {pages} pages")
