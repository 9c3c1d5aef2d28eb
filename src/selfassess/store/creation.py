"""Makes a new draft's file: beside first, then under its name, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Generator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from selfassess import temporary
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.errors import StoreError
from selfassess.scoring import score
from selfassess.store import codec, digest, history, opened, summary
from selfassess.store.contents import written_catalogue
from selfassess.store.fields import CATALOGUE, EVIDENCE, PREVIOUS, Change, Fields
from selfassess.store.place import journal_of, set_aside, sync_file, uri
from selfassess.store.refusals import refusing_new
from selfassess.store.schema import migrate
from selfassess.temporary import sync_folder


def create(path: Path, catalogue: Catalogue, entries: Entries, at: datetime) -> None:
    """A new draft's file.

    Args:
        path: An absolute path at which nothing is yet.
        catalogue: Its rules.
        entries: What is entered already.
        at: Now.

    Raises:
        StoreError: Something is there already, or the place cannot be written.
        CatalogueError: The rules cannot be written.
        InputError: A number cannot be stored.
    """
    check_folder(path)
    if os.path.lexists(path):
        raise StoreError("E320", path=path)
    with beside(path) as made, refusing_new(path):
        build(made, catalogue, entries, at)
        sync_file(made)
        name_new(made, path)
        sync_folder(path.parent)


def build(
    path: Path,
    catalogue: Catalogue,
    entries: Entries,
    at: datetime,
    *,
    previous: Mapping[str, Fields] = MappingProxyType({}),
    evidence: Mapping[str, Fields] = MappingProxyType({}),
) -> None:
    """Writes the file itself; it is not synced yet.

    Args:
        path: Where; an empty file, or one that holds nothing but supporting documents yet.
        catalogue: Its rules.
        entries: What is entered already.
        at: Now.
        previous: Last year's form, as groups of its scope.
        evidence: Particulars of supporting documents by key; whoever states them puts their bytes in.

    Raises:
        sqlite3.Error: The disk refuses.
    """
    text = written_catalogue(catalogue)
    rules = {"": {"sha256": text.sha256}}
    sheet = {**codec.write_entries(entries), CATALOGUE: rules, PREVIOUS: previous, EVIDENCE: evidence}
    changes = [
        Change(scope=scope, key=key, field=field, before=None, after=value)
        for scope, groups in sheet.items()
        for key, stored in groups.items()
        for field, value in stored.items()
    ]
    kept = codec.read_entries(sheet)
    scorecard = score(text.catalogue, kept)
    with contextlib.closing(connect(path)) as sql:
        migrate(sql, at=at.isoformat(), program=summary.PROGRAM)
        sql.execute("BEGIN IMMEDIATE")
        summary.insert(sql, os.urandom(16).hex(), at)
        put_catalogue(sql, text.sha256, text.text)
        write_changes(sql, changes)
        line = summary.summarize(text.catalogue, kept, scorecard, at)
        summary.update(sql, summary.lasting(line))
        reached = summary.reached(line, digest.as_text(digest.sum_of(sheet)))
        history.append(sql, history.START, "", at, changes, reached)
        sql.execute("COMMIT")


def write_changes(sql: sqlite3.Connection, changes: list[Change]) -> None:
    """Brings the fields on disk to the state after some changes.

    Args:
        sql: A connection inside a transaction.
        changes: What changed.
    """
    written = [(one.scope, one.key, one.field, one.after) for one in changes if one.after is not None]
    if written:
        sql.executemany(
            "INSERT INTO entry (scope, key, field, value) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (scope, key, field) DO UPDATE SET value = excluded.value",
            written,
        )
    emptied = [(one.scope, one.key, one.field) for one in changes if one.after is None]
    if emptied:
        sql.executemany("DELETE FROM entry WHERE scope = ? AND key = ? AND field = ?", emptied)


def put_catalogue(sql: sqlite3.Connection, sha256: str, text: str) -> None:
    """Keeps a catalogue's text, once.

    Args:
        sql: A connection inside a transaction.
        sha256: Names the text.
        text: TOML.
    """
    sql.execute("INSERT INTO catalogue (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, text))


def check_folder(path: Path) -> None:
    """Refuses a place whose folder does not exist.

    Raises:
        StoreError: The folder is missing.
    """
    if not path.parent.is_dir():
        raise StoreError("E317", folder=path.parent)


@contextlib.contextmanager
def beside(path: Path) -> Generator[Path]:
    """A temporary name in the same folder, so that renaming cannot cross disks; nothing is left of it afterwards.

    Args:
        path: The name it will get.

    Yields:
        The temporary path; no file is there yet.

    Raises:
        StoreError: The folder cannot be written.
    """
    temporary.sweep(path.parent)
    made = temporary.beside(path, "zpb-new")
    try:
        with refusing_new(path):
            made.touch(exist_ok=False)
        yield made
    finally:
        with contextlib.suppress(OSError):
            journal_of(made).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is being made, without a transaction; what it writes is not synced yet.

    Args:
        path: The file; nobody knows its name yet.
    """
    sql = sqlite3.connect(uri(path, "mode=rw"), uri=True, isolation_level=None)
    # The file is synced before it gets its own name.
    sql.execute("PRAGMA journal_mode = MEMORY")
    sql.execute("PRAGMA synchronous = OFF")
    return sql


def name_new(made: Path, path: Path) -> None:
    """Gives a finished file its name, which nobody may have taken.

    Args:
        made: The finished file.
        path: Its name.

    Raises:
        StoreError: Something is there already.
        OSError: The folder cannot be written.
    """
    if not os.path.lexists(journal_of(path)):
        _link(made, path)
        return
    # A journal left behind by a draft that was deleted. Not before the name is ours: it might be that of a draft which
    # somebody else has just put there. And whoever opens ours before it is put aside would play it back into it.
    with opened.LOOKING, _kept_from_others(made):
        _link(made, path)
        try:
            set_aside(journal_of(path))
            sync_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise


def _link(made: Path, path: Path) -> None:
    try:
        os.link(made, path)  # unlike a rename, refuses to replace what somebody else just put there
    except FileExistsError as error:
        raise StoreError("E320", path=path) from error
    except OSError:  # FAT and some network folders have no links
        if os.path.lexists(path):
            raise StoreError("E320", path=path) from None
        made.replace(path)


@contextlib.contextmanager
def _kept_from_others(made: Path) -> Generator[None]:
    """The file, locked by whatever name; a kill in the middle is dealt with where a draft is opened."""
    if os.name != "posix":  # a file that is open cannot be renamed there
        yield
        return
    with contextlib.closing(sqlite3.connect(uri(made, "mode=rw"), uri=True, isolation_level=None, timeout=0)) as sql:
        with contextlib.suppress(sqlite3.OperationalError):  # a folder that cannot lock
            sql.execute("BEGIN EXCLUSIVE")
        yield
