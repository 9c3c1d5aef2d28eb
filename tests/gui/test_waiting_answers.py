"""An answer that was refused waits by its row: it is stored by itself, moves nothing, and gives way to a newer one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.domain.rules import Tiers
from selfassess.gui import pausing, retrying
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.row_panel.departures import OverrideSection
from selfassess.gui.table.editors import LongEditor


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(retrying, "_EVERY", 50)
    monkeypatch.setattr(pausing, "SILENCE", 100)


def saved_text(window) -> str:
    return window.status._saved.text()


def test_a_remark_in_an_open_cell_is_stored_by_itself_when_the_disk_has_room_again(
    window, document, disk, qtbot, hands
):
    editor = hands.open_cell("3.1", ColumnKey.REMARK)
    disk.full()
    QTest.keyClicks(editor, "kept")
    qtbot.waitUntil(lambda: window.workbench.refused() == ["第 3.1 行的备注"])
    disk.roomy()
    qtbot.waitUntil(lambda: hands.remark_of("3.1") == "kept")
    assert window.table.view.open_editor() is editor
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def test_points_that_were_entered_in_a_cell_that_stays_open_are_stored_by_themselves(
    window, document, disk, qtbot, hands
):
    editor = hands.open_cell("3.2", ColumnKey.POINTS)
    disk.full()
    QTest.keyClicks(editor, "2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    disk.roomy()
    qtbot.waitUntil(lambda: document.entries.answer("3.2").points == Decimal(2))
    assert not window.workbench.is_typing()


def test_a_refused_cell_is_stored_although_a_filter_hides_its_row(window, document, disk, qtbot, hands):
    disk.full()
    hands.type_remark("3.1", "kept")
    window.table.show_only({"3.2"})
    assert window.workbench.refused() == ["第 3.1 行的备注"]
    disk.roomy()
    qtbot.waitUntil(lambda: hands.remark_of("3.1") == "kept")
    assert window.workbench.unstored() == []


def test_a_refused_cell_comes_along_into_a_copy_although_a_filter_hides_its_row(
    window, document, disk, tmp_path, hands
):
    disk.full()
    hands.type_remark("3.1", "kept")
    window.table.show_only({"3.2"})
    document.save_as(tmp_path / "别处.zpb", switch=True)
    disk.roomy()
    assert window.workbench.unstored() == []
    assert hands.remark_of("3.1") == "kept"


def test_fields_of_other_rows_are_stored_while_the_keyboard_is_in_the_panel_which_does_not_move(
    window, document, disk, qtbot, hands
):
    disk.full()
    window.show_place("3.1")
    hands.write(window.panel._reason, "kept")
    window.show_place("3.2")
    rule_input = window.panel._input.rule_input
    window.panel._remark.setFocus()
    bar = window.panel.verticalScrollBar()
    QTest.qWait(50)  # it is laid out
    bar.setValue(30)
    QTest.qWait(200)
    disk.roomy()
    qtbot.waitUntil(lambda: document.entries.answer("3.1").reason == "kept")
    assert window.panel._input.rule_input is rule_input
    assert QApplication.focusWidget() is window.panel._remark
    assert bar.value() == 30


def test_points_of_the_panel_are_stored_by_themselves_on_another_row(window, document, disk, qtbot, hands):
    window.show_place("3.2")
    disk.full()
    hands.write(hands.points_field().line, "2")
    window.show_place("3.1")
    disk.roomy()
    qtbot.waitUntil(lambda: document.entries.answer("3.2").points == Decimal(2))
    window.show_place("3.2")
    assert hands.points_field().line.text() == "2"
    assert hands.points_field().unstored() is None


def test_a_remark_stored_since_in_the_panel_is_not_replaced_by_an_older_one_of_the_cell(window, document, disk, hands):
    window.show_place("3.1")
    disk.full()
    hands.type_remark("3.1", "older")
    disk.roomy()
    hands.write(window.panel._remark, "newer")
    window.workbench.retry()
    assert hands.remark_of("3.1") == "newer"
    assert window.workbench.refused() == []
    assert "older" in window.status.said()


def test_of_two_refused_remarks_of_a_row_the_newer_is_stored(window, document, disk, hands):
    window.show_place("3.1")
    disk.full()
    hands.write(window.panel._remark, "older")
    hands.type_remark("3.1", "newer")
    assert window.workbench.refused() == ["第 3.1 行的备注"]
    disk.roomy()
    window.workbench.flush()
    window.workbench.retry()
    assert hands.remark_of("3.1") == "newer"
    assert window.panel._remark.toPlainText() == "newer"


def test_a_refused_text_of_the_panel_that_is_taken_back_with_escape_is_not_stored(window, document, disk, hands):
    window.show_place("3.2")
    disk.full()
    line = hands.points_field().line
    hands.write(line, "2")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Escape)
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("3.2").points is None
    assert window.workbench.refused() == []


def test_letters_typed_while_an_earlier_text_is_stored_by_itself_stay(
    window, document, disk, qtbot, monkeypatch, hands
):
    editor = hands.open_cell("3.1", ColumnKey.REMARK)
    disk.full()
    QTest.keyClicks(editor, "one")
    qtbot.waitUntil(lambda: bool(window.workbench.refused()))
    monkeypatch.setattr(pausing, "SILENCE", 60_000)
    QTest.keyClicks(editor, " two")
    disk.roomy()
    qtbot.waitUntil(lambda: hands.remark_of("3.1") == "one")
    assert isinstance(editor, LongEditor)
    assert editor.toPlainText() == "one two"
    window.workbench.flush()
    assert hands.remark_of("3.1") == "one two"


def open_override(window, code: str = "1.1") -> OverrideSection:
    window.show_place(code)
    section = window.panel.findChild(OverrideSection)
    section.box.click()
    return section


def test_points_and_reason_of_an_override_that_the_disk_refused_are_stored_together(window, document, disk, hands):
    section = open_override(window)
    disk.full()
    hands.write(section.points.line, "1")
    hands.write(section.reason.line, "why")
    window.show_place("3.1")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("1.1").override == Override(points=Decimal(1), reason="why")


def test_both_parts_of_an_override_that_were_refused_on_the_disk_are_newest_together(window, document, disk, hands):
    document.put_answer("1.1", Answer(override=Override(points=Decimal(1), reason="old")))
    window.show_place("1.1")
    section = window.panel.findChild(OverrideSection)
    disk.full()
    hands.write(section.points.line, "0")
    hands.write(section.reason.line, "new")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("1.1").override == Override(points=Decimal(0), reason="new")


def test_an_override_that_means_nothing_is_seen_again_with_its_reason_when_one_comes_back(window, hands):
    section = open_override(window)
    hands.write(section.points.line, "9")
    hands.write(section.reason.line, "why")
    window.show_place("3.1")
    assert window.workbench.not_taken() == ["第 1.1 行的改为", "第 1.1 行的改分理由"]
    window.show_place("1.1")
    assert section.points.isVisible()
    assert (section.points.line.text(), section.reason.line.text()) == ("9", "why")


def test_an_override_that_means_nothing_is_given_up_with_its_tick(window, hands):
    section = open_override(window)
    hands.write(section.points.line, "9")
    section.box.click()
    assert window.workbench.not_taken() == []


def with_equal_names(row):
    if not isinstance(row.rule, Tiers):
        return row
    return replace(row, rule=replace(row.rule, rate=replace(row.rule.rate, denominator_label=row.rule.rate.name)))


def test_amounts_of_the_same_name_wait_each_for_itself(window, document, hands):
    catalogue = document.catalogue
    alike = tuple(
        replace(category, indicators=tuple(with_equal_names(row) for row in category.indicators))
        for category in catalogue.categories
    )
    document.put_catalogue(replace(catalogue, categories=alike), "更正")
    window.show_place("2.1")
    hands.write(window.panel._input.rule_input._amounts["denominator"].line, "many")
    hands.write(window.panel._input.rule_input.value.line, "few")
    window.show_place("3.1")
    window.show_place("2.1")
    rule_input = window.panel._input.rule_input
    assert (rule_input._amounts["denominator"].line.text(), rule_input.value.line.text()) == ("many", "few")


def a_remark_of_the_panel(hands):
    hands.window.show_place("3.1")
    hands.window.panel._remark.setFocus()
    return lambda: hands.window.document.entries.answer("3.1").remark


def a_remark_of_the_table(hands):
    hands.open_cell("3.1", ColumnKey.REMARK)
    return lambda: hands.window.document.entries.answer("3.1").remark


def a_reason_of_a_departure(hands):
    hands.window.document.put_answer("1.1", Answer(not_applicable=""))
    hands.window.show_place("1.1")
    hands.window.panel._not_applicable.reason.line.setFocus()
    return lambda: hands.window.document.entries.answer("1.1").not_applicable


def a_name_of_the_unit(hands):
    hands.window.show_place("unit.name")
    return lambda: hands.window.document.entries.unit.name


def a_matter(hands):
    hands.window.document.put_adjustments((Adjustment(matter=""),))
    hands.window.show_place("8.1")
    editor = hands.window.panel.findChild(AdjustmentsEditor)
    editor.show_place("adjustment.0")
    editor.table.edit(editor.table.currentIndex())
    return lambda: hands.window.document.entries.adjustments[0].matter


@pytest.mark.parametrize(
    "enter", [a_remark_of_the_panel, a_remark_of_the_table, a_reason_of_a_departure, a_name_of_the_unit, a_matter]
)
def test_a_text_is_not_replaced_by_an_earlier_piece_of_itself_that_arrives_late(
    window, document, disk, qtbot, hands, enter
):
    """The disk refused the last sync of the piece, and it is in the file all the same (E392, then E391)."""
    stored = enter(hands)
    field = QApplication.focusWidget()
    written = disk.tear()
    QTest.keyClicks(field, "one")
    qtbot.waitUntil(lambda: bool(window.workbench.refused()))
    disk.full()
    QTest.keyClicks(field, " two")
    QTest.qWait(250)  # refused once more
    document.draft.taken_in(written())
    QTest.qWait(30)
    assert stored() == "one"
    disk.roomy()
    qtbot.waitUntil(lambda: stored() == "one two")
    qtbot.waitUntil(lambda: window.workbench.refused() == [])
