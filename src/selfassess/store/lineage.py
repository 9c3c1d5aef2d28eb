"""How far two copies of a draft went together, and the state they parted from; knows SQL to read steps only.

Both copies hold their whole history, each step with its checksum. The steps that are the same in both, from the first
on, replayed, give the state from which the copies went different ways.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from msgspec import Struct

from selfassess.store.digest import digest_of_changes
from selfassess.store.fields import EVIDENCE, Change, Fields

_STEPS = "SELECT id, at, kind, label, target, digest FROM step ORDER BY id"
_CHANGES = "SELECT scope, key, field, before, after FROM change WHERE step = ?"


class Parting(Struct, frozen=True, kw_only=True):
    """The last state that two drafts have in common.

    Attributes:
        sheet: Its fields by scope and key.
        at: When it was reached, as ISO text.
        documents: Keys that supporting documents had had until then.
    """

    sheet: Mapping[str, Mapping[str, Fields]]
    at: str
    documents: frozenset[str]


def parting_of(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> Parting | None:
    """Where two drafts parted.

    Args:
        ours: A connection to the one.
        theirs: A connection to the other.

    Returns:
        The last common state; None when they have no common beginning, or the history of either is damaged.
    """
    sheet: dict[str, dict[str, dict[str, str]]] = {}
    at = ""
    documents: set[str] = set()
    for moment, digest, changes in _common_steps(ours, theirs):
        if digest_of_changes(changes) != digest or not all(_replay(sheet, change) for change in changes):
            return None
        documents |= {change.key for change in changes if change.scope == EVIDENCE}
        at = moment
    return Parting(sheet=sheet, at=at, documents=frozenset(documents)) if at else None


def _common_steps(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> Iterator[tuple[str, str, list[Change]]]:
    """Moment, checksum and changes of every step that is the same in both, until the first that is not."""
    for mine, other in zip(ours.execute(_STEPS), theirs.execute(_STEPS), strict=False):
        if mine != other:
            return
        changes = [
            Change(scope=scope, key=key, field=field, before=before, after=after)
            for scope, key, field, before, after in ours.execute(_CHANGES, (mine[0],))
        ]
        yield mine[1], mine[5], changes


def _replay(sheet: dict[str, dict[str, dict[str, str]]], change: Change) -> bool:
    """Apply a change; False when the state is not the one that it was made to."""
    groups = sheet.setdefault(change.scope, {})
    stored = groups.setdefault(change.key, {})
    fits = stored.get(change.field) == change.before
    if change.after is None:
        stored.pop(change.field, None)
    else:
        stored[change.field] = change.after
    if not stored:
        del groups[change.key]
    return fits
