"""Copies a file that may be damaged or lie on a failing disk, so that nothing is ever written to the file itself."""

from __future__ import annotations

import contextlib
import mmap
import os
import sqlite3
from collections.abc import Generator
from pathlib import Path

from selfassess import temporary
from selfassess.errors import StoreError
from selfassess.store import opened
from selfassess.store.place import check_journal, check_kind, journal_of, uri
from selfassess.store.refusals import REPORTED, refusing, refusing_new
from selfassess.store.remains import Wreck

_BLOCK = 4096
"""Bytes that are read at once where a disk fails; what cannot be read counts as zeros."""
_CHUNK = 1 << 20


@contextlib.contextmanager
def private_folder() -> Generator[Path]:
    """A folder for copies, which goes with them; what a killed program left of an earlier one goes as well."""
    temporary.sweep_private_folders()
    with refusing_new(temporary.system_folder() / "selfassess"):
        made = temporary.private_folder()
    with made as folder:
        yield Path(folder)


def private_copies(source: Path, folder: Path) -> list[Path]:
    """Copies of a draft that may be damaged, whatever of it can be read.

    Args:
        source: The draft, absolute, links followed.
        folder: An empty one, for the copies.

    Returns:
        The copy with the journal of a killed program played back, if there is one, and the copy as it lies.

    Raises:
        StoreError: It cannot be opened at all, is open in this very program, or there is no room for a copy.
    """
    plain = folder / "copy"
    with opened.LOOKING:
        holder = opened.holder_of(check_kind(source))
        if holder is not None:
            raise StoreError("E309", path=source, since=holder.owner.opened_at)
        _copy(source, plain)
    journal = journal_of(source)
    try:
        check_journal(source)
    except StoreError:  # a stranger's, which would have other files deleted
        return [plain]
    if not journal.is_file():
        return [plain]
    played = folder / "played"
    _copy(source, played)
    _copy(journal, journal_of(played))
    with (
        contextlib.suppress(*REPORTED),
        contextlib.closing(sqlite3.connect(uri(played, "mode=rw"), uri=True)) as sql,
    ):
        sql.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return [played, plain]


def _copy(source: Path, target: Path) -> None:
    with refusing(source), source.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        with refusing_new(target), temporary.opened_with_room(target, size) as copy:
            for start in range(0, size, _CHUNK):
                copy.write(_part(file.fileno(), start, min(_CHUNK, size - start)))


def _part(descriptor: int, start: int, size: int) -> bytes:
    with contextlib.suppress(OSError):
        return _bytes_at(descriptor, start, size)
    parts: list[bytes] = []
    for place in range(start, start + size, _BLOCK):
        wanted = min(_BLOCK, start + size - place)
        try:
            parts.append(_bytes_at(descriptor, place, wanted))
        except OSError:  # this block of the disk is gone; those after it may not be
            parts.append(bytes(wanted))
    return b"".join(parts)


def _bytes_at(descriptor: int, start: int, size: int) -> bytes:
    os.lseek(descriptor, start, os.SEEK_SET)
    return os.read(descriptor, size).ljust(size, b"\0")


@contextlib.contextmanager
def wreck_in(copy: Path) -> Generator[Wreck]:
    """What is in a copy, without reading all of it into memory.

    Args:
        copy: One of :func:`private_copies`.
    """
    with copy.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            yield Wreck(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content, memoryview(content) as view:
            yield Wreck(view)
