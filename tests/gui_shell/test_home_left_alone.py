"""Whoever names a data folder finds everything in it, and nothing anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPEN_A_DRAFT_AND_ASK_FOR_A_FILE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from selfassess.gui.app import prepare_application
from selfassess.gui.file_dialogs import ask_file
from selfassess.gui.settings import Settings
from selfassess.gui.shell import Shell
from selfassess.paths import find_places

places = find_places()
settings = Settings(places.settings)
app, theme = prepare_application(["selfassess"], places, settings)
shell = Shell(app, places, settings, theme)
shell.open_example()
QTimer.singleShot(300, lambda: QApplication.activeModalWidget().done(1))
ask_file(shell.windows[0], "打开自评表", "(*)", Path(sys.argv[1]))
shell.windows[0].close()
QTimer.singleShot(300, app.quit)
app.exec()
"""


def test_nothing_is_written_outside_the_named_data_folder(tmp_path):
    home, data, stick = (tmp_path / name for name in ("家", "数据", "U盘"))
    for folder in (home, stick):
        folder.mkdir()
    (stick / "a.zpb").write_bytes(b"")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    env = kept | {"HOME": str(home), "SELFASSESS_DATA": str(data), "QT_QPA_PLATFORM": "offscreen"}
    env |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", OPEN_A_DRAFT_AND_ASK_FOR_A_FILE, stick]
    subprocess.run(command, env=env, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert (data / "drafts").is_dir()
    written = [path for path in home.rglob("*") if path.is_file() and "fontconfig" not in path.parts]
    assert written == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(("家", "数据", "U盘"))
