"""What was refused is never stored by itself over something newer, or next to something that it contradicts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.domain.catalogue import ColumnKey, NotApplicablePolicy
from selfassess.domain.entries import Answer, Override
from selfassess.domain.rules import AllOrNothing, Band, Judged
from selfassess.gui import pausing, retrying
from selfassess.gui.row_panel.departures import OverrideSection


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Each test tries again itself."""
    monkeypatch.setattr(retrying, "_EVERY", 60_000)
    monkeypatch.setattr(pausing, "SILENCE", 100)


def open_override(window, code: str = "1.1") -> OverrideSection:
    window.show_place(code)
    section = window.panel.findChild(OverrideSection)
    section.box.click()
    return section


def with_rule(catalogue, code: str, rule):
    def corrected(row):
        return replace(row, rule=rule) if row.code == code else row

    categories = tuple(
        replace(category, indicators=tuple(corrected(row) for row in category.indicators))
        for category in catalogue.categories
    )
    return replace(catalogue, categories=categories)


def rate_fields(window):
    rule_input = window.panel._input.rule_input
    return rule_input.value.line, rule_input._amounts["numerator"].line, rule_input._amounts["denominator"].line


def test_a_refused_rate_is_not_stored_over_amounts_that_were_entered_since(window, document, disk, hands):
    window.show_place("2.1")
    rate, numerator, denominator = rate_fields(window)
    disk.full()
    hands.write(rate, "50%")
    disk.roomy()
    hands.write(numerator, "100")
    hands.write(denominator, "100")
    window.workbench.retry()
    assert document.entries.answer("2.1") == Answer(numerator=Decimal(100), denominator=Decimal(100))
    assert window.workbench.refused() == []
    assert "50%" in window.status.said()


def test_both_amounts_of_a_rate_wait_beside_each_other(window, document, disk, hands):
    window.show_place("2.1")
    _rate, numerator, denominator = rate_fields(window)
    disk.full()
    hands.write(numerator, "110")
    hands.write(denominator, "100")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("2.1") == Answer(numerator=Decimal(110), denominator=Decimal(100))


def test_an_amount_that_waits_is_stored_beside_the_other_that_was_entered_since(window, document, disk, hands):
    window.show_place("2.1")
    _rate, numerator, denominator = rate_fields(window)
    disk.full()
    hands.write(numerator, "110")
    disk.roomy()
    hands.write(denominator, "100")
    window.workbench.retry()
    assert document.entries.answer("2.1") == Answer(numerator=Decimal(110), denominator=Decimal(100))


@pytest.mark.parametrize("rate_is_stored", [True, False])
def test_a_row_does_not_become_inapplicable_by_an_older_refused_cell(window, document, disk, rate_is_stored, hands):
    window.show_place("2.1")
    disk.full()
    hands.enter_in_cell("2.1", "不涉及")
    if rate_is_stored:
        disk.roomy()
    window.show_place("2.1")
    hands.write(window.panel._input.rule_input.value.line, "12%")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("2.1") == Answer(value=Decimal("0.12"))
    assert window.workbench.unstored() == []


def test_refused_points_are_not_stored_beside_a_tick_that_the_row_is_inapplicable(window, document, disk, hands):
    disk.full()
    hands.enter_in_cell("3.2", "2")
    window.show_place("3.2")
    disk.roomy()
    window.panel._not_applicable.box.click()
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer(not_applicable="")


def test_refused_points_are_not_stored_over_a_band_that_was_chosen_since(window, document, disk, hands):
    bands = (
        Band(label="达成", at_least=Decimal("0.8"), below=None),
        Band(label="未达成", at_least=Decimal(0), below=Decimal("0.8")),
    )
    document.put_catalogue(with_rule(document.catalogue, "3.2", Judged(step=Decimal("0.5"), bands=bands)), "更正")
    disk.full()
    hands.enter_in_cell("3.2", "2.5")
    assert window.workbench.refused() == ["第 3.2 行的得分"]
    window.show_place("3.2")
    disk.roomy()
    window.panel._input.rule_input._buttons["未达成"].click()
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer(option="未达成")


