"""Findings about numbers that a paper form states and the scorecard does not confirm."""

from __future__ import annotations

from collections.abc import Iterator

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Declared, Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.checks_rows import finding
from selfassess.scoring.numbers import show

_CODES = {
    "row_points": "F208",
    "subtotal": "F209",
    "total": "F210",
    "total_without_band": "F211",
    "total_with_band": "F211",
    "row_full_points": "F212",
}
"""Codes by what is compared, a :class:`selfassess.scoring.reconciliation.Quantity`."""


def declared_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """Stated points, subtotals and totals that differ from what is computed, with likely causes."""
    if entries.declared == Declared():
        return
    from selfassess.scoring.reconciliation import reconcile_entries  # noqa: PLC0415  (rare; keeps the start short)

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
