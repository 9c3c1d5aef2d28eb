"""The window stays light: what writes and shows documents is loaded when something is exported, not before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("reportlab", "uharfbuzz", "pikepdf", "pypdfium2", "xlsxwriter", "openpyxl", "numpy", "PIL")
DRAW_AND_TELL = """
import sys
from pathlib import Path
from selfassess.gui.picture import take_picture
from selfassess.paths import find_places
take_picture(Path(sys.argv[1]), Path(sys.argv[2]), find_places(), size=(1366, 768), place="2.7")
print(*(name for name in sys.argv[3:] if name in sys.modules))
"""
MAKE_AND_TELL = """
import sys
from pathlib import Path
from selfassess.document import Document
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.paths import find_places
places = find_places()
settings = Settings(places.settings)
_, theme = prepare_application(["selfassess"], places, settings)
window = MainWindow(Document.open(Path(sys.argv[1])), places, settings, theme)
print(*(name for name in sys.modules if name.startswith("selfassess.") and "previous" in name))
window.close()
"""


@pytest.fixture
def env(tmp_path):
    env = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return env | {"PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen", "SELFASSESS_DATA": str(tmp_path)}


@pytest.fixture
def draft(env, tmp_path):
    path = tmp_path / "甲.zpb"
    new = ["-m", "selfassess", "new", path, "--catalogue", "xizang-dept-budget/2022"]
    subprocess.run([sys.executable, *new], env=env, check=True, capture_output=True)
    return path


def test_a_painted_window_has_loaded_no_library_of_documents(env, draft, tmp_path):
    picture = tmp_path / "甲.png"
    command = [sys.executable, "-c", DRAW_AND_TELL, draft, picture, *HEAVY]
    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=60).stdout
    assert picture.stat().st_size > 10_000
    assert told.split() == []


def test_a_window_that_is_not_painted_yet_has_loaded_nothing_of_last_year(env, draft):
    command = [sys.executable, "-c", MAKE_AND_TELL, draft]
    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=60).stdout
    assert told.split() == []
