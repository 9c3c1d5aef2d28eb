"""What was typed among the matters of 八 and refused waits in its own cell, whatever is done elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from selfassess.domain.entries import Adjustment
from selfassess.gui import pausing, retrying
from selfassess.gui.adjustments_editor import AdjustmentsEditor

PAUSE = 100
WAITING = ["第 8.1 行的事项"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(retrying, "_EVERY", 50)
    monkeypatch.setattr(pausing, "SILENCE", PAUSE)


@pytest.fixture
def editor(window, document) -> AdjustmentsEditor:
    """Two matters, with the keyboard in the table of them."""
    document.put_adjustments((Adjustment(matter="甲", points=Decimal(1)), Adjustment(matter="乙", points=Decimal(2))))
    window.show_place("8.1")
    return window.panel.findChild(AdjustmentsEditor)


def open_cell(editor: AdjustmentsEditor, row: int, part: str = "matter") -> QLineEdit:
    editor.show_place(f"adjustment.{row}", part)
    editor.table.edit(editor.table.currentIndex())
    return QApplication.focusWidget()


def type_and_leave(editor: AdjustmentsEditor, row: int, part: str, text: str) -> None:
    QTest.keyClicks(open_cell(editor, row, part), text)
    editor.flush()
    editor.window().table.view.setFocus()
    QTest.qWait(5)


def names(document) -> list[str]:
    return [one.matter for one in document.entries.adjustments]


def saved_text(window) -> str:
    return window.status._saved.text()


def test_a_refused_matter_is_stored_by_itself_although_another_row_is_shown(window, document, editor, disk, qtbot):
    disk.full()
    type_and_leave(editor, 0, "matter", "kept")
    window.show_place("3.1")
    QTest.qWait(200)
    assert window.workbench.refused() == WAITING
    assert saved_text(window) == "有内容没有保存"
    disk.roomy()
    qtbot.waitUntil(lambda: names(document) == ["kept", "乙"])
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))
    assert window.panel.place() == "3.1"


def test_a_matter_that_is_too_long_is_there_again_when_one_comes_back_to_its_row(window, editor):
    QApplication.clipboard().setText("x" * 600)
    QTest.keyClick(open_cell(editor, 0), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.show_place("3.1")
    assert window.workbench.not_taken() == WAITING
    window.show_place("8.1")
    assert open_cell(editor, 0).text() == "x" * 600


def test_every_refused_cell_waits_for_itself(window, document, editor, disk, qtbot):
    disk.full()
    type_and_leave(editor, 0, "matter", "first")
    type_and_leave(editor, 1, "basis", "second")
    QTest.keyClick(open_cell(editor, 1, "matter"), Qt.Key.Key_Return)  # looked at, and left as it was
    editor.flush()
    assert window.workbench.refused() == WAITING
    disk.roomy()
    qtbot.waitUntil(lambda: not window.workbench.refused())
    assert names(document) == ["first", "乙"]
    assert document.entries.adjustments[1].basis == "second"


def test_what_means_nothing_does_not_become_what_the_disk_refused_nor_the_other_way(window, document, editor, disk):
    type_and_leave(editor, 1, "points", "many")
    disk.full()
    type_and_leave(editor, 0, "matter", "kept")
    assert (window.workbench.refused(), window.workbench.not_taken()) == (WAITING, WAITING)
    disk.roomy()
    window.workbench.retry()
    assert (window.workbench.refused(), window.workbench.not_taken()) == ([], WAITING)
    assert open_cell(editor, 1, "points").text() == "many"


def test_a_refused_text_goes_along_with_its_matter_when_another_is_taken_out(window, document, editor, disk, qtbot):
    disk.full()
    type_and_leave(editor, 1, "matter", "kept")
    disk.roomy()
    document.put_adjustments(document.entries.adjustments[1:])
    qtbot.waitUntil(lambda: names(document) == ["kept"])
    assert window.workbench.refused() == []


def test_a_refused_text_whose_matter_is_taken_out_is_dropped_with_a_word(window, document, editor):
    type_and_leave(editor, 1, "points", "many")
    document.put_adjustments(document.entries.adjustments[:1])
    assert "第 2 项" in window.status.said()
    assert "many" in window.status.said()
    assert window.workbench.not_taken() == []


def test_a_newer_text_of_a_cell_is_not_replaced_by_an_older_one_that_waited(window, document, editor, disk):
    disk.full()
    type_and_leave(editor, 0, "matter", "older")
    disk.roomy()
    document.put_adjustments((Adjustment(matter="newer"), Adjustment(matter="乙")))
    window.workbench.retry()
    assert names(document) == ["newer", "乙"]
    assert "older" in window.status.said()
    assert window.workbench.refused() == []


def test_a_matter_in_an_open_cell_is_stored_by_itself_when_the_disk_has_room_again(
    window, document, editor, disk, qtbot
):
    field = open_cell(editor, 0)
    disk.full()
    QTest.keyClicks(field, "kept")
    qtbot.waitUntil(lambda: window.workbench.refused() == WAITING)
    disk.roomy()
    qtbot.waitUntil(lambda: names(document) == ["kept", "乙"])
    assert QApplication.focusWidget() is field
    assert not window.workbench.is_typing()


def test_escape_gives_up_the_text_of_its_own_cell_alone(window, editor):
    type_and_leave(editor, 0, "points", "many")
    type_and_leave(editor, 1, "points", "few")
    QTest.keyClick(open_cell(editor, 1, "points"), Qt.Key.Key_Escape)
    assert window.workbench.not_taken() == WAITING
    assert open_cell(editor, 0, "points").text() == "many"


def test_what_is_typed_in_an_open_cell_goes_on_when_matters_come_from_elsewhere(window, document, editor, qtbot):
    QTest.keyClicks(open_cell(editor, 1, "points"), "2.")
    document.put_adjustments((Adjustment(matter="新"), *document.entries.adjustments))
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    QTest.keyClicks(QApplication.focusWidget(), "5")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [one.points for one in document.entries.adjustments[:3]] == [None, Decimal(1), Decimal("2.5")]


def test_another_cell_can_be_filled_in_while_a_refused_one_waits(window, document, editor):
    QTest.keyClicks(open_cell(editor, 0, "points"), "many")
    other = editor.model.index(1, 0)
    QTest.mouseClick(editor.table.viewport(), Qt.MouseButton.LeftButton, pos=editor.table.visualRect(other).center())
    QTest.qWait(20)
    assert editor.table.currentIndex() == other
    QTest.keyClicks(editor.table, "x")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert names(document) == ["甲", "x"]
    assert window.workbench.not_taken() == WAITING


def type_over(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)


def test_a_refused_text_never_goes_into_other_matters_that_come_in_the_place_of_its_own(window, document, editor, disk):
    disk.full()
    type_and_leave(editor, 0, "basis", "of it")
    disk.roomy()
    document.put_adjustments((Adjustment(matter="丙", points=Decimal(3)), Adjustment(matter="丁", points=Decimal(4))))
    window.workbench.retry()
    assert [one.basis for one in document.entries.adjustments] == ["", ""]
    assert "of it" in window.status.said()
    assert window.workbench.refused() == []


def test_a_refused_text_never_goes_into_the_one_matter_that_is_left_unless_it_is_its_own(
    window, document, editor, disk
):
    disk.full()
    type_and_leave(editor, 0, "basis", "of it")
    disk.roomy()
    document.put_adjustments((Adjustment(matter="丙", points=Decimal(1)),))
    window.workbench.retry()
    assert document.entries.adjustments[0].basis == ""
    assert "of it" in window.status.said()


def test_a_refused_text_goes_along_with_its_matter_to_another_line_of_as_many(window, document, editor, disk):
    disk.full()
    type_and_leave(editor, 0, "basis", "of it")
    disk.roomy()
    document.put_adjustments((document.entries.adjustments[1], document.entries.adjustments[0]))
    window.workbench.retry()
    assert [(one.matter, one.basis) for one in document.entries.adjustments] == [("乙", ""), ("甲", "of it")]


def test_a_refused_text_stays_with_its_matter_when_that_is_edited_and_undone(window, document, editor, disk):
    type_and_leave(editor, 0, "points", "many")
    type_and_leave(editor, 0, "matter", "changed")
    document.undo()
    assert names(document) == ["甲", "乙"]
    assert window.workbench.not_taken() == WAITING
    assert open_cell(editor, 0, "points").text() == "many"


def test_a_refused_text_that_is_in_the_file_all_the_same_is_not_called_dropped(window, document, editor, disk):
    disk.full()
    type_and_leave(editor, 0, "matter", "kept")
    disk.roomy()
    kept = Adjustment(matter="kept", points=Decimal(1))
    document.put_adjustments((kept, document.entries.adjustments[1]))
    window.workbench.retry()
    assert names(document) == ["kept", "乙"]
    assert window.workbench.refused() == []
    assert "kept" not in window.status.said()


def test_the_open_cell_of_a_matter_that_another_takes_the_place_of_gives_nothing_to_it(window, document, editor, disk):
    field = open_cell(editor, 0, "basis")
    disk.full()
    QTest.keyClicks(field, "of it")
    QTest.qWait(2 * PAUSE)
    disk.roomy()
    document.put_adjustments((Adjustment(matter="丙", points=Decimal(3)), Adjustment(matter="丁", points=Decimal(4))))
    QTest.qWait(3 * PAUSE)
    assert [one.basis for one in document.entries.adjustments] == ["", ""]
    assert "of it" in window.status.said()
    assert (editor.table.currentIndex().row(), editor.table.currentIndex().column()) == (0, 1)


def test_leaving_an_open_cell_does_not_store_a_refused_text_over_a_newer_one_either(window, document, editor, disk):
    type_and_leave(editor, 0, "basis", "first")
    disk.full()
    type_over(open_cell(editor, 0, "basis"), "typed")
    QTest.qWait(2 * PAUSE)
    disk.roomy()
    document.undo()
    editor.flush()
    assert document.entries.adjustments[0].basis == ""
    assert "typed" in window.status.said()
    assert window.workbench.refused() == []


def test_escape_puts_nothing_old_in_the_place_of_what_came_since(window, document, editor):
    field = open_cell(editor, 0, "basis")
    type_over(field, "a")
    QTest.qWait(2 * PAUSE)
    assert document.entries.adjustments[0].basis == "a"
    QTest.keyClicks(field, "b")
    editor.model._versions[0].add(newer := replace(document.entries.adjustments[0], basis="newer"))
    document.put_adjustments((newer, document.entries.adjustments[1]))
    assert field.text() == "ab"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert document.entries.adjustments[0].basis == "newer"


def test_half_a_number_that_is_typed_over_refused_points_is_not_stored(window, document, editor, disk, qtbot):
    disk.full()
    field = open_cell(editor, 0, "points")
    type_over(field, "12")
    editor.flush()
    field = open_cell(editor, 0, "points")
    assert field.text() == "12"
    type_over(field, "1.")
    type_over(field, "3")
    disk.roomy()
    QTest.qWait(200)
    assert document.entries.adjustments[0].points == 1
    QTest.keyClicks(field, "4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert document.entries.adjustments[0].points == 34
    assert window.workbench.refused() == []


def test_half_a_number_in_an_open_cell_is_not_stored_when_matters_come_from_elsewhere(window, document, editor):
    type_over(open_cell(editor, 1, "points"), "3")
    document.put_adjustments((Adjustment(matter="新"), *document.entries.adjustments))
    window.workbench.retry()
    QTest.qWait(20)
    window.workbench.retry()
    assert [one.points for one in document.entries.adjustments] == [None, Decimal(1), Decimal(2)]
    assert window.workbench.not_taken() == WAITING
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "3"


def test_refused_points_whose_sign_is_another_one_since_are_not_stored(window, document, editor, disk):
    document.put_adjustments((Adjustment(matter="甲"),))
    disk.full()
    type_and_leave(editor, 0, "points", "3")
    disk.roomy()
    editor.model.setData(editor.model.index(0, 2), "扣分")
    window.workbench.retry()
    assert document.entries.adjustments[0].points is None
    assert "3" in window.status.said()


@pytest.fixture
def three(window, document) -> AdjustmentsEditor:
    """Three matters."""
    document.put_adjustments(tuple(Adjustment(matter=name, points=Decimal(1)) for name in "甲乙丙"))
    window.show_place("8.1")
    return window.panel.findChild(AdjustmentsEditor)


@pytest.mark.parametrize(("row", "after"), [(1, ["of it", ""]), (2, ["", "of it"])])
def test_a_text_that_waits_finds_its_matter_when_a_removal_has_arrived_and_is_not_told_yet(
    window, document, three, disk, monkeypatch, row, after
):
    disk.full()
    type_and_leave(three, row, "basis", "of it")
    disk.roomy()
    with monkeypatch.context() as untold:
        untold.setattr(document, "_tell", lambda _effect: None)
        document.put_adjustments(document.entries.adjustments[1:])
    assert three.model.rowCount() == 3
    window.workbench.retry()
    assert names(document) == ["乙", "丙"]
    assert [one.basis for one in document.entries.adjustments] == after


def test_what_is_typed_finds_its_matter_when_a_removal_has_arrived_and_is_not_told_yet(
    window, document, three, monkeypatch, qtbot
):
    QTest.keyClicks(open_cell(three, 1, "basis"), "of it")
    with monkeypatch.context() as untold:
        untold.setattr(document, "_tell", lambda _effect: None)
        document.put_adjustments(document.entries.adjustments[1:])
    three.flush()
    window.table.view.setFocus()
    qtbot.waitUntil(lambda: [one.basis for one in document.entries.adjustments] == ["of it", ""])
    assert window.workbench.refused() == []


def test_matters_are_neither_removed_nor_emptied_by_numbers_that_are_not_theirs_any_more(document, three, monkeypatch):
    for change in (lambda: three.model.remove({2}), lambda: three.model.clear([three.model.index(2, 0)])):
        document.put_adjustments(tuple(Adjustment(matter=name) for name in "甲乙丙"))
        with monkeypatch.context() as untold:
            untold.setattr(document, "_tell", lambda _effect: None)
            document.put_adjustments(document.entries.adjustments[1:])
        assert not change()
        assert names(document) == ["乙", "丙"]
