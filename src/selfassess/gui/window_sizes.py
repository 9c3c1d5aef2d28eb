"""How large a dialog opens: by the text it holds, never larger than the screen; knows no dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SHARE = 0.92
"""Of the screen; the rest is for the window's frame."""


def open_at(window: QWidget, characters: int, lines: int) -> None:
    """Give a window its first size.

    Args:
        window: The window; its font counts.
        characters: Chinese characters (字) side by side.
        lines: Lines of text one below the other.
    """
    metrics = window.fontMetrics()
    room = window.screen().availableSize() * _SHARE
    width = min(characters * metrics.horizontalAdvance("国"), room.width())
    window.resize(width, min(lines * metrics.lineSpacing(), room.height()))
