"""The window of one open draft: its commands, its title, and who tells whom; leads nowhere, stores nothing itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QToolBar, QWidget

from selfassess.errors import StoreError, UserError
from selfassess.gui import tips
from selfassess.gui.category_list import UNIT_PLACE, CategoryList
from selfassess.gui.filter_bar import FilterBar
from selfassess.gui.retrying import Retrying
from selfassess.gui.safekeeping import Safekeeping
from selfassess.gui.status import StatusTexts
from selfassess.gui.ways import Ways
from selfassess.gui.window_actions import Commands
from selfassess.gui.window_files import WindowFiles
from selfassess.gui.workbench import ROOMY_HEIGHT, Workbench
from selfassess.store.naming import usual_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from selfassess.document import Document
    from selfassess.gui.findings_panel import FindingsPanel
    from selfassess.gui.row_panel.panel import RowPanel
    from selfassess.gui.settings import Settings
    from selfassess.gui.strips import TroubleStrip
    from selfassess.gui.table.annex_table import AnnexTable
    from selfassess.gui.theme import Theme
    from selfassess.paths import Places

_USUAL = QSize(1440, 900)
_FRAME = QSize(16, 48)
"""What a desktop adds around a window, about; nobody knows it before the window is shown."""


class MainWindow(QMainWindow):
    """Filling in one form.

    Signals:
        new_wanted: Another form shall be begun.
        open_wanted: Another draft shall be opened.
        start_wanted: The list of drafts shall be shown.
        backups_wanted: An automatic copy shall be opened.
        file_wanted: This draft shall be opened: its path.
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
    backups_wanted = Signal()
    file_wanted = Signal(object)
    closed = Signal(object)

    def __init__(self, document: Document, places: Places, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.document = document
        self._theme = theme
        self._arranged = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.commands = Commands(self)
        self.workbench = Workbench(document, places, self)
        self.filter = FilterBar(self)
        self._ways = Ways(document, self.workbench, self.filter, self.commands)
        self._build_tool_bar()
        self.setCentralWidget(self.workbench)
        self.trouble_strip: TroubleStrip | None = None
        bench = self.workbench
        self.status = StatusTexts(document, self.statusBar(), self, bench.refused, self._is_typing, bench.not_taken)
        self._files = WindowFiles(document, places, settings, self)
        self._keeping = Safekeeping(document, bench, places.drafts, self)
        self._retrying = Retrying(document, self.workbench.refused, self.workbench.retry, self)
        self._wire()
        self._show_title()
        if document.read_only:
            self._be_read_only()
        else:
            self.workbench.furnished.connect(lambda: self._look_for_copies(settings))
        self.resize(self._first_size())

    def appear(self) -> None:
        """Show the window for the first time: over the whole screen where it would not fit with its frame."""
        room = self.screen().availableGeometry().size() - _FRAME
        if _USUAL.width() > room.width() or _USUAL.height() > room.height():
            self.showMaximized()
        else:
            self.show()

    @property
    def table(self) -> AnnexTable:
        """The table."""
        return self.workbench.table

    @property
    def categories(self) -> CategoryList:
        """The list at the left."""
        return self.workbench.categories

    @property
    def panel(self) -> RowPanel | None:
        """The row's panel; None until the table was painted."""
        return self.workbench.panel

    @property
    def findings(self) -> FindingsPanel | None:
        """The findings; None until the table was painted."""
        return self.workbench.findings

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

    def _wire(self) -> None:
        """Who tells whom."""
        self.workbench.said.connect(self.status.say)
        self.table.place_changed.connect(self.status.forget)
        self.workbench.place_wanted.connect(self._ways.show_place)
        self.workbench.finding_wanted.connect(self._ways.show_finding)
        self.workbench.correction_wanted.connect(self._correct)
        self.workbench.comparison_wanted.connect(self.commands["compare"].trigger)
        self._files.said.connect(self.status.say)
        self._keeping.said.connect(self.status.say)
        self._ways.said.connect(self.status.say)
        self.status.troubled.connect(self._show_trouble)
        self.filter.changed.connect(self._ways.show_filtered)
        self.filter.left_down.connect(self._ways.enter_table)
        self.table.all_wanted.connect(self._ways.show_all)
        self.document.undo_changed.connect(self._show_undo)
        self.document.turned.connect(self._ways.show_turned)
        self.document.unit_changed.connect(self._show_title)
        self.document.undo_changed.connect(self._show_title)  # also when it is gone on with in another file
        self._theme.changed.connect(self._show_theme)
        self.status.findings_wanted.connect(partial(self.commands["findings"].setChecked, True))
        self.status.blank_wanted.connect(self._ways.next_blank)
        for name in ("cut", "copy", "paste", "clear", "next_finding", "correct"):
            self.table.view.addAction(self.commands[name])
        for name, doing in {**self._leading(), **self._doings()}.items():
            self.commands[name].triggered.connect(partial(_without_state, doing))
        self.addAction(self.tr("保存"), QKeySequence("Ctrl+S"), self._keeping.save)  # in no menu: nobody need do it
        self._wire_switches()
        self._show_undo()

    def _leading(self) -> dict[str, Callable[[], object]]:
        """Commands that lead somewhere."""
        ways = self._ways
        return {
            "new": self.new_wanted.emit,
            "open": self.open_wanted.emit,
            "start": self.start_wanted.emit,
            "backups": self.backups_wanted.emit,
            "close": self.close,
            "find": ways.find,
            "unit": lambda: ways.show_place(UNIT_PLACE),
            "table": ways.enter_table,
            "next_pane": lambda: self.workbench.next_pane(_focused(self)),
            "next_finding": ways.next_finding,
            "previous_finding": ways.previous_finding,
            "next_blank": ways.next_blank,
            "manual": self._files.show_manual,
            "about": self._files.show_about,
        }

    def _doings(self) -> dict[str, Callable[[], object]]:
        """Commands that change or write something."""
        files = self._files
        return {
            "merge": lambda: self._changed(files.choose_copy),
            "merges": files.show_merges,
            "save_as": self._keeping.save_as,
            "compare": lambda: self._changed(files.compare),
            "restore": lambda: self._changed(files.restore),
            "preview": lambda: self._stored(files.preview),
            "pdf": lambda: self._stored(files.export_pdf),
            "xlsx": lambda: self._stored(files.export_xlsx),
            "undo": lambda: self._try_step(self.document.undo),
            "redo": self._redo,
            "cut": lambda: self._clipboard("cut"),
            "copy": lambda: self._clipboard("copy"),
            "paste": lambda: self._clipboard("paste"),
            "clear": self.table.clear,
            "larger": lambda: self._resize_text(1),
            "smaller": lambda: self._resize_text(-1),
            "correct": lambda: self._correct(self.table.view.place()),
        }

    def _wire_switches(self) -> None:
        switches: dict[str, Callable[[bool], object]] = {
            "categories": self.categories.setVisible,
            "panel": self.workbench.show_panel,
            "findings": self.workbench.show_findings,
            "tall": self._show_tall,
            "dark": self._show_dark,
        }
        for name, shown in (("categories", True), ("panel", True), ("dark", self._theme.dark)):
            self.commands[name].setChecked(shown)
        for name, switch in switches.items():
            self.commands[name].toggled.connect(switch)

    # --------------------------------------------------------------------------------------------------------- showing

    def show_place(self, place: str) -> None:
        """Go to a place.

        Args:
            place: As :meth:`Ways.show_place` takes it.
        """
        self._ways.show_place(place)

    def _show_tall(self, tall: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self.workbench.set_tall(tall=tall, height=self.height())

    def _show_dark(self, dark: bool) -> None:  # noqa: FBT001 -- Qt's signal
        from selfassess.gui.theme import ThemeChoice  # noqa: PLC0415 -- not before it is wanted

        if dark != self._theme.dark:
            self._theme.set_choice(ThemeChoice.DARK if dark else ThemeChoice.LIGHT)

    def _show_theme(self) -> None:
        """Another window, or the system, may have changed the colours."""
        self.commands["dark"].setChecked(self._theme.dark)

    def _resize_text(self, steps: int) -> None:
        from selfassess.gui.fonts import TextSize  # noqa: PLC0415 -- not before it is wanted

        sizes = list(TextSize)
        at = sizes.index(self._theme.text_size) + steps
        self._theme.set_text_size(sizes[min(max(at, 0), len(sizes) - 1)])

    def _show_trouble(self, trouble: StoreError | None) -> None:
        if self.trouble_strip is None:
            if trouble is None:
                return
            from selfassess.gui.strips import TroubleStrip  # noqa: PLC0415 -- hardly ever needed

            self.trouble_strip = TroubleStrip(self.document, self)
            self.trouble_strip.save_wanted.connect(self.commands["save_as"].trigger)
        self.trouble_strip.tell(trouble)

    def _show_title(self) -> None:
        unit, form = self.document.entries.unit.name, self.document.catalogue.title
        file = self.document.path.stem
        title = self.tr("{0} — {1}").format(unit or self.tr("（未填单位）"), form)
        if file not in {usual_name(unit, form), usual_name("", form)}:  # not what a new one is called: one of several
            title = self.tr("{0}（文件“{1}”）").format(title, file)
        self.setWindowTitle(self.tr("{0}（只读）").format(title) if self.document.read_only else title)

    # ----------------------------------------------------------------------------------------- looking on, other copies

    def _be_read_only(self) -> None:
        from selfassess.gui.strips import ViewStrip  # noqa: PLC0415 -- rare

        for name in ("undo", "redo", "cut", "paste", "clear", "correct", "compare", "merge"):
            self.commands[name].setEnabled(False)
        self.view_strip = ViewStrip(self.document, self.table.view, self)
        self.view_strip.told.connect(self.status.say)
        self.view_strip.save_wanted.connect(self.commands["save_as"].trigger)
        self.view_strip.looked_again.connect(self._show_title)
        self._keeping.copy_made.connect(self._leave_for)

    def _leave_for(self, copy: Path) -> None:
        """Go on in a draft of one's own that was made of what was looked at."""
        self.file_wanted.emit(copy)
        self.close()

    def _look_for_copies(self, settings: Settings) -> None:
        from selfassess.gui.strips import CopiesStrip  # noqa: PLC0415 -- not before the table is painted

        self.copies_strip = CopiesStrip(self.document, settings, self)
        self.copies_strip.compare_wanted.connect(self._compare_with)
        self.copies_strip.look()

    def _correct(self, code: str) -> None:
        self._changed(lambda: self._files.correct(code))

    def _compare_with(self, copy: Path) -> None:
        self._changed(lambda: self._files.compare_with(copy))

    def _is_typing(self) -> bool:
        """Whether something stands in a field that is not stored, here or in a dialog over this window."""
        if self.workbench.is_typing():
            return True
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog.parentWidget() is not self:
            return False
        from selfassess.gui.committed_field import CommittedField  # noqa: PLC0415 -- not before a dialog is open

        return any(field.pending for field in dialog.findChildren(CommittedField))

    # -------------------------------------------------------------------------------------------------- undo, clipboard

    def _try_step(self, step: Callable[[], str | None]) -> None:
        """Undo or redo; what is being typed came after all that was stored, so it is what undo takes back first.

        While the disk does not take it, nothing is undone: the text would be lost with its place.
        """
        if not self._keeping.is_all_stored():
            return
        try:
            said = step()
        except UserError as error:
            self.status.say(str(error))
            return
        if said:
            self.status.say(said)

    def _redo(self) -> None:
        from selfassess.gui.clipboard_keys import redo_in  # noqa: PLC0415 -- not before it is wanted

        if not redo_in(_focused(self)):
            self._try_step(self.document.redo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key of redo, while there is nothing to do again but in the field that has the keyboard."""
        is_redo = event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if is_redo and not self.commands["redo"].isEnabled():
            self._redo()
        else:
            super().keyPressEvent(event)

    def _show_undo(self) -> None:
        for name, text, plain in (
            ("undo", self.document.undo_text, self.tr("撤销")),
            ("redo", self.document.redo_text, self.tr("重做")),
        ):
            action = self.commands[name]
            action.setEnabled(bool(text) and not self.document.read_only)
            action.setText(text or plain)
            action.setIconText(plain)
            action.setToolTip(tips.literal(text or plain))

    def _clipboard(self, verb: str) -> None:
        from selfassess.gui.clipboard_keys import hand_on  # noqa: PLC0415 -- not before it is wanted

        if not hand_on(verb, _focused(self), self.table):
            names = {"cut": self.tr("剪切"), "copy": self.tr("复制"), "paste": self.tr("粘贴")}
            text = self.tr("这里不能{0}，什么都没有改。要在表格里{0}，先按 Ctrl+T 回到表格。")
            self.status.say(text.format(names[verb]))

    def _stored(self, doing: Callable[[], None]) -> None:
        """Do something with the draft after what stands in open fields was stored."""
        self.workbench.flush()
        self.workbench.retry()
        doing()

    def _changed(self, doing: Callable[[], None]) -> None:
        """Do something that puts other contents in place of what is entered, unless a text waits for its place."""
        if self._keeping.is_all_stored():
            doing()

    # ----------------------------------------------------------------------------------------------------------- events

    def _first_size(self) -> QSize:
        return _USUAL.boundedTo(self.screen().availableGeometry().size() - _FRAME)

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001  (as Qt declares it)
        """Divide the window once, before it is first seen."""
        if visible and not self._arranged:
            self._arranged = True
            roomy = self.height() >= ROOMY_HEIGHT
            self.workbench.arrange(self.size())
            self.workbench.show_findings(roomy)
            self.commands["findings"].setChecked(roomy)
        super().setVisible(visible)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store what is still open, then let the draft go; what the disk refuses is not dropped without a word."""
        event.ignore()  # whatever goes wrong on the way, the window stays
        if not self.document.read_only and not self._keeping.may_go():
            return
        self.document.close()
        super().closeEvent(event)
        self.closed.emit(self)


def _without_state(doing: Callable[[], object], _checked: bool = False) -> None:  # noqa: FBT001, FBT002 -- Qt's signal
    doing()


def _focused(window: QWidget) -> QWidget | None:
    """The widget that has the keyboard; Qt's stubs do not say that there may be none."""
    return cast("QWidget | None", window.focusWidget())
