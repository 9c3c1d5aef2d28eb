"""Drafts on sticks and in other folders are listed as long as they are there, and nobody waits for one that is not."""

from __future__ import annotations

import os
import threading
import time
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication

from selfassess.document import Document
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.gui import elsewhere
from selfassess.gui.draft_list import ENTRY_ROLE
from selfassess.gui.elsewhere import OPENED_ELSEWHERE, Elsewhere
from selfassess.gui.main_window import MainWindow
from selfassess.gui.shell import Shell
from selfassess.gui.start_window import StartWindow
from selfassess.store import glance
from selfassess.store.library import Library


@pytest.fixture
def stick(tmp_path, catalogue):
    """A draft on a stick."""
    path = tmp_path / "U盘" / "甲局.zpb"
    path.parent.mkdir()
    Document.create(path, catalogue, Entries(unit=Unit(name="甲局"))).close()
    return path


@pytest.fixture
def places_of(settings, places):
    """What is remembered, as at the next start."""
    return lambda: Elsewhere(settings, places.drafts)


@pytest.fixture
def page_of(places, places_of, qtbot):
    def make():
        window = StartWindow(Library(places.drafts), places, places_of())
        qtbot.addWidget(window)
        window.show()
        return window

    return make


def listed(window):
    model = window.page.model
    return [model.index(row, 0).data(ENTRY_ROLE).path for row in range(model.rowCount())]


def test_a_draft_on_a_stick_is_listed_with_its_place_as_long_as_the_stick_is_there(stick, places_of, page_of, qtbot):
    places_of().remember(stick)
    window = page_of()
    qtbot.waitUntil(lambda: listed(window) == [stick])
    assert window.page.model.index(0, 0).data().startswith(f"甲局，在“{stick}”，")
    window.page.grab()
    away = stick.parent.rename(stick.parent.with_name("拔出"))
    window.page.refresh()
    qtbot.waitUntil(lambda: listed(window) == [])
    away.rename(stick.parent)
    window.page.refresh()
    qtbot.waitUntil(lambda: listed(window) == [stick])


@pytest.fixture
def slow_disk(stick, monkeypatch):
    """A stick that is there, and once it is asked for a draft takes its time until it shall answer: asked, answers."""
    asked, answers, read = threading.Event(), threading.Event(), glance.Looker._read

    def read_slowly(self, path, sql):
        if path.parent == stick.parent:
            asked.set()
            answers.wait(20)
        return read(self, path, sql)

    monkeypatch.setattr(glance.Looker, "_read", read_slowly)
    yield asked, answers
    answers.set()


def test_the_window_goes_on_while_a_draft_on_a_slow_disk_is_read(
    stick, slow_disk, catalogue, places, places_of, page_of, qtbot, monkeypatch
):
    monkeypatch.setattr(elsewhere, "_POLLS", 2)
    asked, answers = slow_disk
    path = Library(places.drafts).path_named("乙局")
    Document.create(path, catalogue, Entries(unit=Unit(name="乙局"))).close()
    places_of().remember(stick)
    began = time.monotonic()
    window = page_of()
    qtbot.waitUntil(asked.is_set)
    qtbot.wait(200)  # the page asks what was found out
    window.page.refresh()
    assert listed(window) == [path]
    document = Document.open(path)  # another draft can be worked on meanwhile
    document.put_answer("1.1", Answer(points=Decimal(1)))
    document.close()
    assert time.monotonic() - began < 10
    answers.set()
    qtbot.waitUntil(lambda: set(listed(window)) == {path, stick})


@pytest.mark.parametrize("name", ["甲局", "", "甲局/乙局", "很长的单位名称" * 30])
def test_the_title_names_no_file_that_is_called_as_a_new_draft_is(name, places, settings, theme, catalogue):
    unit = Unit(name=name)
    path = Library(places.drafts).new_path(unit, catalogue)
    window = MainWindow(Document.create(path, catalogue, Entries(unit=unit)), places, settings, theme)
    assert "文件" not in window.windowTitle()
    window.close()


def test_what_is_opened_and_where_it_is_gone_on_with_is_remembered(
    stick, tmp_path, settings, places, theme, qtbot, places_of
):
    shell = Shell(QApplication.instance(), places, settings, theme)
    assert shell.open_file(stick)
    (window,) = shell.windows
    other = tmp_path / "救回" / "甲局.zpb"
    other.parent.mkdir()
    assert window.windowTitle().endswith("自评表（文件“甲局”）")
    other = other.with_name("甲局 救回.zpb")
    window.document.save_as(other, switch=True)
    assert window.windowTitle().endswith("（文件“甲局 救回”）")
    assert settings.get(OPENED_ELSEWHERE, [""])[0] == str(other)
    window.close()
    assert shell.open_file(stick)
    shell.windows[0].close()
    assert settings.get(OPENED_ELSEWHERE, [""]) == [str(stick), str(other)]


def test_of_a_draft_that_was_looked_at_its_own_place_is_remembered(stick, settings, places, theme):
    shell = Shell(QApplication.instance(), places, settings, theme)
    shell._show_document(Document.look(stick))
    shell.windows[0].close()
    assert settings.get(OPENED_ELSEWHERE, [""]) == [str(stick)]


def test_drafts_of_the_folder_are_not_elsewhere_and_only_ten_are_remembered(settings, places, tmp_path, places_of):
    kept = places_of()
    kept.remember(places.drafts / "甲局.zpb")
    assert settings.get(OPENED_ELSEWHERE, ["x"]) == ["x"]
    for number in range(15):
        kept.remember(tmp_path / f"{number}.zpb")
    assert settings.get(OPENED_ELSEWHERE, [""]) == [str(tmp_path / f"{number}.zpb") for number in range(14, 4, -1)]


def test_nobody_waits_for_a_disk_that_does_not_answer(stick, tmp_path, places_of, page_of, qtbot, monkeypatch):
    answers, asked = threading.Event(), []

    def is_file(path):
        asked.append(path)
        if "网络" in path:
            answers.wait(20)
        return os.path.lexists(path)

    monkeypatch.setattr(elsewhere.os.path, "isfile", is_file)
    dead = tmp_path / "网络" / "乙局.zpb"
    places_of().remember(stick)
    places_of().remember(dead)
    try:
        window = page_of()
        qtbot.waitUntil(lambda: listed(window) == [stick])
        window.page.refresh()
        window.page.refresh()
        assert asked.count(str(dead)) == 1  # one who waits is enough
    finally:
        answers.set()


@pytest.mark.parametrize("made_up", [[1, None], [["x"]], ["\ud800.zpb"], ["\0"], ["."], [""]])
def test_whatever_the_settings_say_the_list_is_shown(settings, page_of, qtbot, made_up):
    settings.put(OPENED_ELSEWHERE, made_up)
    window = page_of()
    qtbot.wait(100)
    assert listed(window) == []
