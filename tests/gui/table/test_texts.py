"""Wrapped texts are kept for the next painting, and not for ever."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from selfassess.gui.table.texts import TextShelf

LONG = "预算执行进度" * 400


def shelf() -> TextShelf:
    return TextShelf(QApplication.font())


def test_a_text_that_is_drawn_again_is_not_wrapped_again():
    texts = shelf()
    assert texts.wrapped("预算执行进度", 60) is texts.wrapped("预算执行进度", 60)
    assert len(texts) == 1


def test_the_versions_of_a_remark_that_is_typed_for_an_hour_are_not_all_kept():
    texts = shelf()
    for typed in range(1000, 2000):
        texts.wrapped(LONG[:typed], 180)
        texts.wrapped("标题", 180)
    assert len(texts) < 250


def test_what_is_drawn_all_the_time_outlives_what_is_not():
    texts = shelf()
    title = texts.wrapped("标题", 180)
    for typed in range(1000, 2000):
        texts.wrapped(LONG[:typed], 180)
        assert texts.wrapped("标题", 180) is title
