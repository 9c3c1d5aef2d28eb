"""A draft's place on disk: limits of paths, the header that proves the format, identity of the file; reads no tables.

On POSIX a process loses *all* its locks on a file when it closes any descriptor of that file, so nothing here opens
a file that is open as a draft in this process; :mod:`selfassess.store.opened` tells which are.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.paths import DRAFT_SUFFIX
from selfassess.store import opened
from selfassess.store.refusals import refusing, too_long

APPLICATION_ID = 0x5A504231
"""``ZPB1``: what makes an SQLite file a draft; bytes 68 to 71 of the file."""
FORMAT_VERSION = 1
"""The newest format this program writes; bytes 60 to 63 of the file (``user_version``)."""
SUFFIX = DRAFT_SUFFIX

_MAGIC = b"SQLite format 3\x00"
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_ROLLBACK_JOURNAL = b"\x01\x01"
"""Bytes 18 and 19. With others SQLite would write into the file, or into files beside it, by merely opening it."""
_HEADER_BYTES = 100
_JOURNAL_MAGIC_BYTES = 8
_LONGEST_OF_ALL = 255
"""Bytes of any file name."""
_LONGEST_NAME = _LONGEST_OF_ALL - len("-journal")
"""Bytes of a file name that leave room for SQLite's journal beside it."""
_LONGEST_PATH = 512 - len("-journal") - 1
"""Bytes of a path that SQLite's unix layer can hold, with room for the journal."""


def real_place(path: Path) -> Path:
    """The absolute path with links followed, where journal and owner note lie beside the file itself.

    Args:
        path: As given.

    Raises:
        StoreError: The path is longer than SQLite can hold, or no path at all.
    """
    if "\x00" in str(path) or not _is_encodable(path):
        shown = str(path).replace("\x00", "␀").encode(errors="replace").decode()
        raise StoreError("E328", name=shown, detail="含有不可用的字符")
    with refusing(path):
        place = Path(os.path.realpath(path))
    if os.name == "posix":
        if len(os.fsencode(place.name)) > _LONGEST_NAME:
            raise too_long(Path(place.name), _LONGEST_NAME)
        if len(os.fsencode(place)) > _LONGEST_PATH:
            raise too_long(place, _LONGEST_PATH)
    return place


def _is_encodable(path: Path) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:  # half a character, as a broken clipboard gives it
        return False
    return True


def uri(path: Path, mode: str) -> str:
    """The path as an SQLite URI, with every special character escaped.

    Args:
        path: An absolute path.
        mode: The query, such as ``mode=rw``.
    """
    text = os.fsencode(path).decode("latin-1") if os.name == "posix" else path.as_posix()
    escaped = quote(text, encoding="latin-1" if os.name == "posix" else "utf-8")
    return f"file://{'' if escaped.startswith('/') else '/'}{escaped}?{mode}"


def past_locks(path: Path) -> sqlite3.Connection:
    """A connection that reads the file as it lies there, asks for no lock, and gives up none of an open draft's.

    It looks at nothing beside the file. What it reads may be the middle of a commit of whoever has the file open.

    Args:
        path: A file; one that is not there is not made.

    Raises:
        sqlite3.Error: It is not there, or cannot be opened.
    """
    # Without ``mode=ro`` SQLite would make a file that is missing.
    sql = sqlite3.connect(uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None, timeout=0)
    sql.execute("PRAGMA trusted_schema = OFF")
    return sql


