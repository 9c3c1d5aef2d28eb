"""Enter in a cell until subtotal and total are painted anew and the edit is on the disk, against one 60 Hz frame."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import environment
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from report import Report

pytestmark = pytest.mark.bench

FRAME_MS = 1000 / 60
EDITS = 25
PEER = "one 60 Hz frame, 16.67 ms"
SCRIPT = Path(__file__).with_name("edit_in_window.py")


@pytest.mark.parametrize("rows", [50, 5000])
@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_an_edit_is_painted_within_a_frame(
    rows: int, platform: str, tmp_path: Path, screen: Mapping[str, str] | None, report: Report
) -> None:
    what = f"Enter to repainted subtotal and total, {rows} rows, {platform}"
    if platform == "xcb" and screen is None:
        report.missing(what, "Xvfb", "not installed")
        return
    env = screen if platform == "xcb" else {**environment.variables(), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(SCRIPT), str(rows), str(EDITS), str(tmp_path)]
    done = subprocess.run(command, env=dict(env or {}), capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    painted, rest = sorted(found["painted"]), statistics.median(found["rest"])
    middle, slow = statistics.median(painted), painted[int(len(painted) * 0.9)]
    detail = f"{middle:.1f} ms, nine of ten within {slow:.1f} ms; at rest after {rest:.1f} ms"
    report.ratio(what, PEER, middle / FRAME_MS, 1, detail)
