"""The table: geometry with frozen columns and merged cells, and what is current; painting and keys are beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QTableView,
    QWidget,
)

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table import keyboard
from selfassess.gui.table.editors import CellEditor, ChoiceEditor, LineEditor, LongEditor
from selfassess.gui.table.headers import CodeHeader, TitleHeader
from selfassess.gui.table.heights import LineHeights
from selfassess.gui.table.inks import inks_of
from selfassess.gui.table.painter import SheetPainter
from selfassess.gui.table.texts import TextShelf
from selfassess.gui.table.widths import PADDING, fitted, frozen_count

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


class AnnexView(QTableView):
    """The annex as on paper.

    Signals:
        place_changed: Another line became current: its place (row or category code).
        columns_moved: Column widths or the sideways scroll changed.
        clear_wanted: The selected cells shall be emptied.

    Args:
        model: The form.
        parent: Owner.
    """

    place_changed = Signal(str)
    columns_moved = Signal()
    clear_wanted = Signal()

    def __init__(self, model: AnnexModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.annex = model
        self.inks = inks_of(QApplication.palette())
        self.texts = TextShelf(self._sheet_font(bold=False))
        self.bold_texts = TextShelf(self._sheet_font(bold=True))
        self._anchor = QPersistentModelIndex()
        self._place = ""
        self._widths: tuple[int, ...] = ()
        self._trigger = QAbstractItemView.EditTrigger.NoEditTriggers
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

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("自评表"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    # ------------------------------------------------------------------------------------------------------ geometry

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

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 -- Qt's name
        """What a changed selection repaints: whole lines, since merges and the current row's tint change too."""
        region = QRegion()
        for part in _parts(selection):
            top = self.rowViewportPosition(part.top())
            bottom = self.rowViewportPosition(part.bottom()) + self.rowHeight(part.bottom())
            region += QRect(0, top, self.viewport().width(), bottom - top)
        return region

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

    def keep_in_sight(self, index: QModelIndex) -> None:
        """Scroll as little as needed for a line whose height changed to be seen whole."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.horizontalScrollBar().setValue(across)

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

    # ----------------------------------------------------------------------------------------------------- line height

    def set_most_lines(self, most_lines: int) -> None:
        """Show at most so many lines of text in a row; 0: all."""
        self._heights.most_lines = most_lines
        self._heights.restart()
        self.viewport().update()

    # ------------------------------------------------------------------------------------------------------ what is now

    def place(self) -> str:
        """The place of the current line; "" while there is none."""
        index = self.currentIndex()
        return self.annex.lines[index.row()].place if index.isValid() else ""

    def show_place(self, place: str, key: ColumnKey | None = None) -> bool:
        """Make a line current and bring it into sight.

        Args:
            place: Code of a row or a category.
            key: The column; None: that of the points, or of the title for a category.

        Returns:
            False when the line is not shown, because of the filter or because the form has none.
        """
        row = self.annex.row_of(place)
        if row is None:
            return False
        line = self.annex.lines[row]
        wanted = key or (ColumnKey.POINTS if line.is_row else ColumnKey.CONTENT)
        column = self.annex.column_of(wanted)
        index = self.annex.index(row, column if column is not None else 0)
        self.setCurrentIndex(index)
        self._anchor = QPersistentModelIndex(index)
        if not line.is_row:
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        return True

    def anchor(self) -> QModelIndex:
        """Where a selection that is being extended began."""
        if not self._anchor.isValid():
            return self.currentIndex()
        return self.annex.index(self._anchor.row(), self._anchor.column())

    def set_anchor(self, index: QModelIndex) -> None:
        """Remember where a selection begins."""
        self._anchor = QPersistentModelIndex(index)

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

    # --------------------------------------------------------------------------------------------------------- editing

    def edit(self, index: Index, *how: Any) -> Any:
        """Open an editor; remembers what opened it, for the editor's keys and its selection.

        Args:
            index: The cell.
            how: Nothing when a program asks; the trigger and its event when Qt does.

        Returns:
            Nothing to a program, to Qt whether an editor opened: two functions of the same name there.
        """
        triggers = QAbstractItemView.EditTrigger
        if not how:
            self._trigger = triggers.EditKeyPressed
            return super().edit(index)
        if how[0] != triggers.NoEditTriggers:
            self._trigger = how[0]
        return cast("bool", super().edit(index, *how))

    def edit_empty(self) -> None:
        """Open an empty editor on the current cell."""
        self.edit(self.currentIndex())
        editor = self.open_editor()
        if editor is not None:
            editor.put("", selected=False)

    def edit_with_list(self) -> None:
        """Open the current cell's editor and, where there is one, its list."""
        self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.DoubleClicked, None)

    def opened_by_mouse(self) -> bool:
        """Whether the open editor was opened to choose from its list."""
        return self._trigger == QAbstractItemView.EditTrigger.DoubleClicked

    def open_editor(self) -> CellEditor | None:
        """The editor in which something is being typed; None when there is none."""
        if self.state() != QAbstractItemView.State.EditingState:
            return None
        for child in self.viewport().children():
            if isinstance(child, LineEditor | LongEditor | ChoiceEditor) and child.isVisible():
                return child
        return None

    def opened_by_typing(self) -> bool:
        """Whether the open editor was opened by typing over the cell."""
        return self._trigger == QAbstractItemView.EditTrigger.AnyKeyPressed

    def opened_by_f2(self) -> bool:
        """Whether the open editor was opened to change what is there."""
        return not self.opened_by_typing()

    # ---------------------------------------------------------------------------------------------------------- events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that changed."""
        painter = QPainter(self.viewport())
        dirty = list(cast("Iterable[QRect]", event.region()))
        # After an edit a few cells far apart have changed; painting all between them would take five times longer.
        for rect in dirty if len(dirty) <= _MOST_PARTS else [event.rect()]:
            SheetPainter(self, painter, rect).paint()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text from an input method opens an editor.

        Qt's own view does so for text that is first composed; text that arrives finished, as Chinese punctuation does,
        would open the editor and be lost.
        """
        finished = bool(event.commitString()) and not event.preeditString()
        if not finished or self.state() == QAbstractItemView.State.EditingState:
            super().inputMethodEvent(event)
        elif self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.AnyKeyPressed, None)
            editor = QApplication.focusWidget()
            if editor is not None and editor is not self:
                QApplication.sendEvent(editor, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and edit as a spreadsheet does; the rest is Qt's."""
        if self.open_editor() is not None:
            # The view keeps the focus while an input method composes the first text, and hears what the editor ignores:
            # neither may leave the cell.
            return
        if not keyboard.handled(self, event):
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 -- Qt's name
        """Repaint both lines: the current one is tinted, its code bold."""
        super().currentChanged(current, previous)
        self._accept_composing()
        for index in (current, previous):
            if index.isValid() and index.row() < len(self.annex.lines):
                rect = self.shown_rect(index)
                line = QRect(
                    0, self.rowViewportPosition(index.row()), self.viewport().width(), self.rowHeight(index.row())
                )
                self.viewport().update(rect.united(line))
        self.verticalHeader().viewport().update()
        place = self.place()
        if place != self._place:
            self._place = place
            self.place_changed.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a selection by mouse begins."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = QPersistentModelIndex(index)
        super().mousePressEvent(event)

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The border of the current cell shows whether keys go to the table.

        Not QAbstractItemView's own handler: it repaints the whole viewport, after each edit.
        """
        QAbstractScrollArea.focusInEvent(self, event)
        if not self.currentIndex().isValid():
            keyboard.go(self, keyboard.first_row(self))
        self._accept_composing()
        self._update_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """See :meth:`focusInEvent`."""
        QAbstractScrollArea.focusOutEvent(self, event)
        self._update_current()

    def _accept_composing(self) -> None:
        """An input method may compose where something can be typed."""
        editable = bool(self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, editable)

    def _update_current(self) -> None:
        index = self.currentIndex()
        if index.isValid() and index.row() < len(self.annex.lines):
            self.viewport().update(self.shown_rect(index))

    # --------------------------------------------------------------------------------------------------- model's news

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

    def _sheet_font(self, *, bold: bool) -> QFont:
        """A little smaller than the window's font, as the table on paper is smaller than the report around it."""
        font = QFont(QApplication.font())
        font.setPointSizeF(max(_LEAST_POINTS, font.pointSizeF() * _SHEET_SCALE))
        font.setBold(bold)
        return font


def _parts(selection: QItemSelection) -> list[QItemSelectionRange]:
    """The ranges of a selection, which the stubs of Qt do not know to be a list."""
    return list(cast("Iterable[QItemSelectionRange]", selection))
