"""What lists of drafts show: proved, remembered from start to start, and never believed where a doubt is possible."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from decimal import Decimal

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.store import glance, overview
from selfassess.store.digest import digest_of_bytes
from selfassess.store.draft import Draft
from selfassess.store.glance import Looker, identity_in, look_at
from selfassess.store.library import Library, told
from selfassess.store.overview import Overview

D = Decimal
NOW_NS = time.time_ns


@pytest.fixture(autouse=True)
def _later(monkeypatch):
    """A few seconds have passed since a draft was written."""
    monkeypatch.setattr(overview.time, "time_ns", lambda: NOW_NS() + 5_000_000_000)


@pytest.fixture
def shelf(tmp_path):
    """A new start of the program each time."""
    return lambda: Library(tmp_path / "草稿", tmp_path / "overview.json")


@pytest.fixture
def make(shelf, catalogue, clock):
    def make(name, points="3"):
        path = shelf().new_path(Unit(name=name), catalogue)
        with Draft.create(path, catalogue, clock=clock) as made:
            made.put_unit(Unit(name=name))
            made.put_answers({"1.2": Answer(points=D(points))})
        return path

    return make


def edit(path, points):
    with Draft.open(path) as draft:
        draft.put_answers({"1.2": Answer(points=D(points))})


def lines(entries):
    return {(one.summary.unit, one.summary.total) for one in entries if one.summary}


def test_what_was_looked_at_is_known_at_the_next_start(shelf, make):
    make("外事办"), make("财政厅", "4")
    assert all(one.is_pending for one in shelf().known())
    seen = shelf().entries()
    assert lines(seen) == {("外事办", D(3)), ("财政厅", D(4))}
    assert told(shelf().known()) == seen


def test_a_draft_that_was_written_since_is_looked_at_again(shelf, make):
    path = make("外事办")
    make("财政厅")
    shelf().entries()
    edit(path, "7")
    assert [one.path for one in shelf().known() if one.is_pending] == [path]
    assert lines(shelf().entries()) == {("外事办", D(7)), ("财政厅", D(3))}


def test_bytes_that_changed_behind_an_old_date_and_size_are_noticed(shelf, make):
    path = make("外事办")
    shelf().entries()
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(status.st_size // 2)
        file.write(b"\xff" * 100)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [one.is_pending for one in shelf().known()] == [True]


def test_a_file_put_in_the_place_of_another_is_noticed(shelf, make):
    path, other = make("外事办"), make("财政厅")
    shelf().entries()
    other.replace(path)
    (entry,) = shelf().known()
    assert entry.is_pending
    assert lines(shelf().entries()) == {("财政厅", D(3))}


def test_a_draft_written_this_very_moment_is_not_taken_as_known(shelf, make, monkeypatch):
    monkeypatch.setattr(overview.time, "time_ns", NOW_NS)
    make("外事办")
    shelf().entries()
    assert shelf().known()[0].is_pending


def test_an_open_draft_is_looked_at_each_time(shelf, make):
    path = make("外事办")
    shelf().entries()
    with Draft.open(path):
        assert shelf().known()[0].is_pending
        assert f"进程 {os.getpid()}" in shelf().entries()[0].notice
    assert shelf().entries()[0].notice == ""


def test_copies_of_one_draft_are_told_although_nothing_was_looked_at_again(shelf, make):
    path = make("外事办")
    shutil.copyfile(path, path.with_name("副本.zpb"))
    seen = shelf().entries()
    assert ["2 个副本" in one.notice for one in seen] == [True, True]
    assert told(shelf().known()) == seen
    shutil.copyfile(path, path.with_name("副本（2）.zpb"))
    assert ["3 个副本" in one.notice for one in shelf().entries()] == [True, True, True]


def test_drafts_that_went_are_forgotten(shelf, make, tmp_path):
    make("外事办").unlink()
    make("财政厅")
    shelf().entries()
    library = shelf()
    (tmp_path / "草稿" / next((tmp_path / "草稿").iterdir()).name).unlink()
    assert library.entries() == ()
    assert b"zpb" not in (tmp_path / "overview.json").read_bytes()


# ------------------------------------------------------------------------------------------- lost, damaged, made up
def put(path, content: bytes) -> None:
    path.write_bytes(digest_of_bytes(content).encode() + b"\n" + content)


def forged(path, old: bytes, new: bytes) -> None:
    content = path.read_bytes().partition(b"\n")[2]
    assert old in content
    put(path, content.replace(old, new))


def test_a_damaged_overview_is_thrown_away_wherever_it_is_damaged(shelf, make, tmp_path):
    make("外事办")
    seen = shelf().entries()
    path = tmp_path / "overview.json"
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x01]) + whole[at + 1 :])
        assert shelf().known()[0].is_pending
        path.write_bytes(whole[:at])
        assert shelf().known()[0].is_pending
    assert shelf().entries() == seen
    assert told(shelf().known()) == seen


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"total":"3"', b'"total":"NaN"'),
        (b'"total":"3"', b'"total":"1E+999999999"'),
        (b'"total":"3"', b'"total":"1E-999999999"'),
        (b'"total":"3"', b'"total":[]'),
        (b'"answered":1', b'"answered":-1'),
        (b'"answered":1', b'"answered":99'),
        (b'"rows":7', b'"rows":99999999999'),
        (b'"unit":"', b'"unit":"' + b"x" * 1000),
        (b'"saved":"20', b'"saved":"x'),
        (b'Z"}', b'"}'),  # a time without a zone
        (b'"program":"selfassess', b'"program":"another'),
        (b'"lines":{', b'"lines":' + b"[" * 100_000 + b"{"),
    ],
    ids=ascii,
)
def test_an_overview_somebody_made_up_shows_nothing_that_cannot_be(shelf, make, tmp_path, old, new):
    make("外事办")
    shelf().entries()
    forged(tmp_path / "overview.json", old, new)
    assert shelf().known()[0].is_pending
    assert lines(shelf().entries()) == {("外事办", D(3))}


def _folder(path):
    path.mkdir()


def _pipe(path):
    os.mkfifo(path)


def _loop(path):
    path.symlink_to(path)


def _huge(path):
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize("spoil", [_folder, _pipe, _loop, _huge], ids=["folder", "pipe", "loop", "huge"])
def test_whatever_lies_in_its_place_the_drafts_are_listed(shelf, make, tmp_path, spoil):
    make("外事办")
    spoil(tmp_path / "overview.json")
    assert lines(shelf().entries()) == {("外事办", D(3))}
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_link_in_its_place_is_replaced_and_never_written_through(shelf, make, tmp_path):
    make("外事办")
    other = tmp_path / "别人的.txt"
    other.write_text("别人的")
    (tmp_path / "overview.json").symlink_to(other)
    shelf().entries()
    assert other.read_text() == "别人的"
    assert not shelf().known()[0].is_pending


def test_a_folder_that_takes_no_overview_stops_nobody(make, tmp_path):
    make("外事办")
    library = Library(tmp_path / "草稿", tmp_path / "weg" / "overview.json")
    assert lines(library.entries()) == {("外事办", D(3))}
    assert lines(library.known()) == {("外事办", D(3))}


def test_a_name_that_is_no_text_is_listed(shelf, make):
    path = make("外事办")
    path.rename(os.fsdecode(os.fsencode(path.parent) + b"/\xff\xfe.zpb"))
    assert lines(shelf().entries()) == {("外事办", D(3))}
    assert lines(shelf().entries()) == {("外事办", D(3))}


def test_without_a_place_for_it_nothing_is_left_anywhere(make, tmp_path):
    make("外事办")
    Library(tmp_path / "草稿").entries()
    assert [one.name for one in tmp_path.iterdir()] == ["草稿"]


# --------------------------------------------------------------------------------------------- never a wrong total
def test_a_total_or_name_that_was_changed_without_an_edit_is_never_shown(make):
    path = make("外事办")
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE step SET total = '99', answered = 6")
        sql.execute("UPDATE summary SET unit = '别的单位', title = '别的表', rows = 6, year = '1999'")
        sql.commit()
    entry = look_at(path)
    assert (entry.summary.unit, entry.summary.total, entry.summary.answered) == ("外事办", D(3), 1)
    assert (entry.summary.title, entry.summary.rows, entry.summary.year) == ("部门预算管理绩效考核自评表", 7, "2022")


def test_an_answer_that_was_changed_without_an_edit_is_told_as_damaged_and_no_total_is_shown(make):
    path = make("外事办")
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE entry SET value = '19' WHERE key = '1.2'")
        sql.commit()
    entry = look_at(path)
    assert (entry.summary, entry.is_pending) == (None, False)
    assert "校验值" in entry.fault


def test_whichever_byte_flips_no_wrong_line_is_listed(make, tmp_path):
    path, looker = make("外事办"), Looker()
    whole, copy = path.read_bytes(), tmp_path / "草稿" / "坏.zpb"
    right = look_at(path).summary
    outcomes = {"listed": 0, "refused": 0}
    for at in range(0, len(whole), 61):
        copy.write_bytes(whole[:at] + bytes([whole[at] ^ 0x04]) + whole[at + 1 :])
        entry = looker.look_at(copy)
        if entry.summary is None:
            assert entry.fault
            outcomes["refused"] += 1
        else:
            assert (entry.summary.unit, entry.summary.total) == (right.unit, right.total)
            assert (entry.summary.answered, entry.summary.title) == (right.answered, right.title)
            outcomes["listed"] += 1
    assert min(outcomes.values()) > 20


def test_tables_that_only_look_like_ours_keep_nobody_busy(make):
    path = make("外事办")
    with closing(sqlite3.connect(path)) as sql:
        columns = [row[1] for row in sql.execute("PRAGMA table_info(summary)")]
        sql.execute("DROP TABLE summary")
        told = ", ".join(f"count(*) AS {column}" for column in columns)
        endless = "WITH RECURSIVE n(one) AS (SELECT 1 UNION ALL SELECT 1 FROM n)"
        sql.execute(f"CREATE VIEW summary AS {endless} SELECT {told} FROM n")  # noqa: S608  (names of our own)
        sql.commit()
    assert "表结构" in look_at(path).fault
    assert identity_in(path) == ""


@pytest.mark.parametrize("limit", ["_MOST_FIELDS", "_MOST_LETTERS"])
def test_a_draft_too_large_for_a_list_is_pending_and_shows_no_total(shelf, make, monkeypatch, limit):
    make("外事办")
    monkeypatch.setattr(glance, limit, 2)
    (entry,) = shelf().entries()
    assert (entry.is_pending, entry.summary, entry.fault) == (True, None, "")
    assert entry.identity


def test_a_name_of_a_hundred_thousand_letters_is_cut(make):
    path = make("外事办")
    with Draft.open(path) as draft:
        draft.put_unit(Unit(name="长" * 100_000))
    assert look_at(path).summary.unit == "长" * 500


def test_the_rules_of_many_forms_are_not_all_remembered(shelf, make, monkeypatch):
    monkeypatch.setattr(glance, "_MOST_RULES", 0)
    make("外事办")
    looker = Looker()
    assert looker.look_at(make("财政厅")).summary is not None
    assert looker._rules == {}


def test_lines_beyond_a_limit_are_not_kept(shelf, make, monkeypatch):
    monkeypatch.setattr(overview, "_MOST_LINES", 1)
    make("外事办"), make("财政厅")
    assert len(lines(shelf().entries())) == 2
    assert sorted(one.is_pending for one in shelf().known()) == [False, True]


def test_an_overview_without_a_place_lasts_as_long_as_the_program(make):
    path = make("外事办")
    kept, mark = Overview(None), overview.Mark.of(path.lstat())
    kept.put(mark, look_at(path))
    kept.save()
    assert kept.get(path.name, mark).summary.total == D(3)
