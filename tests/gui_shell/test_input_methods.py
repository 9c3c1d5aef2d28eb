"""Chinese is typed for real: pinyin through ibus and through fcitx5 into the window's fields, cells and panels.

Each input method gets an X server, a session bus, a window manager and a home of its own; nothing of the user's is
touched. What is not installed is reported as skipped, by name.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = [pytest.mark.real_window, pytest.mark.slow]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NEEDED = {
    "ibus": ("Xvfb", "dbus-daemon", "openbox", "xdotool", "ibus-daemon", "ibus"),
    "fcitx5": ("Xvfb", "dbus-daemon", "dbus-send", "openbox", "xdotool", "fcitx5", "fcitx5-remote"),
}
ENGINES = {
    "ibus": Path("/usr/share/ibus/component/libpinyin.xml"),
    "fcitx5": Path("/usr/share/fcitx5/inputmethod/pinyin.conf"),
}
FCITX_PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
[Groups/0/Items/1]
Name=pinyin
[GroupOrder]
0=Default
"""
PATIENCE = 20.0


@dataclass
class Desktop:
    """An X server with a window manager and an input method, and our window in front.

    Attributes:
        method: ibus or fcitx5.
        environment: Of everything that runs there.
        processes: To end afterwards, the last first.
        program: The window.
    """

    method: str
    environment: dict[str, str]
    processes: list[subprocess.Popen] = field(default_factory=list)
    program: subprocess.Popen | None = None

    def start(self, *command: str, **options) -> subprocess.Popen:
        # What a process complains of is kept in the test's folder for whoever looks for the reason of a failure.
        with (Path(self.environment["HOME"]) / f"{Path(command[0]).name}.log").open("wb") as log:
            quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            process = subprocess.Popen(command, env=self.environment, **{**quiet, **options})
        self.processes.append(process)
        return process

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.strip()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    # ---------------------------------------- the window
    def say(self, **line) -> None:
        self.program.stdin.write(json.dumps(line) + "\n")
        self.program.stdin.flush()

    def ask(self) -> dict:
        self.say(tell=True)
        return self.answer()

    def answer(self) -> dict:
        ready, _, _ = select.select([self.program.stdout], [], [], PATIENCE)
        assert ready, "the window does not answer"
        return json.loads(self.program.stdout.readline())

    def until(self, true) -> dict:
        """What the window tells as soon as something holds; at the end of patience, what it told last."""
        end = time.monotonic() + PATIENCE
        while True:
            told = self.ask()
            if true(told) or time.monotonic() > end:
                assert true(told), told
                return told
            time.sleep(0.05)

    def go(self, focus: str, **line) -> None:
        self.say(**line)
        self.until(lambda told: told["focus"] == focus or focus == "*")

    # ---------------------------------------- the keyboard
    def type(self, letters: str) -> None:
        self.run("xdotool", "type", "--delay", "60", letters)
        time.sleep(0.3)

    def press(self, *keys: str) -> None:
        self.run("xdotool", "key", "--delay", "60", *keys)
        time.sleep(0.3)


def wait_for(true, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} did not come up"
        time.sleep(0.1)


