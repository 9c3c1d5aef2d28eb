"""What killed programs left is taken away wherever the program writes, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfassess.paths import Places, find_places
from selfassess.store.tidying import tidy
from selfassess.temporary import beside, private_folder


@pytest.fixture
def places(tmp_path, monkeypatch) -> Places:
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    return replace(find_places(), data=tmp_path / "data")


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def left_by(pid: int, path: Path, kind: str) -> Path:
    named = beside(path, kind)
    left = named.with_name(named.name.replace(f"-{os.getpid()}-", f"-{pid}-"))
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")
    return left


def test_halves_of_a_killed_program_go_wherever_it_writes(places, dead, tmp_path):
    folders = (
        places.data,
        places.drafts,
        places.own_catalogues / "xizang-dept-budget",
        places.backups / ("0" * 32),
        tmp_path / "导出",
    )
    for folder in folders:
        left_by(dead, folder / "某个文件", "part")
        left_by(dead, folder / "某个文件", "zpb-new")
        (folder / "某个文件.zpb").write_bytes(b"kept")
    with private_folder() as used:
        (tmp_path / "temp" / Path(used).name.replace(f"-{os.getpid()}-", f"-{dead}-")).mkdir()
        working = left_by(os.getpid(), places.drafts / "正在写", "zpb-new")
        tidy(places, [tmp_path / "导出"])
        assert list((tmp_path / "temp").iterdir()) == [Path(used)]
    left = {path for folder in folders for path in folder.iterdir() if path.is_file()}
    assert left == {working, *(folder / "某个文件.zpb" for folder in folders)}


@pytest.mark.parametrize("folder", ["没有", "a" * 5000, "\0", "/dev/null/x", "\udcd1"])
def test_folders_that_cannot_be_stop_nothing(places, folder):
    tidy(places, [Path(folder)])
    assert not places.data.exists()