def check_kind(path: Path) -> os.stat_result:
    """Refuses what is no ordinary file before it is opened: a pipe would keep us waiting for ever.

    Args:
        path: What shall be opened; links are followed.

    Returns:
        What the system says of it.

    Raises:
        StoreError: Missing, a folder, a pipe or a device.
    """
    with refusing(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise StoreError("E302", path=path)
    if not stat.S_ISREG(found.st_mode):
        raise StoreError("E304", path=path)
    return found


def check_header(path: Path) -> None:
    """Refuses what is not a draft, by its first hundred bytes, before SQLite touches anything.

    Args:
        path: A file.

    Raises:
        StoreError: Missing, a folder, empty, unreadable, of another program, of a newer format, or open as a draft in
            this process, by whatever name.
    """
    with refusing(path), opened.LOOKING:
        check_kind(path)
        _check_not_open(path)
        check_first_bytes(path)


def check_first_bytes(path: Path) -> None:
    """As :func:`check_header`, where it is known that the file is an ordinary one that nobody here has open, or opens.

    Args:
        path: The file.

    Raises:
        StoreError: Missing, empty, unreadable, of another program, or of a newer format.
    """
    with refusing(path), path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        raise StoreError("E303", path=path)
    ours = header[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if not header.startswith(_MAGIC) or (len(header) == _HEADER_BYTES and not ours):
        raise StoreError("E304", path=path)
    if len(header) < _HEADER_BYTES:
        raise StoreError("E306", path=path, detail="文件不完整")
    # The version first: what else holds of a file of the future, nobody knows yet.
    check_version(path, int.from_bytes(header[60:64], "big"))
    if header[18:20] != _ROLLBACK_JOURNAL or not (_has_journal(path) or _counts_its_pages(header, path)):
        raise StoreError("E306", path=path, detail="文件头错误")


def _has_journal(path: Path) -> bool:
    """Whether a transaction may have been cut off, so that the file is not to be judged before it is rolled back."""
    with refusing(path):
        return os.path.lexists(journal_of(path)) and journal_of(path).lstat().st_size > 0


def _counts_its_pages(header: bytes, path: Path) -> bool:
    """Whether the header holds the file's length; SQLite would write it there as soon as it locks the file."""
    with refusing(path):
        size = path.stat().st_size
    count, page_size = (int.from_bytes(header[at:end], "big") for at, end in ((28, 32), (16, 18)))
    is_sure = count > 0 and header[24:28] == header[92:96]
    return is_sure or count * page_size == size


def check_journal(path: Path) -> None:
    """Refuses a journal that names another file, which SQLite would delete after playing the journal back.

    SQLite writes such a name at the journal's end when one transaction spans several databases; ours never does.

    Args:
        path: The draft.

    Raises:
        StoreError: The journal beside it is none that this program left behind.
    """
    journal = journal_of(path)
    with refusing(path), contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(journal.lstat().st_mode):
            raise StoreError("E306", path=path, detail="旁边的 -journal 不是普通文件")
        with journal.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(_JOURNAL_MAGIC)))
            if size > len(_JOURNAL_MAGIC) and file.read() == _JOURNAL_MAGIC:
                raise StoreError("E306", path=path, detail="旁边的 -journal 不是本程序留下的")


def _check_not_open(path: Path) -> None:
    holder = opened.holder_of(path.stat())
    if holder is not None:
        raise StoreError("E309", path=path, since=holder.owner.opened_at)


def check_writable(path: Path) -> None:
    """Refuses a file that can be read but not written; SQLite would say so only at the first edit.

    Args:
        path: A file.

    Raises:
        StoreError: The file, or the medium it lies on, is read-only; or it is open as a draft in this process.
    """
    with refusing(path), opened.LOOKING:
        _check_not_open(path)
        try:
            path.open("r+b").close()
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise StoreError("E310", path=path) from error
            raise


def check_version(path: Path, version: int) -> None:
    """Refuses a format this program does not know.

    Args:
        path: The draft.
        version: Its ``user_version``.

    Raises:
        StoreError: Newer than this program, or no version of ours.
    """
    if version > FORMAT_VERSION:
        raise StoreError("E305", path=path, version=version, known=FORMAT_VERSION)
    if version < 1:
        raise StoreError("E306", path=path, detail="没有格式版本号")


