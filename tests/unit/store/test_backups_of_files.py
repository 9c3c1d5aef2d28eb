"""Which automatic copies belong to which file: copied, moved, renamed, deleted drafts; clocks that are wrong."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.domain.entries import Answer, Unit
from selfassess.store import backups
from selfassess.store.backing_up import back_up, is_state_of
from selfassess.store.backups import MOST, NEWEST, Backup, Backups, superfluous
from selfassess.store.draft import Draft
from selfassess.store.glance import look_at

D = Decimal
NOW = datetime(2023, 3, 15, 17, 30)  # noqa: DTZ001  (the clock of this computer)


@pytest.fixture
def time():
    """What the clock of the computer shows; a test sets it."""
    return [NOW]


@pytest.fixture
def kept(tmp_path, time) -> Backups:
    return Backups(tmp_path / "数据" / "backups", lambda: time[0].astimezone())  # noqa: PLW0108  (later, not now)


@pytest.fixture
def work(kept, time):
    """A sitting at a draft: so many points are entered, a copy is made; returns the copy."""

    def sit(path, points: int, later: timedelta = timedelta(hours=1)) -> Path:
        time[0] += later
        with Draft.open(path) as draft:
            draft.put_answers({"1.2": Answer(points=D(points))})
            return back_up(draft.as_source(), kept, time[0].astimezone())

    return sit


@pytest.fixture
def path(draft, tmp_path) -> Path:
    draft.put_unit(Unit(name="某某局"))
    draft.close()
    return draft.path


def points_in(copies) -> list[int]:
    return [int(look_at(copy.path).summary.total or 0) for copy in copies]


def copied(path: Path, name: str) -> Path:
    return Path(shutil.copyfile(path, path.with_name(name)))


# ------------------------------------------------------------------------------------------ copied, moved, renamed
def test_two_copies_of_a_draft_have_copies_of_their_own(path, kept, work):
    work(path, 1)
    other = copied(path, "副本.zpb")
    work(other, 11), work(path, 2), work(other, 12)
    assert points_in(kept.for_file(path)) == [2, 1]
    assert points_in(kept.for_file(other)) == [12, 11]
    assert sorted(Path(one.place).name for one in kept.drafts()) == sorted([path.name, "副本.zpb"])


def test_copies_of_one_file_never_remove_those_of_the_other(path, kept, work):
    work(path, 1)
    before = [one.path for one in kept.for_file(path)]
    other = copied(path, "副本.zpb")
    for number in range(30):
        work(other, number % 20, timedelta(days=1))
    assert [one.path for one in kept.for_file(path)] == before
    assert len(kept.for_file(other)) <= MOST


def test_a_copy_that_was_never_backed_up_finds_those_of_its_original(path, kept, work):
    work(path, 1)
    assert points_in(kept.for_file(copied(path, "副本.zpb"))) == [1]


@pytest.mark.parametrize("target", ["改了名.zpb", "../别处/某某局.zpb"], ids=["renamed", "moved"])
def test_a_draft_that_was_renamed_or_moved_keeps_its_copies_and_adds_to_them(path, kept, work, target):
    work(path, 1)
    moved = path.parent / target
    moved.parent.mkdir(exist_ok=True)
    moved = path.rename(moved).resolve()
    assert points_in(kept.for_file(moved)) == [1]
    work(moved, 2)
    assert points_in(kept.for_file(moved)) == [2, 1]
    assert len(kept.drafts()) == 1


def test_a_name_that_changed_hands_leads_each_file_to_its_own_copies(path, kept, work):
    """The original is renamed, and another copy of the draft is put in its place."""
    work(path, 1)
    other = copied(path, "副本.zpb")
    work(other, 11)
    first = path.rename(path.with_name("第一份.zpb"))
    work(first, 2)
    other = other.rename(path)
    work(other, 12)
    assert points_in(kept.for_file(first)) == [2, 1]
    assert points_in(kept.for_file(other)) == [12, 11]


def test_a_copy_beside_a_damaged_original_does_not_take_its_copies_over(path, kept, work):
    work(path, 1)
    other = copied(path, "副本.zpb")
    path.write_bytes(path.read_bytes()[:5000])
    work(other, 11)
    assert points_in(kept.for_file(path)) == [1]
    assert points_in(kept.for_file(other)) == [11]


def test_a_deleted_draft_and_a_deleted_copy_of_it_are_both_found_by_their_places(path, kept, work):
    work(path, 1)
    other = copied(path, "副本.zpb")
    work(other, 11)
    path.unlink()
    other.unlink()
    assert points_in(kept.for_file(path)) == [1]
    assert points_in(kept.for_file(other)) == [11]
    assert len(kept.drafts()) == 2


def test_a_draft_that_was_deleted_and_overwritten_is_found_by_its_place(path, kept, work):
    work(path, 1)
    path.write_text("别的程序的文件")
    assert points_in(kept.for_file(path)) == [1]


def test_a_place_is_found_through_a_link(path, kept, work, tmp_path):
    work(path, 1)
    (tmp_path / "链接").symlink_to(path.parent)
    path.write_bytes(b"")
    assert points_in(kept.for_file(tmp_path / "链接" / path.name)) == [1]


def test_a_copy_takes_nothing_over_from_a_draft_on_a_stick_that_is_not_plugged_in(path, kept, work, tmp_path):
    stick, away = tmp_path / "U盘", tmp_path / "拔出"
    stick.mkdir()
    there = Path(shutil.copyfile(path, stick / path.name))
    work(there, 1)
    stick.rename(away)
    work(path, 11)
    away.rename(stick)
    work(there, 2)
    assert points_in(kept.for_file(there)) == [2, 1]
    assert points_in(kept.for_file(path)) == [11]


@pytest.mark.parametrize(("errors", "name"), [("surrogateescape", "\udcff.zpb"), ("surrogatepass", "\ud83d.zpb")])
def test_a_name_that_is_no_text_is_noted_as_each_system_spells_it(tmp_path, monkeypatch, errors, name):
    """On Linux any bytes may be a name; on Windows half a character may."""
    monkeypatch.setattr(backups, "_SPELLING", errors)
    backups._note_place(tmp_path, tmp_path / name)
    assert backups._places_in(tmp_path) == [str(tmp_path / name)]
    (tmp_path / "places.txt").write_bytes(b"\xff\xfe")
    backups._note_place(tmp_path, tmp_path / name)
    assert backups._places_in(tmp_path)[0] == str(tmp_path / name)


# --------------------------------------------------------------------------------------------- older and odd folders
def test_a_folder_of_an_older_version_in_which_two_files_are_mixed_goes_to_the_one_copied_last(path, kept, work):
    first = work(path, 1)
    other = copied(path, "副本.zpb")
    (first.parent / "places.txt").write_text(f"{other}\n{path}", encoding="utf-8")
    work(other, 11), work(path, 2)
    assert points_in(kept.for_file(other)) == [11, 1]
    assert points_in(kept.for_file(path)) == [2]


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"\n" * 1000, b"x" * 100_000])
def test_places_that_are_lost_or_rubbish_lose_no_copy(path, kept, work, content):
    noted = work(path, 1).with_name("places.txt")
    noted.unlink() if content is None else noted.write_bytes(content)
    assert points_in(kept.for_file(path)) == [1]
    work(path, 2)
    assert points_in(kept.for_file(path)) == [2, 1]
    assert noted.read_bytes().split(b"\n")[0] == os.fsencode(path)


def test_places_that_are_a_pipe_or_a_link_are_not_waited_for_and_not_written_through(path, kept, work, tmp_path):
    noted = work(path, 1).with_name("places.txt")
    noted.unlink()
    os.mkfifo(noted)
    assert points_in(kept.for_file(path)) == [1]
    noted.unlink()
    (tmp_path / "别人的.txt").write_text("别人的")
    noted.symlink_to(tmp_path / "别人的.txt")
    work(path, 2)
    assert (tmp_path / "别人的.txt").read_text() == "别人的"
    assert points_in(kept.for_file(path)) == [2, 1]


@pytest.mark.parametrize(
    "name",
    ["两\n行", "回车\r", "a\tb", "../", "%2e%2e", "places.txt", "\udcff\udcfe", "\u202e反", "$(id)", " "],
    ids=ascii,
)
def test_a_file_of_any_name_finds_its_copies(path, kept, work, name):
    folder = path.parent / "名"
    folder.mkdir()
    odd = path.rename(folder / f"{name.replace('/', '')}.zpb")
    work(odd, 1)
    odd.write_bytes(b"")
    assert points_in(kept.for_file(odd)) == [1]
    assert {one.parent for one in kept.folder.rglob("*.zpb")} == {kept.for_file(odd)[0].path.parent}


# ------------------------------------------------------------------------------------------------------ wrong clocks
def test_a_clock_that_was_set_back_removes_no_new_copy_and_makes_new_ones(path, kept, work, time):
    for number in range(25):
        work(path, number % 20, timedelta(days=1))
    time[0] -= timedelta(days=400)
    made = [work(path, number) for number in (7, 8, 9)]
    assert [one.path for one in kept.for_file(path)][:3] == made[::-1]
    with Draft.open(path) as draft:
        assert is_state_of(kept.for_file(path)[0], draft.as_source())
    assert len(kept.for_file(path)) <= MOST
    time[0] += timedelta(days=400)
    assert work(path, 10) == kept.for_file(path)[0].path


def test_copies_of_a_clock_that_was_ahead_are_thinned_as_if_it_had_been_right(path, kept, work, time):
    time[0] += timedelta(days=3650)
    for number in range(25):
        work(path, number % 20, timedelta(days=1))
    ahead = [one.path for one in kept.for_file(path)]
    time[0] -= timedelta(days=3650)
    for number in range(5):
        newest = work(path, number)
        assert kept.for_file(path)[0].path == newest
    left = [one.path for one in kept.for_file(path) if one.path in ahead]
    assert left[:NEWEST] == ahead[:NEWEST]


def test_of_a_draft_with_a_wrong_clock_the_last_copy_survives_when_all_are_too_large(
    path, kept, work, time, monkeypatch
):
    work(path, 1), work(path, 2)
    time[0] -= timedelta(days=400)
    monkeypatch.setattr(backups, "MOST_BYTES_OF_ALL", 1)
    newest = work(path, 3)
    assert [one.path for one in kept.for_file(path)] == [newest]
    monkeypatch.setattr(backups, "MOST_BYTES", 1)
    assert [work(path, 4)] == [one.path for one in kept.for_file(path)]


@given(st.lists(st.integers(-300 * 24, 300 * 24), max_size=120, unique=True))
def test_however_wrong_clocks_were_few_are_kept_among_them_the_newest_and_it_is_done_at_once(hours):
    order = backups._newest_first(NOW.astimezone())
    found = [Backup(path=Path(f"{one}.zpb"), at=NOW - timedelta(hours=one), whole=True, size=1) for one in hours]
    found.sort(key=order, reverse=True)
    gone = superfluous(found, NOW)
    left = [one for one in found if one not in gone]
    assert left[:NEWEST] == found[:NEWEST]
    assert len(left) <= MOST
    assert superfluous(left, NOW) == []


def test_a_state_is_told_by_its_last_step_and_not_by_the_time(path, kept, work, time):
    work(path, 1)
    (copy,) = kept.for_file(path)
    with Draft.open(path) as draft:
        assert is_state_of(copy, draft.as_source())
        draft.put_answers({"1.1": Answer(met=True)})
        assert not is_state_of(copy, draft.as_source())
        draft.undo()
        assert not is_state_of(copy, draft.as_source())
    copy.path.write_bytes(b"")
    with Draft.open(path) as draft:
        assert not is_state_of(copy, draft.as_source())
