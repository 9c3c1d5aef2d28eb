"""The format: its tables, its steps from version to version, and the page that explains them."""

from __future__ import annotations

import hashlib
import re
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.store import place, schema, upgrade
from selfassess.store.draft import Draft
from selfassess.store.fields import SCOPES
from selfassess.store.place import APPLICATION_ID, FORMAT_VERSION, SUFFIX
from selfassess.store.schema import MIGRATIONS, expected_tables, migrate, tables_of
from selfassess.store.words import (
    ADJUSTMENT_NAMES,
    ANSWER_NAMES,
    DECLARED_NAMES,
    EVIDENCE_NAMES,
    PREVIOUS_NAMES,
    UNIT_NAMES,
)

PAGE = Path(__file__).parents[3] / "docs" / "draft-format.md"


@pytest.fixture
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture
def tables(draft) -> dict[str, list[str]]:
    sql = draft._database.sql
    return {
        name: [row[1] for row in sql.execute(f"PRAGMA table_info({name})")]
        for (name,) in sql.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    }


def test_there_is_one_migration_a_version():
    assert len(MIGRATIONS) == FORMAT_VERSION


def test_the_page_lists_exactly_the_tables_and_columns_of_a_real_draft(page, tables):
    described: dict[str, list[str]] = {}
    for name, body in re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL):
        described[name] = re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)
    assert described == tables


def test_the_page_names_every_field_of_every_scope(page):
    scopes = dict(re.findall(r"^\| `(\w+)` [^|`]+ \|[^|]*\| (.*) \|$", page, re.MULTILINE))
    assert sorted(scopes) == sorted(SCOPES)
    for scope, names in (
        ("answer", ANSWER_NAMES),
        ("unit", UNIT_NAMES),
        ("adjustment", ADJUSTMENT_NAMES),
        ("declared", DECLARED_NAMES),
        ("evidence", EVIDENCE_NAMES),
        ("previous", PREVIOUS_NAMES),
    ):
        for field in names:
            assert f"`{field}`" in scopes[scope], field


def test_the_page_states_the_numbers_of_the_format(page):
    assert f"0x{APPLICATION_ID:08X}" in page
    assert f"`*{SUFFIX}`" in page
    assert f"format {FORMAT_VERSION}" in page


@pytest.mark.parametrize(
    "statement", re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8") if PAGE.exists() else "", re.DOTALL)
)
def test_every_query_of_the_page_runs_on_a_real_draft(draft, statement):
    for one in filter(str.strip, statement.split(";")):
        draft._database.sql.execute(one)


def test_a_released_version_never_changes():
    """A changed statement would leave drafts in the field with tables no version has."""
    text = "\n".join(" ".join(statement.split()) for statement in MIGRATIONS[0])
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "75ee06da4084560b"


def test_a_migration_that_fails_leaves_the_format_before_it(tmp_path, monkeypatch):
    path = tmp_path / "old.zpb"
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        migrate(sql, at="2023-01-05", program="x")
        before = tables_of(sql)
        broken = (*MIGRATIONS, ("CREATE TABLE better (a TEXT) STRICT", "INSERT INTO nowhere VALUES (1)"))
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(sql, at="2024-01-05", program="y")
        assert tables_of(sql) == before
        assert sql.execute("PRAGMA user_version").fetchone() == (1,)
        monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken[-1][:1]))
        migrate(sql, at="2024-01-05", program="y")
        assert sql.execute("PRAGMA user_version").fetchone() == (2,)
        assert sql.execute("SELECT version, at, program FROM migration").fetchall() == [
            (1, "2023-01-05", "x"),
            (2, "2024-01-05", "y"),
        ]
        migrate(sql, at="2025-01-05", program="z")
        assert sql.execute("SELECT count(*) FROM migration").fetchone() == (2,)


def test_what_a_new_draft_holds_is_what_opening_expects(draft):
    assert tables_of(draft._database.sql) == expected_tables()


def test_an_older_draft_is_upgraded_when_opened_after_a_copy_of_it_was_left_beside(draft, path, monkeypatch):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.close()
    old = path.read_bytes()
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE better (a TEXT) STRICT",)))
    for module in (place, upgrade):
        monkeypatch.setattr(module, "FORMAT_VERSION", 2)
    (path.parent / "草稿（格式1备份）.zpb").write_bytes(b"somebody else's")
    with Draft.open(path) as opened:
        assert opened.entries.answers == {"1.1": Answer(met=True)}
        assert opened._database.sql.execute("SELECT version FROM migration").fetchall() == [(1,), (2,)]
    kept = path.parent / "草稿（格式1备份）（2）.zpb"
    assert kept.read_bytes()[100:] == old[100:]  # all but SQLite's own counters
    with Draft.open(path):
        pass
    assert sorted(one.name for one in path.parent.iterdir()) == ["草稿.zpb", "草稿（格式1备份）.zpb", kept.name]


def test_an_upgrade_that_cannot_leave_its_copy_changes_nothing(draft, path, monkeypatch):
    draft.close()
    long = path.with_name("长" * 80 + ".zpb")  # the copy's name is cut to fit
    path.rename(long)
    old = long.read_bytes()
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE better (a TEXT) STRICT",)))
    for module in (place, upgrade):
        monkeypatch.setattr(module, "FORMAT_VERSION", 2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(StoreError, match="E336"):
            Draft.open(long)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert long.read_bytes() == old
    assert list(long.parent.iterdir()) == [long]
    Draft.open(long).close()
    assert len(list(long.parent.iterdir())) == 2
