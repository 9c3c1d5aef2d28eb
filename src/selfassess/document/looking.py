"""Looks every few seconds whether an open draft's file is still its own, beside the window; knows no draft."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from selfassess.errors import StoreError

Look = Callable[[], StoreError | None]
_EVERY = 3000
"""Milliseconds between two looks."""
_PATIENCE_S = 1.0
"""How long the end waits for a look; one at a network share that does not answer may never end."""


class _News(QObject):
    """Carries what a look came to into the window's thread; nobody's child, because a look may outlast its window."""

    arrived = Signal(int, object)


class Looking(QObject):
    """One look at a time, each in a thread of its own: a network share that hangs must not keep the window waiting.

    A bug in a look is the last that is heard of it until :meth:`again`; it is not told every few seconds for ever.

    Signals:
        found(object): What a look came to: a :class:`StoreError`, or None.

    Args:
        look: Gives what is to be called beside the window, for each look anew.
        parent: Owner.
    """

    found = Signal(object)

    def __init__(self, look: Callable[[], Look], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._number = 0
        self._is_out = False
        self._thread: Thread | None = None
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._begin)
        self._timer.start()

    def again(self) -> None:
        """More is known now than a look that is under way can tell: it is not waited for any more."""
        self._number += 1
        self._is_out = False

    def stop(self) -> None:
        """The end: nothing is looked at, or told, after it."""
        self._timer.stop()
        self.again()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def _begin(self) -> None:
        if self._is_out or (self._thread is not None and self._thread.is_alive()):
            return
        self._is_out = True
        news = _News()
        news.arrived.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        # A daemon: the program's end does not wait for a share either.
        self._thread = Thread(target=_tell_of, args=(self._look(), self._number, news), daemon=True)
        self._thread.start()

    def _tell(self, number: int, found: StoreError | None) -> None:
        if number == self._number:
            self._is_out = False
            self.found.emit(found)


def _tell_of(look: Look, number: int, news: _News) -> None:
    news.arrived.emit(number, look())
