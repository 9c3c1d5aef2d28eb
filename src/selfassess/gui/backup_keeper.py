"""Sees to automatic copies (自动备份) of an open draft: once a day, and when it is closed; never in anybody's way."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from selfassess.errors import StoreError
from selfassess.gui.tasks import Work
from selfassess.store.backing_up import CAN_BE_SHARED, back_up, is_state_of
from selfassess.store.draft import now
from selfassess.store.watch import REWRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.document import Document
    from selfassess.store.backing_up import Source
    from selfassess.store.backups import Backups

_QUIET = 20_000
"""Milliseconds without an edit after which a copy is made while somebody works."""


class BackupKeeper(QObject):
    """Makes a copy at opening and at the first edit of a day, and at closing if something changed since.

    A copy that cannot be made stops nothing: it is said once, quietly.

    Signals:
        said: A sentence for the status line.

    Args:
        document: The open draft.
        backups: Where copies lie.
        parent: Owner.
    """

    said = Signal(str)

    def __init__(self, document: Document, backups: Backups, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._backups = backups
        self._work: Work[Path] | None = None
        self._copying: tuple[Path, datetime] | None = None
        self._copied: tuple[Path, datetime] | None = None
        """Where the state lies and when it was saved that is being copied, and that was copied last."""
        self._complained = False
        self._day: date | None = None
        """The day of which there is a copy, or on which none can be made."""
        self._timer = QTimer(self, singleShot=True, interval=_QUIET)
        self._timer.timeout.connect(self._make_beside)
        document.saved.connect(self._edited)
        document.moving.connect(self.call_off)

    def begin(self) -> None:
        """Make the copy of the day if there is none yet; to be called when the window has come to rest."""
        source = self._source()
        if source is None:
            return
        copies = self._backups.of(source.identity, source.path)
        if copies and copies[0].at.date() == now().date():
            self._day = now().date()
        elif self._has_changed(source):
            self._make_beside()

    def make_last(self) -> None:
        """The draft is about to be closed: copy what changed since the last copy; what is under way is called off."""
        self.call_off()
        source = self._source()
        if source is not None and self._has_changed(source):
            self._make(source)

    def call_off(self) -> None:
        """End what is under way: the file is about to be let go. A copy is made at closing, at the latest."""
        self._timer.stop()
        if self._work is not None:
            self._work.cancelled.set()
            self._work.wait()
            self._made()

    @property
    def is_working(self) -> bool:
        """Whether a copy is being made."""
        return self._work is not None

    def wait(self) -> None:
        """Wait for the copy that is being made."""
        if self._work is not None:
            self._work.wait()

    # ------------------------------------------------------------------------------------------------------------ when
    def _edited(self) -> None:
        if self._day != now().date():
            self._timer.start()  # again at each edit: not before there is a pause

    def _has_changed(self, source: Source) -> bool:
        if self._copied is not None:
            return self._copied != self._state()
        copies = self._backups.of(source.identity, source.path)
        return not copies or not is_state_of(copies[0], source)

    def _state(self) -> tuple[Path, datetime]:
        return self._document.path, self._document.saved_at

    # ------------------------------------------------------------------------------------------------------------- how
    def _source(self) -> Source | None:
        # Where somebody else wrote the file, a copy would be of neither; a file that is only gone is still open here.
        trouble = self._document.draft.trouble
        if trouble is not None and trouble.code in REWRITTEN:
            return None
        try:
            return self._document.draft.as_source()
        except StoreError as error:
            self._complain(error)
            return None

    def _make_beside(self) -> None:
        """In a thread of its own, where SQLite allows that and it can be paused."""
        source = self._source()
        if source is None or self._work is not None:
            return
        self._day = now().date()
        try:
            at_once = source.is_large or not CAN_BE_SHARED
            if at_once and source.has_many_steps:
                return
        except StoreError as error:
            self._complain(error)
            return
        if at_once:
            self._make(source)
            return
        self._copying = self._state()
        work = Work(lambda called_off: back_up(source, self._backups, now(), called_off), QCoreApplication.instance())
        self._work = work
        work.finished.connect(self._made)
        work.start()

    def _made(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            if work.error is not None:
                self._complain(work.error)
            elif work.results and not work.cancelled.is_set():  # a bug in it leaves none
                self._copied = self._copying
            work.deleteLater()

    def _make(self, source: Source) -> None:
        try:
            back_up(source, self._backups, now())
            self._copied = self._state()
        except StoreError as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            self.said.emit(self.tr("自动备份没有做成，填报不受影响。{0}").format(error))
