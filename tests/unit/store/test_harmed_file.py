"""The file of an open draft is deleted, replaced, or written over: told in time, nothing written there, all rescued."""

from __future__ import annotations

import os
import shutil
import sqlite3
from decimal import Decimal
from threading import Event, Thread, current_thread

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import watch
from selfassess.store.draft import Draft
from selfassess.store.place import past_locks
from selfassess.store.snapshot import look

SCAN = b"scan" * 5_000
"""Longer than the pages that the cache holds of it."""


@pytest.fixture
def filled(draft):
    """A draft with an answer, a name and two documents."""
    draft.attach("1.1", "批复.pdf", SCAN)
    draft.attach("1.1", "通知.pdf", b"note")
    draft.put_answers({"1.1": Answer(met=True, remark="见附件")})
    draft.put_unit(Unit(name="某某局"))
    return draft


def emptied(path):
    os.truncate(path, 0)


def cut_short(path):
    os.truncate(path, path.stat().st_size // 2)


def made_noise(path):
    path.write_bytes(b"\xa5" * path.stat().st_size)


def made_a_text(path):
    path.write_text("这个文件已被隔离。", encoding="utf-8")


def made_unreadable_text(path):
    """One byte of the tables' description, so that SQLite complains in words that are no text themselves."""
    content = path.read_bytes()
    assert b"CREATE TABLE entry" in content
    path.write_bytes(content.replace(b"CREATE TABLE entry", b"CREATE T\xffBLE entry"))


def deleted(path):
    path.unlink()


def moved(path):
    path.rename(path.with_name("别名.zpb"))


def made_a_folder(path):
    path.unlink()
    path.mkdir()


def replaced(path):
    """By a synchronising program, with an older state of the same draft; the same one would be gone on with."""
    shutil.copyfile(path.with_name("旧的.zpb"), path.with_name("新的"))
    path.with_name("新的").replace(path)


def written_over(path):
    """In place, by a synchronising program, with an older state of the same draft."""
    path.write_bytes(path.with_name("旧的.zpb").read_bytes())


HARM = {
    emptied: "E379",
    cut_short: "E379",
    made_noise: "E379",
    made_a_text: "E379",
    made_unreadable_text: "E379",
    deleted: "E313",
    moved: "E313",
    made_a_folder: "E314",
    replaced: "E314",
    written_over: "E374",
}


@pytest.fixture(params=HARM, ids=lambda harm: harm.__name__)
def harmed(request, filled, path):
    """A draft whose file came to harm, and the code that tells so."""
    shutil.copyfile(path, path.with_name("旧的.zpb"))
    filled.put_answers({"1.2": Answer(points=Decimal(3))})
    request.param(path)
    return filled, HARM[request.param]


def test_it_is_known_without_an_edit_and_an_edit_is_refused(harmed, path):
    draft, code = harmed
    lies_there = path.read_bytes() if path.is_file() else None
    assert draft.trouble is not None
    assert draft.glimpse() is not None
    assert (draft.trouble.code, draft.glimpse().code) == (code, code)
    before, heard = draft.entries, []
    draft.refused = heard.append
    with pytest.raises(StoreError, match=rf"{code} .*没有保存。请用“另存为”"):
        draft.put_unit(Unit(name="另一局"))
    assert (draft.entries, [error.code for error in heard]) == (before, [code])
    draft.close()
    assert (path.read_bytes() if path.is_file() else None) == lies_there


def test_saving_elsewhere_rescues_what_was_entered_and_every_document_that_can_be_read(harmed, tmp_path):
    draft, code = harmed
    before = draft.entries
    notice = draft.save_as(tmp_path / "救出.zpb", switch=True)
    assert draft.trouble is None
    draft.put_unit(Unit(name="另一局"))
    draft.close()
    with Draft.open(tmp_path / "救出.zpb") as rescued:
        assert rescued.entries.answers == before.answers
        kept = {one.name: rescued.evidence_bytes(one) for one in rescued.evidence()}
        assert bool(notice) == (code in {"E374", "E379"})
        lost = [name for name in ("批复.pdf", "通知.pdf") if name not in kept]
        assert all(f"“{name}”" in notice for name in lost)
        assert all(content == {"批复.pdf": SCAN, "通知.pdf": b"note"}[name] for name, content in kept.items())
        if code != "E379":
            assert not lost


def test_a_file_that_comes_back_is_stored_in_again(filled, path):
    path.rename(path.with_name("别名.zpb"))
    assert filled.trouble is not None
    path.with_name("别名.zpb").rename(path)
    assert filled.trouble is None
    filled.put_unit(Unit(name="另一局"))
    filled.close()
    with Draft.open(path) as draft:
        assert draft.entries.unit == Unit(name="另一局")


@pytest.mark.parametrize(
    ("code", "is_wrecked"),
    [
        (sqlite3.SQLITE_CORRUPT_INDEX, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_ERROR, True),
        (sqlite3.SQLITE_IOERR_READ, False),
        (sqlite3.SQLITE_NOMEM, False),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_PERM, False),
    ],
)
def test_only_what_lies_in_the_file_is_called_spoiled(filled, path, monkeypatch, code, is_wrecked):
    """A scanner touches the file, and what is read of it then fails for one reason or another."""

    def failing(_path):
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = code
        raise error

    os.utime(path)
    monkeypatch.setattr(watch, "past_locks", failing)
    assert (filled.trouble and filled.trouble.code) == ("E379" if is_wrecked else None)


@pytest.mark.parametrize("harm", [deleted, moved])
def test_nothing_appears_where_the_file_was(filled, path, tmp_path, harm):
    harm(path)
    before = sorted(one.name for one in path.parent.iterdir())
    filled.save_as(tmp_path / "别处.zpb")
    with pytest.raises(StoreError, match="E301"):
        look(path)
    (tmp_path / "别处.zpb").unlink()
    assert filled.trouble is not None
    assert sorted(one.name for one in path.parent.iterdir()) == before


def test_a_file_that_is_not_there_is_not_made_by_reading_past_locks(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        past_locks(tmp_path / "没有.zpb")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_hangs_keeps_no_edit_waiting_that_does_not_need_it(filled, monkeypatch):
    """A glimpse waits for the system outside of what edits wait for."""
    hangs, goes_on, stat = Event(), Event(), os.stat

    def hanging(*arguments, **named):
        if current_thread() is looking:
            hangs.set()
            goes_on.wait(10)
        return stat(*arguments, **named)

    looking = Thread(target=filled.glimpse)
    monkeypatch.setattr(os, "stat", hanging)
    looking.start()
    assert hangs.wait(10)
    filled.put_unit(Unit(name="另一局"))
    goes_on.set()
    looking.join()


def test_a_glimpse_leaves_what_a_disk_left_half_done_to_the_next_edit(filled, monkeypatch):
    filled._database._watch.unsettle()
    monkeypatch.setattr(watch, "last_step", lambda _sql: pytest.fail("the connection was asked"))
    assert filled.glimpse() is None
    filled._database._watch.doubt = StoreError("E392", path=filled.path, detail="读写出错")
    assert filled.glimpse().code == "E392"
    monkeypatch.undo()
    filled.put_unit(Unit(name="另一局"))
    assert filled.glimpse() is None
