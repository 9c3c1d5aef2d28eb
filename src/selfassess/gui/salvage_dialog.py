"""Shows the report of a salvaged draft, to be read, copied and kept; salvages nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from selfassess.errors import StoreError
from selfassess.gui.file_dialogs import ask_target, documents_folder, with_suffix
from selfassess.gui.labels import Heading, Note
from selfassess.gui.messages import show_error
from selfassess.gui.window_sizes import open_at
from selfassess.store.salvage import report_path, save_report

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.store.salvage_report import Report


class SalvageDialog(QDialog):
    """What was saved out of a damaged draft and what was not; accepted when the new draft shall be opened.

    Args:
        report: What became of it.
        kept: The file in which the report lies, or why there is none.
        parent: Over which window.
    """

    def __init__(self, report: Report, kept: Path | StoreError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setWindowTitle(self.tr("抢救报告"))
        heading = Heading(report.summary, scale=1.1)
        heading.setWordWrap(True)
        text = QPlainTextEdit(report.text)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("抢救报告"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(heading)
        column.addWidget(self._where(kept))
        column.addWidget(text, 1)
        column.addLayout(self._buttons())
        open_at(self, 56, 30)

    def _where(self, kept: Path | StoreError) -> Note:
        if isinstance(kept, StoreError):
            text = self.tr("自评表已经救回，但这份报告没有存成文件：{0}关闭以前请点“另存报告…”存到别处。")
            return Note(text.format(kept.message), level="error")
        return Note(self.tr("这份报告也存成了文件：{0}").format(kept.name))

    def _buttons(self) -> QHBoxLayout:
        copy, keep, open_, close = (
            QPushButton(text)
            for text in (
                self.tr("复制全部"),
                self.tr("另存报告…"),
                self.tr("打开救回的自评表(&O)"),
                self.tr("关闭"),
            )
        )
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report.text))
        keep.clicked.connect(self._keep)
        open_.clicked.connect(self.accept)
        close.clicked.connect(self.reject)
        for button in (copy, keep, close):
            button.setAutoDefault(False)
        open_.setProperty("primary", True)
        open_.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addWidget(keep)
        row.addStretch(1)
        row.addWidget(open_)
        row.addWidget(close)
        open_.setFocus()
        return row

    def _keep(self) -> None:
        proposed = documents_folder() / report_path(self._report.target).name
        target = ask_target(self, self.tr("另存报告"), proposed, self.tr("文本文件 (*.txt)"))
        target = None if target is None else with_suffix(self, target, ".txt")
        if target is not None:
            try:
                save_report(self._report, target)
            except StoreError as error:
                show_error(self, error)
