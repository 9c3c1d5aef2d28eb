"""A disk of which nobody can tell whether it took a step (E392): the window finds out by itself, and goes on."""

from __future__ import annotations

import sqlite3
import time
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.document import looking
from selfassess.domain.entries import Adjustment, Answer
from selfassess.errors import StoreError
from selfassess.gui import retrying
from selfassess.gui.adjustments_editor import AdjustmentsEditor


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


def test_a_disk_that_takes_long_to_refuse_is_not_asked_at_every_look(document, monkeypatch):
    asked: list[float] = []

    def trouble(_draft):
        asked.append(time.monotonic())
        time.sleep(0.2)
        return StoreError("E392", path=document.path, detail="")

    monkeypatch.setattr(type(document.draft), "trouble", property(trouble))
    for _ in range(10):
        document._tell_glimpsed(StoreError("E392", path=document.path, detail=""))
        assert document.trouble.code == "E392"
    assert len(asked) == 1
    monkeypatch.undo()
    document._tell_glimpsed(None)


def test_undo_and_restoring_wait_for_the_text_that_the_disk_refused(window, document, monkeypatch):
    document.put_answer("3.1", Answer(remark="zero"))
    document.put_answer("3.1", Answer(remark="one"))
    monkeypatch.setattr(retrying, "_EVERY", 60_000)
    window.show_place("3.1")
    with monkeypatch.context() as patched:
        refused = StoreError("E312", path=document.path)

        def refuse(*_given):
            document.refused.emit(refused)
            raise refused

        patched.setattr(document.draft, "put_answers", refuse)
        window.panel._remark.setPlainText("two")
        window.panel.flush()
        for command in ("undo", "restore"):
            window.commands[command].trigger()
            assert "第 3.1 行的备注还没有保存，因为磁盘已满" in window.status.said()
            assert QApplication.activeModalWidget() is None
        assert (document.entries.answer("3.1").remark, window.panel._remark.toPlainText()) == ("one", "two")
    window.commands["undo"].trigger()
    assert document.entries.answer("3.1").remark == "one"
    window.commands["redo"].trigger()
    assert document.entries.answer("3.1").remark == "two"


def test_undo_does_not_take_the_place_of_a_matter_that_waits(window, document):
    document.put_adjustments((Adjustment(matter="甲"),), "新增其他事项")
    window.show_place("8.1")
    editor = window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0", "basis")
    editor.table.edit(editor.table.currentIndex())
    QTest.keyClicks(QApplication.focusWidget(), "x" * 600)
    window.table.view.setFocus()
    window.commands["undo"].trigger()
    assert "第 8.1 行的事项没有保存，因为填的内容不合要求" in window.status.said()
    assert len(document.entries.adjustments) == 1
    editor.show_place("adjustment.0", "basis")
    editor.table.edit(editor.table.currentIndex())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    window.commands["undo"].trigger()
    assert document.entries.adjustments == ()
