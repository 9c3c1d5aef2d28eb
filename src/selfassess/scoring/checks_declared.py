"""Findings about numbers that a paper form states and the scorecard does not confirm."""

from __future__ import annotations

from collections.abc import Iterator

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Declared, Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.checks_rows import finding
from selfassess.scoring.numbers import show
from selfassess.scoring.reconciliation import Quantity, reconcile_entries

_CODES = {
    Quantity.ROW_POINTS: "F208",
    Quantity.SUBTOTAL: "F209",
    Quantity.TOTAL: "F210",
    Quantity.TOTAL_WITHOUT_BAND: "F211",
    Quantity.TOTAL_WITH_BAND: "F211",
    Quantity.ROW_FULL_POINTS: "F212",
}


def declared_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """Stated points, subtotals and totals that differ from what is computed, with likely causes."""
    if entries.declared == Declared():
        return
    for found in reconcile_entries(catalogue, entries, scorecard).differing:
        if found.computed is None or found.difference is None:
            continue
        causes = f"；{found.causes[0]}" if found.causes else ""  # the most telling; reconcile tells all
        yield finding(
            _CODES[found.quantity],
            found.place,
            Level.VERIFY,
            title=found.title,
            declared=show(found.declared),
            computed=show(found.computed),
            difference=show(abs(found.difference)),
            causes=causes,
        )
