"""A bug in a slot of the window: one dialog, nothing private in its report, the work on disk, and one goes on."""

from __future__ import annotations

import sys
import threading
from contextlib import closing

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from selfassess.catalogue.loader import load
from selfassess.document import Document
from selfassess.domain.entries import Entries, Unit
from selfassess.gui.app import dress
from selfassess.gui.crash import CrashDialog, CrashHook
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.paths import Places, find_places

PRIVATE = "扎西顿珠 18908910000"


@pytest.fixture
def window(qtbot, tmp_path, qapp):
    places = Places(assets=find_places().assets, data=tmp_path)
    settings = Settings(places.settings)
    theme = dress(qapp, places, settings)
    catalogue = load(places.catalogues / "xizang-dept-budget" / "2022.toml")
    document = Document.create(tmp_path / "某厅.zpb", catalogue, Entries(unit=Unit(name="某厅")))
    window = MainWindow(document, places, settings, theme)

    window.show()
    return window


@pytest.fixture
def hook(qapp, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    hook = CrashHook(qapp)
    hook.install()
    yield hook
    for dialog in dialogs():
        dialog.close()
    hook.deleteLater()


def dialogs() -> list[CrashDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog) and one.isVisible()]


def remark(window: MainWindow, text: str) -> None:
    window.document.put_answer("2.7", replace(window.document.entries.answer("2.7"), remark=text))


@pytest.mark.qt_no_exception_capture  # it ends where the program's own errors end
def test_a_bug_in_a_slot_leaves_the_edit_on_disk_and_tells_nothing_of_it(window, hook, qtbot):
    """What breaks is something that hears of every edit, with what was typed in its error."""

    def broken(code: str) -> None:
        raise KeyError(f"{code} {window.document.entries.answer(code).remark}")

    window.document.answer_changed.connect(broken)
    remark(window, PRIVATE)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialog = dialogs()[0]
    report = dialog.findChild(QPlainTextEdit).toPlainText()
    assert "KeyError" in report
    assert "扎西" not in report
    assert "1890" not in report
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "复制报告").click()
    assert QGuiApplication.clipboard().text() == report
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "继续使用").click()
    window.document.answer_changed.disconnect(broken)
    remark(window, f"{PRIVATE}，接着写")
    assert window.close()
    with closing(Document.open(window.document.path)) as again:
        assert again.entries.answer("2.7").remark == f"{PRIVATE}，接着写"
        again.undo()
        assert again.entries.answer("2.7").remark == PRIVATE
