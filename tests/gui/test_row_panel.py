"""The panel of a row: an input for every kind of rule, and the ways around a rule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from selfassess.document import Document
from selfassess.domain.catalogue import NotApplicablePolicy
from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.errors import StoreError
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.adjustments_model import Column
from selfassess.gui.row_panel.fields import LongText
from selfassess.gui.row_panel.panel import RowPanel
from selfassess.gui.theme import ThemeChoice

D = Decimal


def named(panel, kind, name: str):
    found = [child for child in panel.findChildren(kind) if child.accessibleName() == name and child.isVisible()]
    assert len(found) == 1, [child.accessibleName() for child in panel.findChildren(kind) if child.isVisible()]
    return found[0]


def click(qtbot, panel, name: str) -> None:
    button = named(panel, QAbstractButton, name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, button.height() // 2))


def type_in(qtbot, panel, name: str, text: str) -> None:
    line = named(panel, QLineEdit, name)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def shown_texts(panel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_yes_or_no_is_a_click_and_can_be_taken_back(panel, document, qtbot):
    panel.show_place("1.1")
    click(qtbot, panel, "是否符合：否，得 0 分")
    assert document.entries.answer("1.1").met is False
    click(qtbot, panel, "是否符合：是，得 2 分")
    assert document.entries.answer("1.1").met is True
    click(qtbot, panel, "是否符合：是，得 2 分")
    assert document.entries.answer("1.1") == Answer()


def test_clauses_are_decided_one_by_one_and_undecided_is_neither(panel, document, qtbot):
    panel.show_place("1.3")
    click(qtbot, panel, "第 2 条：是，得 1.5 分")
    assert document.entries.answer("1.3").ticks == (None, True)
    assert document.scorecard.row("1.3").points is None
    click(qtbot, panel, "第 1 条：否")
    assert document.scorecard.row("1.3").points == D("1.5")


def test_two_amounts_make_the_rate_and_the_working_shows_it(panel, document, qtbot):
    panel.show_place("2.1")
    type_in(qtbot, panel, "决算数", "120")
    type_in(qtbot, panel, "预算数", "100")
    assert document.scorecard.row("2.1").points == D(2)
    assert "20.00%" in shown_texts(panel)


def test_a_refused_amount_stays_with_its_reason_and_escape_takes_it_back(panel, document, qtbot):
    document.put_answer("2.1", Answer(numerator=D(5)))
    panel.show_place("2.1")
    type_in(qtbot, panel, "决算数", "-3")
    line = named(panel, QLineEdit, "决算数")
    assert line.text() == "-3"
    assert document.entries.answer("2.1").numerator == D(5)
    assert "决算数" in shown_texts(panel)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "5.00"


def test_a_rate_from_figures_leads_to_the_figures(panel, document, qtbot):
    panel.show_place("2.2")
    with qtbot.waitSignal(panel.figure_wanted) as wanted:
        click(qtbot, panel, "支出数：去填写")
    assert wanted.args == ["spent"]
    document.put_figure("spent", D("45"))
    document.put_figure("budget", D("100"))
    assert document.scorecard.row("2.2").points == D(2)
    assert named(panel, QAbstractButton, "支出数：45.00 万元")


def test_an_option_is_a_click(panel, document, qtbot):
    panel.show_place("3.1")
    click(qtbot, panel, "低于　0.5 分")
    assert document.entries.answer("3.1").option == "低于"


def test_judged_points_are_typed_or_stepped_within_the_row(panel, document, qtbot):
    panel.show_place("3.2")
    type_in(qtbot, panel, "得分", "1")
    click(qtbot, panel, "加一档")
    assert document.entries.answer("3.2").points == D("1.5")
    click(qtbot, panel, "满分")
    click(qtbot, panel, "加一档")
    assert document.entries.answer("3.2").points == D(3)
    type_in(qtbot, panel, "得分", "0.3")
    assert document.entries.answer("3.2").points == D(3)


def test_adjustments_have_their_own_editor(panel):
    panel.show_place("8.1")
    assert len(panel.findChildren(AdjustmentsEditor)) == 1
    assert not [box for box in panel.findChildren(QAbstractButton) if "不涉及" in box.text() and box.isVisible()]


def test_not_applicable_asks_for_its_reason(panel, document, qtbot):
    panel.show_place("1.1")
    click(qtbot, panel, "本单位不涉及此项")
    assert document.entries.answer("1.1").not_applicable == ""
    type_in(qtbot, panel, "不涉及的理由", "wu")
    assert document.entries.answer("1.1").not_applicable == "wu"
    assert not named(panel, QAbstractButton, "是否符合：否，得 0 分").isEnabled()
    click(qtbot, panel, "本单位不涉及此项")
    assert document.entries.answer("1.1") == Answer()


def test_not_applicable_is_offered_only_where_the_row_allows_it(panel):
    panel.show_place("2.3")
    assert not [box for box in panel.findChildren(QAbstractButton) if "不涉及" in box.text() and box.isVisible()]


def test_the_average_is_asked_only_where_the_form_uses_one(tmp_path, catalogue, qtbot):
    policy = replace(catalogue.policy, not_applicable=NotApplicablePolicy.AVERAGE)
    document = Document.create(tmp_path / "d.zpb", replace(catalogue, policy=policy))
    panel = RowPanel(document)
    qtbot.addWidget(panel)
    panel.show()
    document.put_answer("1.1", Answer(not_applicable="无"))
    panel.show_place("1.1")
    type_in(qtbot, panel, "部门平均考核分", "1.8")
    assert document.scorecard.row("1.1").points == D("1.8")
    document.close()


def test_an_override_needs_points_first_and_then_its_reason(panel, document, qtbot):
    panel.show_place("2.1")
    click(qtbot, panel, "改分（不用规则算出的得分）")
    assert document.entries.answer("2.1") == Answer()
    type_in(qtbot, panel, "改为", "1")
    type_in(qtbot, panel, "改分理由", "an pi fu")
    assert document.entries.answer("2.1").override == Override(points=D(1), reason="an pi fu")
    assert "已改分" in shown_texts(panel)
    click(qtbot, panel, "改分（不用规则算出的得分）")
    assert document.entries.answer("2.1").override is None


def test_a_long_text_is_stored_after_a_second_of_silence(panel, document, qtbot):
    panel.show_place("1.1")
    remark = named(panel, QPlainTextEdit, "备注")
    remark.setFocus()
    qtbot.keyClicks(remark, "note")
    assert document.entries.answer("1.1").remark == ""
    qtbot.waitUntil(lambda: document.entries.answer("1.1").remark == "note", timeout=3000)


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_keyboard_in_a_long_text_is_seen_as_in_a_short_one(theme, choice, qtbot):
    theme.set_choice(choice)
    window = QWidget()
    column = QVBoxLayout(window)
    line, text = QLineEdit(), LongText("remark", "备注")
    column.addWidget(line)
    column.addWidget(text)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def edges(widget) -> list[str]:
        picture = widget.grab().toImage()
        places = ((picture.width() // 2, picture.height() - 1), (0, picture.height() // 2))
        return [picture.pixelColor(*place).name() for place in places]

    line.setFocus()
    short, left = edges(line), edges(text)
    text.setFocus()
    assert edges(text) == short
    assert left != short
    theme.set_choice(ThemeChoice.LIGHT)


def test_going_to_another_row_stores_the_text_on_the_row_it_was_typed_for(panel, document, qtbot):
    panel.show_place("1.1")
    qtbot.keyClicks(named(panel, QPlainTextEdit, "扣分原因"), "why")
    panel.show_place("1.2")
    assert document.entries.answer("1.1").reason == "why"
    assert document.entries.answer("1.2").reason == ""
    assert named(panel, QPlainTextEdit, "扣分原因").toPlainText() == ""


def test_undo_changes_what_the_panel_shows(panel, document, qtbot):
    panel.show_place("3.2")
    document.put_answer("3.2", Answer(points=D(1), remark="甲"))
    document.undo()
    assert named(panel, QLineEdit, "得分").text() == ""
    assert named(panel, QPlainTextEdit, "备注").toPlainText() == ""


def test_clearing_keeps_reason_and_remark(panel, document, qtbot):
    document.put_answer("3.2", Answer(points=D(1), reason="因", remark="注"))
    panel.show_place("3.2")
    click(qtbot, panel, "清除")
    assert document.entries.answer("3.2") == Answer(reason="因", remark="注")


def test_a_category_shows_its_subtotal(panel, document):
    document.put_answer("1.1", Answer(met=True))
    panel.show_place("一")
    assert "小计 2 / 5 分" in shown_texts(panel)


def test_a_row_for_matters_of_which_there_are_none_need_not_be_filled_in(panel, document):
    panel.show_place("8.1")
    assert "没有事项，不必填" in shown_texts(panel)
    assert "没有加分、扣分事项，不必填写" in shown_texts(panel)
    assert "未填" not in shown_texts(panel)
    document.put_adjustments((Adjustment(matter="获表彰"),))
    assert "未填 / 10 分" in shown_texts(panel)
    assert "各项都还没有填分值" in shown_texts(panel)


def test_every_place_can_be_shown_in_any_order(panel, catalogue):
    places = [row.code for _, row in catalogue.indicators()] + ["一", "", "8.1", "八"]
    for place in places + places[::-1]:
        panel.show_place(place)
        assert panel.place() == place


@pytest.fixture
def refusing_disk(document, monkeypatch):
    """A disk that can be told to refuse."""
    put_answer, refusing = type(document).put_answer, []

    def put(self, code, answer):
        if refusing:
            raise StoreError("E312", path=document.path)
        put_answer(self, code, answer)

    monkeypatch.setattr(type(document), "put_answer", put)
    return refusing


def test_a_text_that_a_full_disk_refuses_is_offered_again(panel, document, refusing_disk, qtbot):
    panel.show_place("1.1")
    remark = named(panel, QPlainTextEdit, "备注")
    refusing_disk.append(True)
    remark.setFocus()
    qtbot.keyClicks(remark, "note")
    with qtbot.waitSignal(panel.said):
        panel.flush()
    panel.refresh()
    assert remark.toPlainText() == "note"
    panel.show_place("1.2")
    assert remark.toPlainText() == ""
    refusing_disk.clear()
    panel.show_place("1.1")
    assert document.entries.answer("1.1").remark == "note"
    assert document.entries.answer("1.2").remark == ""


def test_a_refused_number_waits_on_its_row_until_one_comes_back(panel, document, qtbot):
    panel.show_place("3.2")
    type_in(qtbot, panel, "得分", "99")
    panel.show_place("1.1")
    panel.show_place("3.2")
    assert named(panel, QLineEdit, "得分").text() == "99"
    assert "99" in shown_texts(panel)
    assert document.entries.answer("3.2") == Answer()


def test_points_that_were_lowered_with_a_reason_need_no_second_one(panel, document):
    panel.show_place("3.2")
    document.put_answer("3.2", Answer(override=Override(points=D(1), reason="")))
    assert "扣分原因（扣 2 分，必填）" in shown_texts(panel)
    document.put_answer("3.2", Answer(override=Override(points=D(1), reason="财政部门调整")))
    assert "扣分原因（扣 2 分，已写改分理由，可不写）" in shown_texts(panel)
    assert [one.code for one in document.findings if one.place == "3.2"] == []


def test_the_lines_of_matters_are_as_high_as_their_texts_when_they_are_seen(window, document, qtbot):
    window.show_place("8.1")
    table = window.panel.findChild(AdjustmentsEditor).table
    matter = Adjustment(matter="预算绩效管理工作获得自治区通报表扬", basis="藏财绩〔2022〕15号")
    document.put_adjustments((matter, matter))
    window.show_place("3.1")
    table.setColumnWidth(Column.BASIS, 40)  # as while nobody sees it
    table.resizeRowsToContents()
    window.show()
    window.show_place("8.1")
    qtbot.waitUntil(table.isVisible)
    QTest.qWait(10)
    for row in range(2):
        assert table.rowHeight(row) == table.sizeHintForRow(row)
