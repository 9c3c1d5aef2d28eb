"""A real window is typed into and killed: whatever its status line had called saved is in the file."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from form import ROOT, integrity
from msgspec.structs import replace
from work import DRAFT, create

from selfassess.paths import find_places
from selfassess.store.draft import Draft
from selfassess.store.owner import note_of
from selfassess.store.place import journal_of
from selfassess.store.tidying import tidy

sys.path.append(str(ROOT / "packaging" / "dev"))  # ./dev's own display

import display  # found by the line above

HERE = Path(__file__).parent
RECOVERED = "草稿上次没有正常关闭，已恢复到"
TOOLS = ("Xvfb", "openbox", "xdotool")
pytestmark = [pytest.mark.real_window, pytest.mark.slow, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def screen(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of a screen in memory with a window manager."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    (tmp_path / "temp").mkdir()
    own = {
        "SELFASSESS_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_RUNTIME_DIR": str(tmp_path / "temp"),
        "TMPDIR": str(tmp_path / "temp"),
    }
    with display.screen_in_memory({**os.environ, **own}) as env:
        env.pop("QT_IM_MODULE", None)
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start would compile the program anew
        with subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL) as manager:
            yield env
            manager.terminate()


def typed_into_and_killed(draft: Path, env: dict[str, str], keys: list[str], seconds: float, log: Path) -> list[dict]:
    """Types into the window, kills it some seconds after the first save, and gives what it had told."""
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
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(program.pid)]
        shown = subprocess.run(find, env=env, check=True, capture_output=True, text=True, timeout=60).stdout.split()
        subprocess.run(["xdotool", "windowactivate", shown[-1]], env=env, check=True, timeout=20)
        told = [program.stdout.readline()]  # it has the keyboard
        with subprocess.Popen(["xdotool", *keys], env=env, stderr=subprocess.DEVNULL) as typing:
            told.append(program.stdout.readline())  # however slow the machine is
            time.sleep(seconds)
            program.send_signal(signal.SIGKILL)
            told += program.stdout.read().splitlines(keepends=True)
            typing.terminate()
    subprocess.run(["xdotool", "keyup", "Control_L"], env=env, check=True)  # it may have been ended in between
    assert "Traceback" not in log.read_text()
    return [json.loads(line) for line in told if line.endswith(b"\n")]


def keys_of(life: int) -> list[str]:
    """What a clerk types: remarks, row by row, one of which he takes back now and then."""
    keys: list[str] = []
    for row in range(20):
        keys += ["type", "--delay", "8", "--args", "1", f"note {life} {row}", "key", "Return"]
        keys += ["key", "ctrl+z"] if row % 5 == 4 else []
    return keys


def remarks_of(draft: Draft) -> dict[str, str]:
    return {code: answer.remark for code, answer in draft.entries.answers.items()}


def remarks_in(path: Path, beside: Path) -> dict[str, str]:
    """What is in the file as it was left; whoever opens it is told of the recovery, and undo and redo go on.

    Looked at in a copy, so that the next window has the recovery before it.
    """
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for left in (path, journal_of(path), note_of(path)):
        if left.exists():
            shutil.copyfile(left, beside / left.name)
    with Draft.open(beside / path.name) as draft:
        assert RECOVERED in draft.notice
        kept = remarks_of(draft)
        draft.undo()
        assert differing(remarks_of(draft), kept) == 1
        draft.redo()
        assert remarks_of(draft) == kept
    assert integrity(beside / path.name) == "ok"
    assert [left.name for left in beside.iterdir()] == [path.name]
    return kept


def differing(one: dict[str, str], other: dict[str, str]) -> int:
    """In how many rows two states differ."""
    return sum(one.get(code) != other.get(code) for code in {*one, *other})


def look_for_leftovers(folder: Path) -> int:
    """Only what belongs there is in any folder. Tells how many automatic copies there are."""
    assert {path.name for path in folder.iterdir()} == {DRAFT, "data", "log", "temp"}
    assert list((folder / "temp").iterdir()) == []
    files = [path for path in (folder / "data").rglob("*") if path.is_file()]
    copies = [path for path in files if path.suffix == ".zpb"]
    others = {path.name for path in files if path not in copies}
    assert others <= {"settings.json", "places.txt", "overview.json"}
    assert all(integrity(path) == "ok" for path in copies)
    return len(copies)


def test_what_the_status_line_called_saved_is_in_the_file(screen, tmp_path, quick, size, figures, monkeypatch):
    draft = create(tmp_path)
    chance = random.Random("window")
    kills, saves, kept = size(3, 80), 0, {"1.3": "已填"}
    for life in range(kills):
        first, *told = typed_into_and_killed(draft, screen, keys_of(life), chance.random() * 0.8, tmp_path / "log")
        assert first["remarks"] == kept
        assert (RECOVERED in first["said"]) == (life > 0)
        saves += len(told)
        kept = remarks_in(draft, quick / "beside")
        assert differing(kept, told[-1]["remarks"]) <= 1  # what was written, and not called saved yet
    assert saves >= kills
    Draft.open(draft).close()
    monkeypatch.setattr(tempfile, "tempdir", screen["TMPDIR"])
    tidy(replace(find_places(), data=tmp_path / "data"))  # as each of those windows did when it began
    assert look_for_leftovers(tmp_path)
    figures.note("kills of a real window: kills / saves shown / lost", f"{kills} / {saves} / 0")


def test_what_was_typed_without_a_pause_is_lost_for_its_last_seconds_only(screen, tmp_path, quick):
    letters = "abcdefghijklmnopqrstuvwxyz" * 8
    draft = create(tmp_path)
    _, *told = typed_into_and_killed(draft, screen, ["type", "--delay", "60", letters], 0.2, tmp_path / "log")
    kept = remarks_in(draft, quick / "beside")["1.1"]
    assert kept
    assert letters.startswith(kept)
    assert kept == told[-1]["remarks"]["1.1"]  # Enter was never pressed, and no letter was longer on its way than that


def test_a_remark_is_in_the_file_after_a_pause_while_its_cell_is_still_open(screen, tmp_path, quick):
    draft = create(tmp_path)
    typed_into_and_killed(draft, screen, ["type", "half a remark"], 0, tmp_path / "log")
    assert remarks_in(draft, quick / "beside")["1.1"] == "half a remark"
