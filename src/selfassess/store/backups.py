"""Automatic dated copies (自动备份) in the data folder: where they lie, which are kept, how one becomes a new draft.

A folder holds the copies of one file. It is named by the draft's identity, so that it is found when the file was moved;
two copies of one draft, which share that, are told apart by the places that are noted in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from selfassess import temporary
from selfassess.plain_file import read_plain
from selfassess.store import glance, opened
from selfassess.store.creation import beside, name_new
from selfassess.store.digest import digest_of_bytes
from selfassess.store.glance import LibraryEntry
from selfassess.store.library import Library
from selfassess.store.naming import file_name
from selfassess.store.place import SUFFIX, check_kind, free_name, past_locks, sync_file, uri
from selfassess.store.refusals import refusing, refusing_new
from selfassess.temporary import sync_folder
from selfassess.waiting import never

DAILY, WEEKLY = 7, 8
"""Days of which the last copy is kept, then weeks."""
NEWEST = 3
"""Copies that are kept whatever their age."""
MOST = 20
"""Copies of one draft."""
MOST_BYTES = 256 << 20
"""All copies of one draft together."""
MOST_BYTES_OF_ALL = 1 << 30
"""All copies of all drafts together; the last one of each is kept beyond it."""
WITHOUT_DOCUMENTS = "（不含佐证材料）"
_NAME = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d) (\d\d)(\d\d)(\d\d)({WITHOUT_DOCUMENTS})?{re.escape(SUFFIX)}", re.ASCII)
_TIME = "%Y-%m-%d %H%M%S"
_IDENTITY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FOLDER = re.compile(r"([0-9a-f]{32})(-[0-9a-f]{8})?", re.ASCII)
"""The first file of a draft has a folder of the draft's name; each further one has letters of its own behind it."""
_PLACES = "places.txt"
_SPELLING = sys.getfilesystemencodeerrors()
"""How the system's names are written that are no text: each system has others."""
_MOST_PLACES = 10
_MOST_PLACES_BYTES = 64 << 10


def _now() -> datetime:
    return datetime.now(tz=UTC).astimezone()


class Backup(Struct, frozen=True, kw_only=True):
    """One copy.

    Attributes:
        path: The file; nobody ever writes to it.
        at: When it was made, by this computer's clock; without a zone.
        whole: Whether it has the supporting documents in it.
        size: Bytes.
    """

    path: Path
    at: datetime
    whole: bool
    size: int


class DraftBackups(Struct, frozen=True, kw_only=True):
    """The copies of one file.

    Attributes:
        newest: What the newest one holds.
        copies: All of them, the newest first.
        place: Where the file lay when it was copied last; "" when that is not known.
    """

    newest: LibraryEntry
    copies: tuple[Backup, ...]
    place: str


