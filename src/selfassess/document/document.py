"""The open draft for the window (当前自评表): disk first, then memory, result, signals; knows QtCore and no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from selfassess.document.shown import ShownDraft
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.store.draft import Draft, now
from selfassess.store.edits import Effect
from selfassess.store.evidence import Evidence
from selfassess.store.steps import Clock

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear
    from selfassess.store.joining import Pair
    from selfassess.store.merging import Choices
    from selfassess.store.restore_points import RestorePoint

Edit = Callable[[], Effect | None]
"""Writes a step, and tells nobody yet."""
Copying = Callable[[], str]
"""Writes a copy; returns what could not be taken along, in words."""


class Document(ShownDraft):
    """A draft that can be changed; the only mutable thing that the windows share.

    An edit that changes nothing writes nothing and tells nothing. An edit that is refused changes nothing.
    """

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
        self._looking.stop()
        self._draft.close()

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
        if switch:
            self.moving.emit()
        notice = beside(lambda: self._draft.save_as(path, switch=switch))
        if switch:
            self._tell_lost(before)
            self.undo_changed.emit()
            self._tell_stored()
        return notice
