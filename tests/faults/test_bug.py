"""A bug in a slot of the window: one dialog, nothing private in its report, the work on disk, and one goes on."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QPushButton, QWidget

from selfassess.catalogue.loader import load
from selfassess.document import Document
from selfassess.domain.entries import Entries, Unit
from selfassess.gui import crash
from selfassess.gui.app import dress
from selfassess.gui.crash import CrashDialog
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.gui.soon import soon
from selfassess.gui.tasks import run_with_progress
from selfassess.paths import Places, find_places
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    from collections.abc import Callable

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


def again() -> None:
    again()


def raising(kind: type[Exception]) -> Callable[..., None]:
    def broken(*_: object) -> None:
        raise kind(f"{PRIVATE} Elbonia")

    return broken


def in_a_timer(window: MainWindow, broken: Callable[..., None]) -> None:
    soon(window, broken)


def in_a_thread(_: MainWindow, broken: Callable[..., None]) -> None:
    threading.Thread(target=broken).start()


def in_work_beside_the_window(window: MainWindow, broken: Callable[..., None]) -> None:
    with suppress(CalledOffError):
        run_with_progress(window, "正在做…", broken)


def under_a_question(window: MainWindow, broken: Callable[..., None]) -> None:
    box = QMessageBox(window)
    QTimer.singleShot(50, window, broken)
    QTimer.singleShot(400, box, box.reject)
    box.exec()


def while_painting(window: MainWindow, broken: Callable[..., None]) -> None:
    class Torn(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            broken(event)

    torn = Torn(window)
    torn.resize(20, 20)
    torn.show()
    QTimer.singleShot(300, torn, torn.hide)


def at_a_key(window: MainWindow, broken: Callable[..., None]) -> None:
    class Stuck(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            broken(event)

    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    QApplication.postEvent(Stuck(window), key)


def every_fifty_milliseconds(window: MainWindow, broken: Callable[..., None]) -> None:
    timer = QTimer(window, interval=50)
    timer.timeout.connect(broken)
    timer.start()
    QTimer.singleShot(600, timer, timer.stop)


PLACES = (
    in_a_timer,
    in_a_thread,
    in_work_beside_the_window,
    under_a_question,
    while_painting,
    at_a_key,
    every_fifty_milliseconds,
)


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(raising(KeyError), id="key"),
        pytest.param(raising(MemoryError), id="memory", marks=pytest.mark.long),
        pytest.param(again, id="endless", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_wherever_it_breaks_there_is_one_dialog_and_work_goes_on(place, broken, window, hook, qtbot, capsys, figures):
    remark(window, PRIVATE)
    place(window, broken)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    qtbot.wait(150)
    (dialog,) = dialogs()
    told = dialog.findChild(QPlainTextEdit).toPlainText() + capsys.readouterr().err
    assert "Error" in told
    for secret in ("扎西", "1890", "Elbonia", "某厅"):
        assert secret not in told
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "继续使用").click()
    qtbot.wait(700)
    assert not dialogs()
    remark(window, f"{PRIVATE}，接着写")
    assert window.close()
    with closing(Document.open(window.document.path)) as again:
        assert again.entries.answer("2.7").remark == f"{PRIVATE}，接着写"
    figures.note("bugs: tried, dialogs more than one, texts of the form told", f"{len(PLACES)} places, 0, 0")


@pytest.mark.qt_no_exception_capture
def test_a_bug_in_looking_for_trouble_is_told_once_and_looked_for_again_after_an_edit(qtbot, hook, window, monkeypatch):
    """The timer that looks goes on by itself: however long it takes, the dialog must not come back for ever."""
    monkeypatch.setattr(crash, "_CALM_S", 0.05)

    def broken() -> None:
        raise KeyError(PRIVATE)

    window.document._looking._timer.setInterval(100)
    with monkeypatch.context() as patched:
        patched.setattr(window.document.draft, "glimpse", broken)
        qtbot.waitUntil(lambda: len(dialogs()) == 1)
        assert "扎西" not in dialogs()[0].findChild(QPlainTextEdit).toPlainText()
        dialogs()[0].close()
        qtbot.wait(500)
        assert not dialogs()
    remark(window, "接着写")
    window.document.path.rename(window.document.path.with_name("别名.zpb"))
    qtbot.waitUntil(lambda: window.document.trouble is not None)
    window.document.path.with_name("别名.zpb").rename(window.document.path)
    assert window.close()
