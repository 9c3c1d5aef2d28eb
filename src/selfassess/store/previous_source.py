"""Where last year's form comes from: the drafts that can be it, and one of them read without taking it.

The other draft is only read: it keeps its bytes and its date, nothing is left beside it, and whoever has it open is
not disturbed.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from selfassess.domain.previous import PreviousYear
from selfassess.errors import StoreError
from selfassess.scoring import score
from selfassess.scoring.previous import previous_year
from selfassess.store import contents, opened
from selfassess.store.contents import Contents
from selfassess.store.database import check_tables
from selfassess.store.glance import LibraryEntry
from selfassess.store.owner import read_owner
from selfassess.store.place import APPLICATION_ID, FORMAT_VERSION, check_header, check_version, real_place, uri
from selfassess.store.refusals import refusing

if TYPE_CHECKING:
    from selfassess.store.draft import Draft

_PRIMARY = 0xFF
_PATIENCE_S = 0.5
"""How long a virus scanner or a program that is just closing may hold the file."""
_YEAR = re.compile(r"\d{4}")


def candidates(entries: Iterable[LibraryEntry], draft: Draft) -> tuple[LibraryEntry, ...]:
    """Which drafts can be last year's of this one: the same form, of an earlier year.

    Args:
        entries: Drafts of the library, the one edited last first.
        draft: This year's.

    Returns:
        Those of the same unit first, then the latest year, then the one edited last. When this year's draft does not
        say its year, all others of the same form.
    """
    unit = draft.entries.unit
    year = _year_in(unit.year or draft.catalogue.year_text)
    found: list[tuple[bool, int, LibraryEntry]] = []
    for entry in entries:
        summary = entry.summary
        if summary is None or summary.catalogue.partition("/")[0] != draft.catalogue.id:
            continue
        theirs = _year_in(summary.year)
        if (year == 0 or 0 < theirs < year) and real_place(entry.path) != draft.path:
            found.append((summary.unit != unit.name, -theirs, entry))
    return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))


def previous_in(path: Path, draft: Draft) -> PreviousYear:
    """What last year's draft says, computed by the one scoring engine.

    Args:
        path: Last year's draft.
        draft: This year's.

    Raises:
        StoreError: It cannot be read, is open in another program, is this very draft, or is another form; in words.
    """
    place = real_place(path)
    with refusing(place):
        holder = opened.holder_of(place.stat())
        if place == draft.path or (holder is not None and holder.path == draft.path):
            raise StoreError("E361", path=path.name)
        # What this very program has open is locked: its own connection is asked, between two edits.
        held = _read(place) if holder is None else holder.read(lambda sql: _held(sql, place))
    if held.catalogue.id != draft.catalogue.id:
        raise StoreError("E362", path=path.name, theirs=held.catalogue.reference, ours=draft.catalogue.reference)
    documents = Counter(evidence.row for evidence in held.evidence)
    return previous_year(held.catalogue, held.entries, score(held.catalogue, held.entries), documents)


def _read(path: Path) -> Contents:
    check_header(path)
    owner = read_owner(path)
    try:
        with contextlib.closing(
            sqlite3.connect(uri(path, "mode=ro"), uri=True, isolation_level=None, timeout=_PATIENCE_S)
        ) as sql:
            return _held(sql, path)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code == sqlite3.SQLITE_BUSY and owner is not None:
            raise StoreError("E307", path=path, owner=owner) from error
        if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:  # a journal to be played back, which writes
            raise StoreError("E363", path=path, why="上次没有正常关闭") from error
        with refusing(path):
            raise


def _held(sql: sqlite3.Connection, path: Path) -> Contents:
    sql.execute("PRAGMA trusted_schema = OFF")
    sql.execute("PRAGMA cell_size_check = ON")
    if sql.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError("E304", path=path)
    version = sql.execute("PRAGMA user_version").fetchone()[0]
    check_version(path, version)
    if version < FORMAT_VERSION:  # upgrading writes
        raise StoreError("E363", path=path, why="是旧版本程序保存的")
    check_tables(sql, path)
    return contents.load(sql, path)


def _year_in(text: str) -> int:
    """The year of an entered text, such as 2022, 2022年度, ２０２２; 0 for none."""
    found = _YEAR.search(unicodedata.normalize("NFKC", text))
    return int(found[0]) if found else 0
