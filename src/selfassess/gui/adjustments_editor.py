"""Edits the matters of 八、其他事项 and shows which of them count and why; adds nothing up itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from selfassess.domain.rules import AdjustmentBand
from selfassess.gui.adjustments_cells import SignDelegate, TextDelegate, is_enter
from selfassess.gui.adjustments_model import AdjustmentsModel, Column, band_of
from selfassess.gui.labels import Heading, Note, button_row
from selfassess.gui.table.clipboard import from_text, to_text
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.scoring.adjustments import Weighing

_NEXT: dict[int, Column] = {Column.MATTER: Column.BASIS, Column.BASIS: Column.POINTS, Column.SIGN: Column.POINTS}
"""Where Enter goes; a sign of its own can be typed with the points."""
_ROOMY = 40
"""Characters of width from which on every column is shown."""


class AdjustmentsTable(QTableView):
    """The table; Enter goes from field to field and behind the last one asks for another matter, Delete empties cells.

    Signals:
        another_wanted(): Enter was pressed in the last field of the last matter.
        removal_wanted(): Ctrl+Delete was pressed.
        clear_wanted(): Delete was pressed.
        paste_refused(str): The clipboard does not fit the current cell, in words.
        verdict_moved(): The column 是否计入 was hidden, or shown again.
    """

    another_wanted = Signal()
    removal_wanted = Signal()
    clear_wanted = Signal()
    paste_refused = Signal(str)
    verdict_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.texts = TextDelegate(self)
        self.texts.entered.connect(self._type_on)
        self.setItemDelegate(self.texts)
        self.setItemDelegateForColumn(Column.SIGN, SignDelegate(self))
        # A click there would choose every matter, and the next key could remove them.
        self.horizontalHeader().setSectionsClickable(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field, Delete empties the chosen cells."""
        if is_enter(event) and self.state() != QAbstractItemView.State.EditingState:
            self._go_on()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.removal_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear_wanted.emit()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, as spreadsheets read them."""
        chosen = {(index.row(), index.column()): str(index.data() or "") for index in self.selectedIndexes()}
        rows, columns = sorted({row for row, _ in chosen}), sorted({column for _, column in chosen})
        if chosen:
            block = [[chosen.get((row, column), "") for column in columns] for row in rows]
            QGuiApplication.clipboard().setText(to_text(block))

    def cut(self) -> None:
        """Copy the chosen cells and empty those that hold typed text."""
        self.copy()
        self.clear_wanted.emit()

    def paste(self) -> None:
        """Enter one value into the current cell, or say why not."""
        block, current = from_text(QGuiApplication.clipboard().text()), self.currentIndex()
        if not block or not current.isValid():
            return
        if current.column() not in {Column.MATTER, Column.BASIS, Column.POINTS}:
            self.paste_refused.emit(self.tr("这一格不能粘贴。请选中“事项”“依据”或“分值”的格子再粘贴。"))
        elif len(block) > 1 or len(block[0]) > 1:
            self.paste_refused.emit(self.tr("这里一次只能粘贴一格，剪贴板里有好几格。请一格一格地复制、粘贴。"))
        else:
            self.model().setData(current, block[0][0], Qt.ItemDataRole.EditRole)

    def take_open(self) -> None:
        """Hand over what stands in an open editor."""
        if self.state() != QAbstractItemView.State.EditingState:
            return
        for editor in self.viewport().findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if not editor.isHidden():  # a closed one lives on until Qt comes to free it
                self.commitData(editor)
                self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The two texts share what the short columns leave."""
        super().resizeEvent(event)
        self.fit_columns()

    def event(self, event: QEvent) -> bool:
        """Columns grow with the text size."""
        done = super().event(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_columns()
        return done

    def fit_columns(self) -> None:
        """Shares the width out; where it is narrow, such as in the row's panel, the verdict is told below the table."""
        metrics = self.fontMetrics()
        verdict = metrics.horizontalAdvance("不计：与第 10 项是同一事项") + 16
        narrow = self.viewport().width() < _ROOMY * metrics.averageCharWidth()
        if self.isColumnHidden(Column.VERDICT) != narrow:
            self.setColumnHidden(Column.VERDICT, narrow)
            self.verdict_moved.emit()
        short = {
            Column.SIGN: metrics.horizontalAdvance("加/扣") + (12 if narrow else 40),
            Column.POINTS: metrics.horizontalAdvance("分值") + (12 if narrow else 40),
            Column.VERDICT: 0 if narrow else verdict,
        }
        for column, width in short.items():
            if width:
                self.setColumnWidth(column, width)
        rest = max(self.viewport().width() - sum(short.values()), 4 * metrics.horizontalAdvance("事项"))
        self.setColumnWidth(Column.MATTER, rest * 3 // 5)
        self.setColumnWidth(Column.BASIS, rest - rest * 3 // 5)
        self.resizeRowsToContents()  # the header looks again when a text changes, not when a column does

    def _type_on(self) -> None:
        """Whoever pressed Enter while typing goes on typing."""
        if self._go_on():
            self.edit(self.currentIndex())

    def _go_on(self) -> bool:
        """To the next field, those of a matter first; whether there was one."""
        current = self.currentIndex()
        target = current.siblingAtColumn(_NEXT.get(current.column(), Column.MATTER))
        if target.column() == Column.MATTER:
            target = current.sibling(current.row() + 1, Column.MATTER)
        if target.isValid():
            self.setCurrentIndex(target)
        else:
            self.another_wanted.emit()
        return target.isValid()


class AdjustmentsEditor(QWidget):
    """Matters with basis, sign and points; the rule of same matters and the caps in sight.

    Signals:
        said(str): A sentence for the status line.
        dropped(str, str, str): A text that waited has lost its place: the row's code, its matter in words, the text.

    Args:
        document: The open draft.
        parent: Owner.
    """

    said = Signal(str)
    dropped = Signal(str, str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._model = AdjustmentsModel(document, self)
        self._table = AdjustmentsTable()
        self._table.setModel(self._model)
        self._table.setAccessibleName(self.tr("加分、扣分事项"))
        self._title = Heading("", scale=1.1)
        self._rule = Note()
        self._sums = Note()
        self._refusal = Note(level="error")
        self._add = QPushButton(self.tr("新增事项(&A)"))
        self._remove = QPushButton(self.tr("删除所选(&D)"))
        self._remove.setToolTip(self.tr("Ctrl+Delete；误删可以撤销"))
        self._lay_out()
        self._add.clicked.connect(self.add)
        self._remove.clicked.connect(self.remove_selected)
        self._table.another_wanted.connect(self.add)
        self._table.removal_wanted.connect(self.remove_selected)
        self._table.clear_wanted.connect(lambda: self._model.clear(self._table.selectedIndexes()))
        self._table.verdict_moved.connect(self._show)
        self._model.refused.connect(self._refuse)
        self._table.paste_refused.connect(self._refuse)
        self._table.texts.given_up.connect(lambda: self._refuse(""))
        self._table.texts.dropped.connect(self._tell_dropped)
        self._model.modelAboutToBeReset.connect(self._table.texts.hold_open)
        self._model.renumbered.connect(self._table.texts.renumber)
        self._model.modelReset.connect(self._table.texts.go_on)
        for changed in (document.adjustments_changed, document.catalogue_changed):
            changed.connect(self._show)
        self._show()

    @property
    def model(self) -> AdjustmentsModel:
        """The matters."""
        return self._model

    @property
    def code(self) -> str:
        """Of the row whose matters these are; "" when the form has none."""
        rows = (row for _, row in self._document.catalogue.indicators())
        return next((row.code for row in rows if isinstance(row.rule, AdjustmentBand)), "")

    @property
    def table(self) -> QTableView:
        """The table itself."""
        return self._table

    def show_place(self, place: str, part: str = "matter") -> None:
        """Puts the keyboard where a finding points.

        Args:
            place: ``adjustment.0`` …; anything else means the first matter.
            part: ``matter``, ``basis`` or ``points``.
        """
        number = place.removeprefix("adjustment.")
        row = int(number) if number.isdecimal() else 0
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._table.setCurrentIndex(self._model.index(min(row, self._model.rowCount() - 1), Column[part.upper()]))

    def add(self) -> None:
        """Appends an empty matter, unless one waits already, and begins to type it."""
        last = self._model.rowCount() - 1
        if (last >= 0 and self._model.is_blank(last)) or self._model.add():
            index = self._model.index(self._model.rowCount() - 1, Column.MATTER)
            self._table.setFocus()
            self._table.setCurrentIndex(index)
            self._table.edit(index)

    def remove_selected(self) -> None:
        """Takes out the matters of the selected cells; one step of undo."""
        rows = {index.row() for index in self._table.selectedIndexes()}
        if not rows or not self._model.remove(rows):
            return
        self.said.emit(self.tr("已删除 {0} 项，按 Ctrl+Z 可恢复。").format(len(rows)))
        if self._model.rowCount():
            self._table.setCurrentIndex(self._model.index(min(*rows, self._model.rowCount() - 1), Column.MATTER))

    def flush(self) -> None:
        """Stores what is still being typed."""
        self._table.take_open()

    def is_typing(self) -> bool:
        """Whether something stands in an open cell that is not stored."""
        return self._table.texts.is_typing()

    def retry(self) -> None:
        """Try once more to store what the disk refused; the cell opens no more."""
        self._table.texts.retry()

    @property
    def has_not_taken(self) -> bool:
        """Whether a text waits in its cell that means nothing there."""
        return self._table.texts.waits(by_disk=False)

    @property
    def refused_by_disk(self) -> bool:
        """Whether a good text waits in its cell because only the disk did not take it."""
        return self._table.texts.waits(by_disk=True)

    # --------------------------------------------------------------------------------------------------------- showing
    def _show(self) -> None:
        band = band_of(self._document.catalogue)
        heading = next(
            (category.heading for category in self._document.catalogue.categories if not category.in_base), ""
        )
        self._title.setText(heading)
        self._rule.setText(self._rule_text(band) if band else self.tr("这份表没有加分、扣分事项。"))
        weighing = self._model.weighing
        self._sums.setText(self._sums_text(weighing) if weighing else "")
        editable = not self._document.read_only
        self._add.setEnabled(editable and band is not None)
        self._remove.setEnabled(editable and self._model.rowCount() > 0)
        self._table.verticalHeader().resizeSections(QHeaderView.ResizeMode.ResizeToContents)

    def _rule_text(self, band: AdjustmentBand) -> str:
        caps = self.tr("加分合计最多 {bonus} 分，扣分合计最多 {deduction} 分。").format(
            bonus=show(band.bonus_cap), deduction=show(band.deduction_cap)
        )
        if not band.largest_of_same_matter:
            return caps
        same = self.tr("同一事项（文字相同，空格和全角半角不计）有多项加分或多项扣分的，只取最高的一项。")
        return same + caps

    def _sums_text(self, weighing: Weighing) -> str:
        if not weighing.matters:
            return self.tr("没有加分、扣分事项的单位，这里不必填。")
        points = next(
            (category.points for category in self._document.scorecard.categories if not category.in_base), None
        )
        parts = [
            self._sum_text(self.tr("加分"), weighing.bonus_sum, weighing.bonus),
            self._sum_text(self.tr("扣分"), weighing.deduction_sum, weighing.deduction),
            self.tr("本类得分 {points} 分。").format(points=show(points or Decimal(0))),
        ]
        lines = ["；".join(parts)]
        if self._table.isColumnHidden(Column.VERDICT):
            # The column that says so has no room in the row's panel.
            lines += [
                self.tr("第 {number} 项{verdict}").format(number=row + 1, verdict=self._model.verdict(row))
                for row, weighed in enumerate(weighing.matters)
                if not weighed.counted
            ]
        return "\n".join(lines)

    def _sum_text(self, name: str, total: Decimal, kept: Decimal) -> str:
        text = self.tr("{name}合计 {total} 分").format(name=name, total=show(total))
        return text if kept == total else text + self.tr("，超过上限，只计 {kept} 分").format(kept=show(kept))

    def _tell_dropped(self, row: int, text: str) -> None:
        self.dropped.emit(self.code, self.tr("第 {0} 项").format(row + 1), text)

    def _refuse(self, text: str) -> None:
        self._refusal.setText(text)
        self._refusal.setVisible(bool(text))

    def _lay_out(self) -> None:
        self._refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._rule)
        column.addWidget(self._table, 1)
        column.addWidget(self._refusal)
        column.addWidget(self._sums)
        column.addLayout(button_row(self._add, self._remove))
