"""What each draft of a folder held when it was last looked at, kept so that the next start need not look again.

It is only shown, and never believed where a doubt is possible: a line counts as long as the draft's file is to the byte
and to the moment the one that was looked at. The file may be lost, damaged, or written by anybody; then drafts are
looked at anew.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Collection
from pathlib import Path
from typing import Self

from msgspec import Struct, ValidationError
from msgspec.json import Decoder, encode

from selfassess import temporary
from selfassess.plain_file import read_plain
from selfassess.store.digest import digest_of_bytes
from selfassess.store.glance import LibraryEntry
from selfassess.store.summary import PROGRAM, Summary, is_plausible

_MOST_BYTES = 16 << 20
_MOST_LINES = 20_000
_DIGEST_LETTERS = 64
_UNSURE_NS = 2_000_000_000
"""A file written so shortly before it was looked at may be written again within the same tick of its clock."""


class Mark(Struct, frozen=True, array_like=True):
    """Tells bytes of a file from other bytes of it without reading them.

    Attributes:
        modified: When it was written, in nanoseconds.
        changed: When anything of it was changed, which nobody can set back; on Windows, when it was made.
        size: In bytes.
        inode: Number of the file.
        device: Number of the disk.
    """

    modified: int
    changed: int
    size: int
    inode: int
    device: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self | None:
        """The mark of a file; None when it is no ordinary one.

        Args:
            status: What the system tells of it.
        """
        if not stat.S_ISREG(status.st_mode):
            return None
        return cls(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)


class Line(Struct, frozen=True, kw_only=True):
    """What was seen of a draft.

    Attributes:
        mark: Of the file that was looked at.
        identity: What all copies of the draft have in common.
        summary: What it held.
    """

    mark: Mark
    identity: str
    summary: Summary


class _Page(Struct, frozen=True, kw_only=True):
    """The file: a program that scores otherwise must not show the totals of this one."""

    program: str
    lines: dict[str, Line]


class Overview:
    """The lines of one folder, by the names of its files.

    Args:
        path: Where they are kept; None: only as long as the program runs.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: dict[str, Line] | None = None
        self._is_changed = False

    def get(self, name: str, mark: Mark) -> Line | None:
        """What was seen of a draft, if its file is still the one that was looked at.

        Args:
            name: Of the file.
            mark: Of the file as it is now.
        """
        line = self._all().get(name)
        return line if line is not None and line.mark == mark else None

    def put(self, mark: Mark, entry: LibraryEntry) -> None:
        """Notes what was seen of a draft, if that is worth noting.

        Args:
            mark: Of the file, before and after it was looked at.
            entry: What was seen.
        """
        is_settled = time.time_ns() - max(mark.modified, mark.changed) > _UNSURE_NS
        name, lines = entry.path.name, self._all()
        if not is_settled or entry.summary is None or entry.notice or len(lines) >= _MOST_LINES or not _is_text(name):
            return
        line = Line(mark=mark, identity=entry.identity, summary=entry.summary)
        self._is_changed = self._is_changed or lines.get(name) != line
        lines[name] = line

    def forget_all_but(self, names: Collection[str]) -> None:
        """Strikes out drafts that are no longer there.

        Args:
            names: Those that are.
        """
        for name in [name for name in self._all() if name not in names]:
            del self._all()[name]
            self._is_changed = True

    def save(self) -> None:
        """Writes the lines beside and puts them in their place, if there is anything new; a refusal does no harm."""
        if self._path is None or not self._is_changed:
            return
        content = encode(_Page(program=PROGRAM, lines=self._all()))
        temporary.sweep(self._path.parent)
        beside = temporary.beside(self._path, "part")
        try:
            beside.write_bytes(digest_of_bytes(content).encode() + b"\n" + content)
            beside.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        self._is_changed = False

    def _all(self) -> dict[str, Line]:
        if self._lines is None:
            self._lines = {} if self._path is None else _read(self._path)
        return self._lines


def _is_text(name: str) -> bool:
    """Whether a file's name can be noted: one from another system may hold bytes that are no text."""
    return name.encode(errors="ignore").decode() == name


def _read(path: Path) -> dict[str, Line]:
    try:
        digest, _, content = read_plain(path, _MOST_BYTES).partition(b"\n")
        if len(digest) != _DIGEST_LETTERS or digest.decode("ascii") != digest_of_bytes(content):
            return {}
        page = Decoder(_Page).decode(content)
    except (OSError, ValueError, ValidationError, RecursionError):
        return {}
    if page.program != PROGRAM or len(page.lines) > _MOST_LINES:
        return {}
    return {name: line for name, line in page.lines.items() if is_plausible(line.summary)}
