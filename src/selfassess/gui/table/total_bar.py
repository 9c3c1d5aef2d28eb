"""The total row, always in sight under the table and in line with its columns; shows the scorecard, adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.shown_scores import is_begun, total_text
from selfassess.gui.table.widths import PADDING
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.gui.table.view import AnnexView

_HEADING = frozenset({ColumnKey.CONTENT, ColumnKey.NAME})
_WIDE = (ColumnKey.METHOD, ColumnKey.NATURE, ColumnKey.MODE, ColumnKey.SOURCES)


class TotalBar(QWidget):
    """合计.

    Args:
        view: The table above.
        parent: Owner.
    """

    def __init__(self, view: AnnexView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._document = view.annex.document
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("合计"))
        view.columns_moved.connect(self.update)
        self._document.scorecard_changed.connect(self._changed)
        self._document.catalogue_changed.connect(self._changed)
        self._changed()

    def sizeHint(self) -> QSize:
        """Two lines of text."""
        return QSize(200, round(self._view.texts.line_height * 2) + 2 * PADDING)

    def total_text(self) -> str:
        """The total as shown: a dash while the form is empty."""
        return total_text(self._document.scorecard)

    def working_text(self) -> str:
        """Base, bonus, deduction, conversion and grade in one line; what is missing while the form is unfinished."""
        card = self._document.scorecard
        if card.base is None:
            return self.tr("全部不涉及，没有得分")
        if not is_begun(card):
            return self.tr("{0} 行都还没有填").format(card.blank)
        parts = [self.tr("基础分 {0}").format(show(card.base))]
        if any(not category.in_base for category in card.categories):
            parts.append(self.tr("加分 {0}　扣分 {1}").format(show(card.bonus), show(card.deduction)))
        if card.converted is not None and card.attainable != self._document.catalogue.policy.base:
            parts.append(self.tr("适用分值 {0}　折算 {1}").format(show(card.attainable), show(card.converted)))
        if card.grade is not None:
            parts.append(self.tr("等级 {0}").format(card.grade))
        if card.blank:
            parts.append(self.tr("还有 {0} 行未填").format(card.blank))
        if card.provisional:
            parts.append(self.tr("{0} 行暂计").format(card.provisional))
        return "　".join(parts)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        view, inks = self._view, self._view.inks
        painter = QPainter(self)
        painter.fillRect(event.rect(), inks.header)
        left = view.verticalHeader().width()
        frozen = view.frozen_width()
        painter.save()
        painter.setClipRect(left + frozen, 0, view.viewport().width() - frozen, self.height())
        self._paint_working(painter, left)
        for column in range(view.frozen_columns(), len(view.annex.keys)):
            self._paint_cell(painter, left, column)
        painter.restore()
        painter.save()
        painter.setClipRect(0, 0, left + (frozen or self.width()), self.height())
        self._paint_title(painter, left)
        for column in range(view.frozen_columns()):
            self._paint_cell(painter, left, column)
        painter.restore()
        painter.setPen(inks.frame)
        painter.drawLine(0, 0, self.width(), 0)

    def _paint_title(self, painter: QPainter, left: int) -> None:
        view = self._view
        if not view.annex.keys:
            return
        columns = [at for at, key in enumerate(view.annex.keys) if key in _HEADING] or [0]
        x = left + view.column_x(columns[0])
        width = sum(view.columnWidth(column) for column in columns)
        if view.frozen_columns():
            painter.fillRect(QRect(x, 1, width, self.height() - 1), view.inks.header)
        self._write(painter, self.tr("合计"), QRect(x, 0, width, self.height()), bold=True)

    def _paint_working(self, painter: QPainter, left: int) -> None:
        view = self._view
        columns = [at for at, key in enumerate(view.annex.keys) if key in _WIDE]
        if not columns:
            return
        x = left + view.column_x(columns[0])
        width = sum(view.columnWidth(column) for column in columns)
        # What is scrolled under the frozen columns or out of sight would not be read.
        first = max(x, left + view.frozen_width())
        last = min(x + width, left + view.viewport().width())
        rect = QRect(first + PADDING, 0, last - first - 2 * PADDING, self.height())
        said = self.working_text()
        if not self._total_in_sight():
            said = self.tr("总分 {0}：{1}").format(self.total_text(), said)
        text = view.texts.wrapped(said, max(8, rect.width()), 2)
        painter.setFont(view.texts.font)
        painter.setPen(view.inks.text)
        painter.drawStaticText(rect.left(), round((self.height() - text.height) / 2), text.ink)
        painter.setPen(view.inks.line)
        painter.drawLine(x + width - 1, 0, x + width - 1, self.height())

    def _total_in_sight(self) -> bool:
        """Whether the column of the total is not scrolled away."""
        view = self._view
        column = view.annex.column_of(view.annex.subtotal_key)
        if column is None:
            return False
        right = view.column_x(column) + view.columnWidth(column)
        return view.column_x(column) >= view.frozen_width() and right <= view.viewport().width()

    def _paint_cell(self, painter: QPainter, left: int, column: int) -> None:
        view = self._view
        key = view.annex.keys[column]
        if key in _WIDE or view.isColumnHidden(column):
            return
        rect = QRect(left + view.column_x(column), 0, view.columnWidth(column), self.height())
        if key is ColumnKey.FULL_POINTS:
            self._write(painter, show(self._document.catalogue.policy.base), rect, bold=True)
        elif key is view.annex.subtotal_key:
            self._write(painter, self.total_text(), rect, bold=True)
        if key is not ColumnKey.CONTENT:
            painter.setPen(view.inks.line)
            painter.drawLine(rect.right(), 0, rect.right(), self.height())

    def _write(self, painter: QPainter, text: str, rect: QRect, *, bold: bool) -> None:
        painter.setFont((self._view.bold_texts if bold else self._view.texts).font)
        painter.setPen(self._view.inks.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _changed(self, *_news: object) -> None:
        self.setAccessibleDescription(self.tr("总分 {0}，{1}").format(self.total_text(), self.working_text()))
        self.update()
