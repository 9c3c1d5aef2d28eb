"""Tries again, beside whatever is done, what the disk has refused, until it is stored; knows no fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from selfassess.gui.soon import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.document import Document
    from selfassess.errors import StoreError

_EVERY = 3000
"""Milliseconds between two attempts; a disk that is full tells nobody when it has room again."""


class Retrying(QObject):
    """Begins with a refusal and ends when no refused text stands anywhere.

    While the file is not there nothing is tried: only what is known to be in vain would be told again and again.

    Args:
        document: The open draft.
        refused: Tells where texts stand that the disk has refused.
        retry: Tries to store them.
        parent: Owner.
    """

    def __init__(
        self, document: Document, refused: Callable[[], list[str]], retry: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._refused = refused
        self._retry = retry
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._try)
        if not document.read_only:
            document.refused.connect(self._begin)
            document.trouble_changed.connect(self._note_trouble)
            document.closing.connect(self._timer.stop)

    def _begin(self, _error: StoreError) -> None:
        self._timer.start()

    def _note_trouble(self, trouble: StoreError | None) -> None:
        if trouble is None and self._timer.isActive():
            soon(self, self._try)  # what told it may be in the middle of storing

    def _try(self) -> None:
        if not self._refused():
            self._timer.stop()
        elif self._document.trouble is None and QApplication.activeModalWidget() is None:
            self._retry()
