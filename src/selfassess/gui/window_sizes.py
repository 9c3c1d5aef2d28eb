"""How large a dialog opens and where: by the text it holds, with its frame inside the screen; knows no dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 48)
"""What a desktop adds around a window, about; nobody knows it before the window is shown."""


def open_at(window: QWidget, characters: int, lines: int) -> None:
    """Give a window its first size and its place: in the middle of the window it belongs to, whole on the screen.

    Args:
        window: The window; its font counts.
        characters: Chinese characters (字) side by side.
        lines: Lines of text one below the other.
    """
    metrics = window.fontMetrics()
    room = window.screen().availableGeometry()
    wanted = QSize(characters * metrics.horizontalAdvance("国"), lines * metrics.lineSpacing())
    owner = window.parentWidget()
    middle = room if owner is None else owner.window().frameGeometry()
    size = wanted.boundedTo(room.size() - FRAME)
    window.resize(size)
    # Placed before it is shown: a desktop centres what it places, and its title may come to lie above the screen.
    window.move(_placed(size + FRAME, middle, room).topLeft())


def _placed(size: QSize, middle: QRect, room: QRect) -> QRect:
    """A rectangle in the middle of another, moved into the room; its upper left corner is there in any case."""
    placed = QRect(room.topLeft(), size)
    placed.moveCenter(middle.center())
    placed.moveRight(min(placed.right(), room.right()))
    placed.moveBottom(min(placed.bottom(), room.bottom()))
    placed.moveLeft(max(placed.left(), room.left()))
    placed.moveTop(max(placed.top(), room.top()))
    return placed
