"""Start to a painted, editable table, and memory, against a bare window with a table of the same size.

The program runs as a process of its own on a filled draft of 47 rows; the clock starts in this process before it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import environment
import pytest
from forms import filled, real_catalogue
from measure import Paired

from selfassess.store.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from report import Report

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROUNDS, WARM = 9, 2
HEAVY = frozenset({"reportlab", "openpyxl", "pikepdf", "numpy", "xlsxwriter", "pypdfium2", "_hashlib"})
"""What a start must not load."""
PEER = "bare window with a table"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled draft of the form of 2022."""
    path = tmp_path_factory.mktemp("start") / "draft.zpb"
    catalogue = real_catalogue()
    Draft.create(path, catalogue, filled(catalogue)).close()
    return path


def test_offscreen(draft: Path, report: Report) -> None:
    _measure("offscreen", {**environment.variables(), "QT_QPA_PLATFORM": "offscreen"}, draft, report)


def test_on_a_screen(draft: Path, screen: Mapping[str, str] | None, report: Report) -> None:
    if screen is None:
        report.missing("start to a painted, editable table", "Xvfb", "not installed")
        return
    _measure("xcb", screen, draft, report)


def _measure(platform: str, env: Mapping[str, str], draft: Path, report: Report) -> None:
    env = {**env, "SELFASSESS_DATA": str(draft.parent)}
    figures = [_pair(turn, env, draft) for turn in range(ROUNDS + WARM)][WARM:]
    for ours, _ in figures:
        assert HEAVY.isdisjoint(ours["modules"]), HEAVY.intersection(ours["modules"])
        assert ours["editable"], "the table must take an edit when it is painted"

    def paired(key: str, scale: float = 1000) -> Paired:
        return Paired(ours=tuple(a[key] / scale for a, _ in figures), theirs=tuple(b[key] / scale for _, b in figures))

    painted, peak, rest = paired("painted"), paired("peak", 1), paired("rest")
    report.ratio(f"start to a painted, editable table, {platform}", PEER, painted.ratio, 1.15, painted.detail)
    mib = f"{_middle(peak.ours):.0f} MiB : {_middle(peak.theirs):.0f} MiB"
    report.ratio(f"peak memory when painted, {platform}", PEER, peak.ratio, 1.2, mib)
    at_rest = paired("peak_at_rest", 1)
    said = f"{rest.ratio:6.2f} × {PEER}, {rest.detail}; memory {at_rest.ratio:.2f} ×, {_middle(at_rest.ours):.0f} MiB"
    report.note(f"start until nothing is left to do, {platform}", said)
    report.note(
        f"modules loaded when painted, {platform}",
        f"{len(figures[0][0]['modules'])}, none of {', '.join(sorted(HEAVY))}",
    )


def _middle(figures: tuple[float, ...]) -> float:
    return sorted(figures)[len(figures) // 2]


def _pair(turn: int, env: Mapping[str, str], draft: Path) -> tuple[dict, dict]:
    """Both sides once; who begins changes from round to round."""
    sides = {
        "ours": [HERE / "start_program.py", "open", draft],
        "theirs": [HERE / "peers" / "bare_window.py"],
    }
    found = {side: _run(sides[side], env) for side in (sides if turn % 2 else reversed(sides))}
    return found["ours"], found["theirs"]


def _run(program: list[object], env: Mapping[str, str]) -> dict:
    script, *arguments = map(str, program)
    command = [sys.executable, script, str(time.monotonic()), *arguments]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)
