"""Names of files and folders for a while, which tell whose they are; tidies up after programs that were killed."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from selfassess.machine import is_running, numbering, session

_NAME = re.compile(
    r"\.selfassess-(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,10})-[0-9a-f]{12}\.(zpb-new(-journal)?|part)"
    r"|\.[0-9a-f]{12}\.zpb-new(-journal)?"  # as the first version called them
)
IN_USE = "view-"
"""Marks a private folder in which a file is open as long as it is wanted."""
_FOLDER = re.compile(rf"selfassess-(?P<kind>{IN_USE})?(?P<host>[0-9a-f]{{8}})-(?P<pid>\d{{1,10}})-\w+")
_WAIT_S = 600
"""Seconds without a change after which nobody is still writing a file: the largest copy takes a fraction of it."""


def beside(path: Path, kind: str) -> Path:
    """A free name in the same folder, so that renaming cannot cross disks.

    Args:
        path: The file that it will become. The name is short whatever the length of this one.
        kind: Its suffix, ``zpb-new`` or ``part``.

    Returns:
        The name; no file is there.
    """
    return path.with_name(f".selfassess-{session()}-{os.getpid()}-{os.urandom(6).hex()}.{kind}")


def sweep(folder: Path, wait_s: float = _WAIT_S) -> None:
    """Removes what killed programs were writing in a folder: of this computer at once, of others after a while.

    What this very program writes stays, however long it takes and whatever the clocks of computers say.

    Args:
        folder: Where drafts or exported files lie.
        wait_s: How long a file of a program that may still live must have been left alone, in seconds.
    """
    try:
        found = [(path, name) for path in folder.iterdir() if (name := _NAME.fullmatch(path.name))]
    except (OSError, ValueError):  # tidying up is never worth a refusal; ValueError: no system spells such a name
        return
    others = [path for path, name in found if (name["host"], name["pid"]) != (session(), str(os.getpid()))]
    dead = {path for path, name in found if name["host"] == session() and is_running(int(name["pid"])) is False}
    now = _now_in(folder) if len(others) > len(dead) else 0
    for path in others:
        with contextlib.suppress(OSError):
            if path in dead or now - path.stat().st_mtime > wait_s:
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Forces a folder's list of names onto the disk, where the system can."""
    if os.name != "posix":
        return
    # Some network and FAT mounts refuse to sync folders; the file itself is synced all the same, and has its name.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _now_in(folder: Path) -> float:
    """The time by the clock of whoever keeps the folder, which may be a server; 0 where it does not tell.

    Everything in it is dated by that clock, and this computer's may be an hour away from it.
    """
    trial = beside(folder / "clock", "part")
    try:
        with trial.open("xb") as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:  # nothing can be written here, nor taken away
        return 0
    finally:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)


def opened_with_room(path: Path, size: int) -> BinaryIO:
    """A new file, unless it would not fit: half of it might fill the memory, where temporary folders lie in it.

    Args:
        path: The file.
        size: Bytes that shall be written into it.

    Raises:
        OSError: There is no room, or it cannot be made.
    """
    if shutil.disk_usage(path.parent).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    return path.open("wb")


def system_folder() -> Path:
    """Where the system's temporary things lie; where it has no such place, the one that there should be.

    So whoever writes there is refused in the usual way, by the disk.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:  # every place for it is full, read-only or missing
        return Path(os.environ.get("TMPDIR") or f"{os.sep}tmp")


def private_folder(kind: str = "") -> tempfile.TemporaryDirectory[str]:
    """A new folder among the system's temporary ones, which nobody else may enter and which goes with the program.

    Args:
        kind: :data:`IN_USE` where a file in it is open all the while.

    Raises:
        OSError: The system has no place for it.
    """
    name = f"selfassess-{kind}{numbering()}-{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=name, ignore_cleanup_errors=True)


def sweep_private_folders() -> None:
    """Removes the private folders that killed programs of this user left."""
    left: list[Path] = []
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            name = _FOLDER.fullmatch(path.name)
            is_ours = name is not None and name["host"] == numbering() and _is_own_folder(path)
            if name is not None and is_ours and _is_left(int(name["pid"]), name["kind"] or ""):
                left.append(path)
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def _is_left(pid: int, kind: str) -> bool:
    running = is_running(pid)
    # Where programs cannot be asked for, as on Windows, what is open cannot be removed; the system does the rest.
    return pid != os.getpid() and (running is False or (running is None and kind == IN_USE))


def _is_own_folder(path: Path) -> bool:
    """Whether it is a folder, not a link to one, and of this user: anybody may put things where the system's lie."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (os.name != "posix" or found.st_uid == os.getuid())
