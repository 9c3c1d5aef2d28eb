"""Opens editors in cells and takes what was typed; a refused text stays in the editor, and waits when one leaves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import StoreError, UserError
from selfassess.gui.pausing import CANDIDATE_KEYS, Pausing
from selfassess.gui.refusal import said_here
from selfassess.gui.refused_answers import Origin
from selfassess.gui.soon import soon
from selfassess.gui.table import entering, keyboard
from selfassess.gui.table.cell_hint import CellHint, inside
from selfassess.gui.table.editors import CellEditor, ChoiceEditor, LineEditor, LongEditor

if TYPE_CHECKING:
    from selfassess.gui.refused_answers import RefusedAnswers
    from selfassess.gui.table.model import Index
    from selfassess.gui.table.view import AnnexView

_PART = "cell"
_LEAST_CHOICE = 168
_LEAST_NUMBER = 64
_LONG_LINES = 4
Cell = tuple[str, ColumnKey]


class _Held(NamedTuple):
    """What stood in an editor that the table closed without asking: its cell, its text, and what it was opened with."""

    cell: Cell
    text: str
    opened_with: str
    had_keyboard: bool


class CellDelegate(QStyledItemDelegate):
    """Editors for 得分 and 备注.

    Signals:
        said: A sentence for the status line; "" when there is nothing to say any more.
        reason_wanted: 不涉及 was entered without its reason: the row's code.

    Args:
        view: The table.
        answers: Where answers wait that only the disk did not take.
    """

    said = Signal(str)
    reason_wanted = Signal(str)

    def __init__(self, view: AnnexView, answers: RefusedAnswers) -> None:
        super().__init__(view)
        self._view = view
        self._answers = answers
        self._hint = CellHint(view)
        self._error: UserError | None = None
        self._refused: dict[Cell, str] = {}
        self._editor: CellEditor | None = None
        self._opened_with = self._stored = ""
        self._is_storing = False
        self._held: _Held | None = None
        view.annex.refused.connect(self._note_refusal)
        view.annex.modelAboutToBeReset.connect(self._hold)
        view.annex.modelReset.connect(self._go_on)
        answers.stored.connect(self._note_stored)
        answers.outdated.connect(self._note_outdated)

    # ------------------------------------------------------------------------------------------------------- opening

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The editor that fits the row's rule."""
        model = self._view.annex
        line, key = model.lines[index.row()], model.keys[index.column()]
        editor: CellEditor
        if key is ColumnKey.REMARK:
            editor = LongEditor(parent)
            pausing = Pausing(editor)
            editor.textChanged.connect(pausing.typed)
            pausing.due.connect(partial(self._store, editor))
        else:
            choices = entering.choices(model.index_of_form.indicator(line.place))
            editor = ChoiceEditor(choices, parent) if choices else LineEditor(parent)
        editor.setFont(self._view.font())
        title = str(model.headerData(index.column(), Qt.Orientation.Horizontal))
        editor.setAccessibleName(f"{line.place} {title}")
        if isinstance(editor, ChoiceEditor):
            editor.taken.connect(lambda: self._commit_and_go(editor, Qt.Key.Key_Return))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What was entered, or the text that was refused before; the view asks again when the cell has changed."""
        if not isinstance(editor, LineEditor | LongEditor | ChoiceEditor):
            return
        cell = self._cell(index)
        stored = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if editor is self._editor and (self._is_storing or self.is_typing() or stored == self._stored.strip()):
            return  # what is being typed is newer
        self._editor, self._opened_with = editor, stored
        text = self._refused.get(cell, stored)
        editor.put(text, selected=not self._view.opened_by_f2())
        self._stored = stored
        if isinstance(editor, ChoiceEditor) and self._view.opened_by_mouse():
            # Once the editor has its place and the focus.
            QTimer.singleShot(0, editor, editor.showPopup)
        if cell in self._refused:
            self.said.emit(self.tr("这里保留了上次未被接受的内容，改好后按回车，或按 Esc 放弃。"))

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802 -- Qt's name
        """The view closes an editor itself when another cell becomes current; the hint under it goes too."""
        self._hint.hide()
        if editor is self._editor:
            self._editor = None
        super().destroyEditor(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the cell, widened where the cell is too narrow to type in."""
        rect = self._view.visualRect(index).adjusted(0, 0, -1, -1)
        if isinstance(editor, LongEditor):
            rect.setHeight(max(rect.height(), round(self._view.texts.line_height * _LONG_LINES) + 10))
            rect.setWidth(max(rect.width(), round(self._view.texts.em * 12)))
        else:
            least = _LEAST_CHOICE if isinstance(editor, ChoiceEditor) else _LEAST_NUMBER
            rect = _widened(rect, least)
            height = max(editor.sizeHint().height(), 24)
            if rect.height() > height + 8:
                rect.moveTop(rect.top() + (rect.height() - height) // 2)
                rect.setHeight(height)
        editor.setGeometry(inside(rect, self._view.viewport().rect()))

    def _hold(self) -> None:
        """Other lines are about to be shown, for which the table closes its editor without asking for the text."""
        editor = self._editor
        if editor is not None and editor.entered() != self._stored:
            focused = QApplication.focusWidget()
            had_keyboard = focused is self._view or (focused is not None and self._view.isAncestorOf(focused))
            cell = self._cell(self._view.currentIndex())
            self._held = _Held(cell, editor.entered(), self._opened_with, had_keyboard)
        self._editor = None
        self._hint.hide()

    def _go_on(self) -> None:
        if self._held is not None:
            soon(self._view, self._release)  # not before everybody has heard what is new

    def _release(self) -> None:
        """Open the cell again for the one who was typing; where it is not shown any more, it was left."""
        held, self._held = self._held, None
        if held is None:
            return
        index = self._view.annex.index_at(*held.cell)
        if held.had_keyboard and index.isValid():
            self._view.setFocus()
            self._view.setCurrentIndex(index)
            self._view.edit(index)
            if self._editor is not None:
                self._editor.put(held.text, selected=False)
                self._opened_with = held.opened_with
                return
        self._error = None
        try:
            self._view.annex.enter(*held.cell, held.text)
        except UserError as error:
            self._note_refusal(error)
        self._keep(held.cell, held.text if self._error is not None else None)

    # -------------------------------------------------------------------------------------------------------- taking

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Enter what was typed, unless nothing was changed."""
        if not isinstance(editor, LineEditor | LongEditor | ChoiceEditor):
            return
        text, cell = editor.entered(), self._cell(index)
        self._error = None
        if text == self._stored:
            self._keep(cell, None)
            return
        before, self._stored = self._stored, text  # who hears of it asks for it
        with self._answers.entering(_origin(cell)):
            model.setData(index, text, Qt.ItemDataRole.EditRole)
        if self._error is not None:
            self._stored = before
        self._keep(cell, text if self._error is not None else None)

    def is_typing(self) -> bool:
        """Whether something stands in an open editor, or one that is about to open again, that is not stored."""
        is_open = self._editor is not None and self._editor.entered() != self._stored
        return is_open or self._held is not None

    def store_open(self) -> None:
        """Store what stands in the open editor, which stays open."""
        if self._editor is not None:
            self._store(self._editor)
            if self._error is not None:
                self._hint.tell(self._editor, said_here(self._error))

    def _store(self, editor: CellEditor) -> None:
        """Store what was typed so far, and leave the editor to the one who types."""
        self._error = None
        if editor is not self._editor or not self.is_typing():
            return
        self._is_storing = True
        try:
            self.setModelData(editor, self._view.annex, self._view.currentIndex())
        finally:
            self._is_storing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Tab and Esc as in a spreadsheet; none of them while an input method is composing."""
        if isinstance(watched, LineEditor | LongEditor | ChoiceEditor):
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(watched, event)
            if event.type() == QEvent.Type.FocusOut:
                return self._left(watched)
        return super().eventFilter(watched, event)

    def _key(self, editor: CellEditor, event: QKeyEvent) -> bool:
        if editor.composing:
            # The candidate list's own keys; one that still arrives here would leave the cell or break the text.
            return event.key() in CANDIDATE_KEYS
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self._give_up(editor)
            return True
        breaks = held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not breaks:
            self._commit_and_go(editor, key, held)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not breaks:
            self._commit_and_go(editor, key, held)
            return True
        # A key that opened the editor by typing over moves on with the arrows, as in a spreadsheet.
        if (
            self._view.opened_by_typing()
            and isinstance(editor, LineEditor)
            and key
            in (
                Qt.Key.Key_Up,
                Qt.Key.Key_Down,
            )
        ):
            self._commit_and_go(editor, key)
            return True
        return False

    def _commit_and_go(
        self, editor: CellEditor, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Take the text and move on; a refused text stays where it is, with the reason under it."""
        (place, column), changed = self._cell(self._view.currentIndex()), editor.entered() != self._stored
        self.commitData.emit(editor)
        if self._error is not None:
            self._hint.tell(editor, said_here(self._error))
            return
        self._hint.hide()
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if changed and column is ColumnKey.POINTS and self._view.annex.lacks_reason(place):
            self.reason_wanted.emit(place)
            return
        target = keyboard.target_of(self._view, self._view.currentIndex(), key, held)
        if target is not None:
            self._view.go(target)

    def _left(self, editor: CellEditor) -> bool:
        """Focus went elsewhere: take the text; if it is refused, keep it for the next time.

        One that was refused before and only looked at stays refused: something newer may be stored by now.
        """
        popup = QApplication.activePopupWidget()
        inside = QApplication.focusWidget()
        if popup is not None or (inside is not None and (inside is editor or editor.isAncestorOf(inside))):
            return False
        if not self._view.isVisible() or not editor.isVisible():
            return False
        if self._refused.get(self._cell(self._view.currentIndex())) != editor.entered():
            self.commitData.emit(editor)
        self._hint.hide()
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        return False

    def _give_up(self, editor: CellEditor) -> None:
        """Esc: the typed text is dropped, and what stood here before is put back where some of it is stored already."""
        index = self._view.currentIndex()
        self._keep(self._cell(index), None)
        self._hint.hide()
        self.said.emit("")
        self._error = None
        if str(index.data(Qt.ItemDataRole.EditRole) or "") != self._opened_with:
            self._is_storing = True
            self._view.annex.setData(index, self._opened_with, Qt.ItemDataRole.EditRole)
            self._is_storing = False
            self._keep(self._cell(index), None if self._error is None else self._opened_with)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self._view.setFocus()

    # -------------------------------------------------------------------------------------------------------- refusals

    def _note_refusal(self, error: UserError) -> None:
        self._error = error
        self.said.emit(str(error))

    def not_taken(self) -> list[str]:
        """Where texts stand that mean nothing there, in words; those that only the disk did not take are others."""
        cells = sorted(cell for cell in self._refused if not self._answers.waits(_origin(cell)))
        return [self.tr("第 {0} 行的{1}").format(place, self._name(key)) for place, key in cells]

    def _name(self, key: ColumnKey) -> str:
        return {ColumnKey.POINTS: self.tr("得分"), ColumnKey.REMARK: self.tr("备注")}[key]

    def _note_stored(self, origin: Origin) -> None:
        """What waited is stored; an open editor has the same text, or a newer one."""
        if origin.part != _PART:
            return
        cell = (origin.code, ColumnKey(origin.key))
        if cell in self._refused:
            if self._editor is not None and cell == self._cell(self._view.currentIndex()):
                self._stored = self._refused[cell]
                self._hint.hide()
            self._forget(cell)

    def _note_outdated(self, origin: Origin) -> None:
        if origin.part == _PART:
            self._forget((origin.code, ColumnKey(origin.key)))

    def _keep(self, cell: Cell, text: str | None) -> None:
        """Let a refused text wait in its cell; None: none is left there."""
        if text is None:
            self._forget(cell)
            return
        self._refused[cell] = text
        if isinstance(self._error, StoreError):
            self._answers.keep(_origin(cell), self._name(cell[1]), text, self._view.annex.changes(*cell, text))
        else:
            self._answers.drop(_origin(cell))
        self._view.set_refused(frozenset(self._refused))

    def _forget(self, cell: Cell) -> None:
        self._answers.drop(_origin(cell))
        if self._refused.pop(cell, None) is not None:
            self.said.emit("")
            self._view.set_refused(frozenset(self._refused))

    def _cell(self, index: Index) -> Cell:
        model = self._view.annex
        return model.lines[index.row()].place, model.keys[index.column()]


def _origin(cell: Cell) -> Origin:
    return Origin(_PART, *cell)


def _widened(rect: QRect, least: int) -> QRect:
    more = least - rect.width()
    return rect.adjusted(-(more // 2), 0, more - more // 2, 0) if more > 0 else QRect(rect)
