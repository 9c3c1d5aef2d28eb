"""Sees to it that SQLite writes its journal into the file that has the journal's name; knows no draft.

While a draft is open SQLite keeps its journal open too and only empties it after each commit. When somebody takes that
file away, a program that tidies up or one that synchronises folders, SQLite goes on writing into the file without a
name: a kill in the middle of a commit would then leave half of it, with nothing beside it that could be played back.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from selfassess.errors import StoreError
from selfassess.store.place import journal_of, set_aside
from selfassess.store.refusals import detail_of, refusing

_File = tuple[int, int]
"""Device and number of a file."""
_NAMELESS: _File = (-1, -1)
"""A file that had lost its name before it could be asked which it is."""


class Journal:
    """The journal of one connection that has locked its draft alone and is in no transaction when it is asked.

    Args:
        draft: The draft's file.
        sql: Its connection.
    """

    def __init__(self, draft: Path, sql: sqlite3.Connection) -> None:
        self._draft = draft
        self._name = os.fspath(journal_of(draft))
        self._sql = sql
        self._open = self._named()
        """The file that SQLite has open, or will open; None: it has none open, and will make one."""

    def check(self) -> None:
        """Before a transaction: a journal that was taken away is begun anew, and what came in its place set aside.

        Raises:
            StoreError: What lies there now cannot be renamed. It is neither written nor played back.
        """
        if self._named() != self._open:
            self._begin_anew()

    def remember(self) -> None:
        """After a commit: SQLite has a journal by now."""
        if self._open is None:
            self._open = self._named() or _NAMELESS

    def note_begun(self) -> None:
        """After a transaction that failed: what lies there now SQLite has begun, and may have left half written."""
        if self._open is None:
            self._open = self._named()

    def _named(self) -> _File | None:
        try:
            status = os.lstat(self._name)  # before every edit
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _begin_anew(self) -> None:
        self._open = _NAMELESS  # until all of it is done
        with refusing(self._draft):
            # Closes the journal; the locks of the draft lie on another file, and stay.
            self._sql.execute("PRAGMA journal_mode = OFF")
            (mode,) = self._sql.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise StoreError("E315", path=self._draft, detail=f"日志方式 {mode}")
        if os.path.lexists(self._name):
            try:
                set_aside(Path(self._name))
            except OSError as error:
                raise StoreError("E396", path=self._draft, detail=detail_of(error)) from error
        self._open = None
