"""A dialog opens whole on the screen, its title included, in the middle of the window it belongs to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QDialog, QWidget

from selfassess.gui.window_sizes import FRAME, open_at


@pytest.fixture
def owner(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize(("characters", "lines"), [(10, 5), (40, 20), (900, 900)])
@pytest.mark.parametrize("at", [(0, 0), (-300, -300), (5000, 5000)], ids=["corner", "half outside", "elsewhere"])
def test_a_dialog_and_its_frame_lie_inside_the_screen(owner, characters, lines, at):
    room = owner.screen().availableGeometry()
    owner.setGeometry(QRect(*at, 600, 400))
    dialog = QDialog(owner)
    open_at(dialog, characters, lines)
    assert room.contains(QRect(dialog.pos(), dialog.size() + FRAME))


def test_a_dialog_opens_in_the_middle_of_its_window(owner):
    owner.setGeometry(QRect(100, 100, 600, 600))
    dialog = QDialog(owner)
    open_at(dialog, 10, 5)
    middle = QRect(dialog.pos(), dialog.size() + FRAME).center() - owner.frameGeometry().center()
    assert middle.manhattanLength() <= 2
