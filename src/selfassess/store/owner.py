"""Who has a draft open: a small note beside it that others can read; the lock itself is SQLite's."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode

from selfassess.machine import began, machine, session

THIS_PROCESS = os.urandom(16).hex()
"""Tells notes of this process from those of an earlier one that had the same number."""
_MOST_BYTES = 4096
_MOST_SHOWN = 64
"""Characters of a name in a sentence."""


class Owner(Struct, frozen=True, kw_only=True):
    """Who opened a draft.

    Attributes:
        host: Name of the computer.
        user: Login name; "" when the system does not tell.
        pid: Number of the process.
        since: When, as ISO text.
        process: Unlike any other process's.
        machine: The computer beyond its name, as :func:`selfassess.machine.machine` tells it; "" in older notes.
        session: The computer since it was started, as :func:`selfassess.machine.session` tells it; "" in older notes.
        began: When the process began, in clock ticks since then; 0 in older notes and where the system does not tell.
    """

    host: str
    user: str
    pid: int
    since: str
    process: str
    machine: str = ""
    session: str = ""
    began: int = 0

    @property
    def is_this_process(self) -> bool:
        """Whether this very program wrote the note."""
        return self.process == THIS_PROCESS

    @property
    def is_here(self) -> bool:
        """Whether it was written on this computer, and not on another one of the same name."""
        return self.host == platform.node() and self.machine in ("", machine())

    @property
    def opened_at(self) -> str:
        """When it was opened, for people."""
        try:
            return datetime.fromisoformat(self.since).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return "时间不明"

    @property
    def is_own_user(self) -> bool:
        """Whether it was whoever uses this program, on this computer."""
        return self.is_here and self.user == _this_user()

    @property
    def plainly(self) -> str:
        """For people, who know nothing of processes; to stand after 正由."""
        if self.is_own_user:
            return f"本机的另一个窗口（{self.opened_at} 起）"
        where = "本机" if self.is_here else f"电脑“{_shown(self.host)}”"
        return f"{self._who()}在{where}（{self.opened_at} 起）"

    def __str__(self) -> str:
        """In words, to stand after 正由 or between brackets."""
        where = "本机" if self.is_here else f"电脑“{_shown(self.host)}”"
        return f"{self._who()}在{where}（进程 {self.pid}，{self.opened_at} 起）"

    def _who(self) -> str:
        return f"用户“{_shown(self.user)}”" if self.user else "某用户"


def _shown(name: str) -> str:
    """A name as a sentence can hold it: whoever may write into the folder may write anything into the note."""
    return "".join(one if one.isprintable() else "\ufffd" for one in name[:_MOST_SHOWN])


def this_owner(since: datetime) -> Owner:
    """The owner that this process is.

    Args:
        since: When the draft was opened.
    """
    return Owner(
        host=_sendable(platform.node()),
        user=_this_user(),
        pid=os.getpid(),
        since=since.isoformat(timespec="seconds"),
        process=THIS_PROCESS,
        machine=machine(),
        session=session(),
        began=began(os.getpid()),
    )


def _this_user() -> str:
    with contextlib.suppress(OSError, KeyError, ImportError):  # no such account, or no way to ask
        return _sendable(getpass.getuser())
    return ""


def _sendable(name: str) -> str:
    """A name whose bytes were no UTF-8 comes with halves of characters, which no JSON holds."""
    return name.encode(errors="replace").decode()


def note_of(path: Path) -> Path:
    """Where the note of a draft lies."""
    return path.with_name(f".{path.name}.lock")


def read_owner(path: Path) -> Owner | None:
    """Who has, or last had, a draft open.

    Args:
        path: The draft.

    Returns:
        The owner, or None when there is no note that can be read.
    """
    try:
        # A pipe of that name must not be waited for.
        descriptor = os.open(note_of(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            content = os.read(descriptor, _MOST_BYTES)
        finally:
            os.close(descriptor)
        return decode(content, type=Owner)
    except (OSError, ValueError):
        return None  # a note only informs: a missing or broken one says nothing


def write_owner(path: Path, owner: Owner) -> None:
    """Leaves the note beside a draft that this process has locked.

    Args:
        path: The draft.
        owner: Who opened it.

    Raises:
        OSError: The folder cannot be written.
    """
    note = note_of(path)
    # Never written through: a link of that name may lead to any file of the user's.
    note.unlink(missing_ok=True)
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.write(descriptor, encode(owner))
    finally:
        os.close(descriptor)


def renew_owner(path: Path) -> None:
    """Makes the note a fresh one; one that is not there is not made.

    Args:
        path: A draft that this process has open.
    """
    with contextlib.suppress(OSError):  # the note only informs
        os.utime(note_of(path))


def remove_owner(path: Path) -> None:
    """Takes this process's note away; a note of somebody else stays.

    Args:
        path: The draft.
    """
    owner = read_owner(path)
    if owner is not None and owner.is_this_process:
        with contextlib.suppress(OSError):  # the stick is gone, and the note with it
            note_of(path).unlink()
