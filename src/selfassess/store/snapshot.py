"""A draft as it is now, to be looked at while somebody else has it open or nobody may write it (只读查看).

The file is copied into a private folder, with its journal, and the copy is opened: neither the file nor the locks of
whoever has it open are touched. A copy taken in the middle of a commit does not match its checksums and is taken again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from selfassess import temporary
from selfassess.errors import StoreError
from selfassess.store.database import Database, View
from selfassess.store.draft import Draft, now
from selfassess.store.owner import read_owner, this_owner
from selfassess.store.place import check_header, check_journal, check_kind, journal_of, past_locks, real_place
from selfassess.store.refusals import refusing, refusing_new
from selfassess.store.steps import Clock

T = TypeVar("T")

_TRIES = 12
_PAUSE_S = 0.05
_TORN = frozenset({"E304", "E306", "E319", "E325"})
"""What a copy looks like that was taken in the middle of a commit."""


class Snapshot(Database):
    """A private copy of a draft in which nothing can be changed; it goes when it is closed.

    Args:
        view: What is looked at.
        copy: The copy.
        folder: In which it is alone.
    """

    def __init__(self, view: View, copy: Path, folder: TemporaryDirectory[str]) -> None:
        super().__init__(copy, this_owner(view.at), view.at)
        self._folder = folder
        self.view = view

    @property
    def trouble(self) -> None:
        """None: nothing can be entered that could be refused."""
        return

    def glimpse(self) -> None:
        """None, as :attr:`trouble`."""

    def write(self, record: Callable[[sqlite3.Connection], T]) -> T:  # noqa: ARG002  (refused whatever it is)
        """Refuses.

        Raises:
            StoreError: Always.
        """
        raise StoreError("E370", path=self.path.name)

    def close(self) -> None:
        """Lets the copy go; harmless when done twice."""
        super().close()
        self._folder.cleanup()


def look(path: Path, *, clock: Clock = now) -> Draft:
    """A draft as it is now; nothing can be changed in it.

    Args:
        path: The draft.
        clock: Tells the time.

    Raises:
        StoreError: It cannot be read, is damaged, or changes all the time.
    """
    place = real_place(path)
    temporary.sweep_private_folders()
    for attempt in range(_TRIES):
        before = _state(place)
        try:
            return _opened(place, clock)
        except StoreError as error:
            if error.code not in _TORN or (attempt and _state(place) == before):
                raise
        time.sleep(_PAUSE_S)
    raise StoreError("E371", path=place)


def _opened(place: Path, clock: Clock) -> Draft:
    owner = read_owner(place)
    open_here = owner is not None and owner.is_this_process
    if open_here:
        check_kind(place)
    else:
        check_header(place)
        check_journal(place)
    with refusing_new(temporary.system_folder() / place.name):
        folder = temporary.private_folder(temporary.IN_USE)
    copy = Path(folder.name).resolve() / place.name
    view = View(path=place, at=clock(), owner=owner)
    with contextlib.ExitStack() as undoing:
        undoing.callback(folder.cleanup)
        try:
            if open_here:
                _copy_own(place, copy)
            else:
                _copy(place, copy)
                if journal_of(place).exists():
                    _copy(journal_of(place), journal_of(copy))
            draft = _draft_of(view, copy, folder, clock)
        except StoreError as error:
            if error.values.get("path") == copy:
                raise StoreError(error.code, **{**error.values, "path": place}) from error
            raise
        undoing.pop_all()
    return draft


def _draft_of(view: View, copy: Path, folder: TemporaryDirectory[str], clock: Clock) -> Draft:
    database = Snapshot(view, copy, folder)
    with contextlib.ExitStack() as undoing:
        undoing.callback(database.close)
        draft = Draft(database, clock)
        undoing.pop_all()
    return draft


def _copy(source: Path, target: Path) -> None:
    with refusing(source):
        reading = source.open("rb")
    with reading, refusing_new(target):
        size = os.fstat(reading.fileno()).st_size
        with temporary.opened_with_room(target, size) as writing:
            shutil.copyfileobj(reading, writing)


def _copy_own(source: Path, target: Path) -> None:
    """A file that this very process has open: only SQLite may open it again without giving its locks up."""
    with (
        refusing(source),
        contextlib.closing(past_locks(source)) as reading,
        contextlib.closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)


def _state(place: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """What changes when somebody writes the draft."""
    found: list[tuple[int, int, int] | None] = []
    for path in (place, journal_of(place)):
        try:
            status = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)
