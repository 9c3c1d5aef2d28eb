"""Whatever comes from outside is read or refused in a short Chinese sentence, in little time and memory."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from mutating import Chooser, meddling, spoilt
from readers import READERS

FUZZ = Path(__file__).with_name("fuzz.py")
PATIENCE = 300
"""Seconds for a whole run, after which it hangs."""
SECONDS = 15
"""How long each reader is tried in the long form, by Hypothesis and once more by atheris: five minutes for all."""


def run(tmp_path: Path, *arguments: str) -> dict[str, object]:
    """What a run in a process of its own told last; it leaves no file."""
    memory = Path("/dev/shm")  # drafts are synced at each edit, which a disk makes slow
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        ran = subprocess.run(
            [sys.executable, str(FUZZ), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, "TMPDIR": folder},
            cwd=tmp_path,
            timeout=PATIENCE,
            check=False,
        )
        left = [path.name for path in Path(folder).iterdir()]
    lines = [line for line in ran.stdout.splitlines() if line.startswith('{"tried"')]
    assert lines, ran.stderr[-3000:]
    told = json.loads(lines[-1])
    assert told["failed"] is None, told["failed"]["why"] + "\n" + told["failed"]["input"][:400]
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert left == []
    return told


@pytest.mark.parametrize("reader", READERS)
def test_a_spoilt_file_is_read_or_refused_in_a_sentence(reader, tmp_path, size, is_long, figures):
    steady = [] if is_long else ["--steady"]
    told = run(tmp_path, reader, str(size(80, 8_000)), str(size(PATIENCE, SECONDS)), *steady)
    assert told["tried"] >= size(60, 100)
    figures.note(
        f"fuzz, {reader}: tried / refused / unclear",
        f"{told['tried']} / {told['refused']} / 0; slowest {told['slowest']} s, {told['memory']} MB",
    )


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS)
def test_inputs_that_lead_to_new_places_are_read_or_refused_in_a_sentence(reader, tmp_path, figures):
    if importlib.util.find_spec("atheris") is None:
        told = run(tmp_path, reader, "30000", str(SECONDS))
        figures.note(f"fuzz, {reader}: no atheris for this Python, so by Hypothesis", f"{told['tried']} tried")
        return
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(READERS[reader].seeds() or (bytes(8), bytes(range(200)))):
        (corpus / str(number)).write_bytes(seed)
    told = run(tmp_path, reader, "--seconds", str(SECONDS), str(corpus))
    assert told["tried"] >= len(list(corpus.iterdir()))
    figures.note(f"fuzz, {reader}: by atheris tried / refused / unclear", f"{told['tried']} / {told['refused']} / 0")


def test_the_same_bytes_make_the_same_file():
    first, again = (spoilt((b"a = 1\nb = 2\n",), ("x",), bytes(range(40))) for _ in range(2))
    assert first == again
    assert spoilt((b"a = 1\n",), ("x",), b"") == b"a = 1\n"
    assert list(meddling(b"\0\0\0\0")) == list(meddling(b"\0\0\0\0"))


def test_decisions_beyond_the_bytes_are_the_first_choice():
    chooser = Chooser(b"\x05")
    assert (chooser.number(9), chooser.number(9), chooser.one_of("ab")) == (5, 0, "a")
    assert chooser.is_used_up