def test_refused_points_and_a_remark_of_the_same_row_are_both_stored(window, document, disk, hands):
    disk.full()
    hands.enter_in_cell("3.2", "2")
    hands.type_remark("3.2", "why")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer(points=Decimal(2), remark="why")


def test_a_text_that_meant_nothing_is_not_stored_over_a_newer_one_when_the_rules_let_it(window, document, hands):
    window.show_place("3.2")
    hands.write(hands.points_field().line, "2.7")
    window.show_place("3.1")
    hands.enter_in_cell("3.2", "1")
    document.put_catalogue(with_rule(document.catalogue, "3.2", Judged(step=Decimal("0.1"))), "更正")
    window.show_place("3.2")
    window.show_place("3.1")
    window.show_place("3.2")
    QTest.qWait(20)
    assert document.entries.answer("3.2").points == Decimal(1)
    assert hands.points_field().line.text() == "2.7"
    assert window.workbench.not_taken() == ["第 3.2 行的得分"]
    hands.points_field().line.setFocus()
    QTest.keyClick(hands.points_field().line, Qt.Key.Key_Return)  # the clerk decides
    assert document.entries.answer("3.2").points == Decimal("2.7")
    assert window.workbench.not_taken() == []


def test_a_text_that_meant_nothing_is_not_stored_over_a_newer_one_while_its_row_is_shown(window, document, hands):
    window.show_place("3.2")
    hands.write(hands.points_field().line, "2.7")
    document.put_answer("3.2", Answer(points=Decimal(1)))
    document.put_catalogue(with_rule(document.catalogue, "3.2", Judged(step=Decimal("0.1"))), "更正")
    QTest.qWait(20)
    window.workbench.flush()
    assert document.entries.answer("3.2").points == Decimal(1)
    line = hands.points_field().line
    assert line.text() == "2.7"
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (line.text(), window.workbench.not_taken()) == ("1", [])


def test_a_text_that_meant_nothing_is_taken_when_the_rules_let_it_and_nothing_is_newer(window, document, hands):
    window.show_place("3.2")
    hands.write(hands.points_field().line, "2.7")
    window.show_place("3.1")
    document.put_catalogue(with_rule(document.catalogue, "3.2", Judged(step=Decimal("0.1"))), "更正")
    window.show_place("3.2")
    assert document.entries.answer("3.2").points == Decimal("2.7")


@pytest.mark.parametrize("left", [True, False])
def test_a_held_reason_of_an_override_is_not_stored_over_one_that_came_from_elsewhere(window, document, left, hands):
    section = open_override(window)
    section.points.line.setFocus()
    QTest.keyClicks(section.points.line, "x")
    hands.write(section.reason.line, "held")
    if left:
        window.show_place("1.2")
    restored = Override(points=Decimal(1), reason="restored")
    document.put_answer("1.1", Answer(override=restored))
    window.show_place("1.1")
    window.workbench.flush()
    assert document.entries.answer("1.1").override == restored
    assert section.reason.line.text() == "held"
    hands.write(section.points.line, "0")
    assert document.entries.answer("1.1").override == Override(points=Decimal(0), reason="restored")


def test_a_cell_that_meant_nothing_is_not_stored_over_a_newer_value_by_looking_at_it(window, document, hands):
    hands.enter_in_cell("3.2", "2.7")
    document.put_answer("3.2", Answer(points=Decimal(1)))
    document.put_catalogue(with_rule(document.catalogue, "3.2", Judged(step=Decimal("0.1"))), "更正")
    hands.open_cell("3.2", ColumnKey.POINTS)
    window.workbench.flush()
    assert document.entries.answer("3.2").points == Decimal(1)
    assert window.workbench.not_taken() == ["第 3.2 行的得分"]


