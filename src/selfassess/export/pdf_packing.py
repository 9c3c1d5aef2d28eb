"""Packs the streams of a PDF file; knows zlib and what PDF/A wants of a stream's end."""

from __future__ import annotations

import zlib


def pack(data: bytes, level: int, filler: bytes) -> bytes:
    """Packed data that does not end with a line end; arguments as for :func:`pack_counted`."""
    return pack_counted(data, level, filler)[0]


def pack_counted(data: bytes, level: int, filler: bytes) -> tuple[bytes, int]:
    """Packed data that does not end with a line end, and its length before packing.

    Args:
        data: What to pack.
        level: zlib level, 1 to 9.
        filler: Bytes that may stand behind the data without changing its meaning.

    PDF/A counts a stream's bytes up to a line end, so that one of the stream's own would be lost in the count. The last
    byte of packed data is the sum of all bytes, so that harmless bytes more, which must not all be 0, change it.
    """
    packed = zlib.compress(data, level)
    while packed[-1:] in {b"\r", b"\n"}:
        data += filler
        packed = zlib.compress(data, level)
    return packed, len(data)
