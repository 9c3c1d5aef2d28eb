"""附件标识 is chosen in the preview for this form alone, printed everywhere, and refused in words when it cannot be."""

from __future__ import annotations

import openpyxl
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from selfassess.document import Document
from selfassess.errors import StoreError
from selfassess.export.pdfium import open_pdf
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.gui.preview_dialog import PreviewDialog

NUMBERED = "藏外发〔2023〕2号附件"


@pytest.fixture
def preview(example, places, settings, qtbot):
    dialog = PreviewDialog(example, places, settings)
    dialog.resize(1280, 860)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.view.page_count > 0, timeout=15_000)
    yield dialog
    dialog._label._field.take_back()
    dialog.close()
    dialog.deleteLater()
    QApplication.processEvents()


def printed(document):
    return annex(document.catalogue, document.entries, document.scorecard)


def type_label(preview, text: str, *, enter: bool = True) -> None:
    edit = preview._label.edit
    edit.setFocus()
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    edit.insert(text)
    edit.textEdited.emit(edit.text())
    if enter:
        QTest.keyClick(edit, Qt.Key.Key_Return)


def first_page(preview) -> str:
    pdf = open_pdf(preview.pdf)
    try:
        return pdf[0].get_textpage().get_text_bounded()
    finally:
        pdf.close()


def test_an_untouched_label_is_that_of_the_form(preview, example):
    assert preview._label.edit.text() == ""
    assert preview._label.edit.placeholderText() == example.catalogue.annex_label
    assert printed(example).label == example.catalogue.annex_label


def test_a_typed_label_is_printed_in_pdf_and_workbook(preview, example, qtbot, tmp_path):
    type_label(preview, NUMBERED)
    assert printed(example).label == NUMBERED
    qtbot.waitUntil(lambda: preview.pdf is not None and NUMBERED in first_page(preview), timeout=15_000)
    target = tmp_path / "表.xlsx"
    export_xlsx(printed(example), target, example.catalogue, example.scorecard, lambda: False)
    assert openpyxl.load_workbook(target).active["A1"].value == NUMBERED


def test_the_label_belongs_to_the_form_and_not_to_the_office(preview, example, document, settings, places, qtbot):
    type_label(preview, NUMBERED)
    other = PreviewDialog(document, places, settings)
    qtbot.waitUntil(lambda: other.view.page_count > 0, timeout=15_000)
    assert printed(document).label == document.catalogue.annex_label
    assert other._label.edit.text() == ""
    other.close()
    other.deleteLater()


def test_the_label_is_in_the_file_and_can_be_taken_back(preview, example):
    type_label(preview, NUMBERED)
    assert example.undo_text == f"撤销：附件标识 {NUMBERED} → 空"
    example.undo()
    assert preview._label.edit.text() == ""
    example.redo()
    path = example.path
    example.close()
    again = Document.open(path)
    assert printed(again).label == NUMBERED
    again.close()


def test_an_emptied_label_is_that_of_the_form_again(preview, example):
    type_label(preview, NUMBERED)
    type_label(preview, "")
    assert printed(example).label == example.catalogue.annex_label


@pytest.mark.parametrize(
    ("text", "why"), [("附" * 31, "最多 30 个"), ("附件\u200b\ue000", "控制符")], ids=["overlong", "unprintable"]
)
def test_a_label_that_cannot_be_printed_is_refused_in_words(preview, example, text, why):
    type_label(preview, text)
    assert why in preview._label.message.text()
    assert preview._label.message.isVisible()
    assert example.entries.unit.annex_label == ""


def test_nothing_is_printed_while_a_label_stands_refused(preview, monkeypatch):
    sent = []
    monkeypatch.setattr(preview.exports, "print_", lambda: sent.append(1))
    type_label(preview, "附" * 31)
    button = next(each for each in preview.findChildren(QPushButton) if "打印" in each.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sent == []
    assert preview._label.edit.hasFocus()
    QTest.keyClick(preview._label.edit, Qt.Key.Key_Escape)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sent == [1]


@pytest.mark.parametrize("leave", [PreviewDialog.close, PreviewDialog.reject], ids=["closed", "Escape"])
def test_a_refused_label_is_not_dropped_by_leaving(preview, leave):
    type_label(preview, "附" * 31)
    leave(preview)
    assert preview.isVisible()
    assert preview._label.edit.hasFocus()
    assert preview._label.message.isVisible()
    QTest.keyClick(preview._label.edit, Qt.Key.Key_Escape)
    leave(preview)
    assert not preview.isVisible()


def test_a_refused_label_is_not_stored_over_a_newer_one_by_leaving_and_is_quoted_before(preview, example, monkeypatch):
    def refuse(*_given):
        raise StoreError("E312", path=example.path)

    with monkeypatch.context() as full:
        full.setattr(example.draft, "put_unit", refuse)
        type_label(preview, "附件2")
    example.put_unit(replace(example.entries.unit, annex_label="附件9"))
    preview.reject()
    assert preview.isVisible()
    assert example.entries.unit.annex_label == preview._label.edit.text() == "附件9"
    assert "附件2" in preview._label.message.text()
    preview.reject()
    assert not preview.isVisible()


def test_a_label_still_being_typed_is_stored_by_leaving(preview, example):
    type_label(preview, "附件2", enter=False)
    preview.reject()
    assert example.entries.unit.annex_label == "附件2"


def test_a_label_still_being_typed_counts_for_what_is_printed_next(preview, example, monkeypatch):
    labels = []
    monkeypatch.setattr(preview.exports, "print_", lambda: labels.append(printed(example).label))
    type_label(preview, "附件2", enter=False)
    button = next(each for each in preview.findChildren(QPushButton) if "打印" in each.text())
    button.click()
    assert labels == ["附件2"]


def test_a_character_that_no_font_has_is_named_as_the_labels(preview, qtbot):
    type_label(preview, "附件\U0001f9ff")
    qtbot.waitUntil(lambda: preview._missing.count() > 0, timeout=15_000)
    assert preview._missing.item(0).text().startswith("附件标识的“\U0001f9ff”")
