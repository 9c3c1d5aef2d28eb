"""What waits in fields without being stored is tried again, told of, and not dropped without a question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer
from selfassess.errors import StoreError
from selfassess.gui import lost_file, messages, retrying, saving
from selfassess.gui.adjustments_editor import AdjustmentsEditor

NOT_SAVED = "有内容没有保存"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(retrying, "_EVERY", 50)


@pytest.fixture
def questions(window, monkeypatch) -> Iterator[list[str]]:
    """What is asked; each is answered with no, until the test has ended."""
    asked: list[str] = []
    ended = False

    def confirm(_parent, _title, text, *_save, **_words) -> bool:
        asked.append(text)
        return ended

    monkeypatch.setattr(messages, "confirm", confirm)
    monkeypatch.setattr(lost_file, "ask_to_close", confirm)
    yield asked
    ended = True
    if shiboken6.isValid(window):
        window.close()


@contextmanager
def full_disk(document, monkeypatch):
    """Every edit is refused, and told of, as where no room is left."""

    def refuse(*_given):
        error = StoreError("E312", path="草稿.zpb")
        document.refused.emit(error)
        raise error

    with monkeypatch.context() as patch:
        for put in ("put_answers", "put_unit", "put_adjustments"):
            patch.setattr(document.draft, put, refuse)
        yield


def type_into(window, place: str, key: ColumnKey, text: str) -> None:
    window.show()
    window.table.view.show_place(place, key)
    window.table.view.setFocus()
    QTest.keyClick(window.table.view, Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), text)


def saved_text(window) -> str:
    return window.status._saved.text()


def test_a_cell_is_stored_by_itself_when_the_disk_has_room_again(window, document, qtbot, monkeypatch):
    with full_disk(document, monkeypatch):
        type_into(window, "3.1", ColumnKey.REMARK, "kept")
        window.workbench.flush()
        qtbot.waitUntil(lambda: saved_text(window) == NOT_SAVED)
        QTest.qWait(200)
        assert saved_text(window) == NOT_SAVED
    qtbot.waitUntil(lambda: document.entries.answer("3.1").remark == "kept")
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def test_fields_of_the_panel_are_stored_by_themselves_on_this_row_and_on_others(window, document, qtbot, monkeypatch):
    with full_disk(document, monkeypatch):
        for code in ("3.1", "3.2"):
            window.show_place(code)
            window.panel._reason.setPlainText(f"of {code}")
            window.panel.flush()
        window.table.view.setFocus()
    qtbot.waitUntil(lambda: document.entries.answer("3.2").reason == "of 3.2")
    qtbot.waitUntil(lambda: document.entries.answer("3.1").reason == "of 3.1")
    assert window.panel.place() == "3.2"


def test_fields_of_the_unit_are_stored_by_themselves(window, document, qtbot, monkeypatch):
    with full_disk(document, monkeypatch):
        window.show()
        window.show_place("unit.name")
        QTest.keyClicks(QApplication.focusWidget(), "kept")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert window.workbench.refused()
    qtbot.waitUntil(lambda: document.entries.unit.name == "kept")


def test_a_matter_is_stored_by_itself(window, document, qtbot, monkeypatch):
    document.put_adjustments((Adjustment(matter="甲"),))
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())
    with full_disk(document, monkeypatch):
        QTest.keyClicks(QApplication.focusWidget(), "kept")
        window.workbench.flush()
        assert window.workbench.refused() == ["第 8.1 行的事项"]
    window.table.view.setFocus()
    qtbot.waitUntil(lambda: document.entries.adjustments[0].matter == "kept")


def test_an_entry_that_means_nothing_is_asked_about_before_closing(window, questions, qtbot):
    type_into(window, "3.2", ColumnKey.POINTS, "234")
    assert not window.close()
    assert "第 3.2 行的得分没有保存，因为填的内容不合要求" in questions[0]
    qtbot.waitUntil(lambda: saved_text(window) == "第 3.2 行的得分没有保存")
    assert "按 Esc 放弃" in window.status._saved.toolTip()


def test_an_entry_that_means_nothing_is_told_until_it_is_mended(window, qtbot):
    type_into(window, "3.2", ColumnKey.POINTS, "234")
    type_into(window, "3.1", ColumnKey.REMARK, "kept")
    qtbot.waitUntil(lambda: saved_text(window) == "第 3.2 行的得分没有保存")
    type_into(window, "3.2", ColumnKey.POINTS, "")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "1")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def test_a_field_of_the_unit_that_means_nothing_is_told_until_it_is_taken_back(window, qtbot):
    window.show()
    window.show_place("unit.year")
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "no year")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: saved_text(window) == "年度没有保存")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def test_an_entry_of_the_panel_that_means_nothing_is_asked_about_from_any_row(window, questions):
    window.show_place("3.2")
    window.panel._input.rule_input.points.line.setText("234")
    window.show_place("3.1")
    assert not window.close()
    assert "第 3.2 行的" in questions[0]


def test_a_field_of_the_unit_that_means_nothing_is_asked_about(window, questions):
    window.show()
    window.show_place("unit.year")
    QTest.keyClicks(QApplication.focusWidget(), "no year")
    assert not window.close()
    assert "年度没有保存" in questions[0]


def test_an_entry_that_was_given_up_is_not_asked_about(window, questions, qtbot):
    type_into(window, "3.2", ColumnKey.POINTS, "234")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    with qtbot.waitSignal(window.closed):
        window.close()
    assert questions == []


def test_ctrl_s_stores_what_is_typed_says_so_and_leaves_the_cell_open(window, document):
    type_into(window, "3.2", ColumnKey.POINTS, "2")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert document.entries.answer("3.2").points == Decimal(2)
    assert window.table.view.open_editor() is not None
    assert window.status.said().startswith("不用点保存，已保存 ")


def test_ctrl_s_says_what_cannot_be_stored(window, document, questions):
    type_into(window, "3.2", ColumnKey.POINTS, "234")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert document.entries.answer("3.2").points is None
    assert "第 3.2 行的得分没有保存" in window.status.said()


def test_ctrl_s_is_no_news_of_a_full_disk(window, document, monkeypatch):
    with full_disk(document, monkeypatch):
        type_into(window, "3.1", ColumnKey.REMARK, "kept")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert "第 3.1 行的备注还没有保存，因为磁盘已满" in window.status.said()


def test_a_copy_is_not_what_one_goes_on_in(window, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "ask_target", lambda *_: tmp_path / "副本.zpb")
    window.commands["save_as"].trigger()
    assert window.status.said().endswith("窗口里填的仍是原来那一份。")


def test_an_entry_that_means_nothing_is_asked_about_before_a_file_that_is_gone(window, document, questions):
    type_into(window, "3.2", ColumnKey.POINTS, "234")
    moved = document.path.rename(document.path.with_name("moved.zpb"))
    assert not window.close()
    moved.rename(document.path)
    assert "第 3.2 行的得分没有保存，因为填的内容不合要求" in questions[0]


def test_undo_takes_back_what_is_being_typed_first(window, document):
    document.put_answer("3.2", Answer(points=Decimal(2)))
    type_into(window, "3.1", ColumnKey.REMARK, "abc")
    window.commands["undo"].trigger()
    assert document.entries.answer("3.2").points == 2
    assert document.entries.answer("3.1").remark == ""
    assert window.table.view.open_editor().entered() == ""
    window.commands["redo"].trigger()
    assert document.entries.answer("3.1").remark == "abc"


def test_a_number_that_is_being_typed_survives_the_undoing_of_a_correction(window, document):
    document.put_catalogue(replace(document.catalogue, title="corrected"), "correction")
    type_into(window, "3.2", ColumnKey.POINTS, "2")
    window.commands["undo"].trigger()
    window.commands["redo"].trigger()
    assert document.entries.answer("3.2").points == 2


def into_the_remark(window) -> None:
    window.show_place("3.1")
    window.panel._remark.setFocus()


def into_a_number(window) -> None:
    window.show_place("3.2")
    window.panel._input.rule_input.points.line.setFocus()


def into_a_cell(window) -> None:
    window.table.view.show_place("3.2", ColumnKey.POINTS)
    window.table.view.setFocus()
    QTest.keyClick(window.table.view, Qt.Key.Key_F2)


def into_the_unit(window) -> None:
    window.show_place("figure.budget")


def into_a_matter(window) -> None:
    window.document.put_adjustments((Adjustment(matter="甲"),))
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())


@pytest.mark.parametrize("enter", [into_the_remark, into_a_number, into_a_cell, into_the_unit, into_a_matter])
def test_a_window_that_is_closed_without_saving_closes_quietly(window, document, disk, monkeypatch, qtbot, enter):
    for where, question in ((messages, "confirm"), (lost_file, "ask_to_close")):
        monkeypatch.setattr(where, question, lambda *_given, **_words: True)
    enter(window)
    disk.full()
    QTest.keyClicks(QApplication.focusWidget(), "1")
    document.closing.connect(disk.roomy)  # what came through now would come to a closed file
    with qtbot.captureExceptions() as errors, qtbot.waitSignal(window.closed):
        window.close()
    assert errors == []
