"""Shows the restore points (恢复点) of the open draft and what going back would change; changes nothing itself."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from selfassess.errors import StoreError
from selfassess.gui.draft_list import when_text
from selfassess.gui.labels import Heading, Note
from selfassess.gui.messages import show_error
from selfassess.gui.tasks import run_with_progress
from selfassess.gui.tips import literal
from selfassess.gui.window_sizes import open_at
from selfassess.scoring.numbers import show
from selfassess.store.draft import now
from selfassess.store.words import lines_of
from selfassess.waiting import CalledOffError, never

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from selfassess.document import Document
    from selfassess.store.restore_points import RestorePoint

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
Found = TypeVar("Found")
_MANY_STEPS = 10_000
"""Steps that are looked back over before anybody notices: a tenth of a second."""
_FIRST = 60
"""Points that are shown at once; looking back further takes longer."""
_MOST_LINES = 300
"""Changes of a preview that anybody would read."""
_WHEN, _WORDS, _ANSWERED, _TOTAL = range(4)


class RestorePointModel(QAbstractTableModel):
    """Points, a line each.

    Args:
        moment: Now; days are counted from it.
        parent: Owner.
    """

    def __init__(self, moment: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = moment
        self._points: tuple[RestorePoint, ...] = ()

    def show_points(self, points: Sequence[RestorePoint]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._points = tuple(points)
        self.endResetModel()

    def point(self, row: int) -> RestorePoint:
        """The point in a line."""
        return self._points[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """One line a point."""
        return 0 if parent.isValid() else len(self._points)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """时间, 修改, 已填, 总分."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (self.tr("时间"), self.tr("到这时为止的修改"), self.tr("已填"), self.tr("总分"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts."""
        if not index.isValid():
            return None
        point, column = self._points[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (_ANSWERED, _TOTAL):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{point.at:%Y-%m-%d %H:%M:%S}" if column == _WHEN else literal(self._texts(point)[column])
        return self._texts(point)[column] if role == Qt.ItemDataRole.DisplayRole else None

    def _texts(self, point: RestorePoint) -> tuple[str, str, str, str]:
        words = point.words if point.steps == 1 else self.tr("{0} 步：{1}").format(point.steps, point.words)
        return (
            when_text(point.at, self._now),
            words,
            self.tr("{0}/{1} 行").format(point.answered, point.rows),
            "—" if point.total is None or not point.answered else show(point.total),
        )


class RestoreDialog(QDialog):
    """Which state the draft shall go back to; accepted when one was chosen.

    Args:
        document: The open draft.
        parent: Over which window.

    Raises:
        StoreError: The history cannot be read.
        CalledOffError: Looking back took long, and was called off.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setWindowTitle(self.tr("恢复"))
        self._model = RestorePointModel(now(), self)
        self._view = QTableView(self)
        self._trouble = Note(level="verify", parent=self)
        self._what = Heading("", parent=self)
        self._preview = QPlainTextEdit(self)
        self._older = QPushButton(self.tr("显示更早的(&E)"), self)
        self._take = QPushButton(self.tr("恢复(&R)"), self)
        self._later = QTimer(self, singleShot=True, interval=30)
        self._later.timeout.connect(self._show_preview)
        self._prepare()
        self._lay_out()
        open_at(self, 62, 30)
        self._show_points(_FIRST)

    @property
    def point(self) -> RestorePoint | None:
        """The chosen one; None when there is none."""
        index = self._view.currentIndex()
        return self._model.point(index.row()) if index.isValid() else None

    @property
    def model(self) -> RestorePointModel:
        """The points that are shown."""
        return self._model

    def preview(self) -> str:
        """What going back would change, in words."""
        return self._preview.toPlainText()

    # -------------------------------------------------------------------------------------------------------- building
    def _prepare(self) -> None:
        view = self._view
        view.setModel(self._model)
        view.setAccessibleName(self.tr("可以恢复到的时间"))
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_WORDS, QHeaderView.ResizeMode.Stretch)
        view.selectionModel().currentChanged.connect(self._later.start)
        view.doubleClicked.connect(self.accept)
        self._preview.setReadOnly(True)
        self._preview.setTabChangesFocus(True)
        self._preview.setAccessibleName(self.tr("恢复会改变的内容"))
        self._older.clicked.connect(self._show_older)
        self._older.setAutoDefault(False)
        self._take.setProperty("primary", True)
        self._take.setDefault(True)
        self._take.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._what)
        column.addWidget(self._preview, 1)
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self._view)
        halves.addWidget(below)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        close = QPushButton(self.tr("关闭"), self)
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self._older)
        buttons.addStretch(1)
        buttons.addWidget(self._take)
        buttons.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 14)
        outer.setSpacing(10)
        outer.addWidget(
            Note(self.tr("选一个时间，整张表就回到那时的内容。恢复只算一步，可以撤销；以后的修改也都还在。"))
        )
        outer.addWidget(halves, 1)
        outer.addWidget(self._trouble)
        outer.addLayout(buttons)

    # --------------------------------------------------------------------------------------------------------- showing
    def _show_points(self, most: int | None) -> None:
        row = max(self._view.currentIndex().row(), 0)
        found = self._look_back(lambda off: self._document.draft.restore_points(most, off), 0)
        self._model.show_points(found.points)
        self._older.setVisible(found.more)
        self._trouble.setText(found.notice)
        self._trouble.setVisible(bool(found.notice))
        self._view.setCurrentIndex(self._model.index(row, 0))
        self._view.setFocus()
        self._show_preview()

    def _show_older(self) -> None:
        try:
            with contextlib.suppress(CalledOffError):  # what is listed stays, here as there
                self._show_points(None)
        except StoreError as error:
            show_error(self, error)

    def _show_preview(self) -> None:
        self._later.stop()
        point = self.point
        if point is None:
            self._say(self.tr("还没有可以恢复到的时间"), self.tr("填写以后，每一步、每一段时间都可以恢复。"), can=False)
            return
        try:
            changes = self._look_back(lambda off: self._document.draft.changes_to(point, off), point.step)
        except StoreError as error:
            self._say(self.tr("不能恢复到这个时间"), str(error), can=False)
            return
        except CalledOffError:
            self._say(self.tr("没有查看"), self.tr("再选一次这个时间，就重新查看。"), can=False)
            return
        lines = lines_of(changes, self._document.catalogue)
        if not lines:
            self._say(self.tr("现在的内容和那时一样"), "", can=False)
            return
        shown = lines[:_MOST_LINES]
        if len(lines) > len(shown):
            shown.append(self.tr("……另有 {0} 处").format(len(lines) - len(shown)))
        self._say(self.tr("恢复会改变 {0} 处").format(len(lines)), "\n".join(shown), can=True)

    def _look_back(self, work: Callable[[Callable[[], bool]], Found], step: int) -> Found:
        """Looks back as far as a step: beside the window, with progress, where there are very many."""
        if self._document.draft.steps_since(step) < _MANY_STEPS:
            return work(never)
        shown = self if self.isVisible() else self.parentWidget() or self
        return run_with_progress(shown, self.tr("正在查看以前的修改…"), lambda off: work(off.is_set))

    def _say(self, heading: str, text: str, *, can: bool) -> None:
        self._what.setText(heading)
        self._preview.setPlainText(text)
        self._take.setEnabled(can)

    def done(self, result: int) -> None:
        """Nothing is looked up any more."""
        super().done(result)
        self._later.stop()

    def accept(self) -> None:
        """Only where there is something to restore; also after a double click and Enter."""
        if self._later.isActive():
            self._show_preview()
        if self._take.isEnabled():
            super().accept()
