"""The window as a whole: ways between its parts, filter, findings, undo, closing."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QPushButton, QTableView, QWidget

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.errors import StoreError
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.fonts import TextSize
from selfassess.gui.manual_window import ManualWindow
from selfassess.gui.table.paste_dialog import PasteDialog
from selfassess.gui.theme import ThemeChoice

D = Decimal


def trigger(window, name: str) -> None:
    window.commands[name].trigger()


def place(window) -> str:
    return window.table.view.place()


def test_the_window_opens_on_the_first_row_with_the_keyboard_in_the_table(window):
    assert place(window) == "1.1"
    assert QApplication.focusWidget() is window.table.view
    assert window.panel.place() == "1.1"


def test_a_category_is_one_click_away(window, qtbot):
    index = window.categories.model().index(2)
    rect = window.categories.visualRect(index)
    qtbot.mouseClick(window.categories.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert place(window) == "二"
    assert window.panel.place() == "二"


def test_unit_information_opens_and_leads_back(window):
    window.show_place("figure.budget")
    assert window.commands["panel"].isChecked()
    assert not window.panel.isVisible()
    window.show_place("2.1")
    assert window.panel.isVisible()
    assert place(window) == "2.1"


@pytest.mark.parametrize(
    "hide",
    [lambda window: window.show_place("unit.name"), lambda window: trigger(window, "panel")],
    ids=["by the unit page", "by its switch"],
)
def test_the_middle_gets_the_room_of_the_hidden_panel_and_gives_it_back(window, hide):
    before = window.workbench.sizes()
    hide(window)
    QApplication.processEvents()
    left, _, right = window.workbench.sizes()
    assert (left, right) == (before[0], 0)
    window.commands["panel"].setChecked(True)
    window.show_place("1.1")
    QApplication.processEvents()
    assert window.workbench.sizes() == before


def test_a_finding_of_an_adjustment_leads_to_its_row(window):
    window.show_place("adjustment.0")
    assert place(window) == "8.1"


def test_f8_goes_from_finding_to_finding_and_shows_them(window, document, qtbot):
    document.put_answer("1.1", Answer(met=False))
    trigger(window, "next_finding")
    assert window.findings.isVisible()
    seen = set()
    for _ in document.findings:
        trigger(window, "next_finding")
        seen.add(place(window))
    assert {"1.1", "1.2", "3.2"} <= seen


def test_the_next_blank_row_is_found_round_the_end(window, document):
    document.put_answer("1.2", Answer(met=True))
    window.show_place("1.1")
    trigger(window, "next_blank")
    assert place(window) == "1.3"
    window.show_place("3.2")
    trigger(window, "next_blank")
    assert place(window) == "1.1"


def test_the_filter_narrows_by_text_and_state_and_escape_shows_everything(window, document, qtbot):
    document.put_answer("1.2", Answer(met=True))
    window.filter.choose(StateFilter.BLANK)
    codes = {line.place for line in window.table.model.lines if line.is_row}
    assert "1.2" not in codes
    assert "8.1" not in codes
    trigger(window, "find")
    field = QApplication.focusWidget()
    qtbot.keyClicks(field, "3.1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [line.place for line in window.table.model.lines] == ["三", "3.1"]
    assert QApplication.focusWidget() is window.table.view
    trigger(window, "find")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert len(window.table.model.lines) == 13


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        (StateFilter.ANSWERED, {"1.1", "3.2"}),
        (StateFilter.NOT_APPLICABLE, {"1.3"}),
        (StateFilter.DEDUCTED, {"3.2"}),
    ],
)
def test_each_state_shows_its_rows(window, document, state, codes):
    document.put_answers(
        {"1.1": Answer(met=True), "3.2": Answer(points=D(1)), "1.3": Answer(not_applicable="无")}, "填"
    )
    window.filter.choose(state)
    assert {line.place for line in window.table.model.lines if line.is_row} == codes


def test_escape_in_the_table_shows_all_rows_again_and_keeps_the_row(window, document, qtbot):
    window.filter.choose(StateFilter.BLANK)
    window.show_place("2.2")
    view = window.table.view
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert len(window.table.model.lines) == 13
    assert window.filter.is_open()
    assert place(window) == "2.2"
    assert QApplication.focusWidget() is view


def test_escape_in_an_editor_gives_up_the_text_and_not_the_filter(window, qtbot):
    window.filter.choose(StateFilter.BLANK)
    window.show_place("3.2")
    view = window.table.view
    qtbot.keyClick(view, Qt.Key.Key_9)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.filter.is_open()
    assert QApplication.focusWidget() is view


def test_a_strip_says_that_rows_are_hidden_and_shows_them_at_a_click(window, document, qtbot):
    assert window.table.strip is None
    document.put_answer("1.2", Answer(met=True))
    window.filter.choose(StateFilter.ANSWERED)
    strip = window.table.strip
    assert strip.isVisible()
    assert strip.said() == "筛选后显示 1 行，另有 8 行没有显示；小计和总分仍按整张表计算。"
    qtbot.mouseClick(strip.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert not strip.isVisible()
    assert len(window.table.model.lines) == 13
    window.filter.choose(StateFilter.BLANK)
    assert strip.said().startswith("筛选后显示 7 行，另有 2 行没有显示")


def test_undo_goes_to_the_row_that_it_changed(window, document):
    document.put_answer("1.2", Answer(met=True))
    document.put_answer("3.2", Answer(points=D(1)))
    window.show_place("2.2")
    trigger(window, "undo")
    assert place(window) == "3.2"
    trigger(window, "undo")
    assert place(window) == "1.2"
    trigger(window, "redo")
    assert place(window) == "1.2"


def test_undo_goes_to_the_field_of_the_unit_and_back_to_the_table(window, document):
    document.put_answer("1.1", Answer(met=True))
    document.put_unit(Unit(phone="0891-1234567"))
    trigger(window, "undo")
    assert QApplication.focusWidget().accessibleName() == "联系电话"
    trigger(window, "undo")
    assert window.table.isVisible()
    assert place(window) == "1.1"


def test_undo_of_a_matter_leaves_the_keyboard_with_the_matters(window, document):
    document.put_adjustments((Adjustment(matter="获表彰", basis="文件", points=D(1)),))
    window.show_place("8.1")
    matters = window.panel.findChild(AdjustmentsEditor)
    matters.show_place("adjustment.0")
    trigger(window, "undo")
    assert matters.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize(
    ("room", "maximised"),
    [((1366, 768), True), ((1440, 900), True), ((1600, 1000), False), ((1920, 1040), False)],
)
def test_a_window_that_would_not_fit_with_its_frame_takes_the_whole_screen(window, monkeypatch, room, maximised):
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, *room))
    monkeypatch.setattr(window, "screen", lambda: screen)
    window.hide()
    window.appear()
    assert window.isMaximized() is maximised


def test_a_hidden_row_is_shown_when_a_finding_leads_to_it(window):
    window.filter.choose(StateFilter.NOT_APPLICABLE)
    window.show_place("2.2")
    assert place(window) == "2.2"
    assert window.filter.is_open()


def test_undoing_a_label_of_the_preview_leaves_the_keyboard_where_it_is(window, document):
    document.put_unit(replace(document.entries.unit, annex_label="附件2"))
    window.show_place("2.1")
    trigger(window, "undo")
    assert place(window) == "2.1"
    assert window.workbench.shows_table


def test_undo_and_redo_say_what_they_do_and_move_the_table(window, document):
    document.put_answer("3.2", Answer(points=D(1)))
    assert "3.2" in window.commands["undo"].text()
    trigger(window, "undo")
    assert document.entries.answer("3.2") == Answer()
    assert "3.2" in window.status.said()
    trigger(window, "redo")
    assert document.entries.answer("3.2").points == D(1)


def test_the_status_line_counts_down(window, document):
    bar = window.statusBar()
    before = " ".join(child.text() for child in bar.findChildren(QWidget) if hasattr(child, "text"))
    assert "还有 8 行未填" in before
    document.put_answer("3.2", Answer(points=D("1.5")))
    after = " ".join(child.text() for child in bar.findChildren(QWidget) if hasattr(child, "text"))
    assert "还有 7 行未填" in after
    assert "总分 1.5" in after
    assert "已保存" in after


def test_a_block_is_copied_as_a_spreadsheet_reads_it(window, document, qtbot):
    document.put_answer("1.1", Answer(met=True, remark="甲\n乙"))
    document.put_answer("1.2", Answer(not_applicable="无"))
    view = window.table.view
    window.show_place("1.1")
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    trigger(window, "copy")
    assert QGuiApplication.clipboard().text() == '2\t\t"甲\n乙"\n不涉及\t\t'


def test_a_pasted_block_is_previewed_and_undone_in_one_step(window, document, monkeypatch):
    monkeypatch.setattr(PasteDialog, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    QGuiApplication.clipboard().setText("2\t\t甲\n1\t\t乙\n")
    window.show_place("1.1")
    trigger(window, "paste")
    assert document.entries.answer("1.1") == Answer(met=True, remark="甲")
    assert document.entries.answer("1.2") == Answer(met=True, remark="乙")
    trigger(window, "undo")
    assert document.entries.answers == {}


def test_a_pasted_block_that_is_declined_changes_nothing(window, document, monkeypatch):
    monkeypatch.setattr(PasteDialog, "exec", lambda _dialog: QDialog.DialogCode.Rejected)
    QGuiApplication.clipboard().setText("2\n1")
    window.show_place("1.1")
    trigger(window, "paste")
    assert document.entries.answers == {}


def test_the_preview_is_as_high_as_the_reason_of_a_refusal_and_no_higher(window, qtbot, monkeypatch):
    heights = []

    def look(dialog: PasteDialog) -> QDialog.DialogCode:
        dialog.show()
        view = dialog.findChild(QTableView)
        qtbot.waitUntil(lambda: view.rowHeight(0) > 2 * view.fontMetrics().lineSpacing())
        heights.extend(view.rowHeight(row) / view.fontMetrics().lineSpacing() for row in range(2))
        dialog.hide()
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(PasteDialog, "exec", look)
    QGuiApplication.clipboard().setText(f"{'太' * 60}\n1")
    window.show_place("1.1")
    trigger(window, "paste")
    refused, changed = heights
    assert 2 < refused < 10
    assert changed < 2


def test_one_pasted_value_fills_every_selected_cell(window, document, qtbot):
    QGuiApplication.clipboard().setText("是")
    window.show_place("1.1")
    qtbot.keyClick(window.table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    trigger(window, "paste")
    assert document.entries.answer("1.1").met is True
    assert document.entries.answer("1.2").met is True


def test_cut_takes_away_what_it_copied(window, document):
    document.put_answer("3.2", Answer(points=D(2)))
    window.show_place("3.2")
    trigger(window, "cut")
    assert QGuiApplication.clipboard().text() == "2"
    assert document.entries.answer("3.2") == Answer()


def test_the_paste_preview_is_gone_after_closing(window, qtbot, monkeypatch):
    monkeypatch.setattr(PasteDialog, "exec", lambda _dialog: QDialog.DialogCode.Rejected)
    QGuiApplication.clipboard().setText("2\n1")
    trigger(window, "paste")
    qtbot.waitUntil(lambda: not window.findChildren(PasteDialog))


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_the_manual_is_gone_after_closing(window, qtbot):
    trigger(window, "manual")
    shown = window.findChild(ManualWindow)
    trigger(window, "manual")
    assert window.findChildren(ManualWindow) == [shown]
    shown.close()
    qtbot.waitUntil(lambda: not window.findChildren(ManualWindow))


def test_clipboard_keys_in_a_text_field_belong_to_the_field(window, document, qtbot):
    document.put_answer("1.1", Answer(remark="备注原文"))
    window.show_place("1.1")
    remark = window.panel._remark
    remark.setFocus()
    remark.selectAll()
    trigger(window, "copy")
    assert QGuiApplication.clipboard().text() == "备注原文"


def test_closing_stores_what_stands_in_an_open_editor_and_frees_the_draft(window, document, qtbot):
    window.show_place("1.1")
    window.table.view.show_place("1.1", ColumnKey.REMARK)
    qtbot.keyClicks(window.table.view, "x")
    path = document.path
    with qtbot.waitSignal(window.closed):
        window.close()
    again = Document.open(path)
    assert again.entries.answer("1.1").remark == "x"
    again.close()


def test_a_full_disk_leaves_the_old_value_on_the_screen_and_says_so(window, document, monkeypatch, qtbot):
    document.put_answer("3.2", Answer(points=D(1)))

    def refuse(self, code, answer):
        raise StoreError("E310", path="x", file="x", reason="x", why="x", name="x")

    monkeypatch.setattr(Document, "put_answer", refuse)
    window.show_place("3.2")
    qtbot.keyClicks(window.table.view, "2")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.answer("3.2").points == D(1)
    assert QApplication.focusWidget().text() == "2"
    assert "E310" in window.status.said()


def test_every_widget_that_takes_the_keyboard_has_a_name(window, catalogue):
    for code in ("1.1", "1.3", "2.1", "2.2", "3.1", "3.2"):
        window.show_place(code)
        nameless = [
            widget
            for widget in window.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not widget.accessibleName()
            and not getattr(widget, "text", str)()
            and not isinstance(widget.parent(), QAbstractScrollArea)
        ]
        assert [type(widget).__name__ for widget in nameless] == []


def test_tab_visits_the_panel_from_top_to_bottom(window, document, qtbot):
    window.show_place("3.2")
    window.panel.start_input()
    tops = []
    for _ in range(5):
        focused = QApplication.focusWidget()
        tops.append(focused.mapTo(window.panel.widget(), QPoint(0, 0)).y())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert tops == sorted(tops)


def test_tab_leads_from_the_input_to_the_reason_and_comes_to_links_last(window, document, qtbot):
    document.put_answer("1.2", Answer(met=True))
    window.show_place("1.2")
    window.panel.start_input()
    names = []
    while (focused := QApplication.focusWidget()).accessibleName() not in names:
        names.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    yes, no, *rest = names[: names.index("更正指标体系…") + 1]
    assert "是" in yes
    assert "否" in no
    assert rest[:2] == ["扣分原因", "备注"]
    assert rest[-2:] == ["清除", "更正指标体系…"]


def test_not_applicable_typed_in_a_cell_asks_for_its_reason_and_enter_there_goes_on_below(window, document, qtbot):
    window.show_place("1.2")
    window.commands["panel"].setChecked(False)
    QTest.keyClicks(window.table.view, "-")
    editor = QApplication.focusWidget()
    editor.setEditText("不涉及")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    reason = QApplication.focusWidget()
    assert reason.accessibleName() == "不涉及的理由"
    qtbot.waitUntil(lambda: not reason.visibleRegion().isEmpty())
    QTest.keyClicks(reason, "none")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert document.entries.answer("1.2").not_applicable == "none"
    assert QApplication.focusWidget() is window.table.view
    assert window.table.view.place() == "1.3"


def test_a_remark_on_a_row_without_its_reason_leaves_the_keyboard_in_the_table(window, document, qtbot):
    document.put_answer("1.2", Answer(not_applicable=""))
    window.table.view.show_place("1.2", ColumnKey.REMARK)
    QTest.keyClicks(window.table.view, "x")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert document.entries.answer("1.2").remark == "x"
    assert window.table.view.place() == "1.3"


def test_f6_goes_round_the_parts_of_the_window(window):
    trigger(window, "next_pane")
    assert window.panel.isAncestorOf(QApplication.focusWidget())
    trigger(window, "next_pane")
    trigger(window, "next_pane")
    assert QApplication.focusWidget() is not None


def test_total_and_title_stay_in_sight_at_a_small_size(window):
    window.resize(1024, 600)
    QApplication.processEvents()
    assert window.table.total_bar.isVisible()
    assert window.table.total_bar.mapTo(window, QPoint(0, 0)).y() + window.table.total_bar.height() <= 600
    assert window.table.view.frozen_columns() == 2


def test_the_frozen_columns_stay_while_the_rest_scrolls(window):
    view = window.table.view
    trigger(window, "panel")
    window.resize(820, 600)
    QApplication.processEvents()
    bar = view.horizontalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    assert view.column_x(0) == 0
    assert view.visualRect(window.table.model.index(1, 1)).left() == view.columnWidth(0)
    assert view.indexAt(QPoint(3, 40)).column() == 0
    view.show_place("1.1", ColumnKey.FULL_POINTS)
    assert view.visualRect(view.currentIndex()).left() >= view.frozen_width()


def test_a_change_of_font_and_colours_is_followed(window, theme, qtbot):
    before = window.table.view.rowHeight(1)
    trigger(window, "larger")
    QApplication.processEvents()
    assert window.table.view.rowHeight(1) > before
    trigger(window, "smaller")
    trigger(window, "dark")
    QApplication.processEvents()
    assert window.table.view.inks.dark
    trigger(window, "dark")
    QApplication.processEvents()
    assert not window.table.view.inks.dark


def test_the_list_of_categories_widens_with_the_text_size(window, theme, qtbot):
    theme.set_text_size(TextSize.HUGE)
    list_of = window.categories
    needed = list_of.fontMetrics().horizontalAdvance("一、重大决策部署落实")
    qtbot.waitUntil(lambda: list_of.width() > needed)
    theme.set_text_size(TextSize.MEDIUM)


def test_the_list_of_categories_is_as_wide_whichever_text_size_was_before(window, theme, qtbot):
    def width_at(size: TextSize) -> int:
        theme.set_text_size(size)
        QApplication.processEvents()
        return window.categories.width()

    sizes = list(TextSize)
    grown = [width_at(size) for size in sizes]
    shrunk = [width_at(size) for size in reversed(sizes)]
    assert grown == sorted(set(grown))
    assert shrunk == grown[::-1]
    assert sum(window.workbench.sizes()) == window.workbench.width() - 2 * window.workbench.handleWidth()
    theme.set_text_size(TextSize.MEDIUM)


def test_correcting_the_rules_leaves_one_where_one_was(window, document):
    window.show_place("2.2")
    window.table.view.show_place("2.2", ColumnKey.REMARK)
    document.put_catalogue(replace(document.catalogue, title="改过的题目"), "更正标题")
    assert place(window) == "2.2"
    assert window.table.view.currentIndex().column() == window.table.model.column_of(ColumnKey.REMARK)
    window.workbench.follow()
    assert window.panel.place() == "2.2"


def test_a_remark_of_five_thousand_characters_can_be_read_whole(window, document):
    document.put_answer("1.1", Answer(remark="很长的备注，" * 800))
    view = window.table.view
    row = window.table.model.row_of("1.1")
    few = view.rowHeight(row)
    trigger(window, "tall")
    assert view.rowHeight(row) > 10 * few
    trigger(window, "tall")
    assert view.rowHeight(row) == few


def test_the_dark_switch_follows_a_change_made_elsewhere(window, theme):
    theme.set_choice(ThemeChoice.DARK)
    assert window.commands["dark"].isChecked()
    theme.set_choice(ThemeChoice.LIGHT)
    assert not window.commands["dark"].isChecked()


def test_showing_all_rows_again_lists_them_once(window, qtbot):
    window.filter.choose(StateFilter.BLANK)
    told = []
    window.filter.changed.connect(lambda: told.append(1))
    window.filter.reset()
    assert len(told) == 1
    assert window.filter.is_open()
