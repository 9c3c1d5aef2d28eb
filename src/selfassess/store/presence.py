"""Whether somebody has a draft open although the folder granted its lock: on file systems that cannot lock; no SQL.

A note of a living process on this computer, or one of another computer that was renewed a moment ago, tells so. It is
no proof: a note may be as old as a power cut. So it leads to a question and never to a closed door.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from selfassess import temporary
from selfassess.machine import began, is_running, session
from selfassess.store.owner import Owner, note_of

BEAT_S = 60
"""Seconds after which an open draft renews its note."""
_SILENT_S = 2.5 * BEAT_S
"""Seconds without a renewal after which a note of another computer counts as left behind."""
_CLOCK_S = 5
"""Seconds by which the start of a process and the time in its note may differ."""
_TAKEN = frozenset({errno.EACCES, errno.EAGAIN})


def holder(path: Path, note: Owner | None) -> Owner | None:
    """Who probably has a draft open that this process was allowed to lock; None as a rule.

    Args:
        path: The draft.
        note: The note that lay beside it.
    """
    if note is None or note.is_this_process or _since(note) is None:
        return None
    return note if (_lives(note) if note.is_here else _was_renewed(path)) else None


def can_lock(folder: Path) -> bool:
    """Whether files of a folder can be locked at all; True where that cannot be tried.

    Args:
        folder: Where a draft lies.
    """
    if os.name != "posix":
        return True
    import fcntl  # noqa: PLC0415  (not on every system, and not for every opening)

    try:
        with _trial(folder) as descriptor:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.filename is not None or error.errno in _TAKEN  # named: the file could not even be made
    return True


def _lives(note: Owner) -> bool:
    """Whether the very process that wrote the note still runs: numbers are given again."""
    if not is_running(note.pid):
        return False
    ticks = began(note.pid)
    if note.began and note.session == session():  # which needs no clock: that of the computer may have been set since
        return ticks in {0, note.began}
    beginning, since = _beginning(ticks), _since(note)
    return beginning is None or since is None or beginning <= since + _CLOCK_S


def _since(note: Owner) -> float | None:
    """When the note was written, in seconds since 1970; None for a time that this program never writes."""
    try:
        since = datetime.fromisoformat(note.since).timestamp()
    except (ValueError, OverflowError):
        return None
    return since if since > 0 else None


def _beginning(ticks: int) -> float | None:
    """When a process began, in seconds since 1970; None where the system does not tell."""
    try:
        lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
        return booted + ticks / os.sysconf("SC_CLK_TCK") if ticks else None
    except (OSError, ValueError, IndexError, StopIteration, AttributeError):
        return None


def _was_renewed(path: Path) -> bool:
    """Whether the note is fresh by the clock of the file server, which is nobody's on this computer."""
    try:
        renewed = note_of(path).stat().st_mtime
        with _trial(path.parent) as descriptor:
            now = os.fstat(descriptor).st_mtime
    except OSError:
        return False
    return now - renewed < _SILENT_S


@contextlib.contextmanager
def _trial(folder: Path) -> Generator[int]:
    """A file that lives for a moment, under a name that is swept when its process was killed."""
    path = temporary.beside(folder / "x", "zpb-new")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            path.unlink()
