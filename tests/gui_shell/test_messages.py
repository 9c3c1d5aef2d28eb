"""Refusals are shown whole, with what to do, and answered by the keyboard."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPlainTextEdit, QPushButton

from selfassess.errors import CatalogueError, ExportError, ImportFormError, InputError, StoreError
from selfassess.gui.messages import choose_after_error, confirm, inform, show_error, split_remedy, title_of


def button(dialog, text):
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def test_a_message_falls_into_what_happened_and_what_to_do():
    assert split_remedy("磁盘已满，没有保存。请清理磁盘。") == ("磁盘已满，没有保存。", "请清理磁盘。")
    assert split_remedy("没有保存。") == ("没有保存。", "")


def test_each_kind_of_error_has_its_title():
    errors = (InputError("E141", place="x", hint="y"), StoreError("E308", path="x"), ExportError("E352"))
    assert [title_of(error) for error in errors] == ["输入有误", "草稿", "没有导出"]
    assert title_of(CatalogueError("E209", name="x", number=2, known=1)) == "指标体系有误"
    assert title_of(ImportFormError("E531")) == "没有导入"


def test_a_refusal_shows_both_parts_as_plain_text(answering):
    shown = []

    def read(box: QMessageBox) -> None:
        shown.append((box.text(), box.informativeText(), box.textFormat()))
        box.close()

    answering(read)
    show_error(None, StoreError("E304", path="<b>坏</b>.zpb"))
    what, remedy, form = shown[0]
    assert "<b>坏</b>.zpb" in what
    assert remedy == "请选择由本程序保存的 .zpb 文件。"
    assert form is Qt.TextFormat.PlainText


@pytest.mark.parametrize(("text", "number"), [("再试一次", 0), ("另选位置…", 1), ("取消", 2)])
def test_the_chosen_way_on_is_told(answering, text, number):
    answering(lambda box: button(box, text).click())
    assert choose_after_error(None, ExportError("E352"), ("再试一次", "另选位置…", "取消")) == number


def test_enter_means_the_first_way_and_escape_the_last(answering):
    answering(lambda box: QTest.keyClick(box, Qt.Key.Key_Return))
    assert choose_after_error(None, ExportError("E352"), ("再试一次", "取消")) == 0
    answering(lambda box: QTest.keyClick(box, Qt.Key.Key_Escape))
    assert choose_after_error(None, ExportError("E352"), ("再试一次", "取消")) == 1


def test_all_faults_of_a_file_are_listed_and_can_be_copied(answering):
    faults = tuple(f"第 {number} 行：应为数。请改正。" for number in range(1, 31))
    listed = []

    def read(dialog) -> None:
        listed.append(dialog.findChild(QPlainTextEdit).toPlainText().splitlines())
        button(dialog, "复制全部").click()
        button(dialog, "知道了").click()

    answering(read)
    show_error(None, CatalogueError("E201", faults, name="2022.toml", count=30))
    assert listed[0][0] == "1. 第 1 行：应为数。请改正。"
    assert len(listed[0]) == 30
    assert QGuiApplication.clipboard().text() == "\n".join(faults)


def test_a_question_is_not_answered_yes_by_a_careless_enter(answering):
    answering(lambda box: QTest.keyClick(box, Qt.Key.Key_Return))
    assert not confirm(None, "替换", "“表.pdf”已经存在，要替换它吗？", yes="替换")
    answering(lambda box: button(box, "替换").click())
    assert confirm(None, "替换", "“表.pdf”已经存在，要替换它吗？", yes="替换")


@pytest.mark.parametrize("leave", [lambda box: QTest.keyClick(box, Qt.Key.Key_Escape), lambda box: box.close()])
def test_a_question_that_is_left_is_not_answered_yes(answering, leave):
    answering(leave)
    assert not confirm(None, "替换", "“表.pdf”已经存在，要替换它吗？", yes="替换")


def test_dialogs_are_freed_after_closing(answering, qtbot):
    seen = []

    def close(box):
        seen.append(box)
        box.close()

    answering(close, close, close)
    inform(None, "好了", "已导出。")
    show_error(None, CatalogueError("E201", ("一",), name="x", count=1))
    confirm(None, "替换", "要替换它吗？", yes="替换")
    qtbot.waitUntil(lambda: len(seen) == 3 and not any(map(shiboken6.isValid, seen)))
