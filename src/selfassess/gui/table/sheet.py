"""The sheet: the form as a table with frozen columns and merged cells; knows no keys and no editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QTableView, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table.geometry import SheetGeometry, sheet_font
from selfassess.gui.table.headers import CodeHeader, TitleHeader
from selfassess.gui.table.heights import LineHeights
from selfassess.gui.table.inks import inks_of
from selfassess.gui.table.painter import SheetPainter
from selfassess.gui.table.widths import fitted
from selfassess.gui.viewport import own_viewport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.gui.table.model import AnnexModel, Index

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


class Sheet(SheetGeometry):
    """The annex as on paper, to be looked at.

    Signals:
        columns_moved: Column widths or the sideways scroll changed.

    Args:
        model: The form.
        parent: Owner.
    """

    columns_moved = Signal()

    def __init__(self, model: AnnexModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        own_viewport(self)
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

    # ----------------------------------------------------------------------------------------------- widths and heights

    def set_most_lines(self, most_lines: int) -> None:
        """Show at most so many lines of text in a row; 0: all."""
        self._heights.most_lines = most_lines
        self._heights.restart()
        self.viewport().update()

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
        kept = self._current_in(QRect(QPoint(0, 0), event.oldSize()))
        if event.oldSize().width() != event.size().width():
            before = [self.columnWidth(column) for column in range(len(self.annex.keys))]
            self._fit_columns()
            if before != [self.columnWidth(column) for column in range(len(self.annex.keys))]:
                self._heights.restart()
        else:
            self._heights.settle_visible()
        self.scrollTo(kept)

    def _current_in(self, seen: QRect) -> QModelIndex:
        """The current cell, if it was in sight or nothing was yet; to be brought back after the layout changed."""
        current = self.currentIndex()
        was_seen = current.isValid() and (seen.isEmpty() or seen.intersects(self.visualRect(current)))
        return current if was_seen else QModelIndex()

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
        font = sheet_font(bold=False)
        if font != self.texts.font:
            self.texts.set_font(font)
            self.bold_texts.set_font(sheet_font(bold=True))
            kept = self._current_in(self.viewport().rect())
            self._fit_columns()
            self._heights.restart()
            self.scrollTo(kept)

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
