"""Packs the streams of a PDF file; knows zlib and what PDF/A wants of a stream's end."""

from __future__ import annotations

import hashlib
import zlib

_LEVEL = 1
"""zlib level: on fonts and pages 1 takes half the time of 6 for one twentieth more bytes."""


class Packer:
    """Packs what may come again in the next export, and keeps it for that."""

    def __init__(self) -> None:
        self._packed: dict[bytes, bytes] = {}
        self._earlier: dict[bytes, bytes] = {}

    def turn(self) -> None:
        """Begin another export; what the last one did not use is forgotten."""
        self._earlier, self._packed = self._packed, {}

    def packed(self, data: bytes, filler: bytes = b" ") -> bytes:
        """Packed data; arguments as for :func:`pack_counted`."""
        key = hashlib.blake2b(data, digest_size=16).digest()
        found = self._earlier.get(key)
        if found is None:
            found = pack(data, filler)
        self._packed[key] = found
        return found


def pack(data: bytes, filler: bytes) -> bytes:
    """Packed data that does not end with a line end; arguments as for :func:`pack_counted`."""
    return pack_counted(data, filler)[0]


def pack_counted(data: bytes, filler: bytes) -> tuple[bytes, int]:
    """Packed data that does not end with a line end, and its length before packing.

    Args:
        data: What to pack.
        filler: Bytes that may stand behind the data without changing its meaning.

    PDF/A counts a stream's bytes up to a line end, so that one of the stream's own would be lost in the count. The last
    byte of packed data is the sum of all bytes, so that harmless bytes more, which must not all be 0, change it.
    """
    packed = zlib.compress(data, _LEVEL)
    while packed[-1:] in {b"\r", b"\n"}:
        data += filler
        packed = zlib.compress(data, _LEVEL)
    return packed, len(data)
