"""The editors that open in a cell: a number or short text, a choice, a long text; they know no rows and no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

CHOICE_GAP = "　"
"""Between an option and its points in the list."""
_LIST_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class LineEditor(QLineEdit):
    """A number or a short text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.composing = False
        self.setFrame(False)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Keep in mind whether an input method is still composing: its Enter is not ours."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def entered(self) -> str:
        """What stands in the editor."""
        return self.text()

    def put(self, text: str, *, selected: bool) -> None:
        """Fill the editor."""
        self.setText(text)
        if selected:
            self.selectAll()
        else:
            self.end(False)


class LongEditor(QPlainTextEdit):
    """A text of several lines; Enter is the table's, Alt+Enter begins a line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.composing = False
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(False)
        self.document().setDocumentMargin(3)
        self.setAutoFillBackground(True)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """See :meth:`LineEditor.inputMethodEvent`."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Enter and Ctrl+Enter begin a line, as in a spreadsheet."""
        held = event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)

    def entered(self) -> str:
        """What stands in the editor."""
        return self.toPlainText()

    def put(self, text: str, *, selected: bool) -> None:
        """Fill the editor."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document) if selected else cursor.movePosition(
            QTextCursor.MoveOperation.End
        )
        self.setTextCursor(cursor)


class ChoiceEditor(QComboBox):
    """One of a few answers: typed, completed, or taken from the list.

    Signals:
        taken: An answer was taken from the list.

    Args:
        choices: What can be entered, each with the points it earns.
        parent: The table's viewport.
    """

    taken = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setLineEdit(LineEditor(self))
        for label, points in choices:
            self.addItem(f"{label}{CHOICE_GAP}{points} 分", label)
        completer = QCompleter([label for label, _ in choices], self)
        # In the line, without a list that would take the keyboard from an input method.
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.setAutoFillBackground(True)
        self.activated.connect(self._take)

    @property
    def composing(self) -> bool:
        """Whether an input method is still composing."""
        line = self.lineEdit()
        return isinstance(line, LineEditor) and line.composing

    def entered(self) -> str:
        """What stands in the editor; a line of the list stands for its answer."""
        text = self.currentText()
        at = self.findText(text)
        return str(self.itemData(at)) if at >= 0 else text

    def put(self, text: str, *, selected: bool) -> None:
        """Fill the editor."""
        at = self.findData(text)
        self.setCurrentIndex(at)
        self.setEditText(text)
        line = self.lineEdit()
        if line is not None and selected:
            line.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows open the list: Qt's own would take the next answer, with its points, before it was seen."""
        if event.key() in _LIST_KEYS:
            self.showPopup()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the table and takes no answer either."""
        event.ignore()

    def _take(self, at: int) -> None:
        self.setEditText(str(self.itemData(at)))
        self.taken.emit()


CellEditor = LineEditor | LongEditor | ChoiceEditor
