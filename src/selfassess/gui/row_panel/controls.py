"""What is clicked in the row's panel, and the lines between its parts; they know no rows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from selfassess.gui.theme import colours_of

_SEGMENT = """
QPushButton { padding: 0.25em 0.9em; border: 1px solid palette(mid); border-radius: 4px; background: palette(base); }
QPushButton:hover { border-color: palette(dark); }
QPushButton:focus { border: 1px solid palette(highlight); }
QPushButton:checked { background: palette(highlight); color: palette(highlighted-text); }
QPushButton:checked { border-color: palette(highlight); }
QPushButton:checked:focus { border-color: palette(text); }
QPushButton:disabled { color: palette(mid); }
"""
_LINK = """
QPushButton { border: none; background: transparent; color: palette(link); padding: 0.1em 0.2em; text-align: left; }
QPushButton:hover, QPushButton:focus { text-decoration: underline; }
"""


class Link(QPushButton):
    """Words that lead somewhere."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setStyleSheet(_LINK)
        self.setAccessibleName(text)


class Separator(QWidget):
    """A hairline between two parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the colour of borders."""
        QPainter(self).fillRect(event.rect(), colours_of(self.palette()).border)


class YesNo(QWidget):
    """是 or 否, or neither yet.

    Signals:
        chosen: True, False, or None when the choice was taken back.

    Args:
        name: What is decided, for screen readers.
        yes: Text of the first button.
        no: Text of the second button.
        parent: Owner.
    """

    chosen = Signal(object)

    def __init__(self, name: str, yes: str, no: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = (QPushButton(yes, self), QPushButton(no, self))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button, value in zip(self._buttons, (True, False), strict=True):
            button.setCheckable(True)
            button.setStyleSheet(_SEGMENT)
            button.setAccessibleName(f"{name}：{button.text()}")
            button.clicked.connect(partial(self._choose, value))
            row.addWidget(button)
        row.addStretch(1)

    def _choose(self, value: bool) -> None:  # noqa: FBT001 -- a value, not a switch
        button = self._buttons[0 if value else 1]
        self.chosen.emit(value if button.isChecked() else None)

    def show_value(self, value: bool | None) -> None:  # noqa: FBT001 -- a value to show, not a switch
        """Show the decision."""
        self._buttons[0].setChecked(value is True)
        self._buttons[1].setChecked(value is False)
