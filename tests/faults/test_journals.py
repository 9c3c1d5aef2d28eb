"""What may lie beside a draft when it is opened: its own journal, a damaged one, that of another file."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest
from form import integrity, short_form
from msgspec.structs import replace
from work import DRAFT, START, create, start, state_of

from selfassess.document import Document
from selfassess.domain.entries import Unit
from selfassess.errors import StoreError
from selfassess.store import recovery
from selfassess.store.draft import Draft
from selfassess.store.place import journal_of

pytestmark = pytest.mark.usefixtures("qapp")  # an open draft shows at intervals that it is open

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 512, 0x40000000)
print()
input()
"""


@pytest.fixture
def hot(quick) -> Path:
    """A draft that was cut off in the middle of a large edit: a file half written, a journal with the old pages."""
    at_work = quick / "at work"
    at_work.mkdir()
    path, cut_off = create(at_work), quick / "cut off"
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA cache_size = 1")  # so that pages go to the file before the end
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE step SET label = hex(randomblob(20000))")
        sql.execute("UPDATE entry SET value = value || hex(randomblob(9000)) WHERE scope = 'answer'")
        shutil.copytree(at_work, cut_off)
        sql.execute("ROLLBACK")
    assert journal_of(cut_off / DRAFT).stat().st_size > 512
    assert (cut_off / DRAFT).read_bytes() != path.read_bytes()
    shutil.rmtree(at_work)
    return cut_off / DRAFT


def opened(path: Path) -> Document:
    document = Document.open(path)
    assert state_of(document) == start().state
    return document


def test_an_edit_that_was_cut_off_is_taken_back_and_that_is_said(hot):
    document = opened(hot)
    assert document.notice.startswith("草稿上次没有正常关闭，已恢复到 ")
    document.close()
    assert list(hot.parent.iterdir()) == [hot]
    document = opened(hot)
    assert document.notice == ""
    document.close()


def test_a_journal_that_lost_its_end_or_its_head_never_makes_a_wrong_form(hot, quick, size, figures):
    content, whole = hot.read_bytes(), journal_of(hot).read_bytes()
    cut = [whole[:length] for length in range(0, len(whole), size(2048, 64))]
    beheaded = [b"\0" * count + whole[count:] for count in (1, 8, 12, 16, 20, 24, 28, 512)]
    outcomes = {"as before": 0, "refused": 0}
    for number, journal in enumerate([*cut, *beheaded]):
        path = quick / f"{number}" / DRAFT
        path.parent.mkdir()
        path.write_bytes(content)
        journal_of(path).write_bytes(journal)
        try:
            opened(path).close()
            outcomes["as before"] += 1
        except StoreError as error:
            assert error.code in {"E306", "E319"}  # noqa: PT017  (an outcome, one of two)
            outcomes["refused"] += 1
            if any(journal[:8]):  # with a head it was rehearsed, so that nobody has lost a byte
                assert path.read_bytes() == content
                assert journal_of(path).read_bytes() == journal
        shutil.rmtree(path.parent)
    figures.note(
        "damaged journals: as before / refused / wrong", f"{outcomes['as before']} / {outcomes['refused']} / 0"
    )


def test_a_journal_that_would_spoil_what_opening_asks_for_is_not_played_back(hot, quick):
    content, whole = hot.read_bytes(), journal_of(hot).read_bytes()
    moments = list(re.finditer(rb"\d{4}-\d\d-\d\dT\d\d:", whole))
    assert moments
    for number, moment in enumerate(moments):
        path = made(quick / f"{number}") / DRAFT
        path.write_bytes(content)
        # Not every byte is in SQLite's own checksum of a page.
        journal_of(path).write_bytes(whole[: moment.start() + 4] + b")" + whole[moment.start() + 5 :])
        before = beside(path)
        with pytest.raises(StoreError, match=r"E306|E319"):
            Draft.open(path)
        assert beside(path) == before


@pytest.fixture
def sound(hot, quick) -> Path:
    """A sound draft beside which the journal of another one lies."""
    path = create(made(quick / "sound"))
    with Draft.open(path) as draft:
        draft.put_unit(Unit(name="外事办"))
    shutil.copy(journal_of(hot), journal_of(path))
    return path


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def beside(path: Path) -> dict[str, bytes]:
    """All that lies where a draft lies."""
    return {one.name: one.read_bytes() for one in path.parent.iterdir()}


def test_the_journal_of_another_draft_does_no_harm_and_is_kept(sound):
    content, journal = sound.read_bytes(), journal_of(sound).read_bytes()
    document = Document.open(sound)
    assert document.entries.unit == Unit(name="外事办")
    assert document.entries.answers == START.answers
    assert document.notice
    document.close()
    assert sound.read_bytes()[100:] == content[100:]
    assert integrity(sound) == "ok"
    assert beside(sound) == {DRAFT: sound.read_bytes(), f"{DRAFT}-journal-不符1": journal}


