"""The middle of the main window: categories, table or unit page, findings, row panel; it divides, builds, and leads on.

What is not in the first picture is imported and built when the table has been painted: a start must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from selfassess.gui.category_list import UNIT_PLACE, CategoryList
from selfassess.gui.refused_answers import RefusedAnswers
from selfassess.gui.soon import soon
from selfassess.gui.table.annex_table import AnnexTable

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.gui.findings_panel import FindingsPanel
    from selfassess.gui.row_panel.panel import RowPanel
    from selfassess.gui.unit_page import UnitPage
    from selfassess.paths import Places

# ruff: noqa: PLC0415

_PANEL_SHARE = 0.28
"""Of the window's width."""
_PANEL_DELAY = 40
"""Milliseconds after which the panel follows the table."""
ROOMY_HEIGHT = 820
"""Height of a window from which on findings are shown from the beginning, and rows may be taller."""
_LINES = 4
_LINES_ON_SMALL_SCREENS = 3
"""Lines of text a row shows at most; the panel shows all of it."""


class Workbench(QSplitter):
    """The parts of the window in which one works.

    Signals:
        furnished: Everything beside the table is there.
        said: A sentence for the status line.
        place_wanted: A part leads to another place.
        finding_wanted: A finding, or what a cell still lacks, leads to a field: place and part, as findings name them.
        correction_wanted: The clerk wants to correct the rules of a row: its code.
        comparison_wanted: The clerk wants to choose last year's form.

    Args:
        document: The open draft.
        places: Where Designer forms lie.
        parent: Owner.
    """

    furnished = Signal()
    said = Signal(str)
    place_wanted = Signal(str)
    finding_wanted = Signal(str, str)
    correction_wanted = Signal(str)
    comparison_wanted = Signal()

    def __init__(self, document: Document, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._document = document
        self._places = places
        self._panel: RowPanel | None = None
        self._findings: FindingsPanel | None = None
        self._unit_page: UnitPage | None = None
        self._panel_wanted = True
        self._panel_width = 0
        self._answers = RefusedAnswers(document, self)
        self.table = AnnexTable(document, self._answers, self)
        self.categories = CategoryList(document, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._findings_place = _holder(self)
        self._panel_place = _holder(self)
        self._middle = QSplitter(Qt.Orientation.Vertical, self)
        self._divide()
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(_PANEL_DELAY)
        self._following.timeout.connect(self.follow)
        self.table.place_changed.connect(self._place_changed)
        self.table.said.connect(self.said)
        self._answers.said.connect(self.said)
        self.table.reason_wanted.connect(self._ask_for_reason)
        self.categories.chosen.connect(self.place_wanted)
        self.categories.room_changed.connect(self._fit_categories)

    @property
    def panel(self) -> RowPanel | None:
        """The row's panel; None until the table was painted."""
        return self._panel

    @property
    def findings(self) -> FindingsPanel | None:
        """The findings; None until the table was painted."""
        return self._findings

    # -------------------------------------------------------------------------------------------------------- building

    def _divide(self) -> None:
        self._middle.addWidget(self._stack)
        self._middle.addWidget(self._findings_place)
        self._middle.setStretchFactor(0, 1)
        self._middle.setStretchFactor(1, 0)
        self._middle.setCollapsible(0, False)
        self._middle.setHandleWidth(3)
        for place, (widget, stretch) in enumerate(((self.categories, 0), (self._middle, 1), (self._panel_place, 0))):
            self.addWidget(widget)
            self.setStretchFactor(place, stretch)
            self.setCollapsible(place, False)
        self.setHandleWidth(1)

    def arrange(self, size: QSize) -> None:
        """Divide the room before it is seen, so that the table is laid out once and not after each division.

        Args:
            size: Of the window.
        """
        width, height = size.width(), size.height()
        self.set_tall(tall=False, height=height)
        left = self._categories_width(width)
        right = round(width * _PANEL_SHARE)
        self.resize(size)
        self.setSizes([left, width - left - right, right])
        self._middle.resize(width - left - right, height)
        self._middle.setSizes([height - 150, 150])
        view = self.table.view
        if not view.currentIndex().isValid():
            self.show_first_row()
        view.setFocus()
        # A timer begun here would come before the first painting.
        view.viewport().installEventFilter(self)

    def _categories_width(self, width: int) -> int:
        return max(self.categories.minimumWidth(), min(self.categories.sizeHint().width(), width // 6))

    def _fit_categories(self) -> None:
        """Letters of another size need another width; the middle gives it, or gets what is left."""
        left, middle, *right = self.sizes()
        wanted = self._categories_width(self.width())
        if left:
            self.setSizes([wanted, middle + left - wanted, *right])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Build what stands beside the table as soon as the table is painted for the first time."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            soon(self, self.furnish)
        return super().eventFilter(watched, event)

    def furnish(self) -> None:
        """Build everything beside the table; harmless when it is there."""
        from selfassess.gui.findings_panel import FindingsPanel
        from selfassess.gui.row_panel.panel import RowPanel

        if self._panel is not None:
            return
        panel = self._panel = RowPanel(self._document, self._panel_place, self._answers)
        _fill(self._panel_place, panel)
        panel.said.connect(self.said)
        panel.figure_wanted.connect(self._show_figure)
        panel.correction_wanted.connect(self.correction_wanted)
        panel.comparison_wanted.connect(self.comparison_wanted)
        panel.left_below.connect(self.table.go_on)
        panel.show_place(self.table.view.place())
        findings = self._findings = FindingsPanel(self._document, self.here, self._findings_place)
        _fill(self._findings_place, findings)
        findings.place_chosen.connect(self.finding_wanted)
        self.furnished.emit()

    # --------------------------------------------------------------------------------------------------------- showing

    @property
    def shows_table(self) -> bool:
        """Whether the table is what stands in the middle."""
        return self._stack.currentWidget() is self.table

    def show_table(self) -> None:
        """Show the table in place of the unit page."""
        if self._unit_page is not None:
            self._unit_page.commit()
        self._stack.setCurrentWidget(self.table)
        self._make_room(panel=self._panel_wanted)
        self.categories.follow(self._category_of(self.table.view.place()))

    def show_unit_page(self, place: str) -> None:
        """Show who files, and the figures.

        Args:
            place: Where to put the keyboard: ``unit.name``, ``figure.budget`` …
        """
        from selfassess.gui.unit_page import UnitPage

        # While the table is still seen: an editor that is hidden first would keep its text to itself.
        self._close_cell_editor()
        if self._unit_page is None:
            self._unit_page = UnitPage(self._document, self._places, self)
            self._stack.addWidget(self._unit_page)
        self._stack.setCurrentWidget(self._unit_page)
        self._make_room(panel=False)
        self.categories.follow(UNIT_PLACE)
        self._unit_page.show_place(place)

    def here(self) -> str:
        """The place where one stands: a line of the table, or a field of the unit page."""
        page = self._unit_page
        return page.place() if page is not None and not self.shows_table else self.table.view.place()

    def show_first_row(self) -> None:
        """Make the first row that is shown the current one."""
        self.table.view.show_place(next((line.place for line in self.table.model.lines if line.is_row), ""))

    def show_panel(self, shown: bool) -> None:  # noqa: FBT001 -- a switch of the menu
        """Show or hide the row's panel; the unit page has no use for it."""
        self._panel_wanted = shown
        self._make_room(panel=shown and self.shows_table)

    def _make_room(self, *, panel: bool) -> None:
        """Show or hide the panel's place; its room is the middle's, of which Qt would give the categories a half."""
        if panel is not self._panel_place.isHidden():
            return
        left, middle, right = self.sizes()
        if not panel:
            self._panel_width = right
        self._panel_place.setVisible(panel)
        if middle:
            width = self._panel_width if panel else 0
            handles = (int(left > 0) + int(panel)) * self.handleWidth()
            self.setSizes([left, self.width() - handles - left - width, width])

    def show_findings(self, shown: bool) -> None:  # noqa: FBT001 -- a switch of the menu
        """Show or hide the findings."""
        self._findings_place.setVisible(shown)
        if shown and self._middle.sizes()[1] < self._findings_place.minimumSizeHint().height():
            height = self._middle.height()
            self._middle.setSizes([height - height // 4, height // 4])

    def set_tall(self, *, tall: bool, height: int) -> None:
        """Show all text of each row, or a few lines of it.

        Args:
            tall: All of it.
            height: Of the window, in pixels.
        """
        few = _LINES if height >= ROOMY_HEIGHT else _LINES_ON_SMALL_SCREENS
        self.table.view.set_most_lines(0 if tall else few)

    def next_pane(self, focused: QWidget | None) -> None:
        """Table, row panel, findings, categories, and round again.

        Args:
            focused: What has the keyboard now.
        """
        panes: list[QWidget] = [self._stack.currentWidget()]
        if self._panel is not None and self._panel_place.isVisible():
            panes.append(self._panel)
        if self._findings is not None and self._findings_place.isVisible():
            panes.append(self._findings.view)
        if self.categories.isVisible():
            panes.append(self.categories)
        target = panes[(_place_among(panes, focused) + 1) % len(panes)]
        if target is self._panel and self._panel is not None:
            self._panel.start_input()
        else:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def follow(self) -> None:
        """Let the panel show the current row now."""
        self._following.stop()
        if self._panel is not None:
            self._panel.show_place(self.table.view.place())

    def _place_changed(self, place: str) -> None:
        # A moment later: the panel is laid out anew for each row, and arrow keys held down must not wait for it.
        self._following.start()
        if self._stack.currentWidget() is self.table:
            self.categories.follow(self._category_of(place))

    def _category_of(self, place: str) -> str:
        row = self.table.model.row_of(place)
        return "" if row is None else self.table.model.lines[row].category

    def _ask_for_reason(self, code: str) -> None:
        """The reason of 不涉及 stands far down the panel: the keyboard goes there, and Enter leads back."""
        self.finding_wanted.emit(code, "not_applicable")

    def _show_figure(self, key: str) -> None:
        self.place_wanted.emit(f"figure.{key}")

    # --------------------------------------------------------------------------------------------------------- storing

    def flush(self) -> None:
        """Store what still stands in open editors and fields."""
        self._close_cell_editor()
        if self._panel is not None:
            self._panel.flush()
        if self._unit_page is not None:
            self._unit_page.commit()

    def _close_cell_editor(self) -> None:
        if self.table.view.open_editor() is not None:
            self.table.view.setFocus()

    def is_typing(self) -> bool:
        """Whether something stands in an editor or field that is not stored, and waits for more or better."""
        parts = (self.table.delegate, self._panel, self._unit_page)
        return any(part is not None and part.is_typing() for part in parts)

    def unstored(self) -> list[str]:
        """Where texts stand that the disk has refused, and refuses once more now, in words."""
        self.retry()
        return self.refused()

    def retry(self) -> None:
        """Try once more to store what the disk has refused, under nobody's hands."""
        self._answers.retry()
        if self._panel is not None:
            self._panel.retry_matters()
        if self._unit_page is not None:
            self._unit_page.retry()

    def store(self) -> None:
        """Store what stands in open editors and fields, and leave the keyboard where it is."""
        self.table.delegate.store_open()
        if self._panel is not None:
            self._panel.flush()
        if self._unit_page is not None:
            self._unit_page.commit()

    def not_taken(self) -> list[str]:
        """Where texts stand that mean nothing there, in words; those that the disk refused are others."""
        parts = (self.table.delegate, self._panel, self._unit_page)
        return list(dict.fromkeys(place for part in parts if part is not None for place in part.not_taken()))

    def waits_for_its_place(self) -> bool:
        """Whether a text waits, after one more try, that would be lost if its place were undone or replaced."""
        return bool(self.unstored()) or (self._panel is not None and bool(self._panel.waiting_matters(by_disk=False)))

    def refused(self) -> list[str]:
        """Where texts stand that the disk has refused, in words."""
        places = self._answers.named()
        if self._panel is not None:
            places += self._panel.waiting_matters(by_disk=True)
        if self._unit_page is not None:
            places += self._unit_page.unstored()
        return places


def _holder(parent: QWidget) -> QWidget:
    """An empty place for a part that is built later."""
    holder = QWidget(parent)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return holder


def _fill(holder: QWidget, part: QWidget) -> None:
    layout = holder.layout()
    if layout is not None:
        layout.addWidget(part)


def _place_among(panes: list[QWidget], focused: QWidget | None) -> int:
    """Which of the panes has the keyboard; -1: none."""
    if focused is None:
        return -1
    return next((at for at, pane in enumerate(panes) if pane is focused or pane.isAncestorOf(focused)), -1)
