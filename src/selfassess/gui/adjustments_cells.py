"""Editors in the cells of 八、其他事项: typed text and the choice of a sign; they know no document."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from selfassess.gui.adjustments_model import Column
from selfassess.gui.pausing import Pausing
from selfassess.gui.soon import soon

Index = QModelIndex | QPersistentModelIndex


class SignDelegate(QStyledItemDelegate):
    """加分 or 扣分, chosen from a list."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: D102  (Qt's contract)
        box = QComboBox(parent)
        box.addItems([self.tr("加分"), self.tr("扣分")])
        # A chosen line is meant at once, without another Enter.
        box.activated.connect(lambda: self._commit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if isinstance(editor, QComboBox):
            model.setData(model.index(index.row(), index.column()), editor.currentText(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: D102  (Qt's contract)
        super().updateEditorGeometry(editor, option, index)
        # Words and arrow need more room than the words in the cell, of which the row's panel has none to spare.
        place = editor.geometry()
        place.setLeft(place.right() + 1 - max(place.width(), editor.sizeHint().width()))
        editor.setGeometry(place)

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class TextDelegate(QStyledItemDelegate):
    """Typed text; what is refused stands in the editor again, to be mended or given up with Escape.

    Signals:
        given_up(): A refused text was taken back.
        entered(): Enter was pressed, and the text was taken.
    """

    given_up = Signal()
    entered = Signal()

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._editor: QLineEdit | None = None
        self._opened_with = self._stored = ""
        self._is_storing = False
        self._refused: tuple[QPersistentModelIndex, str] | None = None

    @property
    def has_refused(self) -> bool:
        """Whether a refused text waits for its cell to be opened again."""
        return self._refused is not None

    def is_typing(self) -> bool:
        """Whether something stands in an open editor that is not stored."""
        return self._editor is not None and self._editor.text() != self._stored

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: D102  (Qt's contract)
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit) and index.column() in {Column.MATTER, Column.BASIS}:
            pausing = Pausing(editor)
            editor.textEdited.connect(pausing.typed)
            pausing.due.connect(partial(self._store, editor))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if not isinstance(editor, QLineEdit):
            return
        stored = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if editor is self._editor and (self._is_storing or self.is_typing() or stored == self._stored.strip()):
            return  # what is being typed is newer
        super().setEditorData(editor, index)
        self._editor, self._opened_with, self._stored = editor, stored, stored
        if self._refused is not None and self._refused[0] == index:
            editor.setText(self._refused[1])

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: D102, N802  (Qt's contract)
        if editor is self._editor:
            self._editor = None
        super().destroyEditor(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if not isinstance(editor, QLineEdit):
            return
        text, self._refused = editor.text(), None
        before, self._stored = self._stored, text
        here = model.index(index.row(), index.column())
        if not model.setData(here, text, Qt.ItemDataRole.EditRole):
            self._refused, self._stored = (QPersistentModelIndex(here), text), before
            # Whoever clicked elsewhere is not called back; the text waits until the cell is opened again.
            if QApplication.focusWidget() in {self._table, editor}:
                soon(self._table, lambda: self._reopen(QPersistentModelIndex(here)))

    def _store(self, editor: QLineEdit) -> None:
        """Store what was typed so far, and leave the editor to the one who types; a refusal is told on leaving."""
        if editor is self._editor and self.is_typing():
            text, before, self._is_storing = editor.text(), self._stored, True
            self._stored = text
            try:
                if self._table.model().setData(self._table.currentIndex(), text, Qt.ItemDataRole.EditRole):
                    self._refused = None
                else:
                    self._stored = before
            finally:
                self._is_storing = False

    def retry(self) -> None:
        """Try once more to store what was refused; an open cell stays open."""
        if self._editor is not None:
            self._store(self._editor)
        elif self._refused is not None and self._refused[0].isValid():
            (cell, text), self._refused = self._refused, None
            if not self._table.model().setData(_plain(cell), text, Qt.ItemDataRole.EditRole):
                self._refused = (cell, text)

    def _put_back(self) -> None:
        """What stood here before, where some of what is given up is stored already."""
        index = self._table.currentIndex()
        if self._editor is not None and index.data(Qt.ItemDataRole.EditRole) != self._opened_with:
            self._stored = self._editor.text()
            self._table.model().setData(index, self._opened_with, Qt.ItemDataRole.EditRole)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter stores and goes on at once; Escape gives up what was typed."""
        if isinstance(watched, QLineEdit) and isinstance(event, QKeyEvent) and is_enter(event):
            self.commitData.emit(watched)
            self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
            if self._refused is None:
                self.entered.emit()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if self._refused is not None:
                self._refused = None
                self.given_up.emit()
            self._put_back()
        return super().eventFilter(watched, event)

    def _reopen(self, index: QPersistentModelIndex) -> None:
        if self._refused is not None and index.isValid():
            here = self._table.model().index(index.row(), index.column())
            self._table.setCurrentIndex(here)
            self._table.edit(here)


def _plain(index: QPersistentModelIndex) -> QModelIndex:
    return index.model().index(index.row(), index.column())


def is_enter(event: QKeyEvent) -> bool:
    """Whether Enter was pressed, at either end of the keyboard."""
    return event.type() == QEvent.Type.KeyPress and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
