"""Findings are listed by level, followed by keyboard, and keep the chosen line while the form changes under them."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest

from selfassess.domain.entries import Answer, Unit
from selfassess.domain.finding import Finding, Level
from selfassess.gui.findings_model import FINDING_ROLE, FindingsModel
from selfassess.gui.findings_panel import FindingsPanel
from selfassess.scoring.findings import printed_order


@pytest.fixture
def panel(document, qtbot):
    panel = FindingsPanel(document, lambda: panel.stands_at)
    panel.stands_at = ""
    panel.place_chosen.connect(lambda place, _part: setattr(panel, "stands_at", place))
    qtbot.addWidget(panel)
    panel.resize(900, 260)
    panel.show()
    return panel


def shown(panel) -> list[Finding]:
    model = panel.model
    return [model.index(row, 0).data(FINDING_ROLE) for row in range(model.rowCount())]


def chosen(panel) -> Finding:
    return panel.view.currentIndex().data(FINDING_ROLE)


def test_everything_the_document_finds_is_listed_in_its_order(panel, document):
    assert tuple(shown(panel)) == document.findings


def test_counts_stand_on_the_filter(panel, document):
    errors = sum(1 for finding in document.findings if finding.level is Level.ERROR)
    assert panel.count(Level.ERROR) == errors
    assert panel._buttons[Level.ERROR].text() == f"错误 {errors}"
    assert panel._buttons[None].text() == f"全部 {len(document.findings)}"


def test_one_level_alone(panel, document, qtbot):
    qtbot.mouseClick(panel._buttons[Level.HINT], Qt.MouseButton.LeftButton)
    assert shown(panel) == [finding for finding in document.findings if finding.level is Level.HINT]
    assert panel._buttons[Level.HINT].isChecked()
    assert not panel._buttons[None].isChecked()


def test_f8_goes_round(panel, document):
    places = []
    panel.place_chosen.connect(lambda place, _part: places.append(place))
    for _ in range(len(document.findings) + 1):
        panel.next()
    assert places == [*[finding.place for finding in document.findings], document.findings[0].place]
    panel.previous()
    assert places[-1] == document.findings[-1].place


def test_a_click_and_enter_go_to_the_place(panel, document, qtbot):
    index = panel.model.index(2, 0)
    with qtbot.waitSignal(panel.place_chosen) as told:
        QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.view.visualRect(index).center())
    assert told.args == [document.findings[2].place, document.findings[2].part]
    with qtbot.waitSignal(panel.place_chosen) as told:
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert told.args == [document.findings[3].place, document.findings[3].part]


def test_the_chosen_line_stays_while_others_go(panel, document):
    row = next(row for row, finding in enumerate(document.findings) if finding.place == "2.7")
    panel.view.setCurrentIndex(panel.model.index(row, 0))
    document.put_answer("1.1", Answer(points=Decimal(7)))
    assert panel.view.currentIndex().data(FINDING_ROLE).place == "2.7"


def test_a_mended_finding_hands_over_to_the_next(panel, document):
    row = next(row for row, finding in enumerate(document.findings) if finding.place == "1.1")
    after = document.findings[row + 1]
    panel.view.setCurrentIndex(panel.model.index(row, 0))
    document.put_answer("1.1", Answer(points=Decimal(7)))
    assert panel.view.currentIndex().data(FINDING_ROLE) == after


def test_after_a_mended_finding_the_next_is_the_one_that_took_its_place(panel, document):
    row = next(row for row, finding in enumerate(document.findings) if finding.place == "1.1")
    after, before = document.findings[row + 1], document.findings[row - 1]
    panel.stands_at = "1.1"
    panel.next()
    document.put_answer("1.1", Answer(points=Decimal(7)))
    panel.next()
    assert (panel.stands_at, chosen(panel)) == (after.place, after)
    panel.previous()
    assert chosen(panel) == before


def test_enter_moves_on_but_the_reason_that_is_now_missing_comes_first(panel, document, qtbot):
    panel.stands_at = "1.1"
    panel.next()
    document.put_answer("1.1", Answer(points=Decimal(6)))  # one less than full, and no reason
    panel.stands_at = "1.2"  # as Enter does in the cell
    qtbot.wait(1)
    panel.next()
    assert (chosen(panel).code, panel.stands_at) == ("F103", "1.1")


def test_the_last_finding_mended_hands_over_to_the_first(document, qtbot):
    many = Many(document, 3)
    panel = FindingsPanel(many, lambda: panel.stands_at)
    panel.stands_at = ""
    panel.place_chosen.connect(lambda place, _part: setattr(panel, "stands_at", place))
    qtbot.addWidget(panel)
    panel.view.setCurrentIndex(panel.model.index(2, 0))
    panel.view.chosen.emit(panel.view.currentIndex())
    assert panel.stands_at == "1.2"
    many.findings = many.findings[:2]
    panel._follow()
    panel.next()
    assert panel.stands_at == "1.0"


@pytest.mark.parametrize("at", ["1.1", "2.9", "3.1", "unit.head"])
def test_f8_begins_where_one_stands(panel, document, at):
    panel.stands_at = at
    order = printed_order(document.catalogue, 0)
    errors = [finding for finding in document.findings if finding.level is Level.ERROR]
    panel.next()
    assert chosen(panel) == next(finding for finding in errors if order[finding.place] >= order[at])
    panel.stands_at = at
    panel.next()
    if chosen(panel).place == at:  # it was stood on
        assert chosen(panel) == errors[errors.index(next(one for one in errors if one.place == at)) + 1]


def test_who_went_elsewhere_goes_on_from_there_within_the_level(panel, document):
    panel.set_level(Level.HINT)
    panel.stands_at = "1.1"
    panel.next()
    panel.set_level(None)
    assert chosen(panel).level is Level.HINT
    panel.stands_at = "unit.name"
    panel.next()
    assert chosen(panel) == next(finding for finding in document.findings if finding.level is Level.HINT)


def test_a_level_that_hides_the_chosen_finding_begins_where_one_stands(panel, document):
    panel.stands_at = "2.9"
    panel.next()
    panel.set_level(Level.HINT)
    panel.previous()
    panel.set_level(Level.ERROR)
    panel.stands_at = "2.9"
    panel.next()
    assert panel.stands_at == "2.9"


def test_the_chosen_finding_is_copied_as_its_sentence(panel, document):
    panel.view.setCurrentIndex(panel.model.index(1, 0))
    panel.view.copy()
    assert QGuiApplication.clipboard().text() == document.findings[1].message


def test_the_list_does_not_jump_while_somebody_fills_in(panel, document):
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum() // 2)
    before = panel.view.verticalScrollBar().value()
    document.put_answer("7.1", Answer(remark="x"))
    document.put_unit(Unit(name="某某局", head="李"))
    assert abs(panel.view.verticalScrollBar().value() - before) <= 1


def test_the_model_obeys_qts_rules(document, qtbot):
    model = FindingsModel(document)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    document.findings_changed.connect(model.follow)
    document.put_answer("1.1", Answer(points=Decimal(7)))
    model.set_level(Level.ERROR)
    document.undo()
    model.set_level(None)
    assert model.rowCount() == len(document.findings)


class Many:
    """A document with as many findings as it is told."""

    def __init__(self, document, count: int) -> None:
        self.findings_changed = document.findings_changed
        self.findings = tuple(
            Finding(
                code="F101", level=Level.ERROR, place=f"1.{number}", message=f"第 1.{number} 行还没有填写。请填写。"
            )
            for number in range(count)
        )


def test_ten_thousand_findings_are_followed_within_a_frame_or_so(document, qtbot):
    many = Many(document, 10_000)
    panel = FindingsPanel(many, str)
    qtbot.addWidget(panel)
    panel.resize(900, 260)
    panel.show()
    panel.view.setCurrentIndex(panel.model.index(9_000, 0))
    many.findings = many.findings[:100] + many.findings[101:]
    began = time.perf_counter()
    panel._follow()
    panel.view.viewport().repaint()
    took = time.perf_counter() - began
    assert panel.view.currentIndex().row() == 8_999
    assert took < 0.5  # generous: it takes a tenth of that, and a slow machine must not fail


def test_a_form_without_findings_says_that_it_can_be_filed(document, qtbot):
    panel = FindingsPanel(Many(document, 0), str)
    qtbot.addWidget(panel)
    panel.show()
    assert "可以打印上报" in panel._nothing.text()
    assert panel._nothing.isVisible()
    panel.next()
    panel.previous()
