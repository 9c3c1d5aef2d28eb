"""Cut, copy and paste are for whatever has the keyboard; the table's cells never change behind somebody's back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from selfassess.domain.entries import Adjustment, Answer
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.adjustments_model import Column
from selfassess.gui.evidence.section import EvidenceSection

D = Decimal
MATTERS = (Adjustment(matter="获全国先进", basis="国办发〔2022〕1号", points=D(5)),)


def press(window, verb: str, text: str | None = None) -> None:
    """The command as its key gives it, with a text on the clipboard."""
    if text is not None:
        QGuiApplication.clipboard().setText(text)
    window.commands[verb].trigger()


def clear_button(window):
    return next(one for one in window.panel.findChildren(QAbstractButton) if one.text() == "清除")


OTHERS = {
    "a button of the panel": clear_button,
    "the list of the filter": lambda window: window.filter.findChild(QComboBox),
    "the categories": lambda window: window.categories,
    "the findings": lambda window: window.findings.view,
}


@pytest.mark.parametrize("verb", ["cut", "paste"])
@pytest.mark.parametrize("where", OTHERS)
def test_the_current_cell_keeps_its_points_while_the_keyboard_is_elsewhere(window, document, where, verb):
    document.put_answer("3.2", Answer(points=D(3)))
    window.show_place("3.2")
    window.commands["findings"].setChecked(True)
    widget = OTHERS[where](window)
    widget.setFocus()
    assert QApplication.focusWidget() is widget
    press(window, verb, "1")
    assert document.entries.answer("3.2").points == D(3)
    assert "什么都没有改" in window.status.said()
    assert QGuiApplication.clipboard().text() == "1"


def test_a_finding_is_copied_as_its_sentence(window, document):
    window.commands["findings"].setChecked(True)
    view = window.findings.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    press(window, "copy")
    assert QGuiApplication.clipboard().text() == document.findings[1].message


@pytest.fixture
def matters(window, document):
    document.put_adjustments(MATTERS)
    window.show_place("8.1")
    table = window.panel.findChild(AdjustmentsEditor).table
    table.setFocus()
    return table


def choose(table, column: Column) -> None:
    table.setCurrentIndex(table.model().index(0, column))


def refusal(window) -> str:
    return window.panel.findChild(AdjustmentsEditor)._refusal.text()


@pytest.mark.parametrize(
    ("column", "text", "kept"),
    [(Column.MATTER, "表彰", "表彰"), (Column.BASIS, "藏政发1号", "藏政发1号"), (Column.POINTS, "3", "3")],
)
def test_a_chosen_cell_of_a_matter_takes_the_paste(window, document, matters, column, text, kept):
    choose(matters, column)
    press(window, "paste", text)
    assert matters.currentIndex().data() == kept
    assert document.entries.answers == {}


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        (Column.SIGN, "加分", "这一格不能粘贴"),
        (Column.MATTER, "甲\t乙", "一次只能粘贴一格"),
        (Column.POINTS, "许多", "不是数"),
    ],
)
def test_what_does_not_fit_a_matter_is_refused_in_words(window, document, matters, column, text, words):
    choose(matters, column)
    press(window, "paste", text)
    assert words in refusal(window)
    assert document.entries.adjustments == MATTERS


def test_cutting_a_matters_text_takes_it_along(window, document, matters):
    choose(matters, Column.BASIS)
    press(window, "cut")
    assert QGuiApplication.clipboard().text() == "国办发〔2022〕1号"
    assert document.entries.adjustments[0].basis == ""


def test_copied_files_are_pasted_into_the_list_of_documents(window, document, tmp_path, qtbot):
    document.attach("1.1", "批复.txt", b"1")
    window.show_place("1.1")
    paper = tmp_path / "会议纪要.txt"
    paper.write_bytes(b"2")
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(paper))])
    QGuiApplication.clipboard().setMimeData(copied)
    window.panel.findChild(EvidenceSection).list.setFocus(Qt.FocusReason.OtherFocusReason)
    press(window, "paste")
    qtbot.waitUntil(lambda: len(document.evidence("1.1")) == 2)
    assert document.evidence("1.1")[1].name == "会议纪要.txt"
    assert document.entries.answer("1.1") == Answer()


def test_a_cell_that_is_open_as_a_list_keeps_its_own_keys(window, document, qtbot):
    window.show_place("3.1")
    qtbot.keyClick(window.table.view, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QComboBox)
    editor.lineEdit().selectAll()
    press(window, "paste", "低于")
    assert editor.currentText() == "低于"
    assert document.entries.answer("3.1") == Answer()
