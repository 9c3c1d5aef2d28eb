"""Lives to be killed: for each line ``KIND NUMBER FOLDER`` on standard input a fork that works until it is killed.

Forks, because a start of Python takes far longer than an edit. It tells ``born PID``, ``open NOTICE``, ``did NUMBER``
after each step that the program calls saved, and ``dead CODE``. ``before:SCENE`` and ``half:SCENE`` play a scene until
the shim kills them at the call of this number, and tell ``calls NUMBER`` when there were fewer.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import tempfile
from pathlib import Path

from disk import KILL, NAME, OPEN, SYNC, TORN, WRITE, Shim
from form import short_form
from old_format import with_newer_format
from rescue_scenes import ALL
from work import DRAFT, PDF, START, XLSX, create, step

from selfassess.document import Document


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def work(folder: Path, number: int) -> None:
    document = Document.open(folder / DRAFT)
    tell(f"open {document.notice}")
    while True:
        document = step(number).do(document) or document
        number += 1
        tell(f"did {number}")


def upgrade(folder: Path, number: int) -> None:
    with with_newer_format():
        document = Document.open(folder / DRAFT)
        tell(f"open {document.notice}")
    signal.pause()


def new(folder: Path, number: int) -> None:
    while True:
        Document.create(folder / f"{number}.zpb", short_form(), START).close()
        number += 1
        tell(f"did {number}")


def play(folder: Path, name: str, how: int, nth: int) -> None:
    disk, aside = folder / "disk", folder / "temp"
    tempfile.tempdir = str(aside)
    acknowledged = itertools.count(1)
    with Shim(folder).refusing(WRITE | SYNC | NAME | OPEN, nth, 0, how) as calls:
        ALL[name].act(disk, lambda: tell(f"did {next(acknowledged)}"))
    tell(f"calls {calls[0]}")


KINDS = {"work": work, "upgrade": upgrade, "new": new}
HOWS = {"before": KILL, "half": TORN}


def rehearse() -> None:
    """Everything once, so that forks find all modules and fonts loaded."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create(folder)
        document = Document.open(folder / DRAFT)
        for number in range(200):
            document = step(number).do(document) or document
        assert {path.name for path in folder.iterdir()} > {DRAFT, PDF, XLSX}
        document.close()


def main() -> None:
    rehearse()
    tell("ready")
    for line in sys.stdin:
        kind, number, folder = line.rstrip("\n").split(" ", 2)
        child = os.fork()
        if not child:
            try:
                how, _, name = kind.partition(":")
                if name:
                    play(Path(folder), name.replace("_", " "), HOWS[how], int(number))
                    os._exit(0)
                KINDS[kind](Path(folder), int(number))
            finally:
                sys.stderr.flush()
                os._exit(3)
        tell(f"born {child}")
        tell(f"dead {os.waitpid(child, 0)[1]}")


if __name__ == "__main__":
    main()
