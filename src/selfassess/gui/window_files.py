"""What leads out of the main window: copies, paper, files, corrections, the manual; each is imported when wanted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from selfassess.gui.saved_text import named, not_taken_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QDialog, QWidget

    from selfassess.document import Document
    from selfassess.errors import StoreError
    from selfassess.gui.export_actions import AnnexExports
    from selfassess.gui.settings import Settings
    from selfassess.paths import Places
    from selfassess.store.library import Library

# ruff: noqa: PLC0415
_MANY = 24
"""Drafts that take less time to look at than anybody notices."""


class WindowFiles(QObject):
    """Commands of the main window that open dialogs or write files.

    Signals:
        said: A sentence for the status line.
        copy_made: A copy of a draft that is only looked at was saved: its path.

    Args:
        document: The open draft.
        places: Where forms, manual and fonts lie.
        settings: Remembers print profile and folders.
        window: Over which dialogs stand.
    """

    said = Signal(str)
    copy_made = Signal(object)

    def __init__(self, document: Document, places: Places, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._places = places
        self._settings = settings
        self._window = window
        self._exports: AnnexExports | None = None
        self._refusal: StoreError | None = None
        document.refused.connect(self._note_refusal)

    def _note_refusal(self, refusal: StoreError) -> None:
        """A question at closing tells why."""
        self._refusal = refusal

    def save_as(self, unstored: Callable[[], list[str]], flush: Callable[[], None]) -> Path | None:
        """Put a copy of the draft elsewhere.

        Where the draft's own disk takes nothing any more, only the copy can be gone on with.

        Args:
            unstored: Tells where texts stand that the disk has refused.
            flush: Stores what still stands in open fields.

        Returns:
            The copy; None when there is none.
        """
        from selfassess.gui.saving import save_as

        go_on = bool(unstored()) or self._document.draft.trouble is not None
        target = save_as(self._window, self._document, switch=go_on, rescue_to=self._places.drafts if go_on else None)
        if target is not None and self._document.read_only:
            self.copy_made.emit(target)
        elif target is not None and not go_on:
            self.said.emit(self.tr("已另存为“{0}”。窗口里填的仍是原来那一份。").format(target))
        elif target is not None:
            flush()
            unstored()
            self.said.emit(self.tr("已另存为“{0}”，以后填写的内容都保存在那里。").format(target))
        return target

    def compare(self) -> None:
        """Choose last year's form to compare with, or remove it."""
        from selfassess.gui.previous_dialog import PreviousDialog
        from selfassess.waiting import CalledOffError

        try:
            dialog = PreviousDialog(self._document, self._library_looked_at(), self._window)
        except CalledOffError:
            return
        dialog.said.connect(self.said)
        self._run(dialog)

    def _library_looked_at(self) -> Library:
        """The drafts of this computer; where very many were not looked at yet, that is done with progress."""
        from selfassess.errors import StoreError
        from selfassess.gui.tasks import run_with_progress
        from selfassess.store.library import Library

        library = Library(self._places.drafts, self._places.overview)
        with contextlib.suppress(StoreError):  # the dialog says it
            if sum(entry.is_pending for entry in library.known()) > _MANY:
                label = self.tr("正在查看这台电脑上的草稿…")
                run_with_progress(self._window, label, lambda called_off: library.entries(called_off.is_set))
        return library

    def restore(self) -> None:
        """Go back to an earlier state of the draft, as one step."""
        from selfassess.errors import StoreError
        from selfassess.gui.messages import show_error
        from selfassess.gui.restore_dialog import RestoreDialog
        from selfassess.waiting import CalledOffError

        try:
            dialog = RestoreDialog(self._document, self._window)
            try:
                point = dialog.point if dialog.exec() else None
            finally:
                dialog.deleteLater()
            said = None if point is None else self._document.restore(point)
        except CalledOffError:
            return
        except StoreError as error:
            show_error(self._window, error)
            return
        if said:
            self.said.emit(self.tr("已{0}，按 Ctrl+Z 可以退回。").format(said))

    def choose_copy(self) -> None:
        """Ask for another draft, and compare with it."""
        from selfassess.gui.file_dialogs import ask_file

        folder = self._document.path.parent
        path = ask_file(self._window, self.tr("与哪一份比较"), self.tr("自评表草稿 (*.zpb)"), folder)
        if path is not None:
            self.compare_with(path)

    def compare_with(self, path: Path) -> None:
        """Compare with another draft, and merge what is chosen.

        Args:
            path: The other; it is only looked at.
        """
        from selfassess.gui.comparing import compare_with

        said = compare_with(self._window, self._document, path)
        if said:
            self.said.emit(said)

    def show_merges(self) -> None:
        """Show what earlier merges did not take."""
        from selfassess.gui.comparing import show_merges

        show_merges(self._window, self._document)

    def preview(self) -> None:
        """Show the very PDF that will be printed."""
        from selfassess.gui.preview_dialog import PreviewDialog

        self._run(PreviewDialog(self._document, self._places, self._settings, self._window))

    def export_pdf(self) -> None:
        """Write the annex as PDF."""
        self._tell_exported(self._annex_exports().export_pdf())

    def export_xlsx(self) -> None:
        """Write the annex as a workbook."""
        self._tell_exported(self._annex_exports().export_xlsx())

    def correct(self, code: str) -> None:
        """Correct the rules of a row or a category.

        Args:
            code: Of the row or the category; "" when none is current.
        """
        from selfassess.gui.correction_dialog import CorrectionDialog

        if code:
            self._run(CorrectionDialog(self._document, code, self._places, self._window))
        else:
            self.said.emit(self.tr("请先在表格中选一行。"))

    def show_manual(self) -> None:
        """Open the manual."""
        from selfassess.gui.manual_window import show_manual

        show_manual(self._window, self._places.manual)

    def show_about(self) -> None:
        """Tell name and version."""
        from selfassess.gui.manual_window import show_about

        show_about(self._window)

    def words_of_waiting(self, by_disk: list[str], not_taken: list[str]) -> str:
        """A sentence for the status line on texts that are not stored; "" where there are none.

        Args:
            by_disk: Where those stand that only the disk did not take, in words.
            not_taken: Where those stand that mean nothing there.
        """
        from selfassess.gui.lost_file import cause_and_remedy

        if by_disk:
            cause, remedy = cause_and_remedy(self._refusal)
            text = self.tr("{0}还没有保存，因为{1}。请{2}，程序会自动再存；或者用“另存为”存到别处。")
            return text.format(named(by_disk), cause, remedy)
        return not_taken_words(not_taken)

    def may_be_dropped(self, places: list[str]) -> bool:
        """Whether the window may be closed although entries were not taken because they mean nothing there.

        Args:
            places: Where they stand, in words.
        """
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

    def may_be_lost(self, places: list[str], save: Callable[[], bool]) -> bool:
        """Whether the window may be closed although texts could not be stored.

        Args:
            places: Where they stand, in words.
            save: Saves all of it elsewhere, and tells whether the window may be closed then.
        """
        from selfassess.gui.lost_file import ask_to_close, cause_and_remedy

        cause, remedy = cause_and_remedy(self._refusal)
        question = self.tr(
            "{0}没有保存，因为{1}，现在关闭就没有了。"
            "请先不要关闭：{2}后再试，或者用“另存为”存到别处，这些内容会一并存入。"
        ).format(named(places), cause, remedy)
        return ask_to_close(self._window, self.tr("还有内容没有保存"), question, save)

    def may_go_without_file(self, trouble: StoreError, places: list[str], save: Callable[[], bool]) -> bool:
        """Whether the window may be closed although what it shows may be nowhere else.

        Args:
            trouble: Why, as :attr:`Draft.trouble` tells it.
            places: Where texts stand that could not be stored, in words.
            save: As of :meth:`may_be_lost`.
        """
        from selfassess.gui.lost_file import may_close

        return may_close(self._window, trouble, self._document.draft, named(places), save)

    def _annex_exports(self) -> AnnexExports:
        from selfassess.gui.export_actions import AnnexExports

        if self._exports is None:
            self._exports = AnnexExports(self._document, self._places, self._settings, self._window)
        return self._exports

    def _tell_exported(self, target: Path | None) -> None:
        if target is not None:
            self.said.emit(self.tr("已导出“{0}”。").format(target))

    def _run(self, dialog: QDialog) -> None:
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()
