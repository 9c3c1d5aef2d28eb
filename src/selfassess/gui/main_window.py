"""The window of one open draft: puts categories, table, row panel and findings together; stores nothing itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QSplitter, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.errors import UserError
from selfassess.gui.category_list import UNIT_PLACE, CategoryList
from selfassess.gui.filter_bar import FilterBar, shown_codes
from selfassess.gui.status import StatusTexts
from selfassess.gui.table.annex_table import AnnexTable
from selfassess.gui.window_actions import Commands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QDialog

    from selfassess.document import Document
    from selfassess.gui.export_actions import AnnexExports
    from selfassess.gui.findings_panel import FindingsPanel
    from selfassess.gui.row_panel.panel import RowPanel
    from selfassess.gui.settings import Settings
    from selfassess.gui.theme import Theme
    from selfassess.gui.unit_page import UnitPage
    from selfassess.paths import Places

# What is not in the first picture is imported when it is first wanted: a start must not pay for it.
# ruff: noqa: PLC0415

_PANEL_SHARE = 0.28
"""Of the window's width."""
_ROOMY_HEIGHT = 820
"""From this height on, findings are shown from the beginning."""
_PANEL_DELAY = 40
"""Milliseconds after which the panel follows the table."""
_MOST_NAMED = 3
"""Places that a question names."""
_LINES = 4
_LINES_ON_SMALL_SCREENS = 3
"""Lines of text a row shows at most; the panel shows all of it."""


