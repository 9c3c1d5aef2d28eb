"""An open draft: what was entered, its result, and everything that can be done with it; knows no Qt."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Self

from selfassess import temporary
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.store import codec, copying, creation, digest, history
from selfassess.store.contents import Contents, written_catalogue
from selfassess.store.database import Database, View
from selfassess.store.edits import Effect, check_answers, check_same_codes
from selfassess.store.evidence import (
    Evidence,
    check_new,
    check_size,
    copy_bytes,
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
from selfassess.store.owner import Owner, this_owner
from selfassess.store.place import real_place
from selfassess.store.refusals import refusing
from selfassess.store.restoring import RestorableDraft
from selfassess.store.steps import Clock, alone
from selfassess.store.words import short
from selfassess.wording import in_marks, message

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear


def now() -> datetime:
    """This moment, with the zone of this computer."""
    return datetime.now(tz=UTC).astimezone()


class Draft(RestorableDraft):
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
        try:
            return cls(database, clock)
        except BaseException:
            database.close()
            raise

    @alone
    def close(self) -> None:
        """Gives the file free. Everything was saved before; harmless when done twice."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------------------- reading
    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._database.path

    @property
    def loss(self) -> str:
        """Why the file is not this draft any more: the code of what the next edit would be refused with.

        "" as a rule; E313 it is gone, E314 replaced, E374 written by somebody else; others when it cannot be read.
        """
        return self._database.loss

    @property
    def in_place(self) -> bool:
        """Whether :attr:`path` still names the file that is open: not deleted, moved, replaced or written by others."""
        return not self.loss

    @property
    def trouble(self) -> StoreError | None:
        """Why an edit would be refused before the disk is even asked: the file is gone, another one, written by others.

        None as a rule, and while an edit is being stored.
        """
        return self._database.trouble

    @property
    def view(self) -> View | None:
        """What is looked at when nothing can be changed; None for a draft of one's own."""
        return self._database.view

    def renew(self) -> None:
        """Shows other computers, every minute or so, that the draft is still open."""
        self._database.renew()

    @property
    def catalogue(self) -> Catalogue:
        """The rules it was made with, corrections included."""
        return self._contents.catalogue

    @property
    def entries(self) -> Entries:
        """What was entered."""
        return self._contents.entries

    @property
    def contents(self) -> Contents:
        """All of it as one value, with the fields as they are stored."""
        return self._contents

    @property
    def sql(self) -> sqlite3.Connection:
        """The connection, for other modules of this room to read from."""
        return self._database.sql

    @property
    def scorecard(self) -> Scorecard:
        """The result of what was entered."""
        return self._scorecard

    @property
    def previous(self) -> PreviousYear | None:
        """Last year's form, as it was when it was taken in; None when none was."""
        return self._contents.previous

    @property
    def saved_at(self) -> datetime:
        """When the last step was committed."""
        return self._saved_at

    @property
    def last_owner(self) -> Owner | None:
        """Who had it open last without closing it properly; None after a clean close."""
        return self._database.last_owner

    @property
    def notice(self) -> str:
        """What to tell after opening: that it was not closed properly and was recovered; "" as a rule."""
        owner = self.last_owner
        if owner is None and not self._database.has_recovered:
            return ""
        return message(
            "E337", path=self.path.name, owner=owner or "不知道是谁", saved=f"{self._opened_with:%Y-%m-%d %H:%M:%S}"
        )

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would do, in words; "" when there is nothing to undo."""
        return self._turn_words(history.UNDO, self._undo)

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do, in words; "" when there is nothing to redo."""
        return self._turn_words(history.REDO, self._redo)

    def evidence(self, code: str | None = None) -> tuple[Evidence, ...]:
        """Supporting documents, in the order they were taken in.

        Args:
            code: Of this row; None: of all rows.
        """
        return tuple(one for one in self._contents.evidence if code is None or one.row == code)

    @property
    def evidence_counts(self) -> Mapping[str, int]:
        """How many supporting documents a row has, by its code; only rows that have some."""
        return Counter(one.row for one in self._contents.evidence)

    def evidence_bytes(self, evidence: Evidence) -> bytes:
        """A document's bytes, proved by their checksum.

        Raises:
            StoreError: They are damaged.
        """
        content = bytearray()
        self.copy_evidence(evidence, content.extend)
        return bytes(content)

    def copy_evidence(self, evidence: Evidence, write: Callable[[bytes], object]) -> None:
        """Writes a document's bytes elsewhere, piece by piece, so that they are never in memory as a whole.

        Args:
            evidence: The document.
            write: Is given each piece. What it raises flies on unchanged.

        Raises:
            StoreError: They are damaged, or the disk refuses; what was written is to be thrown away.
        """
        self._database.read(lambda sql: copy_bytes(sql, evidence, self.path, write))

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
        from selfassess.store.previous import write_previous  # noqa: PLC0415  (see above)

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
        notice = copying.save_copy(self._database, self._contents, target, moment)
        if switch:
            self._go_on_in(Database(target, this_owner(moment), moment))
        return notice
