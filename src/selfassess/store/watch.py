"""Notices that somebody else wrote a draft's file while it was open here, where locks hold nobody off."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from selfassess.store.place import uri

_TRIES = 3
_PAUSE_S = 0.02
_LAST_STEP = "SELECT id, at, digest FROM step ORDER BY id DESC LIMIT 1"

LastStep = tuple[int, str, str] | None
"""Number, moment and checksum."""


def last_step(sql: sqlite3.Connection) -> LastStep:
    """The last step of a draft.

    Args:
        sql: A connection, as a rule inside the transaction that wrote it.
    """
    return sql.execute(_LAST_STEP).fetchone()


class Watch:
    """Knows the file as this process left it.

    A file whose time and size are the same is taken as unchanged. When they are not, its last step is read past the
    cache of the open connection, which believes that it is alone.

    Args:
        path: The draft, just opened.
        sql: Its connection.
    """

    def __init__(self, path: Path, sql: sqlite3.Connection) -> None:
        self._path = path
        self.remember(last_step(sql))

    def remember(self, step: LastStep) -> None:
        """What is there now was written here.

        Args:
            step: The last step of it.
        """
        self._step = step
        self._seen: tuple[int, int] | None = None
        with contextlib.suppress(OSError):  # gone meanwhile: the next edit says so
            self._seen = _seen(os.stat(self._path))  # noqa: PTH116  (after every edit)

    def was_written_elsewhere(self, status: os.stat_result) -> bool:
        """Whether the file is not as this process left it.

        Args:
            status: Of the file now.
        """
        if _seen(status) == self._seen:
            return False
        step = self._last_step()
        if step is None:  # not to be read: of a disk that fails, the edit itself tells
            return False
        if step != self._step:
            return True
        self._seen = _seen(status)  # touched by a scanner or a backup
        return False

    def _last_step(self) -> LastStep:
        """The last step in the file; None when it stays unreadable."""
        for _ in range(_TRIES):
            try:
                # ``immutable``: no lock is asked for, and none of the open connection's is given up.
                with contextlib.closing(sqlite3.connect(uri(self._path, "immutable=1"), uri=True)) as past:
                    return last_step(past)
            except sqlite3.Error:
                time.sleep(_PAUSE_S)  # perhaps the other is in the middle of a commit
        return None


def _seen(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
