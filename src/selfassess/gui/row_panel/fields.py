"""Fields that hand over what was typed when one leaves, texts while one types too; know no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPalette, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QVBoxLayout,
    QWidget,
)

from selfassess.errors import UserError
from selfassess.gui.labels import Note
from selfassess.gui.pausing import Pausing
from selfassess.gui.refusal import said_here
from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST_LINES = 2
_MOST_LINES = 7


class LongText(QPlainTextEdit):
    """A text of several lines that grows with what it holds.

    Signals:
        committed: The text to store: on leaving, in a pause, and now and then while one types. It is stored without
            the blanks around it, which stay here as long as one is here.

    Attributes:
        key: The field of an answer that it is for.

    Args:
        key: See there.
        name: What it asks for, for screen readers.
        parent: Owner.
    """

    committed = Signal(str)

    def __init__(self, key: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setAccessibleName(name)
        self._stored = ""
        self._refused = False
        self._composing = False
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pausing = Pausing(self)
        self._pausing.due.connect(self.flush)
        self.textChanged.connect(self._typed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def sizeHint(self) -> QSize:
        """As high as its text, within two to seven lines."""
        line = self.fontMetrics().lineSpacing()
        lines = min(max(round(self.document().size().height()), _LEAST_LINES), _MOST_LINES)
        edges = 2 * round(self.document().documentMargin()) + 2 * self.frameWidth() + 2
        return QSize(200, lines * line + edges)

    def minimumSizeHint(self) -> QSize:
        """Never squeezed below its text."""
        return QSize(80, self.sizeHint().height())

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something newer or refused stands here."""
        if self._refused or (text == self._stored and self.toPlainText() == text):
            return
        dirty = self.toPlainText() != self._stored
        kept = text == self.toPlainText().strip()
        self._stored = self.toPlainText() if kept else text
        # Replacing the text would end an input method's composition and drop it, and put the cursor elsewhere.
        if self._composing or (self.hasFocus() and (dirty or kept)) or self.toPlainText() == text:
            return
        self._stored = text
        self._pausing.stop()
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self.updateGeometry()

    def flush(self) -> None:
        """Hand over what was typed, if it was not yet or was refused."""
        self._pausing.stop()
        text = self.toPlainText()
        if text != self._stored or self._refused:
            self._stored = text
            self._refused = False
            self.committed.emit(text)

    def refuse(self) -> None:
        """What was handed over could not be stored: it stays here, and leaving hands it over again."""
        self._refused = True

    def is_pending(self) -> bool:
        """Whether something was typed that was not handed over yet."""
        return self.toPlainText() != self._stored

    def unstored(self) -> str | None:
        """The text that could not be stored; None when all is well."""
        return self.toPlainText() if self._refused else None

    def text(self) -> str:
        """What stands here."""
        return self.toPlainText()

    def name(self) -> str:
        """What it asks for."""
        return self.accessibleName()

    def settle(self) -> None:
        """What was refused here is stored."""
        self._refused = False

    def put_back(self, text: str) -> None:
        """Show a text that could not be stored before, and try again."""
        self._refused = True
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self.updateGeometry()
        self.flush()

    def fill(self, text: str) -> None:
        """Put a text in place of what stands here, as if it were typed, and hand it over at once."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)  # unlike a new text, the field's own undo takes it back
        self.setTextCursor(cursor)
        self.flush()

    def forget(self) -> None:
        """Show nothing, whatever stands here: another row is shown."""
        self._pausing.stop()
        self._refused = False
        self._stored = ""
        blocked = self.blockSignals(True)
        self.clear()
        self.blockSignals(blocked)

    def event(self, event: QEvent) -> bool:
        """Whoever has the keyboard has the border of a one-line field that has it; Qt draws none."""
        done = super().event(event)
        if event.type() == QEvent.Type.Paint and self.hasFocus():
            edge = QStyleOptionFrame()
            self.initStyleOption(edge)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameLineEdit, edge, QPainter(self), self)
        return done

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The border changes."""
        super().focusInEvent(event)
        self.update()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """While an input method composes, the text is not ours to touch."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving stores."""
        super().focusOutEvent(event)
        self.update()
        self._composing = False
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.flush()

    def _fit(self, _size: QSizeF) -> None:
        self.updateGeometry()

    def _typed(self) -> None:
        if self.is_pending():
            self._pausing.typed()
        else:
            self._pausing.stop()


