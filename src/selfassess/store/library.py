"""The folder of drafts: what the start page lists, and names for new ones; writes to no draft.

It leaves no file, and tidies up what killed programs left.
"""

from __future__ import annotations

import contextlib
import errno
import re
import sqlite3
from collections import Counter
from collections.abc import Generator
from datetime import MAXYEAR, UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from selfassess import temporary
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Unit
from selfassess.errors import StoreError
from selfassess.store import opened, summary
from selfassess.store.owner import Owner, read_owner
from selfassess.store.place import APPLICATION_ID, SUFFIX, check_header, check_version, free_name, real_place, uri
from selfassess.store.refusals import refusing
from selfassess.store.summary import Summary
from selfassess.wording import message

_MOST_NAME_BYTES = 180
"""Leaves room for a number, the suffix and the journal within the 255 bytes of a file name."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""
_WHY: dict[int | None, str] = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘已满",
    errno.ENAMETOOLONG: "路径过长",
    errno.EEXIST: "那里已有一个同名的文件",
    errno.ENOTDIR: "那里已有一个同名的文件",
    errno.ENOENT: "上级文件夹不存在",
}
_MOST_SHOWN = 200
"""Characters of a folder's path that are quoted back."""
_MOST_SECONDS = datetime(MAXYEAR, 1, 1, tzinfo=UTC).timestamp()
"""Since 1970; in the last year of the calendar not every zone of the world could say it."""
_TRIES = 3
"""A draft that somebody is saving right now may be met half-way; the next look is past it."""
_PRIMARY = 0xFF
_NO_CODE = sqlite3.SQLITE_CORRUPT
"""Of what Python says about bytes that are no text."""
Found = tuple[Summary, str]
"""A draft in one line, and what all its copies have in common."""


class LibraryEntry(Struct, frozen=True, kw_only=True):
    """One file of the folder.

    Attributes:
        path: The file.
        modified: When the file was last written, by the file system's clock.
        summary: What it holds; None when it cannot be read.
        fault: Why it cannot be read, in words; "" when it can.
        notice: What to know before opening it: open elsewhere, not closed, one of several copies; "" as a rule.
        identity: The same in all copies of one draft; "" when it cannot be read.
    """

    path: Path
    modified: datetime
    summary: Summary | None
    fault: str
    notice: str
    identity: str = ""


class Library:
    """The drafts of one folder.

    Args:
        folder: The folder; it need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> tuple[LibraryEntry, ...]:
        """Every draft, the one edited last first; files that cannot be read come last, with the reason.

        Raises:
            StoreError: The folder exists and cannot be read.
        """
        with _usable(self.folder):
            if not self.folder.exists():
                return ()
            temporary.sweep(self.folder)
            paths = [path for path in self.folder.iterdir() if _is_listed(path)]
        found = [entry for path in paths if (entry := look_at(path)) is not None]
        copies = Counter(entry.identity for entry in found if entry.identity)
        told = (_tell_copies(entry, copies[entry.identity]) for entry in found)
        return tuple(sorted(told, key=_newest_first, reverse=True))

    def new_path(self, unit: Unit, catalogue: Catalogue) -> Path:
        """A name for a new draft that no file has yet; the folder exists afterwards.

        Args:
            unit: Who files; an empty name becomes 未命名单位.
            catalogue: The form.

        Raises:
            StoreError: The folder cannot be made.
        """
        stem = file_name(f"{unit.name.strip() or '未命名单位'} {catalogue.title}")
        return free_name(self.made(), stem)

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


def file_name(text: str) -> str:
    """The text as a file name that every system takes.

    Args:
        text: Any text.

    Returns:
        Without characters that Windows refuses, no longer than 180 bytes, never empty.
    """
    name = _FORBIDDEN.sub("_", " ".join(text.encode("utf-8", "replace").decode().split()))
    name = name.encode()[:_MOST_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"_{name}" if not name or _DEVICES.fullmatch(name) else name


def look_at(path: Path) -> LibraryEntry | None:
    """What a file holds, without opening it for writing and without leaving anything beside it.

    Args:
        path: The file.

    Returns:
        Its line of the list; None when it has gone meanwhile.
    """
    try:
        modified = _modified(path)
    except (OSError, ValueError):  # the latter for a name that no file can have
        return None
    try:
        (found, identity), notice = _summary_of(real_place(path))
    except StoreError as error:
        return LibraryEntry(path=path, modified=modified, summary=None, fault=error.message, notice="")
    return LibraryEntry(path=path, modified=modified, summary=found, fault="", notice=notice, identity=identity)


def _modified(path: Path) -> datetime:
    """When a file was changed; what no calendar knows, as some sticks say, counts as long ago."""
    seconds = path.stat().st_mtime
    return datetime.fromtimestamp(seconds if 0 < seconds < _MOST_SECONDS else 0, tz=UTC)


@contextlib.contextmanager
def _usable(folder: Path) -> Generator[None]:
    """Says of the folder, and of no draft, what stands in the way."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name that no system can spell
        number = error.errno if isinstance(error, OSError) else None
        shown = str(folder).encode(errors="replace").decode()
        shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
        raise StoreError("E338", folder=shown, why=_WHY.get(number, "系统拒绝访问")) from error


