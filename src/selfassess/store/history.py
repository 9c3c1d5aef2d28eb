"""The steps of a draft: what changed when, and which step undo and redo take next; knows no entries' meaning.

Every change is in exactly one step, undo and redo included, so that the steps replayed from the first give the
current fields. A step that was undone and then passed over by a new edit stays, marked as abandoned.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store.digest import digest_of_changes
from selfassess.store.fields import Change

_LAST = 2**62
"""A number of a step that no draft of ours reaches; far beyond it SQLite would number at random."""
_LONGEST_LABEL = 200
"""Characters of a name that a menu could show at all."""
START, EDIT, UNDO, REDO = "start", "edit", "undo", "redo"


class Step(Struct, frozen=True, kw_only=True):
    """One step.

    Attributes:
        id: Number, rising.
        at: When, as ISO text.
        kind: ``start``, ``edit``, ``undo`` or ``redo``.
        label: The name it was given; "" when its changes speak for themselves.
        state: Of an edit: ``done``, ``undone`` or ``abandoned``.
        target: Of an undo or redo: the edit it took back or did again.
        changes: What it changed.
        intact: Whether the changes are the ones that were written.
    """

    id: int
    at: str
    kind: str
    label: str
    state: str | None
    target: int | None
    changes: tuple[Change, ...]
    intact: bool


class Reached(NamedTuple):
    """The state that a step led to, kept with the step.

    Attributes:
        answered: Rows of the base that are not blank.
        total: 总分, as text; None: no row applies.
        contents: Checksum of all fields.
    """

    answered: int
    total: str | None
    contents: str


def append(
    sql: sqlite3.Connection,
    kind: str,
    label: str,
    at: datetime,
    changes: Sequence[Change],
    reached: Reached,
    *,
    abandon: bool = False,
) -> Step:
    """Adds a new edit, or the start.

    Args:
        sql: A connection inside a transaction.
        kind: ``start`` or ``edit``.
        label: Its name; "" when its changes speak for themselves.
        at: Now.
        changes: What it changed.
        reached: Where it led.
        abandon: Whether there are undone edits, which it passes over.

    Returns:
        The step.
    """
    if abandon:
        sql.execute("UPDATE step SET state = 'abandoned' WHERE state = 'undone'")
    state = "done" if kind == EDIT else None
    moment = at.isoformat()
    number = _insert(sql, (moment, kind, label, state, None), changes, reached)
    return Step(
        id=number,
        at=moment,
        kind=kind,
        label=label,
        state=state,
        target=None,
        changes=tuple(changes),
        intact=True,
    )


def append_turn(
    sql: sqlite3.Connection, kind: str, step: Step, at: datetime, changes: Sequence[Change], reached: Reached
) -> None:
    """Adds an undo or redo of a step, and marks that step.

    Args:
        sql: A connection inside a transaction.
        kind: ``undo`` or ``redo``.
        step: The edit.
        at: Now.
        changes: What the turn changes.
        reached: Where it leads.
    """
    sql.execute("UPDATE step SET state = ? WHERE id = ?", ("undone" if kind == UNDO else "done", step.id))
    _insert(sql, (at.isoformat(), kind, step.label, None, step.id), changes, reached)


Turns = tuple[Step | None, Step | None]
"""What undo and redo would take next."""


def next_step(sql: sqlite3.Connection, kind: str) -> Step | None:
    """The edit that undo or redo would take next.

    Args:
        sql: A connection.
        kind: ``undo`` or ``redo``.
    """
    number = _next(sql, kind)
    return None if number is None else read(sql, number)


def turns(sql: sqlite3.Connection, path: Path) -> Turns:
    """The edits that undo and redo would take next.

    Args:
        sql: A connection.
        path: The draft, to name it in a refusal.

    Raises:
        StoreError: The history has a gap at its end.
    """
    if not _can_go_on(sql):
        raise StoreError("E306", path=path, detail="历史记录不完整")
    return next_step(sql, UNDO), next_step(sql, REDO)


def _can_go_on(sql: sqlite3.Connection) -> bool:
    """Whether the next step gets a number of its own: no changes without their step lie where it would put its own.

    Args:
        sql: A connection.
    """
    steps, changes = sql.execute(
        "SELECT coalesce((SELECT max(id) FROM step), 0), coalesce((SELECT max(step) FROM change), 0)"
    ).fetchone()
    return changes <= steps < _LAST


def read(sql: sqlite3.Connection, number: int) -> Step:
    """One step with its changes.

    Args:
        sql: A connection.
        number: Its number.
    """
    row = sql.execute("SELECT id, at, kind, label, state, target, digest FROM step WHERE id = ?", (number,)).fetchone()
    statement = "SELECT scope, key, field, before, after FROM change WHERE step = ?"
    found = sql.execute(statement, (number,)).fetchall()  # as in schema.tables_of: no cursor outlives a failure
    changes = tuple(
        Change(scope=scope, key=key, field=field, before=before, after=after)
        for scope, key, field, before, after in found
    )
    return Step(
        id=row[0],
        at=row[1],
        kind=row[2],
        label=row[3][:_LONGEST_LABEL],
        state=row[4],
        target=row[5],
        changes=changes,
        intact=bool(changes) and digest_of_changes(changes) == row[6],
    )


def backwards(sql: sqlite3.Connection) -> Iterator[tuple[Step, str]]:
    """Every step with the checksum of all fields after it, the last one first; read as they are asked for.

    Args:
        sql: A connection that nobody writes to meanwhile.
    """
    steps = sql.execute("SELECT id, at, kind, label, state, target, digest, contents FROM step ORDER BY id DESC")
    found = sql.execute("SELECT step, scope, key, field, before, after FROM change ORDER BY step DESC")
    groups = groupby(found, key=itemgetter(0))
    group = next(groups, None)
    for number, at, kind, label, state, target, checksum, reached in steps:
        while group is not None and group[0] > number:  # of a step that is not there
            group = next(groups, None)
        changes: tuple[Change, ...] = ()
        if group is not None and group[0] == number:
            changes = tuple(
                Change(scope=scope, key=key, field=field, before=before, after=after)
                for _, scope, key, field, before, after in group[1]
            )
            group = next(groups, None)
        step = Step(
            id=number,
            at=at,
            kind=kind,
            label=label[:_LONGEST_LABEL],
            state=state,
            target=target,
            changes=changes,
            intact=bool(changes) and digest_of_changes(changes) == checksum,
        )
        yield step, reached


def _next(sql: sqlite3.Connection, kind: str) -> int | None:
    # Walks the primary key from one end and stops at the first hit: no index to keep up at every edit.
    if kind == UNDO:
        statement = "SELECT id FROM step WHERE state = 'done' ORDER BY id DESC LIMIT 1"
    else:
        statement = (
            "SELECT id FROM step WHERE state = 'undone' AND id > "
            "coalesce((SELECT id FROM step WHERE state = 'done' ORDER BY id DESC LIMIT 1), 0) ORDER BY id LIMIT 1"
        )
    row = sql.execute(statement).fetchone()
    return None if row is None else row[0]


def _insert(
    sql: sqlite3.Connection,
    values: tuple[str, str, str, str | None, int | None],
    changes: Sequence[Change],
    reached: Reached,
) -> int:
    cursor = sql.execute(
        "INSERT INTO step (at, kind, label, state, target, digest, answered, total, contents)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, digest_of_changes(changes), *reached),
    )
    number = cursor.lastrowid
    assert number is not None  # noqa: S101  (an INSERT that did not raise has one)
    sql.executemany(
        "INSERT INTO change (step, scope, key, field, before, after) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, change.scope, change.key, change.field, change.before, change.after) for change in changes],
    )
    return number