class Backups:
    """The copies of one data folder.

    Args:
        folder: The folder; it need not exist yet.
        clock: Tells the time.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = _now) -> None:
        self.folder = folder
        self._clock = clock

    # --------------------------------------------------------------------------------------------------------- looking
    def of(self, identity: str, path: Path | None = None) -> tuple[Backup, ...]:
        """The copies of a draft, the newest first; none when the folder cannot be read.

        Args:
            identity: Of the draft.
            path: Of this file of it, absolute, links followed; None: of all its files.
        """
        own = self._own(identity, path) if path is not None else None
        folders = self._of(identity) if path is None else [own] if own is not None else []
        return self._copies_in(*folders)

    @property
    def count(self) -> int:
        """Of how many files there may be copies."""
        return len(self._folders())

    def drafts(self, called_off: Callable[[], bool] = never) -> tuple[DraftBackups, ...]:
        """Every file of which there are copies, the one copied last first.

        Args:
            called_off: Asked at each of them; then only some are told.
        """
        looker, found = glance.Looker(), list[DraftBackups]()
        for folder in self._folders():
            if called_off():
                break
            copies = self._copies_in(folder)
            newest = looker.look_at(copies[0].path) if copies else None
            if newest is not None:
                place = next(iter(_places_in(folder)), "")
                found.append(DraftBackups(newest=newest, copies=copies, place=place))
        order = _newest_first(self._clock())
        return tuple(sorted(found, key=lambda one: order(one.copies[0]), reverse=True))

    def for_file(self, path: Path) -> tuple[Backup, ...]:
        """The copies of the file that lies, or lay, in a place; it may be damaged or gone.

        Args:
            path: The place, absolute.

        Returns:
            Where it has none of its own, those of other files of the same draft.
        """
        place = Path(os.path.realpath(path))
        identity = glance.identity_in(place)
        if identity:
            found = self.of(identity, place) or self.of(identity)
            if found:
                return found
        places = {folder: _places_in(folder) for folder in self._folders()}
        last = [folder for folder, known in places.items() if known[:1] == [str(place)]]
        return self._copies_in(*(last or [folder for folder, known in places.items() if str(place) in known]))

    def _own(self, identity: str, path: Path) -> Path | None:
        """The folder of a file: the one that notes its place, or one whose own file went from where it was."""
        places = {folder: _places_in(folder) for folder in self._of(identity)}
        for folder, known in places.items():
            if known[:1] == [str(path)]:
                return folder
        left = [folder for folder, known in places.items() if not (known and _may_lie_in(Path(known[0]), identity))]
        order = _newest_first(self._clock())

        def likely(folder: Path) -> tuple[bool, list[tuple[bool, datetime]]]:
            return str(path) in places[folder], [order(copy) for copy in self._copies_in(folder)[:1]]

        return max(left, key=likely, default=None)

    def _of(self, identity: str) -> list[Path]:
        return [folder for folder in self._folders() if folder.name.startswith(_folder_name(identity))]

    def _folders(self) -> list[Path]:
        try:
            with os.scandir(self.folder) as found:
                return sorted(Path(one.path) for one in found if _FOLDER.fullmatch(one.name) and one.is_dir())
        except OSError:  # there is none yet, or nobody may look into it
            return []

    def _copies_in(self, *folders: Path) -> tuple[Backup, ...]:
        copies = [copy for folder in folders for copy in _found_in(folder)]
        return tuple(sorted(copies, key=_newest_first(self._clock()), reverse=True))

    # ---------------------------------------------------------------------------------------------------------- keeping
    def place_for(self, identity: str, path: Path, at: datetime, *, whole: bool) -> Path:
        """Where a new copy belongs; its folder exists afterwards.

        Args:
            identity: Of the draft.
            path: Its file.
            at: Now.
            whole: Whether it has the supporting documents in it.

        Raises:
            StoreError: The folder cannot be made.
        """
        folder = self._own(identity, path)
        if folder is None:
            name = _folder_name(identity)
            folder = self.folder / (f"{name}-{os.urandom(4).hex()}" if self._of(identity) else name)
        copy = folder / f"{at:{_TIME}}{'' if whole else WITHOUT_DOCUMENTS}{SUFFIX}"
        with refusing_new(copy):
            folder.mkdir(parents=True, exist_ok=True)
        return copy

    def settle(self, copy: Path, path: Path, now: datetime) -> None:
        """A copy was made: notes of which file, and removes copies that are too many, too old or too large.

        Args:
            copy: The copy; it stays.
            path: The file, by which its copies are found when nothing in it can be read any more.
            now: This moment.
        """
        folder = copy.parent
        _note_place(folder, path)
        temporary.sweep(folder)
        order = _newest_first(now)
        copies = sorted(_found_in(folder), key=order, reverse=True)
        for one in superfluous(copies, now.replace(tzinfo=None)):
            _remove(one, copy)
        of_all = [sorted(_found_in(one), key=order, reverse=True) for one in self._folders()]
        for one in _beyond(MOST_BYTES_OF_ALL, of_all):
            _remove(one, copy)

    def open_as_new(self, backup: Backup, drafts: Library) -> Path:
        """Puts a copy among the drafts, under a name of its own.

        Args:
            backup: The copy; it stays.
            drafts: Where drafts lie.

        Returns:
            The new draft.

        Raises:
            StoreError: It cannot be read, or the folder cannot be written.
        """
        entry = glance.look_at(backup.path)
        summary = entry.summary if entry else None
        stem = " ".join(part for part in (summary.unit, summary.title) if part) if summary else "草稿"
        return copied_beside(backup.path, drafts.made() / f"{stem}（自动备份 {backup.at:%m-%d %H-%M}）")

    def open_file_as_new(self, path: Path, drafts: Library) -> Path:
        """The same for a file that somebody chose among the copies, under whatever name it lies there.

        Args:
            path: The file, links followed.
            drafts: Where drafts lie.

        Raises:
            StoreError: It cannot be read, or the folder cannot be written.
        """
        known = next((copy for copy in _found_in(path.parent) if copy.path == path), None)
        return copied_beside(path, drafts.made() / path.stem) if known is None else self.open_as_new(known, drafts)


def copied_beside(source: Path, wanted: Path) -> Path:
    """A copy of a draft under a name that no file has.

    Args:
        source: The draft.
        wanted: Folder, and name without suffix.

    Returns:
        The copy.

    Raises:
        StoreError: It cannot be written.
    """
    target = free_name(wanted.parent, file_name(wanted.name))
    with beside(target) as temporary, refusing_new(target):
        _copy(source, temporary)
        sync_file(temporary)
        name_new(temporary, target)
        sync_folder(target.parent)
    return target


def _copy(source: Path, made: Path) -> None:
    """By SQLite, since merely closing the file would let the lock go of a draft that this program has open."""
    with (
        contextlib.closing(sqlite3.connect(uri(made, "mode=rw"), uri=True, isolation_level=None)) as copy,
        opened.LOOKING,
    ):
        copy.execute("PRAGMA synchronous = OFF")  # synced as a whole afterwards
        holder = opened.holder_of(check_kind(source))
        if holder is not None:
            holder.read(lambda sql: sql.backup(copy))
            return
        with refusing(source), contextlib.closing(past_locks(source)) as sql:
            sql.backup(copy)


def superfluous(copies: Sequence[Backup], now: datetime) -> list[Backup]:
    """The copies of one draft that are not kept.

    Args:
        copies: All of them, the newest first; those dated in the future behind the others, as after a clock was set
            back: they were thinned when that was the present.
        now: This moment, without a zone.
    """
    kept = list(copies[:NEWEST])
    days: set[object] = set()
    weeks: set[object] = set()
    for copy in copies:
        day, week = copy.at.date(), copy.at.isocalendar()[:2]
        if now - copy.at <= timedelta(days=DAILY):
            wanted = day not in days
        else:
            wanted = now - copy.at <= timedelta(days=DAILY, weeks=WEEKLY) and week not in weeks
            weeks.add(week)
        days.add(day)
        if wanted and copy not in kept:
            kept.append(copy)
    kept = kept[:MOST]
    too_large = _beyond(MOST_BYTES, [kept])
    return [copy for copy in copies if copy not in kept or copy in too_large]


def _newest_first(now: datetime) -> Callable[[Backup], tuple[bool, datetime]]:
    """Sorts copies by age, in reverse. What is dated in the future was made before the clock was set back."""
    moment = now.replace(tzinfo=None)
    return lambda copy: (copy.at <= moment, copy.at)


def _beyond(most: int, drafts: Iterable[Sequence[Backup]]) -> list[Backup]:
    """The oldest copies beyond a size, never the newest of a draft; of each the newest comes first."""
    drafts = [copies for copies in drafts if copies]
    left = sum(copy.size for copies in drafts for copy in copies) - most
    removed: list[Backup] = []
    for copy in sorted((copy for copies in drafts for copy in copies[1:]), key=lambda one: one.at):
        if left <= 0:
            break
        removed.append(copy)
        left -= copy.size
    return removed


def _found_in(folder: Path) -> list[Backup]:
    found: list[Backup] = []
    with contextlib.suppress(OSError), os.scandir(folder) as files:  # there are none yet, or nobody may look into it
        for file in files:
            named = _NAME.fullmatch(file.name)
            with contextlib.suppress(OSError, ValueError):  # gone meanwhile; no such day
                if named:
                    # Ten times as quick as strptime, which the limit of all copies together would feel.
                    year, month, day, hour, minute, second = map(int, named.groups()[:6])
                    at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  (this computer's clock)
                    size = file.stat().st_size
                    found.append(Backup(path=Path(file.path), at=at, whole=named[7] is None, size=size))
    return found


def _remove(copy: Backup, made: Path) -> None:
    if copy.path != made:
        with contextlib.suppress(OSError):  # the next time, then
            copy.path.unlink(missing_ok=True)


def _folder_name(identity: str) -> str:
    # A draft of a stranger may call itself “../..”.
    return identity if _IDENTITY.fullmatch(identity) else digest_of_bytes(identity.encode(errors="replace"))[:32]


def _may_lie_in(place: Path, identity: str) -> bool:
    """Whether a draft may still be in its place: there is a file, and as far as that can be read it is this draft.

    Where even the folder is missing, it may be that of a stick which is not plugged in.
    """
    if not os.path.lexists(place.parent):
        return True
    return os.path.lexists(place) and glance.identity_in(place) in {"", identity}


def _note_place(folder: Path, path: Path) -> None:
    known = _places_in(folder)
    if known[:1] != [str(path)]:
        wanted = [str(path), *(one for one in known if one != str(path))][:_MOST_PLACES]
        # A name may hold anything but a zero, even the end of a line.
        content = "\n".join(one.replace("\n", "\0") for one in wanted).encode(errors=_SPELLING)
        beside = temporary.beside(folder / _PLACES, "part")
        try:
            beside.write_bytes(content)
            beside.replace(folder / _PLACES)
        except OSError:  # it only helps to find
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _places_in(folder: Path) -> list[str]:
    try:
        content = read_plain(folder / _PLACES, _MOST_PLACES_BYTES).decode(errors=_SPELLING)
    except (OSError, UnicodeDecodeError):
        return []
    return [one.replace("\0", "\n") for one in content.split("\n") if one]
