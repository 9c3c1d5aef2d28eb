"""How row results become subtotals, base, total, converted total and grade; knows no rules and no answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from msgspec import Struct

from selfassess.domain.catalogue import Category, Policy, RoundingPlace
from selfassess.domain.scorecard import CategoryScore, RowScore, RowState, Scorecard
from selfassess.scoring.numbers import Exact, add, has_places, round_half_up, show, shown
from selfassess.scoring.rows import NOTHING, RowResult, settled


class CategoryResult(Struct, frozen=True, kw_only=True):
    """A category's result with what the form's totals need, so that they need not look at rows again.

    Attributes:
        score: What is shown.
        exact: The subtotal that enters the form's sums; None when every row is left out.
        results: Its rows' results, in printed order.
        rows: What is shown of them.
        answered_points: Exact points of its answered rows.
        answered_full: Full points of its answered rows.
        bonus: What it adds outside the base, in points (分).
        deduction: What it takes away outside the base, as a positive number.
        blank: Its blank rows.
        provisional: Its rows with provisional points.
        not_applicable: Its rows marked 不涉及.
        awaits_average: Whether a row waits for the form's average rate.
    """

    score: CategoryScore
    exact: Exact | None
    results: tuple[RowResult, ...]
    rows: tuple[RowScore, ...]
    answered_points: Exact
    answered_full: Decimal
    bonus: Decimal
    deduction: Decimal
    blank: int
    provisional: int
    not_applicable: int
    awaits_average: bool


class Sums(Struct, frozen=True, kw_only=True):
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


def category_result(category: Category, results: Sequence[RowResult], policy: Policy) -> CategoryResult:
    """Add up a category.

    Args:
        category: The category.
        results: The results of its rows, in printed order.
        policy: How the form rounds.
    """
    rows = tuple([result.score for result in results])
    states = [row.state for row in rows]
    blank = states.count(RowState.BLANK)
    not_applicable = states.count(RowState.NOT_APPLICABLE)
    points = [result.exact for result in results if result.exact is not None]
    earned = add(points)
    applicable = shown(add([row.applicable for row in rows]))
    answered = _of_answered(results) if blank or not_applicable else (earned, applicable)
    exact: Exact | None = None
    if points or blank or not rows:
        ceiling = applicable if category.in_base else category.full_points
        exact = settled(earned, ceiling, policy.rounding, RoundingPlace.CATEGORY)
    return CategoryResult(
        score=CategoryScore(
            code=category.code,
            title=category.title,
            in_base=category.in_base,
            full_points=category.full_points,
            applicable=applicable,
            points=None if exact is None else shown(exact),
            answered=len(rows) - blank,
            rows=len(rows),
        ),
        exact=exact,
        results=tuple(results),
        rows=rows,
        answered_points=answered[0],
        answered_full=answered[1],
        bonus=shown(add([result.bonus for result in results if result.bonus])),
        deduction=shown(add([result.deduction for result in results if result.deduction])),
        blank=blank,
        provisional=sum([row.provisional for row in rows]),
        not_applicable=not_applicable,
        awaits_average=any(result.awaits_average for result in results),
    )


def _of_answered(results: Sequence[RowResult]) -> tuple[Exact, Decimal]:
    """What the answered among some rows earned, and their full points."""
    answered = [result for result in results if result.score.state is RowState.ANSWERED]
    earned = add([result.exact for result in answered if result.exact is not None])
    return earned, shown(add([result.score.applicable for result in answered]))


def earned_rate(categories: Sequence[CategoryResult]) -> Fraction | None:
    """What the answered base rows earned of their full points, as a ratio; None while there is nothing to go by."""
    base = [category for category in categories if category.score.in_base]
    full = add(category.answered_full for category in base)
    return Fraction(add(category.answered_points for category in base)) / Fraction(full) if full else None


def scorecard(categories: Sequence[CategoryResult], policy: Policy) -> Scorecard:
    """The whole result.

    Args:
        categories: Every category, in printed order.
        policy: How rows become a total.
    """
    base = [category for category in categories if category.score.in_base]
    sums = _sums(base, categories)
    rounding = policy.rounding
    exact = _converted(sums, policy)
    converted = None if exact is None else round_half_up(exact, rounding.places)
    blank = sum(category.blank for category in base)
    return Scorecard(
        categories=tuple(category.score for category in categories),
        rows=tuple(chain.from_iterable(category.rows for category in categories)),
        base=None if sums.base is None else shown(settled(sums.base, sums.attainable, rounding, RoundingPlace.TOTAL)),
        bonus=sums.bonus,
        deduction=sums.deduction,
        total=_total(sums, policy),
        attainable=sums.attainable,
        converted=converted,
        conversion=_conversion_text(exact, sums, policy),
        grade=_grade(converted, policy) if converted is not None and blank == 0 else None,
        blank=blank,
        provisional=sum(category.provisional for category in categories),
    )


def _sums(base: Sequence[CategoryResult], categories: Sequence[CategoryResult]) -> Sums:
    """Add up the categories of the base, and what lies outside it."""
    points: Exact | None = None
    if any(category.not_applicable < len(category.rows) for category in base):
        points = add(category.exact for category in base if category.exact is not None)
    return Sums(
        base=points,
        bonus=shown(add(category.bonus for category in categories)),
        deduction=shown(add(category.deduction for category in categories)),
        attainable=shown(add(category.score.applicable for category in base)),
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
    share = sums.base
    if sums.attainable != policy.base:
        share = Fraction(share) / Fraction(sums.attainable) * Fraction(policy.base)
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
