"""What ``./dev`` tells people: steps, progress and the one line that helps; knows nothing of what is being done."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SECONDS_BETWEEN_LINES = 3.0
KEPT_LINES = 60


class Failure(Exception):  # noqa: N818  # read as a sentence: raise Failure("what to do")
    """Something outside this script stops us; its text is the one line that helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why apt or pip fails, and what to do.

    Attributes:
        pattern: Regular expression for what they print.
        chinese: The line that helps.
        english: The same.
        lasting: Trying again, with fresh package lists, cannot help.
    """

    pattern: str
    chinese: str
    english: str
    lasting: bool = True


# The first that matches wins.
CAUSES = (
    Cause(
        pattern=r"Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock directory",
        chinese="另一个程序正在安装软件，请等它结束后再试。",
        english="Another program is using apt; wait for it to finish and try again.",
    ),
    Cause(
        pattern=r"dpkg was interrupted",
        chinese="上次安装被中断，请先运行 dpkg --configure -a。",
        english="An earlier installation was interrupted: run dpkg --configure -a first.",
    ),
    Cause(
        pattern=r"No space left on device|not enough free space|Errno 28",
        chinese="磁盘已满，请腾出约 2 GB 后再试。",
        english="The disk is full; free about 2 GB and try again.",
    ),
    Cause(
        pattern=r"is not in the sudoers file|a password is required|may not run sudo|no new privileges",
        chinese="当前用户不能用 sudo，请让管理员运行下面的命令。",
        english="This user cannot use sudo; ask an administrator to run the command below.",
    ),
    Cause(
        pattern=r"DO NOT MATCH THE HASHES",
        chinese="下载的包与锁定的校验值不符，未安装，请检查软件源。",
        english="A download does not match its pinned hash and was not installed; check the package source.",
    ),
    Cause(
        pattern=r"resolv|Could not connect|Failed to establish a new connection|Network is unreachable|timed out"
        r"|Failed to fetch|ProxyError|ConnectTimeout|SSLError|No matching distribution found|Connection refused",
        chinese="连不上软件源，请检查网络、代理或镜像设置。",
        english="The package source cannot be reached; check network, proxy or mirror settings.",
        lasting=False,
    ),
    Cause(
        pattern=r"Unable to locate package|has no installation candidate",
        chinese="软件源里没有所需的系统包（需 Debian 12 或相近系统）。",
        english="The package source lacks a system package (Debian 12 or a relative is needed).",
        lasting=False,
    ),
    Cause(
        pattern=r"Permission denied|Read-only file system",
        chinese="目录不可写，请检查权限。",
        english="A folder is not writable; check its permissions.",
    ),
)


def cause(output: str) -> Cause | None:
    """Why a failed apt or pip failed, by what it printed; None when that is not understood."""
    return next((known for known in CAUSES if re.search(known.pattern, output)), None)


def step(chinese: str, english: str) -> None:
    """Announce something that takes a while."""
    print(f"· {chinese}  {english}", flush=True)


class Ticker:
    """Shows that a long command is alive: one line in place on a terminal, else a line every few seconds."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._shown_at = time.monotonic()

    def show(self, text: str) -> None:
        """Show one line of progress, if it is time for one."""
        if self._terminal:
            sys.stdout.write(f"\r\033[K  {text[:100]}")
            sys.stdout.flush()
        elif time.monotonic() - self._shown_at >= SECONDS_BETWEEN_LINES:
            print(f"  {text[:100]}", flush=True)
            self._shown_at = time.monotonic()

    def end(self) -> None:
        """Leave a clean line behind."""
        if self._terminal:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()


def watch(command: Sequence[str], env: Mapping[str, str], log: Path) -> tuple[int, str]:
    """Run a command, show its progress and append everything it says to ``log``.

    Returns:
        Its exit code and its last lines.
    """
    ticker, tail = Ticker(), deque[str](maxlen=KEPT_LINES)
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            command,
            env=dict(env),
            stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        record.write(f"$ {' '.join(command)}\n")
        for line in process.stdout or ():
            record.write(line)
            tail.append(line)
            if line.strip():
                ticker.show(line.strip())
    ticker.end()
    return process.returncode, "".join(tail)


def explain_failure(what: str, command: Sequence[str], tail: str, log: Path) -> Failure:
    """The failure of a watched command, with the line that helps or, failing that, its last words."""
    last = next((line.strip() for line in reversed(tail.splitlines()) if line.strip()), "")
    known = cause(tail)
    helps = f"{known.chinese} {known.english}" if known else last
    return Failure(f"{what}: {helps}\n  {' '.join(command)[:400]}\n  全部输出 full output: {log}")
