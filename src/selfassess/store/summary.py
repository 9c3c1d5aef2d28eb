"""A draft in a line, kept in the draft itself; the list computes what it shows, and takes the time of saving from here.

What an edit changes as a rule, progress, total and time, is kept with the step that led to it; the rest has a table of
its own, which most edits need not touch.
"""

from __future__ import annotations

import sqlite3
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from selfassess import __version__
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import InputError, StoreError
from selfassess.store.codec import read_number, write_number, write_text
from selfassess.store.history import Reached

PROGRAM = f"selfassess {__version__}"


_MOST_READ = 500
"""Characters of a text that the start page could show at all."""
_TEXTS = ("unit", "title", "catalogue", "year")
_MOST_ROWS = 1_000_000
_KINDS = (*[(str,)] * 4, (int,), (int,), (str, type(None)), (str,))


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


class Lasting(NamedTuple):
    """The row of the table ``summary``, without what never changes.

    Attributes:
        program: Which program wrote the row.
        unit: 填报单位.
        title: Title of the form.
        catalogue: ``id/edition``.
        year: 年度.
        rows: Rows of the base.
    """

    program: str
    unit: str
    title: str
    catalogue: str
    year: str
    rows: int


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


def shortened(summary: Summary) -> Summary:
    """A summary that can be shown and kept whatever was entered: its texts are cut where nobody would read on."""
    cut = {name: getattr(summary, name)[:_MOST_READ] for name in _TEXTS}
    return replace(summary, **cut)


def is_plausible(summary: Summary) -> bool:
    """Whether something from outside could be the summary of a draft.

    Args:
        summary: Of the right types.
    """
    try:
        write_number(summary.total or Decimal())
    except InputError:
        return False
    return (
        0 <= summary.answered <= summary.rows < _MOST_ROWS
        and summary.saved.tzinfo is not None
        and shortened(summary) == summary
    )


def lasting(summary: Summary) -> Lasting:
    """What of a summary outlives most edits, as it is stored."""
    return Lasting(
        program=PROGRAM,
        unit=write_text(summary.unit),
        title=write_text(summary.title),
        catalogue=summary.catalogue,
        year=write_text(summary.year),
        rows=summary.rows,
    )


def reached(summary: Summary, contents: str) -> Reached:
    """What of a summary is stored with its step.

    Args:
        summary: The state after the step.
        contents: The checksum of all fields after it.
    """
    total = None if summary.total is None else write_number(summary.total)
    return Reached(answered=summary.answered, total=total, contents=contents)


def insert(sql: sqlite3.Connection, identity: str, created: datetime) -> None:
    """Makes the one row of the table; :func:`update` fills it.

    Args:
        sql: A connection inside a transaction.
        identity: Unlike any other draft's; copies keep it.
        created: Now.
    """
    sql.execute(
        "INSERT INTO summary (id, identity, created, program, unit, title, catalogue, year, rows)"
        " VALUES (1, ?, ?, '', '', '', '', '', 0)",
        (identity, created.isoformat()),
    )


def update(sql: sqlite3.Connection, line: Lasting) -> None:
    """Writes the row that :func:`insert` made.

    Args:
        sql: A connection inside a transaction.
        line: The state after the step.
    """
    sql.execute("UPDATE summary SET program = ?, unit = ?, title = ?, catalogue = ?, year = ?, rows = ?", line)


def read_lasting(sql: sqlite3.Connection) -> Lasting | None:
    """The row as it is stored; None when there is none."""
    row = sql.execute("SELECT program, unit, title, catalogue, year, rows FROM summary").fetchone()
    return None if row is None else Lasting(*row)


def identity_of(sql: sqlite3.Connection) -> str:
    """Which draft a file holds, unlike any other's; "" when that cannot be read.

    Args:
        sql: A connection to it.
    """
    row = sql.execute("SELECT identity FROM summary").fetchone()
    return row[0] if row is not None and isinstance(row[0], str) else ""


def read(sql: sqlite3.Connection) -> Summary:
    """The summary of a draft.

    Args:
        sql: A connection.

    Raises:
        ValueError: It is none.
    """
    # Of a file from elsewhere not even the types are sure, and a text may be as long as the file.
    texts = ", ".join(f"substr({name}, 1, {_MOST_READ})" for name in _TEXTS)
    statement = (
        f"SELECT {texts}, rows, answered, total, at FROM summary JOIN step"  # noqa: S608  (names of our own)
        " ON step.id = (SELECT max(id) FROM step)"
    )
    row = sql.execute(statement).fetchone()
    if row is None or any(type(value) not in kinds for value, kinds in zip(row, _KINDS, strict=True)):
        raise ValueError(statement)
    return Summary(
        unit=row[0],
        title=row[1],
        catalogue=row[2],
        year=row[3],
        rows=row[4],
        answered=row[5],
        total=None if row[6] is None else read_number(row[6]),
        saved=moment(row[7]),
    )


def load(sql: sqlite3.Connection, path: Path) -> Summary:
    """The same of a draft that is to be opened.

    Args:
        sql: A connection.
        path: The draft, to name it in a refusal.

    Raises:
        StoreError: It is none.
    """
    try:
        return read(sql)
    except ValueError as error:
        raise StoreError("E306", path=path, detail="概要无法识别") from error


def moment(text: str) -> datetime:
    """A moment as steps keep it.

    Args:
        text: ISO, with the zone.

    Raises:
        ValueError: It is none, or one that some zone of the world could not say: a stranger may write what he likes.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not MINYEAR < at.year < MAXYEAR:
        raise ValueError(text)
    return at
