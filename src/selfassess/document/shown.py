"""What windows see of an open draft, and the news of it; changes nothing, knows QtCore and no widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from selfassess.document.looking import Look, Looking
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.finding import Finding
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.scoring import FindingMemo, find
from selfassess.store.draft import Draft
from selfassess.store.edits import Effect
from selfassess.store.evidence import Evidence
from selfassess.store.fields import ADJUSTMENT, CATALOGUE, FIGURE, PREVIOUS, UNIT
from selfassess.store.presence import BEAT_S
from selfassess.store.watch import ARRIVED, FOREIGN, REPLACED, UNKNOWN

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear

_PASSING = frozenset({REPLACED, UNKNOWN})
_SELDOM = 20
"""How many times as long as the disk kept the window waiting nothing more is asked of it."""
"""Troubles that may be over as soon as they are looked into."""
_MANY_ROWS = 500
"""Above it, findings are told after the points have been painted: looking for them takes longer than a frame."""


class ShownDraft(QObject):
    """A draft with its live result.

    Each edit is on the disk first, then memory and scorecard change together, and only then signals tell of it:
    whoever hears one reads a whole new state. Findings are looked for when they are first read after that. A document
    that is taken in beside the window is in memory a moment before the window's thread hears of it; what is read in
    between has it already, except for findings.

    Signals:
        answer_changed(str): The answer of this row changed.
        evidence_changed(str): The supporting documents of this row changed.
        unit_changed(): Who files changed.
        figures_changed(): An amount of the form changed.
        adjustments_changed(): The matters of 八 changed.
        catalogue_changed(): The rules were corrected; everything may look different.
        previous_changed(): Last year's form was taken in, replaced or removed.
        scorecard_changed(object): The new :class:`Scorecard`.
        findings_changed(object): The new tuple of :class:`Finding`; only when it differs. In a long form it comes a
            moment later than the rest; :attr:`findings` is right at once.
        undo_changed(): What undo and redo would do changed.
        turned(str): Something was undone or done again: the first place it changed, as findings name places; "" when it
            has none.
        saved(object): The moment at which the last step was committed.
        refused(object): Why an edit was not stored: a :class:`StoreError`. What was entered before it is still stored.
        trouble_changed(object): Why nothing can be stored any more: a :class:`StoreError`, such as when the file was
            deleted; None when it can again. Looked for every few seconds, whether somebody edits or not.
        moving(): Work is about to go on in a copy: the file is let go, and nobody may still be reading it.
        closing(): The draft is about to be let go.

    Args:
        draft: The draft, open or looked at.
        parent: Owner.
    """

    answer_changed = Signal(str)
    evidence_changed = Signal(str)
    unit_changed = Signal()
    figures_changed = Signal()
    adjustments_changed = Signal()
    catalogue_changed = Signal()
    previous_changed = Signal()
    scorecard_changed = Signal(object)
    findings_changed = Signal(object)
    undo_changed = Signal()
    turned = Signal(str)
    saved = Signal(object)
    refused = Signal(object)
    trouble_changed = Signal(object)
    moving = Signal()
    closing = Signal()
    _taken_in = Signal(object)
    _refused_again = Signal(object)

    def __init__(self, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._closed = False
        self._notes = FindingMemo()
        self._findings: tuple[Finding, ...] | None = None
        self._told = self.findings
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell_findings)
        # Later, and in the window's thread: a document may just be taken in by another.
        self._taken_in.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        draft.taken_in = self._taken_in.emit
        self._renewed_at = time.monotonic()
        self._asked_until = 0.0
        draft.refused = self._tell_refused
        draft.moving = self.moving.emit
        self._refused_again.connect(self.refused, Qt.ConnectionType.QueuedConnection)
        self._trouble: StoreError | None = None
        self._looking = Looking(self._look, self)
        self._looking.found.connect(self._tell_glimpsed)

    # --------------------------------------------------------------------------------------------------------- reading
    @property
    def draft(self) -> Draft:
        """The draft itself, for whoever needs no signals; edits go through the document."""
        return self._draft

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._draft.path

    @property
    def is_closed(self) -> bool:
        """Whether the draft was let go, or is about to be: nothing can be entered any more."""
        return self._closed

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed: it is looked at only."""
        return self._draft.view is not None

    @property
    def catalogue(self) -> Catalogue:
        """The rules, corrections included."""
        return self._draft.catalogue

    @property
    def entries(self) -> Entries:
        """What was entered."""
        return self._draft.entries

    @property
    def previous(self) -> PreviousYear | None:
        """Last year's form, as it was when it was taken in; None when none was."""
        return self._draft.previous

    @property
    def scorecard(self) -> Scorecard:
        """The result of what was entered."""
        return self._draft.scorecard

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be looked at, errors first, in printed order."""
        if self._findings is None:
            counts = self._draft.evidence_counts
            self._findings = find(
                self.catalogue, self.entries, self.scorecard, self._notes, previous=self.previous, evidence=counts
            )
        return self._findings

    def evidence(self, code: str) -> tuple[Evidence, ...]:
        """The supporting documents of a row, in the order they were taken in."""
        return self._draft.evidence(code)

    def copy_evidence(self, evidence: Evidence, write: Callable[[bytes], object]) -> None:
        """Writes a supporting document elsewhere, piece by piece.

        Args:
            evidence: The document.
            write: Is given each piece. What it raises flies on unchanged.

        Raises:
            StoreError: It is damaged, or the disk refuses; what was written is to be thrown away.
        """
        self._draft.copy_evidence(evidence, write)

    @property
    def saved_at(self) -> datetime:
        """When the last step was committed, or all of it put into the copy that is worked in since."""
        return self._draft.saved_at

    @property
    def trouble(self) -> StoreError | None:
        """Why nothing can be stored any more, as far as was looked; None as a rule."""
        return self._trouble

    @property
    def notice(self) -> str:
        """What to tell after opening: that the draft was not closed properly and was recovered; "" as a rule."""
        return self._draft.notice

    @property
    def undo_text(self) -> str:
        """What undo would do, such as ``撤销：2.7 得分 3 → 2``; "" when there is nothing to undo."""
        return self._draft.undo_text

    @property
    def redo_text(self) -> str:
        """What redo would do, such as ``重做：2.7 得分 2 → 3``; "" when there is nothing to redo."""
        return self._draft.redo_text

    # --------------------------------------------------------------------------------------------------------- telling
    def _tell(self, effect: Effect | None) -> str | None:
        if effect is None:
            return None
        self._findings = None  # found again when first read
        scorecard = self.scorecard
        by_scope: tuple[tuple[str, Callable[[], None]], ...] = (
            (CATALOGUE, self.catalogue_changed.emit),
            (UNIT, self.unit_changed.emit),
            (FIGURE, self.figures_changed.emit),
            (ADJUSTMENT, self.adjustments_changed.emit),
            (PREVIOUS, self.previous_changed.emit),
        )
        for scope, emit in by_scope:
            if scope in effect.scopes:
                emit()
        for code in effect.codes:
            self.answer_changed.emit(code)
        for code in effect.evidence_rows:
            self.evidence_changed.emit(code)
        self.scorecard_changed.emit(scorecard)
        if len(scorecard.rows) > _MANY_ROWS:
            self._later.start()
        else:
            self._tell_findings()
        self.undo_changed.emit()
        self._tell_stored()
        return effect.words

    def _tell_all(self) -> None:
        """Everything may be different."""
        self._findings = None
        for news in (
            self.catalogue_changed,
            self.unit_changed,
            self.figures_changed,
            self.adjustments_changed,
            self.previous_changed,
        ):
            news.emit()
        self.scorecard_changed.emit(self.scorecard)
        self._tell_findings()
        self.undo_changed.emit()
        self._tell_stored()

    def _tell_stored(self) -> None:
        """What is shown is in the file, so that the file is there and takes what is entered."""
        self._looking.again()
        self._tell_trouble(None)
        self.saved.emit(self.saved_at)

    def _tell_refused(self, error: StoreError) -> None:
        self.refused.emit(error)
        if error.code == ARRIVED:
            # Once more behind the news of the step that arrived, which would pass for that of this edit.
            self._refused_again.emit(error)

    def _tell_lost(self, before: tuple[Evidence, ...]) -> None:
        """Tell of documents that could not be taken along from a disk that has gone."""
        kept = {one.key for one in self._draft.evidence()}
        lost = dict.fromkeys(one.row for one in before if one.key not in kept)
        if lost:
            self._findings = None
            for code in lost:
                self.evidence_changed.emit(code)
            self._tell_findings()

    def _turn(self, effect: Effect | None) -> str | None:
        words = self._tell(effect)
        if effect is not None:
            self.turned.emit(effect.place)
        return words

    def look_for_trouble(self) -> None:
        """See at once whether the file is still there, and tell when that changed; done every few seconds anyway."""
        self._asked_until = 0.0
        self._tell_glimpsed(self._draft.glimpse())

    def _tell_glimpsed(self, found: StoreError | None) -> None:
        # In this thread: the very draft may have come back, or the disk can tell again what it holds; then that is
        # gone on with. While it cannot, the doubt is what there is to tell.
        if found is not None and found.code in _PASSING and time.monotonic() >= self._asked_until:
            began = time.monotonic()
            asked = self._draft.trouble
            ended = time.monotonic()
            self._asked_until = ended + _SELDOM * (ended - began)
            found = asked if found.code == REPLACED or asked is None or asked.code in FOREIGN else found
        self._tell_trouble(found)

    def _tell_trouble(self, found: StoreError | None) -> None:
        if (found and found.code) != (self._trouble and self._trouble.code):
            self._trouble = found
            self.trouble_changed.emit(found)

    def _look(self) -> Look:
        """What is done beside the window, because a share may hang: now and then the note is renewed, too."""
        draft, now = self._draft, time.monotonic()
        if now - self._renewed_at < BEAT_S:
            return draft.glimpse
        self._renewed_at = now

        def renew_and_glimpse() -> StoreError | None:
            draft.renew()
            return draft.glimpse()

        return renew_and_glimpse

    def _tell_findings(self) -> None:
        findings = self.findings
        if findings != self._told:
            self._told = findings
            self.findings_changed.emit(findings)