class Identity(Struct, frozen=True, kw_only=True):
    """Which file a path named when the draft was opened.

    Attributes:
        path: The path.
        device: Number of the device.
        inode: Number of the file on it.
    """

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Identity:
        """The identity of the file now at this path."""
        status = path.stat()
        return cls(path=path, device=status.st_dev, inode=status.st_ino)

    def check(self) -> os.stat_result:
        """Refuses to go on when the path no longer names the same file.

        Returns:
            What the system tells of the file now.

        Raises:
            StoreError: The file was deleted, moved or replaced while open.
        """
        try:
            status = os.stat(self.path)  # noqa: PTH116  (before every edit: half the time of Path.stat)
        except OSError as error:
            raise StoreError("E313", path=self.path) from error
        if (status.st_dev, status.st_ino) != (self.device, self.inode):
            raise StoreError("E314", path=self.path)
        return status


def is_medium_gone(path: Path, device: int) -> bool:
    """Whether what is there of a missing file's folders lies on another device than its folder did, or nothing is.

    Args:
        path: Where the file was.
        device: Number of the device that its folder lay on; layered file systems give a file another one than that.
    """
    for folder in path.parents:
        with contextlib.suppress(OSError):
            return folder.stat().st_dev != device
    return True


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths name the same file, links followed; False when either names none.

    Args:
        one: A path.
        other: Another.
    """
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def free_name(folder: Path, stem: str, suffix: str = SUFFIX) -> Path:
    """A name in a folder that no file has: the stem, with a number behind it when it is taken.

    Args:
        folder: The folder.
        stem: The name without suffix.
        suffix: What is behind it and the number.
    """
    number = 1
    while True:
        path = folder / f"{stem}{f'（{number}）' if number > 1 else ''}{suffix}"
        if not os.path.lexists(path):
            return path
        number += 1


def journal_of(path: Path) -> Path:
    """SQLite's rollback journal beside a draft."""
    return path.with_name(path.name + "-journal")


def is_spent(journal: Path) -> bool:
    """Whether a journal has nothing to play back; so has one that is not there.

    Args:
        journal: SQLite's journal beside a draft.
    """
    try:
        with journal.open("rb") as file:
            return not any(file.read(_JOURNAL_MAGIC_BYTES))
    except FileNotFoundError:
        return True
    except OSError:
        return False


def is_hot(journal: Path) -> bool:
    """Whether a journal is there for certain, to be played back.

    Args:
        journal: SQLite's journal beside a draft.
    """
    try:
        with journal.open("rb") as file:
            return file.read(_JOURNAL_MAGIC_BYTES) == _JOURNAL_MAGIC
    except OSError:
        return False


def remove_spent_journal(path: Path) -> None:
    """Takes away a journal with nothing to play back, which a killed program leaves and SQLite would keep for ever.

    Args:
        path: A draft that this process has locked.
    """
    journal = journal_of(path)
    if is_spent(journal):
        with contextlib.suppress(OSError):  # the folder may not be written any more
            journal.unlink(missing_ok=True)


def set_aside(journal: Path) -> None:
    """Renames a journal that belongs to no draft beside it, so that it is never played back and yet kept.

    Args:
        journal: What lies where SQLite's journal would lie. One with nothing to play back is taken away.

    Raises:
        OSError: It cannot be renamed.
    """
    if stat.S_ISREG(journal.lstat().st_mode) and is_spent(journal):
        journal.unlink()
        return
    number = 1
    while os.path.lexists(free := _beside_journal(journal, f"-不符{number}")):
        number += 1
    journal.rename(free)


def _beside_journal(journal: Path, mark: str) -> Path:
    """The journal's name with a mark behind it, cut at its beginning where the whole would be too long."""
    name = journal.name
    while len(os.fsencode(name + mark)) > _LONGEST_OF_ALL:
        name = name[1:]
    return journal.with_name(name + mark)


def sync_file(path: Path) -> None:
    """Forces a closed file onto the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
