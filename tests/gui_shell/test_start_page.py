"""The start page lists what there is, says why something cannot be opened, and tells what the user wants."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from selfassess.document import Document
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.gui.draft_list import ENTRY_ROLE, DraftListModel, when_text
from selfassess.gui.draft_words import notice_text
from selfassess.gui.new_draft_dialog import NewDraftDialog
from selfassess.gui.start_page import StartPage
from selfassess.gui.start_window import StartWindow
from selfassess.store.library import Library, LibraryEntry
from selfassess.store.owner import this_owner

ZONE = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2023, 1, 5, 10, 32, tzinfo=ZONE)


@pytest.fixture
def library(places):
    return Library(places.drafts)


def add(library, catalogue, name: str, answers=None) -> None:
    unit = Unit(name=name)
    entries = Entries(unit=unit, answers=answers or {})
    Document.create(library.new_path(unit, catalogue), catalogue, entries).close()


def page_of(library, places, qtbot) -> StartPage:
    page = StartPage(library, places)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def texts(page: StartPage) -> list[str]:
    return [page.model.index(row, 0).data() for row in range(page.model.rowCount())]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW - dt.timedelta(minutes=2), "今天 10:30"),
        (NOW - dt.timedelta(hours=11), "昨天 23:32"),
        (NOW - dt.timedelta(days=3), "1月2日 10:32"),
        (NOW - dt.timedelta(days=30), "2022年12月6日"),
        (dt.datetime(2023, 1, 4, 17, 0, tzinfo=dt.UTC), "今天 01:00"),
    ],
)
def test_moments_are_told_as_people_say_them(moment, text):
    assert when_text(moment, NOW) == text


def test_a_draft_is_listed_with_unit_form_progress_total_and_last_edit(library, places, catalogue, qtbot):
    add(library, catalogue, "某某局", {"1.1": Answer(points=Decimal(7))})
    line = texts(page_of(library, places, qtbot))[0]
    for part in ("某某局", catalogue.title, "已填 1/47 行", "7 分", "今天"):
        assert part in line


def test_the_example_says_so_and_stands_below_the_clerks_own_draft(library, places, catalogue, qtbot):
    add(library, catalogue, "某某局")
    example = library.path_named("foreign-affairs-2022")
    Document.create(example, catalogue, Entries(unit=Unit(name="某某厅"))).close()
    assert library.entries()[0].path == example  # it was touched last
    own, last = texts(page_of(library, places, qtbot))
    assert own.startswith("某某局，")
    assert last.startswith("示例 · 某某厅，")


def test_a_draft_without_points_has_no_total_yet(library, places, catalogue, qtbot):
    add(library, catalogue, "")
    line = texts(page_of(library, places, qtbot))[0]
    assert "还没有填写单位名称" in line
    assert "暂无得分" in line


def test_a_broken_draft_is_listed_with_its_reason(library, places, catalogue, qtbot):
    add(library, catalogue, "某某局")
    (places.drafts / "坏.zpb").write_bytes(b"PK\x03\x04")
    page = page_of(library, places, qtbot)
    assert "打不开" in texts(page)[1]
    assert "不是本程序的草稿" in texts(page)[1]
    page.grab()  # painted without a summary


def test_a_damaged_draft_is_listed_in_few_words_that_say_what_to_do(library, places, catalogue, qtbot):
    add(library, catalogue, "某某局")
    with closing(sqlite3.connect(library.entries()[0].path)) as sql:
        sql.execute("DROP TABLE blob")
        sql.commit()
    page = page_of(library, places, qtbot)
    assert texts(page)[0].endswith("，打不开：已损坏，双击可以从备份打开或者抢救")
    assert "表结构" in page.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_drafts_of_the_same_unit_and_form_are_told_apart_by_their_files(library, places, catalogue, qtbot):
    for name in ("甲局", "甲局", "乙局"):
        add(library, catalogue, name)
    lines = texts(page_of(library, places, qtbot))
    stem = f"甲局 {catalogue.title}"
    assert {line.split("，")[1] for line in lines if line.startswith("甲局")} == {f"文件“{stem}”", f"文件“{stem}（2）”"}
    assert [line for line in lines if line.startswith("乙局") and "文件“" in line] == []


def test_copies_are_told_at_the_beginning_of_the_sentence(library, places, catalogue, qtbot):
    add(library, catalogue, "甲局")
    path = library.entries()[0].path
    path.with_name("副本.zpb").write_bytes(path.read_bytes())
    page = page_of(library, places, qtbot)
    assert ["，有 2 个副本，" in line for line in texts(page)] == [True, True]
    page.grab()


def test_a_draft_of_ones_own_window_is_not_told_as_somebody_elses(library, places, catalogue, qtbot):
    path = library.path_named("甲局")
    with closing(Document.create(path, catalogue, Entries(unit=Unit(name="甲局")))):
        page = page_of(library, places, qtbot)
        assert texts(page)[0].endswith("，已在另一个窗口打开，双击转到那里")
        assert catalogue.title in texts(page)[0]
        assert "进程" not in texts(page)[0]
        assert "进程" in page.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
        page.grab()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"process": "x"}, "已在本机另一个窗口打开"),
        ({"process": "x", "user": "李四"}, "正由用户“李四”在本机（2023-01-05 10:32 起）打开"),
        ({"process": "x", "host": "财务室-03"}, "在电脑“财务室-03”（2023-01-05 10:32 起）打开"),
    ],
)
def test_whoever_else_has_a_draft_open_is_told_without_a_word_of_processes(changes, text):
    owner = replace(this_owner(NOW), **changes)
    entry = LibraryEntry(
        path=Path("甲.zpb"), modified=NOW, summary=None, fault="", notice="x", notice_code="E334", owner=owner
    )
    assert text in notice_text(entry)


class FileManager(QObject):
    """Stands in for the program of a desktop that shows folders."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.shown.append(Path(url.toLocalFile()))


