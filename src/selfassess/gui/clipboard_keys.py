"""Whom cut, copy, paste and redo are for: the widget that has the keyboard; knows no cells and no texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from selfassess.gui.table.annex_table import AnnexTable


def hand_on(verb: str, focused: QWidget | None, table: AnnexTable) -> bool:
    """Let the widget with the keyboard cut, copy or paste.

    Args:
        verb: ``cut``, ``copy`` or ``paste``.
        focused: What has the keyboard; None: nothing has.
        table: Acts for its view.

    Returns:
        False when it knows no such thing; then nothing has changed.
    """
    if isinstance(focused, QLabel):
        if verb == "copy" and focused.hasSelectedText():
            QGuiApplication.clipboard().setText(focused.selectedText())
            return True
        return False
    if focused is table.view:
        getattr(table, verb)()
        return True
    # A list to type in has its text in a field that never has the keyboard itself.
    holder = focused.lineEdit() if isinstance(focused, QComboBox) else focused
    own = getattr(holder, verb, None)
    if not callable(own):
        return False
    own()
    return True


def redo_in(focused: QWidget | None) -> bool:
    """Let a text do again what its own undo took back; Qt knows other keys for that on some systems.

    Args:
        focused: What has the keyboard.

    Returns:
        False when it has nothing to do again.
    """
    if isinstance(focused, QPlainTextEdit) and focused.document().isRedoAvailable():
        focused.redo()
        return True
    if isinstance(focused, QLineEdit) and focused.isRedoAvailable():
        focused.redo()
        return True
    return False
