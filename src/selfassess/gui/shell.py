"""Runs the program with windows: start page and open drafts, and the ways between them; draws nothing itself."""

from __future__ import annotations

import gc
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from selfassess.document import Document
from selfassess.errors import StoreError, UserError
from selfassess.gui.app import PROGRAM_NAME, prepare_application
from selfassess.gui.examples import ANSWERS_SUFFIX, draft_name, example_files
from selfassess.gui.settings import EXPORT_FOLDER, Settings
from selfassess.store.place import is_same_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget

    from selfassess.domain.catalogue import Catalogue
    from selfassess.domain.entries import Entries
    from selfassess.gui.backup_keeper import BackupKeeper
    from selfassess.gui.main_window import MainWindow
    from selfassess.gui.start_window import StartWindow
    from selfassess.gui.theme import Theme
    from selfassess.paths import Places
    from selfassess.store.library import Library

# Windows and dialogs are imported when they are first wanted: a start must not pay for what nobody has asked for yet.
# ruff: noqa: PLC0415

_SHOWN = 500
"""Milliseconds after which the window is there; nobody can have typed anything before."""
_SETTLED = 3000
"""Milliseconds after which what a start makes is there."""


def run_window(places: Places, file: Path | None = None) -> int:
    """Show the start page, or a draft at once, and run until the last window is closed.

    Args:
        places: Where things live.
        file: A draft, or an answers file from which a draft is made; None: the start page.

    Returns:
        The exit code.
    """
    settings = Settings(places.settings)
    app, theme = prepare_application(sys.argv[:1], places, settings)
    shell = Shell(app, places, settings, theme)
    QTimer.singleShot(_SETTLED, app, _collect_garbage)
    QTimer.singleShot(_SETTLED, app, lambda: _tidy(places, settings))
    QTimer.singleShot(_SHOWN, app, lambda: _end_as_asked(app))
    # Inside the loop, so that a bug on the way to the first window ends in the crash dialog and not in silence.
    QTimer.singleShot(0, lambda: shell.begin(file))
    return app.exec()


def _collect_garbage() -> None:
    """Begin with it, if it was put off for the start; what was made so far lasts and need not be looked through."""
    gc.freeze()
    gc.enable()


def _tidy(places: Places, settings: Settings) -> None:
    """Remove what killed programs left behind, also where something was exported last."""
    from selfassess.store.tidying import tidy

    exported = settings.get(EXPORT_FOLDER, "")
    others = [Path(exported)] if exported else []
    # Beside the window: the folder may lie on a network that is gone, and keep whoever looks waiting.
    threading.Thread(target=tidy, args=(places, others), name="tidy", daemon=True).start()


def _end_as_asked(app: QApplication) -> None:
    """Close as by hand when the system asks; Windows asks in Qt's own way."""
    if os.name == "posix":
        from selfassess.gui.ending import Ending

        Ending(app)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Shell", text)


