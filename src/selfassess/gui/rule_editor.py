"""The controls for a rule's parameters: single ones as fields, tiers, clauses and options as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from selfassess.domain.rules import RULE_NAMES, Rule
from selfassess.gui.labels import Note, button_row
from selfassess.gui.rule_sheet import NO, YES, Kind, Parts, Sheet, parameters_of, parts_of, rule_of, sheet_of
from selfassess.gui.theme import ticked_palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

_VISIBLE_ROWS = 5


class TickDelegate(QStyledItemDelegate):
    """Paints a cell's tick box so that its outline is seen on a dark ground."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: D102  (Qt's contract)
        super().initStyleOption(option, index)
        fields = cast("Any", option)
        palette = QPalette(fields.palette)
        palette.setBrush(QPalette.ColorRole.Window, ticked_palette(palette).window())
        fields.palette = palette


class RuleEditor(QWidget):
    """Corrects the parameters of one rule; its kind stays.

    Args:
        rule: The rule as it is.
        parent: Owner.

    Signals:
        edited(): Some text changed; it may not be a rule at the moment.
    """

    edited = Signal()

    def __init__(self, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = rule
        self._fields: dict[str, QLineEdit | QComboBox] = {}
        self._parts: Parts | None = parts_of(rule)
        self._table = QTableWidget()
        self._table.setItemDelegate(TickDelegate(self._table))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Note(self.tr("规则：{name}").format(name=RULE_NAMES[type(rule)])))
        sheet = sheet_of(rule)
        if parameters_of(rule):
            column.addLayout(self._form(sheet))
        if self._parts is not None:
            self._fill_table(self._parts, sheet)
            column.addWidget(self._table)
            column.addLayout(self._table_buttons())
        self._table.itemChanged.connect(self._changed)

    def result(self) -> tuple[Rule, tuple[str, ...]]:
        """The corrected rule, and every refusal in words; with refusals the rule is the old one."""
        return rule_of(self._rule, self._sheet())

    @property
    def table(self) -> QTableWidget:
        """The parts, when the rule has any."""
        return self._table

    # ------------------------------------------------------------------------------------------------------------ parts
    def _sheet(self) -> Sheet:
        values = {
            name: field.currentText() if isinstance(field, QComboBox) else field.text()
            for name, field in self._fields.items()
        }
        rows = tuple(
            tuple(self._cell(row, place) for place in range(self._table.columnCount()))
            for row in range(self._table.rowCount())
        )
        return Sheet(values=values, rows=rows)

    def _changed(self, item: QTableWidgetItem) -> None:
        if self._parts is not None and self._parts.columns[item.column()].kind is Kind.FLAG:
            words = YES if item.checkState() == Qt.CheckState.Checked else NO
            if item.text() != words:
                item.setText(words)
                return  # which comes here again
        self.edited.emit()

    def _cell(self, row: int, place: int) -> str:
        item = self._table.item(row, place)
        if item is None:
            return ""
        if self._parts is not None and self._parts.columns[place].kind is Kind.FLAG:
            return YES if item.checkState() == Qt.CheckState.Checked else NO
        return item.text()

    def _form(self, sheet: Sheet) -> QFormLayout:
        form = QFormLayout()
        for each in parameters_of(self._rule):
            text = sheet.values[each.name]
            if each.kind is Kind.FLAG:
                box = QComboBox()
                box.addItems([YES, NO])
                box.setCurrentText(text)
                box.currentTextChanged.connect(self.edited)
                field: QLineEdit | QComboBox = box
            else:
                edit = QLineEdit(text)
                edit.textChanged.connect(self.edited)
                field = edit
            field.setAccessibleName(each.label)
            self._fields[each.name] = field
            form.addRow(each.label, field)
        return form

    def _fill_table(self, parts: Parts, sheet: Sheet) -> None:
        self._table.setColumnCount(len(parts.columns))
        self._table.setHorizontalHeaderLabels([column.label for column in parts.columns])
        self._table.setAccessibleName(parts.label)
        self._table.setTabKeyNavigation(False)
        self._table.setWordWrap(True)
        for row in sheet.rows:
            self._append(row)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for place, column in enumerate(parts.columns):
            if column.kind is Kind.TEXT:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        line = self._table.fontMetrics().height() + 12
        self._table.setMinimumHeight(line * (min(len(sheet.rows), _VISIBLE_ROWS) + 1) + 4)

    def _append(self, row: tuple[str, ...]) -> None:
        place = self._table.rowCount()
        self._table.insertRow(place)
        for column, text in enumerate(row):
            item = QTableWidgetItem()
            if self._parts is not None and self._parts.columns[column].kind is Kind.FLAG:
                item.setFlags((item.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsEditable)
                item.setCheckState(Qt.CheckState.Checked if text == YES else Qt.CheckState.Unchecked)
            # A flag's tick says it in words as well: an empty box alone is easily overlooked.
            item.setText(text)
            self._table.setItem(place, column, item)

    def _table_buttons(self) -> QHBoxLayout:
        add = QPushButton(self.tr("加一行"))
        add.setAutoDefault(False)
        add.clicked.connect(self._add)
        remove = QPushButton(self.tr("删去所选行"))
        remove.setAutoDefault(False)
        remove.clicked.connect(self._remove)
        return button_row(add, remove)

    def _add(self) -> None:
        if self._parts is not None:
            self._append(tuple(NO if column.kind is Kind.FLAG else "" for column in self._parts.columns))
            self._table.setCurrentCell(self._table.rowCount() - 1, 0)
            self.edited.emit()

    def _remove(self) -> None:
        for row in sorted({index.row() for index in self._table.selectedIndexes()}, reverse=True):
            self._table.removeRow(row)
        self.edited.emit()
