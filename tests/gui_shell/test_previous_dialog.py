"""Choosing last year's form: drafts of the library, any file, refusals in words, replacing and removing."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QMessageBox, QPushButton

from selfassess.document import Document
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.gui import previous_dialog, window_files
from selfassess.gui.draft_list import ENTRY_ROLE
from selfassess.gui.main_window import MainWindow
from selfassess.gui.previous_dialog import PreviousDialog
from selfassess.store.library import Library
from selfassess.waiting import CalledOffError


@pytest.fixture
def library(places) -> Library:
    return Library(places.drafts)


@pytest.fixture
def add(library, catalogue):
    """Puts a closed draft of another year into the library."""

    def add(name: str, year: str, **changes) -> Path:
        form = replace(catalogue, **changes)
        unit = Unit(name=name, year=year)
        path = library.new_path(Unit(name=f"{name}{year}"), form)
        Document.create(path, form, Entries(unit=unit, answers={"1.2": Answer(met=False, reason="迟报")})).close()
        return path

    return add


@pytest.fixture
def show(document, library, qtbot):
    """The dialog over the open form, as it comes up."""

    def show() -> PreviousDialog:
        dialog = PreviousDialog(document, library)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        return dialog

    return show


def offered(dialog) -> list[Path]:
    return [dialog.model.index(row, 0).data(ENTRY_ROLE).path for row in range(dialog.model.rowCount())]


def press(qtbot, dialog, text: str) -> None:
    button = next(one for one in dialog.findChildren(QPushButton) if one.text().startswith(text))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(dialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_an_earlier_year_is_offered_and_enter_takes_it(show, add, document, qtbot):
    wanted = [add("某某局", "2021"), add("别的局", "2021")]
    add("某某局", "2023")
    add("某某局", "2021", id="other-form")
    dialog = show()
    assert offered(dialog) == wanted
    told = []
    dialog.said.connect(told.append)
    qtbot.keyClick(dialog.findChild(QListView), Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert document.previous is not None
    assert (document.previous.unit, document.previous.rows["1.2"].reason) == ("某某局", "迟报")
    assert told == ["已对照上年自评表（2021 年度，某某局），选中一行，指标面板里就有上年的内容。"]


def test_without_a_draft_that_can_be_it_the_dialog_says_where_else_to_look(show, document, qtbot):
    dialog = show()
    assert "没有找到同一种表、更早年度的草稿" in texts(dialog)
    assert not next(one for one in dialog.findChildren(QPushButton) if one.text() == "对照").isEnabled()
    assert not dialog.findChild(QListView).isVisible()


def test_enter_alone_never_removes_what_is_compared_with(show, add, document, monkeypatch, qtbot):
    add("某某局", "2021")
    press(qtbot, show(), "对照")
    document.put_unit(Unit(name="某某局", year="2021"))  # so that nothing is offered
    asked = []
    monkeypatch.setattr(previous_dialog, "ask_file", lambda *_: asked.append(True))
    qtbot.keyClick(show(), Qt.Key.Key_Return)
    assert asked == [True]
    assert document.previous is not None


def test_a_draft_fits_into_the_list_without_scrolling_sideways(show, add):
    add("某某局", "2021")
    assert show().findChild(QListView).horizontalScrollBar().maximum() == 0


def test_any_file_can_be_chosen_whatever_its_year(show, add, document, monkeypatch, qtbot):
    path = add("某某局", "")
    monkeypatch.setattr(previous_dialog, "ask_file", lambda *_: None)
    dialog = show()
    press(qtbot, dialog, "其他文件")
    assert dialog.isVisible()
    monkeypatch.setattr(previous_dialog, "ask_file", lambda *_: path)
    press(qtbot, dialog, "其他文件")
    assert document.previous is not None
    assert not dialog.isVisible()


def test_another_form_is_refused_in_words_and_another_can_be_chosen(show, add, document, answering, monkeypatch, qtbot):
    other, right = add("某某局", "2020", id="other-form"), add("某某局", "2021")
    said = []

    def look(box):
        assert isinstance(box, QMessageBox)
        said.append(box.text())
        box.reject()

    monkeypatch.setattr(previous_dialog, "ask_file", lambda *_: other)
    dialog = show()
    answering(look)
    press(qtbot, dialog, "其他文件")
    assert "other-form/2022" in said[0]
    assert "不是同一种表" in said[0]
    assert document.previous is None
    assert dialog.isVisible()
    press(qtbot, dialog, "对照")
    assert document.previous is not None
    assert right.exists()


def test_a_full_disk_keeps_the_dialog_open_and_says_so(show, add, document, answering, qtbot):
    add("某某局", "2021")
    dialog = show()
    document.draft._database.sql.execute("PRAGMA max_page_count = 1")
    said = []
    answering(lambda box: (said.append(box.text()), box.reject()))
    press(qtbot, dialog, "对照")
    assert "磁盘已满" in said[0]
    assert document.previous is None
    assert dialog.isVisible()


def test_what_is_compared_with_can_be_replaced_and_removed_and_each_undone(show, add, document, qtbot):
    add("某某局", "2021")
    assert "不再对照" not in [one.text() for one in show().findChildren(QPushButton)]
    press(qtbot, show(), "对照")
    first = document.previous
    dialog = show()
    assert "现在对照的是：2021 年度，某某局" in texts(dialog)
    add("某某局", "2020")
    later = show()
    later.findChild(QListView).setCurrentIndex(later.model.index(1, 0))
    press(qtbot, later, "对照")
    assert document.previous is not None
    assert document.previous.year == "2020"
    press(qtbot, show(), "不再对照")
    assert document.previous is None
    document.undo()
    document.undo()
    assert document.previous == first


def test_a_data_folder_that_cannot_be_is_said_and_other_files_remain(show, places, qtbot):
    places.data.mkdir(parents=True)
    places.drafts.write_text("a file where the folder should be")
    dialog = show()
    assert "存放草稿的文件夹" in texts(dialog)
    assert next(one for one in dialog.findChildren(QPushButton) if one.text().startswith("其他文件")).isEnabled()


def test_escape_changes_nothing(show, add, document, qtbot):
    add("某某局", "2021")
    dialog = show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), document.previous, document.undo_text) == (False, None, "")


def test_the_menu_and_the_panel_lead_to_the_dialog_which_is_freed(
    document, places, settings, theme, add, answering, qtbot
):
    add("某某局", "2021")
    window = MainWindow(document, places, settings, theme)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.panel is not None)
    seen = []

    def take(dialog):
        assert isinstance(dialog, PreviousDialog)
        seen.append(dialog)
        dialog.reject()

    for lead in (window.commands["compare"].trigger, window.panel.comparison_wanted.emit):
        answering(take)
        lead()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(seen) == 2
    assert not any(shiboken6.isValid(dialog) for dialog in seen)


def test_where_very_many_drafts_were_not_looked_at_yet_that_is_done_beside_the_window(
    document, places, settings, theme, qtbot, answering, add, monkeypatch
):
    monkeypatch.setattr(window_files, "_MANY", 0)
    wanted = add("某某局", "2021")
    window = MainWindow(document, places, settings, theme)
    qtbot.addWidget(window)
    window.show()
    shown = []
    answering(lambda dialog: (shown.extend(offered(dialog)), dialog.reject()))
    window.commands["compare"].trigger()
    assert shown == [wanted]


def test_looking_at_very_many_drafts_ends_as_soon_as_it_is_called_off(places, add):
    for year in ("2019", "2020", "2021"):
        add("某某局", year)
    library, asked = Library(places.drafts), []
    with pytest.raises(CalledOffError):
        library.entries(lambda: asked.append(1) or len(asked) > 2)
    assert len(asked) == 3
    assert len(library.entries()) == 3


def test_looking_at_very_many_drafts_can_be_called_off(document, places, settings, theme, qtbot, add, monkeypatch):
    monkeypatch.setattr(window_files, "_MANY", 0)
    add("某某局", "2021")
    window = MainWindow(document, places, settings, theme)
    qtbot.addWidget(window)

    def call_off(*_):
        raise CalledOffError

    monkeypatch.setattr("selfassess.gui.tasks.run_with_progress", call_off)
    window.commands["compare"].trigger()
    assert QApplication.activeModalWidget() is None
