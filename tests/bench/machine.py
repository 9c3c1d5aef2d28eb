"""The machine in one line, for the page of figures."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from pathlib import Path

from PySide6 import __version__ as qt


def machine() -> str:
    """Processor, memory, system and the versions that the figures depend on."""
    told = _first(r"^model name\s*:\s*(.+)$", "/proc/cpuinfo") or platform.machine()
    kib = _first(r"^MemTotal:\s*(\d+)", "/proc/meminfo")
    memory = f", {int(kib) / 1024**2:.0f} GiB" if kib else ""
    return (
        f"{os.cpu_count()} × {told}{memory}; {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, Qt {qt}, SQLite {sqlite3.sqlite_version}"
    )


def _first(pattern: str, file: str) -> str:
    try:
        found = re.search(pattern, Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return ""
    return found[1] if found else ""
