"""A text field that keeps what is typed: on Enter, on leaving, and words while one types; knows no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from selfassess.errors import InputError, StoreError
from selfassess.gui.pausing import Pausing
from selfassess.gui.refusal import said_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit

    from selfassess.gui.labels import Note


class CommittedField(QObject):
    """Couples a line edit with the place where its text is kept.

    Text that is refused stays in the field, with the reason below it, until it is mended or taken back with Escape.
    Text that arrives from elsewhere (undo) replaces what is kept, and not what was typed since. Tidied text (1,234.50
    kept as 1234.5) replaces what was typed only when the field is left: not under the hands of somebody who pauses to
    think.

    Args:
        edit: The field; it owns this object.
        message: Where a refusal is shown.
        put: Stores a text, or raises what refuses it.
        words: Words are asked for, and stored while one types too; half a number, or half a date, is another one.
    """

    def __init__(self, edit: QLineEdit, message: Note, put: Callable[[str], None], *, words: bool = False) -> None:
        super().__init__(edit)
        self._edit = edit
        self._message = message
        self._put = put
        self._kept = edit.text()
        self._agreed = edit.text()
        self._committing = False
        self._refused_by_disk = False
        self._pausing = Pausing(edit)
        self._pausing.due.connect(self._commit_quietly)
        if words:
            edit.textEdited.connect(self._pausing.typed)
        edit.editingFinished.connect(self.commit)
        edit.installEventFilter(self)
        message.hide()

    @property
    def pending(self) -> bool:
        """Whether the field shows something that is not kept yet."""
        return self._edit.text() != self._agreed

    @property
    def refused_by_disk(self) -> bool:
        """Whether the field shows a good text that only the disk did not take."""
        return self._refused_by_disk and self.pending

    @property
    def not_taken(self) -> bool:
        """Whether the field shows a text that was refused because it means nothing there."""
        return bool(self._message.text()) and self.pending and not self._refused_by_disk

    def show_text(self, text: str) -> None:
        """Tells what is kept now.

        Args:
            text: As it is to be shown.
        """
        self._kept = text
        if not self._committing and not self.pending:
            self._show_kept()

    def commit(self) -> None:
        """Stores what is shown, and shows it tidied; does nothing when it is kept already."""
        if self._commit_quietly():
            self._show_kept()

    def retry(self) -> None:
        """Stores what only the disk did not take, and leaves the text as it is shown."""
        if self.refused_by_disk:
            self._commit_quietly()

    def take_back(self) -> None:
        """Shows what is kept in place of what was typed."""
        self._pausing.stop()
        self._show_kept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape takes back; a second one belongs to the window, and one of an input method to that."""
        if watched is self._edit and self._pausing.holds(event):
            return True
        if (
            watched is self._edit
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (self.pending or self._message.text())
        ):
            self.take_back()
            return True
        return super().eventFilter(watched, event)

    def _commit_quietly(self) -> bool:
        self._pausing.stop()
        if self.pending:
            typed, before = self._edit.text(), self._agreed
            self._committing = True
            self._agreed = typed  # who hears of it asks for it
            try:
                self._put(typed)
            except (InputError, StoreError) as error:
                self._agreed = before
                self._refused_by_disk = isinstance(error, StoreError)
                self._tell(said_here(error))
                return False
            finally:
                self._committing = False
        self._tell("")
        return True

    def _show_kept(self) -> None:
        self._agreed = self._kept
        if self._edit.text() != self._kept:
            self._edit.setText(self._kept)
        self._tell("")

    def _tell(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._edit.setAccessibleDescription(text)
