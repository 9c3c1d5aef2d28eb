"""An open draft: what was entered, its result, and everything that can be done with it; knows no Qt."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Self

from selfassess import temporary
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.store import codec, copying, creation, digest, history
from selfassess.store.contents import written_catalogue
from selfassess.store.database import Database
from selfassess.store.edits import Effect, check_answers, check_same_codes
from selfassess.store.evidence import (
    Evidence,
    check_new,
    check_size,
    next_key,
    put_bytes,
    write_evidence,
)
from selfassess.store.fields import (
    ADJUSTMENT,
    ANSWER,
    CATALOGUE,
    EVIDENCE,
    FIGURE,
    PREVIOUS,
    UNIT,
    Change,
    Sheet,
    changes_of,
)
from selfassess.store.owner import this_owner
from selfassess.store.place import real_place
from selfassess.store.readable import ReadableDraft
from selfassess.store.refusals import refusing
from selfassess.store.steps import Clock, alone
from selfassess.store.words import short
from selfassess.wording import in_marks

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear


def now() -> datetime:
    """This moment, with the zone of this computer."""
    return datetime.now(tz=UTC).astimezone()


class Draft(ReadableDraft):
    """One draft, open and locked, with its result.

    Made by :meth:`create` or :meth:`open`; ends with :meth:`close`, or with the block of a ``with``. One edit waits for
    another: a large document may be taken in by another thread than the one that has the draft.
    """

    # ------------------------------------------------------------------------------------------------ opening, closing
    @classmethod
    def create(cls, path: Path, catalogue: Catalogue, entries: Entries | None = None, *, clock: Clock = now) -> Draft:
        """A new draft, on the disk whole or not at all, and open.

        Args:
            path: Where; nothing may be there yet.
            catalogue: Its rules; they go into the draft.
            entries: What is entered already.
            clock: Tells the time.

        Raises:
            StoreError: Something is there already, or the place cannot be written.
            InputError: An answer does not fit its row.
        """
        place = real_place(path)
        start = entries or Entries()
        check_answers(catalogue, start.answers)
        creation.create(place, catalogue, start, clock())
        return cls.open(place, clock=clock)

    @classmethod
    def open(cls, path: Path, *, clock: Clock = now, anyway: bool = False) -> Draft:
        """Open a draft, alone.

        Args:
            path: The draft.
            clock: Tells the time.
            anyway: Even when somebody probably has it open in a folder that does not lock.

        Raises:
            StoreError: It cannot be opened for writing, in words; a file that is no draft is left untouched.
        """
        moment, place = clock(), real_place(path)
        temporary.sweep(place.parent)
        database = Database(place, this_owner(moment), moment, anyway=anyway)
        with contextlib.ExitStack() as undoing:
            undoing.callback(database.close)
            draft = cls(database, clock)
            undoing.pop_all()
        return draft

    @alone
    def close(self) -> None:
        """Gives the file free. Everything was saved before; harmless when done twice."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------------------- editing
    @alone
    def put_answers(self, answers: Mapping[str, Answer], label: str = "") -> Effect | None:
        """Stores answers as one step.

        Args:
            answers: By row code; a blank answer empties the row.
            label: Name of the step; "" lets its changes speak.

        Returns:
            What changed; None when nothing did, and then nothing was written.

        Raises:
            InputError: An answer does not fit its row; none was stored.
            StoreError: The disk refuses; none was stored.
        """
        check_answers(self.catalogue, answers)
        changes: list[Change] = []
        for code, answer in answers.items():
            before = self._contents.fields(ANSWER, code)
            changes += changes_of(ANSWER, code, before, codec.write_answer(answer))
        return self._edit(changes, label)

    @alone
    def put_unit(self, unit: Unit) -> Effect | None:
        """Stores who files; otherwise as :meth:`put_answers`."""
        return self._edit(self._changes_to(UNIT, codec.write_unit(unit)))

    @alone
    def put_figure(self, key: str, amount: Decimal | None) -> Effect | None:
        """Stores an amount, or empties it with None; otherwise as :meth:`put_answers`.

        Raises:
            KeyError: The catalogue has no such figure.
        """
        if self.catalogue.figure(key) is None:
            raise KeyError(key)
        after = codec.write_figures({} if amount is None else {key: amount}).get(key, {})
        return self._edit(changes_of(FIGURE, key, self._contents.fields(FIGURE, key), after))

    @alone
    def put_adjustments(self, adjustments: Sequence[Adjustment], label: str = "") -> Effect | None:
        """Stores the whole list of matters; otherwise as :meth:`put_answers`."""
        return self._edit(self._changes_to(ADJUSTMENT, codec.write_adjustments(adjustments)), label)

    @alone
    def put_entries(self, entries: Entries, label: str) -> Effect | None:
        """Stores a whole form in place of what is there; otherwise as :meth:`put_answers`."""
        # What stays as it was may not fit any more since a correction; that must not keep others from being stored.
        changed = {code: answer for code, answer in entries.answers.items() if answer != self.entries.answer(code)}
        check_answers(self.catalogue, changed)
        written = codec.write_entries(entries)
        return self._edit([change for scope in written for change in self._changes_to(scope, written[scope])], label)

    @alone
    def put_catalogue(self, catalogue: Catalogue, label: str) -> Effect | None:
        """Stores corrected rules; otherwise as :meth:`put_answers`.

        Raises:
            InputError: The codes of categories, rows or figures in use differ.
            CatalogueError: The rules cannot be written.
        """
        check_same_codes(self.catalogue, catalogue, self.entries)
        text = written_catalogue(catalogue)
        changes = self._changes_to(CATALOGUE, {"": {"sha256": text.sha256}})

        def keep(sql: sqlite3.Connection) -> None:
            creation.put_catalogue(sql, text.sha256, text.text)

        return self._edit(changes, label, catalogue=text.catalogue, also=keep)

    @alone
    def put_previous(self, previous: PreviousYear | None, label: str) -> Effect | None:
        """Keeps last year's form in place of the one there is, or none; otherwise as :meth:`put_answers`."""
        # Wanted once a year; no opening pays for it.
        from selfassess.store.previous import write_previous  # noqa: PLC0415  (a draft without it loads none of it)

        return self._edit(self._changes_to(PREVIOUS, {} if previous is None else write_previous(previous)), label)

    def put_sheet(
        self,
        sheet: Sheet,
        label: str,
        *,
        catalogue: Catalogue,
        also: Callable[[sqlite3.Connection], object],
    ) -> Effect | None:
        """Stores all fields anew as one step; otherwise as :meth:`put_answers`.

        Args:
            sheet: Every field by scope and key.
            label: Name of the step.
            catalogue: The rules that the fields name.
            also: Writes what the fields refer to, in the same transaction.

        Raises:
            InputError: The codes of categories, rows or figures in use differ.
        """
        check_same_codes(self.catalogue, catalogue, self.entries)
        scopes = dict.fromkeys((*self._contents.sheet, *sheet))
        changes = [change for scope in scopes for change in self._changes_to(scope, sheet.get(scope, {}))]
        return self._edit(changes, label, catalogue=catalogue, also=also)

    def attach(
        self,
        code: str,
        name: str,
        content: bytes | bytearray,
        *,
        number: str = "",
        date: str = "",
        pages: int | None = None,
    ) -> Effect | None:
        """Takes in a supporting document, as one step.

        Args:
            code: Row it supports.
            name: Its name, as a rule that of the file.
            content: Its bytes; kept once however often they are taken in.
            number: Document number (文号); "" when it has none.
            date: Its date, as typed; "" when unknown.
            pages: Number of pages; None when unknown.

        Raises:
            KeyError: The catalogue has no such row.
            StoreError: It is empty or too large, its row has it already, or the disk refuses; nothing was stored.
        """
        if self.catalogue.indicator(code) is None:
            raise KeyError(code)
        check_size(name, len(content))
        name, sha256 = codec.write_text(name), digest.digest_of_bytes(content)
        with self.alone:
            check_new(self.evidence(code), name, sha256)
            with refusing(self.path):
                key = next_key(self._database.sql)
            evidence = Evidence(key=key, row=code, name=name, number=number, date=date, pages=pages, sha256=sha256)
            return self._put_evidence(evidence, "加入", also=lambda sql: put_bytes(sql, sha256, content))

    @alone
    def put_evidence(self, evidence: Evidence) -> Effect | None:
        """Stores changed particulars of a document that is there; otherwise as :meth:`put_answers`.

        Args:
            evidence: The document, with its own key, row and bytes.

        Raises:
            KeyError: It is not there.
        """
        if not self._contents.fields(EVIDENCE, evidence.key):
            raise KeyError(evidence.key)
        return self._put_evidence(evidence, "修改")

    @alone
    def detach(self, evidence: Evidence) -> Effect | None:
        """Takes a document off its row, as one step; its bytes stay, so that undo brings it back."""
        return self._put_evidence(evidence, "移除", gone=True)

    def _put_evidence(
        self,
        evidence: Evidence,
        verb: str,
        *,
        gone: bool = False,
        also: Callable[[sqlite3.Connection], object] | None = None,
    ) -> Effect | None:
        before = self._contents.fields(EVIDENCE, evidence.key)
        changes = changes_of(EVIDENCE, evidence.key, before, {} if gone else write_evidence(evidence))
        return self._edit(changes, f"{evidence.row} {verb}佐证材料{in_marks(short(evidence.name))}", also=also)

    def undo(self) -> Effect | None:
        """Takes the last edit back, across sessions; None when there is none.

        Raises:
            StoreError: The disk refuses, or the history is damaged; nothing changed.
        """
        return self._turn(history.UNDO)

    def redo(self) -> Effect | None:
        """Does the edit again that was undone last; None when there is none.

        Raises:
            StoreError: The disk refuses, or the history is damaged; nothing changed.
        """
        return self._turn(history.REDO)

    @alone
    def save_as(self, path: Path, *, switch: bool = False) -> str:
        """Writes a checked copy, with history and evidence, beside and then under its name.

        Works even when the draft's own file has been deleted or its disk is gone.

        Args:
            path: Where; a draft there is replaced.
            switch: Go on working in the copy.

        Returns:
            "" for a whole copy, else one sentence on what could not be taken along.

        Raises:
            StoreError: The place cannot be written, or the copy did not pass its check; nothing there was changed.
        """
        target = real_place(path)
        moment = self._clock()
        self._database.check_open()
        self._has_caught_up()  # or a copy would be made from memory, although the file can be read again
        notice = copying.save_copy(self._database, self._contents, target, moment)
        if switch:
            self._go_on_in(Database(target, this_owner(moment), moment))
            self._saved_at = moment
        return notice
