"""What two drafts hold differently, a line a part, with what was chosen; compares and merges nothing itself."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from selfassess.gui.theme import colours_of
from selfassess.store.difference_words import ORIGIN_WORDS, place_words, texts_words
from selfassess.store.merging import Choice, proposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from selfassess.store.comparison import Difference, Place
    from selfassess.store.joining import Pair

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_MOST = 120
"""Characters of a text that a cell shows; below the table stands all of it."""


class Column(IntEnum):
    """Left to right."""

    PLACE = 0
    OURS = 1
    THEIRS = 2
    ORIGIN = 3
    CHOICE = 4


SIDES = {Column.OURS: Choice.OURS, Column.THEIRS: Choice.THEIRS}
"""Columns in which a click chooses."""


class MergeModel(QAbstractTableModel):
    """The differences of two drafts.

    Signals:
        chosen: Something else was chosen.

    Args:
        pair: Their comparison.
        parent: Owner.
    """

    chosen = Signal()

    def __init__(self, pair: Pair, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = pair.ours
        self.differences = pair.comparison.differing
        self._choices: dict[Place, Choice] = proposed(pair.comparison)

    @property
    def choices(self) -> Mapping[Place, Choice]:
        """What was chosen so far."""
        return self._choices

    def choose(self, rows: Iterable[int], choice: Choice) -> None:
        """Choose a side for some lines; what cannot be joined is not.

        Args:
            rows: Lines.
            choice: The side, or both.
        """
        for row in rows:
            one = self.differences[row]
            if choice is not Choice.BOTH or one.joinable:
                self._choices[one.place] = choice
                self.dataChanged.emit(self.index(row, 0), self.index(row, Column.CHOICE))
        self.chosen.emit()

    def first_undecided(self) -> int | None:
        """The first line that still has to be chosen."""
        return next((row for row, one in enumerate(self.differences) if one.place not in self._choices), None)

    def whole_text(self, row: int) -> str:
        """Everything that there is to know of a line."""
        one = self.differences[row]
        sides = [(self.tr("本文件"), one.ours), (self.tr("另一份"), one.theirs)]
        if one.base is not None:
            sides.insert(0, (self.tr("原来"), one.base))
        return "\n".join(f"{name}：{texts_words(one, texts)}" for name, texts in sides)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """One line a part."""
        return 0 if parent.isValid() else len(self.differences)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """位置, 本文件, 另一份, 谁改过, 采用."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (self.tr("位置"), self.tr("本文件"), self.tr("另一份"), self.tr("谁改过"), self.tr("采用"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts; the chosen side is bold, what still has to be chosen is in the colour of errors."""
        if not index.isValid():
            return None
        one = self.differences[index.row()]
        choice = self._choices.get(one.place)
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(one, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self.whole_text(index.row())
            case Qt.ItemDataRole.FontRole if choice in (SIDES.get(column), Choice.BOTH) and column in SIDES:
                font = QFont(QApplication.font())
                font.setBold(True)
                return font
            case Qt.ItemDataRole.ForegroundRole if column is Column.CHOICE and choice is None:
                return colours_of(QApplication.palette()).error
            case Qt.ItemDataRole.ForegroundRole if column in SIDES and choice not in (None, SIDES[column], Choice.BOTH):
                return colours_of(QApplication.palette()).muted
            case _:
                return None

    def _text(self, one: Difference, column: Column) -> str:
        match column:
            case Column.PLACE:
                return place_words(one, self._catalogue)
            case Column.OURS:
                return _short(texts_words(one, one.ours))
            case Column.THEIRS:
                return _short(texts_words(one, one.theirs))
            case Column.ORIGIN:
                return ORIGIN_WORDS[one.origin]
            case _:
                return self._choice_text(self._choices.get(one.place))

    def _choice_text(self, choice: Choice | None) -> str:
        if choice is None:
            return self.tr("请选定")
        return {
            Choice.OURS: self.tr("本文件"),
            Choice.THEIRS: self.tr("另一份"),
            Choice.BOTH: self.tr("两段都留"),
        }[choice]


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
