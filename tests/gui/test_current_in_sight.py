"""The current cell stays in sight when the room changes, its border leaves no trace, and stale sentences go."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Answer
from selfassess.gui.fonts import TextSize

D = Decimal


def settle(qtbot) -> None:
    qtbot.wait(60)


def is_whole(window) -> bool:
    """Whether all of the current cell is in sight and not under the frozen columns."""
    view = window.table.view
    room = view.viewport().rect().adjusted(view.frozen_width(), 0, 0, 0)
    return room.contains(view.visualRect(view.currentIndex()))


@pytest.fixture
def small(window, theme, qtbot):
    """A window that shows some of the rows only."""
    window.commands["findings"].setChecked(False)
    window.resize(1100, 420)
    window.commands["tall"].setChecked(True)
    settle(qtbot)
    yield window
    theme.set_text_size(TextSize.MEDIUM)


@pytest.mark.parametrize("switch", ["findings", "panel", "categories"])
def test_what_takes_room_from_the_table_leaves_the_current_cell_in_sight(small, qtbot, switch):
    view = small.table.view
    small.commands[switch].setChecked(False)
    settle(qtbot)
    last = view.rowAt(view.viewport().height() - 4)
    small.show_place(small.table.model.lines[last].place)
    settle(qtbot)
    assert is_whole(small)
    small.commands[switch].setChecked(True)
    settle(qtbot)
    assert is_whole(small)


def test_f8_that_opens_the_findings_leaves_its_row_in_sight(small, document, qtbot):
    view = small.table.view
    last = view.rowAt(view.viewport().height() - 4)
    small.show_place(small.table.model.lines[last].place)
    settle(qtbot)
    qtbot.keyClick(view, Qt.Key.Key_F8)
    settle(qtbot)
    assert small.findings.isVisible()
    assert is_whole(small)


def test_larger_letters_leave_the_current_cell_in_sight(small, theme, qtbot):
    small.show_place("3.2")
    settle(qtbot)
    for size in (TextSize.LARGE, TextSize.HUGE):
        theme.set_text_size(size)
        settle(qtbot)
        assert small.table.view.horizontalScrollBar().maximum() > 0
        assert is_whole(small)


def test_who_has_scrolled_away_is_not_brought_back(small, qtbot):
    view = small.table.view
    small.show_place("1.1")
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    at = view.verticalScrollBar().value()
    assert at > view.rowHeight(1) + view.rowHeight(0)
    small.resize(small.width(), small.height() - 10)
    settle(qtbot)
    assert view.verticalScrollBar().value() >= at


@pytest.mark.parametrize("key", [ColumnKey.POINTS, ColumnKey.CONTENT, ColumnKey.NAME, ColumnKey.REMARK])
def test_the_border_of_the_current_cell_stays_within_it(window, qtbot, key):
    view = window.table.view
    view.show_place("2.2", key)
    cell = view.shown_rect(view.currentIndex())
    with_border = view.viewport().grab().toImage()
    window.categories.setFocus()  # the border is painted in another colour
    assert QApplication.focusWidget() is window.categories
    without = view.viewport().grab().toImage()
    room = cell.adjusted(-4, -4, 4, 4) & QRect(view.viewport().rect())
    changed = [
        (x, y)
        for x in range(room.left(), room.right() + 1)
        for y in range(room.top(), room.bottom() + 1)
        if with_border.pixel(x, y) != without.pixel(x, y)
    ]
    assert changed
    assert [point for point in changed if not cell.contains(*point)] == []


def refuse(window, qtbot) -> None:
    """Points that cannot be, given up."""
    window.show_place("3.2")
    for letter in "13":
        qtbot.keyClicks(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert "E102" in window.status.said()
    window.table.view.setFocus()
    settle(qtbot)


def test_a_refusal_goes_with_the_next_edit(window, document, qtbot):
    refuse(window, qtbot)
    document.put_answer("3.1", Answer(option="低于"))
    assert window.status.said() == ""


def test_a_refusal_goes_with_the_next_place(window, qtbot):
    refuse(window, qtbot)
    window.show_place("1.1")
    assert window.status.said() == ""


def test_a_refusal_by_going_elsewhere_is_still_read_there(window, qtbot):
    window.show_place("3.2")
    for letter in "13":
        qtbot.keyClicks(QApplication.focusWidget(), letter)
    index = window.table.view.annex.index_at("3.1", ColumnKey.POINTS)
    middle = window.table.view.visualRect(index).center()
    qtbot.mouseClick(window.table.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert window.table.view.place() == "3.1"
    assert "E102" in window.status.said()


def test_what_undo_says_stays_until_something_else_is_done(window, document, qtbot):
    document.put_answer("3.2", Answer(points=D(3)))
    window.commands["undo"].trigger()
    settle(qtbot)
    assert "3.2" in window.status.said()
    document.put_answer("3.2", Answer(points=D(2)))
    assert window.status.said() == ""
