"""The program is killed at any moment: every edit that had been acknowledged is in the file."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from selfassess.domain.entries import Answer
from selfassess.store.draft import Draft

TYPE = """
import os, sys
from pathlib import Path
from selfassess.domain.entries import Answer
from selfassess.store.draft import Draft
draft = Draft.open(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    number += 1
    text = str(number)
    draft.put_answers({"1.1": Answer(met=True, reason=text), "1.2": Answer(remark=text)}, f"第 {text} 次")
    os.write(1, f"{number}\\n".encode())  # acknowledged: what the status line would call saved
    if number % 5 == 0:
        draft.undo()
        draft.redo()
"""


def type_and_kill(path, start: int, pause: float) -> int:
    """Lets another process edit, kills it, and gives the last number it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", TYPE, str(path), str(start)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read()
    return int(said.decode().rsplit("\n", 2)[-2])


@pytest.mark.slow
def test_every_acknowledged_edit_survives_a_kill_at_any_moment(draft, path):
    draft.close()
    moments = random.Random(20230105)
    last = 0
    for _ in range(15):
        acknowledged = type_and_kill(path, last, moments.random() / 8)
        assert acknowledged > last
        with Draft.open(path) as again:
            number = int(again.entries.answers["1.1"].reason or 0)
            # One more may have been committed and not yet acknowledged; an undo caught half-way shows the one before.
            assert number in {acknowledged - 1, acknowledged, acknowledged + 1}
            if number < acknowledged:
                assert acknowledged % 5 == 0
                assert again.redo_text == f"重做：第 {acknowledged} 次"
                again.redo()
            number = int(again.entries.answers["1.1"].reason)
            assert again.entries.answers["1.2"] == Answer(remark=str(number))
            assert again.undo_text == f"撤销：第 {number} 次"
            again.undo()
            again.redo()
            last = number
        with closing(sqlite3.connect(path)) as sql:
            assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert list(path.parent.iterdir()) == [path]
