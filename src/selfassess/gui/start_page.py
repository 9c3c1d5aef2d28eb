"""The page before a draft is open: the drafts, and the ways to a new one; creates, opens and imports nothing itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from selfassess.errors import StoreError
from selfassess.gui.draft_filling import Filling
from selfassess.gui.draft_finder import DraftFinder
from selfassess.gui.draft_list import ENTRY_ROLE, DraftListModel
from selfassess.gui.draft_view import DraftListView
from selfassess.gui.examples import draft_name, example_files
from selfassess.gui.labels import Heading, Note, button_row
from selfassess.gui.messages import inform

if TYPE_CHECKING:
    from selfassess.gui.elsewhere import Elsewhere
    from selfassess.paths import Places
    from selfassess.store.glance import LibraryEntry
    from selfassess.store.library import Library


_LIST, _EMPTY, _NOTHING = range(3)
"""The pages where the list stands: drafts, that there are none, that none has the wanted words."""


def _now() -> datetime:
    return datetime.now(tz=UTC).astimezone()


class _Way(QPushButton):
    """A button above the list: Enter presses it, Down leads to the list.

    Signals:
        left(): The list is to have the keyboard.
    """

    left = Signal()

    def __init__(self, text: str, tip: str) -> None:
        super().__init__(text)
        self.setToolTip(tip)
        self.setAutoDefault(True)  # Enter presses it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down would lead to the next button, as if it were below."""
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
            return
        super().keyPressEvent(event)


