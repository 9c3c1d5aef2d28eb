"""Findings about supporting documents (佐证材料): rows that need some and have none; knows how many there are only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import RowState, Scorecard
from selfassess.scoring.checks_rows import finding
from selfassess.scoring.numbers import show


def evidence_findings(catalogue: Catalogue, scorecard: Scorecard, counts: Mapping[str, int]) -> Iterator[Finding]:
    """Rows that earn points and lack the documents that the form asks for.

    A unit that binds its documents on paper adds none here: as long as there is not a single one, one hint says all.

    Args:
        catalogue: The rules.
        scorecard: The result, row by row as in the rules.
        counts: How many documents a row has, by its code.

    Source: note 3 of the 2022 annex: rows fed by 系统数据 or 报表数据 need none.
    """
    rows = zip(catalogue.indicators(), scorecard.rows, strict=True)
    needing = [
        (indicator, row)
        for (_, indicator), row in rows
        if indicator.evidence_required and row.state is not RowState.NOT_APPLICABLE
    ]
    if not any(counts.values()):
        if needing:
            yield finding("F303", "form", Level.HINT, count=len(needing))
        return
    for indicator, row in needing:
        if row.state is RowState.ANSWERED and row.points and row.points > 0 and not counts.get(row.code):
            named = {"row": row.code, "name": indicator.name, "points": show(row.points)}
            yield finding("F213", row.code, Level.VERIFY, part="evidence", **named)
