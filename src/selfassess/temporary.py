"""Names of files and folders for a while, which tell whose they are; tidies up after programs that were killed."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path

_NAME = re.compile(
    r"\.selfassess-(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,10})-[0-9a-f]{12}\.(zpb-new(-journal)?|part)"
    r"|\.[0-9a-f]{12}\.zpb-new(-journal)?"  # as the first version called them
)
_FOLDER = re.compile(r"selfassess-(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,10})-\w+")
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
    return path.with_name(f".selfassess-{_host()}-{os.getpid()}-{os.urandom(6).hex()}.{kind}")


def sweep(folder: Path, wait_s: float = _WAIT_S) -> None:
    """Removes what killed programs were writing in a folder: of this computer at once, of others after a while.

    Args:
        folder: Where drafts or exported files lie.
        wait_s: How long a file of a program that may still live must have been left alone, in seconds.
    """
    try:
        found = [(path, name) for path in folder.iterdir() if (name := _NAME.fullmatch(path.name))]
    except (OSError, ValueError):  # tidying up is never worth a refusal; ValueError: no system spells such a name
        return
    for path, name in found:
        with contextlib.suppress(OSError):
            if _is_dead(name["host"], name["pid"]) or time.time() - path.stat().st_mtime > wait_s:
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


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder among the system's temporary ones, which nobody else may enter and which goes with the program.

    Raises:
        OSError: The system has no place for it.
    """
    return tempfile.TemporaryDirectory(prefix=f"selfassess-{_host()}-{os.getpid()}-", ignore_cleanup_errors=True)


def sweep_private_folders() -> None:
    """Removes the private folders that killed programs of this user left; on Windows the system does it, in time."""
    try:
        found = [
            path
            for path in Path(tempfile.gettempdir()).iterdir()
            if (name := _FOLDER.fullmatch(path.name)) and _is_dead(name["host"], name["pid"]) and _is_own_folder(path)
        ]
    except OSError:
        return
    for path in found:
        shutil.rmtree(path, ignore_errors=True)


def _is_own_folder(path: Path) -> bool:
    """Whether it is a folder, not a link to one, and of this user: anybody may put things where the system's lie."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _host() -> str:
    import hashlib  # noqa: PLC0415  (brings OpenSSL along; only where there is something temporary)

    return hashlib.blake2b(platform.node().encode(errors="replace"), digest_size=4).hexdigest()


def _is_dead(host: str | None, pid: str | None) -> bool:
    """Whether the program is known to have ended; Windows has no harmless way to ask."""
    if host != _host() or pid is None or os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # somebody else's program, or a number that no process has
    return False
