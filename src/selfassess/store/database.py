"""The one connection to a draft's file: opened locked, written in transactions; knows no entries."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store import opened
from selfassess.store.holding import copy_held, hold
from selfassess.store.journal import Journal
from selfassess.store.owner import Owner, note_of, read_owner, remove_owner, renew_owner, write_owner
from selfassess.store.place import (
    APPLICATION_ID,
    Identity,
    check_header,
    check_journal,
    check_version,
    check_writable,
    is_spent,
    journal_of,
    remove_spent_journal,
    uri,
)
from selfassess.store.presence import can_lock, holder
from selfassess.store.refusals import CLOSED, REPORTED, refusal_of, refusing
from selfassess.store.schema import expected_tables, tables_of
from selfassess.store.upgrade import upgrade
from selfassess.store.watch import FOREIGN, UNKNOWN, LastStep, Watch, last_step

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
        owner: Who opened it.
        folder_device: Number of the device that the file's folder lies on.
        sql: The connection; statements that write belong into :meth:`write`.
        last_owner: Who had it open last without closing it properly; None after a clean close.
        has_recovered: Whether an edit that was cut off had to be taken back.
        view: What is looked at when nothing can be changed; None as a rule.

    Raises:
        StoreError: It cannot be opened for writing, in words.
    """

    view: View | None = None

    def __init__(self, path: Path, owner: Owner, at: datetime, *, anyway: bool = False) -> None:
        _check_sqlite()
        self.path = path
        self.owner = owner
        self._alone = threading.RLock()
        self._is_closed = False
        note = read_owner(path)
        self._claim(note)
        self.last_owner = note
        self._descriptor: int | None = None
        self._held: weakref.finalize[..., Database] | None = None
        with contextlib.ExitStack() as undoing:
            undoing.callback(opened.remove, self)
            with refusing(path):
                # A large document is written by another thread than the window's, one of them at a time.
                self.sql = sqlite3.connect(
                    uri(path, "mode=rw"), uri=True, isolation_level=None, timeout=_PATIENCE_S, check_same_thread=False
                )
            undoing.pop_all()
            undoing.callback(self._let_go)
            self._check_same()
            self._lock(note)
            self._hold()
            if not anyway:
                self._check_alone(note)
            with refusing(path):
                self._check_format(at)
                self._watch = Watch(self._identity, self.sql)
            self._journal = Journal(path, self.sql)
            self.sign()
            undoing.pop_all()

    def _claim(self, note: Owner | None) -> None:
        with opened.LOOKING:
            with refusing(self.path):
                if not opened.wait_for_looks(self.path.stat()):
                    raise StoreError("E315", path=self.path, detail="磁盘没有回答")
            check_header(self.path)
            check_writable(self.path)
            check_journal(self.path)
            self.has_recovered = not is_spent(journal_of(self.path))
            if self.has_recovered:
                from selfassess.store.recovery import rehearse  # noqa: PLC0415  (hardly ever needed, never at a good start)

                try:
                    rehearse(self.path)
                except StoreError as error:
                    self._name_owner(error, note)
                    raise
            with refusing(self.path):
                self._identity = Identity.of(self.path)
                self.folder_device = self.path.parent.stat().st_dev
                opened.add(self._identity.device, self._identity.inode, self)

    def _check_same(self) -> None:
        """Refuses a file that came in place of the one that was looked at, before SQLite acts on it."""
        with refusing(self.path):
            if Identity.of(self.path) != self._identity:
                raise StoreError("E371", path=self.path)

    def _let_go(self) -> None:
        with contextlib.suppress(*REPORTED):  # the stick is gone; everything committed was committed
            self.sql.close()
        if self._held is not None:
            self._held()
        opened.remove(self)

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
            self._name_owner(error, note)
            raise

    def _name_owner(self, error: StoreError, note: Owner | None) -> None:
        """Raises a refusal because the draft is taken with the name of who has it, where that is known."""
        if error.code != "E308" or note is None:
            return
        if note.is_this_process:
            raise StoreError("E309", path=self.path, since=note.opened_at) from error
        raise StoreError("E307", path=self.path, owner=note) from error

    def _hold(self) -> None:
        self._descriptor = hold(self.path)
        if self._descriptor is not None:  # goes with a draft that is forgotten without closing, too
            self._held = weakref.finalize(self, _close, self._descriptor)

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
            write_owner(self.path, self.owner)
        except PermissionError as error:
            raise StoreError("E311", folder=self.path.parent) from error
        except OSError as error:
            if error.errno == errno.EROFS:
                raise StoreError("E311", folder=self.path.parent) from error
            # Anything else, such as a full disk, must not keep anybody from reading and 另存为: the note only informs,
            # and half a note would stay for ever.
            with contextlib.suppress(OSError):
                note_of(self.path).unlink(missing_ok=True)

    def check_open(self) -> None:
        """Refuses what is asked after the end, such as by a field that is left when its window goes.

        Raises:
            StoreError: The draft was closed.
        """
        if self._is_closed:
            raise StoreError(CLOSED, path=self.path)

    def write(self, record: Callable[[sqlite3.Connection], T]) -> T:
        """Everything that is recorded is on the disk afterwards, or nothing of it.

        Args:
            record: Executes the statements, on the connection it is given; adds a step.

        Returns:
            What ``record`` returned.

        Raises:
            StoreError: The file is gone or was replaced, the disk refuses, or (E397) the draft was closed; nothing was
                written, or (E392) nobody can tell whether it was.
        """
        with self._alone:
            self.check_open()
            self._watch.check()
            self._journal.check()  # now that nothing is left half done that it would have to give back
            sql = self.sql
            try:
                sql.execute("BEGIN IMMEDIATE")
                recorded = record(sql)
                step = last_step(sql)
            except BaseException as error:  # an interruption, too: nothing half done may stay
                raise self._rolled_back(error) from error
            try:
                sql.execute("COMMIT")
            except BaseException as error:  # likewise: whatever it was, the file may have the step
                refusal = self._rolled_back(error)
                arrived = self._watch.has_arrived(step)
                if arrived is None:
                    detail = refusal.values.get("detail", refusal.code)
                    self._watch.doubt = StoreError(UNKNOWN, path=self.path, detail=detail)
                    raise self._watch.doubt from error
                if not arrived:
                    raise refusal from error
            self._watch.remember(step)
            self._journal.remember()
            return recorded

    def read(self, look: Callable[[sqlite3.Connection], T]) -> T:
        """What is on the disk while no edit of another thread is half done.

        Args:
            look: Executes statements that only read, on the connection it is given.

        Returns:
            What ``look`` returned.

        Raises:
            sqlite3.Error: The disk refuses.
        """
        with self._alone:
            return look(self.sql)

    def _rolled_back(self, error: BaseException) -> StoreError:
        """The refusal that an error means, once nothing of the transaction is left; a bug flies on."""
        self._watch.roll_back()
        self._journal.note_begun()
        self._watch.unsettle()
        refusal = refusal_of(error, self.path) if isinstance(error, REPORTED) else None
        if refusal is None:
            raise error
        if refusal.code == "E306":  # it was whole when it was opened, and what is on the screen is in memory
            return StoreError("E315", path=self.path, detail="读出的内容不对")
        return refusal

    @property
    def trouble(self) -> StoreError | None:
        """Why the path does not name what is open, as this process left it; None as a rule.

        E313 it is gone, E314 it was replaced, E374, E379 somebody else wrote it; others when the disk cannot be read.
        """
        with self._alone:
            try:
                self._watch.check()
            except StoreError as error:
                return error
        return None

    def glimpse(self) -> StoreError | None:
        """The same for another thread, as far as it can be told without this connection.

        What a disk left half done is left to the next edit.
        """
        try:
            self._identity.check()  # what may hang does so here, where nobody waits for it
            with self._alone:
                self._watch.check(settling=False)
        except StoreError as error:
            return error
        return None

    @property
    def step(self) -> LastStep:
        """The last step that is known to be in the file."""
        return self._watch.step

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left half done by a disk that refused."""
        return self._watch.is_settled

    @property
    def device(self) -> int:
        """Number of the device that the file lies on."""
        return self._identity.device

    def take_in(self, load: Callable[[sqlite3.Connection], T]) -> T:
        """Goes on upon a step that was refused and is in the file all the same (E391).

        Args:
            load: Reads what memory shall hold, on the connection it is given.

        Returns:
            What ``load`` returned.

        Raises:
            StoreError: The disk refuses; nothing has changed.
        """
        with self._alone, refusing(self.path):
            loaded = load(self.sql)
            self._journal.check()
            self._watch.take_in()
            return loaded

    def copy_bytes(self, target: Path) -> None:
        """Copies the file as the disk holds it, whatever SQLite thinks of it; its locks stay.

        Args:
            target: An existing file; it is written over.

        Raises:
            OSError: It cannot be read, or the target not be written, or reading it would let its locks go.
        """
        with self._alone:
            copy_held(self._descriptor, self.path, target)

    def renew(self) -> None:
        """Shows other computers that the draft is still open."""
        renew_owner(self.path)

    def close(self) -> None:
        """Gives the file free; harmless when done twice."""
        with self._alone:
            if self._is_closed:
                return
            trouble = self.trouble
            # While the lock is still held, so that a next owner's note is never taken away.
            if not self._is_held_elsewhere_here():
                remove_owner(self.path)
            if trouble is None:
                with contextlib.suppress(StoreError, *REPORTED):  # or SQLite removes what came in the journal's place
                    self._journal.check()
                remove_spent_journal(self.path)
            elif trouble.code in FOREIGN:
                # SQLite removes its journal by name, and whoever has the file of that name now may need that one.
                with contextlib.suppress(*REPORTED):
                    self.sql.execute("PRAGMA journal_mode = OFF")
            self._let_go()
            self._is_closed = True

    def _is_held_elsewhere_here(self) -> bool:
        """Whether another draft of this process has what the path names now, so that the note is that one's."""
        with contextlib.suppress(OSError):
            return opened.holder_of(self.path.stat()) not in {None, self}
        return False


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # of a stick that is gone; the system has closed it all the same
        os.close(descriptor)


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
