"""Findings about the form as a whole: unit, footing of the catalogue, suspicious totals, hints."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from selfassess.domain.catalogue import Catalogue, Provenance
from selfassess.domain.entries import Entries
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import RowState, Scorecard
from selfassess.scoring.adjustments import same_text
from selfassess.scoring.checks_rows import base_rows, finding
from selfassess.scoring.numbers import add, show, shown

UNIT_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("name", "unit.name", "填报单位"),
    ("unit_class", "unit.class", "类别"),
    ("year", "unit.year", "年度"),
    ("preparer", "unit.preparer", "填报人"),
    ("reviewer", "unit.reviewer", "审核人"),
    ("head", "unit.head", "负责人"),
    ("phone", "unit.phone", "联系电话"),
    ("date", "unit.date", "填报日期"),
)
"""Fields of the unit: attribute, place of its finding, Chinese name."""

SAME_REASON_ROWS = 5
"""From how many rows on the same reason is worth a second look. Source: the field's checks, V4."""

SUSPICIOUS_SHARE = Decimal("0.95")
"""From which share of the base on a total is worth a second look. Source: the field's checks, V3 (95 of 100)."""


def unit_findings(catalogue: Catalogue, entries: Entries) -> Iterator[Finding]:
    """What the unit has not said about itself, and a year or class that does not fit the catalogue."""
    classes = catalogue.policy.unit_classes
    for attribute, place, name in UNIT_FIELDS:
        value: str = getattr(entries.unit, attribute)
        if attribute == "unit_class" and not classes:
            continue
        if not value.strip():
            yield finding("F131", place, field=name)
        elif attribute == "unit_class" and value not in classes:
            yield finding("F132", place, got=value, allowed="、".join(classes))
        elif attribute == "year" and _year(value) != str(catalogue.year):
            yield finding("F133", place, got=value, year=catalogue.year)


def catalogue_findings(catalogue: Catalogue) -> Iterator[Finding]:
    """Full points that do not foot, and an edition that is not meant for filing."""
    if not catalogue.for_filing:
        yield finding("F143", "form", reference=catalogue.reference)
    base_categories = [category for category in catalogue.categories if category.in_base]
    for category in base_categories:
        computed = shown(add(indicator.full_points for indicator in category.indicators))
        if computed != category.full_points:
            declared = show(category.full_points)
            yield finding("F141", category.code, heading=category.heading, computed=show(computed), declared=declared)
    computed = shown(add(category.full_points for category in base_categories))
    if computed != catalogue.policy.base:
        yield finding("F142", "form", computed=show(computed), declared=show(catalogue.policy.base))


def suspicion_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """What a reviewer will ask about first: full marks everywhere, a very high total, one reason for many rows."""
    rows = [row for _, _, row in base_rows(catalogue, scorecard) if row.state is not RowState.NOT_APPLICABLE]
    if rows and all(row.points == row.full_points for row in rows):
        yield finding("F201", "form", Level.VERIFY, count=len(rows))
    least = shown(catalogue.policy.base * SUSPICIOUS_SHARE)
    if scorecard.total is not None and scorecard.total >= least:
        yield finding("F202", "form", Level.VERIFY, total=show(scorecard.total), least=show(least))
    by_reason: dict[str, list[str]] = {}
    for _, indicator, row in base_rows(catalogue, scorecard):
        reason = entries.answer(indicator.code).reason
        if row.state is RowState.ANSWERED and reason.strip():
            by_reason.setdefault(same_text(reason), []).append(indicator.code)
    for codes in by_reason.values():
        if len(codes) >= SAME_REASON_ROWS:
            reason = entries.answer(codes[0]).reason.strip()
            yield finding("F203", codes[0], Level.VERIFY, rows="、".join(codes), reason=reason)


def hint_findings(catalogue: Catalogue, scorecard: Scorecard) -> Iterator[Finding]:
    """Points that stand provisionally, and rows nobody has compared with the original."""
    waiting = [row.code for row in scorecard.rows if row.provisional]
    if waiting:
        yield finding("F301", waiting[0], Level.HINT, rows="、".join(waiting))
    unverified = sum(indicator.source.provenance is not Provenance.VERIFIED for _, indicator in catalogue.indicators())
    if unverified:
        yield finding("F302", "form", Level.HINT, count=unverified)


def _year(text: str) -> str:
    """The year of an entered text: 2022, 2022年, ２０２２年度."""
    return unicodedata.normalize("NFKC", text).strip().removesuffix("度").removesuffix("年").strip()
