"""Whether an open draft can go on in the file that came in place of its own, as on a stick plugged in again.

It can when that file is the same draft in the very state that memory holds and nobody else has it open. Until that is
proved under the new file's own lock nothing is written to it, and whatever is not proved leaves it as it is.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store import contents, opened
from selfassess.store.database import Database
from selfassess.store.fields import Sheet
from selfassess.store.owner import Owner, read_owner
from selfassess.store.place import FORMAT_VERSION, Identity, check_header, is_spent, journal_of, past_locks
from selfassess.store.refusals import REPORTED
from selfassess.store.summary import identity_of
from selfassess.store.watch import LastStep, last_step

_PAUSE_S = 10
"""Seconds until a file is tried again that could not be looked at; asking for one that is held takes half of one."""
_Seen = tuple[Identity, int, int, Owner | None]


class Known(Struct, frozen=True, kw_only=True):
    """The state that a file must hold.

    Attributes:
        identity: Which draft it is; copies keep it.
        step: Its last step.
        sheet: Every field.
    """

    identity: str
    step: LastStep
    sheet: Sheet


class Returning:
    """Looks at what came in place of a draft's file; at one that holds something else once, until it changes."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None
        self._again_at = 0.0

    def found(self, lost: Database, known: Known) -> Database | None:
        """The file that the path names now, open and locked, when it holds what memory holds.

        Args:
            lost: The draft, whose file was replaced (E314); it stays as it is, and is to be closed before anything is
                written to the new one.
            known: What memory holds.
        """
        seen = None
        with contextlib.suppress(*REPORTED):
            seen = _seen(lost.path)
        if seen is None or (seen == self._seen and time.monotonic() < self._again_at):
            return None
        self._seen, self._again_at = seen, time.monotonic() + _PAUSE_S
        with contextlib.suppress(StoreError, *REPORTED):  # held for a moment by a scanner, or not to be read yet
            if _is_left_alone(lost):
                found = _opened(lost, known)
                if found is None:
                    self._again_at = math.inf
                return found
        return None


def _seen(path: Path) -> _Seen:
    status = path.stat()
    identity = Identity(path=path, device=status.st_dev, inode=status.st_ino)
    return identity, status.st_mtime_ns, status.st_size, read_owner(path)


def _opened(lost: Database, known: Known) -> Database | None:
    """The file, open; None when it holds something else.

    Raises:
        StoreError: It could not be looked at.
        sqlite3.Error: The same.
        OSError: The same.
    """
    if not _looks_the_same(lost.path, known):
        return None
    found = Database(lost.path, lost.owner, datetime.now(tz=UTC))  # of the newest format: the moment is not used
    with contextlib.ExitStack() as undoing:
        undoing.callback(found.close)
        if _is_the_same(found, known):
            found.last_owner = lost.last_owner  # the note that lay there was our own
            undoing.pop_all()
            return found
    return None


def _is_left_alone(lost: Database) -> bool:
    """Whether neither journal can reach the other file: the new one has none, and ours is none that lies beside it.

    After the disk refused, the old connection may still write its journal; on another device that is another file.
    """
    if not is_spent(journal_of(lost.path)):
        return False
    return lost.is_settled or Identity.of(lost.path).device != lost.device


def _looks_the_same(path: Path, known: Known) -> bool:
    """Asked before anything is locked, so that somebody else's file is not even touched."""
    with opened.LOOKING:
        check_header(path)
        with contextlib.closing(past_locks(path)) as past:
            return _holds(past, known)


def _is_the_same(found: Database, known: Known) -> bool:
    is_same = _holds(found.sql, known) and not found.has_recovered
    return is_same and contents.load(found.sql, found.path).sheet == known.sheet


def _holds(sql: sqlite3.Connection, known: Known) -> bool:
    version: int = sql.execute("PRAGMA user_version").fetchone()[0]
    return version == FORMAT_VERSION and identity_of(sql) == known.identity and last_step(sql) == known.step
