"""Narrows the table to some rows, by text and by state; the decision is pure, the widgets only ask."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from selfassess.domain.finding import Level
from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.scoring.remarks import remark_text

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.scorecard import RowScore

_PATIENCE = 150
"""Milliseconds of silence after which a typed text filters."""


class StateFilter(StrEnum):
    """Which rows, by state."""

    ALL = "all"
    BLANK = "blank"
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    FINDINGS = "findings"
    DEDUCTED = "deducted"


def shown_codes(document: Document, text: str, state: StateFilter) -> frozenset[str] | None:
    """The rows a filter lets through.

    Args:
        document: The open draft.
        text: Every word of it must occur in the row: code, 考核内容, 指标, 计算方法 or what was entered.
        state: Which rows, by state.

    Returns:
        Codes of rows; None when nothing is filtered.
    """
    words = _folded(text).split()
    if not words and state is StateFilter.ALL:
        return None
    places = {finding.place for finding in document.findings if finding.level is not Level.HINT}
    scores = {row.code: row for row in document.scorecard.rows}

    def remark(indicator: Indicator) -> str:
        answer, score = document.entries.answer(indicator.code), scores[indicator.code]
        return remark_text(indicator.rule, answer, score, document.entries.adjustments)

    return frozenset(
        indicator.code
        for category, indicator in document.catalogue.indicators()
        if _in_state(indicator, scores[indicator.code], places, state)
        and _has(words, category.heading, indicator, remark(indicator))
    )


def _in_state(indicator: Indicator, score: RowScore, places: set[str], state: StateFilter) -> bool:
    match state:
        case StateFilter.ALL:
            return True
        case StateFilter.BLANK:
            return score.state is RowState.BLANK and not isinstance(indicator.rule, AdjustmentBand)
        case StateFilter.ANSWERED:
            return score.state is RowState.ANSWERED
        case StateFilter.NOT_APPLICABLE:
            return score.state is RowState.NOT_APPLICABLE
        case StateFilter.FINDINGS:
            return indicator.code in places
        case StateFilter.DEDUCTED:
            return score.deduction is not None and score.deduction > 0


def _has(words: list[str], heading: str, indicator: Indicator, remark: str) -> bool:
    if not words:
        return True
    texts = (indicator.code, heading, indicator.content, indicator.name, indicator.method, remark)
    text = _folded("\n".join(texts))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Full-width and half-width, large and small letters are alike."""
    return unicodedata.normalize("NFKC", text).casefold()


class FilterBar(QWidget):
    """A field for a text and a list of states.

    Signals:
        changed: Other rows shall be shown.
        left_down: The clerk wants to go on in the table.

    Args:
        parent: Owner.
    """

    changed = Signal()
    left_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLineEdit(self)
        self._text.setPlaceholderText(self.tr("查找：序号、指标、计算方法、备注"))
        self._text.setAccessibleName(self.tr("按文字筛选"))
        self._text.setClearButtonEnabled(True)
        self._text.installEventFilter(self)
        self._state = QComboBox(self)
        self._state.setAccessibleName(self.tr("按状态筛选"))
        for state, name in self._names():
            self._state.addItem(name, state)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._state)
        row.addWidget(self._text, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self.changed)
        self._text.textChanged.connect(self._wait)
        self._state.currentIndexChanged.connect(self._tell)
        self.setFocusProxy(self._text)

    @property
    def text(self) -> str:
        """The text to look for."""
        return self._text.text()

    @property
    def state(self) -> StateFilter:
        """The chosen state."""
        return StateFilter(self._state.currentData())

    def is_open(self) -> bool:
        """Whether every row is let through."""
        return self.state is StateFilter.ALL and not self.text.strip()

    def start(self) -> None:
        """Begin to type a text."""
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._text.selectAll()

    def choose(self, state: StateFilter) -> None:
        """Show the rows in a state."""
        self._state.setCurrentIndex(self._state.findData(state))

    def reset(self) -> None:
        """Let every row through."""
        blocked = self._state.blockSignals(True)
        self._text.clear()
        self._state.setCurrentIndex(0)
        self._state.blockSignals(blocked)
        self._timer.stop()
        self.changed.emit()

    def _wait(self, _text: str) -> None:
        self._timer.start()

    def _tell(self, _at: int) -> None:
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and the down key go on in the table, Esc shows all rows."""
        if watched is self._text and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._timer.isActive():
                    self._timer.stop()
                    self.changed.emit()
                self.left_down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.reset()
                self.left_down.emit()
                return True
        return super().eventFilter(watched, event)

    def _names(self) -> tuple[tuple[StateFilter, str], ...]:
        return (
            (StateFilter.ALL, self.tr("全部")),
            (StateFilter.BLANK, self.tr("未填")),
            (StateFilter.ANSWERED, self.tr("已填")),
            (StateFilter.NOT_APPLICABLE, self.tr("不涉及")),
            (StateFilter.FINDINGS, self.tr("有问题")),
            (StateFilter.DEDUCTED, self.tr("被扣分")),
        )
