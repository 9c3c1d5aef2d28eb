"""The window stays light: what writes and shows documents is loaded when something is exported, not before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_painted_window_has_loaded_no_library_of_documents(tmp_path):
    env = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    env |= {"PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen", "SELFASSESS_DATA": str(tmp_path)}
    draft = tmp_path / "甲.zpb"
    new = ["-m", "selfassess", "new", draft, "--catalogue", "xizang-dept-budget/2022"]
    subprocess.run([sys.executable, *new], env=env, check=True, capture_output=True)
    picture = tmp_path / "甲.png"
    command = [sys.executable, "-c", DRAW_AND_TELL, draft, picture, *HEAVY]
    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=60).stdout
    assert picture.stat().st_size > 10_000
    assert told.split() == []
