"""Drafts that were opened outside the folder of drafts: remembers them, looks at those that are there, opens none."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.gui.settings import Settings
    from selfassess.store.glance import LibraryEntry

OPENED_ELSEWHERE = "opened_elsewhere"
"""Key of the drafts, the one opened last first."""
_MOST = 10
_POLL_MS = 50
_POLLS = 100
"""Times it is asked so often for what was found out."""
_LATER_MS = 1000
"""After that; a disk that is gone may never answer."""


class Elsewhere(QObject):
    """Drafts on sticks and in other folders.

    Whether one is there, and what it holds, is asked beside the window: a disk on the network that is gone keeps
    whoever asks waiting, and so does a stick that is about to fail.

    Signals:
        looked(): More is known, or something else.

    Args:
        settings: Remembers them.
        folder: Of drafts; what lies there is not elsewhere.
        parent: Owner.
    """

    looked = Signal()

    def __init__(self, settings: Settings, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folder = folder
        self._seen: dict[str, LibraryEntry | None] = {}
        self._asking: dict[str, threading.Thread] = {}
        self._polls = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)

    @property
    def entries(self) -> tuple[LibraryEntry, ...]:
        """Those that were there at the last look, and what they held, the one opened last first."""
        seen = (self._seen.get(path) for path in self._remembered())
        return tuple(entry for entry in seen if entry is not None)

    def remember(self, path: Path) -> None:
        """A draft was opened, or is gone on with, in this place.

        Args:
            path: Its file.
        """
        place = path.absolute()
        if place.parent == self._folder.absolute() or not _is_text(str(place)):
            return
        others = [one for one in self._remembered() if one != str(place)]
        self._settings.put(OPENED_ELSEWHERE, [str(place), *others][:_MOST])

    def look(self) -> None:
        """Find out which are there, and what they hold."""
        from selfassess.store.glance import look_at  # noqa: PLC0415  (no window of a draft needs it)

        for path in self._remembered():
            if path not in self._asking:
                # It knows nothing of this object, which could otherwise end in a thread that is not its own.
                thread = threading.Thread(target=_ask, args=(path, look_at, self._seen), name="elsewhere", daemon=True)
                self._asking[path] = thread
                thread.start()
        if self._asking:
            self._polls = 0
            self._timer.start(_POLL_MS)

    def _poll(self) -> None:
        self._polls += 1
        answered = [path for path, thread in self._asking.items() if not thread.is_alive()]
        for path in answered:
            del self._asking[path]
        if not self._asking:
            self._timer.stop()
        elif self._polls == _POLLS:
            self._timer.start(_LATER_MS)
        if answered:
            self.looked.emit()

    def _remembered(self) -> list[str]:
        """Whoever can write the settings can write anything into them."""
        found = cast("list[object]", self._settings.get(OPENED_ELSEWHERE, list[str]()))
        return [path for path in found[:_MOST] if isinstance(path, str) and _is_text(path)]


def _ask(path: str, look_at: Callable[[Path], LibraryEntry | None], seen: dict[str, LibraryEntry | None]) -> None:
    is_there = os.path.isfile(path)  # noqa: PTH113  (no error for a name that no file can have)
    seen[path] = look_at(Path(path)) if is_there else None


def _is_text(path: str) -> bool:
    """Whether a name can be noted: one from another system may hold bytes that are no text."""
    return path.encode(errors="ignore").decode() == path
