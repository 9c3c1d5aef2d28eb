"""A bug ends in one dialog whose report holds nothing of the form, from whatever thread it comes."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from selfassess.gui.crash import CrashDialog
from selfassess.gui.crash_report import report_of
from selfassess.gui.labels import Note

if TYPE_CHECKING:
    from collections.abc import Callable


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


def report_after(work: Callable[[], object], kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        work()
    return report_of(caught.type, caught.value, caught.tb)


def test_a_report_holds_neither_the_error_s_words_nor_a_line_of_source():
    def tell() -> None:
        raise KeyError("Elbonia") from ValueError("Finance Bureau of Nowhere")

    report = report_after(tell, KeyError)
    assert "KeyError" in report
    assert "ValueError" in report
    assert "Elbonia" not in report
    assert "Nowhere" not in report


def test_a_report_tells_codes_that_nobody_types(tmp_path):
    report = report_after((tmp_path / "Smith.zpb").read_bytes, OSError)
    assert "FileNotFoundError ENOENT" in report
    assert "Smith" not in report


def test_an_endless_error_makes_a_short_report():
    def again() -> None:
        again()

    assert len(report_after(again, RecursionError).splitlines()) < 60


def test_an_error_whose_words_cannot_be_told_is_reported_all_the_same(qtbot, hook):
    class SpeechlessError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    sys.excepthook(SpeechlessError, SpeechlessError(), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_a_bug_that_goes_on_by_itself_makes_one_dialog_and_closing_it_leads_back_to_work(qtbot, hook):
    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: sys.excepthook(KeyError, KeyError("x"), None))
    timer.start()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    qtbot.wait(200)
    (dialog,) = dialogs()
    assert dialog.findChild(QPlainTextEdit).toPlainText().count("KeyError") == 1
    assert "又出错" in dialog.findChild(Note).text()
    dialog.close()
    qtbot.wait(200)
    assert not dialogs()
    timer.stop()


def test_the_same_error_at_a_later_click_is_shown_again(qtbot, hook, monkeypatch):
    monkeypatch.setattr("selfassess.gui.crash._CALM_S", 0.1)
    for _ in range(2):
        sys.excepthook(KeyError, KeyError("x"), None)
        qtbot.waitUntil(lambda: len(dialogs()) == 1)
        dialogs()[0].close()
        qtbot.wait(150)


def test_what_desktops_keep_of_the_program_s_errors_holds_nothing_of_the_form(qtbot, hook, capsys):
    sys.excepthook(KeyError, KeyError("Elbonia"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    said = capsys.readouterr().err
    assert "KeyError" in said
    assert "Elbonia" not in said


def test_the_program_stays_until_the_report_was_seen_although_its_last_window_broke_while_closing(qtbot, hook, qapp):
    sys.excepthook(KeyError, KeyError("x"), None)
    assert not qapp.quitOnLastWindowClosed()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert not qapp.quitOnLastWindowClosed()
    dialogs()[0].close()
    assert qapp.quitOnLastWindowClosed()


def test_what_breaks_while_it_is_thrown_away_is_reported_too(qtbot, hook, capsys):
    class Broken:
        def __del__(self) -> None:
            raise ValueError("Elbonia")

    Broken()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert "ValueError" in dialogs()[0].findChild(QPlainTextEdit).toPlainText()
    assert "Elbonia" not in capsys.readouterr().err


def test_a_report_that_cannot_be_made_names_the_error_alone(qtbot, hook, monkeypatch):
    monkeypatch.setattr("platform.platform", lambda: 1 / 0)
    sys.excepthook(KeyError, KeyError("x"), None)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert dialogs()[0].findChild(QPlainTextEdit).toPlainText() == "KeyError\n"
