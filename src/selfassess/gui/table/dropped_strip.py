"""The strip over the table that keeps texts that gave way to newer ones, until they are closed; stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from selfassess.gui.strip import Strip
from selfassess.gui.tips import literal
from selfassess.store.words import short

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DroppedStrip(Strip):
    """Shown as long as it keeps something; what it keeps is pointed at to be read, or copied whole.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: list[tuple[str, str]] = []
        self.copy = self.add_button(self.tr("复制内容"), self._copy)
        self.closing = self.add_button(self.tr("不要了"), self._close)

    def add(self, place: str, text: str) -> None:
        """Keep one more.

        Args:
            place: Where it was typed, in words.
            text: As it was typed.
        """
        if (place, text) not in self._kept:
            self._kept.append((place, text))
        if len(self._kept) > 1:
            places = "、".join(dict.fromkeys(place for place, _text in self._kept))
            self.say(self.tr("{0} 处没有存下：{1}后来又改过。").format(len(self._kept), places))
        else:
            self.say(self.tr("{0}没有存下“{1}”，这一行后来又改过。").format(place, short(text)))
        self.setToolTip(literal("\n".join(self._lines())))
        self.show()

    def _lines(self) -> list[str]:
        return [f"{place}：{text}" for place, text in self._kept]

    def _copy(self) -> None:
        told = [text for _place, text in self._kept] if len(self._kept) == 1 else self._lines()
        QGuiApplication.clipboard().setText("\n".join(told))

    def _close(self) -> None:
        self._kept.clear()
        self.hide()
