"""Two processes at one draft for a while: every view is whole, and what one wrote the other never writes over."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.snapshot import look

FORM = Path(__file__).parents[2] / "catalogues" / "xizang-dept-budget" / "2022.toml"
LOOKS = 30
"""At one draft."""
OTHER = """
import sys
from pathlib import Path
from msgspec.structs import replace
from selfassess.domain.entries import Answer
from selfassess.store import database
from selfassess.store.draft import Draft

def put(draft, number):
    remark = f"{number} " + "字" * (number % 7 * 300)
    entries = replace(draft.entries, unit=replace(draft.entries.unit, phone=str(number)),
                      answers={**draft.entries.answers, "1.1": Answer(remark=remark)})
    draft.put_entries(entries, "")

path = Path(sys.argv[1])
if sys.argv[2] == "busy":
    with Draft.open(path) as draft:
        print("open", flush=True)
        number = 0
        while True:
            put(draft, number := number + 1)
plain = database.uri
database.uri = lambda path, mode: plain(path, mode) + "&vfs=unix-none"
print("open", flush=True)
for line in sys.stdin:
    with Draft.open(path, anyway=True) as draft:
        put(draft, int(line))
    print("done", flush=True)
"""


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """A draft, and a temporary folder of its own for the views."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    Draft.create(tmp_path / "草稿.zpb", load(FORM)).close()
    return tmp_path / "草稿.zpb"


@contextlib.contextmanager
def writing(path: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another process at a draft."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start would compile the program anew
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


@pytest.fixture
def other(path, request) -> Iterator[subprocess.Popen[str]]:
    with writing(path, request.param) as process:
        yield process


def test_a_view_taken_at_any_moment_of_anothers_work_is_whole(path, figures, size):
    rounds, edits, late = size(1, 20), 0, 0
    for number in range(rounds):  # each with a draft of its own: by and by copying would take longer than looking
        draft = path.with_name(f"{number}.zpb")
        shutil.copyfile(path, draft)
        with writing(draft, "busy") as other:
            last = -1
            for _ in range(LOOKS):
                try:
                    last = number_seen(draft, last)
                except StoreError as error:
                    if error.code != "E371":  # said, and tried again by whoever looks
                        raise
                    late += 1
            assert other.poll() is None
        edits += last
    assert list((path.parent / "temp").iterdir()) == []
    figures.note("looks while another wrote", rounds * LOOKS)
    figures.note("edits of the other meanwhile", edits)
    figures.note("looks that have to be tried again", late)
    figures.note("views that were not whole", 0)
    assert late < rounds * LOOKS / 4


def number_seen(draft: Path, last: int) -> int:
    """Look on, and return the number of the edit that is seen; it is whole, and not older than the last one seen."""
    with look(draft) as seen:
        remark = seen.entries.answer("1.1").remark
        assert (seen.entries.unit.phone or "0") == (remark.partition(" ")[0] or "0")
        number = int(seen.entries.unit.phone or 0)
        assert number >= last
        return number


@pytest.mark.parametrize("other", ["unlocked"], indirect=True)
def test_where_no_lock_holds_nobody_writes_over_the_other(path, other, figures, size):
    rounds = size(12, 200)
    assert other.stdin is not None
    assert other.stdout is not None
    for number in range(1, rounds + 1):
        with Draft.open(path, anyway=True) as ours:
            for points in range(1, number % 4 + 1):
                ours.put_answers({"1.2": Answer(points=Decimal(points), remark="我" * number)})
            other.stdin.write(f"{number}\n")
            other.stdin.flush()
            assert other.stdout.readline() == "done\n"
            before = path.read_bytes()
            with pytest.raises(StoreError, match="E374"):
                ours.put_unit(replace(ours.entries.unit, name="我"))
            with pytest.raises(StoreError, match="E374"):
                ours.undo()
            assert path.read_bytes() == before
        with look(path) as seen:
            assert seen.entries.unit.phone == str(number)
    figures.note("times both wrote one file", rounds)
    figures.note("edits refused", 2 * rounds)
    figures.note("edits of the other written over", 0)