class Shell(QObject):
    """Holds the windows: one start page, one window a draft."""

    def __init__(self, app: QApplication, places: Places, settings: Settings, theme: Theme) -> None:
        super().__init__(app)
        from selfassess.gui.crash import CrashHook
        from selfassess.gui.elsewhere import Elsewhere

        self._places = places
        self._settings = settings
        self._theme = theme
        self._start: StartWindow | None = None
        self._elsewhere = Elsewhere(settings, places.drafts, self)
        self._windows: list[MainWindow] = []
        self._keepers: dict[MainWindow, BackupKeeper] = {}
        CrashHook(app).install()

    @property
    def windows(self) -> tuple[MainWindow, ...]:
        """The open drafts' windows."""
        return tuple(self._windows)

    def begin(self, file: Path | None) -> None:
        """Show a draft at once, or the start page when there is none or it cannot be opened."""
        if file is None or not self.open_file(file):
            self.show_start()

    # ------------------------------------------------------------------------------------------------------ start page
    def show_start(self) -> None:
        """Show the list of drafts, as it is now."""
        from selfassess.gui.start_window import StartWindow

        if self._start is None:
            start = StartWindow(self._library(), self._places, self._elsewhere)
            page = start.page
            page.draft_chosen.connect(self.open_file)
            page.new_wanted.connect(self.make_new)
            page.open_wanted.connect(self.choose_file)
            page.import_wanted.connect(self.choose_answers)
            page.example_wanted.connect(self.open_example)
            page.manual_wanted.connect(self._show_manual)
            page.backups_wanted.connect(self.choose_backup)
            self._start = start
        else:
            self._start.page.refresh()
            self._start.page.take_keyboard()
        self._start.show()
        self._start.raise_()
        self._start.activateWindow()

    def _show_manual(self) -> None:
        from selfassess.gui.manual_window import show_manual

        if self._start is not None:
            show_manual(self._start, self._places.manual)

    def _library(self) -> Library:
        from selfassess.store.library import Library

        return Library(self._places.drafts, self._places.overview)

    # ---------------------------------------------------------------------------------------------------------- drafts
    def open_file(self, file: Path) -> bool:
        """Open a draft, or make one from an answers file.

        Args:
            file: ``*.zpb``, or an answers file ``*.toml``.

        Returns:
            Whether a window shows it now; when not, the reason was shown.
        """
        file = file.absolute()
        try:
            if file.suffix.lower() == ANSWERS_SUFFIX:
                return self._open_answers(file, again=True)
            # Asked, not remembered: 另存为 can move a window to another file.
            known = next((window for window in self._windows if window.document.path == file), None)
            if known is not None:
                _bring_forward(known)
                return True
            file = self._draft_of_copy(file)
            return self._open_draft(file)
        except UserError as error:
            return self._go_on_after(error, file)
        return True

    def _draft_of_copy(self, file: Path) -> Path:
        """A new draft where an automatic copy was chosen as a file: nobody ever writes to a copy. Else the file."""
        place, kept = (Path(os.path.realpath(path)) for path in (file, self._places.backups))
        if kept not in place.parents:
            return file
        from selfassess.store.backups import Backups

        return Backups(kept).open_file_as_new(place, self._library())

    def _go_on_after(self, error: UserError, file: Path) -> bool:
        """A file was refused: where a damaged draft can be rescued, open what was saved of it."""
        from selfassess.gui.rescue import may_be_rescued, rescue

        if not isinstance(error, StoreError) or not may_be_rescued(error, file):
            self._refuse(error)
            return False
        instead = rescue(self._front(), error, file, self._places)
        if self._start is not None and instead is None:
            self._start.page.refresh()  # what was rescued lies there now, though it was not opened
        return instead is not None and self.open_file(instead)

    def choose_backup(self) -> None:
        """Let an automatic copy be chosen, and open it as a new draft."""
        from selfassess.gui.rescue import choose_backup

        def choose() -> None:
            draft = choose_backup(self._front(), self._places)
            if draft is not None:
                self.open_file(draft)

        self._try(choose)

    def _open_draft(self, file: Path) -> bool:
        """Open a draft; where that is refused, go the way on that is chosen."""
        try:
            self._show_document(Document.open(file))
        except StoreError as error:
            from selfassess.gui.ways_on import ANYWAY, VIEW, ask_way_on, plainly, ways_after

            if error.code == "E309" and (known := self._window_of(file)) is not None:
                _bring_forward(known)
                return True
            if not ways_after(error):
                raise
            way = ask_way_on(self._front(), plainly(error), title=PROGRAM_NAME)
            if way == VIEW:
                self._show_document(Document.look(file))
            elif way == ANYWAY:
                self._show_document(Document.open(file, anyway=True))
            return bool(way)
        return True

    def _window_of(self, file: Path) -> MainWindow | None:
        """The window that has this file open, under whatever name."""
        return next((window for window in self._windows if is_same_file(window.document.path, file)), None)

    def make_new(self) -> None:
        """Ask for form and unit, and open an empty draft in the library."""
        from selfassess.domain.entries import Entries
        from selfassess.gui.new_draft_dialog import NewDraftDialog

        dialog = NewDraftDialog(self._places, self._front())
        try:
            catalogue = dialog.catalogue if dialog.exec() else None
            entries = Entries(unit=dialog.unit)
        finally:
            dialog.deleteLater()
        if catalogue is not None:
            self._try(lambda: self._create(catalogue, entries))

    def choose_file(self) -> None:
        """Ask for a draft anywhere and open it."""
        file = self._ask_for_file(_tr("打开自评表"), _tr("自评表草稿 (*.zpb)"))
        if file is not None:
            self.open_file(file)

    def choose_answers(self) -> None:
        """Ask for an answers file and make a new draft from it."""
        file = self._ask_for_file(_tr("从填报文件导入"), _tr("填报内容文件 (*.toml)"))
        if file is not None:
            self._try(lambda: self._open_answers(file, again=False))

    def open_example(self) -> None:
        """Open the filled example: a draft of its own in the library."""
        example = next(iter(example_files(self._places.examples)), None)
        if example is not None:
            self.open_file(example)

    def _open_answers(self, file: Path, *, again: bool) -> bool:
        """Make a draft from an answers file.

        Args:
            file: The answers file.
            again: Whether the draft made from this file before is opened in place of a second one, as for an example.
        """
        from selfassess.catalogue import shelf
        from selfassess.catalogue.loader import load
        from selfassess.intake import answers

        made_before = self._library().path_named(draft_name(file))
        if again and made_before.exists():
            return self.open_file(made_before)
        read = answers.read(file)
        catalogue = load(shelf.find(read.catalogue, (self._places.catalogues, self._places.own_catalogues)))
        entries = answers.entries_of(read, catalogue)
        try:
            self._create(catalogue, entries, made_before if again else None)
        except StoreError:
            if again and made_before.exists():  # a second start at the same moment was quicker
                return self.open_file(made_before)
            raise
        return True

    def _create(self, catalogue: Catalogue, entries: Entries, path: Path | None = None) -> None:
        path = path or self._library().new_path(entries.unit, catalogue)
        self._show_document(Document.create(path, catalogue, entries))

    def _show_document(self, document: Document) -> None:
        from selfassess.gui.main_window import MainWindow

        window = MainWindow(document, self._places, self._settings, self._theme)
        window.new_wanted.connect(self.make_new)
        window.open_wanted.connect(self.choose_file)
        window.start_wanted.connect(self.show_start)
        window.backups_wanted.connect(self.choose_backup)
        window.file_wanted.connect(self._go_on_in)
        window.closed.connect(self._forget)
        self._windows.append(window)
        window.appear()
        self._remember_place(window)
        if not document.read_only:  # what is only looked at is somebody else's
            QTimer.singleShot(_SETTLED, window, lambda: self._keeper(window).begin())
            document.closing.connect(lambda: self._keeper(window).make_last())
        if document.notice:
            window.status.say(document.notice)
        if self._start is not None:
            self._start.hide()

    def _remember_place(self, window: MainWindow) -> None:
        """Where a draft lies is remembered when the window has come to rest, and when it goes on elsewhere."""
        document, known = window.document, list[Path]()

        def remember() -> None:
            view = document.draft.view
            place = document.path if view is None else view.path  # what is looked at is shown from a copy
            if place not in known[-1:]:
                known.append(place)
                self._elsewhere.remember(place)

        QTimer.singleShot(_SETTLED, window, remember)
        document.undo_changed.connect(remember)
        document.closing.connect(remember)

    def _go_on_in(self, copy: Path) -> None:
        """A draft of one's own was made of what was looked at."""
        if self.open_file(copy) and (window := self._window_of(copy)) is not None:
            window.status.say(_tr("已另存为“{0}”，现在打开的就是您自己的这一份，可以修改。").format(copy))

    def _keeper(self, window: MainWindow) -> BackupKeeper:
        """Sees to a window's automatic copies; made when the window has come to rest, at the latest when it closes."""
        from selfassess.gui.backup_keeper import BackupKeeper
        from selfassess.store.backups import Backups

        keeper = self._keepers.get(window)
        if keeper is None:
            keeper = BackupKeeper(window.document, Backups(self._places.backups), window)
            keeper.said.connect(window.status.say)
            self._keepers[window] = keeper
        return keeper

    def _forget(self, window: MainWindow) -> None:
        """A draft was closed; the last one leads back to the list of drafts."""
        self._windows.remove(window)
        self._keepers.pop(window, None)
        if not self._windows and self._start is not None:
            self.show_start()

    # --------------------------------------------------------------------------------------------------------- asking
    def _front(self) -> QWidget | None:
        if self._windows:
            return next((window for window in self._windows if window.isActiveWindow()), None)
        return self._start

    def _ask_for_file(self, title: str, kind: str) -> Path | None:
        from selfassess.gui.file_dialogs import ask_file

        return ask_file(self._front(), title, kind)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except UserError as error:
            self._refuse(error)

    def _refuse(self, error: UserError) -> None:
        from selfassess.gui.messages import show_error

        show_error(self._front(), error, title=PROGRAM_NAME)


def _bring_forward(window: MainWindow) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
