"""What may lie beside a draft when it is opened: its own journal, a damaged one, that of another file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from form import integrity
from work import DRAFT, START, create, start, state_of

from selfassess.document import Document
from selfassess.domain.entries import Unit
from selfassess.errors import StoreError
from selfassess.store.place import journal_of

pytestmark = pytest.mark.usefixtures("qapp")  # an open draft shows at intervals that it is open


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
    assert document.notice.startswith("草稿上次没有正常关闭，已恢复到最后一次保存的内容")
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


def test_the_journal_of_another_draft_does_no_harm_and_is_kept(hot, quick):
    other = quick / "other"
    other.mkdir()
    path = create(other)
    document = Document.open(path)
    document.put_unit(Unit(name="外事办"))
    document.close()
    content, journal = path.read_bytes(), journal_of(hot).read_bytes()
    shutil.copy(journal_of(hot), journal_of(path))
    document = Document.open(path)
    assert document.entries.unit == Unit(name="外事办")
    assert document.entries.answers == START.answers
    assert document.notice
    document.close()
    assert path.read_bytes()[100:] == content[100:]
    assert integrity(path) == "ok"
    kept = path.with_name(f"{DRAFT}-journal-不符1")
    assert kept.read_bytes() == journal
    assert set(other.iterdir()) == {path, kept}


def test_a_journal_in_use_by_another_program_is_left_to_it(hot):
    with closing(sqlite3.connect(hot, isolation_level=None)) as sql:
        sql.execute("PRAGMA locking_mode = EXCLUSIVE")
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE step SET label = 'x'")
        # Another process would be refused by the lock; in this one it is SQLite itself that knows.
        with pytest.raises(StoreError, match="E308"):
            Document.open(hot)
        sql.execute("ROLLBACK")
