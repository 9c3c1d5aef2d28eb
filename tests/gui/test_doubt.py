"""A disk of which nobody can tell whether it took a step (E392): the window finds out by itself, and goes on."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest
from PySide6.QtTest import QTest

from selfassess.document import looking
from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.gui import retrying


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(retrying, "_EVERY", 50)
    monkeypatch.setattr(looking, "_EVERY", 50)


class LastSyncRefused:
    """A connection whose disk takes each commit, and says that it has not."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def __getattr__(self, name: str) -> object:
        return getattr(self._sql, name)

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        found = self._sql.execute(statement, *values)
        if statement == "COMMIT":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"
            raise error
        return found


@pytest.fixture
def worn(document, monkeypatch):
    """Wears the disk out, until the patches are taken back."""
    database = document.draft._database
    disk = LastSyncRefused(database.sql)
    with monkeypatch.context() as patched:
        patched.setattr(database, "sql", disk)
        patched.setattr(database._watch, "_sql", disk)
        yield patched


def saved_text(window) -> str:
    return window.status._saved.text()


def test_a_text_of_which_nobody_could_tell_is_saved_by_itself_once_the_disk_works_again(window, document, qtbot, worn):
    window.show_place("3.1")
    window.panel._remark.setPlainText("typed")
    window.panel.flush()
    qtbot.waitUntil(lambda: saved_text(window) == "可能没有保存")
    QTest.qWait(200)
    assert saved_text(window) == "可能没有保存"
    worn.undo()
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))
    assert document.entries.answer("3.1").remark == "typed"
    assert window.workbench.refused() == []


def test_a_step_of_which_nobody_could_tell_is_shown_once_the_disk_works_again(window, document, qtbot, worn):
    """A tick or an undo leaves no text that waits."""
    with pytest.raises(StoreError, match="E392"):
        document.put_answer("3.2", Answer(points=Decimal(2)))
    qtbot.waitUntil(lambda: saved_text(window) == "可能没有保存")
    worn.undo()
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))
    assert document.entries.answer("3.2").points == Decimal(2)
