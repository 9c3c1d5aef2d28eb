"""What a killed program left beside a draft: its journal is played back into a copy first; knows no entries.

SQLite plays back whatever journal lies beside a file. One that belongs to another file, because somebody copied a draft
over this one or moved files about, would destroy a sound draft. So the outcome is looked at before it is let happen.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from selfassess import temporary
from selfassess.errors import StoreError
from selfassess.store import contents
from selfassess.store.contents import Contents
from selfassess.store.place import FORMAT_VERSION, journal_of, uri
from selfassess.store.refusals import refusing

_LOCKED_BYTES = (0x40000000, 512)
"""Where in a database SQLite's own locks lie, and how many bytes: all of them are held by who writes."""


def rehearse(path: Path) -> None:
    """Sees to it that playing back the journal beside a draft does it no harm.

    A journal that would harm a draft that is whole without it is renamed, and kept.

    Args:
        path: A draft with a journal, not open in this process.

    Raises:
        StoreError: The draft is whole neither with the journal nor without it; both are untouched.
    """
    # Without room for a copy there is no rehearsal, as there was none before; the journal is ours as a rule.
    with contextlib.suppress(OSError), _locked(path) as file:
        _look_ahead(file, path, journal_of(path))


def _look_ahead(file: BinaryIO, path: Path, journal: Path) -> None:
    copy = temporary.beside(path, "zpb-new")
    try:
        _copy(file, copy)
        shutil.copyfile(journal, journal_of(copy))
        if _is_whole(copy):
            return
        _copy(file, copy)
        journal_of(copy).unlink(missing_ok=True)
        if not _is_whole(copy):
            raise StoreError("E306", path=path, detail="恢复日志与草稿不符")
    finally:
        for left in (copy, journal_of(copy)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    journal.rename(_free_name(journal))


def _copy(file: BinaryIO, copy: Path) -> None:
    # Not by its name: closing a second descriptor of the file would let go of the lock.
    file.seek(0)
    with copy.open("wb") as target:
        shutil.copyfileobj(file, target)


def _is_whole(copy: Path) -> bool:
    with contextlib.closing(sqlite3.connect(uri(copy, "mode=rw"), uri=True, isolation_level=None)) as sql:
        try:
            with refusing(copy):
                sql.execute("PRAGMA synchronous = OFF")
                sql.execute("PRAGMA trusted_schema = OFF")
                whole: str = sql.execute("PRAGMA integrity_check(1)").fetchone()[0]
                version: int = sql.execute("PRAGMA user_version").fetchone()[0]
                if whole != "ok" or version < FORMAT_VERSION:
                    return whole == "ok"
                return _history_leads_to(contents.load(sql, copy), sql)
        except StoreError:
            return False


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


def _free_name(journal: Path) -> Path:
    number = 1
    while os.path.lexists(free := journal.with_name(f"{journal.name}-不符{number}")):
        number += 1
    return free


@contextlib.contextmanager
def _locked(path: Path) -> Generator[BinaryIO]:
    """The file, kept from other programs while the block lasts.

    Raises:
        OSError: Another program has it open, which SQLite will say, or the system has no such locks.
    """
    if os.name != "posix":
        raise OSError
    import fcntl  # noqa: PLC0415  (Windows has none)

    start, length = _LOCKED_BYTES
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        yield file
