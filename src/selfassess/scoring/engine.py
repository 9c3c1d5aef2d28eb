"""The one scoring engine: a catalogue and what was entered become a scorecard; knows no files, clock or window."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from selfassess.domain.catalogue import Catalogue, FigureSpec, Indicator, Policy
from selfassess.domain.entries import Adjustment, Answer, Entries
from selfassess.domain.rules import AdjustmentBand, Proportional, Threshold, Tiers
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.rates import Amounts
from selfassess.scoring.rows import RowResult, provisional_average, row_result
from selfassess.scoring.totals import category_score, earned_rate, scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One row's result with everything it came from.

    Attributes:
        indicator: The row.
        answer: What was entered on it.
        keys: Figures its rule uses.
        figures: Their amounts at the time.
        adjustments: The matters at the time; None for a row that does not look at them.
        result: What came out.
    """

    indicator: Indicator
    answer: Answer
    keys: tuple[str, ...]
    figures: tuple[Decimal | None, ...]
    adjustments: tuple[Adjustment, ...] | None
    result: RowResult


class Memo:
    """Row results of the last scoring, so that an edit recomputes one row of a long form.

    It changes how long :func:`score` takes, never what it returns: a result is used again only when everything it came
    from is equal. One memo belongs to one open form.
    """

    __slots__ = ("basis", "rows")

    def __init__(self) -> None:
        self.basis: tuple[Policy, tuple[FigureSpec, ...]] | None = None
        self.rows: dict[str, Remembered] = {}


def score(catalogue: Catalogue, entries: Entries, memo: Memo | None = None) -> Scorecard:
    """Score a form.

    Args:
        catalogue: The rules.
        entries: What was entered; may be anything from nothing to everything.
        memo: Results of an earlier call, used where they still hold and brought up to date.

    Returns:
        The whole result, with the working of every number.
    """
    memo = Memo() if memo is None else memo
    basis = (catalogue.policy, catalogue.figures)
    if memo.basis != basis:
        memo.rows.clear()
        memo.basis = basis
    amounts = Amounts(values=entries.figures, names={figure.key: figure.name for figure in catalogue.figures})
    by_category = [
        [_row(indicator, entries, catalogue.policy, amounts, memo) for indicator in category.indicators]
        for category in catalogue.categories
    ]
    by_category = _with_averages(catalogue, by_category)
    pairs = list(zip(catalogue.categories, by_category, strict=True))
    return scorecard(
        [category_score(category, results, catalogue.policy) for category, results in pairs],
        [result for category, results in pairs if category.in_base for result in results],
        [result for category, results in pairs if not category.in_base for result in results],
        [result for results in by_category for result in results],
        catalogue.policy,
    )


def _row(indicator: Indicator, entries: Entries, policy: Policy, amounts: Amounts, memo: Memo) -> RowResult:
    """The result of a row, remembered or computed."""
    answer = entries.answer(indicator.code)
    known = memo.rows.get(indicator.code)
    if (
        known is not None
        and known.indicator is indicator
        and (known.answer is answer or known.answer == answer)
        and (not known.keys or known.figures == tuple(map(amounts.values.get, known.keys)))
        and (known.adjustments is None or known.adjustments == entries.adjustments)
    ):
        return known.result
    result = row_result(indicator, answer, policy, amounts, entries.adjustments)
    keys = _figure_keys(indicator)
    memo.rows[indicator.code] = Remembered(
        indicator=indicator,
        answer=answer,
        keys=keys,
        figures=tuple(map(amounts.values.get, keys)),
        adjustments=entries.adjustments if isinstance(indicator.rule, AdjustmentBand) else None,
        result=result,
    )
    return result


def _figure_keys(indicator: Indicator) -> tuple[str, ...]:
    """The figures a row's rule uses."""
    rule = indicator.rule
    if not isinstance(rule, Tiers | Proportional | Threshold):
        return ()
    return tuple(key for key in (rule.rate.numerator_figure, rule.rate.denominator_figure) if key is not None)


def _with_averages(catalogue: Catalogue, by_category: list[list[RowResult]]) -> list[list[RowResult]]:
    """Give 不涉及 rows that wait for an average their provisional points, now that the other rows are known."""
    if not any(result.awaits_average for results in by_category for result in results):
        return by_category
    base = (
        result
        for category, results in zip(catalogue.categories, by_category, strict=True)
        if category.in_base
        for result in results
    )
    earned = earned_rate(base)
    if earned is None:
        return by_category
    return [
        [
            provisional_average(result, earned, catalogue.policy) if result.awaits_average else result
            for result in results
        ]
        for results in by_category
    ]