def test_the_folder_of_a_draft_is_shown_from_its_menu(library, places, catalogue, qtbot):
    add(library, catalogue, "甲局")
    page = page_of(library, places, qtbot)
    manager = FileManager()
    QDesktopServices.setUrlHandler("file", manager, "show")
    try:
        next(one for one in page._view.actions() if one.text().startswith("打开所在文件夹")).trigger()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert manager.shown == [places.drafts]


def test_the_list_obeys_qts_rules(library, places, catalogue, qtbot):
    model = DraftListModel(NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    add(library, catalogue, "甲局")
    model.show_entries(library.entries(), NOW)
    add(library, catalogue, "乙局")
    model.show_entries(library.entries(), NOW)
    model.show_entries((), NOW)
    assert model.rowCount() == 0
    assert model.rowCount(QModelIndex()) == 0


def test_enter_and_a_double_click_open_the_draft(library, places, catalogue, qtbot):
    add(library, catalogue, "某某局")
    page = page_of(library, places, qtbot)
    view = page.findChild(type(page._view))
    with qtbot.waitSignal(page.draft_chosen) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args[0] == library.entries()[0].path
    with qtbot.waitSignal(page.draft_chosen):
        spot = view.visualRect(view.currentIndex()).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_enter_at_once_opens_the_last_draft_or_begins_the_first(library, places, catalogue, qtbot):
    page = page_of(library, places, qtbot)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    with qtbot.waitSignal(page.new_wanted):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    add(library, catalogue, "甲单位")
    page.refresh()
    with qtbot.waitSignal(page.draft_chosen):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


@pytest.fixture
def window_of(library, places, qtbot):
    """The page as people see it: in its window, which is in front."""

    def make() -> StartWindow:
        window = StartWindow(library, places)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return make


def press(key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


def test_in_its_window_the_list_has_the_keyboard_at_once(library, catalogue, window_of, qtbot):
    for name in ("甲局", "乙局"):
        add(library, catalogue, name)
    window = window_of()
    page = window.page
    second = library.entries()[1].path
    with qtbot.waitSignal(page.draft_chosen) as told:
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
    assert told.args[0] == second


def test_in_its_window_return_begins_the_first_draft_where_there_is_none(window_of, qtbot):
    window = window_of()
    page = window.page
    press(Qt.Key.Key_Down)  # there is no list to go to
    with qtbot.waitSignal(page.new_wanted):
        press(Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("新建", "new_wanted"), ("打开文件", "open_wanted"), ("从填报", "import_wanted"), ("恢复", "backups_wanted")],
)
def test_return_presses_the_button_that_has_the_keyboard_and_down_leads_to_the_list(
    library, catalogue, window_of, qtbot, text, wanted
):
    add(library, catalogue, "甲局")
    window = window_of()
    page = window.page
    button = next(one for one in page.findChildren(QPushButton) if one.text().startswith(text))
    button.setFocus()
    with qtbot.waitSignal(getattr(page, wanted)):
        press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Down)
    with qtbot.waitSignal(page.draft_chosen):
        press(Qt.Key.Key_Return)


def come_back(window, qtbot) -> None:
    """Another program was in front meanwhile."""
    QApplication.sendEvent(window.page, QEvent(QEvent.Type.WindowDeactivate))
    QApplication.sendEvent(window.page, QEvent(QEvent.Type.WindowActivate))


