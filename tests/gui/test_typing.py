"""Typing in cells, by keyboard, as a clerk does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Answer

D = Decimal


def at(window, place: str, key: ColumnKey = ColumnKey.POINTS):
    assert window.table.view.show_place(place, key)
    window.table.view.setFocus()
    return window.table.view


def keys(qtbot, text: str) -> None:
    for letter in text:  # the first one opens an editor, which then has the keyboard
        if letter.isascii():
            qtbot.keyClicks(QApplication.focusWidget(), letter)
        else:
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def current(window) -> tuple[str, ColumnKey]:
    index = window.table.view.currentIndex()
    model = window.table.model
    return model.lines[index.row()].place, model.keys[index.column()]


def text_of(window, place: str, key: ColumnKey) -> str:
    return str(window.table.model.index_at(place, key).data())


def test_points_typed_over_a_cell_are_stored_and_enter_goes_down(window, document, qtbot):
    at(window, "3.1")
    press(qtbot, Qt.Key.Key_Down)
    keys(qtbot, "2.5")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == D("2.5")
    assert text_of(window, "3.2", ColumnKey.POINTS) == "2.5"
    assert text_of(window, "三", ColumnKey.SUBTOTAL) == "2.5"
    assert window.table.total_bar.total_text() == "2.5"
    assert current(window) == ("8.1", ColumnKey.POINTS)


def test_shift_enter_goes_up_over_the_heading(window, document, qtbot):
    at(window, "2.1")
    keys(qtbot, "12%")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert document.entries.answer("2.1").value == D("0.12")
    assert current(window) == ("1.3", ColumnKey.POINTS)


def test_tab_goes_across_to_the_next_cell_to_type_in(window, qtbot):
    at(window, "1.1")
    press(qtbot, Qt.Key.Key_Tab)
    assert current(window) == ("1.1", ColumnKey.REMARK)
    press(qtbot, Qt.Key.Key_Tab)
    assert current(window) == ("1.2", ColumnKey.POINTS)
    press(qtbot, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert current(window) == ("1.1", ColumnKey.REMARK)


def test_tab_in_an_editor_stores_and_goes_across(window, document, qtbot):
    at(window, "3.2")
    keys(qtbot, "3")
    press(qtbot, Qt.Key.Key_Tab)
    assert document.entries.answer("3.2").points == D(3)
    assert current(window) == ("3.2", ColumnKey.REMARK)


def test_typing_replaces_and_f2_changes(window, document, qtbot):
    document.put_answer("3.2", Answer(points=D("1.5"), remark="旧"))
    at(window, "3.2")
    keys(qtbot, "2")
    assert QApplication.focusWidget().text() == "2"
    press(qtbot, Qt.Key.Key_Escape)
    at(window, "3.2", ColumnKey.REMARK)
    press(qtbot, Qt.Key.Key_F2)
    keys(qtbot, "新")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == D("1.5")
    assert document.entries.answer("3.2").remark == "旧新"


def test_escape_brings_the_old_value_back(window, document, qtbot):
    document.put_answer("3.2", Answer(points=D("1.5")))
    at(window, "3.2")
    keys(qtbot, "3")
    press(qtbot, Qt.Key.Key_Escape)
    assert document.entries.answer("3.2").points == D("1.5")
    assert QApplication.focusWidget() is window.table.view


def test_a_refused_number_stays_in_the_editor_with_the_reason_under_it(window, document, qtbot):
    at(window, "3.2")
    keys(qtbot, "13")
    press(qtbot, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert editor.text() == "13"
    assert document.entries.answer("3.2") == Answer()
    assert "3.2" in window.status.said()
    hint = window.table.view.viewport().findChild(object, "refusal")
    assert hint.isVisible()
    assert "13" in hint.text()
    press(qtbot, Qt.Key.Key_Escape)
    assert not hint.isVisible()
    assert window.status.said() == ""


def test_a_refused_number_is_kept_when_one_clicks_elsewhere(window, document, qtbot):
    at(window, "3.2")
    keys(qtbot, "13")
    window.table.view.setFocus()
    assert document.entries.answer("3.2") == Answer()
    assert current(window) == ("3.2", ColumnKey.POINTS)
    press(qtbot, Qt.Key.Key_F2)
    assert QApplication.focusWidget().text() == "13"
    press(qtbot, Qt.Key.Key_Backspace)
    press(qtbot, Qt.Key.Key_Backspace)
    keys(qtbot, "3")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == D(3)
    assert not window.table.view.is_refused(window.table.model.row_of("3.2"), 7)


def test_a_choice_can_be_typed(window, document, qtbot):
    at(window, "3.1")
    keys(qtbot, "低于")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("3.1").option == "低于"
    assert text_of(window, "3.1", ColumnKey.POINTS) == "0.5"
    assert current(window) == ("3.2", ColumnKey.POINTS)


def test_yes_and_no_can_be_typed_as_words_or_as_points(window, document, qtbot):
    at(window, "1.1")
    keys(qtbot, "是")
    press(qtbot, Qt.Key.Key_Return)
    keys(qtbot, "0")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").met is True
    assert document.entries.answer("1.2").met is False
    assert text_of(window, "1.2", ColumnKey.POINTS) == "0"


def test_delete_empties_the_selected_cells_as_one_step(window, document, qtbot):
    document.put_answer("1.1", Answer(met=True, remark="有"))
    document.put_answer("1.2", Answer(met=True))
    at(window, "1.1")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Qt.Key.Key_Delete)
    assert document.entries.answer("1.1") == Answer(remark="有")
    assert document.entries.answer("1.2") == Answer()
    document.undo()
    assert document.entries.answer("1.1").met is True
    assert document.entries.answer("1.2").met is True


def test_enter_on_an_unchanged_editor_stores_nothing(window, document, qtbot):
    document.put_answer("1.3", Answer(ticks=(True, False)))
    undo = document.undo_text
    at(window, "1.3")
    press(qtbot, Qt.Key.Key_F2)
    press(qtbot, Qt.Key.Key_Return)
    assert document.undo_text == undo
    assert document.entries.answer("1.3").ticks == (True, False)


def test_alt_enter_begins_a_line_in_a_remark(window, document, qtbot):
    at(window, "1.1", ColumnKey.REMARK)
    keys(qtbot, "一")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    keys(qtbot, "二")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == "一\n二"


def test_the_row_of_adjustments_is_not_typed_in_the_table(window, document, qtbot):
    at(window, "8.1")
    keys(qtbot, "5")
    assert QApplication.focusWidget() is window.table.view
    assert document.entries.adjustments == ()


def test_a_long_form_follows_with_ctrl_home_and_ctrl_end(window, qtbot):
    at(window, "2.2")
    press(qtbot, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert current(window) == ("8.1", ColumnKey.REMARK)
    press(qtbot, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert current(window) == ("一", ColumnKey.CONTENT)


def test_ctrl_arrows_jump_to_the_end_of_a_filled_block(window, document, qtbot):
    for code in ("1.1", "1.2"):
        document.put_answer(code, Answer(met=True))
    document.put_answer("3.2", Answer(points=D(1)))
    at(window, "1.1")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert current(window) == ("1.2", ColumnKey.POINTS)
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert current(window) == ("3.2", ColumnKey.POINTS)


def test_every_printable_key_reaches_a_text_field(window, document, qtbot):
    printable = "".join(chr(code) for code in range(33, 127))
    at(window, "1.1", ColumnKey.REMARK)
    keys(qtbot, printable)
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == printable


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_alt_down_opens_the_list_of_a_choice_and_enter_takes_a_line(window, document, qtbot):
    view = at(window, "3.1")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: view.open_editor() is not None and view.open_editor().view().isVisible())
    listed = view.open_editor().view()
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert document.entries.answer("3.1").option == "低于"
    assert current(window) == ("3.2", ColumnKey.POINTS)
