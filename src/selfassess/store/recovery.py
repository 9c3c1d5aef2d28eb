"""What a killed program left beside a draft: its journal is played back into a copy first; knows no entries.

SQLite plays back whatever journal lies beside a file. One that belongs to another file, because somebody copied a draft
over this one or moved files about, would destroy a sound draft. So the outcome is looked at before it is let happen.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from selfassess import temporary
from selfassess.errors import StoreError
from selfassess.store import contents, history, summary
from selfassess.store.contents import Contents
from selfassess.store.database import check_tables
from selfassess.store.place import APPLICATION_ID, FORMAT_VERSION, journal_of, set_aside, uri
from selfassess.store.refusals import REPORTED, detail_of, refusal_of, refusing
from selfassess.store.watch import last_step
from selfassess.temporary import sync_folder

_LOCKED_BYTES = (0x40000000, 512)
"""Where in a database SQLite's own locks lie, and how many bytes: all of them are held by who writes."""
_PATIENCE_S = 0.5
"""How long another program may hold them before the draft counts as taken."""
_PAUSE_S = 0.05
_BLOCK = 1 << 20
"""Bytes that are copied at once."""
_TAKEN = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
"""What the systems say of bytes that another program has locked."""
_DAMAGED = frozenset({"E304", "E305", "E306", "E319", "E325"})
"""Refusals that tell of the file; others tell of the disk on which the rehearsal takes place."""
_STEPS = "SELECT id, at, kind, digest, contents FROM step"
_Story = tuple[object, frozenset[tuple[object, ...]]]


class _Outcome(Struct, frozen=True, kw_only=True):
    """What a copy would be if it were opened.

    Attributes:
        whole: Whether it would be opened.
        proved: Whether all steps, done again, give what is entered: pages of two files, mixed, hardly ever do.
        story: Which draft it is, and every step it went through; None when that cannot be read.
    """

    whole: bool
    proved: bool
    story: _Story | None

    def comes_from(self, other: _Outcome) -> bool:
        """Whether this may be an earlier state of the other: taking an edit back leaves no step of another draft."""
        if self.story is None or other.story is None:
            return False
        return self.story[0] == other.story[0] and self.story[1] <= other.story[1]

    def is_another_draft(self, other: _Outcome) -> bool:
        """Whether both say which draft they are, and say different things."""
        return self.story is not None and other.story is not None and self.story[0] != other.story[0]


def rehearse(path: Path) -> None:
    """Sees to it that playing back the journal beside a draft does it no harm.

    A journal that would harm a draft that is whole without it is renamed, and kept.

    Args:
        path: A draft with a journal, not open in this process.

    Raises:
        StoreError: The draft is whole neither with the journal nor without it, another program has it open, there is no
            room to rehearse, or the journal cannot be renamed; both are untouched.
    """
    with refusing(path), _locked(path) as file:
        if _is_harmful(file, path):
            try:
                set_aside(journal_of(path))
            except OSError as error:
                raise StoreError("E394", path=path, detail=detail_of(error)) from error
            sync_folder(path.parent)


def _is_harmful(file: BinaryIO, path: Path) -> bool:
    with contextlib.suppress(OSError, sqlite3.OperationalError), _beside(path) as copy:
        return _look_ahead(file, path, copy)
    # The disk is full, as a rule: perhaps that is why the program was killed.
    try:
        with temporary.private_folder() as folder:
            return _look_ahead(file, path, Path(folder) / "copy")
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError("E393", path=path, detail=detail_of(error)) from error


