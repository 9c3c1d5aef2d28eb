"""The list of drafts as it is used: by keys, by double clicks, by a menu at the mouse; opens and knows no draft."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from selfassess.gui.draft_card import DraftDelegate
from selfassess.gui.draft_list import make_list_accessible


class DraftListView(QListView):
    """A list in which Enter opens, as a double click does.

    Signals:
        chosen(QModelIndex): This draft is to be opened.
        folder_wanted(QModelIndex): The folder in which this draft lies is to be shown.
    """

    chosen = Signal(QModelIndex)
    folder_wanted = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setSpacing(2)
        self.setUniformItemSizes(True)
        self.doubleClicked.connect(self.chosen)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add_command(self.tr("打开(&O)"), self.chosen)
        self._add_command(self.tr("打开所在文件夹(&F)"), self.folder_wanted)
        self.setItemDelegate(DraftDelegate(self))
        make_list_accessible(self)

    def _add_command(self, text: str, wanted: SignalInstance) -> None:
        command = QAction(text, self)
        command.triggered.connect(lambda: wanted.emit(self.currentIndex()))
        self.addAction(command)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter means the current draft."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
