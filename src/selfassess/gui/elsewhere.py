"""Drafts that were opened outside the folder of drafts: remembers them, and tells which are there; opens none."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from selfassess.gui.settings import Settings

OPENED_ELSEWHERE = "opened_elsewhere"
"""Key of the drafts, the one opened last first."""
_MOST = 10
_POLL_MS = 50
_POLLS = 100
"""Times it is asked for what was found out; what comes later is told at the next look."""


class Elsewhere(QObject):
    """Drafts on sticks and in other folders.

    Whether one is there is asked beside the window: a disk on the network that is gone keeps whoever asks waiting.

    Signals:
        looked(): It is known anew which are there.

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
        self._there: dict[str, bool] = {}
        self._asking: dict[str, threading.Thread] = {}
        self._polls = 0
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def there(self) -> tuple[Path, ...]:
        """Those that were there at the last look, the one opened last first."""
        return tuple(Path(path) for path in self._remembered() if self._there.get(path))

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
        """Find out which are there."""
        for path in self._remembered():
            if path not in self._asking:
                # It knows nothing of this object, which could otherwise end in a thread that is not its own.
                thread = threading.Thread(target=_ask, args=(path, self._there), name="elsewhere", daemon=True)
                self._asking[path] = thread
                thread.start()
        if self._asking:
            self._polls = 0
            self._timer.start()

    def _poll(self) -> None:
        self._polls += 1
        answered = [path for path, thread in self._asking.items() if not thread.is_alive()]
        for path in answered:
            del self._asking[path]
        if not self._asking or self._polls >= _POLLS:
            self._timer.stop()
        if answered:
            self.looked.emit()

    def _remembered(self) -> list[str]:
        """Whoever can write the settings can write anything into them."""
        found = cast("list[object]", self._settings.get(OPENED_ELSEWHERE, list[str]()))
        return [path for path in found[:_MOST] if isinstance(path, str) and _is_text(path)]


def _ask(path: str, there: dict[str, bool]) -> None:
    there[path] = os.path.isfile(path)  # noqa: PTH113  (no error for a name that no file can have)


def _is_text(path: str) -> bool:
    """Whether a name can be noted: one from another system may hold bytes that are no text."""
    return path.encode(errors="ignore").decode() == path
