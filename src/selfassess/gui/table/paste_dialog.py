"""Shows what a pasted block would change, and asks; it changes nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from selfassess.gui.labels import Heading, Note
from selfassess.gui.table.pasting import Alignment, Outcome, PastedCell, PastePlan, plan
from selfassess.gui.theme import colours_of
from selfassess.gui.tips import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selfassess.domain.catalogue import ColumnKey
    from selfassess.domain.entries import Answer
    from selfassess.gui.table.clipboard import Block
    from selfassess.gui.table.pasting import Form, Target

_NOWHERE = QModelIndex()
_MOST_FITTED = 200
"""Lines up to which each is made as high as its texts; beyond, tool tips show what is cut."""
Index = QModelIndex | QPersistentModelIndex


class PasteModel(QAbstractTableModel):
    """The cells of a plan that change or are not taken, a line each.

    Args:
        titles: Names of the form's columns.
        parent: Owner.
    """

    def __init__(self, titles: Mapping[ColumnKey, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self._cells: list[PastedCell] = []

    def show_plan(self, planned: PastePlan) -> None:
        """Show another plan: what is not taken first."""
        order = {Outcome.REFUSED: 0, Outcome.SKIPPED: 1, Outcome.CHANGED: 2}
        self.beginResetModel()
        cells = [cell for cell in planned.cells if cell.outcome is not Outcome.SAME]
        self._cells = sorted(cells, key=lambda cell: order[cell.outcome])
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """One line a cell."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """行, 列, 原来, 粘贴, 结果."""
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (self.tr("行"), self.tr("列"), self.tr("原来"), self.tr("粘贴"), self.tr("结果"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the colour of what is not taken."""
        if not index.isValid():
            return None
        cell = self._cells[index.row()]
        texts = (
            cell.place or "—",
            self._titles.get(cell.key, "—") if cell.key is not None else "—",
            cell.before,
            cell.text,
            self._result(cell),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(texts[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 4:
            return self._colour(cell.outcome)
        return None

    def _result(self, cell: PastedCell) -> str:
        match cell.outcome:
            case Outcome.CHANGED:
                return self.tr("将修改")
            case Outcome.REFUSED:
                return self.tr("不接受：{0}").format(cell.why)
            case _:
                return self.tr("不粘贴：{0}").format(cell.why)

    def _colour(self, outcome: Outcome) -> QColor | None:
        owner = self.parent()
        if not isinstance(owner, QWidget):
            return None
        colours = colours_of(owner.palette())
        return {Outcome.REFUSED: colours.error, Outcome.SKIPPED: colours.verify}.get(outcome)


class PasteDialog(QDialog):
    """What would change, what is refused and why, and two questions: which rows, and what empty cells mean.

    Args:
        block: The pasted cells.
        target: Where they go.
        form: What the form holds now.
        alignment: The likely one.
        titles: Names of the form's columns.
        parent: Over which window.
    """

    def __init__(
        self,
        block: Block,
        target: Target,
        form: Form,
        alignment: Alignment,
        titles: Mapping[ColumnKey, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._block, self._target, self._form = block, target, form
        self.setWindowTitle(self.tr("粘贴预览"))
        self._summary = Heading("", parent=self)
        self._advice = Note(parent=self)
        self._alignment = QComboBox(self)
        self._alignment.setAccessibleName(self.tr("对应方式"))
        for choice, name in (
            (Alignment.LINES, self.tr("逐行对应（含类别行）")),
            (Alignment.ROWS, self.tr("逐行对应（跳过类别行）")),
            (Alignment.CODES, self.tr("按首列的行号对应（如 2.7）")),
        ):
            self._alignment.addItem(name, choice)
        self._alignment.setCurrentIndex(self._alignment.findData(alignment))
        self._blanks = QCheckBox(self.tr("空白格也清除原有内容"), self)
        self._blanks.setAccessibleName(self._blanks.text())
        self._model = PasteModel(titles, self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._take = self._buttons.addButton(self.tr("粘贴"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._alignment.currentIndexChanged.connect(self._plan_anew)
        self._blanks.toggled.connect(self._plan_anew)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._plan_anew()
        self.resize(900, 520)

    @property
    def planned(self) -> PastePlan:
        """What would be done as things stand in the dialog."""
        return self._planned

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The new answers by row code."""
        return self._planned.answers

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        label = QLabel(self.tr("对应方式(&R)"), self)
        label.setBuddy(self._alignment)
        choices.addWidget(label)
        choices.addWidget(self._alignment)
        choices.addSpacing(16)
        choices.addWidget(self._blanks)
        choices.addStretch(1)
        view = QTableView(self)
        view.setAccessibleName(self.tr("逐格说明"))
        view.setModel(self._model)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((52, 130, 120, 140)):
            view.setColumnWidth(column, width)
        view.setWordWrap(True)
        # Not before the widths are known: a narrow column would make its line too high.
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(self._fit_lines)
        view.horizontalHeader().sectionResized.connect(self._fit_later)
        self._view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self._summary)
        column.addWidget(self._advice)
        column.addLayout(choices)
        column.addWidget(view, 1)
        column.addWidget(self._buttons)

    def _fit_later(self, _column: int, _old: int, _new: int) -> None:
        self._fitting.start()

    def _fit_lines(self) -> None:
        if self._model.rowCount() <= _MOST_FITTED:
            self._view.resizeRowsToContents()

    def _plan_anew(self) -> None:
        self._planned = plan(
            self._block,
            self._target,
            self._form,
            Alignment(self._alignment.currentData()),
            blanks_clear=self._blanks.isChecked(),
        )
        self._model.show_plan(self._planned)
        self._fitting.start()
        rows, refused = len(self._planned.answers), self._planned.count(Outcome.REFUSED)
        skipped = self._planned.count(Outcome.SKIPPED)
        parts = [self.tr("将修改 {0} 行").format(rows) if rows else self.tr("没有要修改的内容")]
        if refused:
            parts.append(self.tr("{0} 格不接受").format(refused))
        if skipped:
            parts.append(self.tr("{0} 格不粘贴").format(skipped))
        self._summary.setText("，".join(parts))
        self._advice.setText(self.tr("不接受的格保持原值；粘贴后可用一次撤销全部恢复。"))
        self._take.setEnabled(bool(rows))
        self._take.setDefault(True)
