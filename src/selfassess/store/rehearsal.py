"""Plays a cut-off transaction's journal back on a copy first; knows files and locks, nothing of what a draft holds.

SQLite plays a journal back as soon as it opens a file, and deletes it. If journal or file are damaged, what is left
would be worth less than what was there, so a draft that could not be opened afterwards is not touched at all.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from selfassess.errors import StoreError
from selfassess.store.owner import read_owner
from selfassess.store.place import check_header, check_journal, has_journal, journal_of, uri
from selfassess.store.refusals import refusing

_PRIMARY = 0xFF


def rehearse(path: Path, open_: Callable[[Path], object]) -> None:
    """Opens a copy of a draft and of its journal, if there is one to be played back.

    Args:
        path: The draft, absolute, links followed.
        open_: Opens and closes a draft.

    Raises:
        StoreError: The copy cannot be opened; the draft and its journal are as they were.
    """
    if not _is_cut_off(path):
        return
    with tempfile.TemporaryDirectory(prefix="selfassess-", ignore_cleanup_errors=True) as folder, refusing(path):
        copy = Path(folder).resolve() / path.name
        try:
            shutil.copyfile(path, copy)
            shutil.copyfile(journal_of(path), journal_of(copy))
        except OSError:  # no room for a rehearsal: better to recover without one than to keep somebody from working
            return
        # What plays it back is a journal no more, so this does not begin again.
        with contextlib.closing(sqlite3.connect(uri(copy, "mode=rw"), uri=True, isolation_level=None)) as sql:
            sql.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            open_(copy)
        except StoreError as error:
            raise StoreError(error.code, **{**error.values, "path": path}) from error


def _is_cut_off(path: Path) -> bool:
    """Whether a journal waits to be played back, and nobody has the draft open."""
    owner = read_owner(path)
    if not has_journal(path) or (owner is not None and owner.is_this_process):
        return False
    check_journal(path)
    check_header(path)
    try:
        with contextlib.closing(
            sqlite3.connect(uri(path, "mode=ro"), uri=True, isolation_level=None, timeout=0)
        ) as sql:
            sql.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        # A reader may not play it back, and says so; it says BUSY when somebody works in the draft.
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return code & _PRIMARY != sqlite3.SQLITE_BUSY
    except UnicodeDecodeError:
        return True
    return False
