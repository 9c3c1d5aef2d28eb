"""A text field that keeps what is typed: stored on Enter, on leaving and after a second of silence; knows no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from selfassess.errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit

    from selfassess.gui.labels import Note

SILENCE = 1000
"""Milliseconds without a keystroke after which text is stored."""


class CommittedField(QObject):
    """Couples a line edit with a place where its text is kept.

    Text that is refused stays in the field with the reason below it, until it is mended or taken back with Escape.
    Text that arrives from elsewhere (undo) replaces what is shown unless something new is being typed.

    Args:
        edit: The field; it owns this object.
        message: Where a refusal is shown.
        put: Stores a text, or raises what refuses it.
    """

    def __init__(self, edit: QLineEdit, message: Note, put: Callable[[str], None]) -> None:
        super().__init__(edit)
        self._edit = edit
        self._message = message
        self._put = put
        self._kept = edit.text()
        self._committing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SILENCE)
        self._timer.timeout.connect(self.commit)
        edit.textEdited.connect(lambda _: self._timer.start())
        edit.editingFinished.connect(self.commit)
        message.hide()

    @property
    def pending(self) -> bool:
        """Whether the field shows something that is not kept."""
        return self._edit.text() != self._kept

    def show_text(self, text: str) -> None:
        """Shows what is kept now, unless the user is in the middle of something else."""
        if self.pending and text == self._kept and not self._committing:
            return
        self._kept = text
        if self._edit.text() != text:
            self._edit.setText(text)
        self._tell("")

    def commit(self) -> None:
        """Stores what is shown; does nothing when it is kept already."""
        self._timer.stop()
        if not self.pending:
            self._tell("")
            return
        text = self._edit.text()
        self._committing = True
        try:
            self._put(text)
        except (InputError, StoreError) as error:
            self._tell(error.message)
        else:
            self._kept = self._edit.text()
            self._tell("")
        finally:
            self._committing = False

    def _tell(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._edit.setAccessibleDescription(text)
        # A frame in the colour of errors, by palette: style sheets would cost the field its native look.
        self._edit.setProperty("refused", bool(text))
