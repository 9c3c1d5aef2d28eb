"""The categories of the form with their progress, at the left; it shows the scorecard and adds nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from selfassess.gui.item_look import ItemLook, look_with
from selfassess.gui.shown_scores import subtotal_text
from selfassess.gui.theme import Colours, colours_of
from selfassess.gui.tips import literal
from selfassess.gui.viewport import own_viewport
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.domain.scorecard import CategoryScore

UNIT_PLACE = "unit"
"""The place of the first line: who files, and the figures."""
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LINE = 7
_MARGIN = 10
_LEAST_CHARACTERS = 11
"""Width below which rows done and points would meet."""


class CategoryModel(QAbstractListModel):
    """One line for unit and figures, then one per category; asks the document.

    Args:
        document: The open draft.
        parent: Owner.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        document.scorecard_changed.connect(self._changed)
        document.unit_changed.connect(self._changed)
        document.figures_changed.connect(self._changed)
        document.catalogue_changed.connect(self._reset)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Unit and figures, and the categories."""
        return 0 if parent.isValid() else 1 + len(self._document.catalogue.categories)

    def place(self, row: int) -> str:
        """The place a line stands for."""
        return UNIT_PLACE if row == 0 else self._document.catalogue.categories[row - 1].code

    def row_of(self, place: str) -> int | None:
        """The line of a place; None when there is none."""
        return next((row for row in range(self.rowCount()) if self.place(row) == place), None)

    def score(self, row: int) -> CategoryScore | None:
        """The result of a line's category; None for unit and figures."""
        return None if row == 0 else self._document.scorecard.categories[row - 1]

    def title(self, row: int) -> str:
        """What a line is called."""
        return self.tr("单位信息") if row == 0 else self._document.catalogue.categories[row - 1].heading

    def progress(self, row: int) -> tuple[int, int]:
        """How much of a line is done, of how much."""
        score = self.score(row)
        if score is not None:
            return score.answered, score.rows
        unit = self._document.entries.unit
        fields = [unit.name, unit.year, unit.preparer, unit.reviewer, unit.head, unit.phone, unit.date]
        if self._document.catalogue.policy.unit_classes:
            fields.append(unit.unit_class)
        fields += [
            "x" if spec.key in self._document.entries.figures else "" for spec in self._document.catalogue.figures
        ]
        return sum(1 for field in fields if field), len(fields)

    def progress_text(self, row: int) -> str:
        """The progress of a line in words; nothing waits where points are only claimed, as in 其他事项."""
        done, of = self.progress(row)
        score = self.score(row)
        if score is not None and not score.in_base and not done:
            return self.tr("没有事项")
        return self.tr("已填 {0}/{1}").format(done, of)

    def points_texts(self, score: CategoryScore) -> tuple[str, str]:
        """Points and full points of a category as shown."""
        return subtotal_text(score, self._document.scorecard), show(score.full_points)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, and everything in words for a screen reader."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self.data(index, Qt.ItemDataRole.AccessibleTextRole))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            score = self.score(index.row())
            words = f"{self.title(index.row())}：{self.progress_text(index.row())}"
            if score is None:
                return words
            return self.tr("{0}，得分 {1}，满分 {2}").format(words, *self.points_texts(score))
        return None

    def _changed(self, *_news: object) -> None:
        self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class CategoryDelegate(QStyledItemDelegate):
    """Paints a category: its title, a thin line of progress, rows done and points."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text and the progress."""
        font = look_with(option).font
        return QSize(100, QFontMetrics(font).height() + QFontMetrics(_small(font)).height() + _LINE + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        model, view = index.model(), self.parent()
        if not isinstance(model, CategoryModel) or not isinstance(view, CategoryList):
            return
        row = index.row()
        look = look_with(option, selected=row == view.currentIndex().row(), hovered=row == view.hovered)
        colours = colours_of(look.palette)
        painter.save()
        _paint_ground(painter, look, colours)
        inner = look.rect.adjusted(_MARGIN, 8, -_MARGIN, -8)
        font = QFont(look.font)
        font.setBold(look.selected)
        painter.setFont(font)
        painter.setPen(look.palette.text().color())
        metrics = QFontMetrics(font)
        title = metrics.elidedText(model.title(index.row()), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, title)
        done, of = model.progress(index.row())
        _paint_bar(
            painter, QRectF(inner.left(), inner.top() + metrics.height() + 3, inner.width(), 3), done, of, colours
        )
        painter.setFont(_small(font))
        painter.setPen(colours.ok if done == of else colours.muted)
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | bottom, model.progress_text(index.row()))
        score = model.score(index.row())
        if score is not None:
            painter.setPen(look.palette.text().color())
            text = self.tr("{0} / {1} 分").format(*model.points_texts(score))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | bottom, text)
        painter.restore()


def _paint_ground(painter: QPainter, look: ItemLook, colours: Colours) -> None:
    if look.selected:
        ground = QColor(colours.accent)
        ground.setAlphaF(0.14)
        painter.fillRect(look.rect, ground)
        painter.fillRect(QRect(look.rect.left(), look.rect.top(), 3, look.rect.height()), colours.accent)
    elif look.hovered:
        painter.fillRect(look.rect, colours.panel)


def _paint_bar(painter: QPainter, rect: QRectF, done: int, of: int, colours: Colours) -> None:
    painter.fillRect(rect, colours.border)
    if of and done:
        rect.setWidth(rect.width() * done / of)
        painter.fillRect(rect, colours.ok if done == of else colours.accent)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(8.0, font.pointSizeF() * 0.86))
    small.setBold(False)
    return small


class CategoryList(QListView):
    """Jumps to a category, or to unit and figures.

    Signals:
        chosen: A line was clicked, or Enter pressed on it: its place.
        room_changed: Letters have another size, and lines need another width.

    Args:
        document: The open draft.
        parent: Owner.
    """

    chosen = Signal(str)
    room_changed = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self._hovered = -1
        self.setAccessibleName(self.tr("考核内容与进度"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.categories = CategoryModel(document, self)
        self.setModel(self.categories)
        self.setItemDelegate(CategoryDelegate(self))
        self._keep_room()
        self.clicked.connect(self._choose)
        self.entered.connect(self._hover)
        self.viewportEntered.connect(self._hover)

    @property
    def hovered(self) -> int:
        """The line under the mouse; -1: none."""
        return self._hovered

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere."""
        super().leaveEvent(event)
        self._hover()

    def _hover(self, index: QModelIndex = _NOWHERE) -> None:
        self._hovered = index.row()
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Larger letters need a wider list."""
        done = super().event(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._keep_room()
            self.room_changed.emit()
        return done

    def _keep_room(self) -> None:
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * _LEAST_CHARACTERS)

    def sizeHint(self) -> QSize:
        """About twelve characters wide."""
        return QSize(self.fontMetrics().horizontalAdvance("国") * 12, 400)

    def follow(self, place: str) -> None:
        """Mark the line of a category without jumping anywhere."""
        row = self.categories.row_of(place)
        self.setCurrentIndex(self.categories.index(row) if row is not None else _NOWHERE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there; the arrows only move in the list, or the first one would end in the table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.categories.place(index.row()))
