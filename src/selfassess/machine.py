"""Which computer this is, beyond its name, which those set up from one image share, and which programs run on it.

Knows no files of ours.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from binascii import crc32
from pathlib import Path

_IDENTITY = Path("/etc/machine-id")
"""Linux: drawn when the system was installed."""
_START = Path("/proc/sys/kernel/random/boot_id")
"""Linux: drawn at each start of the computer. Copied images have it different even where all else is copied."""


_NUMBERING = Path("/proc/self/ns/pid")
"""Linux: a link that tells which numbering of processes this is; a container or a sandbox has one of its own."""
_STATUS = "/proc/{}/stat"


def machine() -> str:
    """This computer, in eight hexadecimal digits that do not tell its identity to others."""
    return _digits(platform.node(), _identity())


def session() -> str:
    """This computer since it was started last, likewise: numbers of processes mean something only within it.

    A container or a sandbox, which numbers them anew, is another one.
    """
    return _digits(platform.node(), _identity(), _read(_START), _numbering())


def numbering() -> str:
    """Who numbers processes, likewise: this computer, whenever it was started, or a container on it."""
    return _digits(platform.node(), _identity(), _numbering())


def is_running(pid: int) -> bool | None:
    """Whether a process of this number runs here; None where that is not told.

    Args:
        pid: Its number.
    """
    if os.name != "posix" or pid <= 0:  # elsewhere asking for a process may end it
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError) as error:  # of another user; or no number of a process
        return True if isinstance(error, PermissionError) else None
    return True


def began(pid: int) -> int:
    """When a process began, in clock ticks since this computer was started; 0 where the system does not tell.

    Args:
        pid: Its number.
    """
    try:
        status = Path(_STATUS.format(pid)).read_text(encoding="utf-8", errors="replace")
        return int(status.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def _identity() -> str:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415  (only there)

        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key,
        ):
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        return ""
    return _read(_IDENTITY)


def _numbering() -> str:
    try:
        return str(_NUMBERING.readlink())
    except OSError:  # another system, on which there is but one
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # another system, which has only its name
        return ""


def _digits(*parts: str) -> str:
    return f"{crc32(bytes(1).join(part.encode(errors='replace') for part in parts)):08x}"
