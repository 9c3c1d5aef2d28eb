"""All findings of a form in printed order; knows which checks exist, not what they look for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.checks_declared import declared_findings
from selfassess.scoring.checks_form import (
    UNIT_FIELDS,
    catalogue_findings,
    hint_findings,
    suspicion_findings,
    unit_findings,
)
from selfassess.scoring.checks_rows import (
    adjustment_findings,
    figure_findings,
    rate_check_findings,
    row_findings,
)

_LEVELS = tuple(Level)


def find(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> tuple[Finding, ...]:
    """Everything to mend, to explain or to look at before filing.

    Args:
        catalogue: The rules.
        entries: What was entered.
        scorecard: The result of exactly these two.

    Returns:
        Errors first, then what to verify, then hints; within a level in printed order.
    """
    findings = [
        *unit_findings(catalogue, entries),
        *catalogue_findings(catalogue),
        *figure_findings(catalogue, entries, scorecard),
        *row_findings(catalogue, entries, scorecard),
        *rate_check_findings(catalogue, entries, scorecard),
        *adjustment_findings(catalogue, entries),
        *declared_findings(catalogue, entries, scorecard),
        *suspicion_findings(catalogue, entries, scorecard),
        *hint_findings(catalogue, scorecard),
    ]
    order = dict(zip(_places(catalogue, entries), count(), strict=False))
    return tuple(sorted(findings, key=lambda found: (_LEVELS.index(found.level), order[found.place])))


def _places(catalogue: Catalogue, entries: Entries) -> Iterator[str]:
    """Every place a finding can have, in printed order: unit, figures, rows under their category, matters, the form."""
    yield from (place for _, place, _ in UNIT_FIELDS)
    yield from (f"figure.{figure.key}" for figure in catalogue.figures)
    for category in catalogue.categories:
        yield category.code
        yield from (indicator.code for indicator in category.indicators)
    yield from (f"adjustment.{position}" for position in range(len(entries.adjustments)))
    yield "form"
