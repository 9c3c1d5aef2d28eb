"""Damages a file the way worn disks, pulled sticks and careless copies do; knows bytes and pages only."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

PAGE = 4096
HEADER = 100
Variant = tuple[str, bytes]
"""What was done, and the damaged file."""


def put(content: bytes, at: int, piece: bytes) -> bytes:
    """The content with a piece written over it."""
    return content[:at] + piece + content[at + len(piece) :]


def flipped(content: bytes, step: int) -> Iterator[Variant]:
    """A bit or all bits of one byte: every byte of the header, every so many of the rest."""
    for at in (*range(HEADER), *range(HEADER, len(content), step)):
        for mask in (1 << at % 8, 0xFF):
            yield f"byte {at} ^ {mask}", put(content, at, bytes([content[at] ^ mask]))


def zeroed(content: bytes, block: int) -> Iterator[Variant]:
    """A block that was never written, or written with noise."""
    noise = random.Random(7).randbytes(block)
    for at in range(0, len(content), block):
        yield f"zeros at {at}", put(content, at, bytes(min(block, len(content) - at)))
        yield f"noise at {at}", put(content, at, noise[: len(content) - at])


def truncated(content: bytes, step: int) -> Iterator[Variant]:
    """Cut off, and cut off and filled up with zeros again."""
    for at in (*range(HEADER), *range(HEADER, len(content), step)):
        yield f"cut at {at}", content[:at]
        yield f"cut at {at} and filled", content[:at] + bytes(len(content) - at)


def overwritten(content: bytes, other: bytes, step: int) -> Iterator[Variant]:
    """Pages of another draft, or of this one, in the place of its own."""
    for at in range(0, len(content), PAGE * step):
        yield f"page {at // PAGE} of another", put(content, at, other[at : at + PAGE])
        for source in range(0, len(content), PAGE * 3):
            if source != at:
                yield f"page {at // PAGE} from {source // PAGE}", put(content, at, content[source : source + PAGE])


def lengthened(content: bytes, other: bytes) -> Iterator[Variant]:
    """A tail that was copied twice, or is somebody else's."""
    for length in (1, 100, PAGE, 3 * PAGE):
        yield f"tail of {length} twice", content + content[-length:]
        yield f"tail of {length} of another", content + other[-length:]
        yield f"{length} zeros behind", content + bytes(length)


def cut_off_edit(path: Path) -> tuple[bytes, bytes]:
    """File and journal as a power cut in the middle of an edit leaves them; the path itself stays as it was."""
    before = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA cache_size = 1")
        sql.execute("BEGIN")
        sql.execute("UPDATE entry SET value = value || '改' WHERE field IN ('remark', 'reason')")
        sql.execute("UPDATE step SET label = label || '改'")
        sql.execute("UPDATE summary SET unit = '别的单位'")
        # More than the cache holds: some of it is in the file already.
        sql.execute("UPDATE catalogue SET text = text || text")
        middle = path.read_bytes(), path.with_name(path.name + "-journal").read_bytes()
        sql.execute("ROLLBACK")
    assert path.read_bytes()[HEADER:] == before[HEADER:]
    path.write_bytes(before)
    return middle
