"""备注 says one thing on the screen, on paper and in the workbook."""

from __future__ import annotations

from decimal import Decimal

import pytest

from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.domain.rules import AdjustmentBand, Judged
from selfassess.domain.scorecard import RowScore, RowState, Working
from selfassess.scoring.remarks import remark_text

D = Decimal
WORKING = Working(rule="", substitution="", result="")
BAND = AdjustmentBand(bonus_cap=D(10), deduction_cap=D(10), largest_of_same_matter=True)


def score(state: RowState = RowState.ANSWERED, **values) -> RowScore:
    unknown = {"points": None, "deduction": None, "overridden": False, "provisional": False, "working": WORKING}
    return RowScore(**{"code": "1.1", "state": state, "full_points": D(2), "applicable": D(2), **unknown, **values})


@pytest.mark.parametrize(
    ("answer", "row", "said"),
    [
        (Answer(), score(RowState.BLANK), ""),
        (Answer(reason="迟报"), score(points=D(1), deduction=D(1)), "扣1分：迟报"),
        (Answer(reason="迟报"), score(points=D(2), deduction=D(0)), "迟报"),
        (Answer(reason="迟报"), score(RowState.BLANK), "迟报"),
        (Answer(reason="迟报", remark="另见"), score(points=D(1), deduction=D(1)), "扣1分：迟报\n另见"),
        (Answer(not_applicable=""), score(RowState.NOT_APPLICABLE), "不涉及"),
        (Answer(not_applicable="无车"), score(RowState.NOT_APPLICABLE), "不涉及：无车"),
        (
            Answer(not_applicable="无车"),
            score(RowState.NOT_APPLICABLE, points=D(1), provisional=True),
            "不涉及：无车\n（得分为暂计，待部门平均考核分确定）",
        ),
        (
            Answer(override=Override(points=D(1), reason="财政认定")),
            score(points=D(1), deduction=D(1), overridden=True),
            "改分说明：财政认定",
        ),
        (Answer(override=Override(points=D(1), reason="")), score(points=D(1), overridden=True), ""),
    ],
)
def test_a_line_each_for_what_was_entered(answer, row, said):
    assert remark_text(Judged(step=D(1)), answer, row, ()) == said


def test_matters_are_told_where_they_belong_and_numbered_when_there_are_several():
    prize = Adjustment(matter="先进集体", basis="外发〔2022〕35号", points=D(8))
    late = Adjustment(matter="逾期", points=D(-2))
    assert remark_text(BAND, Answer(), score(), (prize,)) == "先进集体（加8分；依据：外发〔2022〕35号）"
    assert remark_text(Judged(step=D(1)), Answer(), score(), (prize,)) == ""
    again = Adjustment(matter="先进集体", points=D(5))
    matters = (prize, late, again, Adjustment(matter="典型"))
    assert remark_text(BAND, Answer(remark="注"), score(), matters).splitlines() == [
        "注",
        "1.先进集体（加8分；依据：外发〔2022〕35号）",
        "2.逾期（扣2分）",
        "3.先进集体（加5分；与第1项同一事项，不计）",
        "4.典型",
    ]
