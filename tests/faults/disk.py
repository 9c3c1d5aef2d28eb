"""A disk that writes down what is done to it, refuses, or kills: a shim in C (shim.c), preloaded into children.

Why a shim: SQLite's calls and Python's own (``os.link``, ``rename``, exports) must be seen as one sequence, and a fault
must be armed in the middle of a process, hundreds of times a second. A VFS sees SQLite only; strace sees everything,
but costs a start of Python for each fault, and many containers forbid it. The shim changes no call that it lets
through; that the log, replayed, gives the very files on the disk is itself a test.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

HERE = Path(__file__).parent
WRITE, READ, SYNC, NAME, OPEN = 1, 2, 4, 8, 16
"""Kinds of calls that can be refused: as in shim.c."""
ONCE, ON, SHORT, KILL, TORN = 0, 1, 2, 3, 4
"""How: only that one call, that and all after it, or after half of that write all further ones; or the process is
killed before that call, or after half of that write."""
_HEAD = struct.Struct("=5q")


class Op(Struct, frozen=True, kw_only=True):
    """One thing done to a disk.

    Attributes:
        what: C create, W write, T truncate, S sync a file, D sync a folder, R rename, L link, U unlink, M a mark.
        inode: The file, for C, W, T, S.
        place: Offset of a write, length of a truncation.
        first: A name, or the text of a mark.
        second: The new name, for R and L.
        data: What was written.
    """

    what: str
    inode: int
    place: int
    first: str
    second: str
    data: bytes


def compiler() -> str | None:
    """A C compiler, whichever there is."""
    return next((name for name in ("cc", "gcc", "tcc", "clang") if shutil.which(name)), None)


def built(folder: Path) -> Path:
    """The shim, compiled.

    Args:
        folder: Where it is put.
    """
    target = folder / "shim.so"
    command = [compiler() or "cc", "-shared", "-fPIC", "-o", str(target), str(HERE / "shim.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return target


def run(shim: Path, script: str, *arguments: object) -> str:
    """Runs a script of this folder in a child behind the shim; its failing is a failure of the test.

    Returns:
        What it printed.
    """
    env = {**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])}
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{script} {arguments}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    return done.stdout


class Shim:
    """The shim of this process; only children started by :func:`run` have one.

    Args:
        folder: What it watches.
    """

    def __init__(self, folder: Path) -> None:
        self._shim = ctypes.CDLL(None)
        self._shim.fault_arm.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_int, ctypes.c_int]
        self._shim.fault_disarm.restype = ctypes.c_long
        self._shim.fault_watch(os.fsencode(os.path.realpath(folder)))

    @contextlib.contextmanager
    def refusing(self, kinds: int, nth: int, error: int, how: int) -> Iterator[list[int]]:
        """Refuses the nth call of these kinds inside the block.

        Yields:
            A list that holds, after the block, how many such calls there were.
        """
        counted: list[int] = []
        self._shim.fault_arm(kinds, nth, error, how)
        try:
            yield counted
        finally:
            counted.append(self._shim.fault_disarm())

    @contextlib.contextmanager
    def recording(self, log: Path) -> Iterator[None]:
        """Writes down everything done inside the block."""
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._shim.fault_record(descriptor)
        try:
            yield
        finally:
            self._shim.fault_record(-1)
            os.close(descriptor)

    def mark(self, text: str) -> None:
        """Puts a mark into the log."""
        self._shim.fault_mark(text.encode())


def read_log(log: Path) -> list[Op]:
    """What a child wrote down."""
    content, at, ops = log.read_bytes(), 0, []
    while at < len(content):
        what, inode, place, first, second = _HEAD.unpack_from(content, at)
        middle = at + _HEAD.size + first
        end = middle + second
        data = content[middle:end]
        named = chr(what) in "RL"
        ops.append(
            Op(
                what=chr(what),
                inode=inode,
                place=place,
                first=content[at + _HEAD.size : middle].decode(),
                second=data.decode() if named else "",
                data=b"" if named else data,
            )
        )
        at = end
    return ops
