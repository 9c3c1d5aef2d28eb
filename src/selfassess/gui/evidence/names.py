"""Names of supporting documents as file names that harm nobody; pure, knows no file."""

from __future__ import annotations

import os.path
import unicodedata

_RUNNABLE_ON_WINDOWS = """
    exe com bat cmd pif scr msi msp mst msix appx cpl dll sys ocx drv lnk url scf inf reg hta chm hlp gadget msc
    application appref-ms vb vbs vbe js jse ws wsf wsh wsc sct ps1 psm1 psd1 ps1xml jar jnlp settingcontent-ms
    iso img vhd vhdx
"""
_RUNNABLE_ELSEWHERE = """
    desktop sh bash csh ksh zsh fish run bin out elf so appimage deb rpm flatpakref snap
    py pyw pyc pyz pl rb php tcl lua command app dmg pkg webloc workflow
"""
RUNNABLE = frozenset(f"{_RUNNABLE_ON_WINDOWS} {_RUNNABLE_ELSEWHERE}".split())
"""Suffixes of what a desktop may run instead of show."""
_RESERVED = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    }
)
"""Names that Windows takes for devices, whatever their suffix."""
_MARKS = frozenset('<>:"/\\|?*')
_MOST_BYTES = 180
"""Of a file name; leaves room for a number before it on every system."""
_LONGEST_SUFFIX = 20


def shown_name(name: str) -> str:
    """A name on one line, without characters that hide or turn round others."""
    return "".join(one if one.isprintable() else "\ufffd" for one in " ".join(name.split()))


def safe_name(name: str) -> str:
    """A file name that every system takes and that means nothing but a file.

    Args:
        name: As stored; it may hold separators, control characters, a device's name.

    Returns:
        At most 180 bytes in UTF-8, with the name's own suffix.
    """
    kept = "".join("_" if one in _MARKS or unicodedata.category(one)[0] == "C" else one for one in shown_name(name))
    kept = kept.strip(" .").replace("\ufffd", "_") or "佐证材料"
    if kept.split(".")[0].strip().lower() in _RESERVED:
        kept = f"_{kept}"
    stem, suffix = _split(kept)
    room = _MOST_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix


def suffix_of(name: str) -> str:
    """How a document's file name ends, in small letters: ``.pdf``; "" when it has no suffix."""
    return _split(safe_name(name))[1].lower()


def may_run(name: str) -> bool:
    """Whether a desktop might run a file of this name."""
    return suffix_of(name)[1:] in RUNNABLE


def renamed(name: str, wanted: str) -> str:
    """A new name that still says what kind of file it is.

    Args:
        name: The old one.
        wanted: What was typed.
    """
    suffix = suffix_of(name)
    return wanted if suffix_of(wanted) == suffix else f"{wanted}{suffix}"


def _split(name: str) -> tuple[str, str]:
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  # a name, not a path: Path would see a folder in it
    return (stem, suffix) if len(suffix) <= _LONGEST_SUFFIX else (name, "")
