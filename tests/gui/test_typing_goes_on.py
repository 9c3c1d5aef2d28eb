"""Rules and answers come from elsewhere while somebody types: what stands in fields and cells stays, and is stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui import pausing, retrying


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """What is typed waits for being left, and not for a pause."""
    monkeypatch.setattr(pausing, "SILENCE", 60_000)
    monkeypatch.setattr(pausing, "LATEST", 60_000)
    monkeypatch.setattr(retrying, "_EVERY", 50)


def correct(document, code: str = "") -> None:
    """Other rules, as after a correction: of a row, or of the form as a whole."""
    catalogue = document.catalogue
    categories = tuple(
        replace(
            category,
            indicators=tuple(
                replace(row, method="另一种算法") if row.code == code else row for row in category.indicators
            ),
        )
        for category in catalogue.categories
    )
    document.put_catalogue(replace(catalogue, title="另一标题", categories=categories), "更正")


def rename_figures(document) -> None:
    catalogue = document.catalogue
    figures = tuple(replace(figure, name=f"新{figure.name}") for figure in catalogue.figures)
    document.put_catalogue(replace(catalogue, figures=figures), "更正")


def open_cell(window, code: str, key: ColumnKey):
    assert window.table.view.show_place(code, key)
    window.table.view.setFocus()
    QTest.keyClick(window.table.view, Qt.Key.Key_F2)
    return window.table.view.open_editor()


def points_line(window):
    return window.panel._input.rule_input.points.line


@pytest.mark.parametrize("code", ["", "3.2"])
def test_an_open_cell_opens_again_with_its_text(window, document, qtbot, code):
    QTest.keyClicks(open_cell(window, "3.2", ColumnKey.POINTS), "2.")
    correct(document, code)
    assert window.workbench.is_typing()
    qtbot.waitUntil(lambda: window.table.view.open_editor() is not None)
    QTest.keyClicks(QApplication.focusWidget(), "5")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == Decimal("2.5")


def test_a_remark_in_a_cell_that_opens_again_is_given_up_as_before(window, document, qtbot):
    QTest.keyClicks(open_cell(window, "3.1", ColumnKey.REMARK), "one")
    correct(document)
    qtbot.waitUntil(lambda: window.table.view.open_editor() is not None)
    assert window.table.view.open_editor().entered() == "one"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert document.entries.answer("3.1").remark == ""
    assert not window.workbench.is_typing()


def test_an_open_cell_whose_row_is_filtered_away_is_stored(window, document, qtbot):
    QTest.keyClicks(open_cell(window, "3.2", ColumnKey.POINTS), "2")
    window.table.show_only({"3.1"})
    qtbot.waitUntil(lambda: document.entries.answer("3.2").points == Decimal(2))


def test_what_means_nothing_in_an_open_cell_whose_row_is_filtered_away_waits_there(window, document, qtbot):
    QTest.keyClicks(open_cell(window, "3.2", ColumnKey.POINTS), "234")
    window.table.show_only({"3.1"})
    qtbot.waitUntil(lambda: window.workbench.not_taken() == ["第 3.2 行的得分"])
    window.table.show_only(None)
    assert open_cell(window, "3.2", ColumnKey.POINTS).entered() == "234"


def test_a_number_in_the_panel_stays_with_the_keyboard_when_other_rules_change(window, document):
    window.show_place("3.2")
    line = points_line(window)
    line.setFocus()
    QTest.keyClicks(line, "2")
    correct(document, "3.1")
    QTest.qWait(20)
    assert points_line(window) is line
    assert line.hasFocus()
    assert line.text() == "2"
    assert document.entries.answer("3.2").points is None


def test_a_number_in_the_panel_is_stored_when_the_rules_of_its_own_row_change(window, document, qtbot):
    window.show_place("3.2")
    points_line(window).setFocus()
    QTest.keyClicks(points_line(window), "2")
    correct(document, "3.2")
    qtbot.waitUntil(lambda: document.entries.answer("3.2").points == Decimal(2))
    assert points_line(window).text() == "2"


def test_what_was_refused_in_the_panel_stays_when_the_rules_of_its_row_change(window, document, qtbot):
    window.show_place("3.2")
    points_line(window).setFocus()
    QTest.keyClicks(points_line(window), "234")
    window.panel._remark.setFocus()
    QTest.keyClicks(window.panel._remark, "written")
    correct(document, "3.2")
    qtbot.waitUntil(lambda: points_line(window).text() == "234")
    assert window.workbench.not_taken() == ["第 3.2 行的得分"]
    assert window.panel._remark.toPlainText() == "written"
    assert window.panel._remark.hasFocus()


def test_a_number_that_the_disk_refused_is_stored_although_other_rules_change_meanwhile(window, document, disk, qtbot):
    window.show_place("3.2")
    disk.full()
    line = points_line(window)
    line.setFocus()
    QTest.keyClicks(line, "2")
    QTest.keyClick(line, Qt.Key.Key_Return)
    correct(document, "3.1")
    QTest.qWait(20)
    assert points_line(window).text() == "2"
    disk.roomy()
    qtbot.waitUntil(lambda: document.entries.answer("3.2").points == Decimal(2))


@pytest.mark.parametrize("change", [correct, rename_figures])
def test_a_figure_of_the_unit_stays_with_the_keyboard(window, document, qtbot, change):
    window.show_place("figure.budget")
    QTest.keyClicks(QApplication.focusWidget(), "123")
    change(document)
    QTest.qWait(20)
    QTest.keyClicks(QApplication.focusWidget(), "45")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.figures["budget"] == Decimal(12345)


def test_a_refused_figure_of_the_unit_stays_and_is_told_when_it_gets_another_name(window, document, qtbot):
    window.show_place("figure.budget")
    QTest.keyClicks(QApplication.focusWidget(), "many")
    window.show_place("figure.spent")
    rename_figures(document)
    qtbot.waitUntil(lambda: window.workbench.not_taken() == ["新全年预算数（万元）"])
    window.show_place("figure.budget")
    assert QApplication.focusWidget().text() == "many"
