"""The open draft for the window (当前自评表): disk first, then memory, result, signals; knows QtCore and no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.domain.finding import Finding
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.scoring import FindingMemo, find
from selfassess.store.draft import Draft, now
from selfassess.store.edits import Effect
from selfassess.store.evidence import Evidence
from selfassess.store.fields import ADJUSTMENT, CATALOGUE, FIGURE, PREVIOUS, UNIT
from selfassess.store.presence import BEAT_S
from selfassess.store.steps import Clock
from selfassess.store.watch import ARRIVED

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear
    from selfassess.store.joining import Pair
    from selfassess.store.merging import Choices
    from selfassess.store.restore_points import RestorePoint

Edit = Callable[[], Effect | None]
"""Writes a step, and tells nobody yet."""
Copying = Callable[[], str]
"""Writes a copy; returns what could not be taken along, in words."""

_LOOK = 3000
"""Milliseconds after which it is looked at again whether the file is still there."""
_MANY_ROWS = 500
"""Above it, findings are told after the points have been painted: looking for them takes longer than a frame."""


class Document(QObject):
    """A draft with its live result; the only mutable thing that the windows share.

    Each edit is on the disk first, then memory and scorecard change together, and only then signals tell of it:
    whoever hears one reads a whole new state. Findings are looked for when they are first read after that. A document
    that is taken in beside the window is in memory a moment before the window's thread hears of it; what is read in
    between has it already, except for findings. An edit that changes nothing writes nothing and tells nothing. An edit
    that is refused changes nothing.

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
        closing(): The draft is about to be let go.
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
    closing = Signal()
    _taken_in = Signal()

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
        self._taken_in.connect(self._tell_all, Qt.ConnectionType.QueuedConnection)
        draft.taken_in = self._taken_in.emit
        self._renewing = QTimer(self, interval=BEAT_S * 1000)
        self._renewing.timeout.connect(self._renew)
        self._renewing.start()
        draft.refused = self.refused.emit
        self._trouble: StoreError | None = None
        self._looking = QTimer(self, interval=_LOOK)
        self._looking.timeout.connect(self.look_for_trouble)
        self._looking.start()

    @classmethod
    def create(
        cls, path: Path, catalogue: Catalogue, entries: Entries | None = None, *, clock: Clock = now
    ) -> Document:
        """A new draft, on the disk and open.

        Args:
            path: Where; nothing may be there yet.
            catalogue: Its rules; they go into the draft.
            entries: What is entered already.
            clock: Tells the time.

        Raises:
            StoreError: Something is there already, or the place cannot be written.
            InputError: An answer does not fit its row.
        """
        return cls(Draft.create(path, catalogue, entries, clock=clock))

    @classmethod
    def open(cls, path: Path, *, clock: Clock = now, anyway: bool = False) -> Document:
        """Open a draft, alone.

        Args:
            path: The draft.
            clock: Tells the time.
            anyway: Even when somebody probably has it open in a folder that does not lock.

        Raises:
            StoreError: It cannot be opened for writing, in words.
        """
        return cls(Draft.open(path, clock=clock, anyway=anyway))

    @classmethod
    def look(cls, path: Path) -> Document:
        """A draft as it is now, in which nothing can be changed, while somebody else may have it open.

        Args:
            path: The draft.

        Raises:
            StoreError: It cannot be read, in words.
        """
        from selfassess.store.snapshot import look  # noqa: PLC0415  (rare)

        return cls(look(path))

    def close(self) -> None:
        """Gives the file free. Everything was saved before; harmless when done twice."""
        if not self._closed:
            self._closed = True
            self.closing.emit()
        self._renewing.stop()
        self._looking.stop()
        self._draft.close()

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
        """When the last step was committed."""
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

    # --------------------------------------------------------------------------------------------------------- editing
    def put_answer(self, code: str, answer: Answer) -> None:
        """Stores the answer of a row; a blank one empties it.

        Args:
            code: Code of the row.
            answer: What was entered.

        Raises:
            KeyError: No row has this code.
            InputError: The answer does not fit the row.
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_answers({code: answer}))

    def put_answers(self, answers: Mapping[str, Answer], label: str) -> None:
        """Stores several answers as one step of undo; otherwise as :meth:`put_answer`.

        Args:
            answers: By row code.
            label: Names the step, such as 粘贴 12 行.
        """
        self._tell(self._draft.put_answers(answers, label))

    def put_unit(self, unit: Unit) -> None:
        """Stores who files.

        Raises:
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_unit(unit))

    def put_figure(self, key: str, value: Decimal | None) -> None:
        """Stores an amount of the form, or empties it.

        Args:
            key: Key of the figure.
            value: In the figure's own unit; None: not entered.

        Raises:
            KeyError: No figure has this key.
            InputError: The number cannot be stored.
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_figure(key, value))

    def put_adjustments(self, adjustments: tuple[Adjustment, ...], label: str = "") -> None:
        """Stores the matters of 八 in place of those there are.

        Args:
            adjustments: All of them.
            label: Names the step, such as 新增其他事项; "" when its changes speak for themselves.

        Raises:
            InputError: A number cannot be stored.
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_adjustments(adjustments, label))

    def put_catalogue(self, catalogue: Catalogue, label: str) -> None:
        """Stores corrected rules with the same codes, as one step of undo.

        Args:
            catalogue: The corrected rules.
            label: Names the step, such as 更正 2.7.

        Raises:
            InputError: The codes differ.
            CatalogueError: The rules say what no catalogue may say.
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_catalogue(catalogue, label))

    def put_previous(self, previous: PreviousYear | None) -> None:
        """Keeps last year's form to compare with in place of the one there is, or none; one step of undo.

        Raises:
            InputError: A number cannot be stored.
            StoreError: The disk refuses.
        """
        label = "不再对照上年" if previous is None else "对照上年自评表"
        self._tell(self._draft.put_previous(previous, label))

    def put_entries(self, entries: Entries, label: str) -> None:
        """Stores a whole form in place of what is there, as one step of undo; otherwise as :meth:`put_answer`.

        Args:
            entries: The whole form.
            label: Names the step, such as 填入“某某.toml”.
        """
        self._tell(self._draft.put_entries(entries, label))

    def attach(
        self,
        code: str,
        name: str,
        content: bytes | bytearray,
        *,
        pages: int | None = None,
        beside: Callable[[Edit], Effect | None] = lambda edit: edit(),
    ) -> None:
        """Takes in a supporting document, as one step of undo.

        Args:
            code: Code of the row it supports.
            name: Its name, that of the file.
            content: Its bytes.
            pages: Number of pages; None when unknown.
            beside: Lets the disk do its work, in another thread where that takes long, and waits for it.

        Raises:
            KeyError: No row has this code.
            StoreError: Empty, too large, on this row already, or the disk refuses.
        """
        self._tell(beside(lambda: self._draft.attach(code, name, content, pages=pages)))

    def put_evidence(self, evidence: Evidence) -> None:
        """Stores changed particulars of a supporting document, as one step of undo.

        Args:
            evidence: The document, with its own key, row and bytes.

        Raises:
            KeyError: It is not there.
            StoreError: The disk refuses.
        """
        self._tell(self._draft.put_evidence(evidence))

    def detach(self, evidence: Evidence) -> None:
        """Takes a supporting document off its row, as one step of undo.

        Raises:
            StoreError: The disk refuses.
        """
        self._tell(self._draft.detach(evidence))

    def merge(self, other: Draft, pair: Pair, choices: Choices) -> str | None:
        """Takes over what was chosen of another copy of the draft, as one step of undo.

        Args:
            other: The other, open or looked at; it stays as it is.
            pair: Their comparison.
            choices: Of its parts.

        Returns:
            The step's name; None when nothing changed.

        Raises:
            StoreError: The disk refuses, or a document of the other is damaged.
        """
        from selfassess.store.joining import merge_drafts  # noqa: PLC0415  (rare)

        return self._tell(merge_drafts(self._draft, other, pair, choices))

    def look_again(self) -> None:
        """Shows the draft that is looked at as it is now.

        Raises:
            StoreError: It cannot be read; what is shown stays.
        """
        from selfassess.store.snapshot import look  # noqa: PLC0415  (rare)

        view = self._draft.view
        if view is None:
            return
        old, self._draft = self._draft, look(view.path)
        old.close()
        self._tell_all()

    def undo(self) -> str | None:
        """Takes the last step back, across sessions.

        Returns:
            What happened, such as ``撤销：2.7 得分 3 → 2``; None when there was nothing to undo.

        Raises:
            StoreError: The disk refuses, or the history is damaged.
        """
        return self._turn(self._draft.undo())

    def redo(self) -> str | None:
        """Does the step again that was undone last.

        Returns:
            What happened, such as ``重做：2.7 得分 2 → 3``; None when there was nothing to redo.

        Raises:
            StoreError: The disk refuses, or the history is damaged.
        """
        return self._turn(self._draft.redo())

    def restore(self, point: RestorePoint) -> str | None:
        """Brings an earlier state back, as one step that can be undone.

        Args:
            point: One of ``draft.restore_points()``.

        Returns:
            What happened, such as ``恢复到 11-25 10:32``; None when the draft is in that state already.

        Raises:
            StoreError: The disk refuses, or the history is damaged.
        """
        return self._tell(self._draft.restore(point))

    def save_as(
        self, path: Path, *, switch: bool = False, beside: Callable[[Copying], str] = lambda copying: copying()
    ) -> str:
        """Writes a checked copy; works even when the draft's own file was deleted.

        Args:
            path: Where; a draft there is replaced.
            switch: Go on working in the copy.
            beside: As of :meth:`attach`.

        Returns:
            "" for a whole copy, else one sentence on what could not be taken along.

        Raises:
            StoreError: The place cannot be written, or the copy did not pass its check.
        """
        before = self._draft.evidence()
        notice = beside(lambda: self._draft.save_as(path, switch=switch))
        if switch:
            self._tell_lost(before)
            self.undo_changed.emit()
            self._trouble = None
            self.trouble_changed.emit(None)
        return notice

    # --------------------------------------------------------------------------------------------------------- telling
    def _tell(self, effect: Effect | None) -> str | None:
        if effect is None:
            return None
        self._findings = None  # found again when first read
        scorecard, saved_at = self.scorecard, self.saved_at
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
        self.saved.emit(saved_at)
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
        self.saved.emit(self.saved_at)

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
        """See whether the file is still there, and tell when that changed."""
        found = self._draft.trouble
        if found is not None and found.code == ARRIVED:  # nothing is lost, and the next edit takes it over
            found = None
        if (found and found.code) != (self._trouble and self._trouble.code):
            self._trouble = found
            self.trouble_changed.emit(found)

    def _renew(self) -> None:
        self._draft.renew()

    def _tell_findings(self) -> None:
        findings = self.findings
        if findings != self._told:
            self._told = findings
            self.findings_changed.emit(findings)
