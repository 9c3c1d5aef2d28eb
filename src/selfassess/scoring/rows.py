"""The result of one row: its state, its points after the form's rounding, its working; knows no other row."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from selfassess.domain.catalogue import Indicator, NotApplicablePolicy, Policy, Rounding, RoundingPlace
from selfassess.domain.entries import Adjustment, Answer, Override
from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import Fault, RowScore, RowState, Working
from selfassess.scoring.adjustments import weigh, weighing_text
from selfassess.scoring.numbers import Exact, has_places, round_half_up, show, show_rate, shown, subtract
from selfassess.scoring.points import Outcome, points_of
from selfassess.scoring.rates import Amounts
from selfassess.scoring.rule_texts import NOT_APPLICABLE_TEXTS, rule_text
from selfassess.wording import message

NOTHING = Decimal(0)


class RowResult(Struct, frozen=True, kw_only=True):
    """A row's result with what the totals need and people do not see.

    Attributes:
        score: What is shown.
        exact: The points that enter the sums; None when the row has none.
        bonus: What the band of adjustments adds, in points (分).
        deduction: What it takes away, as a positive number.
        awaits_average: Whether the points follow once the other rows are known (不涉及, average not entered).
    """

    score: RowScore
    exact: Exact | None
    bonus: Decimal = NOTHING
    deduction: Decimal = NOTHING
    awaits_average: bool = False


def row_result(
    indicator: Indicator,
    answer: Answer,
    policy: Policy,
    amounts: Amounts,
    adjustments: tuple[Adjustment, ...],
) -> RowResult:
    """Score one row.

    Args:
        indicator: The row.
        answer: What was entered on it.
        policy: How the form rounds and what 不涉及 is worth.
        amounts: The figures of the form.
        adjustments: The matters entered for the band outside the base.
    """
    if isinstance(indicator.rule, AdjustmentBand):
        return _adjusted(indicator, indicator.rule, adjustments, policy.rounding)
    if answer.not_applicable is not None:
        return _not_applicable(indicator, answer, policy)
    outcome = points_of(indicator, answer, amounts)
    if answer.override is not None:
        return _overridden(indicator, answer.override, outcome, policy.rounding)
    if outcome.points is None:
        return _blank(indicator, outcome.fault)
    return _answered(indicator, outcome, policy.rounding)


def settled(points: Exact, ceiling: Decimal, rounding: Rounding, place: RoundingPlace) -> Exact:
    """Points as they enter the next level: rounded when this is the form's place of rounding, otherwise exact.

    Rounding up never passes the ceiling: full points of 0.125 stay 0.125 where two places are kept.
    """
    if rounding.at is not place or has_places(points, rounding.places):
        return points
    return min(round_half_up(points, rounding.places), ceiling)


def award_text(points: Exact, kept: Exact, rounding: Rounding) -> str:
    """How points are announced: ``得 2 分``, ``得 4.46 分（四舍五入，保留 2 位小数）``."""
    rounded = f"（四舍五入，保留 {rounding.places} 位小数）" if kept != points else ""
    return f"得 {show(shown(kept))} 分{rounded}"


def fault_text(fault: Fault) -> str:
    """Why a row has no points, as a Chinese phrase without a full stop."""
    return message(fault.code, **dict(fault.values))


def provisional_average(waiting: RowResult, earned: Fraction, policy: Policy) -> RowResult:
    """A 不涉及 row that waits for the finance side's average, at the rate the answered rows earned.

    Args:
        waiting: Its result without points.
        earned: Points of the answered base rows ÷ their full points.
        policy: How the form rounds.
    """
    full = waiting.score.full_points
    points = Fraction(full) * earned
    kept = settled(points, full, policy.rounding, RoundingPlace.ROW)
    award = award_text(points, kept, policy.rounding)
    working = Working(
        rule=waiting.score.working.rule,
        substitution=f"平均分未知，暂按本表已填各行的平均得分率：{show(full)} × {show_rate(earned).lstrip('=≈ ')}",
        result=f"暂{award}",
    )
    score = replace(waiting.score, points=shown(kept), provisional=True, working=working)
    return RowResult(score=score, exact=kept)


def _not_applicable(indicator: Indicator, answer: Answer, policy: Policy) -> RowResult:
    """A row marked 不涉及, under the form's policy."""
    full = indicator.full_points
    kind = policy.not_applicable
    excluded = kind is NotApplicablePolicy.EXCLUDE
    points = _points_without_applying(full, answer, kind)
    kept = None if points is None else settled(points, full, policy.rounding, RoundingPlace.ROW)
    substitution = f"原因：{answer.not_applicable}" if answer.not_applicable else "未填原因"
    if points is not None and kept is not None:
        result = award_text(points, kept, policy.rounding)
        if kind is NotApplicablePolicy.AVERAGE:
            substitution = f"部门平均考核分 {show(points)} 分"
    elif excluded:
        result = f"不计得分，适用分值减少 {show(full)} 分"
    else:
        result = "尚无已填的行可作参照，暂无得分"
    score = RowScore(
        code=indicator.code,
        state=RowState.NOT_APPLICABLE,
        full_points=full,
        applicable=NOTHING if excluded else full,
        points=None if kept is None else shown(kept),
        deduction=None,
        overridden=False,
        provisional=False,
        working=Working(rule=NOT_APPLICABLE_TEXTS[kind], substitution=substitution, result=result),
    )
    return RowResult(score=score, exact=kept, awaits_average=kept is None and not excluded)


