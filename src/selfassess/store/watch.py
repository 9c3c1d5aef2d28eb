"""Knows what the file of an open draft should hold, and refuses to write upon anything else; writes no entries.

Two things can come in between. A disk that refused a commit may have kept half of it beside a journal, all of it, or
nothing: that is ours to mend. And where locks hold nobody off, somebody else may have written the file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time

from selfassess.errors import StoreError
from selfassess.store.place import FORMAT_VERSION, Identity, is_hot, is_spent, journal_of, past_locks
from selfassess.store.refusals import REPORTED, refusing

_TRIES = 3
_PAUSE_S = 0.02
_PRIMARY = 0xFF
_OF_CONTENT = frozenset({None, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""What SQLite says of a file that is no draft any more, rather than of the disk, of memory or of rights. None: of text
that is no text, Python says so."""
WRITTEN = "E374"
"""The refusal because somebody else wrote a step."""
WRECKED = "E379"
"""The refusal because somebody else made the file unreadable."""
REWRITTEN = frozenset({WRITTEN, WRECKED})
"""Refusals because somebody else wrote the file, so that the connection must not be trusted."""
REPLACED = "E314"
"""The refusal because the path names another file."""
FOREIGN = frozenset({REPLACED, *REWRITTEN})
"""Refusals because what the path names now is somebody else's: replaced, or written over."""
ARRIVED = "E391"
"""The refusal of an edit because one before it, refused as well, is in the file after all: memory has to catch up."""
UNKNOWN = "E392"
"""The refusal of an edit of which nobody can tell whether the disk holds it."""
_LAST_STEP = "SELECT id, at, digest FROM step ORDER BY id DESC LIMIT 1"

LastStep = tuple[int, str, str] | None
"""Number, moment and checksum."""


def last_step(sql: sqlite3.Connection) -> LastStep:
    """The last step of a draft.

    Args:
        sql: A connection, as a rule inside the transaction that wrote it.
    """
    return sql.execute(_LAST_STEP).fetchone()


class Watch:
    """Knows the file as this process left it.

    A file whose time and size are the same is taken as unchanged. When they are not, its last step is read past the
    cache of the open connection, which believes that it is alone. After the disk refused, time and size say nothing,
    and what is read past the connection may be half a step; so the connection rolls back first.

    Args:
        identity: Of the draft, just opened.
        sql: Its connection.

    Attributes:
        doubt: Why nobody can tell what the file holds (E392), until that is looked at again; None as a rule.
    """

    def __init__(self, identity: Identity, sql: sqlite3.Connection) -> None:
        self._identity = identity
        self._path = identity.path
        self._sql = sql
        self.remember(last_step(sql))

    def remember(self, step: LastStep) -> None:
        """What is there now was written here.

        Args:
            step: The last step of it.
        """
        self._step = step
        self.doubt: StoreError | None = None
        self._refused: LastStep = None
        self._is_settled = True
        self._is_wrecked = False
        self._seen: tuple[int, int] | None = None
        with contextlib.suppress(OSError):  # gone meanwhile: the next edit says so
            self._seen = _seen(os.stat(self._path))  # noqa: PTH116  (after every edit)

    @property
    def step(self) -> LastStep:
        """The last step that is known to be in the file."""
        return self._step

    @property
    def is_settled(self) -> bool:
        """Whether the disk has taken everything, or was looked at since it refused."""
        return self._is_settled

    def unsettle(self) -> None:
        """The disk refused in the middle of an edit: nothing is taken as known before it was looked at again."""
        self._is_settled = False

    def check(self, *, settling: bool = True) -> None:
        """Refuses to go on unless the file is there and holds what memory holds.

        Args:
            settling: Looks again at what a disk left half done. Without it, nothing is asked of the connection, which
                may belong to another thread and would play a journal back.

        Raises:
            StoreError: The file is gone (E313), was replaced (E314), was written by somebody else (E374, E379), holds a
                step that memory does not (E391), cannot be read after the disk refused, or nobody can tell (E392).
        """
        status = self._identity.check()
        if not self._is_settled:
            if settling:
                self._settle()
            elif self.doubt is not None:
                raise self.doubt
        elif self._was_written_elsewhere(status):
            raise StoreError(WRITTEN, path=self._path)

    def has_arrived(self, step: LastStep) -> bool | None:
        """Whether a step whose commit was refused is in the file all the same, and safe there.

        A disk may refuse the last sync, after everything was written. It is asked to write and sync once more.

        Args:
            step: The step.

        Returns:
            None when nobody can tell.
        """
        self.unsettle()
        self._refused = step
        is_there = False
        try:
            is_there = last_step(self._sql) == step
            if is_there:
                self._write_again()
        except REPORTED:
            self.roll_back()
            # A journal that will be played back takes the step out of the file.
            return None if is_there or not is_hot(journal_of(self._path)) else False
        return is_there

    def take_in(self) -> None:
        """Takes a step for known that was refused and is in the file all the same (E391), once it is safe there.

        Raises:
            StoreError: The disk refuses; nothing is known yet.
        """
        step = self._refused
        try:
            with refusing(self._path):
                self._write_again()
        except StoreError:
            self.roll_back()
            raise
        self.remember(step)

    def _write_again(self) -> None:
        """One more transaction, which leaves no journal of the one before it, and everything as it was.

        The version is what SQLite writes even where it stays the same; an UPDATE to equal bytes writes nothing at all.
        """
        self._sql.execute("BEGIN IMMEDIATE")
        self._sql.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        self._sql.execute("COMMIT")

    def roll_back(self) -> None:
        """Ends a transaction that failed; the disk may refuse that too."""
        # Many failures have rolled back already; one on the way back must not hide the first.
        with contextlib.suppress(*REPORTED):
            if self._sql.in_transaction:
                self._sql.execute("ROLLBACK")

    def _settle(self) -> None:
        """Lets the connection take back what was left half done, then compares."""
        # Without our journal the file is whole, or somebody else has made it so; then ours must not be played back.
        known = (None, self._step, self._refused)
        if is_spent(journal_of(self._path)) and self._step_past_cache() not in known:
            raise StoreError(WRITTEN, path=self._path)
        with refusing(self._path):
            step = last_step(self._sql)
        if step != self._step:
            raise StoreError(ARRIVED if step == self._refused else WRITTEN, path=self._path)
        self.remember(step)

    def _was_written_elsewhere(self, status: os.stat_result) -> bool:
        if _seen(status) == self._seen:
            return False
        step = self._step_past_cache()
        if step is None:
            if self._is_wrecked:
                raise StoreError(WRECKED, path=self._path)
            return False  # of a disk that fails, the edit itself tells
        if step != self._step:
            return True
        self._seen = _seen(status)  # touched by a scanner or a backup
        return False

    def _step_past_cache(self) -> LastStep:
        """The last step in the file; None when it stays unreadable, and then it is known whether by what lies in it."""
        for _ in range(_TRIES):
            try:
                with contextlib.closing(past_locks(self._path)) as past:
                    self._is_wrecked = (step := last_step(past)) is None
                    return step
            except REPORTED as error:
                code: int | None = getattr(error, "sqlite_errorcode", None)
                self._is_wrecked = (code and code & _PRIMARY) in _OF_CONTENT
                time.sleep(_PAUSE_S)  # perhaps the other is in the middle of a commit
        return None


def _seen(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
