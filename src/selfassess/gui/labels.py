"""Small labels that follow the text size and the colours by themselves: headings, notes, refusals; know no content."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QWidget

from selfassess.gui.theme import colours_of

Tone = Literal["muted", "error", "verify", "ok", "accent"]
_RESTYLING = frozenset(
    {
        QEvent.Type.ApplicationFontChange,
        QEvent.Type.ApplicationPaletteChange,
        QEvent.Type.PaletteChange,
        QEvent.Type.StyleChange,
    }
)


class Heading(QLabel):
    """A bold line.

    Args:
        text: What it says.
        scale: Its size, as a multiple of the normal text.
        parent: Owner.
    """

    def __init__(self, text: str, *, scale: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._scale = scale
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the text size."""
        super().changeEvent(event)
        if event.type() in _RESTYLING:
            self._restyle()

    def event(self, event: QEvent) -> bool:
        """Application-wide changes do not come as change events to every widget."""
        if event.type() in _RESTYLING:
            self._restyle()
        return super().event(event)

    def _restyle(self) -> None:
        base = QApplication.font()
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(base.pointSizeF() * self._scale)
        if font != self.font():
            self.setFont(font)


class Note(QLabel):
    """A wrapping sentence in a quieter or a louder colour.

    Args:
        text: What it says.
        level: How it is meant.
        parent: Owner.
    """

    def __init__(self, text: str = "", *, level: Tone = "muted", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._level: Tone = level
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._restyle()

    def set_level(self, level: Tone) -> None:
        """Changes how it is meant."""
        self._level = level
        self._restyle()

    def event(self, event: QEvent) -> bool:
        """Follows the colours."""
        if event.type() in _RESTYLING:
            self._restyle()
        return super().event(event)

    def _restyle(self) -> None:
        colours = colours_of(QApplication.palette())
        colour = {
            "muted": colours.muted,
            "error": colours.error,
            "verify": colours.verify,
            "ok": colours.ok,
            "accent": colours.accent,
        }[self._level]
        palette = QPalette(self.palette())
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Buttons from the left, none stretched."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        # As tall as the tallest of them.
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(button)
    row.addStretch(1)
    return row
