"""The table with its total row and sideways scroll bar, and what its keys and menus do to the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QScrollBar, QVBoxLayout, QWidget

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import UserError
from selfassess.gui.table import entering
from selfassess.gui.table.delegate import CellDelegate
from selfassess.gui.table.keyboard import target_of
from selfassess.gui.table.model import AnnexModel
from selfassess.gui.table.total_bar import TotalBar
from selfassess.gui.table.view import AnnexView

if TYPE_CHECKING:
    from collections.abc import Collection

    from selfassess.document import Document
    from selfassess.domain.entries import Answer
    from selfassess.gui.filter_strip import FilterStrip
    from selfassess.gui.refused_answers import RefusedAnswers
    from selfassess.gui.table.clipboard import Block
    from selfassess.gui.table.dropped_strip import DroppedStrip
    from selfassess.gui.table.pasting import Form, Target

# Nobody pays for clipboard and preview before the first block is copied or pasted.
# ruff: noqa: PLC0415

_EXACT = "application/x-selfassess-cells"
"""Copied cells as they are, for pasting here again; as text, formulas are made harmless."""


class AnnexTable(QFrame):
    """The annex as on paper, with the total always in sight.

    Signals:
        place_changed: Another line became current: its place.
        said: A sentence for the status line; "" when there is nothing to say any more.
        all_wanted: Rows that a filter hides shall be shown.
        reason_wanted: 不涉及 was entered without its reason: the row's code.

    Args:
        document: The open draft.
        answers: Where answers wait that only the disk did not take.
        parent: Owner.
    """

    place_changed = Signal(str)
    said = Signal(str)
    all_wanted = Signal()
    reason_wanted = Signal(str)

    def __init__(self, document: Document, answers: RefusedAnswers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.model = AnnexModel(document, self)
        self.view = AnnexView(self.model, self)
        self.delegate = CellDelegate(self.view, answers)
        self.view.setItemDelegate(self.delegate)
        self.total_bar = TotalBar(self.view, self)
        self._strip: FilterStrip | None = None
        self._dropped: DroppedStrip | None = None
        self._across = QScrollBar(Qt.Orientation.Horizontal, self)
        self._across.setAccessibleName(self.tr("左右滚动"))
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.total_bar)
        column.addWidget(self._across)
        self.setFocusProxy(self.view)
        self._tie_scroll_bar()
        self.view.place_changed.connect(self.place_changed)
        self.view.clear_wanted.connect(self.clear)
        self.view.all_wanted.connect(self.all_wanted)
        self.delegate.said.connect(self.said)
        self.delegate.reason_wanted.connect(self.reason_wanted)
        answers.dropped.connect(self._show_dropped)

    def show_only(self, codes: Collection[str] | None) -> None:
        """Show some rows only, and say so over the table.

        Args:
            codes: Codes of the rows to show; None for all.
        """
        self.model.show_only(codes)
        strip = self._strip
        if codes is None:
            if strip is not None:
                strip.hide()
            return
        if strip is None:
            # Most drafts are never filtered.
            from selfassess.gui.filter_strip import FilterStrip

            strip = self._strip = FilterStrip(self)
            strip.all_wanted.connect(self.all_wanted)
            self._column.insertWidget(0, strip)
        strip.tell(len(codes), sum(1 for _ in self._document.catalogue.indicators()) - len(codes))
        strip.show()

    @property
    def strip(self) -> FilterStrip | None:
        """What is said over the table; None as long as nothing was ever hidden."""
        return self._strip

    @property
    def dropped(self) -> DroppedStrip | None:
        """Where texts are kept that are not stored any more; None as long as there was none."""
        return self._dropped

    def _show_dropped(self, place: str, text: str) -> None:
        from selfassess.gui.table.dropped_strip import DroppedStrip

        if self._dropped is None:
            self._dropped = DroppedStrip(self)
            self._column.insertWidget(0, self._dropped)
        self._dropped.add(place, text)

    def go_on(self) -> None:
        """Take the keyboard to the line below, as Enter in a cell does."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        below = target_of(self.view, self.view.currentIndex(), Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        if below is not None:
            self.view.go(below)

    def clear(self) -> None:
        """Empty the selected cells, as one step of undo."""
        answers: dict[str, Answer] = {}
        for index in self.view.selectionModel().selectedIndexes():
            row, column = index.row(), index.column()
            if not self.model.is_editable(row, column):
                continue
            code = self.model.lines[row].place
            before = answers.get(code, self._document.entries.answer(code))
            indicator = self.model.index_of_form.indicator(code)
            answers[code] = entering.answer_from(self.model.keys[column], "", indicator, before)
        self.put(answers, self.tr("清除 {0} 行").format(len(answers)))

    # ------------------------------------------------------------------------------------------------------ clipboard

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as spreadsheets read them."""
        from PySide6.QtCore import QMimeData

        from selfassess.gui.table.clipboard import to_spreadsheet, to_text

        selected = self.view.selectionModel().selectedIndexes()
        if not selected:
            return
        rows = sorted({index.row() for index in selected})
        columns = [column for column in sorted({index.column() for index in selected}) if self._is_shown(column)]
        chosen = {(index.row(), index.column()) for index in selected}
        block = [[self._copied(row, column, chosen) for column in columns] for row in rows]
        data = QMimeData()
        data.setText(to_spreadsheet(block))
        data.setData(_EXACT, to_text(block).encode(errors="replace"))
        QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Copy the selected cells and empty them."""
        self.copy()
        self.clear()

    def paste(self) -> None:
        """Enter the clipboard's cells: a single cell at once, a block after a preview."""
        from selfassess.gui.table.clipboard import from_text

        data = QGuiApplication.clipboard().mimeData()
        cells = bytes(data.data(_EXACT).data())
        block = from_text(cells.decode(errors="replace") if cells else data.text())
        current = self.view.currentIndex()
        if not block or not current.isValid():
            return
        if len(block) == 1 and len(block[0]) == 1:
            self._paste_one(block[0][0])
        else:
            self._paste_block(block)

    def _copied(self, row: int, column: int, chosen: set[tuple[int, int]]) -> str:
        """What a cell is on the clipboard: 备注 as it would be typed, without the reasons that are shown above it."""
        if (row, column) not in chosen:
            return ""
        line = self.model.lines[row]
        if line.is_row and self.model.keys[column] is ColumnKey.REMARK:
            return self._document.entries.answer(line.place).remark
        return self.model.cell(row, column).text.replace("\n", " ")

    def _paste_one(self, text: str) -> None:
        """One value into every selected cell that takes it."""
        answers: dict[str, Answer] = {}
        try:
            for index in self.view.selectionModel().selectedIndexes():
                if not self.model.is_editable(index.row(), index.column()):
                    continue
                code, key = self.model.lines[index.row()].place, self.model.keys[index.column()]
                before = answers.get(code, self._document.entries.answer(code))
                answers[code] = entering.answer_from(key, text, self.model.index_of_form.indicator(code), before)
        except UserError as error:
            self.said.emit(str(error))
            return
        if not answers:
            self.said.emit(self.tr("这里不能粘贴：只有“得分”和“备注”两列可以填写。"))
        self.put(answers, self.tr("粘贴 {0} 行").format(len(answers)))

    def _paste_block(self, block: Block) -> None:
        from selfassess.gui.table.paste_dialog import PasteDialog
        from selfassess.gui.table.pasting import guess_alignment

        target = self._paste_target()
        titles = {column.key: column.title for column in self._document.catalogue.columns}
        dialog = PasteDialog(block, target, self._paste_form(), guess_alignment(block, target), titles, self.window())
        try:
            if dialog.exec():
                answers = dict(dialog.answers)
                if self.put(answers, self.tr("粘贴 {0} 行").format(len(answers))):
                    self.said.emit(self.tr("已粘贴 {0} 行，可一次撤销。").format(len(answers)))
        finally:
            dialog.deleteLater()

    def _paste_target(self) -> Target:
        """The upper left corner of the selection."""
        from selfassess.gui.table.pasting import Target

        selected = self.view.selectionModel().selectedIndexes() or [self.view.currentIndex()]
        shown = [column for column in range(len(self.model.keys)) if self._is_shown(column)]
        return Target(
            lines=self.model.lines,
            keys=[self.model.keys[column] for column in shown],
            row=min(index.row() for index in selected),
            column=shown.index(min(index.column() for index in selected)),
        )

    def _paste_form(self) -> Form:
        from selfassess.gui.table.pasting import Form

        def shown(place: str, key: ColumnKey) -> str:
            row, column = self.model.row_of(place), self.model.column_of(key)
            if row is None or column is None:
                return ""
            return self._copied(row, column, {(row, column)})

        return Form(indicator=self.model.index_of_form.indicator, answer=self._document.entries.answer, shown=shown)

    def _is_shown(self, column: int) -> bool:
        return not self.view.isColumnHidden(column)

    # -------------------------------------------------------------------------------------------------------- storing

    def put(self, answers: dict[str, Answer], label: str) -> bool:
        """Store answers as one step; a refusal goes to the status line.

        Returns:
            Whether they were stored.
        """
        try:
            if len(answers) == 1:
                for code, answer in answers.items():
                    self._document.put_answer(code, answer)
            elif answers:
                self._document.put_answers(answers, label)
        except UserError as error:
            self.said.emit(str(error))
            return False
        return True

    def _tie_scroll_bar(self) -> None:
        """Qt would put the bar between the last line and the total; it belongs under the total."""
        inner = self.view.horizontalScrollBar()
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.rangeChanged.connect(self._across.setRange)
        inner.rangeChanged.connect(self._fit_scroll_bar)
        inner.valueChanged.connect(self._across.setValue)
        self._across.valueChanged.connect(inner.setValue)
        self._across.setRange(inner.minimum(), inner.maximum())
        self._across.setVisible(inner.maximum() > inner.minimum())

    def _fit_scroll_bar(self, least: int, most: int) -> None:
        self._across.setPageStep(self.view.horizontalScrollBar().pageStep())
        self._across.setVisible(most > least)
