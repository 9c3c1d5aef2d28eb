"""The ways of a main window to its rows, fields, findings and blank rows, filtered ones too; stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.gui.category_list import UNIT_PLACE
from selfassess.gui.filter_bar import shown_codes

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.gui.filter_bar import FilterBar
    from selfassess.gui.window_actions import Commands
    from selfassess.gui.workbench import Workbench


class Ways(QObject):
    """Lead to a place, and show what stands in the way of it: the table, a panel that was hidden, a filtered row.

    Signals:
        said: A sentence for the status line.

    Args:
        document: The open draft.
        workbench: Where the places are.
        filter_bar: Which rows are let through.
        commands: Their switches show panel and findings.
    """

    said = Signal(str)

    def __init__(self, document: Document, workbench: Workbench, filter_bar: FilterBar, commands: Commands) -> None:
        super().__init__(workbench)
        self._document = document
        self._workbench = workbench
        self._filter = filter_bar
        self._commands = commands
        self._view = workbench.table.view

    # ---------------------------------------------------------------------------------------------------------- places

    def show_place(self, place: str) -> None:
        """Go to a place.

        Args:
            place: Row code, category code, ``unit.name``, ``figure.budget``, ``adjustment.0`` or ``form``.
        """
        head = place.partition(".")[0]
        if head in (UNIT_PLACE, "figure", "form"):
            self._workbench.show_unit_page(place)
            return
        wanted = self._row_of(place)
        self._workbench.show_table()
        unfiltered = not self._view.show_place(wanted) and not self._filter.is_open()
        if unfiltered:
            self._filter.reset()
            self._view.show_place(wanted)
        self._workbench.follow()
        self._view.setFocus()
        if unfiltered:
            self.said.emit(self.tr("要去的“{0}”被筛选隐藏了，已取消筛选，显示全部行。").format(wanted))

    def show_finding(self, place: str, part: str) -> None:
        """Go to what a finding is about: the very field, where it names one.

        Args:
            place: As :meth:`show_place` takes it.
            part: The field of that place, as findings name it; "" for none.
        """
        self.show_place(place)
        if part:
            self._workbench.furnish()
            self._commands["panel"].setChecked(True)
            if self._workbench.panel is not None:
                self._workbench.panel.show_part(place, part)

    def show_turned(self, place: str) -> None:
        """Go where undo or redo changed something, as a spreadsheet does: it may be out of sight.

        Args:
            place: What was changed.
        """
        if place == "unit.annex_label":  # it stands in the preview
            return
        row = self._row_of(place)
        if row and (row != self._view.place() or not self._workbench.shows_table):
            self.show_place(place)

    def _row_of(self, place: str) -> str:
        """The line of the table that a place belongs to: all matters stand in one row."""
        if place.partition(".")[0] != "adjustment":
            return place
        rows = self._document.catalogue.indicators()
        return next((row.code for _, row in rows if isinstance(row.rule, AdjustmentBand)), "")

    def enter_table(self) -> None:
        """Show the table, and give it the keyboard."""
        self._workbench.show_table()
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ------------------------------------------------------------------------------------------------------- filtering

    def find(self) -> None:
        """Begin to look for a text among the rows."""
        self._workbench.show_table()
        self._filter.start()

    def show_filtered(self) -> None:
        """Show the rows that the filter lets through."""
        codes = shown_codes(self._document, self._filter.text, self._filter.state)
        place = self._view.place()
        self._workbench.table.show_only(codes)
        if not self._view.show_place(place):
            self._workbench.show_first_row()
        self.said.emit("")

    def show_all(self) -> None:
        """Let every row through again, and go on in the table."""
        if not self._filter.is_open():
            self._filter.reset()
            self._view.setFocus()

    # -------------------------------------------------------------------------------------------------------- checking

    def next_finding(self) -> None:
        """Go to the next finding."""
        self._step_finding(1)

    def previous_finding(self) -> None:
        """Go to the finding before."""
        self._step_finding(-1)

    def _step_finding(self, direction: int) -> None:
        self._workbench.furnish()
        self._workbench.flush()
        self._commands["findings"].setChecked(True)
        findings = self._workbench.findings
        if findings is None or not self._document.findings:
            self.said.emit(self.tr("没有需要处理的问题。"))
        elif direction > 0:
            findings.next()
        else:
            findings.previous()

    def next_blank(self) -> None:
        """Go to the next row that waits for the clerk, round the end."""
        rows = [row for _, row in self._document.catalogue.indicators()]
        scores = {row.code: row for row in self._document.scorecard.rows}
        at = {row.code: place for place, row in enumerate(rows)}
        waiting = [
            row.code
            for row in rows
            if scores[row.code].state is RowState.BLANK and not isinstance(row.rule, AdjustmentBand)
        ]
        if not waiting:
            self.said.emit(self.tr("所有行都已填报。"))
            return
        here = at.get(self._view.place(), -1)
        self.show_place(next((code for code in waiting if at[code] > here), waiting[0]))