@pytest.mark.parametrize(
    "look_again", [come_back, lambda window, _: QTest.keyClick(window.page, Qt.Key.Key_F5)], ids=["front", "F5"]
)
def test_what_came_and_went_meanwhile_is_noticed(library, catalogue, window_of, qtbot, look_again):
    for name in ("甲局", "乙局", "丙局"):
        add(library, catalogue, name)
    window = window_of()
    gone, chosen = library.entries()[0].path, library.entries()[1].path
    press(Qt.Key.Key_Down)
    gone.unlink()
    copied = chosen.with_name("拷来的.zpb")
    copied.write_bytes(chosen.read_bytes())
    look_again(window, qtbot)
    page = window.page
    listed = [page.model.index(row, 0).data(ENTRY_ROLE).path for row in range(page.model.rowCount())]
    assert gone not in listed
    assert copied in listed
    assert page._current() == chosen


def test_a_button_keeps_the_keyboard_when_the_window_comes_back(library, catalogue, window_of, qtbot):
    add(library, catalogue, "甲局")
    window = window_of()
    button = window.page.findChildren(QPushButton)[1]
    button.setFocus()
    come_back(window, qtbot)
    assert QApplication.focusWidget() is button


def test_the_choice_survives_another_look(library, places, catalogue, qtbot):
    for name in ("甲局", "乙局", "丙局"):
        add(library, catalogue, name)
    page = page_of(library, places, qtbot)
    page._view.setCurrentIndex(page.model.index(2, 0))
    chosen = page._view.currentIndex().data()
    add(library, catalogue, "丁局")
    page.refresh()
    assert page._view.currentIndex().data() == chosen
    assert page.model.rowCount() == 4


def test_an_empty_library_says_how_to_begin(library, places, qtbot):
    page = page_of(library, places, qtbot)
    assert page._stack.currentIndex() == 1
    page.grab()


def test_each_way_in_is_told(library, places, qtbot):
    page = page_of(library, places, qtbot)
    wanted = {
        "新建": page.new_wanted,
        "打开文件": page.open_wanted,
        "从填报文件导入": page.import_wanted,
        "看看示例": page.example_wanted,
    }
    for start, signal in wanted.items():
        button = next(one for one in page.findChildren(QPushButton) if one.text().startswith(start))
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("key", "modifiers", "wanted"),
    [
        (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, "new_wanted"),
        (Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier, "open_wanted"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "manual_wanted"),
    ],
)
def test_keys_of_the_window_work_on_the_start_page_too(library, places, catalogue, qtbot, key, modifiers, wanted):
    add(library, catalogue, "某某局")
    page = page_of(library, places, qtbot)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    with qtbot.waitSignal(getattr(page, wanted), timeout=1000):
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def test_a_folder_that_cannot_be_read_is_said_in_words(places, qtbot):
    places.data.mkdir()
    places.drafts.write_text("a file where the folder should be", encoding="utf-8")
    page = page_of(Library(places.drafts), places, qtbot)
    assert page._trouble.isVisible()
    assert page._trouble.text()


# ---------------------------------------- new draft
def new_dialog(places, qtbot) -> NewDraftDialog:
    dialog = NewDraftDialog(places)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def lines(dialog) -> list[str]:
    return [dialog._forms.item(row).text() for row in range(dialog._forms.count())]


def test_enter_alone_begins_the_newest_form_that_can_be_filed(places, qtbot):
    dialog = new_dialog(places, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == 1
    assert dialog.catalogue.reference == "xizang-dept-budget/2022"
    assert dialog.unit == Unit(year="2022")


def test_an_edition_for_study_is_marked(places, qtbot):
    line = next(line for line in lines(new_dialog(places, qtbot)) if "2022-transcribed" in line)
    assert "仅供学习" in line


def test_what_was_typed_is_the_unit(places, qtbot):
    dialog = new_dialog(places, qtbot)
    QTest.keyClicks(dialog.focusWidget(), " finance ")
    dialog._class.setCurrentIndex(1)
    assert dialog.unit == Unit(name="finance", unit_class="A", year="2022")


def test_a_broken_own_catalogue_is_shown_and_cannot_be_chosen(places, qtbot):
    folder = places.own_catalogues / "x"
    folder.mkdir(parents=True)
    (folder / "2023.toml").write_text("format = 1\n", encoding="utf-8")
    dialog = new_dialog(places, qtbot)
    row = next(row for row, line in enumerate(lines(dialog)) if "打不开" in line)
    assert not dialog._forms.item(row).flags() & Qt.ItemFlag.ItemIsEnabled


def test_without_any_catalogue_nothing_can_be_begun(tmp_path, places, qtbot):
    dialog = new_dialog(replace(places, assets=tmp_path / "leer"), qtbot)
    assert dialog.catalogue is None
    assert not dialog._buttons.buttons()[0].isEnabled()
