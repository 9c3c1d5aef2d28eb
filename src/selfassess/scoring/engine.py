"""The one scoring engine: a catalogue and what was entered become a scorecard; knows no files, clock or window."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import NamedTuple

from selfassess.domain.catalogue import Catalogue, Category, FigureSpec, Policy
from selfassess.domain.entries import BLANK, Adjustment, Answer, Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.rates import Amounts, figure_keys
from selfassess.scoring.rows import RowResult, provisional_average, row_result
from selfassess.scoring.totals import CategoryResult, category_result, earned_rate, scorecard


class Inputs(NamedTuple):
    """Everything a category's result comes from, beside the form's policy and the names of its figures.

    A tuple, because one is made and compared for every category at every edit.

    Attributes:
        category: The category with its rules.
        answers: What was entered on its rows, in printed order.
        figures: The figures of the form.
        adjustments: The matters entered; empty for a category of the base, which does not look at them.
    """

    category: Category
    answers: tuple[Answer, ...]
    figures: Mapping[str, Decimal]
    adjustments: tuple[Adjustment, ...]


class Memo:
    """Results of the last scoring, so that an edit recomputes one row of a long form.

    It changes how long :func:`score` takes, never what it returns: a result is used again only when everything it came
    from is equal. One memo belongs to one open form.
    """

    __slots__ = ("_codes", "basis", "categories")

    def __init__(self) -> None:
        self.basis: tuple[Policy, tuple[FigureSpec, ...]] | None = None
        self.categories: dict[str, tuple[Inputs, CategoryResult]] = {}
        self._codes: dict[str, tuple[Category, tuple[str, ...]]] = {}

    def codes(self, category: Category) -> tuple[str, ...]:
        """The codes of a category's rows, gathered once as long as the category is the same."""
        known = self._codes.get(category.code)
        if known is None or known[0] is not category:
            known = self._codes[category.code] = (category, tuple([row.code for row in category.indicators]))
        return known[1]


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
        memo.categories.clear()
        memo.basis = basis
    names = {figure.key: figure.name for figure in catalogue.figures}
    amounts = Amounts(values=dict(entries.figures), names=names)
    results = [_category(category, entries, catalogue.policy, amounts, memo) for category in catalogue.categories]
    return scorecard(_with_averages(catalogue, results), catalogue.policy)


def _category(category: Category, entries: Entries, policy: Policy, amounts: Amounts, memo: Memo) -> CategoryResult:
    """The result of a category, remembered as a whole, or with its unchanged rows remembered."""
    now = Inputs(
        category=category,
        answers=tuple(map(entries.answers.get, memo.codes(category), repeat(BLANK))),
        figures=amounts.values,
        adjustments=() if category.in_base else entries.adjustments,
    )
    known = memo.categories.get(category.code)
    if known is not None and known[0] == now:
        return known[1]
    result = category_result(category, _rows(now, policy, amounts, known), policy)
    memo.categories[category.code] = (now, result)
    return result


def _rows(
    now: Inputs, policy: Policy, amounts: Amounts, known: tuple[Inputs, CategoryResult] | None
) -> list[RowResult]:
    """The results of a category's rows; a row whose inputs did not change keeps the result it had."""
    indicators = now.category.indicators
    if known is None or known[0].category != now.category or known[0].adjustments != now.adjustments:
        return [
            row_result(indicator, answer, policy, amounts, now.adjustments)
            for indicator, answer in zip(indicators, now.answers, strict=True)
        ]
    before, result = known
    changed = {key for key in {*before.figures, *now.figures} if before.figures.get(key) != now.figures.get(key)}
    return [
        old
        if (old_answer is answer or old_answer == answer)
        and (not changed or changed.isdisjoint(figure_keys(indicator.rule)))
        else row_result(indicator, answer, policy, amounts, now.adjustments)
        for indicator, answer, old_answer, old in zip(
            indicators, now.answers, before.answers, result.results, strict=True
        )
    ]


def _with_averages(catalogue: Catalogue, categories: list[CategoryResult]) -> list[CategoryResult]:
    """Give 不涉及 rows that wait for an average their provisional points, now that the other rows are known."""
    if not any(result.awaits_average for result in categories):
        return categories
    earned = earned_rate(categories)
    if earned is None:
        return categories
    return [
        category_result(
            category, [_averaged(row, earned, catalogue.policy) for row in result.results], catalogue.policy
        )
        if result.awaits_average
        else result
        for category, result in zip(catalogue.categories, categories, strict=True)
    ]


def _averaged(row: RowResult, earned: Fraction, policy: Policy) -> RowResult:
    """A row with its provisional points where it waits for them, otherwise as it is."""
    return provisional_average(row, earned, policy) if row.awaits_average else row
