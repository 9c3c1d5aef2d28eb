"""A list in a cell is opened by the arrows; nothing is claimed before it was chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from selfassess.domain.entries import Answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing|propagateSizeHints)", extend=True)
"""What the invisible platform says of any list that drops down."""


@pytest.fixture
def editor(window, qtbot):
    """The open editor of a row with two options."""
    window.show_place("3.1")
    qtbot.keyClick(window.table.view, Qt.Key.Key_F2)
    return window.table.view.open_editor()


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp])
def test_an_arrow_opens_the_list_and_stores_nothing(window, document, editor, qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)
    qtbot.waitUntil(editor.view().isVisible)
    assert document.entries.answer("3.1") == Answer()
    assert window.table.view.open_editor() is editor
    editor.hidePopup()


def test_what_is_chosen_in_the_list_is_stored(document, editor, qtbot):
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.waitUntil(editor.view().isVisible)
    editor.view().setCurrentIndex(editor.model().index(1, 0))
    qtbot.keyClick(editor.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.entries.answer("3.1") == Answer(option="低于"))


def test_the_wheel_over_an_open_list_stores_nothing(window, document, editor):
    turned = QWheelEvent(
        QPointF(5, 5),
        QPointF(editor.mapToGlobal(QPoint(5, 5))),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, turned)
    assert document.entries.answer("3.1") == Answer()
    assert window.table.view.open_editor() is editor
