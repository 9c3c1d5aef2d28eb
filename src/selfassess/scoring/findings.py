"""All findings of a form in printed order; knows which checks exist, not what they look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

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
    """Notes of the last search, so that an edit looks at one category of a long form again.

    It changes how long :func:`find` takes, never what it returns. One memo belongs to one open form.
    """

    __slots__ = ("categories",)

    def __init__(self) -> None:
        self.categories: dict[str, tuple[Looked, CategoryNotes]] = {}


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
    notes = _notes(catalogue, entries, scorecard, FindingMemo() if memo is None else memo)
    findings = [
        *unit_findings(catalogue, entries),
        *figure_findings(catalogue, notes),
        *catalogue_findings(catalogue),
        *(found for note in notes for found in note.findings),
        *rate_check_findings(catalogue, entries, scorecard),
        *adjustment_findings(catalogue, entries),
        *declared_findings(catalogue, entries, scorecard),
        *suspicion_findings(catalogue, entries, scorecard, notes),
        *(previous_findings(catalogue, entries, scorecard, previous) if previous is not None else ()),
        *hint_findings(notes),
        *(() if evidence is None else evidence_findings(catalogue, scorecard, evidence)),
    ]
    order = {place: number for number, place in enumerate(_places(catalogue, entries))}
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
            known = (now, category_notes(category, now.rows, now.answers, amounts))
            memo.categories[category.code] = known
        notes.append(known[1])
        start = end
    return notes


def _places(catalogue: Catalogue, entries: Entries) -> Iterator[str]:
    """Every place a finding can have, in printed order: unit, figures, rows under their category, matters, the form."""
    yield from (place for _, place, _ in UNIT_FIELDS)
    yield from (f"figure.{figure.key}" for figure in catalogue.figures)
    for category in catalogue.categories:
        yield category.code
        yield from (indicator.code for indicator in category.indicators)
    yield from (f"adjustment.{position}" for position in range(len(entries.adjustments)))
    yield "form"
