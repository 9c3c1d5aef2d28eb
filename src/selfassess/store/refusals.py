"""Turns what SQLite and the system report into one Chinese sentence each; knows no tables."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from selfassess.errors import StoreError
from selfassess.system_words import NO_MEMORY, in_words

Reported = sqlite3.Error | OSError | UnicodeDecodeError
REPORTED = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What SQLite and the system report; the last when a damaged file makes SQLite quote what is no text."""
CLOSED = "E397"
"""The refusal of whatever is asked of a draft after it was closed."""
_PRIMARY = 0xFF
"""SQLite's extended result codes keep the primary code in the low byte."""
_NO_TEXT = "文字编码错误"
_EXACT = {
    sqlite3.SQLITE_READONLY_DBMOVED: "E313",
    sqlite3.SQLITE_IOERR_LOCK: "E373",
    sqlite3.SQLITE_IOERR_UNLOCK: "E373",
    sqlite3.SQLITE_IOERR_RDLOCK: "E373",
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK: "E373",
}
"""Extended codes that say more than their primary ones: moved away; a file system that knows no locks."""
_UNPROVEN = "没有可靠地写到磁盘上"
_UNWRITTEN = "写不进去"
_SQLITE_WORDS = {
    sqlite3.SQLITE_IOERR: "读写出错",
    sqlite3.SQLITE_IOERR_READ: "读不出来",
    sqlite3.SQLITE_IOERR_SHORT_READ: "文件比应有的短",
    sqlite3.SQLITE_IOERR_WRITE: _UNWRITTEN,
    sqlite3.SQLITE_IOERR_TRUNCATE: _UNWRITTEN,
    sqlite3.SQLITE_IOERR_FSYNC: _UNPROVEN,
    sqlite3.SQLITE_IOERR_DIR_FSYNC: _UNPROVEN,
    sqlite3.SQLITE_IOERR_FSTAT: "查看不了文件",
    sqlite3.SQLITE_IOERR_ACCESS: "查看不了文件",
    sqlite3.SQLITE_IOERR_DELETE: "旁边的日志删不掉",
    sqlite3.SQLITE_IOERR_NOMEM: NO_MEMORY,
}
"""What is most often reported, for people; the rest keeps its name, for those who are asked to help."""
_OF_NEW_FILE = {"E301": "E317", "E308": "E315", "E310": "E311", "E312": "E335", "E322": "E311"}
"""What a refusal of a draft means for a file that is being made."""


def refusal_of(error: Reported, path: Path) -> StoreError | None:
    """The sentence for a failure on a draft.

    Args:
        error: What SQLite or the system reported.
        path: The draft.

    Returns:
        The refusal, or None when the cause is a bug of ours.
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreError("E306", path=path, detail=_NO_TEXT)
    return _of_system(error, path) if isinstance(error, OSError) else _of_sqlite(error, path)


@contextmanager
def refusing(path: Path) -> Generator[None]:
    """Raises failures on a draft as :class:`StoreError`; bugs fly on unchanged.

    Args:
        path: The draft to name.

    Raises:
        StoreError: The disk, the file or another program stands in the way.
    """
    try:
        yield
    except REPORTED as error:
        refusal = refusal_of(error, path)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def refusing_new(path: Path) -> Generator[None]:
    """Raises failures on a file that is being made as :class:`StoreError`; bugs fly on unchanged.

    Args:
        path: The name the file will get.

    Raises:
        StoreError: The disk or the folder stands in the way.
    """
    try:
        yield
    except REPORTED as error:
        refusal = refusal_of(error, path)
        if refusal is None:
            raise
        code = _OF_NEW_FILE.get(refusal.code, refusal.code)
        if code == "E315":
            raise StoreError("E336", path=path, detail=detail_of(error)) from error
        raise StoreError(code, **{"folder": path.parent, **refusal.values}) from error


def detail_of(error: Reported) -> str:
    """What a failure is called by the system or by SQLite.

    Args:
        error: The failure.
    """
    if isinstance(error, OSError):
        return in_words(error)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return _SQLITE_WORDS.get(getattr(error, "sqlite_errorcode", 0), f"读写出错 {name}")


def _of_system(error: OSError, path: Path) -> StoreError:
    number = error.errno
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StoreError("E312", path=path)
    if number in {errno.EACCES, errno.EPERM}:
        return StoreError("E322", path=path)
    if number == errno.EROFS:
        return StoreError("E311", folder=path.parent)
    if number in {errno.ENOENT, errno.ENOTDIR}:
        return StoreError("E301", path=path)
    if number == errno.ENAMETOOLONG:
        return too_long(path, 255)
    return StoreError("E315", path=path, detail=detail_of(error))


def _of_sqlite(error: sqlite3.Error, path: Path) -> StoreError | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return _of_python(str(error), path)
    if code in _EXACT:
        return StoreError(_EXACT[code], path=path, folder=path.parent)
    if str(error) == "unsupported file format":  # a damaged header; SQLite gives it the code of a wrong statement
        return StoreError("E306", path=path, detail="文件头错误")
    primary = code & _PRIMARY
    if primary == sqlite3.SQLITE_FULL:
        return StoreError("E312", path=path)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError("E308", path=path)
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StoreError("E310", path=path)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StoreError("E311", folder=path.parent)
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}:  # lengths that cannot be
        return StoreError("E306", path=path, detail="数据结构错误")
    if primary == sqlite3.SQLITE_IOERR:
        return StoreError("E315", path=path, detail=detail_of(error))
    return None


def _of_python(complaint: str, path: Path) -> StoreError | None:
    """What carries no code of SQLite's: use after closing, and bytes that SQLite takes for text."""
    if complaint == "Cannot operate on a closed database.":
        return StoreError(CLOSED, path=path)
    return StoreError("E306", path=path, detail=_NO_TEXT) if complaint.startswith("Could not decode") else None


def too_long(path: Path, most: int) -> StoreError:
    """The refusal of a path that the system or SQLite cannot hold.

    Args:
        path: The path.
        most: How many bytes would fit.
    """
    return StoreError("E321", path=path, length=len(str(path).encode(errors="replace")), most=most)
