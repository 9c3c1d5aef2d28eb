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
    think. A text that the disk refused gives way where something newer came in the meantime: what is kept is shown, and
    what was typed is quoted below it until one types there again.

    Args:
        edit: The field; it owns this object.
        message: Where a refusal is shown.
        put: Stores a text, or raises what refuses it.
        tidied: How a text is shown once it is kept; raises what refuses it.
        words: Words are asked for, and stored while one types too; half a number, or half a date, is another one.
    """

    def __init__(
        self,
        edit: QLineEdit,
        message: Note,
        put: Callable[[str], None],
        *,
        tidied: Callable[[str], str] = str.strip,
        words: bool = False,
    ) -> None:
        super().__init__(edit)
        self._edit = edit
        self._message = message
        self._put = put
        self._tidied = tidied
        self._kept = edit.text()
        self._agreed = edit.text()
        self._committing = False
        self._refused_by_disk = False
        self._refused = ""
        self._older: frozenset[str] = frozenset()
        """What was kept when the text was refused, and what was refused before: a disk may have it all the same."""
        self._gave_way = False
        self._pausing = Pausing(edit)
        self._pausing.due.connect(self._commit_quietly)
        if words:
            edit.textEdited.connect(self._pausing.typed)
        edit.textEdited.connect(self._note_typing)
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

    def commit(self) -> bool:
        """Stores what is shown, and shows it tidied; does nothing when it is kept already.

        Returns:
            Whether there is nothing to be read below the field first: no refusal, and no text that has just given way.
        """
        done = self._commit_quietly()
        if done:
            self._show_kept()
        return done

    def retry(self) -> None:
        """Stores what only the disk did not take, and leaves the text as it is shown; what is typed since waits."""
        if self.refused_by_disk and self._edit.text() == self._refused:
            self._commit_quietly()

    def go_on_from(self, earlier: CommittedField) -> None:
        """Shows what waits in another field, in whose place this one is.

        Args:
            earlier: The other one; it is not used any more.
        """
        self._edit.setText(earlier._edit.text())
        self._refused_by_disk, self._refused, self._older = (
            earlier._refused_by_disk,
            earlier._refused,
            earlier._older,
        )
        if self._refused_by_disk:
            self._tell(earlier._message.text())

    def give_way(self) -> None:
        """Shows what is kept in place of a text that was refused, and quotes that below."""
        text = self._edit.text()
        self.take_back()
        self._gave_way = True
        self._tell(self.tr("这一格后来又改过，先前没有存下的“{0}”不再保存。").format(text))

    def take_back(self) -> None:
        """Shows what is kept in place of what was typed."""
        self._pausing.stop()
        self._gave_way = False
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
        if self.pending and self._is_outdated():
            self.give_way()
            return False
        if self.pending:
            typed, before = self._edit.text(), self._agreed
            self._committing = True
            self._agreed = typed  # who hears of it asks for it
            try:
                self._put(typed)
            except (InputError, StoreError) as error:
                self._agreed = before
                self._note_refusal(typed, by_disk=isinstance(error, StoreError))
                self._tell(said_here(error))
                return False
            finally:
                self._committing = False
            self._refused_by_disk = False
        if not self._gave_way:
            self._tell("")
        return True

    def _note_refusal(self, typed: str, *, by_disk: bool) -> None:
        earlier = self._older | {self._tidied(self._refused)} if self.refused_by_disk else frozenset[str]()
        self._older = earlier | {self._kept}
        self._refused, self._refused_by_disk = typed, by_disk

    def _is_outdated(self) -> bool:
        """Whether something newer is kept than what the disk refused, and nobody has typed since."""
        typed = self._edit.text()
        if not self._refused_by_disk or typed != self._refused or self._kept in self._older:
            return False
        return self._kept != self._tidied(typed)

    def _note_typing(self) -> None:
        if self._gave_way:
            self._gave_way = False
            self._tell("")

    def _show_kept(self) -> None:
        self._agreed = self._kept
        if self._edit.text() != self._kept:
            self._edit.setText(self._kept)
        self._refused_by_disk = False
        if not self._gave_way:
            self._tell("")

    def _tell(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._edit.setAccessibleDescription(text)
