"""All findings of a form in printed order; knows which checks exist, not what they look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue, Category, FigureSpec
from selfassess.domain.entries import BLANK, Answer, Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import RowScore, Scorecard
from selfassess.scoring.checks_band import adjustment_findings
from selfassess.scoring.checks_declared import declared_findings
from selfassess.scoring.checks_evidence import evidence_findings
from selfassess.scoring.checks_form import (
    UNIT_FIELDS,
    catalogue_findings,
    figure_findings,
    hint_findings,
    previous_findings,
    rate_check_findings,
    suspicion_findings,
    unit_findings,
)
from selfassess.scoring.checks_rows import CategoryNotes, category_notes
from selfassess.scoring.rates import Amounts

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear

T = TypeVar("T")
_LEVELS = {level: number for number, level in enumerate(Level)}


class Looked(Struct, frozen=True, kw_only=True):
    """Everything the notes on a category come from.

    Attributes:
        category: The category.
        rows: The results of its rows.
        answers: What was entered on them.
        figures: The figures of the form.
        specs: What the figures are called.
    """

    category: Category
    rows: tuple[RowScore, ...]
    answers: tuple[Answer, ...]
    figures: Mapping[str, Decimal]
    specs: tuple[FigureSpec, ...]


class FindingMemo:
    """Notes of the last search, so that an edit looks at one row of a long form again.

    It changes how long :func:`find` takes, never what it returns. One memo belongs to one open form.
    """

    __slots__ = ("_parts", "categories")

    def __init__(self) -> None:
        self.categories: dict[str, tuple[Looked, CategoryNotes]] = {}
        self._parts: dict[str, tuple[tuple[object, ...], Any]] = {}

    def part(self, name: str, basis: tuple[object, ...], look: Callable[[], T]) -> T:
        """What a part of the search found.

        Args:
            name: Of the part.
            basis: Everything that it depends on.
            look: Looks, when anything of it has changed.
        """
        known = self._parts.get(name)
        if known is None or known[0] != basis:
            known = self._parts[name] = (basis, look())
        return known[1]


def find(
    catalogue: Catalogue,
    entries: Entries,
    scorecard: Scorecard,
    memo: FindingMemo | None = None,
    *,
    previous: PreviousYear | None = None,
    evidence: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """Everything to mend, to explain or to look at before filing.

    Args:
        catalogue: The rules.
        entries: What was entered.
        scorecard: The result of exactly these two.
        memo: Notes of an earlier call, used where they still hold and brought up to date.
        previous: Last year's form; None when there is none to compare with.
        evidence: How many supporting documents a row has, by its code; None where none can be kept with the form.

    Returns:
        Errors first, then what to verify, then hints; within a level in printed order.
    """
    memo = FindingMemo() if memo is None else memo
    notes = _notes(catalogue, entries, scorecard, memo)
    unit, matters = entries.unit, entries.adjustments
    findings = [
        *memo.part("unit", (catalogue, unit), lambda: tuple(unit_findings(catalogue, unit))),
        *figure_findings(catalogue, notes),
        *memo.part("catalogue", (catalogue,), lambda: tuple(catalogue_findings(catalogue))),
        *[found for note in notes for row in note.by_row for found in row],
        *rate_check_findings(catalogue, entries, scorecard),
        *memo.part("matters", (catalogue, matters), lambda: tuple(adjustment_findings(catalogue, matters))),
        *declared_findings(catalogue, entries, scorecard),
        *suspicion_findings(catalogue, entries, scorecard, notes),
        *(previous_findings(catalogue, entries, scorecard, previous) if previous is not None else ()),
        *hint_findings(notes),
        *(() if evidence is None else evidence_findings(catalogue, scorecard, evidence)),
    ]
    order = memo.part("order", (catalogue, len(matters)), lambda: printed_order(catalogue, len(matters)))
    return tuple(sorted(findings, key=lambda found: (_LEVELS[found.level], order[found.place])))


def _notes(catalogue: Catalogue, entries: Entries, scorecard: Scorecard, memo: FindingMemo) -> list[CategoryNotes]:
    """The notes on every category, remembered where nothing they come from has changed."""
    amounts = Amounts(values=dict(entries.figures), names={figure.key: figure.name for figure in catalogue.figures})
    notes: list[CategoryNotes] = []
    start = 0
    for category in catalogue.categories:
        end = start + len(category.indicators)
        now = Looked(
            category=category,
            rows=scorecard.rows[start:end],
            answers=tuple([entries.answers.get(indicator.code, BLANK) for indicator in category.indicators]),
            figures=amounts.values,
            specs=catalogue.figures,
        )
        known = memo.categories.get(category.code)
        if known is None or known[0] != now:
            known = (now, category_notes(category, now.rows, now.answers, amounts, _kept(known, now)))
            memo.categories[category.code] = known
        notes.append(known[1])
        start = end
    return notes


def _kept(known: tuple[Looked, CategoryNotes] | None, now: Looked) -> Sequence[tuple[Finding, ...] | None]:
    """For every row what was found on it when nothing of it has changed since; None: look again."""
    if known is None:
        return [None] * len(now.rows)
    before, notes = known
    if (before.category, before.figures, before.specs) != (now.category, now.figures, now.specs):
        return [None] * len(now.rows)
    return [
        found if old_row is row and old_answer is answer else None
        for row, answer, old_row, old_answer, found in zip(
            now.rows, now.answers, before.rows, before.answers, notes.by_row, strict=True
        )
    ]


def printed_order(catalogue: Catalogue, matters: int) -> dict[str, int]:
    """The number of every place that a finding can have, in printed order.

    Args:
        catalogue: The rules.
        matters: How many matters of 八 there are.
    """
    return {place: number for number, place in enumerate(_places(catalogue, matters))}


def _places(catalogue: Catalogue, matters: int) -> Iterator[str]:
    """Every place a finding can have, in printed order: unit, figures, rows under their category, matters, the form."""
    yield from (place for _, place, _ in UNIT_FIELDS)
    yield from (f"figure.{figure.key}" for figure in catalogue.figures)
    for category in catalogue.categories:
        yield category.code
        yield from (indicator.code for indicator in category.indicators)
    yield from (f"adjustment.{position}" for position in range(matters))
    yield "form"
