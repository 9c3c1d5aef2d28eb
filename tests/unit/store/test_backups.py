"""Automatic copies: what is in them, which are kept, how one is found again, and that work goes on meanwhile."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import backing_up, backups
from selfassess.store.backing_up import back_up
from selfassess.store.backups import MOST, Backup, Backups, superfluous
from selfassess.store.draft import Draft
from selfassess.store.library import Library
from selfassess.waiting import CalledOffError

D = Decimal
OPEN = """
import sys
from pathlib import Path
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
try:
    Draft.open(Path(sys.argv[1]), anyway=True)
except StoreError as error:
    print(error.code)
"""
NOW = datetime(2023, 3, 15, 17, 30)  # noqa: DTZ001  (the clock of this computer)


@pytest.fixture
def kept(tmp_path) -> Backups:
    return Backups(tmp_path / "数据" / "backups")


def copied(draft, kept, **given):
    return back_up(draft.as_source(), kept, draft._clock(), **given)


def contents_of(path):
    with Draft.open(path) as draft:
        return draft.entries, draft.evidence(), draft.undo_text


def test_a_copy_holds_everything_and_the_draft_stays_open(draft, kept, tmp_path):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.attach("1.1", "合同.pdf", b"%PDF")
    copy = copied(draft, kept)
    draft.put_answers({"1.1": Answer(met=False)})
    as_new = kept.open_as_new(kept.of(draft.as_source().identity)[0], Library(tmp_path / "drafts"))
    entries, documents, undo = contents_of(as_new)
    assert entries.answers == {"1.1": Answer(met=True)}
    assert [one.name for one in documents] == ["合同.pdf"]
    assert undo.startswith("撤销：")
    assert copy.name == "2023-01-05 090005.zpb"
    assert [one.name for one in copy.parent.iterdir() if one != copy] == ["places.txt"]


def test_opening_a_copy_leaves_it_and_every_draft_as_they_are(draft, kept, tmp_path):
    draft.put_unit(Unit(name="某某局"))
    backup = copied(draft, kept)
    before = backup.read_bytes()
    drafts = Library(tmp_path / "drafts")
    (found,) = kept.of(draft.as_source().identity)
    first, second = (kept.open_as_new(found, drafts) for _ in range(2))
    assert first.name == "某某局 部门预算管理绩效考核自评表（自动备份 01-05 09-00）.zpb"
    assert second.name == "某某局 部门预算管理绩效考核自评表（自动备份 01-05 09-00）（2）.zpb"
    assert backup.read_bytes() == before
    assert len(drafts.entries()) == 2


def test_a_copy_that_is_open_as_a_draft_stays_locked_when_a_new_draft_is_made_of_it(draft, kept, tmp_path):
    copied(draft, kept)
    (found,) = kept.of(draft.as_source().identity)
    with Draft.open(found.path) as somebody:
        somebody.put_unit(Unit(name="填在备份里"))
        made = kept.open_as_new(found, Library(tmp_path / "drafts"))
        with Draft.open(made) as new:
            assert new.entries == somebody.entries
        asked = subprocess.run(
            [sys.executable, "-c", OPEN, str(found.path)], check=True, capture_output=True, text=True
        )
    assert asked.stdout.strip() == "E307"


def test_a_pipe_has_no_copies_and_becomes_no_draft(kept, tmp_path):
    pipe = tmp_path / "管道.zpb"
    os.mkfifo(pipe)
    assert kept.for_file(pipe) == ()
    with pytest.raises(StoreError, match="E304"):
        kept.open_file_as_new(pipe, Library(tmp_path / "drafts"))
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_large_draft_is_copied_without_its_documents_and_says_so(draft, kept, monkeypatch):
    monkeypatch.setattr(backing_up, "LARGE", 100_000)
    draft.attach("1.1", "扫描件.pdf", os.urandom(200_000))
    (document,) = draft.evidence()
    draft.put_answers({"1.1": Answer(met=True)})
    path = copied(draft, kept)
    assert "（不含佐证材料）" in path.name
    assert path.stat().st_size < 100_000
    (found,) = kept.of(draft.as_source().identity)
    assert not found.whole
    with Draft.open(path) as copy:
        assert copy.entries == draft.entries
        assert copy.evidence() == (document,)
        with pytest.raises(StoreError, match="E324"):
            copy.evidence_bytes(document)
        copy.undo()


def test_edits_go_on_while_a_copy_is_made_and_the_copy_is_a_whole_state(draft, kept, monkeypatch):
    monkeypatch.setattr(backing_up, "_PAGES", 1)
    monkeypatch.setattr(backing_up, "_PAUSE_S", 0.001)
    draft.attach("1.1", "扫描件.pdf", os.urandom(1_000_000))
    source, made = draft.as_source(), []
    thread = threading.Thread(target=lambda: made.append(back_up(source, kept, NOW.astimezone(), threading.Event())))
    thread.start()
    states, number = [draft.entries], 0
    while thread.is_alive():
        number += 1
        draft.put_answers({"1.2": Answer(points=D(number % 20))})
        states.append(draft.entries)
    thread.join()
    assert number > 5
    with Draft.open(made[0]) as copy:
        assert copy.entries in states
        assert copy.restore_points().notice == ""
    assert draft.entries == states[-1]


def test_a_copy_beside_the_work_waits_for_nobody_who_may_be_waiting_for_it(draft, kept, monkeypatch):
    """The draft became a large one after the thread had begun, and work goes on in another file."""
    source, called_off, ended = draft.as_source(), threading.Event(), threading.Event()
    monkeypatch.setattr(backing_up, "LARGE", 100_000)
    draft.attach("1.1", "扫描件.pdf", os.urandom(200_000))

    def copy() -> None:
        with contextlib.suppress(CalledOffError):
            back_up(source, kept, NOW.astimezone(), called_off)
        ended.set()

    with draft.alone:  # as while the old file is let go
        thread = threading.Thread(target=copy)
        thread.start()
        called_off.set()
        assert ended.wait(5)
    thread.join()


def test_a_copy_that_is_called_off_leaves_nothing(draft, kept):
    called_off = threading.Event()
    called_off.set()
    with pytest.raises(CalledOffError):
        copied(draft, kept, called_off=called_off)
    assert [path for path in kept.folder.rglob("*") if path.is_file()] == []
    draft.put_answers({"1.1": Answer(met=True)})


# --------------------------------------------------------------------------------------------------------- what is kept
def copies(*ages: timedelta, size: int = 1) -> list[Backup]:
    return [Backup(path=Path(f"{number}.zpb"), at=NOW - age, whole=True, size=size) for number, age in enumerate(ages)]


def kept_of(found):
    gone = superfluous(found, NOW)
    return [copy for copy in found if copy not in gone]


def test_of_each_of_the_last_days_one_is_kept_then_of_each_week():
    found = copies(*(timedelta(hours=8 * number) for number in range(3 * 150)))
    ages = [(NOW - copy.at) // timedelta(days=1) for copy in kept_of(found)]
    assert ages[:3] == [0, 0, 0]
    assert ages[3:10] == [1, 2, 3, 4, 5, 6, 7][: len(ages[3:10])]
    assert len(ages) <= MOST
    assert max(ages) in range(55, 64)


def test_the_newest_are_kept_however_old_they_are():
    found = copies(*(timedelta(days=400 + number) for number in range(10)))
    assert kept_of(found) == found[:3]


def test_large_copies_are_fewer_and_the_newest_is_never_removed():
    found = copies(*(timedelta(days=number) for number in range(6)), size=backups.MOST_BYTES // 3)
    assert kept_of(found) == found[:3]
    found = copies(timedelta(days=1), timedelta(days=2), size=backups.MOST_BYTES * 2)
    assert kept_of(found) == found[:1]


@given(st.lists(st.integers(-50, 300 * 24), max_size=120, unique=True))
def test_pruning_keeps_the_newest_and_is_done_when_it_is_done(hours):
    found = copies(*(timedelta(hours=one) for one in sorted(hours)))
    left = kept_of(found)
    assert left[:3] == found[:3]
    assert len(left) <= MOST
    assert kept_of(left) == left


def test_all_copies_together_stay_below_a_limit(draft, kept, monkeypatch, tmp_path, catalogue):
    for hour in range(3):
        back_up(draft.as_source(), kept, (NOW - timedelta(hours=hour)).astimezone())
    with Draft.create(tmp_path / "另一份.zpb", catalogue) as other:
        monkeypatch.setattr(backups, "MOST_BYTES_OF_ALL", 1)
        back_up(other.as_source(), kept, NOW.astimezone())
        assert len(kept.of(other.as_source().identity)) == 1
    assert [copy.at for copy in kept.of(draft.as_source().identity)] == [NOW]


def test_files_of_others_in_the_folder_are_left_alone(draft, kept):
    folder = copied(draft, kept).parent
    for name in ("说明.txt", "2023-99-99 000000.zpb", "my.zpb"):
        (folder / name).write_text("我的")
    for day in range(30):
        back_up(draft.as_source(), kept, (NOW + timedelta(days=day)).astimezone())
    assert {path.name for path in folder.iterdir() if path.read_bytes() == "我的".encode()} == {
        "说明.txt",
        "2023-99-99 000000.zpb",
        "my.zpb",
    }


# --------------------------------------------------------------------------------------------------------- found again
def test_copies_are_found_by_place_when_nothing_in_the_draft_can_be_read(draft, kept):
    copied(draft, kept)
    draft.close()
    draft.path.write_bytes(b"")
    assert len(kept.for_file(draft.path)) == 1
    assert kept.for_file(draft.path.with_name("别的.zpb")) == ()


def test_copies_are_found_by_identity_when_the_draft_was_moved(draft, kept, tmp_path):
    copied(draft, kept)
    draft.close()
    moved = draft.path.rename(tmp_path / "搬走了.zpb")
    assert len(kept.for_file(moved)) == 1


def test_copies_outlive_the_draft_and_are_listed_by_draft(draft, kept, tmp_path, catalogue):
    draft.put_unit(Unit(name="某某局"))
    copied(draft, kept)
    draft.put_answers({"1.1": Answer(met=True)})
    copied(draft, kept)
    draft.close()
    draft.path.unlink()
    with Draft.create(tmp_path / "另一份.zpb", catalogue) as other:
        back_up(other.as_source(), kept, NOW.astimezone())
    newest, older = kept.drafts()
    assert (newest.newest.summary.unit, len(newest.copies)) == ("", 1)
    assert (older.newest.summary.unit, older.newest.summary.answered, len(older.copies)) == ("某某局", 1, 2)


def test_an_identity_made_up_by_a_stranger_leads_out_of_no_folder(draft, kept):
    draft._database.sql.execute("UPDATE summary SET identity = '../../../出去'")
    path = copied(draft, kept)
    assert path.parent.parent == kept.folder
    assert len(kept.of("../../../出去")) == 1


# ------------------------------------------------------------------------------------------------------ what goes wrong
def test_a_folder_that_takes_no_copy_is_said_and_the_draft_works_on(draft, kept, tmp_path):
    kept.folder.parent.mkdir()
    kept.folder.write_text("hier ist schon eine Datei")
    with pytest.raises(StoreError):
        copied(draft, kept)
    assert kept.drafts() == ()
    assert kept.of("x") == ()
    draft.put_answers({"1.1": Answer(met=True)})


def test_a_full_disk_leaves_older_copies_and_no_half_of_a_new_one(draft, kept):
    older = copied(draft, kept).read_bytes()
    draft.attach("1.1", "扫描件.pdf", os.urandom(400_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(StoreError):
            copied(draft, kept)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    (only,) = kept.of(draft.as_source().identity)
    assert only.path.read_bytes() == older
    assert [path.suffix for path in only.path.parent.iterdir() if path.name.startswith(".")] == []
    draft.put_answers({"1.1": Answer(met=True)})


COPY_FOR_EVER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from selfassess.store import backing_up
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft
backing_up._PAGES, backing_up._PAUSE_S = 1, 0.01
with Draft.open(Path(sys.argv[1])) as draft:
    print("open", flush=True)
    while True:
        backing_up.back_up(draft.as_source(), Backups(Path(sys.argv[2])), datetime.now(UTC), threading.Event())
"""


def test_killed_in_the_middle_of_a_copy_nothing_is_lost_and_the_rest_is_swept_up(draft, kept):
    draft.attach("1.1", "扫描件.pdf", os.urandom(300_000))
    older = copied(draft, kept)
    before, entries, identity = older.read_bytes(), draft.entries, draft.as_source().identity
    draft.close()
    command = [sys.executable, "-c", COPY_FOR_EVER, draft.path, kept.folder]
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": "src"}, stdout=subprocess.PIPE)
    try:
        assert child.stdout.readline() == b"open\n"
        deadline = time.monotonic() + 30
        while not (halves := list(older.parent.glob(".*"))) and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert halves
    assert older.read_bytes() == before
    for half in older.parent.glob(".*"):
        os.utime(half, (0, 0))  # as if it were long ago
    with Draft.open(draft.path) as again:
        assert again.entries == entries
        assert all(contents_of(copy.path)[0] == entries for copy in kept.of(identity))
        back_up(again.as_source(), kept, NOW.astimezone())
    assert list(older.parent.glob(".*.zpb-new*")) == []
