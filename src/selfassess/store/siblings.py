"""Other copies of a draft beside it, as programs that keep folders in step make them (冲突副本); opens none."""

from __future__ import annotations

import contextlib
from itertools import takewhile
from pathlib import Path

from selfassess.store.draft import Draft
from selfassess.store.glance import LibraryEntry, Looker, identity_in
from selfassess.store.place import SUFFIX, is_same_file
from selfassess.store.refusals import REPORTED

_MOST = 50
"""Files that are looked into; a folder may hold thousands of drafts that are named alike."""


def copies_beside(draft: Draft) -> tuple[LibraryEntry, ...]:
    """Other files of the draft's folder that hold the same draft, the one saved last first.

    Names tell which files are worth a look: 甲 (冲突副本 2026-01-05), 甲-DESKTOP-AB12 and 甲.sync-conflict-… hold the
    name of the draft, 副本 甲 does too; and two copies of one that has gone begin alike.

    Args:
        draft: An open draft.
    """
    try:
        identity: str = draft.sql.execute("SELECT identity FROM summary").fetchone()[0]
    except REPORTED:  # the disk is gone, of which the next edit tells
        return ()
    looker = Looker()
    copies = [path for path in _named_alike(draft.path) if identity_in(path) == identity]
    found = [entry for path in copies if (entry := looker.look_at(path)) is not None and not entry.fault]
    return tuple(sorted(found, key=lambda one: one.summary.saved if one.summary else one.modified, reverse=True))


def _named_alike(path: Path) -> list[Path]:
    found = list[tuple[int, Path]]()
    with contextlib.suppress(OSError):  # who cannot look has nothing to be told
        for other in path.parent.iterdir():
            listed = other.suffix.lower() == SUFFIX and not other.name.startswith(".")
            if listed and not is_same_file(other, path):  # by whatever name
                likeness = _likeness(path.stem, other.stem)
                if likeness:
                    found.append((likeness, other))
    return [other for _, other in sorted(found, reverse=True)[:_MOST]]


def _likeness(one: str, other: str) -> int:
    """How many letters two names share; 0 for names of different drafts."""
    if one in other or other in one:
        return min(len(one), len(other))
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    return common if 2 * common >= min(len(one), len(other)) else 0
