"""The file of an open draft comes back as another one: the same state is gone on with, any other is left alone."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import returning
from selfassess.store.draft import Draft
from selfassess.store.owner import note_of, read_owner
from selfassess.store.place import Identity, journal_of


def put_back(path, copy) -> None:
    """Another file with these bytes gets the name."""
    brought = path.with_name("brought")
    shutil.copyfile(copy, brought)
    brought.replace(path)


@pytest.fixture
def kept(draft, path, tmp_path):
    """A copy of the draft in the state that is open."""
    draft.put_unit(Unit(name="一天的填报"))
    return shutil.copyfile(path, tmp_path / "kept")


@pytest.fixture
def older(path, draft, kept, tmp_path):
    """A copy of the state before the last."""
    draft.put_answers({"1.1": Answer(remark="后来")})
    return kept


def test_the_same_file_copied_back_is_gone_on_with(draft, path, kept):
    path.unlink()
    assert draft.trouble.code == "E313"
    shutil.copyfile(kept, path)
    assert draft.glimpse().code == "E314"
    assert draft.trouble is None
    assert draft.glimpse() is None
    draft.put_answers({"1.1": Answer(remark="接着填")})
    assert draft.undo_text
    draft.close()
    assert [one.name for one in path.parent.iterdir() if one != kept] == [path.name]
    with Draft.open(path) as again:
        assert again.notice == ""
        assert again.entries.answer("1.1").remark == "接着填"
        assert again.entries.unit.name == "一天的填报"


def test_a_copy_made_from_memory_is_gone_on_with_when_it_comes_back_too(draft, path, kept, tmp_path):
    path.write_bytes(b"\xa5" * path.stat().st_size)
    rescued = tmp_path / "救出.zpb"
    assert "历史记录" in draft.save_as(rescued, switch=True)
    draft.put_answers({"1.1": Answer(remark="接着填")})
    put_back(rescued, shutil.copyfile(rescued, kept))
    assert draft.trouble is None
    draft.put_answers({"1.1": Answer(remark="再接着填")})
    draft.close()
    with Draft.open(rescued) as again:
        assert again.entries.answer("1.1").remark == "再接着填"


def test_an_edit_goes_on_by_itself_in_the_file_that_came_back(draft, path, kept):
    put_back(path, kept)
    draft.put_answers({"1.1": Answer(remark="接着填")})
    draft.undo()
    draft.redo()
    assert draft.notice == ""
    draft.close()
    with Draft.open(path) as again:
        assert again.entries.answer("1.1").remark == "接着填"


def test_the_file_that_came_back_is_locked_and_noted(draft, path, kept, elsewhere):
    put_back(path, kept)
    note_of(path).unlink()
    assert draft.trouble is None
    owner = read_owner(path)
    assert owner is not None
    assert owner.is_this_process
    with pytest.raises(StoreError, match="E309"):
        Draft.open(path)
    with pytest.raises(AssertionError):  # it never says that it has it open
        elsewhere(path)


def test_the_old_file_and_its_journal_are_let_go(draft, path, kept):
    old = path.with_name("old")
    os.link(path, old)
    put_back(path, kept)
    assert draft.trouble is None
    still_open = {one.resolve() for one in Path("/proc/self/fd").glob("*") if one.exists()}
    assert not {old, journal_of(old)} & still_open
    draft.put_answers({"1.1": Answer(remark="接着填")})
    assert old.read_bytes() == kept.read_bytes()
    with Draft.open(old) as left:
        assert left.entries.answer("1.1") == Answer()


def test_an_older_copy_put_back_stays_refused_and_as_it_is(draft, path, older):
    put_back(path, older)
    for _ in range(3):
        assert draft.trouble.code == "E314"
        with pytest.raises(StoreError, match="E314"):
            draft.put_answers({"1.2": Answer(remark="不该写进去")})
        with pytest.raises(StoreError, match="E375"):
            draft.save_as(path)
    assert path.read_bytes() == older.read_bytes()
    draft.close()
    assert path.read_bytes() == older.read_bytes()


def put_back_changed(path: Path, kept: Path, statement: str) -> None:
    """A copy in which somebody else changed something."""
    with closing(sqlite3.connect(kept)) as sql, sql:
        sql.execute(statement)
    put_back(path, kept)


def test_a_state_of_another_draft_stays_refused_although_its_steps_look_alike(draft, path, kept):
    """Somebody gave a copy another identity: every step is the same."""
    put_back_changed(path, kept, "UPDATE summary SET identity = 'another'")
    assert draft.trouble.code == "E314"
    assert path.read_bytes() == kept.read_bytes()


def test_a_copy_whose_fields_were_changed_under_the_same_last_step_stays_refused(draft, path, kept):
    put_back_changed(path, kept, "UPDATE entry SET value = '别的' WHERE field = 'name'")
    assert draft.trouble.code == "E314"
    assert draft.trouble.code == "E314"


def test_a_file_that_somebody_else_has_opened_stays_refused_until_it_is_free(draft, path, kept, elsewhere):
    put_back(path, kept)
    other = elsewhere(path, "anyway")
    assert draft.trouble.code == "E314"
    owner = read_owner(path)
    assert owner is not None
    assert owner.pid == other.process.pid
    other.do("close")
    assert draft.trouble is None


def test_a_file_that_somebody_else_opened_and_changed_stays_refused(draft, path, kept, elsewhere):
    put_back(path, kept)
    other = elsewhere(path, "anyway")
    other.do("name 乙")
    other.do("close")
    assert draft.trouble.code == "E314"
    draft.close()
    with Draft.open(path) as theirs:
        assert theirs.entries.unit.name == "乙"


def test_a_file_that_another_window_of_this_program_has_open_stays_refused(draft, path, kept):
    put_back(path, kept)
    note_of(path).unlink()
    with Draft.open(path) as other:
        assert draft.trouble.code == "E314"
        other.put_unit(Unit(name="乙"))
    assert draft.trouble.code == "E314"


def test_a_file_with_a_journal_to_be_played_back_stays_refused_and_both_as_they_are(draft, path, kept):
    put_back(path, kept)
    hot = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(1000)
    journal_of(path).write_bytes(hot)
    assert draft.trouble.code == "E314"
    assert journal_of(path).read_bytes() == hot
    assert path.read_bytes() == kept.read_bytes()


def test_after_the_disk_refused_a_file_on_the_same_disk_stays_refused(draft, path, kept, monkeypatch):
    """The old journal may lie beside it, and is still open."""
    draft._database._watch.unsettle()
    put_back(path, kept)
    assert draft.trouble.code == "E314"
    monkeypatch.setattr(type(draft._database), "device", property(lambda _: -1))
    put_back(path, kept)
    assert draft.trouble is None


def test_what_was_refused_once_is_not_looked_at_again_before_it_changes(draft, path, older, monkeypatch):
    looked = []
    plain = returning.past_locks
    monkeypatch.setattr(returning, "past_locks", lambda at: looked.append(at) or plain(at))
    put_back(path, older)
    for _ in range(5):
        assert draft.trouble is not None
    assert len(looked) == 1


READING = """
import sqlite3, sys
sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.execute("BEGIN")
sql.execute("SELECT * FROM step").fetchone()
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_file_that_a_scanner_held_for_a_moment_is_gone_on_with_when_it_is_free(draft, path, kept, monkeypatch):
    put_back(path, kept)
    monkeypatch.setattr(returning, "_PAUSE_S", 0)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", READING, path], text=True, **pipes) as scanner:
        assert scanner.stdout.readline() == "held\n"
        assert draft.trouble.code == "E314"
        scanner.communicate("\n")
    assert draft.trouble is None
    draft.put_answers({"1.1": Answer(remark="接着填")})


