"""Says at the right of the status line whether what was entered is on the disk; looks at no file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit

from selfassess.gui.theme import colours_of
from selfassess.gui.tips import literal
from selfassess.store.watch import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtCore import QMetaObject
    from PySide6.QtWidgets import QWidget

    from selfassess.document import Document
    from selfassess.errors import StoreError

_EVERY = 250
"""Milliseconds between two looks at the fields, while something that is not stored may stand in one of them."""
_TYPING = "正在填写…"
_MOST_NAMED = 4
"""Places named one by one."""
_RESTYLING = frozenset({QEvent.Type.ApplicationPaletteChange, QEvent.Type.PaletteChange})


def saved_time(document: Document) -> str:
    """When the last step was stored, by the clock on the wall: 12:30:05."""
    return document.saved_at.astimezone().strftime("%H:%M:%S")


def named(places: list[str]) -> str:
    """Where texts stand, in words; of very many the first few, and how many there are."""
    more = _tr("等 {0} 处").format(len(places)) if len(places) > _MOST_NAMED else ""
    return "、".join(places[:_MOST_NAMED]) + more


def not_taken_words(places: list[str]) -> str:
    """A sentence on entries that mean nothing where they stand; "" where there are none."""
    text = _tr("{0}没有保存，因为填的内容不合要求。请改好再按回车，或者按 Esc 放弃。")
    return text.format(named(places)) if places else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SavedText", text)


class SavedText(QLabel):
    """已保存 12:30:05, 正在填写…, 第 2.7 行的得分没有保存, 有内容没有保存, or 无法保存.

    What is not saved stands out, and its tip tells why.

    A refusal is told until everything that was typed is stored, or given up: fields tell nobody when Escape takes a
    text back, so they are asked. One that left no text in a field, as that of a click, is told until the next edit.
    That somebody types is seen with the first letter, at the field that has the keyboard.

    Signals:
        told(object): Why something is not stored: a :class:`StoreError`; None when all is.

    Args:
        document: The open draft.
        refused: Tells where texts stand that the disk has refused.
        is_typing: Tells whether something stands in a field that is not stored.
        not_taken: Tells where entries stand that mean nothing there.
        parent: Owner.
    """

    told = Signal(object)

    def __init__(
        self,
        document: Document,
        refused: Callable[[], list[str]],
        is_typing: Callable[[], bool],
        not_taken: Callable[[], list[str]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._refused = refused
        self._is_typing = is_typing
        self._not_taken = not_taken
        self._heard: QMetaObject.Connection | None = None
        self._refusal: StoreError | None = None
        self._is_settled = False
        self._asking = QTimer(self, interval=_EVERY)
        self._asking.timeout.connect(self._ask)
        document.saved.connect(self._note_saved)
        document.refused.connect(self._note_refused)
        document.trouble_changed.connect(self._show)
        if not document.read_only:
            cast("QApplication", QApplication.instance()).focusChanged.connect(self._hear)
        self._show()

    def event(self, event: QEvent) -> bool:
        """Follows the colours."""
        if event.type() in _RESTYLING:
            self._colour()
        return super().event(event)

    def _note_refused(self, error: StoreError) -> None:
        if not self._document.read_only:
            self._refusal, self._is_settled = error, False
            self._asking.start()  # where the text stands is known a moment later
            self._show()

    def _note_saved(self, _moment: datetime) -> None:
        self._is_settled = True
        if not self._refused():
            self._refusal = None
        self._show()

    def _ask(self) -> None:
        """Whether a refused text still stands somewhere; once there is none, nothing is left to be told."""
        if self._refused():
            self._is_settled = True
        elif self._is_settled:
            self._refusal = None
        if self._refusal is None:
            self._asking.stop()
            self._show()

    def _hear(self, _left: QWidget | None, field: QWidget | None) -> None:
        """Listen to the field that has the keyboard now, and to no other."""
        if self._heard is not None:
            self.disconnect(self._heard)
            self._heard = None
        if field is None or self.window() not in {field.window(), field.window().parentWidget()}:
            return
        if isinstance(field, QLineEdit):
            self._heard = field.textEdited.connect(self._note_typed)
        elif isinstance(field, QPlainTextEdit):
            self._heard = field.textChanged.connect(self._note_typed)
        elif isinstance(field, QComboBox) and field.isEditable():
            self._heard = field.editTextChanged.connect(self._note_typed)

    def _note_typed(self, *_text: str) -> None:
        if self.text() != self.tr(_TYPING):
            self._show()

    def _show(self, *_news: object) -> None:
        text, why = self._told()
        if why or text == self.tr(_TYPING):
            self._asking.start()
        self.setText(text)
        self.setToolTip(literal(why))
        self._colour()
        self.told.emit(self._document.trouble or self._refusal)

    def _told(self) -> tuple[str, str]:
        """What is shown, and why; no reason when all is well."""
        if self._document.read_only:
            return self.tr("只读"), ""
        trouble = self._document.trouble
        if trouble is not None and trouble.code == UNKNOWN:
            return self.tr("可能没有保存"), str(trouble)
        if trouble is not None:
            from selfassess.gui.lost_file import while_open  # noqa: PLC0415  (hardly ever needed)

            return self.tr("无法保存"), while_open(trouble, self._document.path)
        if self._refusal is not None:
            return self.tr("有内容没有保存"), str(self._refusal)
        if not_taken := self._not_taken():
            places = not_taken[0] if len(not_taken) == 1 else self.tr("有 {0} 处").format(len(not_taken))
            return self.tr("{0}没有保存").format(places), not_taken_words(not_taken)
        if self._is_typing():
            return self.tr(_TYPING), ""
        return self.tr("已保存 {0}").format(saved_time(self._document)), ""

    def _colour(self) -> None:
        stands_out = bool(self.toolTip())
        style = f"color: {colours_of(QApplication.palette()).error.name()}" if stands_out else ""
        if style != self.styleSheet():
            self.setStyleSheet(style)
