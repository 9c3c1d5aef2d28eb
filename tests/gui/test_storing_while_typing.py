"""What is typed is stored in pauses and now and then without one, and the status line never calls it saved before."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer
from selfassess.errors import StoreError
from selfassess.gui import pausing
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.preview_dialog import PreviewDialog

PAUSE, LATEST = 100, 400
TYPING = "正在填写…"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(pausing, "SILENCE", PAUSE)
    monkeypatch.setattr(pausing, "LATEST", LATEST)


def remark_of(document, code: str = "3.1") -> str:
    return document.entries.answer(code).remark


def open_remark(window, code: str = "3.1"):
    window.show()
    QTest.qWaitForWindowActive(window)
    assert window.table.view.show_place(code, ColumnKey.REMARK)
    window.table.view.setFocus()
    QTest.keyClick(window.table.view, Qt.Key.Key_F2)
    return window.table.view.open_editor()


def saved_text(window) -> str:
    return window.status._saved.text()


def compose(field, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def type_without_a_pause(field, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QTest.keyClicks(field, "x")
        QTest.qWait(PAUSE // 5)


def test_a_remark_in_an_open_cell_is_stored_in_a_pause_and_stays_open(window, document, qtbot):
    editor = open_remark(window)
    QTest.keyClicks(editor, "half a ")
    assert saved_text(window) == TYPING
    qtbot.waitUntil(lambda: remark_of(document) == "half a")
    assert saved_text(window).startswith("已保存")
    assert window.table.view.open_editor() is editor
    QTest.keyClicks(editor, "word")
    assert editor.toPlainText() == "half a word"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert remark_of(document) == "half a word"
    assert saved_text(window).startswith("已保存")


def test_the_cursor_stays_in_the_middle_of_a_stored_remark(window, document, qtbot):
    editor = open_remark(window)
    QTest.keyClicks(editor, "one three")
    for _ in range(5):
        QTest.keyClick(editor, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: remark_of(document) == "one three")
    QTest.keyClicks(editor, "two ")
    qtbot.waitUntil(lambda: remark_of(document) == "one two three")


def test_escape_gives_back_what_stood_in_the_cell_before_and_can_be_taken_back(window, document, qtbot):
    QTest.keyClicks(open_remark(window), "before")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    editor = open_remark(window)
    QTest.keyClicks(editor, " and after")
    qtbot.waitUntil(lambda: remark_of(document) == "before and after")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert remark_of(document) == "before"
    document.undo()
    assert remark_of(document) == "before and after"


def test_escape_before_a_pause_leaves_no_step(window, document):
    editor = open_remark(window)
    QTest.keyClicks(editor, "x")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert document.undo_text == ""


def test_a_change_elsewhere_in_the_row_does_not_drop_what_is_being_typed(window, document, monkeypatch):
    monkeypatch.setattr(pausing, "SILENCE", 60_000)
    editor = open_remark(window)
    QTest.keyClicks(editor, "new")
    window.panel._put({"points": Decimal(1)})
    assert editor.toPlainText() == "new"


def test_a_word_of_an_input_method_is_not_cut(window, document, qtbot):
    editor = open_remark(window)
    compose(editor, "", "已")
    compose(editor, "gou")
    QTest.qWait(LATEST + 2 * PAUSE)
    assert remark_of(document) == ""
    compose(editor, "", "够")
    qtbot.waitUntil(lambda: remark_of(document) == "已够")


def test_half_a_number_waits_for_enter_and_is_not_called_saved(window, document):
    window.show()
    window.table.view.show_place("3.2", ColumnKey.POINTS)
    QTest.keyClick(window.table.view, Qt.Key.Key_2)
    QTest.qWait(LATEST + 2 * PAUSE)
    assert document.entries.answer("3.2").points is None
    assert saved_text(window) == TYPING
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == 2
    assert saved_text(window).startswith("已保存")


def test_what_is_typed_without_a_pause_is_stored_now_and_then(window, document):
    type_without_a_pause(open_remark(window), 2 * LATEST / 1000)
    assert remark_of(document)


@pytest.mark.parametrize("key", ["reason", "remark"])
def test_a_text_of_the_panel_is_stored_while_somebody_types_on(window, document, key):
    window.show_place("3.1")
    field = window.panel._reason if key == "reason" else window.panel._remark
    field.setFocus()
    type_without_a_pause(field, 2 * LATEST / 1000)
    assert getattr(document.entries.answer("3.1"), key)
    QTest.keyClicks(field, "x")
    assert saved_text(window) == TYPING


def test_a_blank_at_the_end_of_a_stored_text_of_the_panel_stays_with_the_cursor(window, document, qtbot):
    window.show_place("3.1")
    field = window.panel._reason
    field.setFocus()
    QTest.keyClicks(field, "two ")
    qtbot.waitUntil(lambda: document.entries.answer("3.1").reason == "two")
    QTest.keyClicks(field, "words")
    assert field.toPlainText() == "two words"


def test_the_reason_of_a_row_that_does_not_apply_is_stored_in_a_pause(window, document, qtbot):
    window.show_place("3.1")
    window.panel._put({"not_applicable": ""})
    line = window.panel._not_applicable.reason.line
    line.setFocus()
    QTest.keyClicks(line, "no such ")
    qtbot.waitUntil(lambda: document.entries.answer("3.1").not_applicable == "no such")
    QTest.keyClicks(line, "thing")
    assert line.text() == "no such thing"


def test_a_field_of_the_unit_is_stored_while_somebody_types_on(window, document):
    window.show()
    window.show_place("unit.name")
    type_without_a_pause(QApplication.focusWidget(), 2 * LATEST / 1000)
    assert document.entries.unit.name


def test_a_matter_is_stored_in_a_pause_and_its_cell_stays_open(window, document, qtbot):
    document.put_adjustments((Adjustment(matter="甲"),))
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())
    line = QApplication.focusWidget()
    QTest.keyClicks(line, "first ")
    assert window.workbench.is_typing()
    qtbot.waitUntil(lambda: document.entries.adjustments[0].matter == "first")
    QTest.keyClicks(line, "prize")
    assert line.text() == "first prize"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert document.entries.adjustments[0].matter == "甲"
    assert not window.workbench.is_typing()


def test_a_remark_that_the_disk_refused_in_a_pause_is_tried_again_in_the_next(window, document, qtbot, monkeypatch):
    editor = open_remark(window)

    def refuse(*_given):
        raise StoreError("E308", path="草稿.zpb")

    with monkeypatch.context() as patch:
        patch.setattr(document, "put_answer", refuse)
        QTest.keyClicks(editor, "a")
        qtbot.waitUntil(lambda: window.workbench.refused() == ["第 3.1 行的备注"])
        assert editor.toPlainText() == "a"
    QTest.keyClicks(editor, "b")
    qtbot.waitUntil(lambda: remark_of(document) == "ab")
    assert window.workbench.refused() == []


def test_a_label_that_is_typed_in_the_preview_is_not_called_saved_before_it_is(
    window, document, places, settings, qtbot
):
    window.show()
    preview = PreviewDialog(document, places, settings, window)
    preview.show()
    preview.activateWindow()
    edit = preview._label.edit
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    QTest.keyClicks(edit, "AB")
    assert saved_text(window) == TYPING
    qtbot.waitUntil(lambda: document.entries.unit.annex_label == "AB")
    assert saved_text(window).startswith("已保存")
    qtbot.waitUntil(lambda: preview.view.page_count > 0, timeout=15_000)
    preview.close()
    preview.deleteLater()


@pytest.mark.parametrize(("place", "half"), [("figure.budget", "123"), ("unit.year", "20"), ("unit.date", "2023-1")])
def test_half_a_figure_year_or_date_waits_for_leaving_and_is_not_called_wrong(window, document, place, half):
    window.show_place(place)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, half)
    QTest.qWait(LATEST + 200)
    assert saved_text(window) == TYPING
    assert (dict(document.entries.figures), document.entries.unit.year, document.entries.unit.date) == ({}, "", "")
    assert window.workbench.not_taken() == []


def test_a_figure_is_stored_when_its_field_is_left(window, document):
    window.show_place("figure.budget")
    QTest.keyClicks(QApplication.focusWidget(), "123")
    window.show_place("figure.spent")
    assert document.entries.figures["budget"] == Decimal(123)


@pytest.mark.parametrize("earlier", [False, True], ids=["nothing to do again", "something to do again"])
def test_the_key_of_redo_brings_back_what_a_text_has_taken_back(window, document, earlier):
    if earlier:
        document.put_answer("3.2", Answer(remark="x"))
        document.undo()
    window.show()
    window.show_place("3.1")
    field = window.panel._reason
    window.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "typed")
    field.undo()
    assert field.toPlainText() == ""
    QTest.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == "typed"
