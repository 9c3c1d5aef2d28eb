"""Compares the open draft with another and shows what differs; shows what earlier merges did not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from selfassess.errors import StoreError
from selfassess.gui.labels import Note
from selfassess.gui.messages import inform, show_error
from selfassess.gui.window_sizes import open_at
from selfassess.store.joining import compare_drafts, reports
from selfassess.store.place import is_same_file
from selfassess.store.snapshot import look

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.document import Document


def _tr(text: str) -> str:
    return QCoreApplication.translate("Comparing", text)


def compare_with(parent: QWidget, document: Document, path: Path) -> str:
    """Show what differs from another draft, and merge what is chosen.

    Args:
        parent: Over which window.
        document: The open draft.
        path: The other; it is only looked at.

    Returns:
        What was done, in words; "" for nothing.
    """
    from selfassess.gui.merge_dialog import MergeDialog  # noqa: PLC0415  (only where something differs)

    title = _tr("比较与合并")
    if is_same_file(path, document.path):
        show_error(parent, StoreError("E386", path=path.name), title=title)
        return ""
    try:
        with look(path) as other:
            pair = compare_drafts(document.draft, other, path.name)
            if not pair.comparison.differing:
                inform(
                    parent,
                    title,
                    _tr("“{0}”与当前草稿的内容相同，不用合并，不再需要的一份可以删除。").format(path.name),
                )
                return ""
            dialog = MergeDialog(document, other, pair, parent)
            try:
                dialog.exec()
                return dialog.said + (_tr("另一份不再需要，可以删除。") if dialog.has_merged else "")
            finally:
                dialog.deleteLater()
    except StoreError as error:
        show_error(parent, error, title=title)
        return ""


def show_merges(parent: QWidget, document: Document) -> None:
    """Show what earlier merges did not take, to be read and copied.

    Args:
        parent: Over which window.
        document: The open draft.
    """
    try:
        texts = reports(document.draft)
    except StoreError as error:
        show_error(parent, error, title=_tr("合并记录"))
        return
    dialog = MergesDialog(texts, parent)
    try:
        dialog.exec()
    finally:
        dialog.deleteLater()


class MergesDialog(QDialog):
    """The reports of all merges, newest first.

    Args:
        texts: The reports.
        parent: Over which window.
    """

    def __init__(self, texts: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("合并记录"))
        self.text = QPlainTextEdit("\n\n".join(texts) or self.tr("这份草稿还没有合并过。"), self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.addWidget(Note(self.tr("合并时没有采用的内容都记在这里，可以选中复制。"), parent=self))
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        open_at(self, 48, 20)
