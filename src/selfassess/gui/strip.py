"""A line over the table that says what is to be noticed, with buttons that lead on; knows nothing of what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from collections.abc import Callable


class Strip(QWidget):
    """A sentence and some buttons in the colour of what is to be noticed.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = _Sentence(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 4, 6, 4)
        self._row.addWidget(self._said, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def add_button(self, text: str, press: Callable[[], object]) -> QPushButton:
        """One more button at the right; it takes no keyboard away from the table."""
        button = QPushButton(text, self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _checked=False: press())
        self._row.addWidget(button)
        return button

    def say(self, text: str) -> None:
        """What it says."""
        self._said.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def said(self) -> str:
        """What it says."""
        return self._said.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the colour of what is to be noticed."""
        colours = colours_of(QApplication.palette())
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.verify_ground)
        painter.setPen(colours.verify)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class _Sentence(QLabel):
    """Shortened in its middle, where names of files stand, when there is no room for all of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # A narrow window must not be held open by a sentence.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As much as there is room for."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        QPainter(self).drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