def test_a_journal_is_kept_under_a_shorter_name_where_the_draft_has_the_longest_possible(sound):
    path = sound.with_name("很" * 81 + ".zpb")
    sound.rename(path)
    journal_of(sound).rename(journal_of(path))
    journal = journal_of(path).read_bytes()
    with Draft.open(path) as draft:
        assert draft.entries.unit == Unit(name="外事办")
    (kept,) = set(path.parent.iterdir()) - {path}
    assert kept.name.endswith("很.zpb-journal-不符1")
    assert kept.read_bytes() == journal


def test_a_harmful_journal_that_cannot_be_renamed_is_not_played_back(sound, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    before = beside(sound)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError, match="E394"):
        Draft.open(sound)
    assert beside(sound) == before


def test_a_journal_is_rehearsed_elsewhere_where_the_disk_has_no_room(sound, hot, monkeypatch):
    monkeypatch.setattr("selfassess.temporary.beside", lambda path, _kind: path / "full")
    with Draft.open(sound) as draft:
        assert draft.entries.unit == Unit(name="外事办")
    opened(hot).close()


def test_a_journal_that_can_be_rehearsed_nowhere_is_not_played_back(sound, monkeypatch):
    before = beside(sound)
    monkeypatch.setattr("selfassess.temporary.beside", lambda path, _kind: path / "full")
    monkeypatch.setattr("tempfile.tempdir", str(sound / "full"))
    with pytest.raises(StoreError, match="E393"):
        Draft.open(sound)
    assert beside(sound) == before


def test_a_disk_that_fills_up_during_the_rehearsal_does_not_make_a_journal_a_wrong_one(hot, monkeypatch):
    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    before = beside(hot)
    with monkeypatch.context() as disk:
        disk.setattr(recovery.contents, "load", full)
        with pytest.raises(StoreError, match="E393"):
            Draft.open(hot)
    assert beside(hot) == before
    opened(hot).close()


@pytest.mark.parametrize("worn", ["draft", "journal"])
def test_a_disk_that_does_not_give_the_draft_is_not_taken_for_a_full_one(hot, monkeypatch, worn):
    class Worn(io.BufferedRandom if worn == "draft" else io.BufferedReader):
        def read(self, *_: object) -> bytes:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    before, really = beside(hot), Path.open

    def opened_worn(path: Path, mode: str = "r", *rest: object, **given: object) -> IO[Any]:
        if (path, mode) == ((hot, "r+b") if worn == "draft" else (journal_of(hot), "rb")):
            return Worn(io.FileIO(path, mode))
        return really(path, mode, *rest, **given)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "open", opened_worn)
        with pytest.raises(StoreError, match="E315"):
            Draft.open(hot)
    assert beside(hot) == before
    opened(hot).close()


def test_a_journal_is_rehearsed_in_a_folder_that_cannot_lock_too(sound, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.lockf", refuse)
    with Draft.open(sound) as draft:
        assert draft.entries.unit == Unit(name="外事办")


def test_a_journal_that_another_program_holds_at_the_moment_is_not_judged(sound):
    before = beside(sound)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(sound)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreError, match="E308"):
            Draft.open(sound)
        holder.communicate(b"\n")
    assert beside(sound) == before


def test_the_journal_of_a_draft_that_lay_here_before_does_not_bring_it_back(quick):
    """Played back into a small draft it may make a whole one: the old one, with the new one's identity."""
    path = create(made(quick / "old"))
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA cache_size = 1")
        sql.execute("PRAGMA synchronous = OFF")  # so that the journal counts as complete at any time
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE entry SET value = value || hex(randomblob(3000))")
        sql.execute("UPDATE change SET after = after || hex(randomblob(3000))")
        sql.execute("UPDATE step SET label = hex(randomblob(20000))")
        journal = journal_of(path).read_bytes()
        sql.execute("ROLLBACK")
    path.unlink()
    with Draft.create(path, short_form(), replace(START, unit=Unit(name="新的"))) as draft:
        pass
    journal_of(path).write_bytes(journal)
    with Draft.open(path) as draft:
        assert draft.entries.unit == Unit(name="新的")
    assert path.with_name(f"{DRAFT}-journal-不符1").exists()


def test_a_draft_whose_history_has_a_gap_opens_after_a_kill_as_it_did_before(hot, quick):
    """Only restoring looks at all steps; opening never asked for more than the last one."""
    path = create(made(quick / "gap"))
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DELETE FROM change WHERE step = 1 AND scope = 'catalogue'")
        sql.commit()
    Draft.open(path).close()
    cut_off = made(quick / "gap cut off") / DRAFT
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA cache_size = 1")
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE step SET label = hex(randomblob(20000))")
        shutil.copy(path, cut_off)
        shutil.copy(journal_of(path), journal_of(cut_off))
        sql.execute("ROLLBACK")
    opened(cut_off).close()


def test_a_journal_in_use_by_another_program_is_left_to_it(hot):
    with closing(sqlite3.connect(hot, isolation_level=None)) as sql:
        sql.execute("PRAGMA locking_mode = EXCLUSIVE")
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE step SET label = 'x'")
        # Another process would be refused by the lock; in this one it is SQLite itself that knows.
        with pytest.raises(StoreError, match="E308"):
            Document.open(hot)
        sql.execute("ROLLBACK")
