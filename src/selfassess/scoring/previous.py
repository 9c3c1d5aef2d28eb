"""What a finished form tells the next year, and how far a row's points moved; knows no files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from selfassess.domain.catalogue import Catalogue, Indicator
from selfassess.domain.entries import Answer, Entries
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.domain.scorecard import RowScore, Scorecard
from selfassess.scoring.numbers import shown, subtract


def previous_year(
    catalogue: Catalogue, entries: Entries, scorecard: Scorecard, documents: Mapping[str, int]
) -> PreviousYear:
    """A form as the next year sees it.

    Args:
        catalogue: The rules of that form.
        entries: What was entered on it.
        scorecard: The result of exactly these two.
        documents: Number of supporting documents by row code; rows without any may be left out.
    """
    rows = zip(catalogue.indicators(), scorecard.rows, strict=True)
    return PreviousYear(
        unit=entries.unit.name,
        year=entries.unit.year or catalogue.year_text,
        title=catalogue.title,
        rows=MappingProxyType(
            {
                row.code: _row(indicator, entries.answer(row.code), row, documents.get(row.code, 0))
                for (_, indicator), row in rows
            }
        ),
    )


def _row(indicator: Indicator, answer: Answer, row: RowScore, documents: int) -> PreviousRow:
    override = answer.override if row.overridden else None
    return PreviousRow(
        name=indicator.name,
        full_points=row.full_points,
        points=row.points,
        not_applicable=answer.not_applicable,
        override=None if override is None else override.reason,
        reason=answer.reason,
        remark=answer.remark,
        documents=documents,
    )


def change_of(before: PreviousRow, row: RowScore) -> Decimal | None:
    """By how many points (分) a row earns more than last year, below 0 for less; None while either has none.

    Args:
        before: The row last year.
        row: Its result this year.
    """
    if before.points is None or row.points is None:
        return None
    return shown(subtract(row.points, before.points))
