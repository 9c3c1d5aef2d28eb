"""What was refused in a field of 单位信息 is stored by itself, but never over something newer, and no half a number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from selfassess.domain.entries import Unit
from selfassess.gui import pausing, retrying


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(retrying, "_EVERY", 50)
    monkeypatch.setattr(pausing, "SILENCE", 100)


def enter(window, place: str) -> QLineEdit:
    window.show_place(place)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    return field


def refuse(window, disk, place: str, text: str) -> QLineEdit:
    """Type a text while the disk is full, leave it, and make room again."""
    field = enter(window, place)
    disk.full()
    QTest.keyClicks(field, text)
    window.show_place("3.1")
    assert window.workbench.refused()
    disk.roomy()
    return field


def test_a_refused_name_gives_way_to_one_that_came_from_elsewhere_and_is_quoted(window, document, disk):
    document.put_unit(Unit(name="first"))
    field = refuse(window, disk, "unit.name", "typed")
    document.put_unit(Unit(name="restored"))
    window.workbench.retry()
    window.workbench.flush()
    assert document.entries.unit.name == field.text() == "restored"
    assert "typed" in field.accessibleDescription()
    assert window.workbench.refused() == []
    QTest.keyClicks(enter(window, "unit.name"), "x")
    assert field.accessibleDescription() == ""


def test_leaving_does_not_store_a_refused_name_over_a_newer_one_either(window, document, disk):
    field = refuse(window, disk, "unit.name", "typed")
    document.put_unit(Unit(name="restored"))
    window.workbench.flush()
    assert document.entries.unit.name == field.text() == "restored"
    assert "typed" in field.accessibleDescription()


def test_a_refused_name_gives_way_to_a_newer_one_that_is_not_told_yet(window, document, disk, monkeypatch):
    field = refuse(window, disk, "unit.name", "typed")
    with monkeypatch.context() as untold:
        untold.setattr(document, "_tell", lambda _effect: None)
        document.put_unit(Unit(name="restored"))
    window.workbench.retry()
    assert document.entries.unit.name == field.text() == "restored"


def test_a_name_of_which_an_earlier_piece_was_stored_all_the_same_is_stored(window, document, disk):
    field = enter(window, "unit.name")
    disk.full()
    QTest.keyClicks(field, "ab")
    window.workbench.flush()
    QTest.keyClicks(field, "c")
    window.workbench.flush()
    disk.roomy()
    document.put_unit(Unit(name="ab"))
    window.workbench.retry()
    assert document.entries.unit.name == "abc"


@pytest.mark.parametrize(
    ("place", "typed", "entries"),
    [
        ("figure.budget", "1200", lambda document: document.put_figure("budget", Decimal(1200))),
        ("unit.date", "2024-3-5", lambda document: document.put_unit(Unit(date="2024-03-05"))),
    ],
)
def test_a_refused_text_that_is_in_the_file_all_the_same_is_not_called_dropped(
    window, document, disk, place, typed, entries
):
    field = refuse(window, disk, place, typed)
    entries(document)
    window.workbench.retry()
    assert (window.workbench.refused(), field.accessibleDescription()) == ([], "")


def test_half_a_figure_that_is_typed_over_a_refused_one_is_not_stored(window, document, disk):
    field = enter(window, "figure.budget")
    disk.full()
    QTest.keyClicks(field, "1200")
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.selectAll()
    QTest.keyClicks(field, "1")
    disk.roomy()
    QTest.qWait(200)
    assert "budget" not in document.entries.figures
    QTest.keyClicks(field, "3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert document.entries.figures["budget"] == 13


def correct(document, **changes) -> None:
    figures = tuple(replace(figure, **changes) for figure in document.catalogue.figures)
    document.put_catalogue(replace(document.catalogue, figures=figures), "correction")


def test_a_refused_figure_is_stored_by_itself_after_its_name_was_corrected(window, document, disk, qtbot):
    refuse(window, disk, "figure.budget", "1200")
    correct(document, note="corrected")
    qtbot.waitUntil(lambda: document.entries.figures.get("budget") == 1200)


def test_a_refused_figure_is_not_stored_over_a_newer_one_by_a_correction(window, document, disk):
    refuse(window, disk, "figure.budget", "1200")
    document.put_figure("budget", Decimal(7))
    correct(document, note="corrected")
    QTest.qWait(100)
    assert document.entries.figures["budget"] == 7
    assert "1200" in enter(window, "figure.budget").accessibleDescription()


def test_a_refused_figure_is_not_stored_in_another_unit(window, document, disk):
    refuse(window, disk, "figure.budget", "1200")
    correct(document, unit="元")
    QTest.qWait(100)
    assert "budget" not in document.entries.figures
    assert "1200" in enter(window, "figure.budget").accessibleDescription()
