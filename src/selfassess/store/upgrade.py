"""Brings an opened draft of an older format to the newest, after leaving a copy of it beside."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from selfassess.store.creation import beside, name_new
from selfassess.store.place import FORMAT_VERSION, free_name, sync_file, uri
from selfassess.store.refusals import REPORTED, refusing_new
from selfassess.store.schema import migrate
from selfassess.store.summary import PROGRAM
from selfassess.temporary import sync_folder

_MOST_STEM_BYTES = 180
"""Leaves room for what is added to the name, the suffix and the journal."""


def upgrade(sql: sqlite3.Connection, path: Path, at: datetime) -> Path | None:
    """Upgrades a draft, unless it is in the newest format already.

    Args:
        sql: The draft's connection, locked.
        path: The draft.
        at: Now.

    Returns:
        The copy in the old format; None when there was nothing to do.

    Raises:
        StoreError: The copy cannot be written; the draft is as it was.
        sqlite3.Error: A step failed; the draft is in the format before it.
    """
    version: int = sql.execute("PRAGMA user_version").fetchone()[0]
    if version >= FORMAT_VERSION:
        return None
    stem = path.stem.encode()[:_MOST_STEM_BYTES].decode(errors="ignore")
    kept = free_name(path.parent, f"{stem}（格式{version}备份）")
    with beside(kept) as temporary, refusing_new(kept):
        with contextlib.closing(sqlite3.connect(uri(temporary, "mode=rw"), uri=True, isolation_level=None)) as copy:
            sql.backup(copy)
        sync_file(temporary)
        name_new(temporary, kept)
        sync_folder(kept.parent)
    try:
        migrate(sql, at=at.isoformat(), program=PROGRAM)
    except REPORTED:
        # Each further try would leave one more copy on a disk that may be full.
        with contextlib.suppress(*REPORTED):
            if sql.execute("PRAGMA user_version").fetchone()[0] == version:
                kept.unlink()
        raise
    return kept