def home(folder: Path) -> dict[str, str]:
    """An environment in which nothing of the user's is found."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    folders = {
        "HOME": folder,
        "XDG_CONFIG_HOME": folder / "config",
        "XDG_CACHE_HOME": folder / "cache",
        "XDG_DATA_HOME": folder / "data",
        "XDG_RUNTIME_DIR": folder / "run",
        "SELFASSESS_DATA": folder / "drafts",
    }
    for place in folders.values():
        place.mkdir(parents=True, exist_ok=True)
    folders["XDG_RUNTIME_DIR"].chmod(0o700)
    return (
        kept
        | {name: str(place) for name, place in folders.items()}
        | {"LANG": "C.UTF-8", "GSETTINGS_BACKEND": "memory"}
    )


def start_server(desktop: Desktop) -> None:
    read, write = os.pipe()
    desktop.start(
        "Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", pass_fds=(write,)
    )
    os.close(write)
    with os.fdopen(read) as stream:
        desktop.environment["DISPLAY"] = f":{stream.readline().strip()}"
    bus = desktop.start("dbus-daemon", "--session", "--print-address", "--nofork", stdout=subprocess.PIPE, text=True)
    desktop.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    desktop.start("openbox")


def start_method(desktop: Desktop) -> None:
    if desktop.method == "ibus":
        desktop.environment["QT_IM_MODULE"] = "ibus"
        desktop.start("ibus-daemon", "--panel=disable", "--emoji-extension=disable")
        wait_for(lambda: desktop.run("ibus", "address") not in ("", "(null)"), "ibus")
        return
    # As a desktop with fcitx sets it; the program has to find its own way.
    desktop.environment |= {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"}
    profile = Path(desktop.environment["XDG_CONFIG_HOME"]) / "fcitx5" / "profile"
    profile.parent.mkdir(parents=True)
    profile.write_text(FCITX_PROFILE, encoding="utf-8")
    desktop.start("fcitx5", "-D")
    # Asking fcitx5 itself would make the bus start a second one.
    owned = ("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus")
    name = ("org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.portal.IBus")
    wait_for(lambda: "true" in desktop.run(*owned, *name), "fcitx5")


def start_program(desktop: Desktop, draft: Path) -> None:
    environment = desktop.environment | {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT / "src")}
    desktop.program = subprocess.Popen(
        [sys.executable, str(HERE / "typing_program.py"), str(draft)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    desktop.processes.append(desktop.program)
    assert desktop.answer() == {"ready": True}
    search = ("xdotool", "search", "--onlyvisible", "--all", "--pid", str(desktop.program.pid), "--name", ".")
    wait_for(lambda: desktop.run(*search), "the window")
    desktop.run("xdotool", "windowactivate", "--sync", desktop.run(*search).splitlines()[0])
    desktop.until(lambda told: told["active"])


def choose_pinyin(desktop: Desktop) -> None:
    """With our window in front, since input methods keep one choice for each window."""
    desktop.go("QLineEdit", go="unit.name")
    choose, ask, name = {
        "ibus": (("ibus", "engine", "libpinyin"), ("ibus", "engine"), "libpinyin"),
        "fcitx5": (("fcitx5-remote", "-s", "pinyin"), ("fcitx5-remote", "-n"), "pinyin"),
    }[desktop.method]

    def chosen() -> bool:
        # Chosen again each time: on a busy machine the window may not have told the input method of itself yet.
        desktop.run(*choose)
        return desktop.run(*ask) == name

    wait_for(chosen, name)
    time.sleep(0.5)


@pytest.fixture(scope="module", params=["ibus", "fcitx5"])
def desktop(request, tmp_path_factory):
    method = request.param
    missing = [name for name in NEEDED[method] if shutil.which(name) is None]
    if not ENGINES[method].exists():
        missing.append(f"pinyin for {method}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp(method)
    desktop = Desktop(method, home(folder))
    try:
        start_server(desktop)
        start_method(desktop)
        start_program(desktop, folder / "草稿.zpb")
        choose_pinyin(desktop)
        yield desktop
    finally:
        desktop.stop()


def test_pinyin_arrives_once_in_a_field_of_the_unit_page(desktop):
    desktop.go("QLineEdit", go="unit.name")
    desktop.type("zhongguo")
    assert desktop.ask()["text"] == ""  # still being composed
    desktop.press("space")
    desktop.until(lambda told: told["text"] == "中国")
    desktop.press("Tab")
    desktop.until(lambda told: told["unit"] == "中国")


def test_pinyin_typed_onto_a_cell_opens_it_and_loses_no_letter(desktop):
    desktop.go("*", cell=["1.1", "remark"])
    desktop.type("zhongguo")
    desktop.until(lambda told: told["editing"] and told["cell"] == ["1.1", "remark"])
    desktop.press("space")
    desktop.until(lambda told: told["text"] == "中国")
    desktop.press("Return")
    told = desktop.until(lambda told: told["remarks"].get("1.1") == "中国")
    assert not told["editing"]
    assert told["cell"] == ["1.2", "remark"]


def test_enter_while_composing_does_not_leave_the_cell(desktop):
    desktop.go("*", cell=["1.3", "remark"])
    desktop.type("zhong")
    desktop.press("Return")
    told = desktop.until(lambda told: told["text"] == "zhong")
    assert told["editing"]
    assert told["cell"] == ["1.3", "remark"]
    assert "1.3" not in told["remarks"]
    desktop.press("Return")
    told = desktop.until(lambda told: told["remarks"].get("1.3") == "zhong")
    assert told["cell"] == ["1.4", "remark"]


def test_escape_while_composing_gives_up_the_letters_and_not_the_cell(desktop):
    desktop.go("*", cell=["2.1", "remark"])
    desktop.type("zhongguo")
    desktop.press("space")
    desktop.until(lambda told: told["text"] == "中国")
    desktop.type("yusuan")
    desktop.press("Escape")
    told = desktop.until(lambda told: told["text"] == "中国")
    assert told["editing"]
    desktop.press("Return")
    desktop.until(lambda told: told["remarks"].get("2.1") == "中国")


def test_a_cell_opened_with_f2_takes_more_text_at_its_end(desktop):
    desktop.go("*", cell=["1.1", "remark"])
    desktop.press("F2")
    desktop.until(lambda told: told["editing"] and told["text"] == "中国")
    desktop.type("yusuan")
    desktop.press("space", "Return")
    desktop.until(lambda told: told["remarks"].get("1.1") == "中国预算")


def test_digits_reach_a_cell_of_points_past_the_input_method(desktop):
    desktop.go("*", cell=["1.1", "points"])
    desktop.type("6")
    desktop.until(lambda told: told["editing"] and told["text"] == "6")
    desktop.press("Escape")


def test_pinyin_arrives_once_in_the_rows_panel(desktop):
    desktop.go("*", panel="2.2")
    before = desktop.ask()["text"]
    desktop.type("yusuan")
    desktop.press("space")
    desktop.until(lambda told: told["text"] == before + "预算")
    desktop.press("Tab")
    desktop.until(lambda told: "预算" in (told["remarks"].get("2.2"), told["reasons"].get("2.2")))


def test_a_pause_while_composing_stores_no_half_word(desktop):
    desktop.go("*", panel="2.3")
    desktop.type("zhongguo")
    desktop.press("space")
    desktop.type("yusuan")
    time.sleep(1.5)  # longer than the silence after which text is stored
    told = desktop.ask()
    assert {told["remarks"].get("2.3"), told["reasons"].get("2.3")} <= {None, "中国"}
    desktop.press("space", "Tab")
    desktop.until(lambda told: "中国预算" in (told["remarks"].get("2.3"), told["reasons"].get("2.3")))


def test_leaving_while_composing_neither_doubles_nor_mixes_text(desktop):
    desktop.go("*", panel="2.4")
    desktop.type("zhongguo")
    desktop.go("*", cell=["3.1", "remark"])
    time.sleep(0.5)
    told = desktop.ask()
    left = {told["remarks"].get("2.4", ""), told["reasons"].get("2.4", "")}
    assert left <= {"", "中国", "zhongguo", "zhong guo"}
    assert "3.1" not in told["remarks"]
    desktop.type("yusuan")
    desktop.press("space", "Return")
    desktop.until(lambda told: told["remarks"].get("3.1") == "预算")


def test_a_matter_is_typed_in_chinese(desktop):
    desktop.go("*", matter=0)
    desktop.press("Return")
    desktop.until(lambda told: told["matters"] == [""])
    desktop.type("zhongguo")
    desktop.press("space")
    desktop.press("Return")
    desktop.until(lambda told: told["matters"] == ["中国"])
