"""The sheet: the form as a table with frozen columns and merged cells; knows no keys and no editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QTableView, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table.headers import CodeHeader, TitleHeader
from selfassess.gui.table.heights import LineHeights
from selfassess.gui.table.inks import inks_of
from selfassess.gui.table.painter import SheetPainter
from selfassess.gui.table.texts import TextShelf
from selfassess.gui.table.widths import PADDING, fitted, frozen_count
from selfassess.gui.viewport import own_viewport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.gui.table.lines import Line
    from selfassess.gui.table.model import AnnexModel, Index

_MOST_FROZEN = 0.5
"""Share of the width that frozen columns may take; in a narrower window everything scrolls."""
_SHEET_SCALE = 0.9
_LEAST_POINTS = 8.5
_MOST_PARTS = 12
"""Separate parts painted one by one; of more than that, the rectangle around them is painted."""
_FONT_CHANGES = frozenset({QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange})
_COLOUR_CHANGES = frozenset(
    {
        QEvent.Type.PaletteChange,
        QEvent.Type.ApplicationPaletteChange,
        QEvent.Type.StyleChange,
    }
)


class Sheet(QTableView):
    """The annex as on paper, to be looked at.

    Signals:
        columns_moved: Column widths or the sideways scroll changed.

    Args:
        model: The form.
        parent: Owner.
    """

    columns_moved = Signal()

    def __init__(self, model: AnnexModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self.annex = model
        self.inks = inks_of(QApplication.palette())
        self.texts = TextShelf(self._sheet_font(bold=False))
        self.bold_texts = TextShelf(self._sheet_font(bold=True))
        self._widths: tuple[int, ...] = ()
        self._refused: frozenset[tuple[str, ColumnKey]] = frozenset()
        self._heights = LineHeights(self)
        self._set_up()
        self.setHorizontalHeader(TitleHeader(self))
        self.setVerticalHeader(CodeHeader(self))
        self.setModel(model)
        model.dataChanged.connect(self._data_changed)
        model.modelReset.connect(self._lines_reset)
        model.marks_changed.connect(self._marks_changed)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled_sideways)
        self._paint_corner()

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("自评表"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)

    def _paint_corner(self) -> None:
        """Qt's corner button does nothing here and would be painted as a button; it becomes part of the head."""
        corner = self.findChild(QAbstractButton)
        if corner is not None:
            corner.setEnabled(False)
            corner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            corner.setAccessibleName(self.tr("表头左角"))
            corner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint the corner like the head."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QAbstractButton):
            painter = QPainter(watched)
            painter.fillRect(watched.rect(), self.inks.header)
            painter.setPen(self.inks.frame)
            painter.drawLine(0, watched.height() - 1, watched.width(), watched.height() - 1)
            painter.drawLine(watched.width() - 1, 0, watched.width() - 1, watched.height())
            return True
        return super().eventFilter(watched, event)

    def _sheet_font(self, *, bold: bool) -> QFont:
        """A little smaller than the window's font, as the table on paper is smaller than the report around it."""
        font = QFont(QApplication.font())
        font.setPointSizeF(max(_LEAST_POINTS, font.pointSizeF() * _SHEET_SCALE))
        font.setBold(bold)
        return font

    # --------------------------------------------------------------------------------------------------------- geometry

    def frozen_columns(self) -> int:
        """How many columns stay in place; 0 while everything fits or the window is too narrow."""
        count = frozen_count(self.annex.document.catalogue.columns)
        width = sum(self.columnWidth(column) for column in range(count))
        return count if width <= self.viewport().width() * _MOST_FROZEN else 0

    def frozen_width(self) -> int:
        """Pixels taken by the frozen columns."""
        return sum(self.columnWidth(column) for column in range(self.frozen_columns()))

    def column_x(self, column: int) -> int:
        """Left edge of a column in the viewport."""
        if column < self.frozen_columns():
            return sum(self.columnWidth(before) for before in range(column))
        return self.columnViewportPosition(column)

    def text_widths(self) -> list[int]:
        """Pixels that each column leaves for its text."""
        return [width - 2 * PADDING - 1 for width in self._widths]

    def first_row(self) -> int:
        """The first line in sight."""
        return max(0, self.rowAt(0))

    def rows_in(self, rect: QRect) -> range:
        """The lines a part of the viewport touches."""
        first = self.rowAt(max(0, rect.top()))
        if first < 0:
            return range(0)
        last = self.rowAt(max(0, rect.bottom()))
        return range(first, (last if last >= 0 else len(self.annex.lines) - 1) + 1)

    def run_rect(self, line: Line, column: int) -> QRect:
        """The merged 考核内容 cell of a line."""
        first, last = line.run
        top = self.rowViewportPosition(first)
        bottom = self.rowViewportPosition(last) + self.rowHeight(last)
        return QRect(self.column_x(column), top, self.columnWidth(column), bottom - top)

    def heading_column(self) -> int:
        """The column in which a category's title stands."""
        return self.annex.column_of(ColumnKey.CONTENT) or 0

    def heading_rect(self, row: int, column: int) -> QRect:
        """The cell of a category's title: 考核内容 and 指标 as one, where they are neighbours."""
        columns = [at for key in (ColumnKey.CONTENT, ColumnKey.NAME) if (at := self.annex.column_of(key)) is not None]
        if len(columns) == 2 and columns[1] != columns[0] + 1:
            columns = [column]
        left = self.column_x(columns[0])
        width = sum(self.columnWidth(at) for at in columns)
        return QRect(left, self.rowViewportPosition(row), width, self.rowHeight(row))

    def shown_rect(self, index: Index) -> QRect:
        """What the user sees as the cell of an index, merges included."""
        line, key = self.annex.lines[index.row()], self.annex.keys[index.column()]
        if line.is_row and key is ColumnKey.CONTENT:
            return self.run_rect(line, index.column())
        if not line.is_row and key in (ColumnKey.CONTENT, ColumnKey.NAME):
            return self.heading_rect(index.row(), index.column())
        return self.visualRect(index)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 -- Qt's name
        """Qt's cell rectangle, with frozen columns where they are seen."""
        rect = super().visualRect(index)
        if index.isValid() and index.column() < self.frozen_columns():
            rect.moveLeft(self.column_x(index.column()))
        return rect

    def indexAt(self, pos: QPoint) -> QModelIndex:  # noqa: N802 -- Qt's name
        """The cell under a point; frozen columns lie over scrolled ones."""
        if 0 <= pos.x() < self.frozen_width():
            row = self.rowAt(pos.y())
            right = 0
            for column in range(self.frozen_columns()):
                right += self.columnWidth(column)
                if pos.x() < right:
                    return self.annex.index(row, column) if row >= 0 else QModelIndex()
        return super().indexAt(pos)

    def scrollTo(  # noqa: N802 -- Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into sight, and not merely under the frozen columns."""
        if not index.isValid():
            return
        self._heights.changed(index.row(), index.row())
        pinned = self.frozen_columns()
        if index.column() < pinned:
            across = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(across)
            return
        super().scrollTo(index, hint)
        hidden = self.frozen_width() - self.visualRect(index).left()
        if pinned and hidden > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - hidden)

    def keep_in_sight(self, index: QModelIndex) -> None:
        """Scroll as little as needed for a line whose height changed to be seen whole."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.horizontalScrollBar().setValue(across)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 -- Qt's name
        """What a changed selection repaints: whole lines, since merges and the current row's tint change too."""
        region = QRegion()
        for part in _parts(selection):
            top = self.rowViewportPosition(part.top())
            bottom = self.rowViewportPosition(part.bottom()) + self.rowHeight(part.bottom())
            region += QRect(0, top, self.viewport().width(), bottom - top)
        return region

    # ----------------------------------------------------------------------------------------------- widths and heights

    def set_most_lines(self, most_lines: int) -> None:
        """Show at most so many lines of text in a row; 0: all."""
        self._heights.most_lines = most_lines
        self._heights.restart()
        self.viewport().update()

    def geometry_changed(self, top: int, offset: int) -> None:
        """Heights changed: keep the line at the top where it was.

        Args:
            top: The line that was first in sight; below 0: none.
            offset: Its distance from the upper edge, in pixels.
        """
        self.updateGeometries()
        if top >= 0:
            moved = self.rowViewportPosition(top) - offset
            if moved and self.verticalScrollBar().value() > 0:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)
        self.updateEditorGeometries()
        self.viewport().update()
        self.verticalHeader().viewport().update()

    def _fit_columns(self) -> None:
        columns = self.annex.document.catalogue.columns
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        self._widths = fitted(columns, self.texts.em, self.viewport().width())
        for column, width in enumerate(self._widths):
            header.resizeSection(column, width)
        header.blockSignals(blocked)
        self.updateGeometries()
        self.columns_moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the width, and re-wrap when columns changed."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            before = [self.columnWidth(column) for column in range(len(self.annex.keys))]
            self._fit_columns()
            if before != [self.columnWidth(column) for column in range(len(self.annex.keys))]:
                self._heights.restart()
        else:
            self._heights.settle_visible()

    def showEvent(self, event: QShowEvent) -> None:
        """Now the width is known, if it was not before."""
        super().showEvent(event)
        if not self._heights.begun:
            self._heights.restart()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 -- Qt's name
        """Settle the lines that come into sight; frozen columns and merged cells do not move with the rest."""
        super().scrollContentsBy(dx, dy)
        if dy:
            # Not now: settling may scroll, and Qt is in the middle of it.
            QTimer.singleShot(0, self._heights.settle_visible)
            self.viewport().update(
                QRect(
                    0,
                    0,
                    self.column_x(self.heading_column()) + self.columnWidth(self.heading_column()),
                    self.viewport().height(),
                )
            )
        if dx and self.frozen_columns():
            self.viewport().update()

    # ------------------------------------------------------------------------------------------------------------ looks

    def shows_selection(self) -> bool:
        """Whether more than the current cell is selected."""
        parts = _parts(self.selectionModel().selection())
        return len(parts) > 1 or any(part.width() > 1 or part.height() > 1 for part in parts)

    def selected_ranges(self) -> list[QRect]:
        """The selected cells as rectangles of columns (x) and rows (y)."""
        return [
            QRect(QPoint(part.left(), part.top()), QPoint(part.right(), part.bottom()))
            for part in _parts(self.selectionModel().selection())
        ]

    def is_refused(self, row: int, column: int) -> bool:
        """Whether a refused text is kept for a cell."""
        return bool(self._refused) and (self.annex.lines[row].place, self.annex.keys[column]) in self._refused

    def set_refused(self, cells: frozenset[tuple[str, ColumnKey]]) -> None:
        """Mark the cells for which a refused text is kept."""
        self._refused = cells
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that changed."""
        painter = QPainter(self.viewport())
        dirty = list(cast("Iterable[QRect]", event.region()))
        # After an edit a few cells far apart have changed; painting all between them would take five times longer.
        for rect in dirty if len(dirty) <= _MOST_PARTS else [event.rect()]:
            SheetPainter(self, painter, rect).paint()

    def event(self, event: QEvent) -> bool:
        """Another font or palette, here or for the whole application: wrap and mix anew."""
        done = super().event(event)
        if event.type() in _FONT_CHANGES:
            self._follow_font()
        elif event.type() in _COLOUR_CHANGES:
            self.inks = inks_of(QApplication.palette())
            self.viewport().update()
        return done

    def _follow_font(self) -> None:
        font = self._sheet_font(bold=False)
        if font != self.texts.font:
            self.texts.set_font(font)
            self.bold_texts.set_font(self._sheet_font(bold=True))
            self._fit_columns()
            self._heights.restart()

    # ----------------------------------------------------------------------------------------------------- model's news

    def _data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        remark = self.annex.column_of(ColumnKey.REMARK)
        if remark is not None and first.column() <= remark <= last.column():
            self._heights.changed(first.row(), last.row())

    def _marks_changed(self) -> None:
        self.verticalHeader().viewport().update()

    def _lines_reset(self) -> None:
        self._fit_columns()
        self._heights.restart()
        self.viewport().update()

    def _scrolled_sideways(self) -> None:
        self.horizontalHeader().viewport().update()
        self.columns_moved.emit()


def _parts(selection: QItemSelection) -> list[QItemSelectionRange]:
    """The ranges of a selection, which the stubs of Qt do not know to be a list."""
    return list(cast("Iterable[QItemSelectionRange]", selection))