class MainWindow(QMainWindow):
    """Filling in one form.

    Signals:
        new_wanted: Another form shall be begun.
        open_wanted: Another draft shall be opened.
        start_wanted: The list of drafts shall be shown.
        closed: The window was closed and its draft with it: the window.

    Args:
        document: The open draft; the window closes it when it is closed.
        places: Where forms, manual and fonts lie.
        settings: Remembers how the window looked.
        theme: Colours and text size.
    """

    new_wanted = Signal()
    open_wanted = Signal()
    start_wanted = Signal()
    closed = Signal(object)

    def __init__(self, document: Document, places: Places, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.document = document
        self._places = places
        self._settings = settings
        self._theme = theme
        self._arranged = False
        self._furnished = False
        self._panel: RowPanel | None = None
        self._findings: FindingsPanel | None = None
        self._unit_page: UnitPage | None = None
        self._annex_exports: AnnexExports | None = None
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(_PANEL_DELAY)
        self._following.timeout.connect(self._follow)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.commands = Commands(self)
        self.table = AnnexTable(document, self)
        self.categories = CategoryList(document, self)
        self.filter = FilterBar(self)
        self._build_tool_bar()
        self._build_centre()
        self.status = StatusTexts(document, self.statusBar(), self)
        self._wire()
        self._show_title()
        self.resize(self._first_size())

    # -------------------------------------------------------------------------------------------------------- building

    def _build_tool_bar(self) -> None:
        bar = QToolBar(self.tr("常用"), self)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.commands.fill_tool_bar(bar)
        gap = QWidget(bar)
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        self.filter.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * 28)
        bar.addWidget(self.filter)
        self.addToolBar(bar)

    def _build_centre(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._findings_place = _holder(self)
        self._middle = QSplitter(Qt.Orientation.Vertical, self)
        self._middle.addWidget(self._stack)
        self._middle.addWidget(self._findings_place)
        self._middle.setStretchFactor(0, 1)
        self._middle.setStretchFactor(1, 0)
        self._middle.setCollapsible(0, False)
        self._panel_place = _holder(self)
        self._across = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.categories, self._middle, self._panel_place):
            self._across.addWidget(widget)
        for place, stretch in enumerate((0, 1, 0)):
            self._across.setStretchFactor(place, stretch)
            self._across.setCollapsible(place, False)
        self._across.setHandleWidth(1)
        self._middle.setHandleWidth(3)
        self.setCentralWidget(self._across)

    def _furnish(self) -> None:
        """Everything beside the table, once the table is painted."""
        from selfassess.gui.findings_panel import FindingsPanel
        from selfassess.gui.row_panel.panel import RowPanel

        if self._furnished:
            return
        self._furnished = True
        panel = self._panel = RowPanel(self.document, self._panel_place)
        _fill(self._panel_place, panel)
        panel.said.connect(self.status.say)
        panel.figure_wanted.connect(self._show_figure)
        panel.correction_wanted.connect(self._correct)
        panel.show_place(self.table.view.place())
        findings = self._findings = FindingsPanel(self.document, self._findings_place)
        _fill(self._findings_place, findings)
        findings.place_chosen.connect(self.show_place)

    def _wire(self) -> None:
        """Who tells whom."""
        self.table.place_changed.connect(self._place_changed)
        self.table.said.connect(self.status.say)
        self.categories.chosen.connect(self.show_place)
        self.filter.changed.connect(self._filter)
        self.filter.left_down.connect(self._enter_table)
        self.document.undo_changed.connect(self._show_undo)
        self.document.unit_changed.connect(self._show_title)
        self.status.findings_wanted.connect(lambda: self._show_findings(shown=True))
        self.status.blank_wanted.connect(self._next_blank)
        self._wire_commands()
        self._show_undo()

    def _wire_commands(self) -> None:
        doings: dict[str, Callable[[], object]] = {
            "new": self.new_wanted.emit,
            "open": self.open_wanted.emit,
            "start": self.start_wanted.emit,
            "save_as": self._save_as,
            "preview": self._preview,
            "pdf": self._export_pdf,
            "xlsx": self._export_xlsx,
            "close": self.close,
            "undo": self._undo,
            "redo": self._redo,
            "cut": lambda: self._clipboard("cut"),
            "copy": lambda: self._clipboard("copy"),
            "paste": lambda: self._clipboard("paste"),
            "clear": self.table.clear,
            "find": self._find,
            "unit": lambda: self.show_place(UNIT_PLACE),
            "table": self._enter_table,
            "larger": lambda: self._resize_text(1),
            "smaller": lambda: self._resize_text(-1),
            "next_pane": self._next_pane,
            "next_finding": lambda: self._step_finding(1),
            "previous_finding": lambda: self._step_finding(-1),
            "next_blank": self._next_blank,
            "correct": lambda: self._correct(self.table.view.place()),
            "manual": self._show_manual,
            "about": self._show_about,
        }
        for name in ("cut", "copy", "paste", "clear", "next_finding", "correct"):
            self.table.view.addAction(self.commands[name])
        for name, doing in doings.items():
            self.commands[name].triggered.connect(partial(_without_state, doing))
        switches: dict[str, Callable[[bool], object]] = {
            "categories": self.categories.setVisible,
            "panel": self._show_panel,
            "findings": self._switch_findings,
            "tall": self._show_tall,
            "dark": self._show_dark,
        }
        for name, switch in switches.items():
            self.commands[name].toggled.connect(switch)
        self.commands["categories"].setChecked(True)
        self.commands["panel"].setChecked(True)
        self.commands["dark"].blockSignals(True)
        self.commands["dark"].setChecked(self._theme.dark)
        self.commands["dark"].blockSignals(False)

    @property
    def panel(self) -> RowPanel | None:
        """The row's panel; None until the table was painted."""
        return self._panel

    @property
    def findings(self) -> FindingsPanel | None:
        """The findings; None until the table was painted."""
        return self._findings

    # --------------------------------------------------------------------------------------------------------- showing

    def show_place(self, place: str) -> None:
        """Go to a place.

        Args:
            place: Row code, category code, ``unit.name``, ``figure.budget``, ``adjustment.0`` or ``form``.
        """
        head = place.partition(".")[0]
        if head in (UNIT_PLACE, "figure", "form"):
            self._show_unit_page(place)
            return
        wanted = self._adjustment_row() if head == "adjustment" else place
        self._show_table()
        if not self.table.view.show_place(wanted):
            self.filter.reset()
            self.table.view.show_place(wanted)
        self._follow()
        self.table.view.setFocus()

    def _show_figure(self, key: str) -> None:
        self.show_place(f"figure.{key}")

    def _show_table(self) -> None:
        if self._unit_page is not None:
            self._unit_page.commit()
        self._stack.setCurrentWidget(self.table)
        self._panel_place.setVisible(self.commands["panel"].isChecked())
        self.categories.follow(self._category_of(self.table.view.place()))

    def _show_unit_page(self, place: str) -> None:
        from selfassess.gui.unit_page import UnitPage

        if self._unit_page is None:
            self._unit_page = UnitPage(self.document, self._places, self)
            self._stack.addWidget(self._unit_page)
        self._stack.setCurrentWidget(self._unit_page)
        self._panel_place.hide()
        self.categories.follow(UNIT_PLACE)
        self._unit_page.show_place(place)

    def _place_changed(self, place: str) -> None:
        # A moment later: the panel is laid out anew for each row, and arrow keys held down must not wait for it.
        self._following.start()
        if self._stack.currentWidget() is self.table:
            self.categories.follow(self._category_of(place))

    def _follow(self) -> None:
        self._following.stop()
        if self._panel is not None:
            self._panel.show_place(self.table.view.place())

    def _category_of(self, place: str) -> str:
        row = self.table.model.row_of(place)
        return "" if row is None else self.table.model.lines[row].category

    def _adjustment_row(self) -> str:
        return next(
            (row.code for _, row in self.document.catalogue.indicators() if isinstance(row.rule, AdjustmentBand)), ""
        )

    def _filter(self) -> None:
        codes = shown_codes(self.document, self.filter.text, self.filter.state)
        place = self.table.view.place()
        self.table.model.show_only(codes)
        if not self.table.view.show_place(place):
            first = next((line.place for line in self.table.model.lines if line.is_row), "")
            self.table.view.show_place(first)
        self.status.say("" if codes is None else self.tr("筛选后显示 {0} 行，按 Esc 显示全部。").format(len(codes)))

    def _find(self) -> None:
        self._show_table()
        self.filter.start()

    def _enter_table(self) -> None:
        self._show_table()
        self.table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_panel(self, shown: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self._panel_place.setVisible(shown and self._stack.currentWidget() is self.table)

    def _switch_findings(self, shown: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self._show_findings(shown=shown)

    def _show_findings(self, *, shown: bool) -> None:
        self._findings_place.setVisible(shown)
        self.commands["findings"].setChecked(shown)
        if shown and self._middle.sizes()[1] < self._findings_place.minimumSizeHint().height():
            height = self._middle.height()
            self._middle.setSizes([height - height // 4, height // 4])

    def _show_tall(self, tall: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self.table.view.set_most_lines(0 if tall else self._most_lines())

    def _most_lines(self) -> int:
        return _LINES if self.height() >= _ROOMY_HEIGHT else _LINES_ON_SMALL_SCREENS

    def _show_dark(self, dark: bool) -> None:  # noqa: FBT001 -- Qt's signal
        from selfassess.gui.theme import ThemeChoice

        self._theme.set_choice(ThemeChoice.DARK if dark else ThemeChoice.LIGHT)

    def _resize_text(self, steps: int) -> None:
        from selfassess.gui.fonts import TextSize

        sizes = list(TextSize)
        at = sizes.index(self._theme.text_size) + steps
        self._theme.set_text_size(sizes[min(max(at, 0), len(sizes) - 1)])

    def _show_title(self) -> None:
        unit = self.document.entries.unit.name or self.tr("（未填单位）")
        self.setWindowTitle(self.tr("{0} — {1}").format(unit, self.document.catalogue.title))

    def _next_pane(self) -> None:
        """Table, row panel, findings, categories, and round again."""
        panes: list[QWidget] = [self._stack.currentWidget()]
        if self._panel is not None and self._panel_place.isVisible():
            panes.append(self._panel)
        if self._findings is not None and self._findings_place.isVisible():
            panes.append(self._findings.view)
        if self.categories.isVisible():
            panes.append(self.categories)
        focused = _focused(self)
        here = next(
            (
                at
                for at, pane in enumerate(panes)
                if focused is not None and (pane is focused or pane.isAncestorOf(focused))
            ),
            -1,
        )
        target = panes[(here + 1) % len(panes)]
        if target is self._panel and self._panel is not None:
            self._panel.start_input()
        else:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -------------------------------------------------------------------------------------------------------- checking

    def _step_finding(self, direction: int) -> None:
        self._furnish()
        if self._findings is None:
            return
        self._show_findings(shown=True)
        if not self.document.findings:
            self.status.say(self.tr("没有需要处理的问题。"))
        elif direction > 0:
            self._findings.next()
        else:
            self._findings.previous()

    def _next_blank(self) -> None:
        """The next row that waits for the clerk, round the end."""
        lines = [row for _, row in self.document.catalogue.indicators()]
        scores = {row.code: row for row in self.document.scorecard.rows}
        waiting = [
            row.code
            for row in lines
            if scores[row.code].state is RowState.BLANK and not isinstance(row.rule, AdjustmentBand)
        ]
        if not waiting:
            self.status.say(self.tr("所有行都已填报。"))
            return
        order = [row.code for row in lines]
        here = self.table.view.place()
        at = order.index(here) if here in order else -1
        self.show_place(next((code for code in waiting if order.index(code) > at), waiting[0]))

    def _correct(self, code: str) -> None:
        from selfassess.gui.correction_dialog import CorrectionDialog

        if not code:
            self.status.say(self.tr("请先在表格中选一行。"))
            return
        self._run(CorrectionDialog(self.document, code, self._places, self))

    # -------------------------------------------------------------------------------------------------- undo, clipboard

    def _undo(self) -> None:
        self._try_step(self.document.undo)

    def _redo(self) -> None:
        self._try_step(self.document.redo)

    def _try_step(self, step: Callable[[], str | None]) -> None:
        try:
            said = step()
        except UserError as error:
            self.status.say(str(error))
            return
        if said:
            self.status.say(said)

    def _show_undo(self) -> None:
        for name, text, plain in (
            ("undo", self.document.undo_text, self.tr("撤销")),
            ("redo", self.document.redo_text, self.tr("重做")),
        ):
            action = self.commands[name]
            action.setEnabled(bool(text))
            action.setText(text or plain)
            action.setIconText(plain)
            action.setToolTip(text or plain)

    def _clipboard(self, verb: str) -> None:
        """Texts keep their own clipboard keys; everywhere else the table has them."""
        focused = _focused(self)
        own = getattr(focused, verb, None)
        if focused is not None and focused is not self.table.view and callable(own):
            own()
        else:
            getattr(self.table, verb)()

    # ------------------------------------------------------------------------------------------------------------ files

    def _save_as(self) -> None:
        from selfassess.gui.saving import save_as

        self._flush()
        # Where the draft's own disk takes nothing any more, only the copy can be gone on with.
        go_on = bool(self._unstored()) or not self.document.draft.in_place
        target = save_as(self, self.document, switch=go_on)
        if target is None:
            return
        if go_on:
            self._flush()
            self._unstored()
            self.status.say(self.tr("已另存为“{0}”，以后填写的内容都保存在那里。").format(target))
        else:
            self.status.say(self.tr("已另存为“{0}”。").format(target))

    def _preview(self) -> None:
        from selfassess.gui.preview_dialog import PreviewDialog

        self._flush()
        self._run(PreviewDialog(self.document, self._places, self._settings, self))

    def _export_pdf(self) -> None:
        self._flush()
        self._tell_exported(self._exports().export_pdf())

    def _export_xlsx(self) -> None:
        self._flush()
        self._tell_exported(self._exports().export_xlsx())

    def _exports(self) -> AnnexExports:
        from selfassess.gui.export_actions import AnnexExports

        if self._annex_exports is None:
            self._annex_exports = AnnexExports(self.document, self._places, self._settings, self)
        return self._annex_exports

    def _tell_exported(self, target: Path | None) -> None:
        if target is not None:
            self.status.say(self.tr("已导出“{0}”。").format(target))

    def _run(self, dialog: QDialog) -> None:
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    def _show_manual(self) -> None:
        from selfassess.gui.manual_window import show_manual

        show_manual(self, self._places.manual)

    def _show_about(self) -> None:
        from selfassess.gui.manual_window import show_about

        show_about(self)

    # ----------------------------------------------------------------------------------------------------------- events

    def _flush(self) -> None:
        """Store what still stands in open editors and fields."""
        focused = _focused(self)
        if focused is not None and focused is not self.table.view and self.table.view.isAncestorOf(focused):
            self.table.view.setFocus()
        if self._panel is not None:
            self._panel.flush()
        if self._unit_page is not None:
            self._unit_page.commit()

    def _first_size(self) -> QSize:
        room = self.screen().availableGeometry().size()
        return QSize(min(1440, room.width()), min(900, room.height()))

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001  (as Qt declares it)
        """The table first; what stands beside it follows when it is painted."""
        if visible and not self._arranged:
            self._arranged = True
            self._arrange()
        super().setVisible(visible)
        if visible and not self._furnished:
            # A timer begun here would come before the first painting.
            self.table.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Build what stands beside the table as soon as the table is painted for the first time."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._furnish)
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Divide the window before it is seen, so that the table is laid out once and not after each division."""
        roomy = self.height() >= _ROOMY_HEIGHT
        self.table.view.set_most_lines(_LINES if roomy else _LINES_ON_SMALL_SCREENS)
        left = max(self.categories.minimumWidth(), min(self.categories.sizeHint().width(), self.width() // 6))
        right = round(self.width() * _PANEL_SHARE)
        self._across.resize(self.size())
        self._across.setSizes([left, self.width() - left - right, right])
        self._middle.resize(self.width() - left - right, self.height())
        self._middle.setSizes([self.height() - 150, 150])
        self._show_findings(shown=roomy)
        if not self.table.view.currentIndex().isValid():
            first = next((line.place for line in self.table.model.lines if line.is_row), "")
            self.table.view.show_place(first)
        self.table.view.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store what is still open, then let the draft go; what the disk refuses is not dropped without a word."""
        self._flush()
        unstored = self._unstored()
        if unstored and not self._may_be_lost(unstored):
            event.ignore()
            return
        super().closeEvent(event)
        if event.isAccepted():
            self.document.close()
            self.closed.emit(self)

    def _unstored(self) -> list[str]:
        """Where texts stand that the disk has refused, and refuses once more now."""
        places = self.table.delegate.unstored()
        if self._panel is not None:
            self._panel.retry()
            places += self._panel.unstored()
        if self._unit_page is not None:
            places += self._unit_page.unstored()
        return list(dict.fromkeys(places))

    def _may_be_lost(self, places: list[str]) -> bool:
        from selfassess.gui.messages import confirm

        named = "、".join(places[:_MOST_NAMED]) + (
            self.tr("等 {0} 处").format(len(places)) if len(places) > _MOST_NAMED else ""
        )
        question = self.tr(
            "{0}没有保存，因为磁盘没有接受，现在关闭就没有了。"
            "请先不要关闭：清理磁盘后再试，或者用“另存为”存到别处，这些内容会一并存入。"
        )
        return confirm(
            self, self.tr("还有内容没有保存"), question.format(named), yes=self.tr("不保存，关闭"), no=self.tr("不关闭")
        )


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


def _without_state(doing: Callable[[], object], _checked: bool = False) -> None:  # noqa: FBT001, FBT002 -- Qt's signal
    doing()


def _focused(window: QWidget) -> QWidget | None:
    """The widget that has the keyboard; Qt's stubs do not say that there may be none."""
    return cast("QWidget | None", window.focusWidget())