@pytest.mark.parametrize("code", ["E310", "E315"])
def test_a_file_that_could_not_be_looked_at_is_tried_again_from_time_to_time(draft, path, kept, monkeypatch, code):
    tried = []

    def refuse(*_arguments: object) -> None:
        tried.append(code)
        raise StoreError(code, path=path, detail="读不出来")

    put_back(path, kept)
    with monkeypatch.context() as patched:
        patched.setattr(returning, "Database", refuse)
        assert [draft.trouble.code for _ in range(3)] == ["E314"] * 3
        assert tried == [code]
        now = time.monotonic()
        patched.setattr(time, "monotonic", lambda: now + 11)
        assert draft.trouble.code == "E314"
        assert tried == [code] * 2
    monkeypatch.setattr(time, "monotonic", lambda: now + 30)
    assert draft.trouble is None


def test_a_file_is_gone_on_with_once_the_journal_beside_it_is_gone(draft, path, kept, monkeypatch):
    monkeypatch.setattr(returning, "_PAUSE_S", 0)
    put_back(path, kept)
    journal_of(path).write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(1000))
    assert draft.trouble.code == "E314"
    journal_of(path).unlink()
    assert draft.trouble is None


def test_another_thread_leaves_it_to_the_one_that_has_the_draft(draft, path, kept):
    put_back(path, kept)
    found: list[object] = []
    asking = threading.Thread(target=lambda: found.append(draft.trouble))
    asking.start()
    asking.join()
    assert [one.code for one in found] == ["E314"]
    assert draft.trouble is None


def test_whoever_reads_the_file_is_told_before_it_is_let_go(draft, path, kept):
    told: list[Identity] = []
    draft.moving = lambda: told.append(draft._database._identity)
    before = Identity.of(path)
    put_back(path, kept)
    assert draft.trouble is None
    assert told == [before]


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from selfassess.domain.entries import Answer
from selfassess.store import returning
from selfassess.store.draft import Draft
path, when = Path(sys.argv[1]), sys.argv[2]
draft = Draft.open(path)
shutil.copyfile(path, path.with_name("brought"))
path.with_name("brought").replace(path)
assert draft.trouble is None
if when == "after":
    draft.put_answers({"1.1": Answer(remark="接着填")})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("when", "remark"), [("before", ""), ("after", "接着填")])
def test_a_program_killed_right_after_leaves_the_whole_draft(draft, path, kept, when, remark):
    draft.close()
    done = subprocess.run([sys.executable, "-c", KILLED, path, when], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with Draft.open(path) as again:
        assert again.entries.unit.name == "一天的填报"
        assert again.entries.answer("1.1").remark == remark
