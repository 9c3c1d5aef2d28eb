"""The one scoring engine: a catalogue and what was entered become a scorecard; knows no files, clock or window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import repeat, zip_longest
from typing import NamedTuple

from selfassess.domain.catalogue import Catalogue, Category, FigureSpec, Policy
from selfassess.domain.entries import BLANK, Adjustment, Answer, Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.rates import Amounts, figure_keys
from selfassess.scoring.rows import RowResult, provisional_average, row_result
from selfassess.scoring.totals import CategoryResult, category_result, earned_rate, scorecard


class Inputs(NamedTuple):
    """Everything the categories' results come from, beside the form's policy and the names of its figures.

    A tuple, because one is made and compared at every edit.

    Attributes:
        categories: The categories with their rules.
        answers: What was entered on all rows, in printed order.
        figures: The figures of the form.
        adjustments: The matters entered; only categories outside the base look at them.
    """

    categories: tuple[Category, ...]
    answers: tuple[Answer, ...]
    figures: Mapping[str, Decimal]
    adjustments: tuple[Adjustment, ...]


class Memo:
    """Results of the last scoring, so that an edit recomputes one row of a long form.

    It changes how long :func:`score` takes, never what it returns: a result is used again only when everything it came
    from is equal. One memo belongs to one open form.
    """

    __slots__ = ("_codes", "_of", "basis", "inputs", "results")

    def __init__(self) -> None:
        self.basis: tuple[Policy, tuple[FigureSpec, ...]] | None = None
        self.inputs: Inputs | None = None
        self.results: list[CategoryResult] = []
        self._of: tuple[Category, ...] = ()
        self._codes: tuple[str, ...] = ()

    def codes(self, categories: tuple[Category, ...]) -> tuple[str, ...]:
        """The codes of all rows, gathered once as long as the categories are the same."""
        if self._of is not categories:
            self._codes = tuple([row.code for category in categories for row in category.indicators])
            self._of = categories
        return self._codes


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
    now = Inputs(
        categories=catalogue.categories,
        answers=tuple(map(entries.answers.get, memo.codes(catalogue.categories), repeat(BLANK))),
        figures=dict(entries.figures),
        adjustments=entries.adjustments,
    )
    before = memo.inputs if memo.basis == basis else None
    if before != now:
        memo.results = _results(catalogue, now, before, memo.results)
        memo.basis, memo.inputs = basis, now
    return scorecard(_with_averages(catalogue, memo.results), catalogue.policy)


def _results(
    catalogue: Catalogue, now: Inputs, before: Inputs | None, known: Sequence[CategoryResult]
) -> list[CategoryResult]:
    """The results of all categories; one whose inputs did not change keeps the result it had."""
    policy = catalogue.policy
    amounts = Amounts(values=now.figures, names={figure.key: figure.name for figure in catalogue.figures})
    if before is None or before.categories != now.categories:
        before, known = now, ()
    changed = {key for key in {*before.figures, *now.figures} if before.figures.get(key) != now.figures.get(key)}
    other_matters = before.adjustments != now.adjustments
    results: list[CategoryResult] = []
    start = 0
    for category, result in zip_longest(now.categories, known):
        here = slice(start, start + len(category.indicators))
        start = here.stop
        answers, adjustments = now.answers[here], () if category.in_base else now.adjustments
        if result is None or (other_matters and not category.in_base):
            rows = [
                row_result(indicator, answer, policy, amounts, adjustments)
                for indicator, answer in zip(category.indicators, answers, strict=True)
            ]
        elif changed or answers != before.answers[here]:
            rows = [
                old
                if (old_answer is answer or old_answer == answer)
                and (not changed or changed.isdisjoint(figure_keys(indicator.rule)))
                else row_result(indicator, answer, policy, amounts, adjustments)
                for indicator, answer, old_answer, old in zip(
                    category.indicators, answers, before.answers[here], result.results, strict=True
                )
            ]
        else:
            results.append(result)
            continue
        results.append(category_result(category, rows, policy))
    return results


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
