"""Days of use, compressed: memory stays flat, the file grows little, the last edit is as quick as the first.

What is judged allows for the noise of a shared machine; the figures themselves are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).resolve().parent
ROOT = FAULTS.parents[1]
MIB = 2**20


@pytest.fixture
def measured(tmp_path):
    """Runs a program of this folder in a process of its own and takes its figures."""

    def measure(program: str, verb: str, count: int) -> dict[str, float]:
        env = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
        path = os.pathsep.join(map(str, (ROOT / "src", FAULTS, FAULTS.parent / "bench")))
        env |= {"PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}
        folder = tmp_path / verb
        folder.mkdir()
        command = [sys.executable, FAULTS / program, verb, folder, str(count)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=3000, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return measure


def _memory(found: dict[str, float]) -> str:
    return f"{found['early']:.1f} and {found['late']:.1f} MiB"


@pytest.mark.slow
def test_thousands_of_edits_with_undo_and_redo_leave_memory_flat_and_the_last_as_quick_as_the_first(
    measured, figures, size
):
    count = size(1_000, 10_000)
    found = measured("long_use.py", "edits", count)
    grown = found["late_size"] - found["early_size"]
    figures.note(f"{count} edits: memory, early and late", _memory(found))
    figures.note(
        f"{count} edits: median of a hundred, early and late", f"{found['first_ms']:.2f} and {found['last_ms']:.2f} ms"
    )
    figures.note(f"{count} edits: the file grew per edit by", f"{grown / (0.9 * count):.0f} bytes")
    assert found["late"] - found["early"] < 8
    assert grown / count < 1_000
    assert found["last_ms"] < 4 * found["first_ms"]
    assert found["undo_again"]


@pytest.mark.slow
def test_drafts_opened_edited_and_closed_give_back_what_they_took(measured, figures, size):
    count = size(25, 200)
    found = measured("long_use.py", "drafts", count)
    figures.note(
        f"{count} drafts opened in a window: memory, early and late",
        f"{found['early']:.1f} and {found['late']:.1f} MiB",
    )
    figures.note(f"{count} drafts opened in a window: open files", f"{found['early_files']} and {found['late_files']}")
    assert found["late"] - found["early"] < 16
    assert found["late_files"] == found["early_files"]
    assert found["late_widgets"] <= found["early_widgets"]
    assert found["left_over"] == 0


@pytest.mark.slow
def test_hours_of_typing_leave_memory_flat(measured, figures, size):
    """Three hours at two letters a second are 21 600 letters."""
    count = size(2_000, 21_600)
    found = measured("long_use.py", "typing", count)
    grown = (found["late_size"] - found["early_size"]) / found["letters"]
    figures.note(
        f"{found['letters']} letters typed: memory, early and late", f"{found['early']:.1f} and {found['late']:.1f} MiB"
    )
    figures.note(f"{found['letters']} letters typed: the file grew per letter by", f"{grown:.0f} bytes")
    assert found["late"] - found["early"] < 24
    assert found["stored"]


@pytest.mark.slow
def test_a_form_of_thousands_of_rows_can_be_worked_with(measured, figures, size):
    rows = size(500, 5_000)
    found = measured("large_use.py", "form", rows)
    for doing in ("open", "edit", "filter", "undo", "pdf", "xlsx"):
        figures.note(f"{rows} rows: {doing}", f"{found[doing]:.0f} ms")
    figures.note(f"{rows} rows: memory at the end", f"{found['memory']:.0f} MiB")
    assert found["same"]


@pytest.mark.slow
def test_a_library_of_thousands_of_drafts_is_listed_whole(measured, figures, size):
    count = size(100, 2_000)
    found = measured("large_use.py", "library", count)
    figures.note(
        f"{count} drafts: start page, first and again", f"{found['start_page']:.0f} and {found['again']:.0f} ms"
    )
    assert found["listed"] == count


@pytest.mark.slow
def test_a_long_history_is_opened_edited_and_taken_back_as_a_short_one(measured, figures, size):
    count = size(1_000, 100_000)
    found = measured("large_use.py", "history", count)
    for doing in ("open", "edit", "undo", "thousand_undos", "copy"):
        figures.note(f"history of {count} edits: {doing}", f"{found[doing]:.0f} ms")
    figures.note(f"history of {count} edits: file", f"{found['size']:.1f} MiB")
    assert found["size"] * MIB / count < 1_000
