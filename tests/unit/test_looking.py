"""Looking for trouble every few seconds: beside the window, one look at a time, none after the end."""

from __future__ import annotations

import threading
from threading import Event

import pytest
from PySide6.QtCore import QObject

from selfassess.document import looking
from selfassess.document.looking import Looking
from selfassess.errors import StoreError

GONE = StoreError("E313", path="草稿.zpb")


@pytest.fixture
def owner(qapp, monkeypatch):
    monkeypatch.setattr(looking, "_EVERY", 20)
    monkeypatch.setattr(looking, "_PATIENCE_S", 0.1)
    return QObject()


class Share:
    """A look at a disk that answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.threads: set[int] = set()
        self.answers = Event()

    def look(self) -> StoreError:
        self.asked += 1
        self.threads.add(threading.get_ident())
        self.answers.wait(10)
        return GONE


def looking_at_a_share(owner) -> tuple[Share, list[object], Looking]:
    """The share, what is told of it, and who looks."""
    share, told = Share(), list[object]()
    one = Looking(lambda: share.look, owner)
    one.found.connect(told.append)
    return share, told, one


def test_a_share_that_hangs_is_asked_once_beside_the_window_and_told_of_when_it_answers(owner, qtbot):
    share, told, one = looking_at_a_share(owner)
    qtbot.wait(150)
    assert (share.asked, told) == (1, [])
    assert threading.get_ident() not in share.threads
    share.answers.set()
    qtbot.waitUntil(lambda: len(told) > 1)
    assert set(told) == {GONE}
    one.stop()


def test_nothing_is_told_after_the_end_and_a_look_that_hangs_does_not_keep_it(owner, qtbot):
    share, told, one = looking_at_a_share(owner)
    qtbot.waitUntil(lambda: share.asked == 1)
    one.stop()
    share.answers.set()
    qtbot.wait(100)
    assert (share.asked, told) == (1, [])


def test_what_was_looked_at_before_an_edit_is_not_told_after_it(owner, qtbot):
    share, told, one = looking_at_a_share(owner)
    qtbot.waitUntil(lambda: share.asked == 1)
    one.again()
    one._timer.stop()
    share.answers.set()
    qtbot.wait(100)
    assert told == []
    one.stop()
