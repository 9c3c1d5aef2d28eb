"""Keeps what was entered: stores what is still open, says what is not stored, asks before closing would lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from selfassess.gui.saved_text import named, not_taken_words, saved_time
from selfassess.store.watch import ARRIVED

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.document import Document
    from selfassess.errors import StoreError
    from selfassess.gui.workbench import Workbench

# What is asked and said when something is not stored is loaded then, and not at a start.
# ruff: noqa: PLC0415


class Safekeeping(QObject):
    """Storing and leaving, for one main window.

    Signals:
        said: A sentence for the status line.
        copy_made: A copy of a draft that is only looked at was saved: its path.

    Args:
        document: The open draft.
        workbench: Its open fields, and what stands in them.
        drafts: The folder of drafts, where one is rescued to.
        window: Over which questions stand.
    """

    said = Signal(str)
    copy_made = Signal(object)

    def __init__(self, document: Document, workbench: Workbench, drafts: Path, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._workbench = workbench
        self._drafts = drafts
        self._window = window
        self._refusal: StoreError | None = None
        document.refused.connect(self._note_refusal)

    def _note_refusal(self, refusal: StoreError) -> None:
        """A question at closing tells why."""
        self._refusal = refusal

    # ---------------------------------------------------------------------------------------------------------- storing

    def save(self) -> None:
        """Store what is open; whoever is used to Ctrl+S is told that all is stored, or what is not."""
        if self._document.read_only:
            self.said.emit(self.tr("现在是只读查看，没有要保存的。"))
            return
        self._workbench.store()
        self._workbench.retry()
        self._document.look_for_trouble()
        if self._document.trouble is not None:  # it was told when it came, and another sentence may stand there now
            from selfassess.gui.lost_file import while_open

            self.said.emit(while_open(self._document.trouble, self._document.path))
        elif waiting := self._words_of_waiting():
            self.said.emit(waiting)
        else:
            self.said.emit(self.tr("不用点保存，已保存 {0}。").format(saved_time(self._document)))

    def is_all_stored(self) -> bool:
        """Store what is open; whether nothing waits that undo, or what replaces the form, would pass over.

        What does is said.
        """
        self._workbench.store()
        if waits := self._workbench.waits_for_its_place():
            self.said.emit(self._words_of_waiting())
        return not waits

    def _words_of_waiting(self) -> str:
        """A sentence on texts that are not stored; "" where there are none."""
        from selfassess.gui.lost_file import cause_and_remedy

        if by_disk := self._workbench.refused():
            cause, remedy = cause_and_remedy(self._refusal)
            text = self.tr("{0}还没有保存，因为{1}。请{2}，程序会自动再存；或者用“另存为”存到别处。")
            return text.format(named(by_disk), cause, remedy)
        return not_taken_words(self._workbench.not_taken())

    def save_as(self) -> Path | None:
        """Put a copy of the draft elsewhere.

        Where the draft's own disk takes nothing any more, only the copy can be gone on with.

        Returns:
            The copy; None when there is none.
        """
        from selfassess.gui.saving import save_as

        self._workbench.flush()
        go_on = bool(self._workbench.unstored()) or self._document.draft.trouble is not None
        target = save_as(self._window, self._document, switch=go_on, rescue_to=self._drafts if go_on else None)
        if target is not None and self._document.read_only:
            self.copy_made.emit(target)
        elif target is not None and not go_on:
            self.said.emit(self.tr("已另存为“{0}”。窗口里填的仍是原来那一份。").format(target))
        elif target is not None:
            self._workbench.flush()
            self._workbench.unstored()
            self.said.emit(self.tr("已另存为“{0}”，以后填写的内容都保存在那里。").format(target))
        return target

    # ---------------------------------------------------------------------------------------------------------- leaving

    def may_go(self) -> bool:
        """Whether the window may be closed: all is stored, or somebody was asked about what is not."""
        self._workbench.flush()
        if (not_taken := self._workbench.not_taken()) and not self._may_be_dropped(not_taken):
            return False
        return self._may_go_with_the_rest()

    def _may_go_with_the_rest(self) -> bool:
        unstored = self._workbench.unstored()
        trouble = self._document.draft.trouble
        # Where a step has arrived, the file holds all that is shown and more.
        if trouble is not None and trouble.code != ARRIVED:
            return self._may_go_without_file(trouble, unstored)
        return not unstored or self.may_be_lost(unstored)

    def may_be_lost(self, places: list[str]) -> bool:
        """Whether the window may be closed although texts could not be stored.

        Args:
            places: Where they stand, in words.
        """
        from selfassess.gui.lost_file import ask_to_close, cause_and_remedy

        cause, remedy = cause_and_remedy(self._refusal)
        question = self.tr(
            "{0}没有保存，因为{1}，现在关闭就没有了。"
            "请先不要关闭：{2}后再试，或者用“另存为”存到别处，这些内容会一并存入。"
        ).format(named(places), cause, remedy)
        return ask_to_close(self._window, self.tr("还有内容没有保存"), question, self._save_and_go)

    def _may_be_dropped(self, places: list[str]) -> bool:
        """Whether entries that were not taken because they mean nothing there are given up."""
        from selfassess.gui.messages import confirm

        question = self.tr(
            "{0}没有保存，因为填的内容不合要求，现在关闭就没有了。请先不要关闭：改好再按回车，或者按 Esc 放弃。"
        )
        return confirm(
            self._window,
            self.tr("还有内容没有保存"),
            question.format(named(places)),
            yes=self.tr("不保存，关闭"),
            no=self.tr("不关闭"),
        )

    def _may_go_without_file(self, trouble: StoreError, places: list[str]) -> bool:
        """Whether the window may be closed although what it shows may be nowhere else."""
        from selfassess.gui.lost_file import may_close

        return may_close(self._window, trouble, self._document.draft, named(places), self._save_and_go)

    def _save_and_go(self) -> bool:
        """Saving elsewhere was the answer: what is still not stored then is asked about again."""
        return self.save_as() is not None and self._may_go_with_the_rest()