class StartPage(QWidget):
    """Drafts with unit, form, progress, total and last edit; new, open, import.

    Signals:
        draft_chosen(object): This draft, a ``Path``, is to be opened.
        new_wanted(): A new draft.
        open_wanted(): A draft that lies elsewhere.
        import_wanted(): A draft made from an answers file.
        example_wanted(): The filled example.
        manual_wanted(): The manual.
        backups_wanted(): An automatic copy.
    """

    draft_chosen = Signal(object)
    new_wanted = Signal()
    open_wanted = Signal()
    import_wanted = Signal()
    example_wanted = Signal()
    manual_wanted = Signal()
    backups_wanted = Signal()

    def __init__(
        self, library: Library, places: Places, parent: QWidget | None = None, *, elsewhere: Elsewhere | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._elsewhere = elsewhere
        self._others: tuple[LibraryEntry, ...] = ()
        if elsewhere is not None:
            elsewhere.looked.connect(self._show_elsewhere)
        self._filling = Filling(library, self)
        self._filling.looked.connect(self._show_more)
        self._finder = DraftFinder(self)
        self._finder.wanted.connect(self._show_only)
        self._finder.left.connect(self._go_to_list)
        self._finder.chosen.connect(lambda: self._open(self._view.currentIndex()))
        examples = example_files(places.examples)
        self._has_example = bool(examples)
        names = {draft_name(file) for file in examples}
        self._model = DraftListModel(_now(), self, examples=names, folder=library.folder)
        self._view = DraftListView()
        self._view.setModel(self._model)
        self._view.chosen.connect(self._open)
        self._view.folder_wanted.connect(self._show_folder)
        self._trouble = Note("", level="error")
        self._trouble.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(self._finder.nothing)
        self._lay_out()
        # The letters of the buttons stay with the buttons.
        for keys, wanted in (("Ctrl+N", self.new_wanted), ("Ctrl+O", self.open_wanted), ("F1", self.manual_wanted)):
            QShortcut(QKeySequence(keys), self).activated.connect(wanted)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self._finder.begin)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.refresh)
        self._was_left = False
        self.refresh()

    @property
    def model(self) -> DraftListModel:
        """The drafts that are shown."""
        return self._model

    @property
    def filling(self) -> Filling:
        """What looks at the drafts that are still pending."""
        return self._filling

    def take_keyboard(self) -> None:
        """Enter opens what looks chosen, or begins the first form."""
        (self._view if self._model.count else self._new).setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Looks at the folder again and keeps the choice; what takes longer is looked at while the list is in use."""
        self._was_left = False
        try:
            known = self._library.known()
        except StoreError as error:
            known = ()
            self._trouble.setText(error.message)
        else:
            self._trouble.setText("")
        self._trouble.setVisible(bool(self._trouble.text()))
        self._filling.begin(known)
        was_empty = not self._model.count
        self._show_more()
        if was_empty != (not self._model.count):
            self.take_keyboard()
        if self._elsewhere is not None:
            self._elsewhere.look()

    def event(self, event: QEvent) -> bool:
        """The window comes to the front again: meanwhile files may have come and gone."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self._was_left = True
        elif event.type() == QEvent.Type.WindowActivate and self._was_left and self.isVisible():
            self.refresh()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The list is seen, again perhaps: what was left is looked at."""
        super().showEvent(event)
        self._filling.go_on()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the list: the computer belongs to the open draft."""
        self._filling.stop()
        super().hideEvent(event)

    def _current(self) -> Path | None:
        entry = self._view.currentIndex().data(ENTRY_ROLE)
        return None if entry is None else entry.path

    def _show_elsewhere(self) -> None:
        """What lies in other folders is listed below."""
        if self._elsewhere is not None and self.isVisible():
            self._others = self._elsewhere.entries
            self._show_more()

    def _go_to_list(self) -> None:
        if self._model.rowCount():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more(self) -> None:
        # Whoever has chosen none sees the first, whichever that is, and what he has scrolled to.
        current = self._current() if self._view.currentIndex().row() > 0 else None
        scrolled = self._view.verticalScrollBar().value()
        if self._model.show_more((*self._filling.entries, *self._others), _now()):
            self._finder.tell(self._model.rowCount(), self._model.count, self._filling.waiting)
            return
        self._after_reset(current)
        if current is None:
            self._view.verticalScrollBar().setValue(scrolled)

    def _show_only(self, text: str) -> None:
        current = self._current()
        self._model.show_only(text)
        self._after_reset(None if text else current)  # the first that is found; and that one still among all

    def _after_reset(self, current: Path | None) -> None:
        """The same draft is chosen as before, or the first; the right page lies on top."""
        self._finder.tell(self._model.rowCount(), self._model.count, self._filling.waiting)
        shown = _EMPTY if not self._model.count else _LIST if self._model.rowCount() else _NOTHING
        self._stack.setCurrentIndex(shown)
        row = self._model.row_of(current) if current is not None else None
        self._view.setCurrentIndex(self._model.index(row or 0, 0))

    def _open(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if entry is not None:
            self.draft_chosen.emit(Path(entry.path))

    def _show_folder(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if entry is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent))):
            told = self.tr("没有能显示文件夹的程序。草稿在“{0}”。请自己打开这个文件夹。")
            inform(self, self.tr("打开所在文件夹"), told.format(entry.path))

    # ---------------------------------------------------------------------------------------------------------- layout
    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(Heading(self.tr("绩效自评"), scale=2.0))
        column.addWidget(Note(self.tr("自评表都保存在这台电脑上，填写时随时保存，不需要联网。")))
        column.addSpacing(8)
        column.addLayout(self._buttons())
        column.addSpacing(12)
        column.addWidget(Heading(self.tr("我的自评表"), scale=1.2))
        column.addWidget(self._trouble)
        column.addWidget(self._finder)
        column.addWidget(self._stack, 1)
        frame = QWidget()
        frame.setLayout(column)
        frame.setMaximumWidth(1100)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(40, 32, 40, 24)
        outer.addStretch(1)
        outer.addWidget(frame, 100)
        outer.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        new = self._new = _Way(self.tr("新建自评表(&N)"), self.tr("选表样，填单位名称，开始一份空白的自评表（Ctrl+N）"))
        new.setProperty("primary", True)
        tip = self.tr("打开U盘或其他文件夹里的草稿（.zpb，Ctrl+O）")
        ways = {new: self.new_wanted, _Way(self.tr("打开文件(&O)…"), tip): self.open_wanted}
        tip = self.tr("用填报内容文件（.toml）新建一份自评表")
        ways[_Way(self.tr("从填报文件导入(&I)…"), tip)] = self.import_wanted
        if self._has_example:
            tip = self.tr("打开一份填好的自评表的副本，可以随意修改")
            ways[_Way(self.tr("看看示例(&E)"), tip)] = self.example_wanted
        tip = self.tr("草稿误删、填乱或损坏时，从程序自动留下的备份打开一份")
        ways[_Way(self.tr("恢复自动备份(&B)…"), tip)] = self.backups_wanted
        for button, wanted in ways.items():
            button.clicked.connect(wanted)
            button.left.connect(self._go_to_list)
        return button_row(*ways)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        for label in (
            Heading(self.tr("还没有自评表"), scale=1.2),
            Note(self.tr("点“新建自评表”，选择年度的表样，填上单位名称就可以开始。")),
            Note(self.tr("别人用U盘拷来的草稿，点“打开文件”；想先看看填好的样子，点“看看示例”。")),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(2)
        return page
