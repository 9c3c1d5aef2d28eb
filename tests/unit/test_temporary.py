"""Files that were being written when a program was killed go at the next occasion; nobody else's file ever does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from selfassess import machine
from selfassess.temporary import beside, private_folder, sweep, sweep_private_folders

NOT_OURS = [
    "草稿.zpb",
    ".草稿.zpb.lock",
    "0123456789ab.zpb-new",
    ".note.zpb-new",
    ".selfassess.part",
    ".0123456789ab.part",
]


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def renumbered(path, pid: int):
    return path.with_name(path.name.replace(f"-{os.getpid()}-", f"-{pid}-"))


def test_what_a_killed_program_was_writing_goes_at_once(tmp_path, dead):
    for kind in ("zpb-new", "part", "zpb-new-journal"):
        renumbered(beside(tmp_path / "草稿.zpb", kind), dead).write_bytes(b"half")
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_program_writes_stays_until_it_has_been_left_alone_for_long(tmp_path):
    writing = renumbered(beside(tmp_path / "附件.pdf", "part"), os.getppid())
    writing.write_bytes(b"half")
    sweep(tmp_path)
    assert writing.exists()
    os.utime(writing, (0, 0))
    sweep(tmp_path)
    assert not writing.exists()


def test_what_this_program_writes_stays_however_old_a_clock_makes_it(tmp_path):
    writing = beside(tmp_path / "附件.pdf", "part")
    writing.write_bytes(b"half")
    os.utime(writing, (0, 0))
    sweep(tmp_path, wait_s=-1)
    assert list(tmp_path.iterdir()) == [writing]


def test_age_is_told_by_the_clock_of_the_folder_and_not_by_this_computers(tmp_path, monkeypatch):
    writing = renumbered(beside(tmp_path / "附件.pdf", "part"), os.getppid())
    writing.write_bytes(b"half")
    monkeypatch.setattr(time, "time", lambda: writing.stat().st_mtime + 3600)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [writing]


def test_a_computer_of_the_same_name_is_another_one(tmp_path, dead, monkeypatch):
    """Set up from one image, and perhaps with all of it copied: only what is drawn at each start differs."""
    for identity, start in (("", "another"), ("another", "")):
        with monkeypatch.context() as there:
            for name, text in (("_IDENTITY", identity), ("_START", start)):
                (tmp_path / name).write_text(text or getattr(machine, name).read_text())
                there.setattr(machine, name, tmp_path / name)
            written = renumbered(beside(tmp_path / "附件.pdf", "part"), dead)
        written.write_bytes(b"half")
        sweep(tmp_path)
        assert written.exists()


def test_a_program_in_a_sandbox_is_not_looked_for_among_those_outside(tmp_path, dead, shared, monkeypatch):
    """It numbers its processes anew: what is alive in there is not known out here."""
    with monkeypatch.context() as sandbox:
        (tmp_path / "namespace").symlink_to("pid:[4026532999]")
        sandbox.setattr(machine, "_NUMBERING", tmp_path / "namespace")
        written = renumbered(beside(tmp_path / "附件.pdf", "part"), dead)
        with private_folder() as used:
            folder = renumbered(Path(used), dead)
    written.write_bytes(b"half")
    folder.mkdir()
    sweep(tmp_path)
    sweep_private_folders()
    assert (written.exists(), folder.exists()) == (True, True)


@pytest.mark.parametrize("pid", [1, 9_999_999_999])
def test_a_number_that_tells_nothing_is_waited_for(tmp_path, pid):
    written = renumbered(beside(tmp_path / "附件.pdf", "part"), pid)
    written.write_bytes(b"half")
    sweep(tmp_path)
    assert written.exists()
    sweep(tmp_path, wait_s=-1)
    assert not written.exists()


def test_what_another_computer_writes_is_waited_for(tmp_path, dead):
    written = renumbered(beside(tmp_path / "附件.pdf", "part"), dead)
    written = written.with_name(written.name.replace(written.name.split("-")[1], "00000000"))
    written.write_bytes(b"half")
    sweep(tmp_path)
    assert written.exists()


def test_nothing_else_is_ever_removed(tmp_path):
    for name in NOT_OURS:
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path)
    sweep(tmp_path / "没有")
    assert {path.name for path in tmp_path.iterdir()} == set(NOT_OURS)


# ----------------------------------------------------------------------------------------------------- private folders
@pytest.fixture
def shared(tmp_path, monkeypatch) -> Path:
    """Where the system's temporary folders lie."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_private_folder_of_a_killed_program_goes_and_one_that_is_in_use_stays(shared, dead):
    with private_folder() as used:
        left = renumbered(Path(used), dead)
        (left / "1").mkdir(parents=True)
        copy = left / "1" / "批复.pdf"
        copy.write_bytes(b"one")
        copy.chmod(0o400)
        sweep_private_folders()
        assert list(shared.iterdir()) == [Path(used)]
    assert list(shared.iterdir()) == []


def test_nothing_that_only_looks_like_a_private_folder_is_removed(shared, dead, tmp_path):
    with private_folder() as used:
        name = renumbered(Path(used), dead).name
    (tmp_path / "家").mkdir()
    (tmp_path / "家" / "文件").write_bytes(b"x")
    (shared / name).symlink_to(tmp_path / "家")
    (shared / f"{name}1").write_bytes(b"a file")
    (shared / "selfassess-draft").mkdir()
    before = set(shared.iterdir())
    sweep_private_folders()
    assert set(shared.iterdir()) == before
    assert (tmp_path / "家" / "文件").exists()


def test_a_system_without_a_place_for_temporary_folders_is_no_refusal_to_tidy_up(shared):
    shared.rmdir()
    sweep_private_folders()
