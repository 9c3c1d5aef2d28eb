"""What the start page tells of a draft, kept in the draft itself so that listing needs no scoring."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from selfassess import __version__
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.store.codec import read_number, write_number, write_text

PROGRAM = f"selfassess {__version__}"


class Summary(Struct, frozen=True, kw_only=True):
    """A draft in one line.

    Attributes:
        unit: 填报单位; "" when not entered yet.
        title: Title of the form.
        catalogue: ``id/edition``.
        year: 年度, as entered, else the catalogue's.
        rows: Rows of the base.
        answered: How many of them are not blank.
        total: 总分; None: no row applies.
        saved: When the last edit was committed.
    """

    unit: str
    title: str
    catalogue: str
    year: str
    rows: int
    answered: int
    total: Decimal | None
    saved: datetime


def summarize(catalogue: Catalogue, entries: Entries, scorecard: Scorecard, saved: datetime) -> Summary:
    """The summary of a state.

    Args:
        catalogue: Its rules.
        entries: What was entered.
        scorecard: Its result.
        saved: Now.
    """
    rows = sum(category.rows for category in scorecard.categories if category.in_base)
    return Summary(
        unit=entries.unit.name,
        title=catalogue.title,
        catalogue=catalogue.reference,
        year=entries.unit.year or catalogue.year_text,
        rows=rows,
        answered=rows - scorecard.blank,
        total=scorecard.total,
        saved=saved,
    )


def insert(sql: sqlite3.Connection, identity: str, created: datetime) -> None:
    """Makes the one row of the table; :func:`update` fills it.

    Args:
        sql: A connection inside a transaction.
        identity: Unlike any other draft's; copies keep it.
        created: Now.
    """
    sql.execute(
        "INSERT INTO summary (id, identity, created, saved, program, unit, title, catalogue, year, rows, answered,"
        " digest) VALUES (1, ?, ?, '', '', '', '', '', '', 0, 0, '')",
        (identity, created.isoformat()),
    )


def update(sql: sqlite3.Connection, summary: Summary, digest: str) -> None:
    """Writes the summary and the checksum of all fields.

    Args:
        sql: A connection inside a transaction.
        summary: The state after the step.
        digest: The checksum after the step.
    """
    sql.execute(
        "UPDATE summary SET saved = ?, program = ?, unit = ?, title = ?, catalogue = ?, year = ?, rows = ?,"
        " answered = ?, total = ?, digest = ?",
        (
            summary.saved.isoformat(),
            PROGRAM,
            write_text(summary.unit),
            write_text(summary.title),
            summary.catalogue,
            write_text(summary.year),
            summary.rows,
            summary.answered,
            None if summary.total is None else write_number(summary.total),
            digest,
        ),
    )


def read(sql: sqlite3.Connection) -> Summary:
    """The summary of a draft.

    Args:
        sql: A connection.

    Raises:
        ValueError: It is none.
    """
    statement = "SELECT unit, title, catalogue, year, rows, answered, total, saved FROM summary"
    row = sql.execute(statement).fetchone()
    if row is None:
        raise ValueError(statement)
    saved = datetime.fromisoformat(row[7])
    if saved.tzinfo is None:
        raise ValueError(row[7])
    return Summary(
        unit=row[0],
        title=row[1],
        catalogue=row[2],
        year=row[3],
        rows=row[4],
        answered=row[5],
        total=None if row[6] is None else read_number(row[6]),
        saved=saved,
    )
