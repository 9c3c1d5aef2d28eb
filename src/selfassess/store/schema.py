"""The tables of a draft and how older formats become the newest; append-only, one transaction a step.

The tables are explained to readers of the file in ``docs/draft-format.md``.
"""

from __future__ import annotations

import sqlite3

from selfassess.store.place import APPLICATION_ID

# What an edit touches decides what it costs: each b-tree is a page to journal, write and sync, and SQLite builds a list
# of more than two values (``IN``) anew at each insert.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    # Format 1.
    (
        """CREATE TABLE entry (
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            field TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (scope, key, field)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE catalogue (
            sha256 TEXT PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE step (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind = 'start' OR kind = 'edit' OR kind = 'undo' OR kind = 'redo'),
            label TEXT NOT NULL,
            state TEXT CHECK (state = 'done' OR state = 'undone' OR state = 'abandoned'),
            target INTEGER REFERENCES step (id),
            digest TEXT NOT NULL,
            answered INTEGER NOT NULL,
            total TEXT,
            contents TEXT NOT NULL,
            CHECK ((kind = 'edit') = (state IS NOT NULL)),
            CHECK ((kind IN ('undo', 'redo')) = (target IS NOT NULL))
        ) STRICT""",
        """CREATE TABLE change (
            step INTEGER NOT NULL REFERENCES step (id),
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            field TEXT NOT NULL,
            before TEXT,
            after TEXT,
            PRIMARY KEY (step, scope, key, field)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE summary (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            identity TEXT NOT NULL,
            created TEXT NOT NULL,
            program TEXT NOT NULL,
            unit TEXT NOT NULL,
            title TEXT NOT NULL,
            catalogue TEXT NOT NULL,
            year TEXT NOT NULL,
            rows INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE blob (
            sha256 TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            content BLOB NOT NULL
        ) STRICT""",
        """CREATE TABLE migration (
            version INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            program TEXT NOT NULL
        ) STRICT""",
    ),
)
"""One entry a format version, in order; a released entry never changes."""


def migrate(sql: sqlite3.Connection, *, at: str, program: str) -> None:
    """Brings a draft to the newest format; each step and its mark are one transaction.

    Args:
        sql: A connection without a transaction.
        at: Now, as ISO text.
        program: Which program does it, with its version.

    Raises:
        sqlite3.Error: A step failed; the draft is still in the format before it.
    """
    version: int = sql.execute("PRAGMA user_version").fetchone()[0]
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        sql.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                sql.execute(statement)
            sql.execute("INSERT INTO migration (version, at, program) VALUES (?, ?, ?)", (number, at, program))
            sql.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            sql.execute(f"PRAGMA user_version = {number}")
            sql.execute("COMMIT")
        except BaseException:  # an interruption, too: nothing half done may stay
            if sql.in_transaction:
                sql.execute("ROLLBACK")
            raise


def tables_of(sql: sqlite3.Connection) -> dict[str, str]:
    """Everything a file's schema holds: tables, and whatever else somebody may have put in.

    Args:
        sql: A connection.

    Returns:
        The statement, its blanks folded, by ``kind name``; "" for an index that SQLite makes by itself.
    """
    # No name is left out: SQLite runs a trigger that somebody called ``sqlite_…`` like any other.
    # All at once: while the traceback of a failure in the middle lived, its cursor would keep the file locked.
    rows = sql.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return {f"{kind} {name}": " ".join(statement.split()) for kind, name, statement in rows}


def expected_tables() -> dict[str, str]:
    """What :func:`tables_of` says of a draft in the newest format."""
    sql = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(sql, at="", program="")
        return tables_of(sql)
    finally:
        sql.close()
