"""What files of ours are called; looks at none."""

from __future__ import annotations

import re

_MOST_NAME_BYTES = 180
"""Leaves room for a number, the suffix and the journal within the 255 bytes of a file name."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""


def usual_name(unit: str, title: str) -> str:
    """What a new draft is called, without suffix and before a number that tells it from others.

    Args:
        unit: Who files; an empty name becomes 未命名单位.
        title: Of the form.
    """
    return file_name(f"{unit.strip() or '未命名单位'} {title}")


def file_name(text: str) -> str:
    """The text as a file name that every system takes.

    Args:
        text: Any text.

    Returns:
        Without characters that Windows refuses, no longer than 180 bytes, never empty.
    """
    name = _FORBIDDEN.sub("_", " ".join(text.encode("utf-8", "replace").decode().split()))
    name = name.encode()[:_MOST_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"_{name}" if not name or _DEVICES.fullmatch(name) else name
