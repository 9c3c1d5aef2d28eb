"""The sRGB colour profile that PDF/A asks for, computed from the numbers of the standard; knows no files."""

from __future__ import annotations

import struct

# Primaries adapted to D50 and the white point, as s15Fixed16 in the order X, Y, Z.
# Source: ICC.1:2010 annex E with the sRGB primaries of IEC 61966-2-1.
_D50 = (0.9642, 1.0, 0.8249)
_RED = (0.43607, 0.22249, 0.01392)
_GREEN = (0.38515, 0.71687, 0.09708)
_BLUE = (0.14307, 0.06061, 0.71410)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""g, a, b, c, d of y = (a·x + b)^g above d, and c·x below. Source: IEC 61966-2-1 §5.2."""


def srgb() -> bytes:
    """An ICC profile (version 4.2, display, RGB to XYZ), the same bytes every time."""
    curve = b"para" + struct.pack(">I2H5i", 0, 3, 0, *map(_fixed, _CURVE))
    tags = {
        b"desc": _text("sRGB IEC61966-2.1"),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(_RED),
        b"gXYZ": _xyz(_GREEN),
        b"bXYZ": _xyz(_BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    directory = [struct.pack(">I", len(tags))]
    contents: list[bytes] = []
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        directory.append(name + struct.pack(">2I", start + sum(map(len, contents)), len(content)))
        contents.append(padded)
    tail = b"".join(directory) + b"".join(contents)
    return _header(128 + len(tail)) + tail


def _header(size: int) -> bytes:
    """The profile header; its date is fixed, so that equal annexes are equal files."""
    date = struct.pack(">6H", 2022, 1, 1, 0, 0, 0)
    return b"".join(
        (
            struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x04200000, b"mntr", b"RGB ", b"XYZ "),
            date,
            b"acsp",
            b"\0" * 28,  # platform, flags, device, attributes, intent: none
            struct.pack(">3i", *map(_fixed, _D50)),
            b"\0" * 48,
        )
    )


def _fixed(number: float) -> int:
    """s15Fixed16."""
    return round(number * 65536)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + struct.pack(">I3i", 0, *map(_fixed, values))


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">3I2s2s2I", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded
