"""A real window is typed into and killed: whatever its status line had called saved is in the file."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from form import ROOT, integrity
from work import DRAFT, create

from selfassess.store.draft import Draft

sys.path.append(str(ROOT / "packaging" / "dev"))  # ./dev's own display

import display  # found by the line above

HERE = Path(__file__).parent
TOOLS = ("Xvfb", "openbox", "xdotool")
pytestmark = [pytest.mark.real_window, pytest.mark.slow, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def screen(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of a screen in memory with a window manager."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    own = {"SELFASSESS_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT / "src"), "XDG_RUNTIME_DIR": str(tmp_path)}
    with display.screen_in_memory({**os.environ, **own}) as env:
        env.pop("QT_IM_MODULE", None)
        with subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL) as manager:
            yield env
            manager.terminate()


def typed_into_and_killed(draft: Path, env: dict[str, str], texts: list[str], seconds: float, log: Path) -> list[dict]:
    """Types into the window, kills it some seconds after the first save, and gives what it had called saved."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, str(HERE / "watched_window.py"), str(draft)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as program,
    ):
        assert program.stdout is not None
        told = [program.stdout.readline()]
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(program.pid)]
        found = subprocess.run(find, env=env, check=True, capture_output=True, text=True, timeout=40).stdout.split()
        subprocess.run(["xdotool", "windowactivate", "--sync", found[-1]], env=env, check=True, timeout=20)
        time.sleep(0.7)  # until it has the keyboard
        keyed = [word for text in texts for word in ("type", "--delay", "8", "--args", "1", text, "key", "Return")]
        with subprocess.Popen(["xdotool", *keyed], env=env, stderr=subprocess.DEVNULL) as keys:
            told.append(program.stdout.readline())  # however slow the machine is
            time.sleep(seconds)
            program.send_signal(signal.SIGKILL)
            told += program.stdout.read().splitlines(keepends=True)
            keys.terminate()
    assert "Traceback" not in log.read_text()
    return [json.loads(line) for line in told if line.endswith(b"\n")]


def remarks_in(draft: Path) -> dict[str, str]:
    with Draft.open(draft) as opened:
        assert opened.notice
        if opened.undo_text:
            opened.undo()
            opened.redo()
        return {code: answer.remark for code, answer in opened.entries.answers.items()}


def test_what_the_status_line_called_saved_is_in_the_file(screen, tmp_path, size, figures):
    draft = create(tmp_path)
    chance = random.Random("window")
    kills, saves = size(2, 30), 0
    for life in range(kills):
        texts = [f"note {life} {row}" for row in range(20)]
        told = typed_into_and_killed(draft, screen, texts, chance.random() * 1.5, tmp_path / "log")
        kept = remarks_in(draft)
        saves += len(told) - 1
        later = [code for code in kept if kept[code] != told[-1].get(code)]
        assert kept.keys() >= told[-1].keys()
        assert len(later) <= 1  # what was written, and not called saved yet
        assert integrity(draft) == "ok"
        assert {path.name for path in tmp_path.iterdir()} <= {DRAFT, "data", "log"}
    assert saves >= kills
    figures.note("kills of a real window: kills / saves shown / lost", f"{kills} / {saves} / 0")
