"""The folder of drafts: what the start page lists, and names for new ones; writes to no draft.

It leaves nothing among the drafts, and tidies up what killed programs left.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from selfassess import temporary
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Unit
from selfassess.errors import StoreError
from selfassess.store.glance import LibraryEntry, Looker, look_at, moment_of
from selfassess.store.naming import file_name, usual_name
from selfassess.store.overview import Mark, Overview
from selfassess.store.owner import note_of
from selfassess.store.place import SUFFIX, free_name, journal_of
from selfassess.system_words import in_words
from selfassess.waiting import CalledOffError, never
from selfassess.wording import message

__all__ = ["Library", "LibraryEntry", "look_at", "told"]

_OF_FOLDERS = {
    errno.EEXIST: "那里已有一个同名的文件",
    errno.ENOTDIR: "那里已有一个同名的文件",
    errno.ENOENT: "上级文件夹不存在",
}
_MOST_SHOWN = 200
"""Characters of a folder's path that are quoted back."""


class _Listed(Struct, frozen=True, kw_only=True):
    """A draft's file as its folder tells of it.

    Attributes:
        path: The file.
        mark: Which bytes it holds; None where that cannot be told.
        modified: When it was last written.
    """

    path: Path
    mark: Mark | None
    modified: datetime


class Library:
    """The drafts of one folder.

    Args:
        folder: The folder; it need not exist yet.
        overview: Where it is noted what each draft held when it was looked at; None: nowhere.
    """

    def __init__(self, folder: Path, overview: Path | None = None) -> None:
        self.folder = folder
        self._looker = Looker()
        self._overview = Overview(overview)

    def entries(self, called_off: Callable[[], bool] = never) -> tuple[LibraryEntry, ...]:
        """Every draft, the one edited last first; files that cannot be read come last, with the reason.

        Args:
            called_off: Asked at each of them.

        Raises:
            StoreError: The folder exists and cannot be read.
            CalledOffError: It was called off; what was looked at is known from now on.
        """
        looked = list[LibraryEntry | None]()
        try:
            for entry in self.known():
                if called_off():
                    raise CalledOffError
                looked.append(self.look_at(entry.path) if entry.is_pending else entry)
        finally:
            self.keep()
        return told(entry for entry in looked if entry is not None)

    def known(self) -> tuple[LibraryEntry, ...]:
        """Every draft as far as it can be told at once: what was not looked at since it was written is pending.

        Raises:
            StoreError: The folder exists and cannot be read.
        """
        with _usable(self.folder):
            if not self.folder.exists():
                return ()
            temporary.sweep(self.folder)
            listed = _listed(self.folder)
        self._overview.forget_all_but({one.path.name for one in listed})
        return tuple(sorted((self._known(one) for one in listed), key=_newest_first, reverse=True))

    def look_at(self, path: Path) -> LibraryEntry | None:
        """What one of the drafts holds, looked at now; None when it has gone meanwhile.

        Args:
            path: The draft.
        """
        before = _mark_of(path)
        entry = self._looker.look_at(path)
        if before is not None and before == _mark_of(path) and entry is not None and _is_at_rest(path):
            self._overview.put(before, entry)
        return entry

    def keep(self) -> None:
        """Notes what was seen, for the next start; that it cannot be noted does no harm."""
        self._overview.save()

    def _known(self, listed: _Listed) -> LibraryEntry:
        noted = self._overview.get(listed.path.name, listed.mark) if listed.mark else None
        return LibraryEntry(
            path=listed.path,
            modified=listed.modified,
            summary=noted.summary if noted else None,
            fault="",
            notice="",
            identity=noted.identity if noted else "",
            is_pending=noted is None,
        )

    def new_path(self, unit: Unit, catalogue: Catalogue) -> Path:
        """A name for a new draft that no file has yet; the folder exists afterwards.

        Args:
            unit: Who files; an empty name becomes 未命名单位.
            catalogue: The form.

        Raises:
            StoreError: The folder cannot be made.
        """
        return free_name(self.made(), usual_name(unit.name, catalogue.title))

    def path_named(self, name: str) -> Path:
        """The draft of this name, whether it exists or not; the folder exists afterwards.

        Args:
            name: Any text.

        Raises:
            StoreError: The folder cannot be made.
        """
        return self.made() / f"{file_name(name)}{SUFFIX}"

    def made(self) -> Path:
        """The folder, which exists afterwards.

        Raises:
            StoreError: It cannot be made.
        """
        with _usable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder


def told(entries: Iterable[LibraryEntry]) -> tuple[LibraryEntry, ...]:
    """Drafts as a list shows them: in order, and with a word on those of which there are copies.

    Args:
        entries: Of one folder, without that word.
    """
    found = list(entries)
    copies = Counter(entry.identity for entry in found if entry.identity)
    return tuple(sorted((_tell_copies(one, copies[one.identity]) for one in found), key=_newest_first, reverse=True))


@contextlib.contextmanager
def _usable(folder: Path) -> Generator[None]:
    """Says of the folder, and of no draft, what stands in the way."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name that no system can spell
        shown = str(folder).encode(errors="replace").decode()
        shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
        raise StoreError("E338", folder=shown, why=_why(error)) from error


def _why(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):  # a name that no file can have
        return "系统拒绝访问"
    return _OF_FOLDERS.get(error.errno or 0) or in_words(error)


def _tell_copies(entry: LibraryEntry, copies: int) -> LibraryEntry:
    if copies < 2 or entry.notice:
        return entry
    notice = message("E378", path=entry.path.name, count=copies)
    return replace(entry, notice=notice, notice_code="E378", copies=copies)


def _newest_first(entry: LibraryEntry) -> tuple[bool, datetime, datetime]:
    return (not entry.fault, entry.summary.saved if entry.summary else entry.modified, entry.modified)


def _listed(folder: Path) -> list[_Listed]:
    """The drafts of a folder by what the system tells of them, without opening one."""
    with os.scandir(folder) as found:
        files = {one.name: one for one in found}
    listed: list[_Listed] = []
    for name, file in files.items():
        path = folder / name
        if path.suffix.lower() != SUFFIX or name.startswith("."):
            continue
        with contextlib.suppress(OSError):  # it has gone meanwhile
            status = os.lstat(file.path)  # what the folder itself tells on Windows lacks the file's number
            # Whoever has a draft open leaves a note or a journal beside it.
            at_rest = note_of(path).name not in files and journal_of(path).name not in files
            mark = Mark.of(status) if at_rest else None
            listed.append(_Listed(path=path, mark=mark, modified=moment_of(status)))
    return listed


def _mark_of(path: Path) -> Mark | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return Mark.of(status)


def _is_at_rest(path: Path) -> bool:
    return not os.path.lexists(note_of(path)) and not os.path.lexists(journal_of(path))
