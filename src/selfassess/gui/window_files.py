"""What leads out of the main window: copies, paper, files, corrections, the manual; each is imported when wanted."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QDialog, QWidget

    from selfassess.document import Document
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

    Args:
        document: The open draft.
        places: Where forms, manual and fonts lie.
        settings: Remembers print profile and folders.
        window: Over which dialogs stand.
    """

    said = Signal(str)

    def __init__(self, document: Document, places: Places, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._places = places
        self._settings = settings
        self._window = window
        self._exports: AnnexExports | None = None

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
