"""A draft from a stranger, with whatever lies beside it, computes points and does nothing else."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from strangers import SHIPPED, journal_that_names, meddle

from selfassess.catalogue import loader
from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.owner import Owner, note_of
from selfassess.store.place import journal_of

MET = {"1.2": Answer(met=True)}


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "草稿.zpb"
    with Draft.create(path, loader.load(SHIPPED)) as made:
        made.put_answers(MET)
    return path


@pytest.fixture
def path(honest, tmp_path) -> Path:
    return Path(shutil.copy(honest, tmp_path))


def refused(path: Path, code: str = "E306") -> str:
    """Why a draft is refused; it is left byte for byte, and nothing beside it."""
    before, names = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(StoreError) as caught:
        Draft.open(path)
    assert caught.value.code == code
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == (before, names)
    return caught.value.message


# -------------------------------------------------------------------------------------------------------- what it runs
@pytest.mark.parametrize("name", ["theirs", "sqlite_theirs", "sqlite_autoindex_entry_9", "sqlite_stat1"])
@pytest.mark.parametrize(
    ("kind", "table", "statement"),
    [
        ("trigger", "step", "CREATE TRIGGER {} AFTER INSERT ON step BEGIN DELETE FROM change; END"),
        ("view", "{}", "CREATE VIEW {} AS SELECT load_extension('x')"),
    ],
)
def test_a_trigger_or_view_of_any_name_is_refused(path, name, kind, table, statement):
    row = (kind, name, table.format(name), statement.format(name))
    meddle(path, [("INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, 0, ?)", row)])
    assert "表结构" in refused(path)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (a)",
        "CREATE INDEX more ON entry (value)",
        "CREATE INDEX more ON entry (abs(value))",
        "CREATE VIRTUAL TABLE more USING fts5 (a)",
        "ALTER TABLE entry ADD COLUMN more TEXT GENERATED ALWAYS AS (upper(value)) VIRTUAL",
        "ALTER TABLE entry ADD COLUMN more TEXT DEFAULT 'x'",
        "ANALYZE",
    ],
)
def test_a_table_column_or_index_too_many_is_refused(path, statement):
    meddle(path, [statement])
    assert "表结构" in refused(path)


def test_an_open_draft_can_neither_load_extensions_nor_trust_its_schema(path):
    with Draft.open(path) as draft:
        sql = draft._database.sql
        assert sql.execute("PRAGMA trusted_schema").fetchone() == (0,)
        with pytest.raises(Exception, match="not authorized"):
            sql.execute("SELECT load_extension('x')")


# ------------------------------------------------------------------------------- what once made the program stumble
@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("adjustment", "9" * 5000, "matter", "甲"), "其他事项"),
        (("evidence", "9" * 5000, "row", "2.7"), "佐证材料"),
        (("evidence", "٣", "row", "2.7"), "佐证材料"),
        (("evidence", "1", "pages", "9" * 5000), "佐证材料"),
        (("answer", "2.7", "字" * 5000, "1"), "2.7"),
        (("weather" * 900, "x", "y", "z"), "weather"),
    ],
    ids=range(6),
)
def test_an_absurd_key_or_number_is_refused_with_its_place_told_short(path, row, place):
    meddle(path, [("INSERT INTO entry VALUES (?, ?, ?, ?)", row)])
    said = refused(path, "E319")
    assert place in said
    assert len(said) < 400


def put_any_type(path: Path, table: str, column: str, value: object) -> None:
    """Write a value of any type past STRICT, by taking it out of the schema for a while."""
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        names = [name for (name,) in sql.execute("SELECT name FROM pragma_table_info(?)", (table,))]
        (honest,) = sql.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    loose = f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {', '.join(name for name in names if name != 'id')})"
    for statement in (loose, f"UPDATE {table} SET {column} = ?", honest):  # noqa: S608  (from the list below)
        with closing(sqlite3.connect(path, isolation_level=None)) as sql:
            if statement.startswith("UPDATE"):
                sql.execute(statement, (value,))
                continue
            sql.execute("PRAGMA writable_schema = ON")
            sql.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (statement, table))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("summary", "unit", b"\xff"),
        ("summary", "title", None),
        ("summary", "year", b""),
        ("summary", "catalogue", None),
        ("summary", "rows", 1.5),
        ("summary", "rows", None),
        ("step", "at", 7),
        ("step", "at", b"\xff"),
        ("step", "total", 1.5),
        ("step", "total", b"1"),
        ("step", "answered", "x"),
        ("step", "answered", b""),
    ],
)
def test_a_summary_of_the_wrong_type_is_refused_and_listed_as_damaged(path, table, column, value):
    put_any_type(path, table, column, value)
    refused(path)
    seen = look_at(path)
    assert seen.summary is None
    assert "已损坏" in seen.fault


@pytest.mark.parametrize("value", ["text", 7, None])
def test_a_document_that_is_no_bytes_is_refused_when_it_is_read(path, value):
    with Draft.open(path) as draft:
        draft.attach("2.7", "甲.pdf", b"%PDF")
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        (honest,) = sql.execute("SELECT sql FROM sqlite_schema WHERE name = 'blob'").fetchone()
    loose = "CREATE TABLE blob (sha256 TEXT PRIMARY KEY, size, content)"
    for statement, values in ((loose, ()), ("UPDATE blob SET content = ?", (value,)), (honest, ())):
        with closing(sqlite3.connect(path, isolation_level=None)) as sql:
            if values:
                sql.execute(statement, values)
                continue
            sql.execute("PRAGMA writable_schema = ON")
            sql.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'blob'", (statement,))
    with Draft.open(path) as draft, pytest.raises(StoreError, match="E324"):
        draft.evidence_bytes(draft.evidence("2.7")[0])


@pytest.mark.parametrize(
    "changes",
    [
        [("UPDATE change SET before = 'x' WHERE field = 'met'", ()), ("UPDATE change SET before = 'x'", ())],
        [("UPDATE change SET key = '9.9', before = '1' WHERE field = 'met'", ())],
        [("DELETE FROM change WHERE step = (SELECT max(id) FROM step)", ())],
        [("UPDATE change SET field = 'value', after = 'x' WHERE field = 'met'", ())],
    ],
    ids=["unreadable", "no such row", "lost", "no number"],
)
def test_a_history_that_would_bring_back_what_cannot_be_is_not_undone(path, changes):
    meddle(path, changes)
    with Draft.open(path) as draft:
        assert len(draft.undo_text) < 200
        with pytest.raises(StoreError, match="E332"):
            draft.undo()
        assert draft.entries.answers == MET
    with Draft.open(path) as draft:
        assert draft.entries.answers == MET


def test_changes_whose_steps_are_gone_are_refused_before_an_edit_falls_over_them(path):
    meddle(path, ["DELETE FROM step WHERE id > 1"])
    assert "历史" in refused(path)


def test_a_step_of_an_endless_name_is_told_short(path):
    meddle(path, [("UPDATE step SET label = ?", ("长" * 100_000,))])
    with Draft.open(path) as draft:
        assert len(draft.undo_text) < 300


def test_bytes_that_are_no_text_are_refused_wherever_they_lie(path):
    whole = path.read_bytes()
    for piece in (b"CREATE TABLE summary", b"CREATE TABLE blob", "指标".encode(), b"xizang-dept-budget"):
        at = whole.index(piece)
        path.write_bytes(whole[: at + 7] + b"\xff\x80" + whole[at + 9 :])
        look_at(path)
        assert refused(path, "E306")
        # Nothing of the refused attempt keeps the file locked.
        path.write_bytes(whole)
        Draft.open(path).close()


@pytest.mark.parametrize(("at", "value"), [(18, 2), (19, 2), (18, 9), (47, 5), (31, 0), (27, 99)])
def test_a_damaged_header_does_not_get_the_file_rewritten(path, at, value):
    content = bytearray(path.read_bytes())
    content[at] = value
    if at == 27:  # SQLite counts the pages itself then, and would write down what it found
        content += bytes(4096)
    path.write_bytes(content)
    refused(path)


# ------------------------------------------------------------------------------------------------ what lies beside it
def test_a_journal_that_names_another_file_does_not_get_it_deleted(path, tmp_path_factory):
    precious = tmp_path_factory.mktemp("elsewhere") / "precious.txt"
    precious.write_text("years of work")
    journal_of(path).write_bytes(journal_that_names(path, precious))
    assert look_at(path) is not None
    assert "-journal" in refused(path)
    assert precious.read_text() == "years of work"


def test_a_journal_that_is_a_link_or_a_pipe_is_refused(path, tmp_path_factory):
    precious = tmp_path_factory.mktemp("elsewhere") / "precious.txt"
    precious.write_text("years of work")
    journal_of(path).symlink_to(precious)
    assert "-journal" in refused(path)
    journal_of(path).unlink()
    os.mkfifo(journal_of(path))
    assert "-journal" in refused(path)
    assert precious.read_text() == "years of work"


def test_a_note_that_is_a_link_is_not_written_through(path, tmp_path_factory):
    precious = tmp_path_factory.mktemp("elsewhere") / "precious.txt"
    precious.write_text("years of work")
    note_of(path).symlink_to(precious)
    with Draft.open(path) as draft:
        assert not note_of(path).is_symlink()
        draft.put_answers({"1.2": Answer(met=False)})
    assert precious.read_text() == "years of work"
    assert not os.path.lexists(note_of(path))


@pytest.mark.parametrize(
    "note",
    [
        b'{"host": "a", "user": "b", "pid": Infinity, "since": "", "process": ""}',
        b'{"host": "a", "user": "b", "pid": 1e999, "since": "", "process": ""}',
        b"[" * 4096,
        b'{"host": ' + b"[" * 4000,
        b'{"host": "\\ud800", "user": "", "pid": 1, "since": "", "process": ""}',
        b'{"host": "a", "user": "b", "pid": 1, "since": "0001-01-01T00:00:00-23:59", "process": ""}',
        bytes(range(256)),
    ],
    ids=range(7),
)
def test_a_note_made_to_break_the_program_says_nothing(path, note):
    note_of(path).write_bytes(note)
    with Draft.open(path) as draft:
        assert draft.entries.answers == MET
        assert len(draft.notice) < 600
    note_of(path).write_bytes(note)
    assert look_at(path).summary is not None


def test_a_note_that_is_a_pipe_is_not_waited_for(path):
    os.mkfifo(note_of(path))
    with Draft.open(path) as draft:
        assert draft.last_owner is None


def test_an_endless_name_in_a_note_is_told_on_one_line_and_short(path):
    note = {"host": "机" * 900, "user": "a\nb\u202ec", "pid": 1, "since": "", "process": ""}
    note_of(path).write_text(json.dumps(note, ensure_ascii=False))
    with Draft.open(path) as draft:
        assert len(draft.notice) < 600
        assert "\n" not in draft.notice
        assert "\u202e" not in draft.notice


# --------------------------------------------------------------------------------------------------------- what it says
@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00"]
)
def test_a_moment_that_no_clock_here_can_show_is_refused(path, at):
    """Told in another zone it would lie before the first year, or after the last."""
    meddle(path, [("UPDATE step SET at = ?", (at,))])
    refused(path)
    seen = look_at(path)
    assert seen is not None
    assert seen.summary is None


@pytest.mark.parametrize("seconds", [2**33, 2**40, 253402300799, -1, -(2**40)])
def test_a_file_of_a_day_that_no_calendar_knows_is_listed(path, seconds):
    try:
        os.utime(path, (seconds, seconds))
    except OSError:  # this disk does not know it either
        return
    seen = look_at(path)
    assert seen is not None
    assert seen.summary is not None
    for hours in (-14, 14):
        assert seen.modified.astimezone(timezone(timedelta(hours=hours))).year < 10_000


def test_a_note_of_a_stranger_is_told_on_one_line_and_short():
    owner = Owner(host="甲\n乙\u202e", user="<b>" + "王" * 3000, pid=7, since="今天", process="x")
    assert "\n" not in str(owner)
    assert "\u202e" not in str(owner)
    assert len(str(owner)) < 250
