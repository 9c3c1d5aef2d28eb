"""The annex as a Qt item model: it holds no data, asks the document, and finds rows by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.errors import UserError
from selfassess.gui.shown_scores import is_begun
from selfassess.gui.table import entering
from selfassess.gui.table.cells import CENTRED, EDITABLE, Cell, heading_cell, row_cell
from selfassess.gui.table.form_index import FormIndex
from selfassess.gui.table.lines import Line, lines_of
from selfassess.gui.tips import literal

if TYPE_CHECKING:
    from collections.abc import Container

    from selfassess.document import Document
    from selfassess.domain.entries import Answer
    from selfassess.domain.finding import Finding
    from selfassess.domain.scorecard import Scorecard

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class AnnexModel(QAbstractTableModel):
    """Headings and rows of the form, a column per printed column.

    Signals:
        refused: An edit was not taken: the error, in words.
        marks_changed: Other lines have findings than before.

    Args:
        document: The open draft.
        parent: Owner.
    """

    refused = Signal(object)
    marks_changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.index_of_form = FormIndex(document)
        self._shown: Container[str] | None = None
        self._lines: tuple[Line, ...] = ()
        self._at: dict[str, int] = {}
        self._keys: tuple[ColumnKey, ...] = ()
        self.longest_code = 0
        self._card: Scorecard = document.scorecard
        self._plan()
        document.answer_changed.connect(self._answer_changed)
        document.adjustments_changed.connect(self._everything_changed)
        document.scorecard_changed.connect(self._scorecard_changed)
        document.findings_changed.connect(self._findings_changed)
        document.catalogue_changed.connect(self._catalogue_changed)

    # ------------------------------------------------------------------------------------------------------- places

    @property
    def document(self) -> Document:
        """The open draft."""
        return self._document

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are shown."""
        return self._lines

    @property
    def keys(self) -> tuple[ColumnKey, ...]:
        """What each column shows, left to right."""
        return self._keys

    def show_only(self, codes: Container[str] | None) -> None:
        """Show some rows only.

        Args:
            codes: Codes of the rows to show; None for all.
        """
        self.beginResetModel()
        self._shown = codes
        self._plan()
        self.endResetModel()

    def row_of(self, place: str) -> int | None:
        """The line of a row's or a category's code; None while it is not shown."""
        return self._at.get(place)

    def column_of(self, key: ColumnKey) -> int | None:
        """The column that shows this; None when the form has no such column."""
        return self._keys.index(key) if key in self._keys else None

    def index_at(self, place: str, key: ColumnKey) -> QModelIndex:
        """The index of a cell; invalid while it is not shown."""
        row, column = self.row_of(place), self.column_of(key)
        return _NOWHERE if row is None or column is None else self.index(row, column)

    @property
    def subtotal_key(self) -> ColumnKey:
        """Where subtotals stand: in their own column, or over the points when the form has none."""
        return ColumnKey.SUBTOTAL if ColumnKey.SUBTOTAL in self._keys else ColumnKey.POINTS

    def cell(self, row: int, column: int) -> Cell:
        """What a cell says."""
        line, key = self._lines[row], self._keys[column]
        if line.is_row:
            return row_cell(
                key,
                self.index_of_form.indicator(line.place),
                self._document.entries.answer(line.place),
                self.index_of_form.score(line.place),
                self._document.entries.adjustments,
            )
        category = self.index_of_form.category(line.place)
        subtotal = self.index_of_form.subtotal(line.place)
        return heading_cell(key, category, subtotal, self._document.scorecard, self.subtotal_key)

    def finding(self, row: int) -> Finding | None:
        """The gravest finding of a line; none for a row nobody has begun, which is seen to be blank anyway."""
        line = self._lines[row]
        if line.is_row:
            score = self.index_of_form.score(line.place)
            if score.state is RowState.BLANK and score.fault is None:
                return None
        return self.index_of_form.gravest(line.place)

    def lacks_reason(self, code: str) -> bool:
        """Whether a row is 不涉及 and nobody has said why."""
        return self._document.entries.answer(code).not_applicable == ""

    def is_editable(self, row: int, column: int) -> bool:
        """Whether a clerk types in this cell."""
        line, key = self._lines[row], self._keys[column]
        if not line.is_row or key not in EDITABLE:
            return False
        return key is not ColumnKey.POINTS or not isinstance(
            self.index_of_form.indicator(line.place).rule, AdjustmentBand
        )

    # ------------------------------------------------------------------------------------------------- Qt's questions

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Number of printed columns."""
        return 0 if parent.isValid() else len(self._keys)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell can be selected and copied; few can be typed in."""
        flags = super().flags(index)
        if index.isValid() and not self._document.read_only and self.is_editable(index.row(), index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What Qt asks of a cell; the painter asks :meth:`cell`."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.cell(row, column).text
            case Qt.ItemDataRole.EditRole:
                return self._edit_text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return literal(self._tool_tip(row, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                centred = self._keys[column] in CENTRED
                return int(Qt.AlignmentFlag.AlignCenter) if centred else int(Qt.AlignmentFlag.AlignLeft)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, column)
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Printed titles over the columns; codes of the rows at the left."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self._document.catalogue.columns[section].title if section < len(self._keys) else None
        return self._lines[section].place if section < len(self._lines) else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Enter a text in a cell.

        Returns:
            Whether it was taken. When not, the cell keeps its value and :attr:`refused` says why.
        """
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not self.is_editable(index.row(), index.column()):
            return False
        place, key = self._lines[index.row()].place, self._keys[index.column()]
        try:
            self.enter(place, key, str(value))
        except UserError as error:
            self.refused.emit(error)
            return False
        return True

    def enter(self, place: str, key: ColumnKey, text: str) -> None:
        """Enter a text in a cell, whether it is shown or not.

        Args:
            place: Code of the row.
            key: The column.
            text: What was typed.

        Raises:
            UserError: It was not taken.
        """
        if not self._document.is_closed:
            self._document.put_answer(place, self._answer_with(place, key, text))

    def changes(self, place: str, key: ColumnKey, text: str) -> dict[str, Any]:
        """What a text changes of a row's answer.

        Args:
            place: Code of the row, which need not be shown.
            key: The column it is typed in.
            text: What was typed.

        Raises:
            InputError: It means nothing there.
        """
        before, after = self._document.entries.answer(place), self._answer_with(place, key, text)
        values = ((name, getattr(after, name)) for name in after.__struct_fields__)
        return {name: value for name, value in values if value != getattr(before, name)}

    def _answer_with(self, place: str, key: ColumnKey, text: str) -> Answer:
        answer = self._document.entries.answer(place)
        return entering.answer_from(key, text, self.index_of_form.indicator(place), answer)

    # ---------------------------------------------------------------------------------------------------- what it says

    def _edit_text(self, row: int, column: int) -> str:
        line, key = self._lines[row], self._keys[column]
        if not line.is_row or key not in EDITABLE:
            return self.cell(row, column).text
        answer = self._document.entries.answer(line.place)
        if key is ColumnKey.REMARK:
            return answer.remark
        return entering.edit_text(
            self.index_of_form.indicator(line.place), answer, self.index_of_form.score(line.place)
        )

    def _tool_tip(self, row: int, column: int) -> str:
        line, key = self._lines[row], self._keys[column]
        if not line.is_row:
            return ""
        finding = self.finding(row)
        if key is ColumnKey.POINTS:
            working = str(self.index_of_form.score(line.place).working)
            return "\n".join(part for part in (working, finding.message if finding else "") if part)
        return self.cell(row, column).text

    def _spoken(self, row: int, column: int) -> str:
        """What a screen reader says: an empty cell has a name too."""
        text = self.cell(row, column).text.replace("\n", "，")
        title = self._document.catalogue.columns[column].title
        line = self._lines[row]
        return f"{line.place} {title}：{text or (self.tr('未填') if self.is_editable(row, column) else self.tr('空'))}"

    # --------------------------------------------------------------------------------------------- the document moved

    def _plan(self) -> None:
        catalogue = self._document.catalogue
        self._keys = tuple(column.key for column in catalogue.columns)
        self._lines = lines_of(catalogue, self._shown)
        self._at = {line.place: at for at, line in enumerate(self._lines)}
        self.longest_code = max(map(len, self._at), default=0)

    def _answer_changed(self, code: str) -> None:
        # One cell at a time: for a range of cells a view repaints everything.
        for key in EDITABLE:
            self._cell_changed(code, key)

    def _scorecard_changed(self, card: Scorecard) -> None:
        """Tell of the cells whose number moved, and of no others: an edit repaints a handful."""
        old, self._card = self._card, card
        if len(old.rows) != len(card.rows):
            self._everything_changed()
            return
        for before, after in zip(old.rows, card.rows, strict=True):
            # The engine hands back the same object for a row that did not move, so this costs little on a long form.
            if before is not after and before != after:
                self._answer_changed(after.code)  # 备注 tells the deduction
        # What nobody claims is worth 0 as soon as the form is begun.
        begun = is_begun(old) != is_begun(card)
        for before, after in zip(old.categories, card.categories, strict=True):
            if (begun and not after.in_base) or (before is not after and before != after):
                self._cell_changed(after.code, self.subtotal_key)

    def _cell_changed(self, place: str, key: ColumnKey) -> None:
        index = self.index_at(place, key)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def _findings_changed(self, findings: tuple[Finding, ...]) -> None:
        self.index_of_form.hear_findings(findings)
        # Not headerDataChanged: Qt would lay the whole table out anew.
        self.marks_changed.emit()

    def _everything_changed(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(self._keys) - 1))

    def _catalogue_changed(self) -> None:
        self.beginResetModel()
        self._card = self._document.scorecard
        self._plan()
        self.endResetModel()
