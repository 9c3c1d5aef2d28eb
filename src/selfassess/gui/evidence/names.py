"""Names of supporting documents as file names that harm nobody; pure, knows no file."""

from __future__ import annotations

import re
import unicodedata

_DOCUMENTS = "pdf ofd txt doc docx wps rtf odt xls xlsx et ods csv ppt pptx dps odp"
_PICTURES = "png jpg jpeg tif tiff bmp gif webp heic"
OPENED = frozenset(f"{_DOCUMENTS} {_PICTURES}".split())
"""Suffixes of what is opened. The kinds that a desktop may run are too many to be listed, and grow; so whatever is not
here is only saved elsewhere: also documents made to carry macros, and archives, out of which anything can be run."""
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
_SUFFIXED = re.compile(r"(.+)(\.[A-Za-z0-9]{1,10})", re.DOTALL)
"""A name and its suffix; what else follows a dot belongs to a title, such as 附件1.关于预算的说明."""


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


def may_open(name: str) -> bool:
    """Whether a file of this name is shown by a desktop and never run."""
    return suffix_of(name)[1:] in OPENED


def renamed(name: str, wanted: str) -> str:
    """A new name that still says what kind of file it is.

    Args:
        name: The old one.
        wanted: What was typed.
    """
    suffix = suffix_of(name)
    return wanted if suffix_of(wanted) == suffix else f"{wanted}{suffix}"


def _split(name: str) -> tuple[str, str]:
    found = _SUFFIXED.fullmatch(name)
    return (found[1], found[2]) if found else (name, "")
