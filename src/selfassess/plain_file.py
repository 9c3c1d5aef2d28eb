"""Reads files that somebody hands over, and never waits or fills the memory; knows nothing of what is in them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import cast

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""A pipe that nobody writes into would be waited for, for ever."""


class NotAFileError(OSError):
    """Something that only looks like a file: a folder, a pipe, a device; its text says which, as a Chinese phrase."""


def read_plain(path: Path, most: int) -> bytes:
    """The beginning of an ordinary file.

    Args:
        path: The file; links are followed.
        most: Bytes to read at most.

    Raises:
        OSError: It cannot be read; ``EINVAL`` for a name that no file can have.
        NotAFileError: It is no ordinary file.
    """
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            raise NotAFileError(errno.EISDIR, "这是一个文件夹")
        # Path.open takes no flags.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | _NEVER_WAIT)
    except ValueError as error:  # a NUL, or half a character
        raise OSError(errno.EINVAL, "文件名不能使用") from error
    with open(descriptor, "rb") as file:  # noqa: PTH123  (Path.open takes no descriptor)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotAFileError(errno.EINVAL, "这不是普通的文件")
        content = cast("bytes | None", file.read(most))
    if content is None:  # what the system only pretends to be a file, and has nothing to tell now
        raise NotAFileError(errno.EINVAL, "这不是普通的文件")
    return content
