"""另存为: a checked copy, or nothing at all where it should have been."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import copying, summary
from selfassess.store.draft import Draft

D = Decimal
MET = {"1.1": Answer(met=True)}


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_copy_has_entries_history_and_evidence_and_the_original_goes_on(draft, path, tmp_path):
    draft.put_answers(MET)
    draft.attach("1.1", "甲.pdf", b"scan")
    (one,) = draft.evidence()
    assert draft.save_as(tmp_path / "副本.zpb") == ""
    assert draft.path == path
    draft.put_unit(Unit(name="只在原件"))
    with Draft.open(tmp_path / "副本.zpb") as copy:
        assert copy.entries.answers == MET
        assert copy.entries.unit == Unit()
        assert copy.evidence_bytes(one) == b"scan"
        copy.undo()
        copy.undo()
        assert copy.entries.answers == {}
        assert copy.redo_text == "重做：1.1 是否符合 空 → 是"
    draft.close()
    assert names(tmp_path) == ["副本.zpb", "草稿.zpb"]


def test_one_can_go_on_in_the_copy(draft, path, tmp_path):
    draft.put_answers(MET)
    draft.save_as(tmp_path / "副本.zpb", switch=True)
    draft.put_unit(Unit(name="只在副本"))
    assert draft.path == tmp_path / "副本.zpb"
    with Draft.open(path) as original:
        assert original.entries.unit == Unit()
    with pytest.raises(StoreError, match="E309"):
        Draft.open(tmp_path / "副本.zpb")
    draft.close()
    assert names(tmp_path) == ["副本.zpb", "草稿.zpb"]


def test_a_copy_in_which_one_cannot_go_on_is_closed_again(draft, path, tmp_path, monkeypatch):
    """Else it would be locked for everybody until the program ends."""
    draft.put_answers(MET)

    def bad(_sql: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as disk:
        disk.setattr(summary, "read_lasting", bad)
        with pytest.raises(StoreError, match="E315"):
            draft.save_as(tmp_path / "副本.zpb", switch=True)
    with Draft.open(tmp_path / "副本.zpb") as copy:
        assert copy.entries.answers == MET
    draft.put_unit(Unit(name="还在这里"))
    assert draft.path == path
    draft.save_as(tmp_path / "副本.zpb", switch=True)
    assert draft.path == tmp_path / "副本.zpb"


def test_an_older_draft_at_the_place_is_replaced_with_its_journal(draft, tmp_path, catalogue):
    target = tmp_path / "旧.zpb"
    Draft.create(target, catalogue).close()
    journal = target.with_name(target.name + "-journal")
    journal.write_bytes(b"\x00" * 512)
    draft.put_answers(MET)
    draft.save_as(target)
    assert not journal.exists()
    with Draft.open(target) as opened:
        assert opened.entries.answers == MET


@pytest.mark.parametrize("content", [b"", "报告".encode(), b"PK\x03\x04" + b"x" * 500], ids=["empty", "text", "zip"])
def test_a_file_that_is_no_draft_is_never_overwritten(draft, tmp_path, content):
    target = tmp_path / "报告.docx"
    target.write_bytes(content)
    with pytest.raises(StoreError, match=r"E330.*没有覆盖"):
        draft.save_as(target)
    assert target.read_bytes() == content


def test_a_database_of_another_program_is_never_overwritten(draft, tmp_path):
    target = tmp_path / "别人.db"
    with closing(sqlite3.connect(target)) as sql:
        sql.execute("CREATE TABLE theirs (a)")
    before = target.read_bytes()
    with pytest.raises(StoreError, match="E330"):
        draft.save_as(target)
    assert target.read_bytes() == before


def test_a_draft_that_somebody_has_open_is_never_overwritten(draft, tmp_path, catalogue):
    target = tmp_path / "开着.zpb"
    with Draft.create(target, catalogue) as other:
        with pytest.raises(StoreError, match="E309"):
            draft.save_as(target)
        other.put_answers(MET)
    with closing(sqlite3.connect(target, isolation_level=None)) as sql:
        sql.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="E308"):
            draft.save_as(target)


def test_a_place_that_cannot_be_is_refused(draft, path, tmp_path):
    with pytest.raises(StoreError, match="E318"):
        draft.save_as(path)
    with pytest.raises(StoreError, match="E317"):
        draft.save_as(tmp_path / "没有" / "副本.zpb")
    (tmp_path / "文件夹.zpb").mkdir()
    with pytest.raises(StoreError, match="E302"):
        draft.save_as(tmp_path / "文件夹.zpb")
    assert names(tmp_path) == [".草稿.zpb.lock", "文件夹.zpb", "草稿.zpb"]


def test_a_copy_that_does_not_pass_its_check_is_not_kept_and_an_old_one_stays(draft, tmp_path, catalogue, monkeypatch):
    target = tmp_path / "旧.zpb"
    Draft.create(target, catalogue).close()
    before = target.read_bytes()
    draft.put_answers(MET)
    # A disk that forgets what it was given: the one way to make a written copy wrong.
    monkeypatch.setattr(copying, "_fault_of", lambda *_, **__: "内容与原草稿不同")
    with pytest.raises(StoreError, match=r"E316.*内容与原草稿不同.*原草稿不受影响"):
        draft.save_as(target)
    assert target.read_bytes() == before
    assert names(tmp_path) == [".草稿.zpb.lock", "旧.zpb", "草稿.zpb", "草稿.zpb-journal"]
    draft.put_answers({"1.2": Answer(points=D(3))})


def test_the_check_of_a_copy_notices_what_differs(draft, tmp_path):
    draft.put_answers(MET)
    state = draft._contents
    draft.save_as(tmp_path / "副本.zpb")
    assert copying._fault_of(tmp_path / "副本.zpb", tmp_path, state, whole=True) == ""
    draft.put_answers({"1.2": Answer(points=D(3))})
    assert copying._fault_of(tmp_path / "副本.zpb", tmp_path, draft._contents, whole=True) == "内容与原草稿不同"
    (tmp_path / "副本.zpb").write_bytes(b"SQLite format 3\x00 and then nothing")
    assert copying._fault_of(tmp_path / "副本.zpb", tmp_path, state, whole=True)


@pytest.mark.parametrize("gives", [0, 1, 2])
def test_what_a_worn_disk_gives_but_once_is_in_the_copy_and_what_it_gives_no_more_is_named(
    draft, path, tmp_path, monkeypatch, gives
):
    for name in ("甲.pdf", "乙.pdf"):
        draft.attach("1.1", name, name.encode() * 9000)
    documents, asked, really = draft.evidence(), [], copying.copy_bytes
    older = path.read_bytes()
    draft.put_unit(Unit(name="某局"))
    path.write_bytes(older)  # by somebody else, so that the copy is made of what is on the screen

    def worn(sql, evidence, *rest):
        asked.append(evidence)
        if evidence not in documents[:gives] or asked.count(evidence) > 1:
            raise StoreError("E315", path=path, detail="读不出来")
        really(sql, evidence, *rest)

    monkeypatch.setattr(copying, "copy_bytes", worn)
    notice = draft.save_as(tmp_path / "救出.zpb")
    assert [one.name in notice for one in documents] == [one not in documents[:gives] for one in documents]
    with Draft.open(tmp_path / "救出.zpb") as rescued:
        assert [rescued.evidence_bytes(one) for one in rescued.evidence()] == [
            one.name.encode() * 9000 for one in documents[:gives]
        ]


def test_what_a_killed_copy_left_is_tidied_away_once_it_is_old_and_nothing_else_is(draft, tmp_path, path):
    names = [".0123456789ab.zpb-new", ".0123456789ac.zpb-new", "0123456789ab.zpb-new", ".note.zpb-new"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / names[1]).touch()  # somebody is writing it right now
    draft.save_as(tmp_path / "副本.zpb")
    assert [name for name in names if (tmp_path / name).exists()] == names[1:]
    os.utime(tmp_path / names[1], (0, 0))
    draft.close()
    Draft.open(path).close()
    assert [name for name in names if (tmp_path / name).exists()] == names[2:]