def test_refused_points_are_not_stored_under_another_rule(window, document, disk, hands):
    disk.full()
    hands.enter_in_cell("3.2", "2.5")
    document.put_catalogue(with_rule(document.catalogue, "3.2", AllOrNothing()), "更正")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer()
    assert window.workbench.unstored() == []
    assert "2.5" in window.status.said()
    assert "2.5" in window.table.dropped.said()


def test_a_remark_waits_although_the_rule_of_its_row_is_another(window, document, disk, hands):
    disk.full()
    hands.type_remark("3.2", "kept")
    document.put_catalogue(with_rule(document.catalogue, "3.2", AllOrNothing()), "更正")
    disk.roomy()
    window.workbench.retry()
    assert hands.remark_of("3.2") == "kept"


def test_a_text_whose_field_is_not_there_any_more_can_be_copied(window, document, hands):
    window.show_place("3.2")
    hands.write(hands.points_field().line, "2.7")
    document.put_catalogue(with_rule(document.catalogue, "3.2", AllOrNothing()), "更正")
    QTest.qWait(20)
    assert window.workbench.not_taken() == []
    assert "2.7" in window.table.dropped.said()


def test_a_long_text_that_gave_way_is_shortened_in_the_line_and_can_be_copied_whole(window, document, disk, hands):
    long = "older" * 60
    disk.full()
    hands.type_remark("3.1", long)
    disk.roomy()
    document.put_answer("3.1", Answer(remark="newer"))
    assert len(window.status.said()) < 80
    dropped = window.table.dropped
    assert dropped.isVisible()
    assert long in dropped.toolTip()
    dropped.copy.click()
    assert QApplication.clipboard().text() == long
    window.show_place("3.2")
    assert dropped.isVisible()
    dropped.closing.click()
    assert not dropped.isVisible()
    assert hands.remark_of("3.1") == "newer"


def test_several_texts_that_gave_way_are_copied_with_their_places(window, document, disk, hands):
    disk.full()
    hands.type_remark("3.1", "one")
    hands.enter_in_cell("3.2", "2")
    disk.roomy()
    document.put_answer("3.1", Answer(remark="newer"))
    document.put_answer("3.2", Answer(points=Decimal(1)))
    window.table.dropped.copy.click()
    assert QApplication.clipboard().text() == "第 3.1 行的备注：one\n第 3.2 行的得分：2"


def test_points_replace_an_earlier_text_of_their_cell_that_arrives_late(window, document, disk, hands):
    written = disk.tear()
    hands.enter_in_cell("3.2", "不涉及")
    disk.full()
    hands.enter_in_cell("3.2", "2")
    document.draft.taken_in(written())
    assert document.entries.answer("3.2") == Answer(not_applicable="")
    disk.roomy()
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer(points=Decimal(2))


@pytest.fixture
def averaged(window, document):
    """A row that is marked 不涉及, on a form where that is worth the average; its section of the panel."""
    policy = replace(document.catalogue.policy, not_applicable=NotApplicablePolicy.AVERAGE)
    document.put_catalogue(replace(document.catalogue, policy=policy), "更正")
    document.put_answer("3.2", Answer(not_applicable=""))
    window.show_place("3.2")
    return window.panel._not_applicable


def test_an_average_that_waits_is_stored_beside_a_reason_that_was_entered_since(
    window, document, disk, averaged, hands
):
    disk.full()
    hands.write(averaged.average.line, "1.5")
    disk.roomy()
    hands.write(averaged.reason.line, "why")
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer(not_applicable="why", average=Decimal("1.5"))


def test_an_average_that_waits_is_not_stored_on_a_row_that_applies_again(window, document, disk, averaged, hands):
    disk.full()
    hands.write(averaged.average.line, "1.5")
    disk.roomy()
    document.put_answer("3.2", Answer())
    window.workbench.retry()
    assert document.entries.answer("3.2") == Answer()
