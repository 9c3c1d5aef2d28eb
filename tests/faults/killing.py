"""Hires the clerk (clerk.py), lets him work, and kills him: after a while, or at one of his calls to the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


class Clerk:
    """The program that is killed.

    Args:
        process: clerk.py, just started.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def live(self, kind: str, folder: Path, number: int, seconds: float) -> list[str]:
        """Lets it work for some seconds, kills it, and gives what it had told."""

        def kill(pid: int) -> None:
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)

        told, end = self._life(kind, folder, number, kill)
        assert end == int(signal.SIGKILL), "it ended by itself"
        return told

    def play(self, scene: str, how: str, folder: Path, nth: int) -> tuple[int, int | None]:
        """Lets it play a scene until it is killed at one of its calls.

        Args:
            scene: Its name.
            how: ``before`` the call, or when ``half`` of it was written.
            folder: Holds ``disk``, where the scene is, and ``temp``, its folder for temporary files.
            nth: Which call.

        Returns:
            How many of its steps were called saved; how many calls there were, None when it was killed.
        """
        told, end = self._life(f"{how}:{scene.replace(' ', '_')}", folder, nth, lambda _pid: None)
        saved = sum(line.startswith("did") for line in told)
        if end:
            assert end == int(signal.SIGKILL), f"{scene} failed: {told}"
            return saved, None
        return saved, int(told[-1].split()[1])

    def _life(self, kind: str, folder: Path, number: int, born: Callable[[int], None]) -> tuple[list[str], int]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{kind} {number} {folder}\n")
        self._process.stdin.flush()
        told: list[str] = []
        while not (line := self._line()).startswith("dead"):
            assert line, "the clerk himself died"
            if line.startswith("born"):
                born(int(line.split()[1]))
            else:
                told.append(line)
        return told, int(line.split()[1])


@contextmanager
def hired(shim: Path | None) -> Iterator[Clerk]:
    """A clerk as long as the block lasts.

    Args:
        shim: What is preloaded, so that he can be killed at a call; None where there is none.
    """
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)]), "PYTHONUTF8": "1"}
    if shim is not None:
        env["LD_PRELOAD"] = str(shim)
    with subprocess.Popen(
        [sys.executable, str(HERE / "clerk.py")],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield Clerk(process)
        process.kill()
