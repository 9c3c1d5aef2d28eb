"""Keys of the table as in a spreadsheet: where each one moves; knows no texts and moves nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt

from selfassess.domain.catalogue import ColumnKey

if TYPE_CHECKING:
    from selfassess.gui.table.geometry import SheetGeometry

_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def target_of(view: SheetGeometry, now: QModelIndex, key: int, modifiers: Qt.KeyboardModifier) -> QModelIndex | None:
    """Where a key moves from a cell.

    Args:
        view: The table.
        now: The current cell; may be invalid.
        key: Qt's key.
        modifiers: Keys held with it.

    Returns:
        The cell, which may be the same at an edge; None when the key does not move.
    """
    held = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return None
    if not now.isValid():
        moves = key in _STEPS or key in ENTER or key in (Qt.Key.Key_Tab, Qt.Key.Key_Home, Qt.Key.Key_End)
        return first_row(view) if moves else None
    if key in _STEPS:
        step = _STEPS[Qt.Key(key)]
        return _edge(view, now, step) if held else _stepped(view, now, step)
    if key in ENTER and not held:
        return _stepped(view, now, (-1 if back else 1, 0))
    if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not held:
        return next_editable(view, now, -1 if key == Qt.Key.Key_Backtab or back else 1)
    if key == Qt.Key.Key_Home:
        return view.annex.index(0 if held else now.row(), 0)
    if key == Qt.Key.Key_End:
        return view.annex.index(len(view.annex.lines) - 1 if held else now.row(), len(view.annex.keys) - 1)
    if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not held:
        return _paged(view, now, -1 if key == Qt.Key.Key_PageUp else 1)
    return None


def next_editable(view: SheetGeometry, now: QModelIndex, direction: int) -> QModelIndex:
    """The next cell to type in, across and then down (1) or back and up (-1); the same one at either end."""
    columns = len(view.annex.keys)
    at = now.row() * columns + now.column()
    last = len(view.annex.lines) * columns
    while 0 <= (at := at + direction) < last:
        row, column = divmod(at, columns)
        if not view.isColumnHidden(column) and view.annex.is_editable(row, column):
            return view.annex.index(row, column)
    return now


def first_row(view: SheetGeometry) -> QModelIndex:
    """The points of the first row; invalid when no row is shown."""
    for row, line in enumerate(view.annex.lines):
        if line.is_row:
            return view.annex.index(row, view.annex.column_of(ColumnKey.POINTS) or 0)
    return QModelIndex()


def _stepped(view: SheetGeometry, now: QModelIndex, step: tuple[int, int]) -> QModelIndex:
    """One cell on; up and down step over headings and along merged cells."""
    down, across = step
    column = now.column() + across
    while across and 0 <= column < len(view.annex.keys) and view.isColumnHidden(column):
        column += across
    column = min(max(column, 0), len(view.annex.keys) - 1)
    if across:
        return view.annex.index(now.row(), column)
    lines = view.annex.lines
    row = now.row() + down
    merged = lines[now.row()].run if view.annex.keys[column] is ColumnKey.CONTENT else (now.row(), now.row())
    while 0 <= row < len(lines) and (not lines[row].is_row or merged[0] <= row <= merged[1]):
        row += down
    return view.annex.index(row, column) if 0 <= row < len(lines) else now


def _edge(view: SheetGeometry, now: QModelIndex, step: tuple[int, int]) -> QModelIndex:
    """The end of a block of filled or of empty cells, as Ctrl with an arrow moves in a spreadsheet."""
    at = _stepped(view, now, step)
    if at == now:
        return now
    filled = _is_filled(view, now) and _is_filled(view, at)
    while (following := _stepped(view, at, step)) != at:
        if filled and not _is_filled(view, following):
            return at
        if not filled and _is_filled(view, at):
            return at
        at = following
    return at


def _is_filled(view: SheetGeometry, index: QModelIndex) -> bool:
    return bool(view.annex.cell(index.row(), index.column()).text)


def _paged(view: SheetGeometry, now: QModelIndex, direction: int) -> QModelIndex:
    """About a screen on, to a row."""
    header = view.verticalHeader()
    wanted = header.sectionPosition(now.row()) + direction * max(
        1, view.viewport().height() - view.rowHeight(now.row())
    )
    wanted = min(max(wanted, 0), header.length() - 1)
    row = header.logicalIndexAt(wanted - header.offset())
    lines = view.annex.lines
    while 0 <= row < len(lines) and not lines[row].is_row:
        row += direction
    if not 0 <= row < len(lines):
        row = next((at for at in range(len(lines))[::-direction] if lines[at].is_row), now.row())
    return view.annex.index(row, now.column())
