"""Chinese through an input method: nothing composed is lost, nothing arrives twice, its Enter stays its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.gui.adjustments_editor import AdjustmentsEditor


def compose(text: str) -> None:
    QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent(text, []))


def commit(text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(QApplication.focusWidget(), event)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


@pytest.fixture
def remark(window):
    """The remark of 1.1 is the current cell."""
    window.table.view.show_place("1.1", ColumnKey.REMARK)
    window.table.view.setFocus()
    return window.table.view


def test_composing_on_a_selected_cell_opens_the_editor_and_replaces_the_text(remark, document, qtbot):
    document.put_answer("1.1", Answer(remark="旧"))
    for typed in ("y", "yi", "yij"):
        compose(typed)
    commit("已经")
    compose("b")
    commit("办")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == "已经办"


def test_text_that_arrives_finished_is_not_lost(remark, document, qtbot):
    commit("，")
    commit("。")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == "，。"


def test_enter_while_composing_stays_in_the_cell(remark, document, qtbot):
    compose("shi")
    press(qtbot, Qt.Key.Key_Return)
    assert remark.open_editor() is not None
    assert document.entries.answer("1.1").remark == ""
    commit("是")
    compose("de")
    press(qtbot, Qt.Key.Key_Return)
    assert remark.open_editor() is not None
    commit("的")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == "是的"
    assert remark.place() == "1.2"


def test_arrows_tab_and_escape_while_composing_stay_in_the_cell(remark, document, qtbot):
    document.put_answer("1.1", Answer(remark="旧"))
    press(qtbot, Qt.Key.Key_F2)
    compose("xin")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
        press(qtbot, key)
        assert remark.open_editor() is not None
    commit("新")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").remark == "旧新"


def test_a_composition_that_is_given_up_leaves_the_cell_as_it_was(remark, document, qtbot):
    document.put_answer("1.1", Answer(remark="旧"))
    compose("x")
    compose("")
    press(qtbot, Qt.Key.Key_Escape)
    assert remark.open_editor() is None
    assert document.entries.answer("1.1").remark == "旧"


def test_a_choice_is_composed_in_its_cell(window, document, qtbot):
    window.table.view.show_place("3.1")
    window.table.view.setFocus()
    compose("di")
    commit("低于")
    press(qtbot, Qt.Key.Key_Return)
    assert document.entries.answer("3.1").option == "低于"


def test_leaving_a_cell_that_is_still_composing_keeps_what_was_finished(remark, window, document):
    commit("已")
    compose("ban")
    window.filter.setFocus()
    assert document.entries.answer("1.1").remark == "已"


def test_a_text_in_the_panel_is_not_stored_while_it_is_composed(window, document, qtbot):
    window.show_place("1.1")
    reason = next(
        text for text in window.panel.findChildren(type(window.panel._reason)) if text is window.panel._reason
    )
    reason.setFocus()
    compose("yuan")
    document.put_answer("1.1", Answer(reason="别处来的"))
    assert reason.toPlainText() == ""
    commit("原因")
    window.table.view.setFocus()
    assert document.entries.answer("1.1").reason == "原因"


def reason_of_a_departure(window) -> None:
    window.document.put_answer("1.1", Answer(not_applicable="旧"))
    window.show_place("1.1")
    window.panel._not_applicable.reason.line.setFocus()


def name_of_the_unit(window) -> None:
    window.document.put_unit(Unit(name="旧"))
    window.show_place("unit.name")
    QApplication.focusWidget().end(False)


def a_matter(window) -> None:
    window.document.put_adjustments((Adjustment(matter="旧"),))
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())
    QApplication.focusWidget().end(False)


@pytest.mark.parametrize("enter", [reason_of_a_departure, name_of_the_unit, a_matter])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_keys_of_the_candidate_list_do_nothing_to_a_field_in_which_something_is_composed(window, qtbot, enter, key):
    enter(window)
    field = QApplication.focusWidget()
    commit("话")
    compose("ci")
    press(qtbot, key)
    assert QApplication.focusWidget() is field
    assert field.text() == "旧话"
    commit("词")
    assert field.text() == "旧话词"