def _tell_copies(entry: LibraryEntry, copies: int) -> LibraryEntry:
    if copies < 2 or entry.notice:
        return entry
    return replace(entry, notice=message("E378", path=entry.path.name, count=copies))


def _is_listed(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX and not path.name.startswith(".")


def _newest_first(entry: LibraryEntry) -> tuple[bool, datetime]:
    return (entry.summary is not None, entry.summary.saved if entry.summary else entry.modified)


def _summary_of(path: Path) -> tuple[Found, str]:
    with refusing(path):
        holder = opened.holder_of(path.stat())
    owner = read_owner(path) if holder is None else holder.owner
    if holder is None:
        check_header(path)
    try:
        return _read(path, "mode=ro"), ""
    except (sqlite3.Error, UnicodeDecodeError) as error:
        code = getattr(error, "sqlite_errorcode", _NO_CODE) & _PRIMARY
        if code == sqlite3.SQLITE_ERROR:
            raise StoreError("E306", path=path, detail="表结构与格式版本不符") from error
        if code == sqlite3.SQLITE_BUSY:
            notice = message("E334", path=path.name, owner=owner or "另一个程序")
        elif code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            notice = message("E333", path=path.name, owner=owner or "不知道是谁打开的")
        else:
            with refusing(path):
                raise
    return _read_past_lock(path, owner), notice


def _read_past_lock(path: Path, owner: Owner | None) -> Found:
    # ``immutable`` takes no lock, so the owner is never disturbed; what is read may be the middle of a commit.
    for _ in range(_TRIES - 1):
        with contextlib.suppress(sqlite3.Error, StoreError):
            return _read(path, "immutable=1")
    try:
        return _read(path, "immutable=1")
    except sqlite3.Error as error:
        if owner is not None:
            raise StoreError("E307", path=path, owner=owner) from error
        raise StoreError("E308", path=path) from error


def _read(path: Path, mode: str) -> Found:
    with contextlib.closing(sqlite3.connect(uri(path, mode), uri=True, isolation_level=None, timeout=0)) as sql:
        try:
            sql.execute("PRAGMA trusted_schema = OFF")
            if sql.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise StoreError("E304", path=path)
            check_version(path, sql.execute("PRAGMA user_version").fetchone()[0])
            return summary.read(sql), sql.execute("SELECT identity FROM summary").fetchone()[0]
        except (ValueError, TypeError, IndexError) as error:  # also what SQLite says where it quotes broken text
            raise StoreError("E306", path=path, detail="概要无法识别") from error
