"""What typing in, clearing or pasting into a cell means for a row's answer; pure, the refusals come from scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.rules import AllOrNothing, Choice, Proportional, Threshold, Tiers
from selfassess.domain.scorecard import RowState
from selfassess.gui.table.cells import NOT_APPLICABLE
from selfassess.scoring import entering
from selfassess.scoring.numbers import show, show_bound

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.entries import Answer
    from selfassess.domain.scorecard import RowScore

MET = "是"
NOT_MET = "否"


def edit_text(indicator: Indicator, answer: Answer, score: RowScore) -> str:
    """What stands in the editor of a 得分 cell when it opens: what was entered, as it can be typed again.

    Args:
        indicator: The row.
        answer: What was entered.
        score: Its result.
    """
    if score.state is RowState.NOT_APPLICABLE:
        return NOT_APPLICABLE
    rule = indicator.rule
    if isinstance(rule, Tiers | Proportional | Threshold) and answer.override is None:
        return "" if answer.value is None else show_bound(answer.value)
    if isinstance(rule, AllOrNothing) and answer.override is None:
        return {True: MET, False: NOT_MET, None: ""}[answer.met]
    if isinstance(rule, Choice) and answer.override is None:
        return answer.option or ""
    return "" if score.points is None else show(score.points)


def choices(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """What can be chosen in a 得分 cell: text to be entered, and the points it earns; empty when a number is typed."""
    rule = indicator.rule
    if isinstance(rule, AllOrNothing):
        return ((MET, show(indicator.full_points)), (NOT_MET, "0"))
    if isinstance(rule, Choice):
        return tuple((option.label, show(option.points)) for option in rule.options)
    return ()


def answer_from(key: ColumnKey, text: str, indicator: Indicator, answer: Answer) -> Answer:
    """The answer after a text was typed in a cell.

    Args:
        key: The column: 得分 or 备注.
        text: What was typed; "" clears.
        indicator: The row.
        answer: The answer before.

    Raises:
        InputError: The text means nothing in this cell.
    """
    if key is ColumnKey.REMARK:
        return replace(answer, remark=text.strip())
    return entering.parse_cell(text, indicator, answer)


def cleared(indicator: Indicator, answer: Answer) -> Answer:
    """The answer with nothing that leads to points; reason and remark stay."""
    return entering.parse_cell("", indicator, answer)
