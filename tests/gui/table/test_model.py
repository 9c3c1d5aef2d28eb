"""The item model: it asks the document and tells only of what moved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey, NotApplicablePolicy
from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.export.rows import annex
from selfassess.gui.category_list import CategoryModel
from selfassess.gui.table.cells import Tone
from selfassess.gui.table.model import AnnexModel

D = Decimal
STRICT = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(document):
    return AnnexModel(document)


def cell(model, place: str, key: ColumnKey = ColumnKey.POINTS):
    return model.cell(model.row_of(place), model.column_of(key))


def test_the_model_keeps_qts_rules_through_every_kind_of_change(document, model):
    QAbstractItemModelTester(model, STRICT)
    QAbstractItemModelTester(CategoryModel(document, model), STRICT)
    document.put_answer("1.1", Answer(met=True))
    document.put_figure("budget", D(100))
    document.put_adjustments((Adjustment(matter="获奖", points=D(2)),))
    model.show_only({"1.1", "3.2"})
    model.show_only(None)
    document.put_catalogue(replace(document.catalogue, title="新题"), "更正标题")
    document.undo()
    assert model.rowCount() == 13


def test_blank_zero_and_not_applicable_never_look_alike(document, model):
    document.put_answer("1.2", Answer(met=False))
    document.put_answer("1.3", Answer(not_applicable="无此职能"))
    assert cell(model, "1.1").text == ""
    assert cell(model, "1.1").tone is Tone.BLANK
    assert cell(model, "1.2").text == "0"
    assert cell(model, "1.2").tone is Tone.ENTERED
    assert cell(model, "1.3").text == "不涉及"
    assert cell(model, "1.3").tone is Tone.QUIET


def test_an_override_is_marked(document, model):
    document.put_answer("1.1", Answer(override=Override(points=D(1), reason="按批复")))
    assert cell(model, "1.1").overridden
    assert "按批复" in cell(model, "1.1", ColumnKey.REMARK).text


def test_an_edit_tells_of_its_row_its_subtotal_and_nothing_else(document, model):
    document.put_answer("1.1", Answer(met=True))
    told = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    document.put_answer("2.1", Answer(value=D("0.05")))
    assert {row for first, last in told for row in range(first, last + 1)} == {model.row_of("二"), model.row_of("2.1")}


def test_a_refused_text_leaves_the_value_and_says_why(document, model, qtbot):
    with qtbot.waitSignal(model.refused) as refused:
        assert not model.setData(model.index_at("3.2", ColumnKey.POINTS), "１３")
    assert "3.2" in str(refused.args[0])
    assert document.entries.answer("3.2") == Answer()


def test_full_width_digits_are_taken(document, model):
    assert model.setData(model.index_at("3.2", ColumnKey.POINTS), "１．５")
    assert document.entries.answer("3.2").points == D("1.5")


def test_only_points_and_remarks_can_be_typed_in(model):
    editable = {
        model.keys[column]
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        if model.flags(model.index(row, column)) & Qt.ItemFlag.ItemIsEditable
    }
    assert editable == {ColumnKey.POINTS, ColumnKey.REMARK}
    assert not model.is_editable(model.row_of("8.1"), model.column_of(ColumnKey.POINTS))


def test_every_cell_has_something_to_say_to_a_screen_reader(model):
    spoken = model.index_at("1.1", ColumnKey.POINTS).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "1.1" in spoken
    assert "未填" in spoken


def test_remarks_are_those_of_the_paper_and_say_whether_they_were_typed_here(model, document):
    document.put_answer("1.2", Answer(met=False, reason="迟报"))
    document.put_answer("1.1", Answer(met=False, reason="迟报", remark="另见"))
    document.put_adjustments((Adjustment(matter="先进集体", points=D(8)),))
    printed = {row.code: row for row in annex(document.catalogue, document.entries, document.scorecard).rows}
    at = [column.key for column in document.catalogue.columns].index(ColumnKey.REMARK)
    for code, said, tone in (
        ("1.2", "扣1分：迟报", Tone.TOLD),
        ("1.1", "扣2分：迟报\n另见", Tone.ENTERED),
        ("8.1", "先进集体（加8分）", Tone.TOLD),
    ):
        shown = cell(model, code, ColumnKey.REMARK)
        assert (shown.text, shown.tone) == (said, tone)
        assert printed[code].texts[at] == said


def test_provisional_points_are_shown_with_their_state(tmp_path, catalogue):
    policy = replace(catalogue.policy, not_applicable=NotApplicablePolicy.AVERAGE)
    document = Document.create(tmp_path / "d.zpb", replace(catalogue, policy=policy))
    model = AnnexModel(document)
    document.put_answer("1.1", Answer(met=True))
    document.put_answer("1.2", Answer(not_applicable="无"))
    shown = cell(model, "1.2")
    assert shown.provisional
    assert shown.text == "1\n不涉及"
    document.close()
