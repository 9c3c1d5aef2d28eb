"""A real window on a real X server, typed into with real key presses; what was typed is read from the file on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from selfassess.document import Document
from selfassess.store.draft import Draft

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "openbox", "xdotool")
pytestmark = [pytest.mark.real_window, pytest.mark.slow]
D = Decimal


@pytest.fixture
def display(tmp_path):
    """A screen of its own with a window manager, without which focus is a matter of luck."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": str(tmp_path)}
    for name in ("WAYLAND_DISPLAY", "QT_IM_MODULE", "XMODIFIERS"):
        environment.pop(name, None)
    manager = subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield environment
    for process in (manager, server):
        process.terminate()
        process.wait(10)


@pytest.fixture
def draft(document) -> Path:
    """The small form on disk, closed."""
    document.close()
    return document.path


@pytest.fixture
def program(display, draft, tmp_path):
    """The program as a file manager starts it, on the draft."""
    environment = {**display, "SELFASSESS_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT / "src")}
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "selfassess", "open", str(draft)], env=environment, stdout=log, stderr=log
    )
    found = xdotool(environment, "search", "--sync", "--onlyvisible", "--name", "测试自评表", timeout=40).split()
    xdotool(environment, "windowactivate", "--sync", found[-1])
    time.sleep(1)
    yield process, environment
    if process.poll() is None:
        process.kill()
    process.wait(10)
    log.seek(0)
    assert "Traceback" not in log.read()
    log.close()


def xdotool(environment: dict[str, str], *arguments: str, timeout: float = 20) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], env=environment, timeout=timeout, check=True, capture_output=True, text=True
    )
    return done.stdout


def press(environment: dict[str, str], *names: str) -> None:
    for name in names:
        xdotool(environment, "key", "--delay", "30", name)
        time.sleep(0.06)


def type_text(environment: dict[str, str], text: str) -> None:
    xdotool(environment, "type", "--delay", "40", text)
    time.sleep(0.1)


def test_points_typed_row_by_row_are_in_the_file_when_the_program_is_killed(program, draft):
    process, display = program
    type_text(display, "2")
    press(display, "Return")  # 1.1, and down to 1.2
    type_text(display, "0")
    press(display, "Return", "Down")  # over 1.3 to 2.1
    type_text(display, "12%")
    press(display, "Tab")
    type_text(display, "as filed")
    press(display, "Return")
    for _ in range(20):  # the last Enter is on the disk within a frame; a loaded machine may take longer to read keys
        time.sleep(0.2)
        if b"as filed" in draft.read_bytes():
            break
    process.kill()
    process.wait(10)
    kept = Draft.open(draft)
    answers = kept.entries.answers
    kept.close()
    assert answers["1.1"].met is True
    assert answers["1.2"].met is False
    assert answers["2.1"].value == D("0.12")
    assert answers["2.1"].remark == "as filed"
    assert set(answers) == {"1.1", "1.2", "2.1"}


def test_undo_in_the_window_survives_closing_and_opening(program, draft):
    process, display = program
    type_text(display, "2")
    press(display, "Return", "ctrl+z")
    type_text(display, "")
    press(display, "ctrl+w")
    process.wait(15)
    again = Document.open(draft)
    assert again.entries.answers == {}
    assert "1.1" in again.redo_text
    again.redo()
    assert again.entries.answer("1.1").met is True
    again.close()


def test_at_logout_the_half_typed_cell_is_stored_and_nothing_is_left_behind(program, draft):
    process, display = program
    time.sleep(3)  # what a start need not have is there
    type_text(display, "2")
    process.terminate()
    assert process.wait(15) == 0
    assert [path.name for path in draft.parent.iterdir() if draft.name in path.name] == [draft.name]
    with Draft.open(draft) as again:
        assert again.notice == ""
        assert again.entries.answer("1.1").met is True
