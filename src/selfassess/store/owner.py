"""Who has a draft open: a small note beside it that others can read; the lock itself is SQLite's."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

THIS_PROCESS = os.urandom(16).hex()
"""Tells notes of this process from those of an earlier one that had the same number."""
_MOST_BYTES = 4096


class Owner(Struct, frozen=True, kw_only=True):
    """Who opened a draft.

    Attributes:
        host: Name of the computer.
        user: Login name; "" when the system does not tell.
        pid: Number of the process.
        since: When, as ISO text.
        process: Unlike any other process's.
    """

    host: str
    user: str
    pid: int
    since: str
    process: str

    @property
    def is_this_process(self) -> bool:
        """Whether this very program wrote the note."""
        return self.process == THIS_PROCESS

    @property
    def opened_at(self) -> str:
        """When it was opened, for people."""
        try:
            return datetime.fromisoformat(self.since).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return "时间不明"

    def __str__(self) -> str:
        """In words, to stand after 正由 or between brackets."""
        who = f"用户“{self.user}”" if self.user else "某用户"
        where = "本机" if self.host == platform.node() else f"电脑“{self.host}”"
        return f"{who}在{where}（进程 {self.pid}，{self.opened_at} 起）"


def this_owner(since: datetime) -> Owner:
    """The owner that this process is.

    Args:
        since: When the draft was opened.
    """
    user = ""
    with contextlib.suppress(OSError, KeyError, ImportError):  # no such account, or no way to ask
        user = getpass.getuser()
    return Owner(
        host=platform.node(),
        user=user,
        pid=os.getpid(),
        since=since.isoformat(timespec="seconds"),
        process=THIS_PROCESS,
    )


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
        with note_of(path).open("rb") as file:
            values = json.loads(file.read(_MOST_BYTES))
        return Owner(
            host=str(values["host"]),
            user=str(values["user"]),
            pid=int(values["pid"]),
            since=str(values["since"]),
            process=str(values["process"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a note only informs: a missing or broken one says nothing


def write_owner(path: Path, owner: Owner) -> None:
    """Leaves the note beside a draft that this process has locked.

    Args:
        path: The draft.
        owner: Who opened it.

    Raises:
        OSError: The folder cannot be written.
    """
    note_of(path).write_text(json.dumps(asdict(owner)), encoding="ascii")


def remove_owner(path: Path) -> None:
    """Takes this process's note away; a note of somebody else stays.

    Args:
        path: The draft.
    """
    owner = read_owner(path)
    if owner is not None and owner.is_this_process:
        with contextlib.suppress(OSError):  # the stick is gone, and the note with it
            note_of(path).unlink()
