"""Automatic dated copies (自动备份) in the data folder: where they lie, which are kept, how one becomes a new draft.

They are named by the draft's identity, not by its place, so that they outlive a draft that was moved or deleted.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from selfassess import temporary
from selfassess.errors import StoreError
from selfassess.store import glance, opened
from selfassess.store.creation import beside, name_new
from selfassess.store.digest import digest_of_bytes
from selfassess.store.glance import LibraryEntry
from selfassess.store.library import Library, file_name
from selfassess.store.place import SUFFIX, check_kind, free_name, sync_file, sync_folder, uri
from selfassess.store.refusals import refusing, refusing_new

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
_NAME = re.compile(rf"(\d{{4}}-\d\d-\d\d \d{{6}})({WITHOUT_DOCUMENTS})?{re.escape(SUFFIX)}")
_TIME = "%Y-%m-%d %H%M%S"
_IDENTITY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PLACES = "places.txt"
_MOST_PLACES = 10


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
    """The copies of one draft.

    Attributes:
        newest: What the newest one holds.
        copies: All of them, the newest first.
    """

    newest: LibraryEntry
    copies: tuple[Backup, ...]


class Backups:
    """The copies of one data folder.

    Args:
        folder: The folder; it need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # --------------------------------------------------------------------------------------------------------- looking
    def of(self, identity: str) -> tuple[Backup, ...]:
        """The copies of a draft, the newest first; none when the folder cannot be read.

        Args:
            identity: Of the draft.
        """
        return _copies_in(self._of(identity))

    def drafts(self) -> tuple[DraftBackups, ...]:
        """Every draft of which there are copies, the one copied last first."""
        found = [
            DraftBackups(newest=newest, copies=copies)
            for folder in self._folders()
            if (copies := _copies_in(folder)) and (newest := glance.look_at(copies[0].path)) is not None
        ]
        return tuple(sorted(found, key=lambda one: one.copies[0].at, reverse=True))

    def for_file(self, path: Path) -> tuple[Backup, ...]:
        """The copies of the draft that lies, or lay, in a place; its file may be damaged or gone.

        Args:
            path: The place, absolute.
        """
        identity = _identity_in(path)
        found = self.of(identity) if identity else ()
        if found:
            return found
        named = [folder for folder in self._folders() if str(path) in _places_in(folder)]
        copies = [copy for folder in named for copy in _copies_in(folder)]
        return tuple(sorted(copies, key=lambda one: one.at, reverse=True))

    def _of(self, identity: str) -> Path:
        # A draft of a stranger may call itself “../..”.
        name = identity if _IDENTITY.fullmatch(identity) else digest_of_bytes(identity.encode(errors="replace"))[:32]
        return self.folder / name

    def _folders(self) -> list[Path]:
        try:
            return sorted(one for one in self.folder.iterdir() if _IDENTITY.fullmatch(one.name) and one.is_dir())
        except OSError:  # there is none yet, or nobody may look into it
            return []

    # ---------------------------------------------------------------------------------------------------------- keeping
    def place_for(self, identity: str, at: datetime, *, whole: bool) -> Path:
        """Where a new copy belongs; its folder exists afterwards.

        Args:
            identity: Of the draft.
            at: Now.
            whole: Whether it has the supporting documents in it.

        Raises:
            StoreError: The folder cannot be made.
        """
        folder = self._of(identity)
        path = folder / f"{at:{_TIME}}{'' if whole else WITHOUT_DOCUMENTS}{SUFFIX}"
        with refusing_new(path):
            folder.mkdir(parents=True, exist_ok=True)
        return path

    def remember_place(self, identity: str, path: Path) -> None:
        """Notes where a draft lies, so that its copies are found when nothing in it can be read any more.

        Args:
            identity: Of the draft.
            path: Its place.
        """
        folder = self._of(identity)
        known = _places_in(folder)
        if known[:1] != [str(path)]:
            wanted = [str(path), *(one for one in known if one != str(path))][:_MOST_PLACES]
            # It only helps to find; half a character cannot be written.
            with contextlib.suppress(StoreError, OSError, ValueError), beside(folder / _PLACES) as temporary:
                temporary.write_text("\n".join(wanted), encoding="utf-8")
                temporary.replace(folder / _PLACES)

    def prune(self, identity: str, now: datetime) -> None:
        """Removes copies that are too many, too old or too large, of this draft and then of all.

        Args:
            identity: Of the draft of which a copy was just made.
            now: This moment.
        """
        folder = self._of(identity)
        temporary.sweep(folder)
        for copy in superfluous(_copies_in(folder), now.replace(tzinfo=None)):
            _remove(copy)
        for copy in _beyond(MOST_BYTES_OF_ALL, [_copies_in(one) for one in self._folders()]):
            _remove(copy)

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
        known = next((copy for copy in _copies_in(path.parent) if copy.path == path), None)
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
        with refusing(source), contextlib.closing(_read_only(source)) as sql:
            sql.backup(copy)


def superfluous(copies: Sequence[Backup], now: datetime) -> list[Backup]:
    """The copies of one draft that are not kept.

    Args:
        copies: All of them, the newest first.
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


def _beyond(most: int, drafts: Iterable[Sequence[Backup]]) -> list[Backup]:
    """The oldest copies beyond a size, never the newest of a draft."""
    drafts = [copies for copies in drafts if copies]
    left = sum(copy.size for copies in drafts for copy in copies) - most
    removed: list[Backup] = []
    for copy in sorted((copy for copies in drafts for copy in copies[1:]), key=lambda one: one.at):
        if left <= 0:
            break
        removed.append(copy)
        left -= copy.size
    return removed


def _copies_in(folder: Path) -> tuple[Backup, ...]:
    found: list[Backup] = []
    with contextlib.suppress(OSError):  # there are none yet, or nobody may look into it
        for path in folder.iterdir():
            named = _NAME.fullmatch(path.name)
            with contextlib.suppress(OSError, ValueError):  # gone meanwhile; no such day
                if named:
                    at = datetime.strptime(named[1], _TIME)  # noqa: DTZ007  (the clock of this computer)
                    found.append(Backup(path=path, at=at, whole=named[2] is None, size=path.stat().st_size))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _remove(copy: Backup) -> None:
    with contextlib.suppress(OSError):  # the next time, then
        copy.path.unlink(missing_ok=True)


def _places_in(folder: Path) -> list[str]:
    try:
        return (folder / _PLACES).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []


def _identity_in(path: Path) -> str:
    """The identity in a file of which at least this can be read; "" where it cannot."""
    try:
        check_kind(path)
        with contextlib.closing(_read_only(path)) as sql:
            sql.execute("PRAGMA trusted_schema = OFF")
            row = sql.execute("SELECT identity FROM summary").fetchone()
    except (StoreError, sqlite3.Error, UnicodeDecodeError):
        return ""
    return row[0] if row and isinstance(row[0], str) else ""


def _read_only(path: Path) -> sqlite3.Connection:
    """A connection that asks for no lock and lets none of an open draft go; it looks at nothing beside the file."""
    return sqlite3.connect(uri(path, "mode=ro&immutable=1"), uri=True, timeout=0)
