"""One draft in a line, proved and computed afresh, without opening it: what lists of drafts show; writes nothing.

What a draft says of itself in its summary is guarded by no checksum. So a line is made from what was entered, which is,
by the one scoring engine; where that cannot be, it says so and shows no total.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import MAXYEAR, UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.errors import StoreError
from selfassess.scoring import score
from selfassess.store import contents, opened, summary
from selfassess.store.owner import Owner, read_owner
from selfassess.store.place import (
    APPLICATION_ID,
    check_first_bytes,
    check_kind,
    check_version,
    past_locks,
    real_place,
    uri,
)
from selfassess.store.refusals import refusing
from selfassess.store.schema import expected_tables, tables_of
from selfassess.store.summary import Summary
from selfassess.wording import message

if TYPE_CHECKING:
    from selfassess.store.database import Database

_TRIES = 3
"""A draft that somebody is saving right now may be met half-way; the next look is past it."""
_PRIMARY = 0xFF
_NO_CODE = sqlite3.SQLITE_CORRUPT
"""Of what Python says about bytes that are no text."""
_MOST_FIELDS = 20_000
"""Entered fields beyond which a list does not compute a draft: a tenth of a second, a hundred times a usual form."""
_MOST_LETTERS = 1_000_000
"""Letters of a catalogue, or of all fields, beyond which it does not either."""
_MOST_RULES = 16
"""Catalogues that are remembered from one draft to the next."""


class LibraryEntry(Struct, frozen=True, kw_only=True):
    """One file of a folder.

    Attributes:
        path: The file.
        modified: When the file was last written, by the file system's clock.
        summary: What it holds; None when it cannot be read, or was not looked at.
        fault: Why it cannot be read, in words; "" when it can.
        notice: What to know before opening it: open elsewhere, not closed, one of several copies; "" as a rule.
        identity: The same in all copies of one draft; "" when it cannot be read.
        is_pending: Whether it was not looked at yet, or is too large to be.
        fault_code: The stable code of the fault; "" when there is none.
        notice_code: The stable code of the notice; "" when there is none.
        owner: Who has it open, or had when it was not closed; None: nobody, or nobody knows.
        copies: How many files of its folder hold the same draft; 0: not counted, or only this one.
    """

    path: Path
    modified: datetime
    summary: Summary | None
    fault: str
    notice: str
    identity: str = ""
    is_pending: bool = False
    fault_code: str = ""
    notice_code: str = ""
    owner: Owner | None = None
    copies: int = 0


_MOST_SECONDS = datetime(MAXYEAR, 1, 1, tzinfo=UTC).timestamp()
"""Since 1970; in the last year of the calendar not every zone of the world could say it."""


class Found(Struct, frozen=True, kw_only=True):
    """What could be read of a draft.

    Attributes:
        summary: Proved and computed; None: too large for that.
        identity: What all its copies have in common.
    """

    summary: Summary | None
    identity: str


def moment_of(status: os.stat_result) -> datetime:
    """When a file was changed; what no calendar knows, as some sticks say, counts as long ago.

    Args:
        status: Of the file.
    """
    seconds = status.st_mtime
    return datetime.fromtimestamp(seconds if 0 < seconds < _MOST_SECONDS else 0, tz=UTC)


class Looker:
    """Looks at drafts one after the other, and remembers what many of them share: their rules."""

    def __init__(self) -> None:
        self._rules: dict[str, Catalogue] = {}
        self._tables: dict[str, str] | None = None

    def look_at(self, path: Path) -> LibraryEntry | None:
        """What a file holds, without opening it for writing and without leaving anything beside it.

        Args:
            path: The file.

        Returns:
            Its line of the list; None when it has gone meanwhile.
        """
        try:
            modified = moment_of(path.stat())
        except (OSError, ValueError):  # the latter for a name that no file can have
            return None
        try:
            found, notice_code, owner = self._found_in(real_place(path))
        except StoreError as error:
            return LibraryEntry(
                path=path, modified=modified, summary=None, fault=error.message, notice="", fault_code=error.code
            )
        return LibraryEntry(
            path=path,
            modified=modified,
            summary=found.summary if found else None,
            fault="",
            notice=_notice(notice_code, path, owner),
            identity=found.identity if found else "",
            is_pending=found is None or found.summary is None,
            notice_code=notice_code,
            owner=owner if notice_code else None,
        )

    def _found_in(self, path: Path) -> tuple[Found | None, str, Owner | None]:
        with opened.looking_at(check_kind(path)) as holder:
            return self._found_beside(holder, path)

    def _found_beside(self, holder: Database | None, path: Path) -> tuple[Found | None, str, Owner | None]:
        owner = read_owner(path) if holder is None else holder.owner
        if holder is None:
            check_first_bytes(path)
        try:
            sql = sqlite3.connect(uri(path, "mode=ro"), uri=True, isolation_level=None, timeout=0)
            return self._read(path, sql), "", owner
        except (sqlite3.Error, UnicodeDecodeError) as error:
            code = getattr(error, "sqlite_errorcode", _NO_CODE) & _PRIMARY
            if code == sqlite3.SQLITE_ERROR:
                raise StoreError("E306", path=path, detail="表结构与格式版本不符") from error
            if code == sqlite3.SQLITE_BUSY:
                notice = "E334"
            elif code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
                notice = "E333"
            else:
                with refusing(path):
                    raise
        return self._read_past_lock(path, owner), notice, owner

    def _read_past_lock(self, path: Path, owner: Owner | None) -> Found | None:
        # The owner is never disturbed. What is read may be the middle of a commit, of which the checksum tells.
        refused: sqlite3.Error | None = None
        for _ in range(_TRIES):
            try:
                return self._read(path, past_locks(path))
            except StoreError:
                refused = None
            except sqlite3.Error as error:
                refused = error
        if refused is None:
            return None
        if owner is not None:
            raise StoreError("E307", path=path, owner=owner) from refused
        raise StoreError("E308", path=path) from refused

    def _read(self, path: Path, sql: sqlite3.Connection) -> Found:
        with contextlib.closing(sql):
            try:
                sql.execute("PRAGMA trusted_schema = OFF")
                if sql.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise StoreError("E304", path=path)
                check_version(path, sql.execute("PRAGMA user_version").fetchone()[0])
                self._check_tables(sql, path)
                sql.execute("BEGIN")  # one state, whoever saves meanwhile
                told = summary.read(sql)
                identity = sql.execute("SELECT identity FROM summary").fetchone()[0]
                return Found(summary=self._proved(sql, path, told.saved), identity=identity)
            except (ValueError, TypeError, IndexError) as error:  # also what SQLite says where it quotes broken text
                raise StoreError("E306", path=path, detail="概要无法识别") from error

    def _check_tables(self, sql: sqlite3.Connection, path: Path) -> None:
        """Nothing is asked of what only looks like our tables: a view could keep SQLite busy for ever."""
        self._tables = self._tables or expected_tables()
        if tables_of(sql) != self._tables:
            raise StoreError("E306", path=path, detail="表结构与格式版本不符")

    def _proved(self, sql: sqlite3.Connection, path: Path, saved: datetime) -> Summary | None:
        if _is_too_large(sql):
            return None
        held = contents.load(sql, path, self._rules)
        while len(self._rules) > _MOST_RULES:
            del self._rules[next(iter(self._rules))]
        card = score(held.catalogue, held.entries)
        return summary.shortened(summary.summarize(held.catalogue, held.entries, card, saved))


def _notice(code: str, path: Path, owner: Owner | None) -> str:
    unknown = {"E333": "不知道是谁打开的", "E334": "另一个程序"}
    return message(code, path=path.name, owner=owner or unknown[code]) if code else ""


def look_at(path: Path) -> LibraryEntry | None:
    """What one file holds; see :meth:`Looker.look_at`.

    Args:
        path: The file.
    """
    return Looker().look_at(path)


def identity_in(path: Path) -> str:
    """The identity in a file of which at least this can be read; "" where it cannot.

    Args:
        path: The file.
    """
    try:
        if not path.is_file():
            return ""
        with contextlib.closing(past_locks(path)) as sql:
            # A view of that name could keep SQLite busy for ever.
            if not sql.execute("SELECT 1 FROM sqlite_schema WHERE name = 'summary' AND type = 'table'").fetchone():
                return ""
            row = sql.execute("SELECT identity FROM summary").fetchone()
    except (sqlite3.Error, UnicodeError, OSError):
        return ""
    return row[0] if row and isinstance(row[0], str) else ""


def _is_too_large(sql: sqlite3.Connection) -> bool:
    """Whether computing a draft would be felt; asked of SQLite, which need not hand over the fields for it."""
    fields, letters = sql.execute(
        "SELECT count(*), coalesce(sum(length(value)), 0) FROM (SELECT value FROM entry LIMIT ?)", (_MOST_FIELDS + 1,)
    ).fetchone()
    rules = sql.execute(
        "SELECT coalesce(max(length(text)), 0) FROM entry JOIN catalogue ON catalogue.sha256 = value"
        " WHERE scope = 'catalogue'"
    ).fetchone()[0]
    return fields > _MOST_FIELDS or letters > _MOST_LETTERS or rules > _MOST_LETTERS
