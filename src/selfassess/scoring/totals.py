"""How row results become subtotals, base, total, converted total and grade; knows no rules and no answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfassess.domain.catalogue import Category, Policy, RoundingPlace
from selfassess.domain.scorecard import CategoryScore, RowState, Scorecard
from selfassess.scoring.numbers import Exact, add, has_places, round_half_up, show, shown
from selfassess.scoring.rows import NOTHING, RowResult, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The form's sums before conversion, in points (分).

    Attributes:
        base: Exact; None when no row applies.
        bonus: Capped.
        deduction: Capped, as a positive number.
        attainable: The applicable maximum of the base.
    """

    base: Exact | None
    bonus: Decimal
    deduction: Decimal
    attainable: Decimal


def category_score(
    category: Category, results: Sequence[RowResult], policy: Policy
) -> tuple[CategoryScore, Exact | None]:
    """The subtotal of a category, and the exact number that enters the form's sums.

    Args:
        category: The category.
        results: The results of its rows, in printed order.
        policy: How the form rounds.
    """
    earned: list[Exact] = []
    applicable: list[Decimal] = []
    answered = 0
    left_out = 0
    for result in results:
        score = result.score
        applicable.append(score.applicable)
        if result.exact is not None:
            earned.append(result.exact)
        if score.state is not RowState.BLANK:
            answered += 1
            left_out += score.state is RowState.NOT_APPLICABLE and result.exact is None
    reachable = shown(add(applicable))
    exact: Exact | None = None
    if not results or left_out < len(results):
        ceiling = reachable if category.in_base else category.full_points
        exact = settled(add(earned), ceiling, policy.rounding, RoundingPlace.CATEGORY)
    score = CategoryScore(
        code=category.code,
        title=category.title,
        in_base=category.in_base,
        full_points=category.full_points,
        applicable=reachable,
        points=None if exact is None else shown(exact),
        answered=answered,
        rows=len(results),
    )
    return score, exact


def earned_rate(results: Iterable[RowResult]) -> Fraction | None:
    """What the answered base rows earned of their full points, as a ratio; None while there is nothing to go by."""
    answered = [result for result in results if result.score.state is RowState.ANSWERED]
    full = add(result.score.applicable for result in answered)
    if not full:
        return None
    return Fraction(add(result.exact for result in answered if result.exact is not None)) / Fraction(full)


def scorecard(
    categories: Sequence[tuple[CategoryScore, Exact | None]],
    base_results: Sequence[RowResult],
    outside_results: Sequence[RowResult],
    rows: Sequence[RowResult],
    policy: Policy,
) -> Scorecard:
    """The whole result.

    Args:
        categories: Each category's score with its exact number, in printed order.
        base_results: Rows of the base.
        outside_results: Rows outside the base.
        rows: All rows, in printed order.
        policy: How rows become a total.
    """
    sums = _sums(categories, base_results, outside_results)
    rounding = policy.rounding
    exact = _converted(sums, policy)
    converted = None if exact is None else round_half_up(exact, rounding.places)
    blank = sum(result.score.state is RowState.BLANK for result in base_results)
    return Scorecard(
        categories=tuple(score for score, _ in categories),
        rows=tuple(result.score for result in rows),
        base=None if sums.base is None else shown(settled(sums.base, sums.attainable, rounding, RoundingPlace.TOTAL)),
        bonus=sums.bonus,
        deduction=sums.deduction,
        total=_total(sums, policy),
        attainable=sums.attainable,
        converted=converted,
        conversion=_conversion_text(exact, sums, policy),
        grade=_grade(converted, policy) if converted is not None and blank == 0 else None,
        blank=blank,
        provisional=sum(result.score.provisional for result in rows),
    )


def _sums(
    categories: Sequence[tuple[CategoryScore, Exact | None]],
    base_results: Sequence[RowResult],
    outside_results: Sequence[RowResult],
) -> Sums:
    """Add up the categories of the base, and the rows outside it."""
    base: Exact | None = None
    if any(result.score.state is not RowState.NOT_APPLICABLE for result in base_results):
        base = add(exact for score, exact in categories if score.in_base and exact is not None)
    return Sums(
        base=base,
        bonus=shown(add(result.bonus for result in outside_results)),
        deduction=shown(add(result.deduction for result in outside_results)),
        attainable=shown(add(score.applicable for score, _ in categories if score.in_base)),
    )


def _with_adjustments(points: Exact, sums: Sums, policy: Policy) -> Exact:
    """Add the bonus and take the deduction away; kept to the base when the form says so."""
    total = add((points, sums.bonus, -sums.deduction))
    return total if policy.total_may_pass_base else min(total, policy.base)


def _total(sums: Sums, policy: Policy) -> Decimal | None:
    """The total: base + bonus − deduction, rounded here only when the form rounds totals."""
    if sums.base is None:
        return None
    total = _with_adjustments(sums.base, sums, policy)
    if policy.rounding.at is RoundingPlace.TOTAL:
        return round_half_up(total, policy.rounding.places)
    return shown(total)


def _converted(sums: Sums, policy: Policy) -> Exact | None:
    """The converted total, exact; None when no row applies or nothing is attainable."""
    if sums.base is None or not sums.attainable:
        return None
    share = Fraction(sums.base) / Fraction(sums.attainable) * Fraction(policy.base)
    return _with_adjustments(share, sums, policy)


def _conversion_text(exact: Exact | None, sums: Sums, policy: Policy) -> str:
    """The formula of the converted total with its numbers."""
    if sums.base is None:
        return "所有指标都不涉及，没有得分，不折算"
    if exact is None:
        return "适用分值为 0，无法折算"
    formula = f"{show(shown(sums.base))} ÷ {show(sums.attainable)} × {show(policy.base)}"
    if sums.bonus:
        formula += f" + {show(sums.bonus)}"
    if sums.deduction:
        formula += f" − {show(sums.deduction)}"
    if not policy.total_may_pass_base and exact == policy.base and sums.bonus:
        return f"{formula}，最高按 {show(policy.base)} 分计 = {show(policy.base)}"
    places = policy.rounding.places
    sign = "=" if has_places(exact, places) else "≈"
    return f"{formula} {sign} {show(round_half_up(exact, places))}"


def _grade(converted: Decimal, policy: Policy) -> str | None:
    """The highest grade whose bound is reached; deductions below 0 count as 0 here, so that the lowest grade holds."""
    return next((grade.name for grade in policy.grades if max(converted, NOTHING) >= grade.at_least), None)
