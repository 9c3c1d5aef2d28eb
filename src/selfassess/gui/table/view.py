"""The table to work in: what is current, what keys and input methods do, and which editor is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table import keyboard
from selfassess.gui.table.editors import CellEditor, ChoiceEditor, LineEditor, LongEditor
from selfassess.gui.table.sheet import Sheet

if TYPE_CHECKING:
    from selfassess.gui.table.model import AnnexModel, Index

_CLIPBOARD = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Paste)


class AnnexView(Sheet):
    """The annex as on paper, to be filled in.

    Signals:
        place_changed: Another line became current: its place (row or category code).
        clear_wanted: The selected cells shall be emptied.
        all_wanted: Rows that are hidden shall be shown (Esc).

    Args:
        model: The form.
        parent: Owner.
    """

    place_changed = Signal(str)
    clear_wanted = Signal()
    all_wanted = Signal()

    def __init__(self, model: AnnexModel, parent: QWidget | None = None) -> None:
        self._anchor = QPersistentModelIndex()
        self._place = ""
        self._remembered: tuple[str, ColumnKey] | None = None
        self._trigger = QAbstractItemView.EditTrigger.NoEditTriggers
        super().__init__(model, parent)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setTabKeyNavigation(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._return)

    # ------------------------------------------------------------------------------------------------------ what is now

    def place(self) -> str:
        """The place of the current line; "" while there is none."""
        index = self.currentIndex()
        return self.annex.lines[index.row()].place if index.isValid() else ""

    def show_place(self, place: str, key: ColumnKey | None = None) -> bool:
        """Make a line current and bring it into sight.

        Args:
            place: Code of a row or a category.
            key: The column; None: that of the points, or of the title for a category.

        Returns:
            False when the line is not shown, because of the filter or because the form has none.
        """
        row = self.annex.row_of(place)
        if row is None:
            return False
        line = self.annex.lines[row]
        wanted = key or (ColumnKey.POINTS if line.is_row else ColumnKey.CONTENT)
        column = self.annex.column_of(wanted)
        index = self.annex.index(row, column if column is not None else 0)
        self.setCurrentIndex(index)
        self._anchor = QPersistentModelIndex(index)
        if not line.is_row:
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        return True

    def _remember(self) -> None:
        """Before other lines are shown: where one is."""
        index = self.currentIndex()
        self._remembered = (self.place(), self.annex.keys[index.column()]) if index.isValid() else None

    def _return(self) -> None:
        """After other lines are shown: back there, if it is still there."""
        if self._remembered is not None:
            self.show_place(*self._remembered)

    def _anchored(self) -> QModelIndex:
        """Where a selection that is being extended began."""
        if not self._anchor.isValid():
            return self.currentIndex()
        return self.annex.index(self._anchor.row(), self._anchor.column())

    def go(self, target: QModelIndex, *, extends: bool = False) -> None:
        """Make a cell current, alone or as the new end of the selection."""
        if not target.isValid():
            return
        flags = QItemSelectionModel.SelectionFlag
        if extends:
            anchor = self._anchored()
            model = self.selectionModel()
            model.setCurrentIndex(target, flags.NoUpdate)
            chosen = QItemSelection(_upper_left(anchor, target), _lower_right(anchor, target))
            model.select(chosen, flags.ClearAndSelect)
            self.viewport().update()
        else:
            self._anchor = QPersistentModelIndex(target)
            self.selectionModel().setCurrentIndex(target, flags.ClearAndSelect)
        self.scrollTo(target, QAbstractItemView.ScrollHint.EnsureVisible)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 -- Qt's name
        """Repaint both lines: the current one is tinted, its code bold."""
        super().currentChanged(current, previous)
        self._accept_composing()
        for index in (current, previous):
            if index.isValid() and index.row() < len(self.annex.lines):
                rect = self.shown_rect(index)
                line = QRect(
                    0, self.rowViewportPosition(index.row()), self.viewport().width(), self.rowHeight(index.row())
                )
                self.viewport().update(rect.united(line))
        self.verticalHeader().viewport().update()
        place = self.place()
        if place != self._place:
            self._place = place
            self.place_changed.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a selection by mouse begins."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = QPersistentModelIndex(index)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The border of the current cell shows whether keys go to the table.

        Not QAbstractItemView's own handler: it repaints the whole viewport, after each edit.
        """
        QAbstractScrollArea.focusInEvent(self, event)
        if not self.currentIndex().isValid():
            self.go(keyboard.first_row(self))
        self._accept_composing()
        self._update_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """See :meth:`focusInEvent`."""
        QAbstractScrollArea.focusOutEvent(self, event)
        self._update_current()

    def _update_current(self) -> None:
        index = self.currentIndex()
        if index.isValid() and index.row() < len(self.annex.lines):
            self.viewport().update(self.shown_rect(index))

    # ---------------------------------------------------------------------------------------------------------- editing

    def edit(self, index: Index, *how: Any) -> Any:
        """Open an editor; remembers what opened it, for the editor's keys and its selection.

        Args:
            index: The cell.
            how: Nothing when a program asks; the trigger and its event when Qt does.

        Returns:
            Nothing to a program, to Qt whether an editor opened: two functions of the same name there.
        """
        triggers = QAbstractItemView.EditTrigger
        if not how:
            self._trigger = triggers.EditKeyPressed
            return super().edit(index)
        if how[0] != triggers.NoEditTriggers:
            self._trigger = how[0]
        return cast("bool", super().edit(index, *how))

    def edit_empty(self) -> None:
        """Open an empty editor on the current cell."""
        self.edit(self.currentIndex())
        editor = self.open_editor()
        if editor is not None:
            editor.put("", selected=False)

    def edit_with_list(self) -> None:
        """Open the current cell's editor and, where there is one, its list."""
        self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.DoubleClicked, None)

    def open_editor(self) -> CellEditor | None:
        """The editor in which something is being typed; None when there is none."""
        if self.state() != QAbstractItemView.State.EditingState:
            return None
        for child in self.viewport().children():
            if isinstance(child, LineEditor | LongEditor | ChoiceEditor) and child.isVisible():
                return child
        return None

    def opened_by_typing(self) -> bool:
        """Whether the open editor was opened by typing over the cell."""
        return self._trigger == QAbstractItemView.EditTrigger.AnyKeyPressed

    def opened_by_f2(self) -> bool:
        """Whether the open editor was opened to change what is there."""
        return not self.opened_by_typing()

    def opened_by_mouse(self) -> bool:
        """Whether the open editor was opened to choose from its list."""
        return self._trigger == QAbstractItemView.EditTrigger.DoubleClicked

    # ------------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and edit as a spreadsheet does; the rest is Qt's."""
        if self.open_editor() is not None:
            # The view keeps the focus while an input method composes the first text, and hears what the editor ignores:
            # neither may leave the cell.
            return
        if not self._handled(event):
            super().keyPressEvent(event)

    def _handled(self, event: QKeyEvent) -> bool:
        """Do what a key means where no editor is open; False: it means nothing here, and Qt may have it."""
        if any(event.matches(sequence) for sequence in _CLIPBOARD):
            return False
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.edit_with_list()
            return True
        target = keyboard.target_of(self, self.currentIndex(), event.key(), event.modifiers())
        if target is not None:
            if target == self.currentIndex() and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                event.ignore()  # beyond the last cell to type in, Tab leaves the table
                return True
            extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and event.key() not in (
                *keyboard.ENTER,
                Qt.Key.Key_Tab,
                Qt.Key.Key_Backtab,
            )
            self.go(target, extends=extends)
            return True
        if event.key() == Qt.Key.Key_Delete:
            self.clear_wanted.emit()
            return True
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.all_wanted.emit()
            return True
        if event.key() == Qt.Key.Key_Backspace and self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit_empty()
            return True
        return False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text from an input method opens an editor.

        Qt's own view does so for text that is first composed; text that arrives finished, as Chinese punctuation does,
        would open the editor and be lost.
        """
        finished = bool(event.commitString()) and not event.preeditString()
        if not finished or self.state() == QAbstractItemView.State.EditingState:
            super().inputMethodEvent(event)
        elif self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.AnyKeyPressed, None)
            editor = QApplication.focusWidget()
            if editor is not None and editor is not self:
                QApplication.sendEvent(editor, event)

    def _accept_composing(self) -> None:
        """An input method may compose where something can be typed."""
        editable = bool(self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, editable)


def _upper_left(one: QModelIndex, other: QModelIndex) -> QModelIndex:
    return one.sibling(min(one.row(), other.row()), min(one.column(), other.column()))


def _lower_right(one: QModelIndex, other: QModelIndex) -> QModelIndex:
    return one.sibling(max(one.row(), other.row()), max(one.column(), other.column()))
