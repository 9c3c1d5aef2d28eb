"""What must be mended, explained or looked at before filing (审核问题), and the way to each place; mends nothing."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from selfassess.domain.finding import LEVEL_NAMES, Finding, Level
from selfassess.gui.findings_model import FINDING_ROLE, FindingDelegate, FindingsModel
from selfassess.gui.labels import Note
from selfassess.gui.soon import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.document import Document


class FindingsList(QListView):
    """A list in which Enter and a click mean: go there.

    Signals:
        chosen(QModelIndex): Go to this one.
    """

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.clicked.connect(self.chosen)

    def copy(self) -> None:
        """Put the chosen finding's sentence on the clipboard."""
        if self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(str(self.currentIndex().data()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the current one."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class FindingsPanel(QWidget):
    """Findings by level with counts; follows the document without losing the chosen line.

    Args:
        document: The open draft.
        here: Tells the place where the window stands, as :class:`Finding` codes places.
        parent: Owner.

    Signals:
        place_chosen(str, str): The place of a finding and the field it is about, as :class:`Finding` codes them.
    """

    place_chosen = Signal(str, str)

    def __init__(self, document: Document, here: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._here = here
        self._walked: Level | None = None
        """Of the finding that one went to last."""
        self._stood: str | None = None
        """Where going to the chosen finding has led; None: it was not gone to."""
        self._handed_over = False
        """Whether the chosen finding is next in turn, because the one before it was mended there."""
        self._model = FindingsModel(document, self)
        self._view = FindingsList()
        self._view.setAccessibleName(self.tr("审核问题"))
        self._view.setAccessibleDescription(self.tr("上下键选择，回车转到所在位置，F8 转到下一个"))
        self._view.setModel(self._model)
        self._view.setItemDelegate(FindingDelegate(self._view))
        self._view.chosen.connect(self._go)
        self._nothing = Note("", level="ok")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._nothing)
        self._levels = QButtonGroup(self)
        self._buttons: dict[Level | None, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._filter_row())
        column.addWidget(self._stack, 1)
        self._show_counts()
        document.findings_changed.connect(self._follow)

    @property
    def model(self) -> FindingsModel:
        """The findings that are listed."""
        return self._model

    @property
    def view(self) -> QListView:
        """The list itself."""
        return self._view

    def count(self, level: Level) -> int:
        """How many findings of a level there are, listed or not."""
        return sum(1 for finding in self._document.findings if finding.level is level)

    def next(self) -> None:
        """Goes to the next finding of the list, at or after the place where one stands; after the last to the first."""
        self._step(1)

    def previous(self) -> None:
        """Goes to the finding before, in the same order; before the first to the last."""
        self._step(-1)

    def set_level(self, level: Level | None) -> None:
        """Lists one level only, or all."""
        self._buttons[level].setChecked(True)
        self._show_level(level)

    # ---------------------------------------------------------------------------------------------------------- moving
    def _step(self, by: int) -> None:
        rows = self._model.rowCount()
        if rows:
            index = self._model.index(self._target(by) % rows, 0)
            self._view.setCurrentIndex(index)
            self._go(index)

    def _target(self, by: int) -> int:
        """The row to go to, before it is taken round the ends."""
        if self._stood is not None and self._stood == self._here():
            return self._view.currentIndex().row() + (0 if self._handed_over and by > 0 else by)
        start = self._model.first_from(self._walked, self._here(), beyond=by < 0)
        return start if by > 0 else start - 1

    def _go(self, index: QModelIndex) -> None:
        finding: Finding | None = index.data(FINDING_ROLE)
        if finding is not None:
            self._walked, self._handed_over = finding.level, False
            self.place_chosen.emit(finding.place, finding.part)
            self._stand()

    def _stand(self) -> None:
        self._stood = self._here()

    # ------------------------------------------------------------------------------------------------------- following
    def _follow(self) -> None:
        self._show_level(self._model.level)

    def _show_level(self, level: Level | None) -> None:
        """Lists a level, with the chosen line and the scroll position as they were, as far as they still exist."""
        chosen: Finding | None = self._view.currentIndex().data(FINDING_ROLE)
        row = self._view.currentIndex().row()
        scrolled = self._view.verticalScrollBar().value()
        self._model.set_level(level)
        self._show_counts()
        same = None if chosen is None else self._model.row_like(chosen)
        if same is not None:
            self._view.setCurrentIndex(self._model.index(same, 0))
        elif chosen is not None and chosen.level is not level and level is not None:
            self._stood = None
        elif chosen is not None and self._model.rowCount():
            self._hand_over(row % self._model.rowCount())
        self._view.verticalScrollBar().setValue(scrolled)

    def _hand_over(self, row: int) -> None:
        """The chosen finding was mended; the one that took its place is next in turn."""
        if self._stood == self._here():
            # Enter in a cell mends first, and then moves on: that is not going elsewhere.
            soon(self, self._stand)
        self._handed_over = True
        self._view.setCurrentIndex(self._model.index(row, 0))

    def _show_counts(self) -> None:
        counts = Counter(finding.level for finding in self._document.findings)
        for level, button in self._buttons.items():
            number = counts.total() if level is None else counts[level]
            name = self.tr("全部") if level is None else LEVEL_NAMES[level]
            button.setText(f"{name} {number}")
            button.setEnabled(level is None or number > 0 or self._model.level is level)
        self._stack.setCurrentIndex(0 if self._model.rowCount() else 1)
        level = self._model.level
        self._nothing.setText(
            self.tr("没有需要处理的问题，可以打印上报。")
            if level is None
            else self.tr("没有“{level}”一级的问题。").format(level=LEVEL_NAMES[level])
        )

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for level in (None, *Level):
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(partial(self._show_level, level))
            self._levels.addButton(button)
            self._buttons[level] = button
            row.addWidget(button)
        self._buttons[None].setChecked(True)
        row.addStretch(1)
        return row
