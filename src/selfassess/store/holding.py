"""Keeps a draft locked although its file is opened and closed by others in this process; knows no SQL.

On POSIX a process loses *all* its locks on a file when it closes any descriptor of that file, and SQLite's are such
locks. A file dialog that looks what kind of files it lists does that, and no program keeps it from it. Linux also has
locks that belong to a descriptor: nothing but closing that one takes them away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import struct
import time
from pathlib import Path

_ASKED_FIRST = 0x40000000
"""The byte that SQLite locks, be it for a moment, before anything else (``PENDING_BYTE``). Who has it keeps all off."""
_BLOCK = 1 << 20
"""Bytes that are copied at once."""
_TRIES, _PAUSE_S = 20, 0.0005
"""How often the lock is tried, and seconds in between."""
_ASKED_BY_OTHERS = frozenset({errno.EACCES, errno.EAGAIN})
_FLOCK = "hhqqi0q"
"""``struct flock`` of C: kind, whence, start, length, process; with the room behind it."""


def hold(path: Path) -> int | None:
    """Holds a draft that SQLite has locked alone, until the descriptor is closed; after SQLite's own, in turn.

    SQLite's lock of that one byte makes room for ours. It asks for no lock any more, since it keeps what it has, and
    its locks on other bytes keep everybody off meanwhile.

    Args:
        path: A draft, locked with ``locking_mode = EXCLUSIVE``.

    Returns:
        The descriptor; None where the system has no such locks, or does not open the file a second time.
    """
    if os.name != "posix":
        return None
    import fcntl  # noqa: PLC0415  (not on every system)

    if not hasattr(fcntl, "F_OFD_SETLK"):
        return None
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:  # a folder in which a file can be open but once; SQLite has it open and locked already
        return None
    # A file server may know no such locks, or keep ours off by SQLite's: then SQLite's is all there is, as elsewhere.
    with contextlib.suppress(OSError):
        if _has_lock_of_this_process(descriptor):
            fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, _ASKED_FIRST)
            if not _is_taken(descriptor):
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _ASKED_FIRST)
    return descriptor


def copy_held(descriptor: int | None, path: Path, target: Path) -> None:
    """Copies a draft that is held, byte by byte, without closing any descriptor of it.

    Args:
        descriptor: What :func:`hold` returned.
        path: The draft; where locks do not go with a closed descriptor it is read by its name.
        target: Is written over.

    Raises:
        OSError: It cannot be read, or the target not be written, or reading it would let its locks go.
    """
    if os.name != "posix":
        shutil.copyfile(path, target)
        return
    if descriptor is None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(path))
    with target.open("wb") as copy:
        while block := os.pread(descriptor, _BLOCK, copy.tell()):
            copy.write(block)


def _has_lock_of_this_process(descriptor: int) -> bool:
    """Whether SQLite's lock is one; a folder may grant locks that hold nobody off."""
    import fcntl  # noqa: PLC0415  (not on every system)

    found = fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, _flock(fcntl.F_WRLCK))
    kind, _whence, _start, _length, process = struct.unpack(_FLOCK, found)
    return kind != fcntl.F_UNLCK and process == os.getpid()


def _is_taken(descriptor: int) -> bool:
    """Takes the descriptor's lock, if need be again: who asks whether the draft is free has it for a moment."""
    import fcntl  # noqa: PLC0415  (not on every system)

    for _ in range(_TRIES):
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _flock(fcntl.F_WRLCK))
        except OSError as error:
            if error.errno not in _ASKED_BY_OTHERS:
                return False
            time.sleep(_PAUSE_S)
        else:
            return True
    return False


def _flock(kind: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, _ASKED_FIRST, 1, 0)
