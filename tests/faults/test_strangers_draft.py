"""A draft from a stranger, with whatever lies beside it, computes points and does nothing else."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from strangers import SHIPPED, journal_that_names, meddle

from selfassess.catalogue import loader
from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.owner import note_of
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
