"""Closing a window whose file is not its draft any more: it asks first, and the work is in an automatic copy."""

from __future__ import annotations

import errno
import os
import shutil

import pytest
import shiboken6
from PySide6.QtWidgets import QAbstractButton, QApplication

from selfassess.document import Document
from selfassess.domain.entries import Answer
from selfassess.gui.shell import Shell
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft


@pytest.fixture
def window(qtbot, document, places, settings, theme):
    """The window of a draft, opened by the program itself."""
    document.close()
    shell = Shell(QApplication.instance(), places, settings, theme)
    assert shell.open_file(document.path)
    (window,) = shell.windows
    qtbot.waitUntil(lambda: window.panel is not None)
    yield window
    for left in shell.windows:
        left.document.close()
        left.deleteLater()
    if shell._start is not None:
        shell._start.close()


class Asked:
    """Answers the question that comes up, and keeps what it said."""

    def __init__(self, button: str) -> None:
        self.said = ""
        self._button = button

    def __call__(self, box) -> None:
        self.said = box.text() + box.informativeText()
        next(one for one in box.findChildren(QAbstractButton) if one.text().startswith(self._button)).click()


def replace_by_an_older(document: Document) -> None:
    """As a program that synchronises folders does: an older file gets the name."""
    older = document.path.with_name("older")
    shutil.copyfile(document.path, older)
    document.put_answer("1.1", Answer(remark="一天的填报"))
    older.replace(document.path)


def test_closing_asks_after_another_file_came_in_place_and_the_work_is_in_an_automatic_copy(
    window, places, answering, qtbot
):
    document = window.document
    identity = document.draft.as_source().identity
    replace_by_an_older(document)
    stay, leave = Asked("不关闭"), Asked("不保存")
    answering(stay, leave)
    assert not window.close()
    assert "被另一个文件替换" in stay.said
    assert "另存为" in stay.said
    assert window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(window))
    with Draft.open(document.path) as brought:
        assert brought.entries.answer("1.1") == Answer()
    with Draft.open(Backups(places.backups).of(identity)[0].path) as copy:
        assert copy.entries.answer("1.1").remark == "一天的填报"


def test_closing_makes_an_automatic_copy_of_a_draft_that_was_deleted(window, places, answering, qtbot):
    document = window.document
    identity = document.draft.as_source().identity
    document.put_answer("1.1", Answer(remark="一天的填报"))
    document.path.unlink()
    answering(Asked("不保存"))
    assert window.close()
    with Draft.open(Backups(places.backups).of(identity)[0].path) as copy:
        assert copy.entries.answer("1.1").remark == "一天的填报"


@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.EIO, errno.ESTALE, errno.EACCES])
def test_closing_asks_when_the_system_cannot_tell_of_the_file_and_lets_the_draft_go(
    window, answering, monkeypatch, qtbot, number
):
    path = window.document.path
    plain = os.stat

    def stat(name, *args: object, **kwargs: object) -> os.stat_result:
        if os.fspath(name) == os.fspath(path):
            raise OSError(number, os.strerror(number))
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(os, "stat", stat)
    stay, leave = Asked("不关闭"), Asked("不保存")
    answering(stay, leave)
    assert not window.close()
    assert window.isVisible()
    assert "已不在原处" in stay.said
    assert window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(window))
    monkeypatch.undo()
    Draft.open(path).close()
