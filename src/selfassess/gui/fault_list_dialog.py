"""A refusal with many reasons (a file's faults, all at once) as a list that can be read and copied; knows no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.errors import FaultListError


class FaultListDialog(QDialog):
    """Heading, every fault, and buttons; ``exec`` returns the number of the chosen button, counted from 1, or 0.

    Args:
        title: Of the window.
        error: Heading and faults.
        actions: Texts of the buttons; Enter means the first.
        parent: Over which window.
    """

    def __init__(self, title: str, error: FaultListError, actions: Sequence[str], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._text = "\n".join(error.faults)
        heading = QLabel(error.message)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(self._list(error.faults), 1)
        layout.addLayout(self._buttons(actions))
        open_at(self, 52, 20)

    def _list(self, faults: Sequence[str]) -> QPlainTextEdit:
        view = QPlainTextEdit("\n".join(f"{number}. {fault}" for number, fault in enumerate(faults, start=1)))
        view.setReadOnly(True)
        view.setAccessibleName(self.tr("各条错误"))
        view.setTabChangesFocus(True)
        return view

    def _buttons(self, actions: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        copy = QPushButton(self.tr("复制全部"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        copy.setAutoDefault(False)
        row.addWidget(copy)
        row.addStretch(1)
        for number, text in enumerate(actions, start=1):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, number=number: self.done(number))
            button.setDefault(number == 1)
            row.addWidget(button)
        row.itemAt(2).widget().setFocus()
        return row
