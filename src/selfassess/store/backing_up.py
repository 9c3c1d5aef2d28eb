"""Makes one automatic copy (自动备份) of an open draft, beside the work and without holding it up.

The draft's file is locked by its own connection, so the copy comes through that very connection: SQLite's backup takes
a few pages at a time, and pages that an edit changes meanwhile are copied again. A draft with so many documents in it
that the copy would be large is copied without them.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store import contents
from selfassess.store.backups import Backup, Backups
from selfassess.store.creation import beside
from selfassess.store.place import past_locks, sync_file, uri
from selfassess.store.refusals import refusing, refusing_new
from selfassess.temporary import sync_folder
from selfassess.waiting import CalledOffError

LARGE = 32 << 20
"""Bytes of documents beyond which they are left out."""
MANY_STEPS = 20_000
"""Steps of a large draft beyond which it is copied only when it is closed: leaving documents out cannot be paused."""
CAN_BE_SHARED = sqlite3.threadsafety == 3
"""Whether this SQLite lets two threads use one connection."""
_PAGES = 32
"""Copied at once; an edit waits for so many at most, a fraction of a millisecond."""
_PAUSE_S = 0.002
_TABLES = ("entry", "catalogue", "step", "change", "summary", "migration")
"""All but the documents."""


class Source(Struct, frozen=True, kw_only=True):
    """An open draft, as far as a copy needs it.

    Attributes:
        sql: Its connection.
        alone: Held by whoever writes to it.
        path: Where it lies.
        identity: Unlike any other draft's.
    """

    sql: sqlite3.Connection
    alone: threading.RLock
    path: Path
    identity: str

    @property
    def is_large(self) -> bool:
        """Whether its documents are left out; raises a ``StoreError`` where the disk refuses."""
        with refusing(self.path):
            return self.sql.execute("SELECT coalesce(sum(size), 0) FROM blob").fetchone()[0] > LARGE

    @property
    def has_many_steps(self) -> bool:
        """Whether copying without documents would be felt; raises a ``StoreError`` where the disk refuses."""
        with refusing(self.path):
            return (self.sql.execute("SELECT max(id) FROM step").fetchone()[0] or 0) > MANY_STEPS


def back_up(source: Source, backups: Backups, at: datetime, called_off: threading.Event | None = None) -> Path:
    """Make a copy, checked and dated, then remove those that are not kept.

    Args:
        source: The draft.
        backups: Where copies lie.
        at: Now.
        called_off: Set when nobody waits for it any more; where it is given, the work pauses again and again, so that
            it can be done in a thread of its own. That one never waits for who writes, who may be waiting for it; so
            it leaves no documents out, although there may be many of them by now.

    Returns:
        The copy.

    Raises:
        StoreError: The folder takes no copy, or the copy is not the draft; older copies are as they were.
        CalledOffError: It was called off.
    """
    whole = called_off is not None or not source.is_large
    target = backups.place_for(source.identity, source.path, at, whole=whole)
    with beside(target) as temporary, refusing_new(target):
        with contextlib.closing(sqlite3.connect(uri(temporary, "mode=rw"), uri=True, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # synced as a whole afterwards
            if whole:
                _copy_pages(source.sql, copy, called_off)
            else:
                with source.alone:
                    _copy_without_documents(source.sql, copy)
        _check(temporary, target)
        sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    backups.settle(target, source.path, at)
    return target


def is_state_of(backup: Backup, source: Source) -> bool:
    """Whether a copy holds the state that the draft is in; asked of their last steps, because a clock may be wrong.

    Args:
        backup: The copy.
        source: The draft.
    """
    last = "SELECT id, at, digest, contents FROM step ORDER BY id DESC LIMIT 1"
    try:
        mine = source.sql.execute(last).fetchone()
        with contextlib.closing(past_locks(backup.path)) as copy:
            return copy.execute(last).fetchone() == mine
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _copy_pages(sql: sqlite3.Connection, copy: sqlite3.Connection, called_off: threading.Event | None) -> None:
    def pause(_status: int, _remaining: int, _total: int) -> None:
        if called_off is not None:
            if called_off.is_set():
                raise CalledOffError
            time.sleep(_PAUSE_S)

    sql.backup(copy, pages=_PAGES if called_off is not None else -1, progress=pause, sleep=_PAUSE_S)


def _copy_without_documents(sql: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    for pragma in ("application_id", "user_version"):
        copy.execute(f"PRAGMA {pragma} = {sql.execute(f'PRAGMA {pragma}').fetchone()[0]}")
    for (statement,) in sql.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rootpage").fetchall():
        copy.execute(statement)
    copy.execute("BEGIN")
    for table in _TABLES:
        rows = sql.execute(f"SELECT * FROM {table}")  # noqa: S608  (names of our own)
        marks = ", ".join("?" * len(rows.description))
        copy.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  (names of our own)
    copy.execute("COMMIT")


def _check(temporary: Path, target: Path) -> None:
    """Refuses a copy that could not be opened one day."""
    with contextlib.closing(sqlite3.connect(uri(temporary, "mode=ro"), uri=True)) as copy, refusing(target):
        for table in _TABLES:
            if copy.execute(f"PRAGMA quick_check({table})").fetchone()[0] != "ok":
                raise StoreError("E316", path=target, detail="结构错误")
        contents.load(copy, target)
