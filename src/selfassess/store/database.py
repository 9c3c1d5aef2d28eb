"""The one connection to a draft's file: opened locked, written in transactions; knows no entries."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store.owner import Owner, read_owner, remove_owner, renew_owner, write_owner
from selfassess.store.place import (
    APPLICATION_ID,
    Identity,
    check_header,
    check_journal,
    check_version,
    check_writable,
    uri,
)
from selfassess.store.presence import can_lock, holder
from selfassess.store.refusals import REPORTED, refusal_of, refusing
from selfassess.store.schema import expected_tables, tables_of
from selfassess.store.upgrade import upgrade
from selfassess.store.watch import Watch, last_step

T = TypeVar("T")

_OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_PATIENCE_S = 0.5
"""How long a virus scanner may hold the file before a second opening is refused."""

# EXCLUSIVE comes first: it makes the next statement that reads keep the lock. DELETE, not WAL: people copy this one
# file to sticks while it is open. EXTRA also syncs the folder. The journal is kept while open, so its size is limited.
PRAGMAS = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA journal_size_limit = 1048576",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)


class View(Struct, frozen=True, kw_only=True):
    """What is looked at.

    Attributes:
        path: The file itself, absolute.
        at: When it was read.
        owner: Who has it open; None when that is not known.
    """

    path: Path
    at: datetime
    owner: Owner | None


class Database:
    """A draft's file, held alone by this process from opening to closing.

    Args:
        path: An existing draft, absolute, links followed.
        owner: Who opens it.
        at: Now.
        anyway: Open it even when somebody probably has it open in a folder that does not lock.

    Attributes:
        path: The file.
        sql: The connection; statements that write belong into :meth:`write`.
        last_owner: Who had it open last without closing it properly; None after a clean close.
        view: What is looked at when nothing can be changed; None as a rule.

    Raises:
        StoreError: It cannot be opened for writing, in words.
    """

    view: View | None = None

    def __init__(self, path: Path, owner: Owner, at: datetime, *, anyway: bool = False) -> None:
        _check_sqlite()
        self.path = path
        self._owner = owner
        note = read_owner(path)
        if note is None or not note.is_this_process:
            check_header(path)
            check_writable(path)
        check_journal(path)
        self.last_owner = note
        with refusing(path):
            # A large document is written by another thread than the window's; a draft lets one of them write at a time.
            self.sql = sqlite3.connect(
                uri(path, "mode=rw"), uri=True, isolation_level=None, timeout=_PATIENCE_S, check_same_thread=False
            )
        try:
            self._lock(note)
            if not anyway:
                self._check_alone(note)
            with refusing(path):
                self._check_format(at)
                self._identity = Identity.of(path)
                self._watch = Watch(path, self.sql)
            self.sign()
        except BaseException:
            self.sql.close()
            raise

    def _lock(self, note: Owner | None) -> None:
        try:
            with refusing(self.path):
                for pragma in PRAGMAS:
                    self.sql.execute(pragma)
                self.sql.execute("BEGIN EXCLUSIVE")
                self.sql.execute("COMMIT")
        except StoreError as error:
            if error.code == "E308" and not can_lock(self.path.parent):
                raise StoreError("E373", path=self.path, folder=self.path.parent) from error
            if error.code != "E308" or note is None:
                raise
            if note.is_this_process:
                raise StoreError("E309", path=self.path, since=note.opened_at) from error
            raise StoreError("E307", path=self.path, owner=note) from error

    def _check_alone(self, note: Owner | None) -> None:
        if (somebody := holder(self.path, note)) is not None:
            raise StoreError("E372", path=self.path, owner=somebody, folder=self.path.parent)

    def _check_format(self, at: datetime) -> None:
        if self.sql.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError("E304", path=self.path)
        check_version(self.path, self.sql.execute("PRAGMA user_version").fetchone()[0])
        upgrade(self.sql, self.path, at)
        check_tables(self.sql, self.path)

    def sign(self) -> None:
        """Leaves the note that says who has the draft open.

        Raises:
            StoreError: The folder cannot be written, so that no edit could be saved.
        """
        try:
            write_owner(self.path, self._owner)
        except PermissionError as error:
            raise StoreError("E311", folder=self.path.parent) from error
        except OSError as error:
            if error.errno == errno.EROFS:
                raise StoreError("E311", folder=self.path.parent) from error
            # Anything else, such as a full disk, must not keep anybody from reading and 另存为: the note only informs.

    def write(self, record: Callable[[sqlite3.Connection], T]) -> T:
        """Everything that is recorded is on the disk afterwards, or nothing of it.

        Args:
            record: Executes the statements, on the connection it is given.

        Returns:
            What ``record`` returned.

        Raises:
            StoreError: The file is gone or was replaced, or the disk refuses; nothing was written.
        """
        self._check_untouched()
        sql = self.sql
        try:
            sql.execute("BEGIN IMMEDIATE")
            recorded = record(sql)
            step = last_step(sql)  # after the commit nothing may fail any more
            sql.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            refusal = refusal_of(error, self.path) if isinstance(error, REPORTED) else None
            if refusal is None:
                raise
            raise refusal from error
        self._watch.remember(step)
        return recorded

    def _check_untouched(self) -> None:
        if self._watch.was_written_elsewhere(self._identity.check()):
            raise StoreError("E374", path=self.path)

    def _roll_back(self) -> None:
        # Many failures have rolled back already; one on the way back must not hide the first.
        with contextlib.suppress(sqlite3.Error):
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")

    @property
    def in_place(self) -> bool:
        """Whether the path still names the file that is open, as this process left it."""
        try:
            self._check_untouched()
        except StoreError:
            return False
        return True

    @property
    def was_rewritten(self) -> bool:
        """Whether somebody else wrote the file while it was open, so that the connection must not be trusted."""
        try:
            self._check_untouched()
        except StoreError as error:
            return error.code == "E374"
        return False

    def renew(self) -> None:
        """Shows other computers that the draft is still open."""
        renew_owner(self.path)

    def close(self) -> None:
        """Gives the file free; harmless when done twice."""
        # While the lock is still held, so that a next owner's note is never taken away.
        remove_owner(self.path)
        with contextlib.suppress(sqlite3.Error):  # the stick is gone; everything committed was committed
            self.sql.close()


def check_tables(sql: sqlite3.Connection, path: Path) -> None:
    """Refuses a file whose tables are not those of the newest format, whole.

    Args:
        sql: A connection to it.
        path: The draft, to name it in a refusal.

    Raises:
        StoreError: It is damaged.
        sqlite3.Error: It cannot be read.
    """
    if tables_of(sql) != expected_tables():
        raise StoreError("E306", path=path, detail="表结构与格式版本不符")
    # The blobs are left out: each proves itself by its checksum when read, and they may be large.
    for table in ("entry", "catalogue", "step", "change", "summary"):
        fault: str = sql.execute(f"PRAGMA quick_check({table})").fetchone()[0]
        if fault != "ok":
            raise StoreError("E306", path=path, detail=f"表 {table} 结构错误")


def _check_sqlite() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        needed = ".".join(map(str, _OLDEST_SQLITE[:2]))
        raise StoreError("E331", found=sqlite3.sqlite_version, needed=needed)
