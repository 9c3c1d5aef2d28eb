"""The preview shows the very bytes that are exported and printed, follows the form, and refuses in words."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from selfassess.document import Document
from selfassess.domain.entries import Answer
from selfassess.export.pdfium import open_pdf
from selfassess.export.profile import NATIONAL, OFFICE, PageNumbers
from selfassess.gui.page_renderer import picture
from selfassess.gui.page_view import Fit
from selfassess.gui.preview_dialog import PreviewDialog
from selfassess.gui.print_profile_memory import ProfileMemory, read, written


@pytest.fixture
def preview(example, places, settings, qtbot):
    dialog = PreviewDialog(example, places, settings)
    dialog.resize(1280, 860)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.view.page_count > 0, timeout=15_000)
    yield dialog
    dialog.close()
    dialog.deleteLater()
    QApplication.processEvents()


def settled(preview, qtbot, before: bytes | None) -> bytes:
    """The PDF after a change."""
    qtbot.waitUntil(lambda: preview.pdf not in (None, before), timeout=15_000)
    return preview.pdf


def drawn(preview, qtbot, page: int):
    preview.view.go_to(page)
    qtbot.waitUntil(lambda: preview.view.picture_of(page) is not None, timeout=15_000)
    return preview.view.picture_of(page)


def test_what_is_shown_is_what_is_exported(preview, tmp_path):
    exports = preview.exports
    exports.printer.export(exports.annex(), tmp_path / "表.pdf", exports.profile)
    assert (tmp_path / "表.pdf").read_bytes() == preview.pdf


def test_a_page_is_drawn_in_full_resolution(preview, qtbot):
    image = drawn(preview, qtbot, 0)
    assert image.width() == round(preview.view._rects[0].width() * preview.view.devicePixelRatioF())
    dark = sum(
        1
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
        if QColor(image.pixel(x, y)).lightness() < 128
    )
    assert dark > 300


def test_only_pages_in_sight_and_their_neighbours_are_drawn(preview, qtbot):
    drawn(preview, qtbot, 0)
    qtbot.wait(150)
    assert {page for page, _ in preview.view._pictures} <= {0, 1, 2}


def test_the_preview_follows_the_form(preview, example, qtbot):
    before = preview.pdf
    example.put_answer("1.1", replace(example.entries.answer("1.1"), remark="补充说明"))
    after = settled(preview, qtbot, before)
    assert "补充说明" in open_pdf(after)[0].get_textpage().get_text_bounded().replace("\r\n", "")


def test_page_numbers_and_first_page_are_chosen(preview, qtbot):
    before = preview.pdf
    QTest.keyClick(preview.panel._page_numbers, Qt.Key.Key_Down)
    preview.panel._first_page.setValue(8)
    after = settled(preview, qtbot, before)
    assert preview.panel.profile.page_numbers is PageNumbers.FOOT
    assert "— 8 —" in open_pdf(after)[0].get_textpage().get_text_bounded()


def test_the_sign_off_block_comes_and_goes(preview, qtbot):
    before = preview.pdf
    qtbot.mouseClick(preview.panel._sign_off, Qt.MouseButton.LeftButton, pos=preview.panel._sign_off.rect().center())
    preview.panel.change(sign_off=True)
    after = settled(preview, qtbot, before)
    pdf = open_pdf(after)
    assert "填报人" in pdf[len(pdf) - 1].get_textpage().get_text_bounded()


def test_changing_a_margin_of_the_standard_makes_the_offices_own(preview, qtbot):
    assert preview.panel.profile == NATIONAL
    preview.panel._spins["left"].setValue(20)
    assert preview.panel.profile == replace(NATIONAL, left=20, name=OFFICE.name)
    assert preview.panel._standard.currentText() == OFFICE.name


def test_a_character_no_font_has_is_listed_with_its_place_before_anything_is_printed(preview, example, qtbot):
    example.put_answer("1.1", replace(example.entries.answer("1.1"), remark="怪字\U0001f9ff"))
    qtbot.waitUntil(lambda: preview._missing.count() == 1, timeout=15_000)
    assert "1.1" in preview._missing.item(0).text()
    assert "U+1F9FF" in preview._missing.item(0).text()
    assert not preview._ways_out[0].isEnabled()
    assert not preview._ways_out[1].isEnabled()
    example.undo()
    qtbot.waitUntil(lambda: preview.pdf is not None, timeout=15_000)
    assert preview._ways_out[0].isEnabled()


def test_margins_that_leave_no_room_are_refused_in_words(preview, qtbot):
    preview.panel.change(left=80, right=80, binding=60, outer=60)
    qtbot.waitUntil(lambda: preview.pdf is None, timeout=15_000)
    assert "页边距" in preview._message.text() or preview.pdf is not None


def test_zoom_follows_the_window_until_one_is_chosen(preview, qtbot):
    width = preview.view.zoom
    preview.resize(preview.width() - 300, preview.height())
    qtbot.waitUntil(lambda: preview.view.zoom < width)
    preview.view.set_zoom(2)
    preview.resize(preview.width() + 300, preview.height())
    QApplication.processEvents()
    assert preview.view.zoom == 2
    assert preview.view.fit is Fit.FREE
    assert preview._zoom.currentText() == "200 %"
    preview.view.set_fit(Fit.PAGE)
    assert preview._zoom.currentText() == "整页"
    assert preview.view._rects[0].height() <= preview.view.viewport().height()


def test_keys_turn_pages_and_zoom(preview, qtbot):
    QTest.keyClick(preview.view, Qt.Key.Key_End)
    assert preview._page.value() == preview.view.page_count
    QTest.keyClick(preview.view, Qt.Key.Key_Home)
    assert preview._page.value() == 1
    zoom = preview.view.zoom
    QTest.keyClick(preview.view, Qt.Key.Key_Plus)
    assert preview.view.zoom > zoom
    preview._page.setValue(3)
    assert preview.view.page == 2


def test_the_thread_ends_with_the_window(preview):
    thread = preview._renderer._thread
    preview.close()
    assert not thread.is_alive()


def test_closing_at_once_is_harmless(example, places, settings, qtbot):
    dialog = PreviewDialog(example, places, settings)
    dialog.show()
    dialog.close()
    dialog.deleteLater()
    QApplication.processEvents()


def test_the_print_profile_is_remembered(settings):
    memory = ProfileMemory(settings)
    assert memory.current() == NATIONAL
    mine = replace(OFFICE, left=25, page_numbers=PageNumbers.NONE, first_page=3, sign_off=True)
    memory.keep(mine)
    assert ProfileMemory(settings).current() == mine
    assert ProfileMemory(settings).own() == mine
    memory.keep(NATIONAL)
    assert memory.current() == NATIONAL
    assert memory.own() == mine


@pytest.mark.parametrize(
    "damage",
    [
        {"left": "viel"},
        {"left": "-5"},
        {"left": "nan"},
        {"first_page": "1.5"},
        {"page_numbers": "nowhere"},
        {"sign_off": "maybe"},
        {"body_font": "/nowhere/fang.ttf"},
        {"unknown": "x"},
    ],
    ids=str,
)
def test_a_damaged_profile_falls_back_field_by_field(damage):
    assert read(written(NATIONAL) | damage, NATIONAL) == NATIONAL


def test_a_page_in_grey_is_small_enough_for_a_printer(preview):
    pdf = open_pdf(preview.pdf)
    image = picture(pdf, 0, 1200, grey=True)
    assert image.width() == 1200
    assert image.depth() == 8
    pdf.close()


def test_an_answer_typed_while_the_pages_are_set_is_not_missed(preview, example, qtbot):
    for number in range(5):
        example.put_answer("1.1", replace(example.entries.answer("1.1") or Answer(), remark=f"第{number}次"))
        preview._render()
    qtbot.waitUntil(
        lambda: (
            preview._work is None
            and preview.pdf is not None
            and "第4次" in open_pdf(preview.pdf)[0].get_textpage().get_text_bounded().replace("\r\n", "")
        ),
        timeout=15_000,
    )


@pytest.fixture
def huge(tmp_path, catalogue):
    """A form of two thousand rows."""
    category = catalogue.categories[0]
    first = category.indicators[0]
    rows = tuple(
        replace(first, code=f"1.{number}", method=f"第{number}项：{first.method * 4}") for number in range(1, 2001)
    )
    form = replace(catalogue, categories=(replace(category, indicators=rows), *catalogue.categories[1:]), checks=())
    document = Document.create(tmp_path / "大.zpb", form)
    yield document
    document.close()


def test_a_long_form_shows_progress_and_closing_does_not_wait_for_it(huge, places, settings, qtbot):
    dialog = PreviewDialog(huge, places, settings)
    dialog.show()
    ended = []
    dialog._work.finished.connect(lambda: ended.append(True))
    qtbot.waitUntil(lambda: dialog._busy.isVisible() or bool(ended), timeout=15_000)
    began = time.monotonic()
    dialog.close()
    assert time.monotonic() - began < 1.0
    qtbot.waitUntil(lambda: bool(ended))
    dialog.deleteLater()


def test_a_button_shuts_the_preview(preview):
    button = next(one for one in preview.findChildren(QPushButton) if one.text() == "关闭(&C)")
    assert button.isVisible()
    button.click()
    assert not preview.isVisible()
