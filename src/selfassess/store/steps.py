"""How an open draft changes, step by step: on the disk before it is in memory; knows nothing of what is entered.

The order of an edit: the result is computed, the file commits, then memory changes. So a disk that refuses, and even
a bug in scoring, leave file and memory at the old value.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.scoring import Memo, score
from selfassess.store import contents, creation, digest, history, summary
from selfassess.store.contents import Contents
from selfassess.store.database import Database
from selfassess.store.edits import Effect
from selfassess.store.evidence import rows_of
from selfassess.store.fields import CATALOGUE, Change, Fields, UnreadableError, changes_of
from selfassess.store.history import Reached, Step
from selfassess.store.refusals import CLOSED, refusing
from selfassess.store.watch import ARRIVED, REPLACED

if TYPE_CHECKING:
    from selfassess.store.returning import Returning

Result = TypeVar("Result")
Given = ParamSpec("Given")
Of = TypeVar("Of", bound="SteppedDraft")
Clock = Callable[[], datetime]
_State = tuple[Contents, Scorecard, datetime, summary.Lasting | None, history.Turns]
_TURNS = {history.UNDO: "撤销", history.REDO: "重做"}


def alone(edit: Callable[Concatenate[Of, Given], Result]) -> Callable[Concatenate[Of, Given], Result]:
    """An edit that looks at nothing before the edits of other threads have ended.

    Args:
        edit: A method of a draft.
    """

    @wraps(edit)
    def waiting(draft: Of, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        with draft.alone:
            return edit(draft, *args, **kwargs)

    return waiting


class SteppedDraft:
    """File, contents and result of one open draft, with the steps that can be taken back or done again.

    Attributes:
        alone: Held from looking at what there is until the change of it is in memory.
        taken_in: Is told what changed when memory became what the file holds, because a step that the disk refused is
            in it (E391).
        refused: Is told why a step could not be stored, in the thread that stored it.
        moving: Called before the open file is let go for another of its name, so that nobody still reads it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._memo = Memo()
        self.alone = threading.RLock()
        self.taken_in: Callable[[Effect], object] = lambda _effect: None
        self.refused: Callable[[StoreError], object] = lambda _error: None
        self.moving: Callable[[], object] = lambda: None
        self._home = threading.get_ident()
        self._returning: Returning | None = None
        with refusing(database.path):
            self._contents = contents.load(database.sql, database.path)
            self._saved_at = self._opened_with = summary.load(database.sql, database.path).saved
            self._described = summary.read_lasting(database.sql)
            self._undo, self._redo = history.turns(database.sql, database.path)
            self._identity = summary.identity_of(database.sql)
        self._scorecard = score(self._contents.catalogue, self._contents.entries, self._memo)

    def _go_on_in(self, copy: Database) -> None:
        with contextlib.ExitStack() as undoing:
            undoing.callback(copy.close)  # nobody else would ever do it
            with refusing(copy.path):
                found, described = contents.load(copy.sql, copy.path), summary.read_lasting(copy.sql)
                turns = history.turns(copy.sql, copy.path)
                identity = summary.identity_of(copy.sql)  # another one where the copy was made from memory
            undoing.pop_all()
        self._database.close()
        self._database, self._contents, self._described, self._identity = copy, found, described, identity
        self._undo, self._redo = turns
        copy.sign()  # closing took the note away when the copy has the name of the file that was lost

    def _has_returned(self) -> bool:
        """Whether the file that came in place of ours holds what memory holds; then it is the one from now on.

        Only in the thread that has the draft: the others may be reading the one that is let go.
        """
        if self._home != threading.get_ident():
            return False
        from selfassess.store.returning import Known, Returning  # noqa: PLC0415  (hardly ever needed)

        self._returning = self._returning or Returning()
        with self.alone:
            known = Known(identity=self._identity, step=self._database.step, sheet=self._contents.sheet)
            found = self._returning.found(self._database, known)
            if found is None:
                return False
            self.moving()
            with contextlib.suppress(StoreError):  # gone again already
                self._go_on_in(found)
            return self._database is found

    def _changes_to(self, scope: str, after: Mapping[str, Fields]) -> list[Change]:
        before = self._contents.sheet[scope]
        keys = [*after, *(key for key in before if key not in after)]
        return [change for key in keys for change in changes_of(scope, key, before.get(key, {}), after.get(key, {}))]

    @alone
    def _edit(
        self,
        changes: list[Change],
        label: str = "",
        *,
        catalogue: Catalogue | None = None,
        also: Callable[[sqlite3.Connection], object] | None = None,
    ) -> Effect | None:
        if not changes:
            return None

        def record(sql: sqlite3.Connection, at: datetime, reached: Reached) -> history.Turns:
            if also is not None:
                also(sql)
            abandon = self._redo is not None
            return history.append(sql, history.EDIT, label, at, changes, reached, abandon=abandon), None

        rows = self._commit(changes, record, catalogue)
        return Effect(changes=tuple(changes), label=label, catalogue=self._contents.catalogue, evidence_rows=rows)

    @alone
    def _turn(self, kind: str) -> Effect | None:
        step = self._undo if kind == history.UNDO else self._redo
        if step is None:
            return None
        changes = _turned(kind, step)
        if not step.intact or any(
            self._contents.fields(change.scope, change.key).get(change.field) != change.before for change in changes
        ):
            raise self._lost_turn(kind)
        catalogue = None
        for change in changes:
            if change.scope == CATALOGUE and change.after is not None:
                with refusing(self._database.path):
                    catalogue = contents.stored_catalogue(self._database.sql, change.after, self._database.path)

        entered = [(change.scope, change.key) for change in changes if change.after is not None]
        if contents.unknown_place(catalogue or self._contents.catalogue, entered) is not None:
            raise self._lost_turn(kind)

        def record(sql: sqlite3.Connection, at: datetime, reached: Reached) -> history.Turns:
            history.append_turn(sql, kind, step, at, changes, reached)
            if kind == history.UNDO:
                return history.next_step(sql, history.UNDO), step
            return step, history.next_step(sql, history.REDO)

        try:
            rows = self._commit(changes, record, catalogue)
        except UnreadableError as error:
            raise self._lost_turn(kind) from error
        return Effect(
            changes=tuple(changes),
            label=step.label,
            catalogue=self._contents.catalogue,
            turn=_TURNS[kind],
            evidence_rows=rows,
        )

    def _lost_turn(self, kind: str) -> StoreError:
        return StoreError("E332", path=self._database.path, verb=_TURNS[kind])

    def _commit(
        self,
        changes: list[Change],
        record: Callable[[sqlite3.Connection, datetime, Reached], history.Turns],
        catalogue: Catalogue | None,
    ) -> tuple[str, ...]:
        """Writes the step, then moves memory; returns the rows whose documents changed."""
        before = self._contents
        after = contents.moved(before, changes, catalogue)
        self._write(after, changes, record)
        return rows_of(changes, before.evidence, after.evidence)

    def _write(
        self,
        after: Contents,
        changes: list[Change],
        record: Callable[[sqlite3.Connection, datetime, Reached], history.Turns],
    ) -> None:
        scorecard = score(after.catalogue, after.entries, self._memo)
        at = self._clock()
        line = summary.summarize(after.catalogue, after.entries, scorecard, at)
        described = summary.lasting(line)
        reached = summary.reached(line, digest.as_text(after.checksum))

        def write(sql: sqlite3.Connection) -> history.Turns:
            creation.write_changes(sql, changes)
            if described != self._described:
                summary.update(sql, described)
            return record(sql, at, reached)

        try:
            self._undo, self._redo = self._written(write)
        except StoreError as error:
            if error.code != CLOSED:  # of a draft that was let go, nothing waits to be stored any more
                self.refused(error)
            raise
        self._contents, self._scorecard, self._saved_at, self._described = after, scorecard, at, described

    def _written(self, write: Callable[[sqlite3.Connection], history.Turns]) -> history.Turns:
        try:
            return self._database.write(write)
        except StoreError as error:
            if error.code == REPLACED and self._has_returned():
                return self._database.write(write)
            if error.code == ARRIVED:
                self._take_in()
            raise

    @alone
    def _has_caught_up(self) -> bool:
        """Whether memory is what the file holds, once a step was taken in that was called refused and is there."""
        trouble = self._database.trouble
        if trouble is not None and trouble.code == ARRIVED:
            with contextlib.suppress(StoreError):  # the disk refuses still
                self._take_in()
                return True
        return trouble is None

    def _take_in(self) -> None:
        """Memory becomes what the file holds, which has a step that was called refused: all of it, or nothing."""

        def load(sql: sqlite3.Connection) -> _State:
            path = self._database.path
            found, saved = contents.load(sql, path), summary.load(sql, path).saved
            turns = history.next_step(sql, history.UNDO), history.next_step(sql, history.REDO)
            result = score(found.catalogue, found.entries, self._memo)
            return found, result, saved, summary.read_lasting(sql), turns

        from selfassess.store.restore_points import changes_between  # noqa: PLC0415  (hardly ever needed)

        before, loaded = self._contents, self._database.take_in(load)
        self._contents, self._scorecard, self._saved_at, self._described, (self._undo, self._redo) = loaded
        changes = tuple(changes_between(before.sheet, self._contents.sheet))
        rows = rows_of(changes, before.evidence, self._contents.evidence)
        self.taken_in(Effect(changes=changes, label="", catalogue=self._contents.catalogue, evidence_rows=rows))

    def _turn_words(self, kind: str, step: Step | None) -> str:
        if step is None:
            return ""
        changes = tuple(_turned(kind, step))
        return Effect(changes=changes, label=step.label, catalogue=self._contents.catalogue, turn=_TURNS[kind]).words


def _turned(kind: str, step: Step) -> list[Change]:
    return [change.reversed if kind == history.UNDO else change for change in step.changes]
