from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.library import Library, look_at
from selfassess.store.naming import file_name
from selfassess.store.owner import read_owner
from selfassess.temporary import beside

D = Decimal


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "草稿")


def make(library, catalogue, clock, name, *edits):
    path = library.new_path(Unit(name=name), catalogue)
    with Draft.create(path, catalogue, clock=clock) as made:
        made.put_unit(Unit(name=name))
        for answers in edits:
            made.put_answers(answers)
    return path


def test_a_folder_that_does_not_exist_yet_has_no_drafts(library):
    assert library.entries() == ()
    assert not library.folder.exists()


def test_drafts_are_listed_with_progress_and_total_the_last_edited_first(library, catalogue, clock):
    make(library, catalogue, clock, "外事办")
    make(library, catalogue, clock, "财政厅", {"1.1": Answer(met=True)}, {"1.2": Answer(points=D("12.5"))})
    told = [
        (
            one.summary.unit,
            one.summary.year,
            one.summary.answered,
            one.summary.rows,
            one.summary.total,
            one.fault,
            one.notice,
        )
        for one in library.entries()
        if one.summary
    ]
    assert told == [("财政厅", "2022", 2, 7, D("32.5"), "", ""), ("外事办", "2022", 0, 7, D(0), "", "")]
    first = library.entries()[0].summary
    assert first is not None
    assert (first.title, first.catalogue, first.saved) == (catalogue.title, "small-form/2022", clock.time)


def test_a_listed_draft_says_what_the_last_step_led_to_whatever_kind_it_was(library, catalogue, clock):
    path = make(library, catalogue, clock, "外事办", {"1.2": Answer(points=D(3))}, {"1.2": Answer(points=D(4))})
    with Draft.open(path, clock=clock) as draft:
        draft.undo()
    assert [(one.summary.unit, one.summary.total, one.summary.saved) for one in library.entries() if one.summary] == [
        ("外事办", D(3), clock.time)
    ]


def test_what_a_killed_program_was_writing_is_gone_when_the_start_page_has_listed_the_drafts(library, catalogue, clock):
    path = make(library, catalogue, clock, "外事办")
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        pass
    named = beside(path, "zpb-new")
    named.with_name(named.name.replace(f"-{os.getpid()}-", f"-{killed.pid}-")).write_bytes(b"half")
    assert [one.path for one in library.entries()] == [path]
    assert list(library.folder.iterdir()) == [path]


def test_a_form_where_no_row_applies_has_no_total(library, catalogue, clock):
    answers = {row.code: Answer(not_applicable="无此项") for _, row in catalogue.indicators() if row.code != "3.1"}
    make(library, catalogue, clock, "外事办", answers)
    summary = library.entries()[0].summary
    assert summary is not None
    assert (summary.total, summary.answered) == (None, 7)


def test_broken_and_foreign_files_are_listed_last_with_their_reason(library, catalogue, clock):
    make(library, catalogue, clock, "外事办")
    broken = make(library, catalogue, clock, "坏的")
    broken.write_bytes(broken.read_bytes()[:6000])
    (library.folder / "空.zpb").touch()
    (library.folder / "别人.zpb").write_text("not a draft")
    (library.folder / "夹.zpb").mkdir()
    (library.folder / "笔记.txt").write_text("not listed")
    (library.folder / ".隐藏.zpb").write_text("not listed")
    listed = library.entries()
    assert [bool(one.summary) for one in listed] == [True, False, False, False, False]
    faults = {one.path.name: one.fault for one in listed if one.fault}
    assert "0 字节" in faults["空.zpb"]
    assert "不是本程序的草稿" in faults["别人.zpb"]
    assert "是文件夹" in faults["夹.zpb"]
    assert "已损坏" in faults[broken.name]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE summary",
        "DELETE FROM summary",
        "DELETE FROM step",
        "UPDATE step SET at = '2023-01-05'",
        "UPDATE step SET total = 'x'",
    ],
)
def test_a_summary_somebody_meddled_with_is_a_fault_not_a_crash(library, catalogue, clock, statement):
    path = make(library, catalogue, clock, "外事办")
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(statement)
        sql.commit()
    (entry,) = library.entries()
    assert "已损坏" in entry.fault


def test_listing_touches_nothing_and_leaves_nothing(library, catalogue, clock):
    path = make(library, catalogue, clock, "外事办")
    path.chmod(0o444)
    library.folder.chmod(0o555)
    before = path.read_bytes(), path.stat().st_mtime_ns
    try:
        assert library.entries()[0].summary is not None
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before
        assert list(library.folder.iterdir()) == [path]
    finally:
        library.folder.chmod(0o755)


