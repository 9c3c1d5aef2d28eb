"""A finding leads into the very field it is about, by mouse and by keyboard; F8 goes on from there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.gui.adjustments_editor import AdjustmentsTable
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.findings_model import FINDING_ROLE

D = Decimal
FIELDS = {
    "F103": (Answer(points=D(1)), "扣分原因"),
    "F104": (Answer(override=Override(points=D(1), reason="")), "改分理由"),
    "F105": (Answer(not_applicable=""), "不涉及的理由"),
}


def row_of(window, code: str) -> int:
    model = window.findings.model
    return next(row for row in range(model.rowCount()) if model.index(row, 0).data(FINDING_ROLE).code == code)


def choose(window, code: str) -> None:
    """Enter on the finding of a code."""
    view = window.findings.view
    view.setFocus()
    view.setCurrentIndex(window.findings.model.index(row_of(window, code), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)


def seen(window, field) -> bool:
    """Whether all of a field lies in sight of the panel."""
    port = window.panel.viewport()
    return port.rect().contains(QRect(field.mapTo(port, QPoint(0, 0)), field.size()))


@pytest.mark.parametrize("hidden", [False, True], ids=["panel open", "panel hidden"])
@pytest.mark.parametrize("code", FIELDS)
def test_enter_on_a_finding_puts_the_keyboard_into_its_field(window, document, qtbot, code, hidden):
    answer, name = FIELDS[code]
    document.put_answer("3.2", answer)
    window.commands["findings"].setChecked(True)
    window.commands["panel"].setChecked(not hidden)
    choose(window, code)
    field = QApplication.focusWidget()
    assert field.accessibleName() == name
    assert window.panel.isVisible()
    assert window.panel.place() == window.table.view.place() == "3.2"
    qtbot.waitUntil(lambda: seen(window, field))


def test_a_row_without_documents_leads_to_where_some_are_added(window, document, qtbot):
    document.put_answer("3.2", Answer(points=document.catalogue.indicator("3.2").full_points))
    document.attach("1.1", "甲.pdf", b"one")
    window.commands["findings"].setChecked(True)
    choose(window, "F213")
    field = QApplication.focusWidget()
    assert field.accessibleName() == "添加佐证材料"
    assert window.panel.place() == "3.2"
    qtbot.waitUntil(lambda: seen(window, field))


def test_a_click_leads_there_too(window, document):
    document.put_answer("3.2", FIELDS["F103"][0])
    window.commands["findings"].setChecked(True)
    view = window.findings.view
    index = window.findings.model.index(row_of(window, "F103"), 0)
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    assert QApplication.focusWidget().accessibleName() == "扣分原因"


def test_a_blank_row_is_filled_in_the_table(window):
    window.commands["findings"].setChecked(True)
    choose(window, "F101")
    assert QApplication.focusWidget() is window.table.view


@pytest.mark.parametrize(
    ("code", "cell"),
    [("F151", "事项"), ("F207", "依据"), ("F152", "分值")],
    ids=["matter", "basis", "points"],
)
def test_a_finding_of_a_matter_leads_to_its_cell(window, document, code, cell):
    document.put_adjustments((Adjustment(matter="甲", basis="文", points=D(1)), Adjustment(matter="")))
    window.commands["findings"].setChecked(True)
    choose(window, code)
    table = QApplication.focusWidget()
    assert isinstance(table, AdjustmentsTable)
    index = table.currentIndex()
    assert index.row() == 1
    assert table.model().headerData(index.column(), Qt.Orientation.Horizontal) == cell


def test_f8_goes_through_all_findings_from_whatever_field_it_led_into(window, document):
    document.put_answer("1.1", Answer(points=D(1)))
    document.put_answer("1.2", FIELDS["F105"][0])
    document.put_answer("3.2", FIELDS["F104"][0])
    document.put_adjustments((Adjustment(matter=""),))
    window.commands["findings"].setChecked(True)
    window.show_place("unit.name")
    view = window.findings.view
    found = []
    for _ in range(len(document.findings) + 1):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
        found.append(view.currentIndex().data(FINDING_ROLE))
    assert found == [*document.findings, document.findings[0]]


def test_a_reason_typed_after_f8_is_stored_by_the_next_f8(window, document):
    document.put_answer("3.2", FIELDS["F103"][0])
    window.commands["findings"].setChecked(True)
    window.show_place("3.2")
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    QTest.keyClicks(QApplication.focusWidget(), "late")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    assert document.entries.answer("3.2").reason == "late"
    assert not [one for one in document.findings if one.code == "F103"]


def test_f8_in_a_field_of_the_unit_page_goes_on(window, document):
    window.commands["findings"].setChecked(True)
    window.show_place("unit.name")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    first = QApplication.focusWidget()
    QTest.keyClick(first, Qt.Key.Key_F8)
    second = QApplication.focusWidget()
    assert isinstance(first, QLineEdit)
    assert [first.accessibleName(), second.accessibleName()] == ["填报单位", "年度"]


def test_a_score_typed_with_enter_leads_to_the_highlighted_finding(window, document, qtbot):
    window.commands["findings"].setChecked(True)
    window.show_place("3.1")
    view = window.findings.view
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    assert view.currentIndex().data(FINDING_ROLE).place == "3.1"
    QTest.keyClicks(window.table.view, "2")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.wait(1)
    highlighted = view.currentIndex().data(FINDING_ROLE)
    assert highlighted.place == "3.2"
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    assert view.currentIndex().data(FINDING_ROLE) == highlighted
    assert window.table.view.place() == "3.2"


def test_a_text_still_being_typed_is_stored_before_f8_looks(window, document):
    document.put_answer("3.1", Answer(option="低于"))
    document.put_answer("3.2", FIELDS["F103"][0])
    window.show_place("3.1")
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    QTest.keyClicks(QApplication.focusWidget(), "low")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
    assert window.table.view.place() == "3.2"
    assert QApplication.focusWidget().accessibleName() == "扣分原因"
    assert document.entries.answer("3.1").reason == "low"


def test_f8_begins_at_the_current_row(window):
    window.show_place("2.3")
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    assert window.table.view.place() == "2.3"
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    assert window.table.view.place() == "3.1"
    window.show_place("1.2")
    QTest.keyClick(window.table.view, Qt.Key.Key_F8)
    assert window.table.view.place() == "1.2"


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_F7])
def test_a_filter_that_hides_the_next_place_goes_and_that_is_said(window, document, key):
    document.put_answer("1.2", Answer(points=D(1), met=True))
    window.filter.choose(StateFilter.ANSWERED)
    assert window.table.view.place() == "1.2"
    QTest.keyClick(window.table.view, key)
    assert window.filter.is_open()
    assert window.status.said() == "要去的“1.3”被筛选隐藏了，已取消筛选，显示全部行。"
