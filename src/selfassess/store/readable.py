"""What an open draft holds, and what it says of itself and its file; changes nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.store import history
from selfassess.store.contents import Contents
from selfassess.store.database import View
from selfassess.store.evidence import Evidence, copy_bytes
from selfassess.store.owner import Owner
from selfassess.store.place import is_medium_gone
from selfassess.store.restoring import RestorableDraft
from selfassess.store.watch import ARRIVED, REPLACED
from selfassess.wording import message

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear


class ReadableDraft(RestorableDraft):
    """A draft as whoever shows, scores or exports it sees it."""

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._database.path

    @property
    def trouble(self) -> StoreError | None:
        """Why the file is not this draft any more: what the next edit would be refused with; None as a rule.

        E313 it is gone, E314 replaced, E374 and E379 written by somebody else; others when it cannot be read. Where
        what replaced it is the same draft in the same state, as on a stick plugged in again, that is gone on with; and
        where it holds a step that was called refused, memory takes that in.
        """
        trouble = self._database.trouble
        if trouble is None:
            return None
        is_over = (trouble.code == REPLACED and self._has_returned()) or (
            trouble.code == ARRIVED and self._has_caught_up()
        )
        return None if is_over else trouble

    @property
    def is_out_of_reach(self) -> bool:
        """Whether the stick or disk of the file is gone, rather than the file alone."""
        return is_medium_gone(self.path, self._database.folder_device)

    def glimpse(self) -> StoreError | None:
        """The same for another thread, which may wait long for a disk; as far as can be told without touching it.

        What a disk left half done is left to the next edit; only when nobody can tell what it holds, that is told.
        """
        return self._database.glimpse()

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
        """When the last step was committed, or all of it put into the copy that is worked in since."""
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
        saved = f"{self._opened_with:%m-%d %H:%M}"
        if owner is None or owner.is_own_user:
            return message("E398", saved=saved)
        return message("E337", path=self.path.name, owner=owner, saved=saved)

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
