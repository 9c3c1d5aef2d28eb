"""A bug ends in one dialog whose report holds nothing of the form, from whatever thread it comes."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from selfassess.gui.crash import CrashDialog, CrashHook, report_of


def broken(text: str) -> None:
    raise ValueError(text)


def bug(text: str) -> str:
    try:
        broken(text)
    except ValueError as error:
        return report_of(type(error), error, error.__traceback__)
    raise AssertionError


def test_a_report_names_the_place_and_holds_nothing_that_was_typed():
    report = bug("第 2.7 行 '张三' 0891-6332345 得分“偏离度”")
    assert "ValueError" in report
    assert "test_crash.py" in report
    assert "in bug" in report
    for secret in ("张三", "偏离度", "6332345", "2.7 行"):
        assert secret not in report


def test_a_report_leaves_folders_out(tmp_path):
    assert "/home" not in bug("x")
    assert str(tmp_path) not in bug("x")
    assert "tests/gui_shell" not in bug("x")


@pytest.fixture
def hook(qapp, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    hook = CrashHook(qapp)
    hook.install()
    yield hook
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, CrashDialog):
            widget.close()
    hook.deleteLater()


def dialogs() -> list[CrashDialog]:
    return [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashDialog) and widget.isVisible()
    ]


def test_an_error_nobody_caught_is_shown_and_can_be_copied(qtbot, hook):
    sys.excepthook(KeyError, KeyError("2.7"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialog = dialogs()[0]
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "复制报告").click()
    assert "KeyError" in QGuiApplication.clipboard().text()
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "继续使用").click()
    qtbot.waitUntil(lambda: not dialogs())


def test_more_errors_go_into_the_same_dialog(qtbot, hook):
    for kind in (KeyError, IndexError):
        sys.excepthook(kind, kind("x"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    text = dialogs()[0].findChild(QPlainTextEdit)
    qtbot.waitUntil(lambda: "KeyError" in text.toPlainText() and "IndexError" in text.toPlainText())


def test_after_the_dialog_was_closed_the_next_error_is_shown_again(qtbot, hook):
    sys.excepthook(KeyError, KeyError("x"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialogs()[0].close()
    qtbot.waitUntil(lambda: not dialogs())
    sys.excepthook(IndexError, IndexError("x"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_an_error_in_another_thread_is_shown_in_the_windows_thread(qtbot, hook):
    def work() -> None:
        raise RuntimeError("x")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert "RuntimeError" in dialogs()[0].findChild(QPlainTextEdit).toPlainText()


def test_ctrl_c_in_the_terminal_ends_the_program_and_is_no_crash(qtbot, hook, qapp):
    QTimer.singleShot(10, lambda: sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None))
    late = QTimer(singleShot=True, interval=5000)
    late.timeout.connect(lambda: qapp.exit(7))
    late.start()
    assert qapp.exec() == 0
    assert not dialogs()
