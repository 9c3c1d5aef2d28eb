"""When text that is being typed is to be stored: in a pause, and now and then without one; stores nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SILENCE = 1000
"""Milliseconds without a key after which text is stored."""
LATEST = 3000
"""Milliseconds after the first letter that is not stored, after which text is stored although somebody types on."""

CANDIDATE_KEYS = frozenset(
    {
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
"""Of the list from which an input method lets one choose: while it composes, they mean nothing to the field."""


class Pausing(QObject):
    """Watches over one field; waits while an input method is in the middle of a word.

    Signals:
        due: What was typed is to be stored now; the field stays as it is, for somebody may be typing.

    Args:
        field: What is typed into; it owns this object.
    """

    due = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._is_composing = False
        field.installEventFilter(self)
        self._is_overdue = False
        self._silence = QTimer(self, singleShot=True, interval=SILENCE)
        self._latest = QTimer(self, singleShot=True)
        for timer in (self._silence, self._latest):
            timer.timeout.connect(self._tell)

    def holds(self, event: QEvent) -> bool:
        """Whether this is a key of the input method's list, which the field must not obey.

        Args:
            event: That comes to the field.
        """
        return (
            self._is_composing
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in CANDIDATE_KEYS
        )

    def typed(self, *_text: str) -> None:
        """Something was typed that is not stored."""
        self._silence.start()
        if self._is_overdue and not self._is_composing:
            self._latest.start(0)  # the word is whole; not before the field has done with it
        elif not self._is_overdue and not self._latest.isActive():
            self._latest.start(LATEST)

    def stop(self) -> None:
        """All is stored, or given up."""
        self._is_overdue = False
        self._silence.stop()
        self._latest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees the input method's words before the field does."""
        if isinstance(event, QInputMethodEvent):
            self._is_composing = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self._is_composing = False
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        if self._is_composing:
            self._is_overdue = True
            self._silence.start()
            return
        self.stop()
        self.due.emit()
