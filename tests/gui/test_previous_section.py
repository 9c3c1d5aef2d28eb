"""Last year in the row's panel: what was written then, how far the row moved, and taking a text over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.gui.row_panel.controls import Link
from selfassess.gui.row_panel.fields import LongText
from selfassess.gui.row_panel.previous import PreviousSection, form_text

D = Decimal


def row(**values) -> PreviousRow:
    return PreviousRow(**{"name": "指标1.1", "full_points": D(2), **values})


def compare(document, panel, code: str = "1.1", **values) -> None:
    """Take in a last year in which one row said this, and show the row."""
    year = PreviousYear(unit="某局", year="2021", title="表", rows={code: row(name=f"指标{code}", **values)})
    document.put_previous(year)
    panel.show_place(code)


def shown(panel) -> list[str]:
    """Last year's points under this year's, then the texts of the section, in order."""
    section = panel.findChild(PreviousSection)
    parts = [section.points, *section.findChildren(QWidget)]
    return [one.text() for one in parts if isinstance(one, QLabel | Link) and one.isVisible()]


def field(panel, name: str) -> LongText:
    return next(one for one in panel.findChildren(LongText) if one.accessibleName() == name)


def link(panel, name: str) -> Link:
    (found,) = [one for one in panel.findChildren(Link) if one.accessibleName() == name and one.isVisible()]
    return found


def click(qtbot, panel, name: str) -> None:
    qtbot.mouseClick(link(panel, name), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))


# ------------------------------------------------------------------------------------------------------------- showing
def test_without_last_years_form_one_line_offers_to_choose_it(panel, qtbot):
    panel.show_place("1.1")
    assert shown(panel) == ["上年", "对照上年自评表…"]
    with qtbot.waitSignal(panel.comparison_wanted):
        click(qtbot, panel, "上年：对照上年自评表…")


def test_points_reasons_and_remark_of_last_year_stand_beside_this_years(panel, document):
    document.put_unit(Unit(name="某局"))
    document.put_answer("1.1", Answer(met=True))
    compare(document, panel, points=D("0.5"), reason="制度未建立", remark="已整改", documents=3)
    assert shown(panel) == [
        "上年 0.5 / 2 分，本年多 1.5 分",
        "上年（2021 年度）",
        "更换…",
        "上年有佐证材料 3 份",
        "扣分原因",
        "照上年填入",
        "制度未建立",
        "备注",
        "照上年填入",
        "已整改",
    ]


@pytest.mark.parametrize(
    ("values", "points", "notes"),
    [
        ({"points": D(2)}, "上年 2 / 2 分，本年少 2 分", []),
        ({"points": D(0)}, "上年 0 / 2 分，本年同分", []),
        ({"points": D(0), "full_points": D(3)}, "上年 0 / 3 分，本年同分", ["上年分值 3 分"]),
        ({"points": D(0), "name": "旧名"}, "上年 0 / 2 分，本年同分", ["上年指标：旧名"]),
        (
            {"points": D(0), "name": "旧名", "full_points": D(3)},
            "上年 0 / 3 分，本年同分",
            ["上年指标：旧名；上年分值 3 分"],
        ),
        ({"not_applicable": "无此项"}, "上年不涉及", ["不涉及的理由：无此项"]),
        (
            {"not_applicable": "", "points": D("1.8")},
            "上年不涉及，计 1.8 / 2 分，本年少 1.8 分",
            ["不涉及的理由：没有写"],
        ),
        ({"override": "核定", "points": D(1)}, "上年 1 / 2 分（已改分），本年少 1 分", ["改分理由：核定"]),
        ({"override": "", "points": D(1)}, "上年 1 / 2 分（已改分），本年少 1 分", ["改分理由：没有写"]),
        ({"documents": 2}, "上年未填", ["上年有佐证材料 2 份"]),
    ],
)
def test_every_state_of_a_row_has_its_words(panel, document, values, points, notes):
    document.put_answer("1.1", Answer(met=False))
    document.put_previous(PreviousYear(unit="", year="2021", title="表", rows={"1.1": row(**values)}))
    panel.show_place("1.1")
    assert shown(panel) == [points, "上年（2021 年度）：没有写扣分原因和备注", "更换…", *notes]


def test_a_blank_row_this_year_has_no_change_yet_and_follows_what_is_entered(panel, document):
    compare(document, panel, points=D(1))
    assert shown(panel)[0] == "上年 1 / 2 分"
    document.put_answer("1.1", Answer(met=True))
    assert shown(panel)[0] == "上年 1 / 2 分，本年多 1 分"


def test_a_row_with_nothing_last_year_and_a_new_row_are_one_line(panel, document):
    document.put_unit(Unit(name="某局"))
    compare(document, panel)
    assert shown(panel) == ["上年（2021 年度）：未填", "更换…"]
    panel.show_place("1.2")
    assert shown(panel) == ["上年（2021 年度）：没有这一行", "更换…"]


def test_the_band_shows_its_points_and_offers_no_field_that_is_not_there(panel, document):
    document.put_adjustments((Adjustment(matter="表彰", points=D(3)),))
    compare(document, panel, "8.1", full_points=D(10), points=D(8), reason="写错了地方", remark="附")
    assert shown(panel)[0] == "上年 8 / 10 分，本年少 5 分"
    assert shown(panel)[3:] == ["扣分原因", "写错了地方", "备注", "照上年填入", "附"]


def test_a_category_shows_nothing_of_last_year(panel, document):
    compare(document, panel, points=D(1))
    panel.show_place("一")
    section = panel.findChild(PreviousSection)
    assert not section.isVisible()
    assert not section.points.isVisible()


def test_removing_and_undoing_show_at_once(panel, document):
    compare(document, panel, points=D(1))
    document.put_previous(None)
    assert shown(panel) == ["上年", "对照上年自评表…"]
    document.undo()
    assert shown(panel)[0] == "上年 1 / 2 分"


def test_texts_can_be_selected_and_are_no_markup(panel, document):
    compare(document, panel, points=D(1), reason="<b>未</b>")
    label = next(one for one in panel.findChildren(QLabel) if one.accessibleName() == "上年扣分原因")
    assert label.text() == "<b>未</b>"
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


@pytest.mark.parametrize(
    ("unit", "year", "text"),
    [
        ("某局", "2021", "2021 年度"),
        ("", "2021 年", "2021 年"),
        ("外事办", "2021", "2021 年度，外事办"),
        ("某局", "", "未写年度"),
    ],
)
def test_a_form_is_named_by_its_year_and_by_its_unit_when_that_is_another(unit, year, text):
    assert form_text(PreviousYear(unit=unit, year=year, title="表", rows={}), "某局") == text


# --------------------------------------------------------------------------------------------------------- taking over
def test_a_reason_is_taken_over_with_a_click_and_is_one_step_of_undo(panel, document, qtbot):
    compare(document, panel, points=D(1), reason="迟报", remark="已整改")
    click(qtbot, panel, "扣分原因：照上年填入")
    assert document.entries.answer("1.1") == Answer(reason="迟报")
    assert field(panel, "扣分原因").toPlainText() == "迟报"
    assert "扣分原因（本年相同）" in shown(panel)
    document.undo()
    assert document.entries.answer("1.1") == Answer()
    assert field(panel, "扣分原因").toPlainText() == ""
    assert shown(panel).count("照上年填入") == 2


def test_another_text_is_replaced_by_its_own_link_and_comes_back_with_one_undo(panel, document, qtbot):
    document.put_answer("1.1", Answer(met=True, remark="本年的"))
    compare(document, panel, points=D(1), remark="上年的\n两行")
    click(qtbot, panel, "备注：替换为上年的")
    assert document.entries.answer("1.1") == Answer(met=True, remark="上年的\n两行")
    assert document.undo() == "撤销：1.1 备注 上年的 两行 → 本年的"
    assert field(panel, "备注").toPlainText() == "本年的"


def test_what_is_still_being_typed_is_stored_before_it_is_replaced(panel, document, qtbot):
    compare(document, panel, points=D(1), remark="上年的")
    typed = field(panel, "备注")
    typed.setFocus()
    qtbot.keyClicks(typed, "abc")
    click(qtbot, panel, "备注：照上年填入")
    assert document.entries.answer("1.1").remark == "上年的"
    document.undo()
    assert document.entries.answer("1.1").remark == "abc"


def test_after_taking_over_one_goes_on_typing_and_the_fields_own_undo_takes_it_back(panel, document, qtbot):
    document.put_answer("1.1", Answer(remark="本年的"))
    compare(document, panel, points=D(1), remark="上年的")
    click(qtbot, panel, "备注：替换为上年的")
    remark = field(panel, "备注")
    assert QApplication.focusWidget() is remark
    qtbot.keyClicks(remark, "x")
    assert remark.toPlainText() == "上年的x"
    while remark.toPlainText() != "本年的":
        before = remark.toPlainText()
        qtbot.keyClick(remark, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert remark.toPlainText() != before
    panel.flush()
    assert document.entries.answer("1.1").remark == "本年的"


def test_a_text_that_a_full_disk_refuses_stays_in_the_field_and_is_told(panel, document, qtbot):
    compare(document, panel, points=D(1), remark="长" * 9000)
    document.draft._database.sql.execute("PRAGMA max_page_count = 1")
    with qtbot.waitSignal(panel.said) as said:
        click(qtbot, panel, "备注：照上年填入")
    assert "E312" in said.args[0]
    assert field(panel, "备注").unstored() == "长" * 9000
    document.draft._database.sql.execute("PRAGMA max_page_count = 100000")
    panel.flush()
    assert document.entries.answer("1.1").remark == "长" * 9000


def test_the_links_are_reached_by_tab_after_this_years_fields(panel, document, qtbot):
    compare(document, panel, points=D(1), reason="迟报", remark="附")
    field(panel, "备注").setFocus()
    reached = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget().accessibleName())
    assert reached == ["添加佐证材料", "上年：更换…", "扣分原因：照上年填入", "备注：照上年填入"]