class ValueField(QWidget):
    """A short text that is taken on Enter or on leaving; a refused one stays, with the reason under it.

    Signals:
        given_up: What stood here was taken back with Escape.

    Attributes:
        key: The field of an answer that it is for.

    Args:
        key: See there.
        name: What it asks for, for screen readers.
        take: Stores a text; raises :class:`UserError` when it cannot be taken.
        unit: Shown after the field, such as 万元.
        words: Words are asked for, and stored while one types too; half a number is another number.
        parent: Owner.
    """

    given_up = Signal()

    def __init__(
        self,
        key: str,
        name: str,
        take: Callable[[str], None],
        *,
        unit: str = "",
        words: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.key = key
        self._take = take
        self._stored = ""
        self._is_held = False
        self._is_aside = False
        self.line = QLineEdit(self)
        self._pausing = Pausing(self.line)
        self._pausing.due.connect(self._take_quietly)
        self.line.setAccessibleName(name)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._take_from_aside)  # before it is finished
        self.line.editingFinished.connect(self.flush)
        self.line.textEdited.connect(self._edited)
        if words:
            self.line.textEdited.connect(self._pausing.typed)
        self._reason = Note(level="error", parent=self)
        self._reason.hide()
        self.row = QHBoxLayout()
        self.row.setSpacing(6)
        self.row.addWidget(self.line, 1)
        if unit:
            self.row.addWidget(Note(unit, parent=self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self.row)
        column.addWidget(self._reason)
        self.setFocusProxy(self.line)

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something refused or newer stands here."""
        dirty = self.line.text() != self._stored
        kept = text == self.line.text().strip()
        self._stored = self.line.text() if kept else text
        if self.line.hasFocus() and (dirty or kept):
            return
        self._stored = text
        self._is_held = self._is_held and not kept
        self._is_aside = self._is_aside and not kept
        if self.unstored() is None and self.line.text() != text:
            self.line.setText(text)

    def forget(self, text: str = "") -> None:
        """Show what is stored, whatever stands here: another row is shown."""
        self._pausing.stop()
        self._is_held = self._is_aside = False
        self._stored = text
        self.line.setText(text)
        self._show_reason("")

    def flush(self) -> None:
        """Hand over what was typed, if it differs from what is stored, and show it as it was taken."""
        if self._take_quietly() and self.line.text() != self._stored:
            self.line.setText(self._stored)

    def _take_quietly(self) -> bool:
        self._pausing.stop()
        text = self.line.text()
        if self._is_aside:
            return False
        if text != self._stored:
            try:
                self._take(text)
            except UserError as error:
                self._show_reason(said_here(error))
                return False
        self._show_reason("")
        return True

    def is_pending(self) -> bool:
        """Whether something was typed that is not stored."""
        return self.line.text() != self._stored

    def unstored(self) -> str | None:
        """The text that was refused, or waits for another; None when all is well."""
        return None if self._reason.isHidden() and not self._is_held else self.line.text()

    def text(self) -> str:
        """What stands here."""
        return self.line.text()

    def name(self) -> str:
        """What it asks for."""
        return self.line.accessibleName()

    def hold(self) -> None:
        """What stands here is stored together with what another field asks for, and waits for that."""
        self._is_held = True

    def settle(self) -> None:
        """What was refused here is stored."""
        if self.unstored() is not None:
            self._is_aside = False
            self.flush()

    def put_back(self, text: str) -> None:
        """Show a text that was refused before, and try again."""
        self.line.setText(text)
        self.flush()

    @property
    def is_aside(self) -> bool:
        """Whether what stands here is only shown, until the clerk takes it."""
        return self._is_aside

    def set_aside(self) -> None:
        """What was refused here is older than what is stored: it stays to be seen, and is not handed over by itself."""
        self._is_aside = True
        self._show_reason(self.tr("本行后来又改过，这里的内容没有保存。要用它请按回车，不用请按 Esc。"))

    def put_aside(self, text: str) -> None:
        """Show a text that was refused before, and do not try again."""
        self.line.setText(text)
        self.set_aside()

    def _take_from_aside(self) -> None:
        self._is_aside = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc brings back what is stored; while an input method composes, its keys are its own."""
        if watched is self.line and self._pausing.holds(event):
            return True
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
            and self.line.text() != self._stored
        ):
            self.forget(self._stored)
            self.given_up.emit()
            return True
        return super().eventFilter(watched, event)

    def _edited(self, _text: str) -> None:
        self._is_held = self._is_aside = False
        self._show_reason("")

    def _show_reason(self, text: str) -> None:
        self._reason.setText(text)
        self._reason.setVisible(bool(text))
        palette = QPalette() if not text else QPalette(self.palette())
        if text:
            palette.setColor(QPalette.ColorRole.Base, colours_of(self.palette()).error_ground)
        self.line.setPalette(palette)
