"""Says under an open editor why what was typed there was not taken; knows no cell and no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from selfassess.gui.table.view import AnnexView

_PADDING = 9


class CellHint:
    """One sentence over the table, as long as it is wanted.

    Args:
        view: The table.
    """

    def __init__(self, view: AnnexView) -> None:
        self._view = view
        self._label: QLabel | None = None

    def tell(self, editor: QWidget, text: str) -> None:
        """Show a sentence under an editor, or over it where there is no room.

        Args:
            editor: It stands in the table.
            text: The sentence.
        """
        label = self._label = self._label or self._built()
        inks = self._view.inks
        ground = colours_of(QApplication.palette()).error_ground.name()
        label.setStyleSheet(
            f"QLabel#refusal {{ background: {ground}; color: {inks.text.name()};"
            f" border: 1px solid {inks.error.name()}; padding: {_PADDING - 3}px; }}"
        )
        label.setFont(self._view.font())
        label.setText(text)
        width = min(round(self._view.texts.em * 24), self._view.viewport().width() - 8)
        # Its own heightForWidth does not know the padding of a style sheet that it has not been drawn with yet.
        room = QRect(0, 0, width - 2 * _PADDING, 10_000)
        words = label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        height = words.height() + 2 * _PADDING
        below = QRect(editor.geometry().left(), editor.geometry().bottom() + 4, width, height)
        if below.bottom() > self._view.viewport().height():
            below.moveBottom(editor.geometry().top() - 4)
        label.setGeometry(inside(below, self._view.viewport().rect()))
        label.show()
        label.raise_()

    def hide(self) -> None:
        """Take the sentence away."""
        if self._label is not None:
            self._label.hide()

    def _built(self) -> QLabel:
        label = QLabel(self._view.viewport())
        label.setObjectName("refusal")
        label.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what was typed
        label.setWordWrap(True)
        label.setAccessibleName(QCoreApplication.translate("CellDelegate", "未被接受的原因"))
        label.setAutoFillBackground(True)
        return label


def inside(rect: QRect, room: QRect) -> QRect:
    """A rectangle moved, not cut, until it lies in the room.

    Args:
        rect: In pixels, as the room.
        room: What it shall lie in.
    """
    moved = QRect(rect)
    if moved.right() > room.right():
        moved.moveRight(room.right())
    if moved.left() < room.left():
        moved.moveLeft(room.left())
    if moved.bottom() > room.bottom():
        moved.moveBottom(room.bottom())
    if moved.top() < room.top():
        moved.moveTop(room.top())
    return moved
