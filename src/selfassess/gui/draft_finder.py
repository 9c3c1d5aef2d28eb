"""The line above a long list of drafts: words to find some of them by, and how many there are; knows no draft."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from selfassess.gui.labels import Note

_MANY = 8
"""Drafts that can be taken in at a glance; with more of them the line appears."""


class DraftFinder(QWidget):
    """Hidden as long as the list is short.

    Signals:
        wanted(str): Only drafts with these words.
        left(): The list is to have the keyboard.
        chosen(): The draft that looks chosen is to be opened.
    """

    wanted = Signal(str)
    left = Signal()
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _WordsLine(self)
        self._line.setPlaceholderText(self.tr("查找单位、表名、年度或文件名（Ctrl+F）"))
        self._line.setAccessibleName(self.tr("查找自评表"))
        self._line.setClearButtonEnabled(True)
        self._line.textChanged.connect(self.wanted)
        self._line.left.connect(self.left)
        self._line.returnPressed.connect(self.chosen)
        self._count = Note(parent=self)
        self._count.setWordWrap(False)
        self.nothing = Note(self.tr("没有找到这样的自评表。按 Esc 显示全部。"))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._line, 1)
        row.addWidget(self._count)
        self.hide()

    def begin(self) -> None:
        """The keyboard is for words now; where the list is short, nothing happens."""
        if self.isVisible():
            self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._line.selectAll()

    def tell(self, found: int, count: int, waiting: int) -> None:
        """How many drafts there are, and how far they have been looked at.

        Args:
            found: Those with the wanted words.
            count: All of them.
            waiting: Those that were not looked at yet.
        """
        checked = self.tr("正在检查 {0}/{1} 份…").format(count - waiting, count)
        told = self.tr("找到 {0} 份").format(found) if self._line.text().strip() else self.tr("共 {0} 份").format(count)
        self._count.setText(checked if waiting else told)
        if count <= _MANY and self._line.text():
            self._line.clear()
        self.setVisible(count > _MANY)


class _WordsLine(QLineEdit):
    """A line that Esc empties and Down leaves.

    Signals:
        left(): The list is to have the keyboard.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows all drafts again; Down goes to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
