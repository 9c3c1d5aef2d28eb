"""Folders in which a lock holds nobody off, or that know none: the second is told, and nobody's work is mixed."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import platform
import resource
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.machine import is_running
from selfassess.store.draft import Draft
from selfassess.store.owner import note_of, read_owner
from selfassess.store.presence import can_lock, holder
from selfassess.store.refusals import refusal_of


def note_by(path, *, host: str, pid: int, since: datetime, age_s: float = 0, **more: str) -> None:
    """A note that some other program left."""
    note = {"host": host, "user": "li", "pid": pid, "since": since.isoformat(), "process": "another", **more}
    note_of(path).write_text(json.dumps(note), encoding="ascii")
    moment = note_of(path).stat().st_mtime - age_s
    os.utime(note_of(path), (moment, moment))


NOW = datetime.now(tz=UTC)


# ----------------------------------------------------------------------------------------------------- two really in it
def test_the_second_is_told_who_has_it_although_the_folder_let_both_in(draft, path, elsewhere):
    draft.close()
    other = elsewhere(path, "nolock")
    with pytest.raises(StoreError, match=rf"E372.*进程 {other.process.pid}.*没有锁住：文件夹.*替换过.*只读查看"):
        Draft.open(path)
    owner = read_owner(path)
    assert owner is not None
    assert owner.pid == other.process.pid  # its note stays
    with Draft.open(path, anyway=True) as both:
        assert both.entries.unit == Unit()


def test_after_the_other_wrote_nothing_is_stored_here_and_saving_elsewhere_keeps_what_was_entered(
    draft, path, elsewhere, tmp_path
):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.close()
    elsewhere(path, "nolock").do("name 某某局")
    with Draft.open(path, anyway=True) as ours:
        ours.put_answers({"1.2": Answer(remark="我的")})
        assert ours.trouble is None
        theirs = elsewhere(path, "nolock", "anyway")
        theirs.do("name 另一局")
        before = path.read_bytes()
        assert ours.trouble is not None
        assert ours.trouble.code == "E374"
        with pytest.raises(StoreError, match=r"E374.*被另一处写入.*没有保存.*另存为.*比较与合并"):
            ours.put_answers({"1.1": Answer(met=False)})
        assert ours.entries.answer("1.1") == Answer(met=True)
        with pytest.raises(StoreError, match=r"E375.*没有覆盖"):
            ours.save_as(path)
        assert path.read_bytes() == before
        notice = ours.save_as(tmp_path / "我的.zpb", switch=True)
        assert "被另一处写入过" in notice
        ours.put_answers({"1.1": Answer(met=False)})
        assert ours.entries.answer("1.2") == Answer(remark="我的")
    assert path.read_bytes() == before


@pytest.mark.parametrize("theirs", [["name 另一局"], ["remark 1.3", "close"]])
def test_what_another_wrote_is_seen_after_the_disk_refused_an_edit_too(draft, path, elsewhere, theirs):
    draft.close()
    with Draft.open(path, anyway=True) as ours:
        ours.put_answers({"1.2": Answer(remark="我的")})
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # every write past the first page fails
        try:
            with pytest.raises(StoreError, match=r"E31[25]"):
                ours.put_answers({"1.2": Answer(remark="没有写进去")})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        other = elsewhere(path, "nolock", "anyway")
        for line in theirs:
            other.do(line)
        before = path.read_bytes()
        with pytest.raises(StoreError, match="E374"):
            ours.put_answers({"1.2": Answer(remark="又来")})
        assert ours.trouble is not None
        assert ours.trouble.code == "E374"
    assert path.read_bytes() == before


def test_a_file_that_was_only_touched_is_stored_in(draft, path):
    draft.put_unit(Unit(name="甲"))
    os.utime(path)
    draft.put_unit(Unit(name="乙"))
    assert draft.trouble is None


def test_many_edits_of_ones_own_are_never_taken_for_anothers(draft):
    for number in range(60):
        draft.put_answers({"1.1": Answer(remark=f"{number}" * (number * 20))})
        if number % 3 == 0:
            draft.undo()
    draft.attach("1.1", "甲.pdf", os.urandom(300_000))
    draft.put_unit(Unit(name="甲"))


# ------------------------------------------------------------------------------------------------------------- the note
def test_a_note_of_a_process_that_is_gone_asks_nothing(draft, path, elsewhere):
    draft.close()
    other = elsewhere(path, "nolock")
    other.kill()
    with Draft.open(path) as opened:
        assert "没有正常关闭" in opened.notice


def test_a_process_that_got_the_number_of_a_dead_one_is_not_taken_for_it(draft, path):
    draft.close()
    note_by(path, host=platform.node(), pid=os.getppid(), since=NOW - timedelta(days=400))
    assert holder(path, read_owner(path)) is None
    note_by(path, host=platform.node(), pid=os.getppid(), since=NOW)
    assert holder(path, read_owner(path)) is not None


@pytest.mark.parametrize(("age_s", "asks"), [(0, True), (100, True), (400, False)])
def test_a_note_of_another_computer_asks_as_long_as_it_is_renewed(draft, path, age_s, asks):
    draft.close()
    note_by(path, host="财务室-03", pid=7, since=NOW - timedelta(hours=1), age_s=age_s)
    assert (holder(path, read_owner(path)) is not None) is asks
    assert sorted(one.name for one in path.parent.iterdir()) == sorted([note_of(path).name, path.name])


def test_a_computer_of_the_same_name_is_not_looked_for_among_the_processes_here(draft, path):
    draft.close()
    note_by(path, host=platform.node(), pid=2**22 + 1, since=NOW, machine="0badcafe")
    somebody = holder(path, read_owner(path))
    assert somebody is not None
    assert f"在电脑“{platform.node()}”" in str(somebody)
    note_by(path, host=platform.node(), pid=2**22 + 1, since=NOW)
    assert holder(path, read_owner(path)) is None


def test_an_open_draft_renews_its_note_and_never_makes_one(draft, path):
    os.utime(note_of(path), (1, 1))
    draft.renew()
    assert note_of(path).stat().st_mtime > 1
    note_of(path).unlink()
    draft.renew()
    assert not note_of(path).exists()


@pytest.mark.parametrize("pid", [0, -1, 2**40])
def test_a_number_that_is_no_process_runs_nowhere(pid):
    assert not is_running(pid)


@pytest.mark.parametrize("later_s", [-7200, 0, 7200])
def test_a_clock_that_was_set_meanwhile_makes_no_living_program_a_dead_one(draft, path, later_s, elsewhere):
    """The start of a process is told from that of the computer, which moves when the clock is set."""
    draft.close()
    other = elsewhere(path, "nolock")
    note = read_owner(path)
    assert note is not None
    written = replace(note, since=(datetime.fromisoformat(note.since) - timedelta(seconds=later_s)).isoformat())
    assert holder(path, written) == written
    assert holder(path, replace(written, began=written.began - 1)) is None  # the number was given again
    other.kill()
    assert holder(path, written) is None


# ------------------------------------------------------------------------------------------------------ no locks at all
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL])
def test_a_folder_that_knows_no_locks_is_said_in_words(draft, path, elsewhere, monkeypatch, number):
    draft.close()
    note_of(path).unlink(missing_ok=True)
    elsewhere(path)  # SQLite calls the refused lock a busy file, as it does this one

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    assert can_lock(path.parent)
    monkeypatch.setattr(fcntl, "lockf", refuse)
    with pytest.raises(StoreError, match=r"E373 文件夹.*不支持文件锁.*复制到本机的磁盘"):
        Draft.open(path)
    assert not [one for one in path.parent.iterdir() if one.name.endswith("-new")]


def test_what_sqlite_says_of_a_lock_that_failed_is_said_of_the_folder(path):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_LOCK, "SQLITE_IOERR_LOCK"
    refusal = refusal_of(error, path)
    assert refusal is not None
    assert refusal.code == "E373"


def test_a_folder_that_cannot_be_tried_is_not_blamed(tmp_path):
    assert can_lock(tmp_path / "nirgends")