def _points_without_applying(full: Decimal, answer: Answer, kind: NotApplicablePolicy) -> Decimal | None:
    """What a 不涉及 row is worth by itself; None when it leaves the form, or waits for an average that can be."""
    if kind is NotApplicablePolicy.FULL:
        return full
    if kind is NotApplicablePolicy.ZERO:
        return NOTHING
    if kind is NotApplicablePolicy.AVERAGE and answer.average is not None and 0 <= answer.average <= full:
        return answer.average
    return None


def _adjusted(
    indicator: Indicator,
    rule: AdjustmentBand,
    adjustments: tuple[Adjustment, ...],
    rounding: Rounding,
) -> RowResult:
    """The row of the band of bonuses and deductions; it looks at the matters, not at an answer."""
    if all(adjustment.points is None for adjustment in adjustments):
        return _blank(indicator, None, "各项都还没有填分值" if adjustments else "没有加分、扣分事项，不必填写")
    weighing = weigh(rule, adjustments)
    bonus = shown(settled(weighing.bonus, rule.bonus_cap, rounding, RoundingPlace.ROW))
    deduction = shown(settled(weighing.deduction, rule.deduction_cap, rounding, RoundingPlace.ROW))
    points = shown(subtract(bonus, deduction))
    score = RowScore(
        code=indicator.code,
        state=RowState.ANSWERED,
        full_points=indicator.full_points,
        applicable=NOTHING,
        points=points,
        deduction=None,
        overridden=False,
        provisional=False,
        working=Working(
            rule=rule_text(indicator),
            substitution=weighing_text(weighing, rule),
            result=f"加分 {show(bonus)} − 扣分 {show(deduction)} = {show(points)} 分",
        ),
    )
    return RowResult(score=score, exact=points, bonus=bonus, deduction=deduction)


def _answered(indicator: Indicator, outcome: Outcome, rounding: Rounding) -> RowResult:
    """A row whose rule gave points, kept to full points."""
    full = indicator.full_points
    points = outcome.points if outcome.points is not None else NOTHING
    notes = [outcome.note] if outcome.note else []
    if points > full:
        notes.append(f"超过该项分值 {show(full)} 分，按 {show(full)} 分计")
        points = full
    kept = settled(points, full, rounding, RoundingPlace.ROW)
    notes.append(award_text(points, kept, rounding))
    working = Working(rule=rule_text(indicator), substitution=outcome.substitution, result="，".join(notes))
    return _with_points(indicator, kept, working)


def _overridden(indicator: Indicator, override: Override, outcome: Outcome, rounding: Rounding) -> RowResult:
    """A row whose typed points stand in place of the rule's result."""
    full = indicator.full_points
    if not 0 <= override.points <= full:
        values = (("points", show(override.points)), ("full", show(full)))
        return _blank(indicator, Fault(code="F118", values=values))
    kept = settled(override.points, full, rounding, RoundingPlace.ROW)
    by_rule = ""
    if outcome.points is not None:
        by_rule = f"{outcome.substitution}，按规则得 {show(shown(min(outcome.points, full)))} 分"
    reason = f"（原因：{override.reason}）" if override.reason else "（未填原因）"
    result = f"改分{reason}，{award_text(override.points, kept, rounding)}"
    working = Working(rule=rule_text(indicator), substitution=by_rule, result=result)
    return _with_points(indicator, kept, working, overridden=True)


def _with_points(indicator: Indicator, kept: Exact, working: Working, *, overridden: bool = False) -> RowResult:
    """An answered row."""
    full = indicator.full_points
    score = RowScore(
        code=indicator.code,
        state=RowState.ANSWERED,
        full_points=full,
        applicable=full,
        points=shown(kept),
        deduction=shown(subtract(full, kept)),
        overridden=overridden,
        provisional=False,
        working=working,
    )
    return RowResult(score=score, exact=kept)


def _blank(indicator: Indicator, fault: Fault | None, nothing: str = "尚未填写") -> RowResult:
    """A row without points; in the base it stays in the applicable maximum."""
    outside = isinstance(indicator.rule, AdjustmentBand)
    result = nothing if fault is None else f"暂无得分：{fault_text(fault)}"
    return RowResult(
        score=RowScore(
            code=indicator.code,
            state=RowState.BLANK,
            full_points=indicator.full_points,
            applicable=NOTHING if outside else indicator.full_points,
            points=None,
            deduction=None,
            overridden=False,
            provisional=False,
            working=Working(rule=rule_text(indicator), substitution="", result=result),
            fault=fault,
        ),
        exact=None,
    )
