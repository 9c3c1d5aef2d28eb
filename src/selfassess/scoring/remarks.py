"""What 备注 says of a row, the same on the screen, on paper and in the workbook; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selfassess.domain.entries import Adjustment, Answer
from selfassess.domain.rules import AdjustmentBand, Rule
from selfassess.domain.scorecard import RowScore
from selfassess.scoring.adjustments import Weighed, weigh
from selfassess.scoring.numbers import show


def remark_text(rule: Rule, answer: Answer, score: RowScore, adjustments: Sequence[Adjustment]) -> str:
    """A line each: 不涉及, the deduction with its reason, changed points, what was typed as 备注, matters.

    Args:
        rule: Of the row; only that of 八、其他事项 tells of matters.
        answer: What was entered on the row.
        score: Its result.
        adjustments: The matters of the form.
    """
    matters = weigh(rule, adjustments).matters if isinstance(rule, AdjustmentBand) else ()
    return "\n".join([*_of_answer(answer, score), *_of_matters(matters)])


def _of_answer(answer: Answer, score: RowScore) -> Iterable[str]:
    if answer.not_applicable is not None:
        yield "不涉及" + (f"：{answer.not_applicable}" if answer.not_applicable else "")
        if score.provisional:
            yield "（得分为暂计，待部门平均考核分确定）"
    elif answer.reason:
        deducted = f"扣{show(score.deduction)}分：" if score.deduction is not None and score.deduction > 0 else ""
        yield deducted + answer.reason
    if answer.override is not None and answer.override.reason and score.overridden:
        yield f"改分说明：{answer.override.reason}"
    if answer.remark:
        yield answer.remark


def _of_matters(matters: Sequence[Weighed]) -> Iterable[str]:
    for number, matter in enumerate(matters, 1):
        yield (f"{number}." if len(matters) > 1 else "") + _matter(matter)


def _matter(weighed: Weighed) -> str:
    """One matter of the band outside the base: 获全国先进（加5分；依据：国办发〔2022〕1号）."""
    matter = weighed.adjustment
    details: list[str] = []
    if matter.points is not None:
        details.append(f"{'扣' if matter.points < 0 else '加'}{show(abs(matter.points))}分")
    if matter.basis:
        details.append(f"依据：{matter.basis}")
    if weighed.same_as is not None:
        details.append(f"与第{weighed.same_as + 1}项同一事项，不计")
    return matter.matter + (f"（{'；'.join(details)}）" if details else "")
