"""A catalogue is corrected in the program: texts, points, rule, provenance; in the draft and in the unit's own copy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from selfassess.catalogue import loader, shelf
from selfassess.domain.catalogue import Provenance
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Band,
    Checklist,
    Choice,
    Clause,
    Judged,
    Option,
    Proportional,
    RateSource,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.errors import StoreError
from selfassess.gui.correction_dialog import CorrectionDialog
from selfassess.gui.correction_values import find_part, what_changed, with_part, with_source
from selfassess.gui.rule_editor import RuleEditor
from selfassess.gui.rule_sheet import Sheet, rule_of, sheet_of

D = Decimal
RATE = RateSource(name="偏离度", numerator_label="决算数", denominator_label="预算数", unit="万元")
RULES = [
    AllOrNothing(),
    Checklist(clauses=(Clause(text="按时", points=D("0.5")), Clause(text="完整", points=D("0.5")))),
    Tiers(
        tiers=(Tier(above=None, up_to=D("0.1"), points=D(3)), Tier(above=D("0.1"), up_to=None, points=D(0))), rate=RATE
    ),
    Proportional(rate=RATE, benchmark=D("0.925"), floor=D(0), ceiling=None),
    Threshold(rate=RATE, limit=D("0.01"), at_most=True, limit_included=False),
    Choice(options=(Option(label="高于", points=D(2)), Option(label="低于", points=D("0.5")))),
    Judged(step=D("0.5"), bands=(Band(label="达成", at_least=D("0.8"), below=None),)),
    AdjustmentBand(bonus_cap=D(10), deduction_cap=D(5), largest_of_same_matter=False),
]


# ---------------------------------------- rules as texts
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_every_rule_survives_being_shown_and_taken_back(rule):
    assert rule_of(rule, sheet_of(rule)) == (rule, ())


def test_a_corrected_tier_is_a_ratio_again():
    sheet = sheet_of(RULES[2])
    rows = (("", "否", "15%", "是", "3"), *sheet.rows[1:])
    rule, faults = rule_of(RULES[2], replace(sheet, rows=rows))
    assert faults == ()
    assert rule.tiers[0] == Tier(above=None, up_to=D("0.15"), points=D(3))


def test_all_refusals_come_at_once_and_the_old_rule_stays():
    sheet = Sheet(values={}, rows=(("", "x"), ("完整", "-1")))
    rule, faults = rule_of(RULES[1], sheet)
    assert rule is RULES[1]
    assert len(faults) == 3
    assert "第 1 行“要求”是空的" in faults[0]


def test_a_checklist_without_clauses_is_refused():
    assert "至少要有 1 行" in rule_of(RULES[1], Sheet(values={}, rows=()))[1][0]


def test_bands_may_all_go():
    assert rule_of(RULES[6], Sheet(values={"step": "1"}, rows=())) == (Judged(step=D(1)), ())


def test_a_name_of_an_amount_that_is_a_figure_is_not_offered():
    rule = Threshold(rate=RateSource(name="率", numerator_figure="a", denominator_figure="b"), limit=D("0.01"))
    assert set(sheet_of(rule).values) == {"limit", "at_most", "limit_included", "rate.name", "rate.unit"}


# ---------------------------------------- provenance
@pytest.fixture
def transcribed(catalogue):
    return next(row for _, row in catalogue.indicators() if row.source.provenance is Provenance.TRANSCRIBED)


def test_comparing_with_the_original_makes_a_row_verified_and_keeps_what_was_transcribed(catalogue):
    row = catalogue.indicator("2.7")
    after = with_source(row, row, verified=True, why=row.source.why)
    assert after.source.provenance is Provenance.VERIFIED
    assert after.source.transcribed == row.source.transcribed


def test_changing_a_transcribed_row_makes_it_a_reconstruction_with_the_old_text_beside_it(transcribed):
    after = with_source(transcribed, replace(transcribed, name="新名称"), verified=False, why="看不清")
    assert after.source.provenance is Provenance.RECONSTRUCTED
    assert dict(after.source.transcribed)["name"] == transcribed.name
    assert after.source.why == "看不清"


def test_looking_at_a_transcribed_row_changes_nothing(transcribed):
    assert with_source(transcribed, transcribed, verified=False, why="") == transcribed


def test_taking_the_mark_back_tells_the_truth_again(catalogue):
    row = catalogue.indicator("2.7")
    verified = with_source(row, row, verified=True, why=row.source.why)
    assert with_source(verified, verified, verified=False, why=row.source.why) == row


def test_correcting_a_category_leaves_its_rows_alone(catalogue):
    category = find_part(catalogue, "二")
    after = with_part(catalogue, replace(category, title="预算编制", indicators=()))
    assert find_part(after, "二").title == "预算编制"
    assert find_part(after, "二").indicators == category.indicators


def test_changes_are_named_for_the_history(catalogue):
    row = catalogue.indicator("2.7")
    after = with_source(row, replace(row, full_points=D(4), method="另一种"), verified=True, why="")
    assert what_changed(row, after) == ("计算方法", "指标值", "已与原件核对")


def test_an_unknown_code_is_a_bug(catalogue):
    with pytest.raises(KeyError):
        find_part(catalogue, "9.9")


# ---------------------------------------- dialog
@pytest.fixture
def dialog_of(document, places, qtbot):
    def make(code: str) -> CorrectionDialog:
        dialog = CorrectionDialog(document, code, places)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def checks(dialog) -> list[str]:
    return [dialog._checks.item(row).text() for row in range(dialog._checks.count())]


def test_what_was_transcribed_and_why_is_shown(dialog_of, document):
    dialog = dialog_of("2.7")
    texts = [label.text() for label in dialog.findChildren(type(dialog._refusals))]
    for name, text in document.catalogue.indicator("2.7").source.transcribed:
        assert any(text in shown for shown in texts), name
    assert dialog._why.toPlainText() == document.catalogue.indicator("2.7").source.why


def test_saving_is_one_step_of_undo(dialog_of, document):
    before = document.catalogue
    dialog = dialog_of("2.7")
    dialog._texts["name"].setText("预决算偏离度")
    dialog._verified.setChecked(True)
    dialog.accept()
    assert document.catalogue.indicator("2.7").name == "预决算偏离度"
    assert document.catalogue.indicator("2.7").source.provenance is Provenance.VERIFIED
    assert "更正 2.7 指标、已与原件核对" in document.undo_text
    document.undo()
    assert document.catalogue == before


def test_saving_without_a_change_is_no_step(dialog_of, document):
    dialog_of("2.7").accept()
    assert document.undo_text == ""


def test_points_that_do_not_foot_are_said_at_once(dialog_of, qtbot):
    dialog = dialog_of("1.1")
    assert not any("合计 9" in line for line in checks(dialog))
    dialog._texts["full_points"].setText("6")
    qtbot.waitUntil(lambda: any("合计 9，少 1" in line for line in checks(dialog)))


def test_points_that_are_no_number_cannot_be_saved(dialog_of, document, qtbot):
    dialog = dialog_of("1.1")
    dialog._texts["full_points"].setText("七")
    qtbot.waitUntil(dialog._refusals.isVisible)
    assert "“七”不是数" in dialog._refusals.text()
    save = next(button for button in dialog.findChildren(QPushButton) if button.text() == "保存更正")
    assert not save.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    assert document.undo_text == ""


def test_a_tier_is_corrected_in_the_table(dialog_of, document):
    dialog = dialog_of("2.7")
    dialog._rule.table.item(0, 2).setText("15%")
    dialog._rule.table.item(1, 0).setText("15％")
    dialog.accept()
    tiers = document.catalogue.indicator("2.7").rule.tiers
    assert (tiers[0].up_to, tiers[1].above) == (D("0.15"), D("0.15"))


def test_a_gap_between_tiers_is_said_at_once(dialog_of, qtbot):
    dialog = dialog_of("2.7")
    dialog._rule.table.item(0, 2).setText("5%")
    qtbot.waitUntil(lambda: any(line.startswith("错误") for line in checks(dialog)))


def test_a_clause_is_added_and_another_removed(dialog_of, document, catalogue):
    code = next(row.code for _, row in catalogue.indicators() if isinstance(row.rule, Checklist))
    dialog = dialog_of(code)
    clauses = len(document.catalogue.indicator(code).rule.clauses)
    add, remove = (
        next(one for one in dialog._rule.findChildren(QPushButton) if one.text() == name)
        for name in ("加一行", "删去所选行")
    )
    add.click()
    dialog._rule.table.item(clauses, 0).setText("新的一条")
    dialog._rule.table.item(clauses, 1).setText("0.5")
    dialog._rule.table.setCurrentCell(0, 0)
    remove.click()
    dialog.accept()
    after = document.catalogue.indicator(code).rule.clauses
    assert len(after) == clauses
    assert after[-1] == Clause(text="新的一条", points=D("0.5"))


def test_a_category_is_corrected(dialog_of, document):
    dialog = dialog_of("二")
    dialog._texts["title"].setText("预算编制")
    dialog.accept()
    assert find_part(document.catalogue, "二").heading == "二、预算编制"


def test_a_damaged_own_copy_is_refused_and_not_replaced(dialog_of, document, places, answering):
    kept = places.own_catalogues / "xizang-dept-budget" / "2022-own.toml"
    kept.parent.mkdir(parents=True)
    kept.write_text("坏了", encoding="utf-8")
    dialog = dialog_of("2.7")
    dialog._keep_own.setChecked(True)
    answering(lambda box: box.close())
    dialog.accept()
    assert kept.read_text(encoding="utf-8") == "坏了"
    assert dialog.result() == 0


def test_the_own_copy_is_kept_and_takes_later_corrections_in(dialog_of, document, places):
    first = dialog_of("2.7")
    first._texts["name"].setText("预决算偏离度")
    first._keep_own.setChecked(True)
    first.accept()
    document.undo()
    second = dialog_of("1.1")
    second._texts["name"].setText("重大决策")
    second._keep_own.setChecked(True)
    second.accept()
    own = loader.load(shelf.find("xizang-dept-budget/2022-own", (places.own_catalogues,)))
    assert (own.indicator("2.7").name, own.indicator("1.1").name) == ("预决算偏离度", "重大决策")
    assert document.catalogue.edition == "2022"
    assert any(entry.own for entry in shelf.listed(places.catalogues, places.own_catalogues))


def test_a_refusal_of_the_disk_leaves_the_dialog_open(dialog_of, document, monkeypatch, answering):
    def refuse(*_) -> None:
        raise StoreError("E312", path=document.path)

    monkeypatch.setattr(document, "put_catalogue", refuse)
    dialog = dialog_of("2.7")
    dialog._texts["name"].setText("另一个")
    answering(lambda box: box.close())
    dialog.accept()
    assert dialog.isVisible()
    assert dialog._texts["name"].text() == "另一个"


def test_a_flag_of_a_tier_is_a_tick(dialog_of, document):
    dialog = dialog_of("2.7")
    dialog._rule.table.item(0, 3).setCheckState(Qt.CheckState.Unchecked)
    dialog._rule.table.item(1, 1).setCheckState(Qt.CheckState.Checked)
    dialog.accept()
    tiers = document.catalogue.indicator("2.7").rule.tiers
    assert (tiers[0].up_to_included, tiers[1].above_included) == (False, True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_every_rule_has_controls_that_give_it_back(rule, qtbot):
    editor = RuleEditor(rule)
    qtbot.addWidget(editor)
    assert editor.result() == (rule, ())
