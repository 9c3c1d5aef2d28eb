"""Other copies of a draft beside it, as programs that keep folders in step make them (冲突副本); opens none."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from selfassess.store.draft import Draft
from selfassess.store.glance import LibraryEntry, Looker, identity_in
from selfassess.store.place import SUFFIX


def copies_beside(draft: Draft) -> tuple[LibraryEntry, ...]:
    """Other files of the draft's folder that hold the same draft, the one saved last first.

    Names tell which files are worth a look: 甲 (冲突副本 2026-01-05), 甲-DESKTOP-AB12 and 甲.sync-conflict-… all begin
    with the name of the draft, or it with theirs.

    Args:
        draft: An open draft.
    """
    try:
        identity: str = draft.sql.execute("SELECT identity FROM summary").fetchone()[0]
    except sqlite3.Error:  # the disk is gone, of which the next edit tells
        return ()
    looker = Looker()
    copies = [path for path in _named_alike(draft.path) if identity_in(path) == identity]
    found = [entry for path in copies if (entry := looker.look_at(path)) is not None and not entry.fault]
    return tuple(sorted(found, key=lambda one: one.summary.saved if one.summary else one.modified, reverse=True))


def _named_alike(path: Path) -> list[Path]:
    stem, found = path.stem, list[Path]()
    with contextlib.suppress(OSError):  # who cannot look has nothing to be told
        for other in path.parent.iterdir():
            alike = other.stem.startswith(stem) or stem.startswith(other.stem)
            if alike and other.suffix.lower() == SUFFIX and other.name != path.name and not other.name.startswith("."):
                found.append(other)
    return found
