"""Editors in the cells of 八、其他事项: typed text and the choice of a sign; they know no document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
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
from selfassess.gui.corner import draw_corner
from selfassess.gui.pausing import Pausing
from selfassess.gui.soon import soon
from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRect

    from selfassess.gui.adjustments_model import AdjustmentsModel

Index = QModelIndex | QPersistentModelIndex
_WORDS = frozenset({Column.MATTER, Column.BASIS})
"""Stored while one types, too; half a number is another one."""
Cell = tuple[int, int]
"""Number of the matter, from 0, and the column: indexes would be worth nothing once matters are added or taken back."""


class Waiting(NamedTuple):
    """A refused text that waits in its cell.

    Attributes:
        text: What was typed.
        by_disk: Whether it is a good one that only the disk did not take.
        meant: What it comes to in the cell; points with their sign, which may be that of the cell beside.
        older: What the cell held then, and what was refused in it before, which a disk may have all the same; where it
            holds something else since, that is newer.
    """

    text: str
    by_disk: bool
    meant: object
    older: frozenset[object]


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
    """Typed text; what is refused waits in its cell, to be mended, tried again, or given up with Escape.

    Signals:
        given_up(): A refused text was taken back.
        entered(): Enter was pressed, and the text was taken.
        dropped(int, str): A text that waited has lost its place: the number of its matter, from 0, and the text.
    """

    given_up = Signal()
    entered = Signal()
    dropped = Signal(int, str)

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._editor: QLineEdit | None = None
        self._pausing: Pausing | None = None
        self._cell: Cell = (-1, -1)
        self._opened_with = self._stored = ""
        self._is_storing = False
        self._waiting: dict[Cell, Waiting] = {}
        self._here: Cell = (-1, -1)
        self._rows_before = 0
        self._reopened: Cell | None = None

    @property
    def _model(self) -> AdjustmentsModel:
        return cast("AdjustmentsModel", self._table.model())

    def waits(self, *, by_disk: bool) -> bool:
        """Whether a refused text waits for its cell to be opened again.

        Args:
            by_disk: One that only the disk did not take, or else one that means nothing there.
        """
        return any(waiting.by_disk is by_disk for waiting in self._waiting.values())

    def is_typing(self) -> bool:
        """Whether something stands in an open editor that is not stored."""
        return self._editor is not None and self._editor.text() != self._stored

    # --------------------------------------------------------------------------------------------------------- opening

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: D102  (Qt's contract)
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            pausing = self._pausing = Pausing(editor)
            if index.column() in _WORDS:
                editor.textEdited.connect(pausing.typed)
                pausing.due.connect(partial(self._store, editor))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if not isinstance(editor, QLineEdit):
            return
        stored = _text(index)
        if editor is self._editor and (self._is_storing or self.is_typing() or stored == self._stored.strip()):
            return  # what is being typed is newer
        super().setEditorData(editor, index)
        self._editor, self._opened_with, self._stored = editor, stored, stored
        self._cell = (index.row(), index.column())
        if self._cell in self._waiting:
            editor.setText(self._waiting[self._cell].text)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A cell in which a refused text waits is marked as in the table of the form."""
        super().paint(painter, option, index)
        if (index.row(), index.column()) in self._waiting:
            painter.save()
            draw_corner(painter, cast("QRect", cast("Any", option).rect), colours_of(QApplication.palette()).error)
            painter.restore()

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: D102, N802  (Qt's contract)
        if editor is self._editor:
            self._editor = None
        super().destroyEditor(editor, index)

    # --------------------------------------------------------------------------------------------------------- storing

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: D102  (Qt's contract)
        if not isinstance(editor, QLineEdit):
            return
        if self._model.catch_up():
            soon(self._table, self.retry)  # it waits with its matter, whose number may be another one
            return
        cell = (index.row(), index.column())
        waiting = self._waiting.get(cell)
        if not self.is_typing():
            self._waiting.pop(cell, None)
            return
        if waiting is not None and waiting.text == editor.text() and self._is_outdated(cell, waiting):
            self._drop(cell, editor)
            return
        if not self._enter_from(editor, cell):
            # Whoever clicked elsewhere is not called back; the text waits until the cell is opened again.
            soon(self._table, partial(self._reopen, cell))

    def _enter_from(self, editor: QLineEdit, cell: Cell) -> bool:
        text = editor.text()
        before, self._stored = self._stored, text  # who hears of it asks for it
        taken = self._enter(cell, text)
        if not taken:
            self._stored = before
        return taken

    def _enter(self, cell: Cell, text: str) -> bool:
        """Store a text in its cell, or else let it wait there."""
        model = self._model
        waiting = self._to_wait(cell, text)
        taken = model.setData(model.index(*cell), text, Qt.ItemDataRole.EditRole)
        if taken:
            self._waiting.pop(cell, None)
        else:
            self._waiting[cell] = waiting._replace(by_disk=model.refused_by_disk)
        self._table.viewport().update()
        return taken

    def _to_wait(self, cell: Cell, text: str) -> Waiting:
        earlier = self._waiting.get(cell)
        older = frozenset({self._model.value(*cell)})
        if earlier is not None:
            older |= earlier.older | {earlier.meant}
        return Waiting(text, by_disk=True, meant=self._model.meant(*cell, text), older=older)

    def _store(self, editor: QLineEdit) -> None:
        """Store what was typed so far, and leave the editor to the one who types."""
        if self._model.catch_up():
            soon(self._table, self.retry)
        elif editor is self._editor and self.is_typing():
            self._is_storing = True
            try:
                self._enter_from(editor, self._cell)
            finally:
                self._is_storing = False

    def retry(self) -> None:
        """Try once more to store what the disk refused; an open cell stays open, and half a number in it is left alone.

        What arrived late may be in the document and not told yet, and row numbers be others by it.
        """
        self._model.catch_up()
        for cell, waiting in list(self._waiting.items()):
            if self._waiting.get(cell) is not waiting or not waiting.by_disk:
                continue
            editor = self._editor if cell == self._cell else None
            if editor is not None and editor.text() != waiting.text:
                continue  # what is typed since is not due yet
            if self._is_outdated(cell, waiting):
                self._drop(cell, editor)
            elif editor is not None:
                self._store(editor)
            else:
                self._enter(cell, waiting.text)

    def _is_outdated(self, cell: Cell, waiting: Waiting) -> bool:
        """Whether a good text would cover something newer, or comes to something else by now."""
        if not waiting.by_disk:
            return False
        held = self._model.value(*cell)
        newer = held not in waiting.older and held != waiting.meant
        return newer or self._model.meant(*cell, waiting.text) != waiting.meant

    def _drop(self, cell: Cell, editor: QLineEdit | None) -> None:
        """Something newer came in the meantime: what waits gives way with a word, and in an open cell, too."""
        waiting = self._waiting.pop(cell)
        if editor is not None:
            self._opened_with = self._stored = _text(self._model.index(*cell))
            editor.setText(self._stored)
        self._table.viewport().update()
        self.dropped.emit(cell[0], waiting.text)

    def hold_open(self) -> None:
        """The table is about to close its editor without asking for the text: it waits in its cell."""
        here = self._table.currentIndex()
        self._here = (here.row(), here.column())
        self._rows_before = self._model.rowCount()
        self._reopened = None
        if self._editor is not None:
            if self.is_typing():
                text, earlier = self._editor.text(), self._waiting.get(self._cell)
                # Half a number is stored by nobody but the one who types it.
                whole = self._cell[1] in _WORDS or (earlier is not None and earlier.by_disk and earlier.text == text)
                self._waiting[self._cell] = self._to_wait(self._cell, text)._replace(by_disk=whole)
                self._reopened = self._cell if self._editor.hasFocus() else None
            self._editor = None

    def go_on(self) -> None:
        """The table has closed its editor: whoever was typing goes on."""
        if self._model.rowCount() == self._rows_before and not self._table.currentIndex().isValid():
            self._table.setCurrentIndex(self._model.index(*self._here))
        if self._reopened is not None:
            self._table.setFocus()
            soon(self._table, partial(self._type_on, self._reopened))

    def _type_on(self, cell: Cell) -> None:
        self._table.setCurrentIndex(self._table.model().index(*cell))
        self._reopen(cell)
        if self._editor is not None:
            self._editor.end(False)

    def renumber(self, numbers: Mapping[int, int]) -> None:
        """Other matters stand here now: what waits goes along with its own, or is dropped with a word.

        Args:
            numbers: The new number of each matter that is still there, by its old one.
        """
        before, self._waiting = self._waiting, {}
        if self._reopened is not None:
            row = numbers.get(self._reopened[0])
            self._reopened = None if row is None else (row, self._reopened[1])
        for (row, column), waiting in before.items():
            if row in numbers:
                self._waiting[numbers[row], column] = waiting
            else:
                self.dropped.emit(row, waiting.text)

    def _give_up(self) -> None:
        """Show what stood here before, and store it where some of what is given up is stored already."""
        waiting = self._waiting.pop(self._cell, None)
        if waiting is not None:
            self.given_up.emit()
        if self._editor is None:
            return
        stored, self._stored = self._stored.strip(), self._editor.text()
        if self._model.catch_up():
            return  # other matters may stand here now
        ours: set[object] = set() if waiting is None else {*waiting.older, waiting.meant}
        here = _text(self._model.index(*self._cell))
        if here != self._opened_with and (here == stored or self._model.value(*self._cell) in ours):
            self._enter(self._cell, self._opened_with)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter stores and goes on at once; Escape gives up what was typed; an input method's keys are its own."""
        if self._editor is watched and self._pausing is not None and self._pausing.holds(event):
            return True
        if isinstance(watched, QLineEdit) and isinstance(event, QKeyEvent) and is_enter(event):
            self.commitData.emit(watched)
            self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
            if self._cell not in self._waiting:
                self.entered.emit()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._give_up()
        return super().eventFilter(watched, event)

    def _reopen(self, cell: Cell) -> None:
        here = self._table.currentIndex()
        if cell in self._waiting and self._table.hasFocus() and cell == (here.row(), here.column()):
            self._table.edit(here)


def _text(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.EditRole) or "")


def is_enter(event: QKeyEvent) -> bool:
    """Whether Enter was pressed, at either end of the keyboard."""
    return event.type() == QEvent.Type.KeyPress and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
