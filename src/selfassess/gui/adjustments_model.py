"""The matters of 八、其他事项 as a table on the screen; weighs nothing itself and asks scoring what counts."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication

from selfassess.domain.entries import Adjustment
from selfassess.domain.rules import AdjustmentBand
from selfassess.errors import StoreError, UserError
from selfassess.gui.refusal import said_here
from selfassess.gui.theme import colours_of
from selfassess.gui.tips import literal
from selfassess.gui.unit_text import plain
from selfassess.scoring.adjustments import Weighing, weigh
from selfassess.scoring.entering import parse_amount
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.document import Document
    from selfassess.domain.catalogue import Catalogue

Index = QModelIndex | QPersistentModelIndex
_MINUS = frozenset("-−－")
_PLUS = frozenset("+＋")
_BLANK = Adjustment(matter="")
MOST = 500
"""Characters of a matter or its basis."""


class Column(IntEnum):
    """Left to right."""

    MATTER = 0
    BASIS = 1
    SIGN = 2
    POINTS = 3
    VERDICT = 4


def band_of(catalogue: Catalogue) -> AdjustmentBand | None:
    """The rule for bonuses and deductions; None when the form has none."""
    rules = (indicator.rule for _, indicator in catalogue.indicators())
    return next((rule for rule in rules if isinstance(rule, AdjustmentBand)), None)


def parse_signed_points(text: str, name: str, *, deduction: bool) -> Decimal | None:
    """Typed points of a matter.

    Args:
        text: What was typed; a sign of its own wins, a trailing 分 is allowed, nothing means not known yet.
        name: What the points are called in messages.
        deduction: Which way points without a sign go.

    Raises:
        InputError: No number, too large, too precise.
    """
    kept = text.strip().removesuffix("分").strip()
    if not kept:
        return None
    if kept[0] in _MINUS | _PLUS:
        deduction = kept[0] in _MINUS
        kept = kept[1:]
    amount = parse_amount(kept, name)
    return -amount if deduction and amount else amount


class AdjustmentsModel(QAbstractTableModel):
    """The document's matters, one a row.

    A matter is the same one as long as it is edited here, or says again what it said before; one that comes from
    elsewhere and says something else is another one, also where it stands in the same place.

    Signals:
        refused(str): What was typed cannot be kept, in words; the cell shows its old value.
        renumbered(object): Others stand here now: the new number of each matter that is left, by its old one.
    """

    refused = Signal(str)
    renumbered = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rows = document.entries.adjustments
        self._weighing = self._weigh()
        # Chosen before the points are known: which way the points to come will go. Not part of the form yet.
        self._deductions_to_come: set[int] = set()
        self._refused_by_disk = False
        # What each matter has said, or was to say: undone, or late from a disk in doubt, it may say so again.
        self._versions: dict[int, set[Adjustment]] = {}
        self._own: tuple[tuple[Adjustment, ...], dict[int, int]] | None = None
        document.adjustments_changed.connect(self.follow)
        document.catalogue_changed.connect(self.follow)

    @property
    def weighing(self) -> Weighing | None:
        """What the matters are worth together."""
        return self._weighing

    @property
    def refused_by_disk(self) -> bool:
        """Whether the last change was a good one that only the disk did not take."""
        return self._refused_by_disk

    def follow(self) -> None:
        """Shows what the document holds now; only what differs is told, so that an open editor stays open."""
        rows = self._document.entries.adjustments
        self._weighing = weigh(band, rows) if (band := band_of(self._document.catalogue)) else None
        numbers = self._numbers(rows)
        if len(rows) == len(self._rows) and all(numbers.get(row) == row for row in range(len(rows))):
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, Column.VERDICT))
            return
        self.beginResetModel()
        self._rows = rows
        self._versions = {numbers[row]: said for row, said in self._versions.items() if row in numbers}
        self._deductions_to_come = {numbers[row] for row in self._deductions_to_come if row in numbers}
        self.renumbered.emit(numbers)
        self.endResetModel()

    def catch_up(self) -> bool:
        """Follows what the document holds and has not told yet; whether there was any: row numbers are others then."""
        behind = self._rows != self._document.entries.adjustments
        if behind:
            self.follow()
        return behind

    def meant(self, row: int, column: int, text: str) -> object:
        """What a text that was taken, or that only the disk refused, comes to in a cell."""
        try:
            return _value(self._changed(row, Column(column), text), column)
        except UserError:
            return text

    def value(self, row: int, column: int) -> object:
        """What a cell holds; points with their sign."""
        return _value(self._rows[row], column)

    def add(self) -> bool:
        """Appends an empty matter; False when it was refused."""
        self.catch_up()
        return self._put((*self._document.entries.adjustments, _BLANK), self.tr("新增其他事项"))

    def is_blank(self, row: int) -> bool:
        """Whether nothing was entered for a matter yet."""
        return self._rows[row] == _BLANK

    def remove(self, rows: set[int]) -> bool:
        """Takes matters out; False when it was refused."""
        if self.catch_up():
            return False
        kept = [row for row in range(len(self._rows)) if row not in rows]
        numbers = {row: number for number, row in enumerate(kept)}
        return self._put(
            tuple(self._rows[row] for row in kept), self.tr("删除其他事项 {0} 项").format(len(rows)), numbers
        )

    def clear(self, cells: Iterable[Index]) -> bool:
        """Empties cells as one step; False when it was refused."""
        empty: dict[int, dict[str, Any]] = {
            Column.MATTER: {"matter": ""},
            Column.BASIS: {"basis": ""},
            Column.POINTS: {"points": None},
        }
        if self.catch_up():
            return False
        rows = list(self._rows)
        for cell in cells:
            rows[cell.row()] = replace(rows[cell.row()], **empty.get(cell.column(), {}))
        return self._put(tuple(rows))

    # ---------------------------------------------------------------------------------------------------- Qt's contract
    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(  # noqa: D102  (Qt's contract)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        return (self.tr("事项"), self.tr("依据"), self.tr("加/扣"), self.tr("分值"), self.tr("是否计入"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:  # noqa: D102  (Qt's contract)
        flags = super().flags(index)
        if index.isValid() and index.column() != Column.VERDICT and not self._document.read_only:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102  (Qt's contract)
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column = Column(index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return self._text(index.row(), column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self.verdict(index.row()))
        if role == Qt.ItemDataRole.ForegroundRole and not self._counts(index.row()):
            return colours_of(QGuiApplication.palette()).muted
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(column, Qt.Orientation.Horizontal)}：{self._text(index.row(), column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {Column.SIGN, Column.POINTS}:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: D102  (Qt's contract)
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or self._document.is_closed or self.catch_up():
            return False
        try:
            changed = self._changed(index.row(), Column(index.column()), str(value))
        except UserError as error:
            self._refused_by_disk = False
            self.refused.emit(said_here(error))
            return False
        rows = list(self._rows)
        rows[index.row()] = changed
        return self._put(tuple(rows))

    # ------------------------------------------------------------------------------------------------------------ cells
    def is_deduction(self, row: int) -> bool:
        """Which way a row's points go, known or still to come."""
        points = self._rows[row].points
        return points < 0 if points else row in self._deductions_to_come

    def _text(self, row: int, column: Column) -> str:
        matter = self._rows[row]
        match column:
            case Column.MATTER:
                return matter.matter
            case Column.BASIS:
                return matter.basis
            case Column.SIGN:
                return self.tr("扣分") if self.is_deduction(row) else self.tr("加分")
            case Column.POINTS:
                return "" if matter.points is None else show(abs(matter.points))
            case Column.VERDICT:
                return self.verdict(row)

    def _counts(self, row: int) -> bool:
        return self._weighing is None or self._weighing.matters[row].counted

    def verdict(self, row: int) -> str:
        """Whether a matter counts, and why not."""
        if self._weighing is None:
            return ""
        weighed = self._weighing.matters[row]
        if weighed.adjustment.points is None:
            return self.tr("还没有填分值")
        if weighed.same_as is not None:
            return self.tr("不计：与第 {number} 项是同一事项，只取最高分").format(number=weighed.same_as + 1)
        return self.tr("计入") if weighed.counted else self.tr("不计：0 分")

    def _changed(self, row: int, column: Column, text: str) -> Adjustment:
        matter = self._rows[row]
        match column:
            case Column.MATTER:
                return replace(matter, matter=plain(text, self.tr("事项"), most=MOST))
            case Column.BASIS:
                return replace(matter, basis=plain(text, self.tr("依据"), most=MOST))
            case Column.SIGN:
                return self._signed(row, matter, deduction=text == self.tr("扣分"))
            case Column.POINTS:
                name = self.tr("第 {number} 项的分值").format(number=row + 1)
                return replace(matter, points=parse_signed_points(text, name, deduction=self.is_deduction(row)))
            case Column.VERDICT:
                return matter

    def _signed(self, row: int, matter: Adjustment, *, deduction: bool) -> Adjustment:
        if matter.points:
            return replace(matter, points=-abs(matter.points) if deduction else abs(matter.points))
        (self._deductions_to_come.add if deduction else self._deductions_to_come.discard)(row)
        self.dataChanged.emit(self.index(row, Column.SIGN), self.index(row, Column.SIGN))
        return matter

    def _put(self, rows: tuple[Adjustment, ...], label: str = "", numbers: dict[int, int] | None = None) -> bool:
        if numbers is None:
            numbers = {row: row for row in range(len(self._rows))}
            for row, (before, after) in enumerate(zip(self._rows, rows, strict=False)):
                if before != after:
                    self._versions.setdefault(row, set()).update({before, after} - {_BLANK})
        self._own = rows, numbers
        try:
            self._document.put_adjustments(rows, label)
        except UserError as error:
            self._refused_by_disk = isinstance(error, StoreError)
            self.refused.emit(said_here(error))
            return False
        finally:
            self._own = None
        self._refused_by_disk = False
        self.refused.emit("")
        return True

    def _weigh(self) -> Weighing | None:
        band = band_of(self._document.catalogue)
        return weigh(band, self._rows) if band else None

    def _numbers(self, rows: tuple[Adjustment, ...]) -> dict[int, int]:
        """The new number of each matter that is still there, by its old one."""
        if rows == self._rows:
            return {row: row for row in range(len(rows))}
        if self._own is not None and self._own[0] == rows:
            return self._own[1]
        from difflib import SequenceMatcher  # noqa: PLC0415  (not before a matter is added)

        numbers: dict[int, int] = {}
        changes = SequenceMatcher(None, self._rows, rows, autojunk=False).get_opcodes()
        for what, old, old_end, new, new_end in changes:
            if what == "equal":
                numbers.update(zip(range(old, old_end), range(new, new_end), strict=True))
            elif what == "replace":
                numbers.update(self._same_again(range(old, old_end), range(new, new_end), rows))
        return numbers

    def _same_again(self, old: range, new: range, rows: tuple[Adjustment, ...]) -> dict[int, int]:
        """Of matters in place of others, those that say what one of these has said before; their order stays."""
        numbers: dict[int, int] = {}
        first = old.start
        for number in new:
            versions = ((row, self._versions.get(row, set())) for row in range(first, old.stop))
            found = next((row for row, said in versions if rows[number] in said), None)
            if found is not None:
                numbers[found] = number
                first = found + 1
        return numbers


def _value(matter: Adjustment, column: int) -> object:
    return {Column.MATTER: matter.matter, Column.BASIS: matter.basis}.get(Column(column), matter.points)
