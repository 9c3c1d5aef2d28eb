"""Looks at the drafts of a list while its window is in use: a few at a time, between keys and clicks; shows nothing."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from selfassess.store.library import told

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from selfassess.store.glance import LibraryEntry
    from selfassess.store.library import Library

_AT_ONCE_S = 0.05
"""How long a list may keep its window waiting: two dozen drafts."""
_SHORT = 8
"""Drafts that are looked at before anything is shown, however long that takes: a short list does not flicker."""
_SLICE_S = 0.01
_TELLING_S = 0.5
"""How often what was found is shown."""


class Filling(QObject):
    """Fills what is pending, in the order it is listed.

    Not in a thread: SQLite's locks belong to the whole process, and Python does one thing at a time anyway.

    Signals:
        looked(): More is known.

    Args:
        library: Looks at drafts.
        parent: Owner.
    """

    looked = Signal()

    def __init__(self, library: Library, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._entries: dict[Path, LibraryEntry] = {}
        self._waiting: deque[Path] = deque()
        self._told_at = 0.0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._look_on)

    @property
    def entries(self) -> tuple[LibraryEntry, ...]:
        """The drafts in order, as far as they are known."""
        return told(self._entries.values())

    @property
    def waiting(self) -> int:
        """How many drafts were not looked at yet."""
        return len(self._waiting)

    def begin(self, entries: Iterable[LibraryEntry]) -> None:
        """Look at what is pending: for a moment now, at the rest in between.

        Args:
            entries: The drafts of the library.
        """
        self._entries = {entry.path: entry for entry in entries}
        self._waiting = deque(entry.path for entry in self._entries.values() if entry.is_pending)
        self._look_for(_AT_ONCE_S, _SHORT)
        self._told_at = time.monotonic()
        self.go_on()

    def go_on(self) -> None:
        """Look at the rest, after it was left or for the first time."""
        if self._waiting:
            self._timer.start()
        else:
            self.stop()

    def stop(self) -> None:
        """Look no further, and note what was seen; harmless when nothing is looked for."""
        self._timer.stop()
        self._library.keep()

    def _look_on(self) -> None:
        self._look_for(_SLICE_S)
        if not self._waiting:
            self.stop()
        if not self._waiting or time.monotonic() - self._told_at > _TELLING_S:
            self.looked.emit()
            self._told_at = time.monotonic()

    def _look_for(self, seconds: float, at_least: int = 1) -> None:
        end = time.monotonic() + seconds
        while self._waiting:
            path = self._waiting.popleft()
            entry = self._library.look_at(path)
            if entry is None:
                del self._entries[path]
            else:
                self._entries[path] = entry
            at_least -= 1
            if at_least <= 0 and time.monotonic() >= end:
                return
