"""The manual in its window: chapters, links within the page, pictures that fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from selfassess.gui.manual_window import ManualWindow, anchor_of, show_manual
from selfassess.gui.window_sizes import FRAME

MANUAL = """\
# 手册

先看[第二章](#2-我要填八其他事项)。

## 1. 打开

![图](图.png)

{filler}

## 2. 我要填“八、其他事项”

校验码在这里。

{filler}
"""


@pytest.fixture
def manual(tmp_path):
    page = tmp_path / "手册.md"
    page.write_text(MANUAL.format(filler="一段。\n\n" * 80), encoding="utf-8")
    picture = QImage(1600, 100, QImage.Format.Format_RGB32)
    picture.fill(0xFF0000)
    picture.save(str(tmp_path / "图.png"))
    return page


@pytest.fixture
def window(manual, qtbot):
    shown = ManualWindow(manual)
    qtbot.addWidget(shown)
    shown.resize(700, 500)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def top_of(window, heading):
    page = window.page
    block = next(block for block, _ in page._headings() if block.text() == heading)
    return page.document().documentLayout().blockBoundingRect(block).top()


def test_the_manual_begins_at_its_beginning(window):
    assert window.page.verticalScrollBar().value() == 0


def test_chapters_are_listed_in_order(window):
    listed = [window.chapters.item(row).text() for row in range(window.chapters.count())]
    assert listed == ["1. 打开", "2. 我要填“八、其他事项”"]


def test_a_chosen_chapter_comes_to_the_top(window):
    window.chapters.setCurrentRow(1)
    shown = window.page.verticalScrollBar().value()
    assert shown > 0
    assert abs(top_of(window, "2. 我要填“八、其他事项”") - shown) < 30


def test_a_link_leads_to_its_heading(window):
    window.page.anchorClicked.emit(QUrl("#2-我要填八其他事项"))
    assert abs(top_of(window, "2. 我要填“八、其他事项”") - window.page.verticalScrollBar().value()) < 30


def test_a_link_out_of_the_page_opens_nothing(window):
    before = window.page.toPlainText()
    window.page.anchorClicked.emit(QUrl("https://example.org/"))
    assert window.page.toPlainText() == before


def test_pictures_are_as_wide_as_the_page_at_most_and_follow_the_window(window, qtbot):
    def width():
        kind = QTextDocument.ResourceType.ImageResource.value
        return window.page.document().resource(kind, QUrl("图.png")).width()

    qtbot.waitUntil(lambda: 0 < width() <= window.page.viewport().width())
    narrow = width()
    window.resize(1100, 500)
    qtbot.waitUntil(lambda: narrow < width() <= window.page.viewport().width())


def test_search_goes_on_from_the_end_to_the_beginning(window):
    window.search.setText("校验码")
    for _ in range(2):
        window.search.returnPressed.emit()
        assert window.page.textCursor().selectedText() == "校验码"


def test_a_missing_manual_is_named(tmp_path, qtbot):
    window = ManualWindow(tmp_path / "没有.md")
    qtbot.addWidget(window)
    assert "没有.md" in window.page.toPlainText()


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("17. 保密提示", "17-保密提示"), ("9. 我要从 Excel 或 WPS 复制粘贴", "9-我要从-excel-或-wps-复制粘贴")],
)
def test_anchors_are_made_as_everywhere(heading, anchor):
    assert anchor_of(heading) == anchor


def test_what_is_typed_while_reading_is_looked_for(window, qtbot):
    for reading in (window.page, window.chapters):
        window.search.clear()
        reading.setFocus()
        qtbot.keyClicks(reading, "x")
        assert window.search.text() == "x"
        assert QApplication.focusWidget() is window.search
        qtbot.keyClicks(window.search, "y")
        assert window.search.text() == "xy"


def test_the_field_has_the_keyboard_and_pages_are_turned_from_it(window, qtbot):
    assert QApplication.focusWidget() is window.search
    qtbot.keyClick(window.search, Qt.Key.Key_PageDown)
    assert window.page.verticalScrollBar().value() > 0


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_the_manual_opens_with_its_frame_inside_the_screen_and_is_closed_by_a_button(manual, qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.setGeometry(owner.screen().availableGeometry())
    owner.show()
    show_manual(owner, manual)
    shown = owner.findChild(ManualWindow)
    room = owner.screen().availableGeometry()
    assert room.contains(shown.pos())
    assert shown.height() + FRAME.height() <= room.height()
    button = next(one for one in shown.findChildren(QPushButton) if one.text() == "关闭")
    button.click()
    assert not shown.isVisible()
