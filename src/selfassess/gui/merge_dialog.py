"""Shows what two copies of a draft hold differently, lets one side be chosen part by part, and merges when told to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from selfassess.errors import UserError
from selfassess.gui.labels import Heading, Note, button_row
from selfassess.gui.merge_model import SIDES, Column, MergeModel
from selfassess.gui.messages import show_error
from selfassess.gui.shown_scores import total_text
from selfassess.gui.window_sizes import open_at
from selfassess.store.joining import preview
from selfassess.store.merging import Choice

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.store.draft import Draft
    from selfassess.store.joining import Pair

_MOST_FITTED = 300
"""Lines up to which each is made as high as its texts."""
_WIDTHS = {Column.PLACE: 12, Column.OURS: 16, Column.THEIRS: 16, Column.ORIGIN: 8, Column.CHOICE: 6}
"""Columns, in characters (字)."""


class MergeDialog(QDialog):
    """The differences with a choice for each, and both totals beside the one that the choices give.

    Args:
        document: The open draft, which takes over what is chosen.
        other: The other, only looked at.
        pair: Their comparison, with at least one difference.
        parent: Over which window.
    """

    def __init__(self, document: Document, other: Draft, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._other = other
        self._pair = pair
        self.said = ""
        self.has_merged = False
        self.model = MergeModel(pair, self)
        self.view = QTableView(self)
        self._whole = QPlainTextEdit(self)
        self._totals = Heading("", parent=self)
        self._open = Note(parent=self)
        self._buttons = QDialogButtonBox(self)
        self._merge = QPushButton(self.tr("合并(&M)"), self)
        self._sides = [
            self._side_button(self.tr("用本文件的(&1)"), Choice.OURS),
            self._side_button(self.tr("用另一份的(&2)"), Choice.THEIRS),
            self._side_button(self.tr("两段都留(&3)"), Choice.BOTH),
        ]
        self.setWindowTitle(self.tr("比较与合并"))
        self._lay_out()
        self.model.chosen.connect(self._show)
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        self.view.doubleClicked.connect(self._choose_clicked)
        self._merge.setProperty("primary", True)
        self._merge.clicked.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.view.selectRow(self.model.first_undecided() or 0)
        self._show()
        self.view.setFocus()

    def choose(self, choice: Choice, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 -- Qt's signal
        """Choose a side for the selected lines, and go on to the next one that has to be chosen."""
        rows = self._selected()
        self.model.choose(rows, choice)
        following = self.model.first_undecided()
        if len(rows) == 1 and following is not None:
            self.view.selectRow(following)
        self._show_selected()

    def accept(self) -> None:
        """Merge, as one step; a refusal leaves everything as it is and the dialog open."""
        if self.model.first_undecided() is not None:
            return
        merged = preview(self._pair, self.model.choices).merged
        try:
            step = self._document.merge(self._other, self._pair, self.model.choices)
        except UserError as error:
            show_error(self, error, title=self.tr("没有合并"))
            return
        self.has_merged = bool(step)
        left = self.tr("，没有采用的 {0} 处见“合并记录”").format(len(merged.left)) if merged.left else ""
        self.said = (
            self.tr("{0}：采用另一份的 {1} 处{2}。").format(step, merged.taken, left)
            if step
            else self.tr("没有要采用的内容，本文件没有变化。")
        )
        super().accept()

    # ---------------------------------------------------------------------------------------------------------- showing

    def _show(self) -> None:
        scorecard = preview(self._pair, self.model.choices).scorecard
        self._totals.setText(
            self.tr("总分：本文件 {0}　另一份 {1}　合并后 {2}").format(
                total_text(self._document.scorecard), total_text(self._other.scorecard), total_text(scorecard)
            )
        )
        waiting = sum(one.place not in self.model.choices for one in self.model.differences)
        self._open.set_level("error" if waiting else "muted")
        self._open.setText(
            self.tr("还有 {0} 处两边不同，要选定用哪一边的。").format(waiting)
            if waiting
            else self.tr("都已选定。合并是一步，可以撤销；另一份文件不变。")
        )
        self._merge.setEnabled(not waiting)
        self._merge.setDefault(not waiting)

    def _show_selected(self) -> None:
        rows = self._selected()
        self._whole.setPlainText(self.model.whole_text(rows[0]) if len(rows) == 1 else "")
        self._sides[0].setEnabled(bool(rows))
        self._sides[1].setEnabled(bool(rows))
        self._sides[2].setEnabled(any(self.model.differences[row].joinable for row in rows))

    def _selected(self) -> list[int]:
        return sorted({index.row() for index in self.view.selectionModel().selectedRows()})

    def _choose_clicked(self, index: QModelIndex) -> None:
        choice = SIDES.get(Column(index.column()))
        if choice is not None:
            self.choose(choice)

    # ---------------------------------------------------------------------------------------------------------- layout

    def _side_button(self, text: str, choice: Choice) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(partial(self.choose, choice))
        return button

    def _lay_out(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(self.tr("不同之处"))
        view.setAccessibleDescription(self.tr("上下键选行，Alt+1 用本文件的，Alt+2 用另一份的，Alt+3 两段都留"))
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setWordWrap(True)
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        square = self.fontMetrics().horizontalAdvance("国")
        for column, squares in _WIDTHS.items():
            view.setColumnWidth(column, squares * square)
        for column in SIDES:
            view.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        # Not before the widths are known: a narrow column would make its line too high.
        self._fitting = QTimer(self, singleShot=True)
        self._fitting.timeout.connect(self._fit_lines)
        view.horizontalHeader().sectionResized.connect(self._fit_later)
        self._whole.setReadOnly(True)
        self._whole.setTabChangesFocus(True)
        self._whole.setAccessibleName(self.tr("选中的一处，全文"))
        self._whole.setFixedHeight(self.fontMetrics().lineSpacing() * 5)
        self._buttons.addButton(self._merge, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        heading = Heading(self._heading(), scale=1.1, parent=self)
        heading.setWordWrap(True)  # names of files can be long
        column.addWidget(heading)
        column.addWidget(Note(self._history(), parent=self))
        column.addWidget(view, 1)
        column.addWidget(self._whole)
        column.addLayout(button_row(*self._sides))
        column.addWidget(self._totals)
        column.addWidget(self._open)
        column.addWidget(self._buttons)
        open_at(self, 72, 32)

    def _heading(self) -> str:
        return self.tr("与“{0}”有 {1} 处不同").format(self._pair.name, len(self.model.differences))

    def _history(self) -> str:
        saved = f"{self._other.saved_at.astimezone():%Y-%m-%d %H:%M}"
        if self._pair.parting is None:
            how = self.tr("两份没有共同的历史，只有一边填了的已先选上。")
        else:
            at = self._pair.parting.at[:16].replace("T", " ")
            how = self.tr("两份从 {0} 以后分开填写，只有一边改过的已先选上。").format(at)
        advice = self.tr("双击要用的一格，或选中几行后点下面的按钮。")
        return self.tr("另一份最后保存于 {0}。{1}{2}").format(saved, how, advice)

    def _fit_later(self, _column: int, _old: int, _new: int) -> None:
        self._fitting.start()

    def _fit_lines(self) -> None:
        if self.model.rowCount() <= _MOST_FITTED:
            self.view.resizeRowsToContents()
