"""What is being typed when one leaves for somewhere else is stored, whichever way one leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from selfassess.document import Document
from selfassess.domain.entries import Adjustment, Override
from selfassess.errors import StoreError
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.row_panel.departures import OverrideSection


def stored(path):
    """What stands in a draft that was closed."""
    again = Document.open(path)
    try:
        return again.entries
    finally:
        again.close()


def begin_matter(window, document, text: str) -> AdjustmentsEditor:
    """Type the first matter without Enter."""
    document.put_adjustments((Adjustment(matter="甲"),))
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())
    QTest.keyClicks(QApplication.focusWidget(), text)
    return editor


def test_a_number_in_an_open_cell_is_stored_when_the_unit_page_is_shown(window, document, qtbot):
    window.show_place("3.2")
    qtbot.keyClick(window.table.view, Qt.Key.Key_2)
    window.commands["unit"].trigger()
    assert document.entries.answer("3.2").points == Decimal(2)
    assert window.table.view.open_editor() is None


def test_a_matter_that_is_being_typed_is_stored_when_the_window_is_closed(window, document, qtbot):
    begin_matter(window, document, "first prize")
    with qtbot.waitSignal(window.closed):
        window.close()
    assert stored(document.path).adjustments[0].matter == "first prize"


def test_a_matter_that_is_being_typed_is_stored_before_the_next_blank_row_is_shown(window, document):
    begin_matter(window, document, "first prize")
    window.commands["next_blank"].trigger()
    assert document.entries.adjustments[0].matter == "first prize"


def test_a_matter_that_the_disk_refuses_is_told_before_closing(window, document, monkeypatch):
    editor = begin_matter(window, document, "first prize")

    def refuse(_rows, _label):
        raise StoreError("E308", path="草稿.zpb")

    with monkeypatch.context() as patch:
        patch.setattr(document, "put_adjustments", refuse)
        window.workbench.flush()
        assert window.workbench.unstored() == ["第 8.1 行的事项"]
    editor.table.setCurrentIndex(editor.model.index(0, 0))
    editor.table.edit(editor.table.currentIndex())
    window.workbench.flush()
    assert document.entries.adjustments[0].matter == "first prize"
    assert window.workbench.unstored() == []


def test_arrows_move_in_the_list_of_categories_and_enter_goes_there(window, qtbot):
    window.categories.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(window.categories, key)
    assert QApplication.focusWidget() is window.categories
    assert window.table.view.place() == "1.1"
    qtbot.keyClick(window.categories, Qt.Key.Key_Return)
    assert window.table.view.place() == "三"
    assert QApplication.focusWidget() is window.table.view


@pytest.mark.parametrize("by_key", [True, False])
def test_marked_words_of_the_rule_are_copied_and_not_the_cell(window, qtbot, by_key):
    method = window.panel.findChild(QLabel, "method")
    method.setFocus()
    method.setSelection(0, 4)
    QApplication.clipboard().setText("别的")
    if by_key:
        qtbot.keyClick(method, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    else:
        window.commands["copy"].trigger()
    assert QApplication.clipboard().text() == "按规定办"


def test_tab_leads_from_the_changed_points_to_their_reason(window, document, qtbot):
    window.show_place("1.1")
    section = window.panel.findChild(OverrideSection)
    section.box.click()
    qtbot.keyClicks(section.points.line, "1")
    qtbot.keyClick(section.points.line, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is section.reason.line
    qtbot.keyClicks(section.reason.line, "why")
    window.show_place("1.2")
    assert document.entries.answer("1.1").override == Override(points=Decimal(1), reason="why")


def test_a_reason_typed_while_its_points_are_refused_is_stored_with_better_points(window, document, qtbot):
    window.show_place("1.1")
    section = window.panel.findChild(OverrideSection)
    section.box.click()
    qtbot.keyClicks(section.points.line, "9")
    qtbot.keyClick(section.points.line, Qt.Key.Key_Tab)
    qtbot.keyClicks(section.reason.line, "why")
    section.points.line.setFocus()
    section.points.line.selectAll()
    qtbot.keyClicks(section.points.line, "1")
    qtbot.keyClick(section.points.line, Qt.Key.Key_Return)
    assert document.entries.answer("1.1").override == Override(points=Decimal(1), reason="why")


def test_the_reason_of_a_refusal_goes_with_its_editor(window, qtbot):
    window.show_place("2.1")
    qtbot.keyClicks(window.table.view, "3")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    hint = window.table.view.viewport().findChild(QLabel, "refusal")
    assert hint.isVisible()
    window.commands["next_blank"].trigger()
    assert not hint.isVisible()
    window.show_place("2.1")
    qtbot.keyClick(window.table.view, Qt.Key.Key_F2)
    assert window.table.view.open_editor().entered() == "3"


def test_a_refusal_at_its_cell_names_the_file_without_its_folder(window, document, qtbot):
    document.path.rename(document.path.with_name("moved.zpb"))
    window.show_place("2.1")
    qtbot.keyClicks(window.table.view, "1")
    qtbot.keyClicks(QApplication.focusWidget(), "%")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    hint = window.table.view.viewport().findChild(QLabel, "refusal")
    assert document.path.name in hint.text()
    assert str(document.path.parent) not in hint.text()
    document.path.with_name("moved.zpb").rename(document.path)
