"""A list of very many drafts: there at once, filled while it is in use, and searched by a few words."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from selfassess.document import Document
from selfassess.domain.entries import Entries, Unit
from selfassess.gui import draft_filling
from selfassess.gui.draft_list import ENTRY_ROLE
from selfassess.gui.start_page import StartPage
from selfassess.store import glance, overview
from selfassess.store.draft import Draft
from selfassess.store.library import Library

NOW_NS = time.time_ns


@pytest.fixture
def library(places, monkeypatch):
    monkeypatch.setattr(overview.time, "time_ns", lambda: NOW_NS() + 5_000_000_000)
    return Library(places.drafts, places.overview)


@pytest.fixture
def fill(library, catalogue):
    """So many drafts, of 第0局, 第1局 and so on; the first was written last."""

    def make(count: int):
        first = library.path_named("第0局")
        Document.create(first, catalogue, Entries(unit=Unit(name="某某局"))).close()
        for number in range(1, count):
            path = first.with_name(f"第{number}局.zpb")
            shutil.copyfile(first, path)
            os.utime(path, (time.time() - number, time.time() - number))
        return first

    return make


@pytest.fixture
def slow(monkeypatch):
    """Nothing is looked at before the list is shown, and one draft each time the window has nothing to do."""
    monkeypatch.setattr(draft_filling, "_AT_ONCE_S", 0)
    monkeypatch.setattr(draft_filling, "_SHORT", 1)
    monkeypatch.setattr(draft_filling, "_SLICE_S", 0)
    monkeypatch.setattr(draft_filling, "_TELLING_S", 0)


@pytest.fixture
def page_of(library, places, qtbot):
    def make() -> StartPage:
        page = StartPage(Library(places.drafts, places.overview), places)
        QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        qtbot.addWidget(page)
        page.resize(1000, 700)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    return make


@pytest.fixture
def hidden(fill, slow, page_of, qtbot):
    """A page that was hidden while it was filled, and how many drafts were left."""

    def make():
        fill(30)
        page = page_of()
        qtbot.waitUntil(lambda: page.filling.waiting < 25)
        page.hide()
        return page, page.filling.waiting

    return make


def texts(page):
    return [page.model.index(row, 0).data() for row in range(page.model.rowCount())]


def names(page):
    return [page.model.index(row, 0).data(ENTRY_ROLE).path.stem for row in range(page.model.rowCount())]


def line_of(page) -> QLineEdit:
    return page.findChild(QLineEdit)


def test_every_draft_is_listed_at_once_and_none_with_a_total_that_was_not_proved(fill, slow, page_of, qtbot):
    fill(12)
    page = page_of()
    assert page.model.rowCount() == 12
    assert [text for text in texts(page) if "待检查" not in text and "某某局" not in text] == []
    pending = [text for text in texts(page) if "待检查" in text]
    assert len(pending) == page.filling.waiting
    assert [text for text in pending if "分" in text or "行" in text] == []
    page.grab()  # painted as long as it is pending
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert all("某某局" in text and "已填 0/47 行" in text for text in texts(page))


def test_at_the_next_start_nothing_is_pending(fill, page_of, qtbot, slow):
    fill(12)
    page = page_of()
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    again = page_of()
    assert again.filling.waiting == 0
    assert all("某某局" in text for text in texts(again))


def test_a_short_list_is_whole_when_it_appears_however_slow_the_disk_is(fill, page_of, monkeypatch):
    monkeypatch.setattr(draft_filling, "_AT_ONCE_S", 0)
    fill(8)
    assert all("某某局" in text for text in texts(page_of()))


def test_keys_and_the_choice_work_while_the_list_is_filled(fill, slow, page_of, qtbot):
    fill(30)
    page = page_of()
    view = QApplication.focusWidget()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    chosen = page._current()
    assert page.filling.waiting > 20
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert page._current() == chosen
    with qtbot.waitSignal(page.draft_chosen) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args[0] == chosen


def test_whoever_chose_none_sees_the_first_however_the_order_changes(fill, slow, page_of, qtbot, library):
    first = fill(40)
    for number in range(1, 40):  # the file says one order, what it holds another
        with Draft.open(first.with_name(f"第{number}局.zpb")) as draft:
            draft.put_unit(Unit(name=f"第{number}"))
        moment = time.time() - 1000 + 7 * number % 40
        os.utime(draft.path, (moment, moment))
    page = page_of()
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert names(page) != sorted(names(page))
    assert page._view.currentIndex().row() == 0
    assert page._view.verticalScrollBar().value() == 0


def test_whoever_scrolled_on_is_not_thrown_back_while_the_list_is_filled(fill, slow, page_of, qtbot):
    fill(60)
    page = page_of()
    page._view.verticalScrollBar().setValue(300)
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert page._view.verticalScrollBar().value() == 300


def test_how_many_were_found_is_told(fill, page_of):
    fill(12)
    page = page_of()
    assert "共 12 份" in [label.text() for label in page.findChildren(QLabel)]
    line_of(page).setText("第1局")
    assert "找到 1 份" in [label.text() for label in page.findChildren(QLabel)]
    line_of(page).setText("没有")
    assert "找到 0 份" in [label.text() for label in page.findChildren(QLabel)]


def test_a_draft_that_goes_while_the_list_is_filled_leaves_it(fill, slow, page_of, qtbot):
    fill(12).with_name("第11局.zpb").unlink()
    page = page_of()
    (page._library.folder / "第10局.zpb").unlink()
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert "第10局" not in names(page)
    assert page.model.rowCount() == 10


def test_drafts_that_are_broken_stand_last_when_all_were_looked_at(fill, slow, page_of, qtbot):
    broken = fill(12).with_name("第0坏.zpb")
    broken.write_bytes(b"PK\x03\x04")
    os.utime(broken, (time.time() - 5, time.time() - 5))
    page = page_of()
    assert "第0坏" in names(page)[:-1]
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    assert names(page)[-1] == "第0坏"
    assert "打不开" in texts(page)[-1]


def test_nobody_looks_on_while_the_list_is_hidden(hidden, qtbot):
    page, left = hidden()
    qtbot.wait(50)
    assert page.filling.waiting == left > 0
    page.show()  # as after it was minimized
    qtbot.waitUntil(lambda: page.filling.waiting == 0)


def test_what_was_seen_before_a_hidden_list_was_left_is_known_at_the_next_start(hidden, page_of):
    _, left = hidden()
    assert 0 < sum("待检查" in text for text in texts(page_of())) <= left


def test_a_draft_too_large_to_be_computed_for_a_list_says_so(fill, page_of, monkeypatch):
    monkeypatch.setattr(glance, "_MOST_FIELDS", 1)
    fill(1)
    page = page_of()
    assert [text.rpartition("，")[0] for text in texts(page)] == ["第0局，内容很多，打开以后才知道填了多少"]
    page.grab()


def test_a_short_list_has_no_line_to_search_it_and_a_long_one_has(fill, page_of, qtbot):
    fill(8)
    page = page_of()
    assert not line_of(page).isVisible()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is not line_of(page)
    shutil.copyfile(page._current(), page._current().with_name("又一份.zpb"))
    page.refresh()
    assert line_of(page).isVisible()
    qtbot.waitUntil(lambda: page._finder._count.text() == "共 9 份")


def test_words_find_drafts_by_file_unit_form_and_year(fill, page_of, library, catalogue, qtbot):
    fill(12)
    Document.create(library.path_named("x"), catalogue, Entries(unit=Unit(name="Ｆinance 厅", year="2031"))).close()
    page = page_of()
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    found = {}
    for words in ("第7局", "finance", "2031 厅", "某某局 第7", catalogue.title[:4], "没有"):
        line_of(page).setText(words)
        found[words] = len(texts(page))
    assert found == {"第7局": 1, "finance": 1, "2031 厅": 1, "某某局 第7": 1, catalogue.title[:4]: 13, "没有": 0}
    assert page._finder.nothing.isVisible()
    line_of(page).clear()
    assert page.model.rowCount() == 13


def test_the_keyboard_alone_finds_and_opens_a_draft(fill, page_of, qtbot):
    fill(12)
    page = page_of()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is line_of(page)
    QTest.keyClick(page._view, Qt.Key.Key_End)
    line_of(page).insert("第1")  # as an input method does
    assert page._current().stem == "第1局"
    assert names(page) == ["第1局", "第10局", "第11局"]
    with qtbot.waitSignal(page.draft_chosen) as told:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert told.args[0].stem == "第1局"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    with qtbot.waitSignal(page.draft_chosen) as told:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert told.args[0].stem == "第10局"


def test_escape_shows_all_drafts_and_keeps_the_one_that_was_found(fill, page_of):
    fill(12)
    page = page_of()
    line_of(page).setFocus()
    QTest.keyClicks(line_of(page), "5")
    QTest.keyClick(line_of(page), Qt.Key.Key_Escape)
    assert page.model.rowCount() == 12
    assert page._current().stem == "第5局"
    assert QApplication.focusWidget() is page._view


def test_return_where_nothing_was_found_opens_nothing(fill, page_of, qtbot):
    fill(12)
    page = page_of()
    line_of(page).setText("没有")
    with qtbot.assertNotEmitted(page.draft_chosen):
        QTest.keyClick(line_of(page), Qt.Key.Key_Return)


def test_a_search_stays_while_the_list_is_filled_and_finds_what_becomes_known(fill, slow, page_of, qtbot):
    fill(12)
    page = page_of()
    line_of(page).setText("某某局")
    assert page.model.rowCount() < 12
    qtbot.waitUntil(lambda: page.filling.waiting == 0)
    QApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
    assert page.model.rowCount() == 12
