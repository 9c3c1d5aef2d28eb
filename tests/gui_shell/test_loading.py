"""Qt is loaded without what only its developers need; whoever needs it after all finds it as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRONG_CALLS = """
import sys
if sys.argv[1] == "lean":
    from selfassess.gui.loading import load_qt
    load_qt()
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
for wrong in (
    lambda: QLabel().setText(5),
    lambda: QTimer().start("soon"),
    lambda: QLabel("甲", "乙", "丙", "丁"),
    lambda: QLabel(colour="red"),
    lambda: QObject().no_such_thing,
):
    try:
        wrong()
    except (TypeError, ValueError, AttributeError, SystemError, NotImplementedError) as error:
        print(type(error).__name__, error)


class Sender(QObject):
    sent = Signal(int)

    @Slot(int)
    def take(self, number: int) -> None:
        print("took", number)


sender = Sender()
sender.sent.connect(sender.take)
sender.sent.emit(3)
"""
OPEN_AND_TELL = """
import builtins
import sys

plain = builtins.__import__
from selfassess.gui import loading
if sys.argv[1] == "unknown":
    loading.KNOWN_VERSIONS = frozenset()
if sys.argv[1] == "no ctypes":
    sys.modules["ctypes"] = None
if sys.argv[1] == "no threads":
    import threading

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    threading.Thread.start = refuse
loading.load_qt()
loading.load_qt()
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
label = QLabel("甲")
label.show()
app.processEvents()
import csv
import inspect
import linecache

print("parser" if "shibokensupport.signature.parser" in sys.modules else "no parser")
print("plain" if builtins.__import__ is plain else "not plain")
print("kept" if csv.__file__ in linecache.cache else "not kept")
"""


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    env |= {"PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True, timeout=60)


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What Qt said, without what the offscreen platform always says."""
    return [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]


@pytest.mark.parametrize("where", ["here", "no ctypes", "no threads"])
def test_no_signature_is_loaded_and_no_source_text_is_kept_for_a_window(where):
    done = run(OPEN_AND_TELL, where)
    assert done.stdout.splitlines() == ["no parser", "plain", "not kept"]
    assert said(done) == []
    assert done.returncode == 0


def test_a_version_nobody_looked_at_is_loaded_as_it_loads_itself():
    done = run(OPEN_AND_TELL, "unknown")
    assert done.stdout.splitlines()[0] == "parser"
    assert said(done) == []
    assert done.returncode == 0


@pytest.mark.parametrize("way", ["lean", "plain"])
def test_a_wrong_call_is_explained_with_the_signatures_there_are(way):
    told = run(WRONG_CALLS, way)
    assert told.returncode == 0, told.stderr
    assert "PySide6.QtWidgets.QLabel.setText(arg__1: str, /)" in told.stdout
    assert told.stdout.count("Supported signatures:") >= 2
    assert "took 3" in told.stdout


def test_what_wrong_calls_say_is_the_same_to_the_letter():
    """But for the order of signatures, which differs from run to run in some versions of PySide6."""
    lean, plain = (sorted(run(WRONG_CALLS, way).stdout.splitlines()) for way in ("lean", "plain"))
    assert lean == plain
