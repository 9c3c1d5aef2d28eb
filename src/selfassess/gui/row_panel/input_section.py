"""Where the current row itself is filled in: what its rule asks, or the matters of 八; knows no other part of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.errors import UserError
from selfassess.gui.labels import Heading
from selfassess.gui.row_panel.controls import Link
from selfassess.gui.row_panel.inputs import RuleInput, input_for

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.entries import Answer
    from selfassess.domain.scorecard import RowScore
    from selfassess.gui.adjustments_editor import AdjustmentsEditor
    from selfassess.gui.row_panel.inputs import Put


class InputSection(QWidget):
    """A heading with the way back to blank, and below it the widgets that the kind of row needs.

    Signals:
        said: A sentence for the status line.
        figure_wanted: The clerk wants to see a figure of the form: its key.
        dropped: As of the matters' editor.

    Attributes:
        clear: The link that makes the row blank again.
        rule_input: What the row's rule asks; None where it asks nothing.
        matters: The matters, in the one row that has them; None elsewhere.
        kept_matters: The same on every row, once they were shown: refused texts wait in their cells.

    Args:
        document: The open draft.
        put: Stores changed fields of the row's answer; raises when they are refused.
        say: Does the same, and tells a refusal itself.
        parent: Owner.
    """

    said = Signal(str)
    figure_wanted = Signal(str)
    dropped = Signal(str, str, str)

    def __init__(self, document: Document, put: Put, say: Put, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._put = put
        self._try = say
        self._indicator: Indicator | None = None
        self.rule_input: RuleInput | None = None
        self.matters: AdjustmentsEditor | None = None
        self.kept_matters: AdjustmentsEditor | None = None
        self.clear = Link(self.tr("清除"), self)
        self.clear.setToolTip(self.tr("清除本行的自评，恢复为未填；扣分原因和备注保留"))
        self.clear.clicked.connect(self._clear_score)
        head = QHBoxLayout()
        head.addWidget(Heading(self.tr("填报"), parent=self), 1)
        head.addWidget(self.clear)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(head)

    @property
    def _shown(self) -> QWidget | None:
        return self.rule_input or self.matters

    # --------------------------------------------------------------------------------------------------------- showing

    def show_row(self, indicator: Indicator | None) -> None:
        """Build what a row needs in place of what the one before needed.

        Args:
            indicator: The row; None for none.
        """
        if self.matters is not None:
            self.matters.hide()
        if (old := self.rule_input) is not None:
            self._column.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self.rule_input = self.matters = None
        self._indicator = indicator
        if indicator is None:
            return
        self.rule_input = input_for(indicator, self._put, self._try, self)
        if self.rule_input is not None:
            self.rule_input.figure_wanted.connect(self.figure_wanted)
            self._column.addWidget(self.rule_input)
            self.rule_input.show()
        elif isinstance(indicator.rule, AdjustmentBand):
            if self.kept_matters is None:
                self.kept_matters = self._matters_editor()
                self._column.addWidget(self.kept_matters)
            self.matters = self.kept_matters
            self.matters.show()

    def _matters_editor(self) -> AdjustmentsEditor:
        from selfassess.gui.adjustments_editor import AdjustmentsEditor  # noqa: PLC0415 -- only the one row of 八 needs it

        editor = AdjustmentsEditor(self._document)
        editor.said.connect(self.said)
        editor.dropped.connect(self.dropped)
        # Its own margins are meant for a page of its own.
        _trim(editor)
        editor.setMinimumHeight(round(self.fontMetrics().lineSpacing() * 16))
        return editor

    def show_answer(self, answer: Answer, score: RowScore) -> None:
        """Show what was entered.

        Args:
            answer: On this row.
            score: What it earns.
        """
        if self.rule_input is not None:
            self.rule_input.setEnabled(answer.not_applicable is None)
            self.rule_input.show_answer(answer, self._document.catalogue, self._document.entries)
        clearable = self.rule_input is not None and score.state is not RowState.BLANK
        self.clear.setVisible(clearable and not self._document.read_only)

    # -------------------------------------------------------------------------------------------------------- keyboard

    def start(self) -> None:
        """Put the keyboard into the first thing to fill in."""
        target = self._shown
        if target is not None:
            child = target.nextInFocusChain()
            while child is not None and child is not target and child.focusPolicy() == Qt.FocusPolicy.NoFocus:
                child = child.nextInFocusChain()
            (child or target).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> list[QWidget]:
        """What the tab key stops at, in order; the way back to blank, which comes last of all, is not among it."""
        widgets = [] if self._shown is None else self._shown.findChildren(QWidget)
        return [widget for widget in widgets if widget.focusPolicy() != Qt.FocusPolicy.NoFocus]

    # --------------------------------------------------------------------------------------------------------- storing

    def flush(self) -> None:
        """Hand over what stands in open fields."""
        if self.rule_input is not None:
            self.rule_input.flush()
        if self.matters is not None:
            self.matters.flush()

    def waiting_matters(self, *, by_disk: bool) -> list[tuple[str, str]]:
        """Row and name of the matters, where a refused text waits among them.

        Args:
            by_disk: One that only the disk did not take, or else one that means nothing there.
        """
        matters = self.kept_matters
        if matters is None or not (matters.refused_by_disk if by_disk else matters.has_not_taken):
            return []
        return [(matters.code, self.tr("事项"))]

    def _clear_score(self) -> None:
        from selfassess.gui.table.entering import cleared  # noqa: PLC0415 -- not before it is wanted

        if self._indicator is not None:
            code = self._indicator.code
            try:
                self._document.put_answer(code, cleared(self._indicator, self._document.entries.answer(code)))
            except UserError as error:
                self.said.emit(str(error))


def _trim(widget: QWidget) -> None:
    layout = widget.layout()
    if layout is not None:
        layout.setContentsMargins(0, 0, 0, 0)
