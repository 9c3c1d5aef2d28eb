"""A real disk, small: filled up to every page, or read-only; and a clock that is set back. (Pulled out: unit/store.)"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from form import held, remarks, short_form
from scenes import COPY, DRAFT, EDITS, SCENES, looked_at, nothing_else

from selfassess.cli import run
from selfassess.domain.entries import Answer
from selfassess.errors import StoreError, UserError
from selfassess.paths import Places
from selfassess.store.draft import Draft
from selfassess.store.library import Library

ROOT = Path(__file__).resolve().parents[2]
PAGE = 4096
FULL = {"E312", "E335", "E407"}
pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A real disk of 1 MB, where the system lets us mount one."""
    place = tmp_path / "小盘"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


class Stick:
    """A disk image that is pulled out and plugged in as another device, as a stick is.

    Args:
        folder: Holds the images and the place where they are mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.place = folder / "U盘"
        self.place.mkdir()
        self._image = folder / "1.img"
        self._number = 1
        with self._image.open("wb") as image:
            image.truncate(8 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self._image)], check=True, capture_output=True)

    def plug_in(self) -> bool:
        done = subprocess.run(["mount", "-o", "loop", self._image, self.place], capture_output=True, check=False)
        return not done.returncode

    def pull_out(self) -> None:
        """What a program still has open belongs to the old device for good."""
        subprocess.run(["sync", "-f", str(self.place)], check=True)
        subprocess.run(["umount", "-l", str(self.place)], check=True)
        self._number += 1
        self._image = Path(shutil.copyfile(self._image, self._image.with_name(f"{self._number}.img")))


@pytest.fixture
def stick(tmp_path) -> Iterator[Stick]:
    """A stick, where the system lets us mount one."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("no ext4 here")
    one = Stick(tmp_path)
    if not one.plug_in():
        pytest.skip("only root may mount an image")
    yield one
    subprocess.run(["umount", "-l", str(one.place)], check=False, capture_output=True)


def leave(disk: Path, pages: int) -> Path:
    """Fills a disk up to so many free pages."""
    ballast = disk / "其他.bin"
    free = os.statvfs(disk).f_bfree * os.statvfs(disk).f_bsize // PAGE
    ballast.write_bytes(b"x" * PAGE * max(0, free - pages))
    return ballast


def emptied(disk: Path) -> Path:
    for path in disk.iterdir():
        path.unlink()
    return disk


def test_with_any_room_left_an_edit_is_stored_whole_or_refused_and_can_be_saved_elsewhere(
    small_disk, quick, size, figures
):
    refused = stored = 0
    for pages in range(0, size(24, 48), size(6, 1)):
        SCENES["edits"].prepare(emptied(small_disk))
        draft = Draft.open(small_disk / DRAFT)
        ballast = leave(small_disk, pages)
        for edit in EDITS.values():
            before = held(draft)
            try:
                edit(draft)
                stored += 1
                continue
            except StoreError as error:
                assert error.code in FULL  # noqa: PT017  (one of two outcomes)
            refused += 1
            assert held(draft) == before
            copy = Path(shutil.copytree(small_disk, quick / "killed", ignore=shutil.ignore_patterns(ballast.name)))
            assert looked_at(copy / DRAFT)[:4] == before
            shutil.rmtree(copy)
            draft.save_as(quick / COPY)
            assert looked_at(quick / COPY)[:3] == before[:3]
            (quick / COPY).unlink()
        ballast.unlink()
        draft.put_answers({"2.1": Answer(remark="又有空间了")})
        after = held(draft)
        draft.close()
        assert looked_at(small_disk / DRAFT)[:4] == after
        nothing_else(small_disk, DRAFT)
    assert refused
    assert stored
    figures.note("a small disk, every room: edits stored / refused / lost", f"{stored} / {refused} / 0")


