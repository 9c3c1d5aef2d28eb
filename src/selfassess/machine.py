"""Which computer this is, beyond its name, which those set up from one image share; knows no files of ours."""

from __future__ import annotations

import contextlib
import platform
import sys
from binascii import crc32
from pathlib import Path

_IDENTITY = Path("/etc/machine-id")
"""Linux: drawn when the system was installed."""
_START = Path("/proc/sys/kernel/random/boot_id")
"""Linux: drawn at each start of the computer. Copied images have it different even where all else is copied."""


def machine() -> str:
    """This computer, in eight hexadecimal digits that do not tell its identity to others."""
    return _digits(platform.node(), _identity())


def session() -> str:
    """This computer since it was started last, likewise: numbers of processes mean something only within it."""
    return _digits(platform.node(), _identity(), _read(_START))


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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # another system, which has only its name
        return ""


def _digits(*parts: str) -> str:
    return f"{crc32(bytes(1).join(part.encode(errors='replace') for part in parts)):08x}"
