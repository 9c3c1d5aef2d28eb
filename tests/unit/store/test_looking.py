"""A draft that somebody else has open, or that nobody may write, can be looked at, and is disturbed by nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import snapshot
from selfassess.store.draft import Draft
from selfassess.store.owner import note_of
from selfassess.store.place import journal_of
from selfassess.store.snapshot import look
from selfassess.temporary import sweep_private_folders


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


@pytest.fixture(autouse=True)
def temporary(tmp_path, shared, monkeypatch) -> Path:
    """A temporary folder of our own, in which leftovers are seen."""
    folder = shared / "temp"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files_of(path: Path) -> dict[str, bytes]:
    """The draft, its journal and its note, byte for byte."""
    return {one.name: one.read_bytes() for one in (path, journal_of(path), note_of(path)) if one.exists()}


def test_a_draft_that_is_open_elsewhere_is_seen_as_saved_last_and_stays_as_it_is(draft, path, elsewhere, temporary):
    draft.close()
    other = elsewhere(path)
    other.do("name 某某局")
    before = files_of(path)
    with look(path) as seen:
        assert seen.entries.unit.name == "某某局"
        assert seen.view is not None
        assert seen.view.path == path
        assert f"进程 {other.process.pid}" in str(seen.view.owner)
        assert seen.notice == ""
        assert files_of(path) == before
        with pytest.raises(StoreError, match="E307"):  # its lock holds
            Draft.open(path)
        other.do("name 另一局")
        assert seen.entries.unit.name == "某某局"
    assert list(temporary.iterdir()) == []


def test_what_is_looked_at_cannot_be_changed_in_any_way(draft, path, temporary):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.close()
    before = path.read_bytes()
    with look(path) as seen:
        for edit in (
            lambda: seen.put_answers({"1.1": Answer(met=False)}),
            lambda: seen.put_unit(Unit(name="甲")),
            lambda: seen.attach("1.1", "甲.pdf", b"scan"),
            seen.undo,
        ):
            with pytest.raises(StoreError, match=r"E370.*草稿“草稿.zpb”现在是只读查看.*另存为"):
                edit()
        assert seen.entries.answer("1.1") == Answer(met=True)
    assert path.read_bytes() == before


def test_a_view_saved_elsewhere_is_a_draft_of_ones_own_with_history(draft, path, tmp_path):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.close()
    with look(path) as seen:
        assert seen.save_as(tmp_path / "我的.zpb") == ""
    with Draft.open(tmp_path / "我的.zpb") as mine:
        mine.undo()
        assert mine.entries.answer("1.1") == Answer()


def test_a_transaction_that_is_under_way_is_not_seen(draft, path, elsewhere):
    draft.put_unit(Unit(name="某某局"))
    draft.close()
    other = elsewhere(path)
    other.do("begin")
    assert journal_of(path).stat().st_size > 0
    with look(path) as seen:
        assert seen.entries.unit == Unit(name="某某局")


def test_a_copy_taken_in_the_middle_of_a_commit_is_taken_again(draft, path, monkeypatch):
    draft.put_unit(Unit(name="某某局"))
    draft.close()
    real, torn = snapshot._copy, [True, True]

    def copy(source: Path, target: Path) -> None:
        real(source, target)
        if torn and torn.pop():
            with target.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xa5" * 4096)
            os.utime(source)

    monkeypatch.setattr(snapshot, "_copy", copy)
    with look(path) as seen:
        assert seen.entries.unit.name == "某某局"
    assert torn == []


def test_a_draft_that_changes_all_the_time_is_said_to(draft, path, monkeypatch, temporary):
    draft.close()

    def copy(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:9000])
        os.utime(source)

    monkeypatch.setattr(snapshot, "_copy", copy)
    with pytest.raises(StoreError, match=r"E371.*稍等片刻"):
        look(path)
    assert list(temporary.iterdir()) == []


def test_a_damaged_draft_is_refused_by_its_own_name(draft, path, temporary):
    draft.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 9000)
    with pytest.raises(StoreError, match="E306") as raised:
        look(path)
    assert str(path) in raised.value.message
    assert list(temporary.iterdir()) == []


def test_a_draft_of_this_very_process_is_looked_at_without_giving_its_locks_up(draft, path, elsewhere):
    draft.put_unit(Unit(name="某某局"))
    with look(path) as seen:
        assert seen.entries == draft.entries
    with pytest.raises(AssertionError):  # the lock still keeps others out
        elsewhere(path)
    draft.put_unit(Unit(name="另一局"))


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_only_be_read_can_be_looked_at(draft, path, what, shared, temporary, as_clerk):
    draft.put_unit(Unit(name="某某局"))
    draft.close()
    theirs = Path(shutil.copy(path, shared))
    theirs.chmod(0o644 if what == "folder" else 0o444)
    shared.chmod(0o755 if what == "folder" else 0o777)
    with as_clerk():
        with pytest.raises(StoreError, match=r"E310|E311"):
            Draft.open(theirs)
        with look(theirs) as seen:
            assert seen.entries.unit.name == "某某局"
    assert sorted(one.name for one in shared.iterdir()) == sorted([temporary.name, theirs.name])


def test_what_may_not_even_be_read_is_said(draft, path, shared, as_clerk):
    draft.close()
    theirs = Path(shutil.copy(path, shared))
    theirs.chmod(0o600)
    with as_clerk(), pytest.raises(StoreError, match=r"E322.*没有权限读取.*申请"):
        look(theirs)


def test_a_copy_left_by_a_killed_program_is_swept_and_one_in_use_stays(draft, path, temporary):
    draft.close()
    program = (
        "import os, sys, tempfile; from pathlib import Path; from selfassess.store.snapshot import look;"
        "tempfile.tempdir = sys.argv[2]; seen = look(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program, str(path), str(temporary)], check=False, env=env)
    (left,) = temporary.iterdir()
    with look(path):
        (used,) = temporary.iterdir()
        assert used != left
        sweep_private_folders()
        assert list(temporary.iterdir()) == [used]