@pytest.mark.parametrize("name", [name for name in SCENES if name != "edits"])
def test_with_any_room_left_a_file_is_made_whole_or_the_old_one_stays(name, small_disk, size):
    scene, outcomes = SCENES[name], set()
    for pages in range(0, size(80, 100), size(16, 1)):
        scene.prepare(emptied(small_disk))
        ballast = leave(small_disk, pages)
        before = {path.name for path in small_disk.iterdir()}
        try:
            scene.act(small_disk, lambda: None)
            outcomes.add("made")
        except UserError as error:
            assert error.code in FULL  # noqa: PT017  (one of two outcomes)
            assert {path.name for path in small_disk.iterdir()} == before
            outcomes.add("refused")
        ballast.unlink()
        scene.look(small_disk)
    assert outcomes == {"made", "refused"}


def test_a_read_only_medium_is_said_and_read_and_left_as_it_is(small_disk):
    SCENES["edits"].prepare(small_disk)
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreError, match=r"E31[01].*请"):
        Draft.open(small_disk / DRAFT)
    (listed,) = Library(small_disk).entries()
    assert listed.fault == ""
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before


@pytest.mark.parametrize("verb", ["show", "explain", "check", "export"])
def test_what_only_reads_works_on_a_read_only_medium(verb, small_disk, tmp_path, capsys):
    SCENES["edits"].prepare(small_disk)
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    more = ["--xlsx", str(tmp_path / "表.xlsx")] if verb == "export" else []
    run([verb, str(small_disk / DRAFT), *more], Places(assets=ROOT, data=tmp_path / "数据"))
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before


def test_a_clock_set_back_by_a_year_changes_the_order_of_nothing(quick):
    moment = datetime(2023, 6, 1, 9, 0, tzinfo=UTC)
    with Draft.create(quick / DRAFT, short_form(), remarks(_1_1="零"), clock=lambda: moment) as draft:
        draft.put_answers({"1.2": Answer(remark="一")})
        moment -= timedelta(days=365)
        draft.put_answers({"1.2": Answer(remark="二")})
    moment += timedelta(days=1)
    with Draft.open(quick / DRAFT, clock=lambda: moment) as draft:
        assert draft.entries.answer("1.2").remark == "二"
        moment -= timedelta(days=9000)
        draft.put_answers({"1.2": Answer(remark="三")})
        for expected in ("二", "一", ""):
            draft.undo()
            assert draft.entries.answer("1.2").remark == expected
        for expected in ("一", "二", "三"):
            draft.redo()
            assert draft.entries.answer("1.2").remark == expected
    assert looked_at(quick / DRAFT)[0].answer("1.2").remark == "三"


def test_a_stick_plugged_in_again_as_another_device_is_gone_on_with(stick):
    with Draft.create(stick.place / DRAFT, short_form()) as draft:
        for number in range(3):
            draft.put_answers({"1.1": Answer(remark=f"第{number}次")})
            before = (stick.place / DRAFT).stat().st_dev
            stick.pull_out()
            refused = draft.trouble
            assert refused is not None
            assert refused.code == "E313"
            with pytest.raises(StoreError, match="E313"):
                draft.put_answers({"1.2": Answer(remark="拔出以后")})
            assert stick.plug_in()
            assert (stick.place / DRAFT).stat().st_dev != before
            assert draft.trouble is None
            draft.put_answers({"1.2": Answer(remark=f"插回以后{number}")})
    with Draft.open(stick.place / DRAFT) as again:
        assert again.notice == ""
        assert again.entries.answer("1.1").remark == "第2次"
        assert again.entries.answer("1.2").remark == "插回以后2"
    nothing_else(stick.place, DRAFT, "lost+found")


def test_a_stick_that_was_filled_in_elsewhere_meanwhile_stays_as_it_is(stick):
    with Draft.create(stick.place / DRAFT, short_form()) as draft:
        draft.put_answers({"1.1": Answer(remark="这边")})
        stick.pull_out()
        assert stick.plug_in()
        with Draft.open(stick.place / DRAFT) as other:
            other.put_answers({"1.1": Answer(remark="那边")})
        before = (stick.place / DRAFT).read_bytes()
        with pytest.raises(StoreError, match=r"E314.*U盘"):
            draft.put_answers({"1.2": Answer(remark="不该写进去")})
    assert (stick.place / DRAFT).read_bytes() == before
