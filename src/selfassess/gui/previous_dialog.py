"""Chooses last year's form to compare with: a draft of the library or any file; replaces and removes it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from selfassess.errors import StoreError, UserError
from selfassess.gui.draft_card import DraftDelegate
from selfassess.gui.draft_list import ENTRY_ROLE, DraftListModel
from selfassess.gui.file_dialogs import ask_file
from selfassess.gui.labels import Heading, Note
from selfassess.gui.messages import show_error
from selfassess.gui.row_panel.previous import form_text
from selfassess.gui.start_page import DraftListView
from selfassess.gui.window_sizes import open_at
from selfassess.store.draft import now
from selfassess.store.previous_source import candidates, previous_in

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.document import Document
    from selfassess.domain.previous import PreviousYear
    from selfassess.store.library import Library


class PreviousDialog(QDialog):
    """The drafts that can be last year's form. What is chosen is read and kept before the dialog closes.

    Signals:
        said: What was done, for the status line.

    Args:
        document: The open draft.
        library: Where last year's draft is likely to be.
        parent: Over which window.
    """

    said = Signal(str)

    def __init__(self, document: Document, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setWindowTitle(self.tr("对照上年自评表"))
        self._trouble = Note(level="error", parent=self)
        self._model = DraftListModel(now(), self)
        self._view = DraftListView(self)
        self._view.setModel(self._model)
        self._view.setItemDelegate(DraftDelegate(self._view))
        self._view.setAccessibleName(self.tr("上年的自评表"))
        self._view.setAccessibleDescription(self.tr("上下键选择，回车对照"))
        self._view.chosen.connect(self._take_from_list)
        self._nothing = Note(
            self.tr("这台电脑上没有找到同一种表、更早年度的草稿。在U盘或者别的文件夹里的，点“其他文件”。")
        )
        self._lay_out()
        self._show_drafts(library)

    @property
    def model(self) -> DraftListModel:
        """The drafts that are offered."""
        return self._model

    def _lay_out(self) -> None:
        previous = self._document.previous
        heading = self.tr("选择上年的自评表")
        about = self.tr("选好以后，指标面板里就有各行上年的得分、扣分原因和备注。上年的草稿只读不写。")
        if previous is not None:
            about = self.tr("现在对照的是：{0}").format(f"{form_text(previous, '')}，{previous.title}")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(Heading(heading, scale=1.1, parent=self))
        column.addWidget(Note(about, parent=self))
        column.addWidget(self._trouble)
        column.addWidget(self._nothing)
        column.addWidget(self._view, 1)
        column.addStretch()
        column.addWidget(self._buttons(removable=previous is not None))
        open_at(self, 60, 22)

    def _buttons(self, *, removable: bool) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._take = box.addButton(self.tr("对照"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._other = box.addButton(self.tr("其他文件…"), QDialogButtonBox.ButtonRole.ActionRole)
        self._other.clicked.connect(self._ask_for_file)
        if removable:
            remove = box.addButton(self.tr("不再对照"), QDialogButtonBox.ButtonRole.ResetRole)
            remove.setAutoDefault(False)  # Enter alone never removes anything
            remove.clicked.connect(self._remove)
        box.accepted.connect(lambda: self._take_from_list(self._view.currentIndex()))
        box.rejected.connect(self.reject)
        return box

    def _show_drafts(self, library: Library) -> None:
        try:
            found = candidates(library.entries(), self._document.draft)
        except StoreError as error:
            found = ()
            self._trouble.setText(error.message)
        self._trouble.setVisible(bool(self._trouble.text()))
        self._model.show_entries(found, now())
        self._view.setVisible(bool(found))
        self._view.setCurrentIndex(self._model.index(0, 0))
        self._nothing.setVisible(not found)
        self._take.setEnabled(bool(found))
        (self._take if found else self._other).setDefault(True)
        (self._view if found else self._other).setFocus()

    def _take_from_list(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if entry is not None:
            self._take_from(entry.path)

    def _ask_for_file(self) -> None:
        path = ask_file(self, self.tr("选择上年的自评表"), self.tr("自评表草稿 (*.zpb)"))
        if path is not None:
            self._take_from(path)

    def _take_from(self, path: Path) -> None:
        try:
            previous = previous_in(path, self._document.draft)
        except UserError as error:
            show_error(self, error)
            return
        told = self.tr("已对照上年自评表（{0}），选中一行，指标面板里就有上年的内容。")
        self._put(previous, told.format(form_text(previous, "")))

    def _remove(self) -> None:
        self._put(None, self.tr("已不再对照上年。"))

    def _put(self, previous: PreviousYear | None, told: str) -> None:
        try:
            self._document.put_previous(previous)
        except UserError as error:
            show_error(self, error)
            return
        self.said.emit(told)
        self.accept()
