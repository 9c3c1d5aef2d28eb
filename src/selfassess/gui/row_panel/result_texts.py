"""A row's result in words, as the panel shows it; reads the score and works nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.entries import Answer
    from selfassess.domain.scorecard import RowScore


def _tr(text: str) -> str:
    return QCoreApplication.translate("RowPanel", text)


def points_text(indicator: Indicator, score: RowScore, *, has_matters: bool) -> str:
    """What the row is worth now, of how much.

    Args:
        indicator: The row.
        score: Its result.
        has_matters: Whether the form has any 加分 or 扣分 matter; without, the band's row waits for nothing.
    """
    full = show(indicator.full_points)
    if score.points is not None:
        text = _tr("{0} / {1} 分").format(show(score.points), full)
    elif score.state is RowState.NOT_APPLICABLE:
        text = _tr("不涉及")
    elif isinstance(indicator.rule, AdjustmentBand) and not has_matters:
        text = _tr("没有事项，不必填")
    else:
        text = _tr("未填 / {0} 分").format(full)
    marks = [mark for mark, holds in ((_tr("暂计"), score.provisional), (_tr("已改分"), score.overridden)) if holds]
    return text + (f"（{'、'.join(marks)}）" if marks else "")


def reason_caption(answer: Answer, score: RowScore) -> str:
    """Over the field for the reason: whether there must be one, and for how much.

    The reason of an override says why points are missing, too; the check (F103) takes it for one.
    """
    if score.deduction is None or score.deduction <= 0:
        return _tr("扣分原因")
    if answer.override is not None and answer.override.reason.strip():
        return _tr("扣分原因（扣 {0} 分，已写改分理由，可不写）").format(show(score.deduction))
    return _tr("扣分原因（扣 {0} 分，必填）").format(show(score.deduction))


def working_text(score: RowScore) -> str:
    """How the points came about, a step a line."""
    working = score.working
    return "\n".join(part for part in (working.rule, working.substitution, working.result) if part)