@contextlib.contextmanager
def _beside(path: Path) -> Generator[Path]:
    copy = temporary.beside(path, "zpb-new")
    try:
        yield copy
    finally:
        for left in (copy, journal_of(copy)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def _look_ahead(file: BinaryIO, path: Path, copy: Path) -> bool:
    """Whether the journal is one to be kept from the draft.

    Raises:
        StoreError: The draft is whole neither with it nor without it, or it cannot be read.
        OSError: There is no room for the copy.
        sqlite3.OperationalError: The same.
    """
    _copy(file, copy, path)
    before = _outcome(copy, in_full=False)
    with refusing(path):
        journal = journal_of(path).open("rb")
    with journal:
        _copy(journal, journal_of(copy), path)
    played = _outcome(copy)
    if played.proved and played.comes_from(before):
        return False
    _copy(file, copy, path)
    journal_of(copy).unlink(missing_ok=True)
    plain = _outcome(copy)
    if plain.proved:  # and the other, if it is proved too, is an old draft that lay here before
        return not played.proved or played.story is not None
    if played.proved:
        return False
    # Opening asks for less than a history without a gap; a draft that opened yesterday shall open after a kill.
    if played.whole and not played.is_another_draft(plain) and (not plain.whole or played.comes_from(plain)):
        return False
    raise StoreError("E306", path=path, detail="恢复日志与草稿不符")


def _copy(file: BinaryIO, copy: Path, path: Path) -> None:
    """Copies a file; what keeps it from being read is a refusal of the draft, what keeps the copy flies on."""
    # Not by its name: closing a second descriptor of the file would let go of the lock.
    with refusing(path):
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
    with temporary.opened_with_room(copy, size) as target:
        while block := _block(file, path):
            target.write(block)


def _block(file: BinaryIO, path: Path) -> bytes:
    with refusing(path):
        return file.read(_BLOCK)


def _outcome(copy: Path, *, in_full: bool = True) -> _Outcome:
    """What a copy is, once SQLite has played back what lies beside it.

    Args:
        copy: The copy.
        in_full: Whether all of it shall be read; else only which draft it is.

    Raises:
        OSError: The disk on which the copy lies refuses.
        sqlite3.OperationalError: The same.
    """
    whole = proved = False
    story = None
    with contextlib.closing(sqlite3.connect(uri(copy, "mode=rw"), uri=True, isolation_level=None)) as sql:
        with _unless_damaged(copy):
            sql.execute("PRAGMA synchronous = OFF")
            sql.execute("PRAGMA trusted_schema = OFF")
            story = _story(sql)
        if in_full:
            with _unless_damaged(copy):
                whole, proved = _wholeness(sql, copy)
    return _Outcome(whole=whole, proved=proved, story=story)


@contextlib.contextmanager
def _unless_damaged(copy: Path) -> Generator[None]:
    """Ends the block where the copy is damaged; what the disk refuses flies on: it says nothing of the draft."""
    try:
        yield
    except StoreError as error:
        if error.code not in _DAMAGED:
            raise
    except REPORTED as error:
        refusal = refusal_of(error, copy)
        has_no_such_table = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        if not has_no_such_table and (refusal is None or refusal.code not in _DAMAGED):
            raise


def _story(sql: sqlite3.Connection) -> _Story | None:
    row = sql.execute("SELECT identity FROM summary").fetchone()
    return None if row is None else (row[0], frozenset(sql.execute(_STEPS)))


def _wholeness(sql: sqlite3.Connection, copy: Path) -> tuple[bool, bool]:
    if sql.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        return False, False
    if sql.execute("PRAGMA user_version").fetchone()[0] < FORMAT_VERSION:
        return True, True
    return True, _history_leads_to(_opened(sql, copy), sql)


def _opened(sql: sqlite3.Connection, copy: Path) -> Contents:
    """What opening would find. All is asked for that opening asks for: what it refuses must not be played back first.

    Raises:
        StoreError: It would be refused.
        sqlite3.Error: The same.
    """
    if sql.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError("E304", path=copy)
    check_tables(sql, copy)
    last_step(sql)
    summary.load(sql, copy)
    summary.read_lasting(sql)
    summary.identity_of(sql)
    history.turns(sql, copy)
    return contents.load(sql, copy)


def _history_leads_to(found: Contents, sql: sqlite3.Connection) -> bool:
    """Whether all steps, done again, give what is entered: pages of two files, mixed, hardly ever do."""
    fields: dict[tuple[str, str, str], str | None] = {}
    for scope, key, field, after in sql.execute(
        "SELECT scope, key, field, after FROM step JOIN change ON step = id ORDER BY id"
    ):
        fields[scope, key, field] = after
    return {place: value for place, value in fields.items() if value is not None} == {
        (scope, key, field): value
        for scope, groups in found.sheet.items()
        for key, stored in groups.items()
        for field, value in stored.items()
    }


@contextlib.contextmanager
def _locked(path: Path) -> Generator[BinaryIO]:
    """The file, kept from other programs while the block lasts, where the system has such locks.

    Raises:
        StoreError: Another program has it open.
        OSError: It cannot be opened.
    """
    with path.open("r+b") as file:
        is_locked = _has_lock(file, path)
        try:
            yield file
        finally:
            if is_locked:
                _let_lock_go(file)


def _has_lock(file: BinaryIO, path: Path) -> bool:
    """Waits for the lock a moment; False in a folder that cannot lock, of which opening the draft will tell."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            _take_lock(file)
        except OSError as error:
            if error.errno not in _TAKEN:
                return False
            if time.monotonic() > until:
                raise StoreError("E308", path=path) from error
            time.sleep(_PAUSE_S)
        else:
            return True


def _take_lock(file: BinaryIO) -> None:
    start, length = _LOCKED_BYTES
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (only there)

        file.seek(start)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, length)
    else:
        import fcntl  # noqa: PLC0415  (not on Windows)

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)


def _let_lock_go(file: BinaryIO) -> None:
    if sys.platform == "win32":  # elsewhere closing the file does it
        import msvcrt  # noqa: PLC0415  (only there)

        start, length = _LOCKED_BYTES
        file.seek(start)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, length)
