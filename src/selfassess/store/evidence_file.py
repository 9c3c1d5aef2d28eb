"""Reads a file that shall become a supporting document, however it may refuse; knows no draft and runs nothing."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path

from selfassess.errors import StoreError
from selfassess.store import opened
from selfassess.store.codec import write_text
from selfassess.store.evidence import check_size
from selfassess.store.place import SUFFIX
from selfassess.system_words import in_words
from selfassess.waiting import never

_PIECE = 4 * 1024 * 1024
"""Bytes read before asking again whether anybody still waits."""
_DETAILS = {
    errno.ENOENT: "找不到文件，可能已被移走、改名，或所在的U盘已拔出",
    errno.ENOTDIR: "找不到文件，可能已被移走、改名，或所在的U盘已拔出",
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.ELOOP: "这是失效的链接，所指的文件不存在",
    errno.ENAMETOOLONG: "路径过长",
    errno.EISDIR: "这是文件夹，不是文件",
}


def read_file(path: Path, called_off: Callable[[], bool] = never) -> bytearray:
    """The bytes of a file, which take no more memory than the file is large.

    Args:
        path: The file; links are followed.
        called_off: Tells whether nobody waits any more; then what was read so far is returned.

    Raises:
        StoreError: It is no document, or cannot be read, in words.
    """
    name = write_text(path.name or str(path))
    try:
        # Before it is opened: a pipe would keep us waiting, and an open draft would lose its lock.
        with opened.LOOKING:
            _check_kind(path, name)
            file = path.open("rb")
        with file:
            content = _read_whole(file, name, called_off)
            whole = os.fstat(file.fileno()).st_size == len(content)
    except OSError as error:
        detail = _DETAILS.get(error.errno or 0, f"读取出错，{in_words(error)}")
        raise _refused(name, detail) from error
    except ValueError as error:  # a NUL, which no file name can hold
        raise _refused(name, "文件名含有系统不允许的字符") from error
    if not whole and not called_off():
        raise _refused(name, "读取的时候文件变了，可能正被别的程序写入")
    return content


def _check_kind(path: Path, name: str) -> None:
    if path.is_symlink() and not path.exists():
        raise _refused(name, "这是失效的链接，所指的文件不存在")
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise _refused(name, "这是文件夹，不是文件")
    if not stat.S_ISREG(found.st_mode):
        raise _refused(name, "不是普通文件（是设备或管道）")
    # Not by its name alone: a draft may have several.
    if path.resolve().suffix.lower() == SUFFIX or opened.holder_of(found) is not None:
        raise _refused(name, "这是自评表草稿，不是佐证材料")
    check_size(name, found.st_size)


def _read_whole(file: BufferedReader, name: str, called_off: Callable[[], bool]) -> bytearray:
    size = os.fstat(file.fileno()).st_size
    check_size(name, size)  # it may have grown since it was looked at
    content = bytearray(size)
    read = 0
    with memoryview(content) as room:
        while not called_off() and (count := file.readinto(room[read : read + _PIECE])):
            read += count
    del content[read:]
    return content


def _refused(name: str, detail: str) -> StoreError:
    return StoreError("E323", path=name, detail=detail)
