"""Bonuses and deductions are typed in, weighed by scoring, and refused in words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from selfassess.catalogue import loader
from selfassess.document import Document
from selfassess.domain.entries import Adjustment
from selfassess.errors import InputError, StoreError
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.adjustments_model import AdjustmentsModel, Column, parse_signed_points

D = Decimal
ROOT = Path(__file__).resolve().parents[2]
PRIZE = Adjustment(matter="先进集体", basis="外发〔2022〕35号", points=D(8))


@pytest.fixture
def editor(document, qtbot):
    editor = AdjustmentsEditor(document)
    qtbot.addWidget(editor)
    editor.resize(1000, 420)
    editor.show()
    return editor


def put(editor, row: int, column: Column, text: str) -> bool:
    return editor.model.setData(editor.model.index(row, column), text)


def text(editor, row: int, column: Column) -> str:
    return editor.model.index(row, column).data()


@pytest.mark.parametrize(
    ("typed", "deduction", "points"),
    [
        ("8", False, "8"),
        ("8", True, "-8"),
        ("+8", True, "8"),
        ("-2.5", False, "-2.5"),
        ("−2.5 分", False, "-2.5"),
        ("－２．５", False, "-2.5"),
        ("0", True, "0"),
    ],
)
def test_points_go_the_way_that_is_chosen_or_typed(typed, deduction, points):
    assert parse_signed_points(typed, "分值", deduction=deduction) == D(points)


def test_empty_points_are_not_known_yet():
    assert parse_signed_points(" ", "分值", deduction=True) is None


@pytest.mark.parametrize("typed", ["abc", "--3", "1e5", "nan", "8.1234567", "9" * 20])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(InputError):
        parse_signed_points(typed, "分值", deduction=False)


def test_a_matter_is_typed_in_by_keyboard_alone(editor, document, qtbot):
    editor.add()
    typed = QApplication.focusWidget()
    assert isinstance(typed, QLineEdit)
    for text in ("prize", "No 35", "4.5", "delay", "No 9", "-2"):
        QTest.keyClicks(QApplication.focusWidget(), text)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.adjustments == (
        Adjustment(matter="prize", basis="No 35", points=D("4.5")),
        Adjustment(matter="delay", basis="No 9", points=D(-2)),
        Adjustment(matter=""),
    )


def test_enter_over_what_is_there_walks_through_it_and_adds_one_empty_matter_only(editor, document):
    document.put_adjustments((PRIZE, Adjustment(matter="典型案例")))
    editor.show_place("adjustment.0")
    walked = []
    for _ in range(6):
        index = editor.table.currentIndex()
        walked.append((index.row(), Column(index.column())))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    fields = (Column.MATTER, Column.BASIS, Column.POINTS)
    assert walked == [(row, field) for row in (0, 1) for field in fields]
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.adjustments == (PRIZE, Adjustment(matter="典型案例"), Adjustment(matter=""))


def test_enter_stays_with_points_that_are_refused(editor, document, qtbot):
    document.put_adjustments((PRIZE,))
    editor.show_place("adjustment.0", "points")
    QTest.keyClicks(editor.table, "x")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    assert QApplication.focusWidget().text() == "x"
    assert editor.table.currentIndex().column() == Column.POINTS
    assert document.entries.adjustments == (PRIZE,)


def test_a_sign_can_be_chosen_before_the_points_are_known(editor, document):
    document.put_adjustments((Adjustment(matter="逾期"),))
    assert put(editor, 0, Column.SIGN, "扣分")
    assert text(editor, 0, Column.SIGN) == "扣分"
    assert document.entries.adjustments[0].points is None
    put(editor, 0, Column.POINTS, "2")
    assert document.entries.adjustments[0].points == D(-2)


def test_choosing_the_other_sign_turns_the_points_round(editor, document):
    document.put_adjustments((PRIZE,))
    put(editor, 0, Column.SIGN, "扣分")
    assert document.entries.adjustments[0].points == D(-8)
    put(editor, 0, Column.SIGN, "加分")
    assert document.entries.adjustments[0].points == D(8)


def test_of_one_matter_only_the_largest_counts_and_the_table_says_so(editor, document):
    document.put_adjustments((PRIZE, Adjustment(matter="先进 集体", points=D(5))))
    assert text(editor, 0, Column.VERDICT) == "计入"
    assert "与第 1 项是同一事项" in text(editor, 1, Column.VERDICT)
    assert "加分合计 8 分" in editor._sums.text()


def test_where_the_table_is_too_narrow_for_verdicts_they_stand_below_it(editor, document):
    document.put_adjustments((PRIZE, Adjustment(matter="先进集体", points=D(5)), Adjustment(matter="典型案例")))
    assert not editor.table.isColumnHidden(Column.VERDICT)
    assert "第 2 项" not in editor._sums.text()
    editor.resize(340, 420)
    assert editor.table.isColumnHidden(Column.VERDICT)
    assert editor.table.horizontalScrollBar().maximum() == 0
    assert editor._sums.text().splitlines()[1:] == [
        "第 2 项不计：与第 1 项是同一事项，只取最高分",
        "第 3 项还没有填分值",
    ]


def test_without_matters_nothing_need_be_filled_in(editor):
    assert editor._sums.text() == "没有加分、扣分事项的单位，这里不必填。"


def test_a_cap_that_is_passed_is_said(editor, document):
    document.put_adjustments((PRIZE, Adjustment(matter="典型案例", points=D(4))))
    assert "加分合计 12 分，超过上限，只计 10 分" in editor._sums.text()
    assert "本类得分 10 分" in editor._sums.text()


def test_rule_and_caps_are_in_sight(editor):
    assert "同一事项" in editor._rule.text()
    assert "加分合计最多 10 分" in editor._rule.text()


def test_refused_points_leave_the_old_ones_and_say_why(editor, document):
    document.put_adjustments((PRIZE,))
    assert not put(editor, 0, Column.POINTS, "abc")
    assert document.entries.adjustments == (PRIZE,)
    assert editor._refusal.isVisible()
    assert "“abc”不是数" in editor._refusal.text()
    put(editor, 0, Column.POINTS, "3")
    assert not editor._refusal.isVisible()


def test_a_disk_that_refuses_is_said(editor, document, monkeypatch):
    def refuse(*_) -> None:
        raise StoreError("E312", path=document.path)

    monkeypatch.setattr(document, "put_adjustments", refuse)
    editor.add()
    assert editor.model.rowCount() == 0
    assert "磁盘已满" in editor._refusal.text()


def test_removal_is_one_step_of_undo(editor, document):
    other = Adjustment(matter="典型案例", points=D(4))
    document.put_adjustments((PRIZE, other))
    editor.table.selectRow(0)
    said = []
    editor.said.connect(said.append)
    QTest.keyClick(editor.table, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert document.entries.adjustments == (other,)
    assert said == ["已删除 1 项，按 Ctrl+Z 可恢复。"]
    assert document.undo_text == "撤销：删除其他事项 1 项"
    document.undo()
    assert document.entries.adjustments == (PRIZE, other)
    assert editor.model.rowCount() == 2


def test_a_click_on_a_heading_chooses_nothing(editor, document):
    document.put_adjustments((PRIZE, Adjustment(matter="典型案例", points=D(4))))
    editor.table.setCurrentIndex(editor.model.index(0, Column.MATTER))
    heading = editor.table.horizontalHeader()
    place = QPoint(heading.sectionViewportPosition(Column.BASIS) + 10, heading.height() // 2)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseClick(editor.table.findChild(QAbstractButton), Qt.MouseButton.LeftButton)
    assert [index.row() for index in editor.table.selectedIndexes()] == [0]


def test_a_new_matter_is_undone_by_its_name(editor, document):
    editor.add()
    assert document.undo_text == "撤销：新增其他事项"


def test_delete_empties_cells(editor, document):
    document.put_adjustments((PRIZE,))
    editor.table.setCurrentIndex(editor.model.index(0, Column.BASIS))
    QTest.keyClick(editor.table, Qt.Key.Key_Delete)
    assert document.entries.adjustments == (Adjustment(matter="先进集体", points=D(8)),)


def test_emptying_several_cells_is_one_step_of_undo(editor, document):
    other = Adjustment(matter="典型案例", basis="文件", points=D(4))
    document.put_adjustments((PRIZE, other))
    editor.table.selectAll()
    QTest.keyClick(editor.table, Qt.Key.Key_Delete)
    assert document.entries.adjustments == (Adjustment(matter=""), Adjustment(matter=""))
    document.undo()
    assert document.entries.adjustments == (PRIZE, other)


def test_enter_below_the_last_row_begins_another(editor, document):
    document.put_adjustments((PRIZE,))
    editor.show_place("adjustment.0", "points")
    QTest.keyClick(editor.table, Qt.Key.Key_Return)
    assert len(document.entries.adjustments) == 2


def test_the_sign_is_chosen_from_a_list(editor, document):
    document.put_adjustments((PRIZE,))
    index = editor.model.index(0, Column.SIGN)
    editor.table.setCurrentIndex(index)
    editor.resize(340, 420)
    editor.table.edit(index)
    box = editor.table.findChild(QComboBox)
    assert box.width() >= box.sizeHint().width()
    assert editor.table.viewport().rect().contains(box.geometry())
    box.setCurrentText("扣分")
    box.activated.emit(1)
    assert document.entries.adjustments[0].points == D(-8)


@pytest.mark.parametrize(("place", "row"), [("adjustment.1", 1), ("adjustment.9", 1), ("8.1", 0)])
def test_a_finding_puts_the_keyboard_onto_its_matter(editor, document, place, row):
    document.put_adjustments((PRIZE, Adjustment(matter="典型案例")))
    editor.show_place(place)
    assert editor.table.currentIndex().row() == row


def test_the_model_obeys_qts_rules(document, qtbot):
    model = AdjustmentsModel(document)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.add()
    model.setData(model.index(0, Column.MATTER), "先进集体")
    model.setData(model.index(0, Column.POINTS), "3")
    model.add()
    document.undo()
    document.undo()
    model.remove({0})
    assert model.rowCount() == 0


def test_a_form_without_a_band_says_so(tmp_path, qtbot):
    form = loader.load(ROOT / "catalogues" / "project-spending" / "2020.toml")
    document = Document.create(tmp_path / "x.zpb", form)
    editor = AdjustmentsEditor(document)
    qtbot.addWidget(editor)
    assert "没有加分、扣分事项" in editor._rule.text()
    assert not editor._add.isEnabled()
    document.close()
