"""The preview's model keeps Qt's rules and lists what is not taken first."""

from __future__ import annotations

from PySide6.QtTest import QAbstractItemModelTester

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.table.paste_dialog import PasteModel
from selfassess.gui.table.pasting import Outcome, PastedCell, PastePlan


def cell(place: str, outcome: Outcome, why: str = "") -> PastedCell:
    return PastedCell(place=place, key=ColumnKey.POINTS, text="9", before="", outcome=outcome, why=why)


def test_the_model_keeps_qts_rules_and_lists_refusals_first():
    model = PasteModel({ColumnKey.POINTS: "得分"})
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    changed, same = cell("1.1", Outcome.CHANGED), cell("1.2", Outcome.SAME)
    model.show_plan(PastePlan(cells=(changed, same, cell("2.7", Outcome.REFUSED, "超过该项分值")), answers={}))
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["2.7", "1.1"]
    assert "超过该项分值" in model.index(0, 4).data()
    model.show_plan(PastePlan(cells=(), answers={}))
    assert model.rowCount() == 0