def test_an_open_draft_is_listed_with_who_has_it_and_its_owner_is_not_disturbed(library, catalogue, clock):
    path = library.new_path(Unit(), catalogue)
    with Draft.create(path, catalogue, clock=clock) as draft:
        draft.put_unit(Unit(name="外事办"))
        (entry,) = library.entries()
        assert entry.summary is not None
        assert entry.summary.unit == "外事办"
        assert f"进程 {os.getpid()}" in entry.notice
        draft.put_answers({"1.1": Answer(met=True)})
        (entry,) = library.entries()
        assert entry.summary is not None
        assert entry.summary.answered == 1
    assert library.entries()[0].notice == ""


KILLED = """
import os, signal, sys
from pathlib import Path
from selfassess.domain.entries import Unit
from selfassess.store.draft import Draft
draft = Draft.open(Path(sys.argv[1]))
draft.put_unit(Unit(name="先保存的"))
sql = draft._database.sql
sql.execute("BEGIN IMMEDIATE")
sql.execute("UPDATE summary SET unit = ?", ("写到一半的",))
sql.execute("PRAGMA cache_size = 1")
sql.execute("UPDATE entry SET value = value || ?", ("x" * 20000,))  # spills, so that the journal is hot
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_whose_program_was_killed_while_writing_is_listed_and_recovers_when_opened(library, catalogue, clock):
    path = make(library, catalogue, clock, "外事办", {"1.1": Answer(met=True)})
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, env=env)
    journal = path.with_name(path.name + "-journal")
    assert journal.stat().st_size > 0
    owner = read_owner(path)
    before = path.read_bytes(), journal.read_bytes()
    (entry,) = library.entries()
    assert "没有正常关闭" in (entry.notice or entry.fault)
    assert (path.read_bytes(), journal.read_bytes()) == before
    with Draft.open(path) as recovered:
        assert recovered.last_owner == owner
        assert recovered.entries.unit.name == "先保存的"
    assert library.entries()[0].notice == ""
    assert list(library.folder.iterdir()) == [path]


def test_a_file_that_goes_while_the_folder_is_read_is_left_out(tmp_path):
    assert look_at(tmp_path / "走了.zpb") is None


def test_new_names_are_free_and_say_unit_and_form(library, catalogue):
    first = library.new_path(Unit(name="自治区外事办公室"), catalogue)
    assert first.name == "自治区外事办公室 部门预算管理绩效考核自评表.zpb"
    first.touch()
    assert library.new_path(Unit(name="自治区外事办公室"), catalogue).name.endswith("自评表（2）.zpb")
    assert library.new_path(Unit(), catalogue).name.startswith("未命名单位 ")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('甲/乙\\丙:丁*戊?己"庚<辛>壬|癸', "甲_乙_丙_丁_戊_己_庚_辛_壬_癸"),
        (" 前后 空白 \n", "前后 空白"),
        ("..", "_"),
        ("", "_"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("a\x00b", "a_b"),
        ("\ud83d半个", "_半个"),
        ("长" * 300, "长" * 60),
    ],
    ids=ascii,
)
def test_a_name_fits_every_system(text, name):
    assert file_name(text) == name


def test_a_folder_that_cannot_be_is_refused_in_words(tmp_path, catalogue):
    (tmp_path / "草稿").write_text("a file where the folder should be")
    with pytest.raises(StoreError):
        Library(tmp_path / "草稿").new_path(Unit(), catalogue)
    with pytest.raises(StoreError):
        Library(tmp_path / "草稿").entries()


@pytest.mark.parametrize("left", [1, 3])
def test_an_older_total_is_not_listed_as_the_last_one_when_the_last_steps_are_lost(library, catalogue, clock, left):
    path = make(library, catalogue, clock, "财政厅", {"1.1": Answer(met=True)}, {"1.2": Answer(points=D("12.5"))})
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("PRAGMA foreign_keys = OFF")
        sql.execute("DELETE FROM step WHERE id > ?", (left,))
        sql.commit()
    (entry,) = library.entries()
    assert entry.summary is None
    assert "已损坏（" in entry.fault


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_moment_that_no_clock_can_show_is_damage(library, catalogue, clock, moment):
    path = make(library, catalogue, clock, "财政厅")
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE step SET at = ?", (moment,))
        sql.commit()
    (entry,) = library.entries()
    assert "已损坏（" in entry.fault
    with pytest.raises(StoreError, match="E306"):
        Draft.open(path)
