"""Findings about the form as a whole: unit, figures, footing of the catalogue, suspicious totals, last year, hints."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from selfassess.domain.catalogue import Catalogue, RateCheck
from selfassess.domain.entries import Entries, Unit
from selfassess.domain.finding import Finding, Level
from selfassess.domain.scorecard import RowState, Scorecard
from selfassess.scoring.adjustments import same_text
from selfassess.scoring.checks_rows import CategoryNotes, finding
from selfassess.scoring.numbers import Exact, add, multiply, show, show_amount, show_bound, show_rate, shown
from selfassess.scoring.rates import ratio

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear

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


def unit_findings(catalogue: Catalogue, unit: Unit) -> Iterator[Finding]:
    """What the unit has not said about itself, and a year or class that does not fit the catalogue."""
    classes = catalogue.policy.unit_classes
    for attribute, place, name in UNIT_FIELDS:
        value: str = getattr(unit, attribute)
        if attribute == "unit_class" and not classes:
            continue
        if not value.strip():
            yield finding("F131", place, field=name)
        elif attribute == "unit_class" and value not in classes:
            yield finding("F132", place, got=value, allowed="、".join(classes))
        elif attribute == "year" and catalogue.year is not None and _year(value) != catalogue.year_text:
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


def figure_findings(catalogue: Catalogue, notes: Sequence[CategoryNotes]) -> Iterator[Finding]:
    """Figures that rows without points wait for."""
    waiting: dict[str, list[str]] = {}
    for key, row in chain.from_iterable(note.lacking for note in notes):
        waiting.setdefault(key, []).append(row)
    for figure in catalogue.figures:
        if figure.key in waiting:
            rows = "第 " + "、".join(waiting[figure.key]) + " 行"
            unit = f"，单位{figure.unit}" if figure.unit else ""
            yield finding("F107", f"figure.{figure.key}", name=figure.name, unit=unit, rows=rows)


def rate_check_findings(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterator[Finding]:
    """Rows at full points although a rate from the figures is too low for them."""
    for check in catalogue.checks:
        indicator = catalogue.indicator(check.row)
        rate = _check_rate(check, entries)
        if indicator is None or rate is None or rate >= check.at_least:
            continue
        row = scorecard.row(check.row)
        if row.state is RowState.ANSWERED and row.points == row.full_points:
            numerator, denominator = entries.figures[check.numerator], entries.figures[check.denominator]
            yield finding(
                "F144",
                check.row,
                row=check.row,
                name=indicator.name,
                points=show(row.full_points),
                rate=check.name,
                amounts=f"{show_amount(numerator)} ÷ {show_amount(denominator)}",
                percent=show_rate(rate, (check.at_least,)),
                least=show_bound(check.at_least),
            )


def suspicion_findings(
    catalogue: Catalogue, entries: Entries, scorecard: Scorecard, notes: Sequence[CategoryNotes]
) -> Iterator[Finding]:
    """What a reviewer will ask about first: full marks everywhere, a very high total, one reason for many rows."""
    applying = sum(note.applying for note in notes)
    if applying and applying == sum(note.full for note in notes):
        yield finding("F201", "form", Level.VERIFY, count=applying)
    least = multiply(catalogue.policy.base, SUSPICIOUS_SHARE)
    if scorecard.total is not None and scorecard.total >= least:
        yield finding("F202", "form", Level.VERIFY, total=show(scorecard.total), least=show(least))
    by_reason: dict[str, list[str]] = {}
    for reason, row in chain.from_iterable(note.reasons for note in notes):
        by_reason.setdefault(reason, []).append(row)
    for rows in by_reason.values():
        if len(rows) >= SAME_REASON_ROWS:
            reason = entries.answer(rows[0]).reason.strip()
            yield finding("F203", rows[0], Level.VERIFY, part="reason", rows="、".join(rows), reason=reason)


def previous_findings(
    catalogue: Catalogue, entries: Entries, scorecard: Scorecard, previous: PreviousYear
) -> Iterator[Finding]:
    """Reasons for a deduction that were only taken over. Source: the field's checks, V6."""
    for (_, indicator), row in zip(catalogue.indicators(), scorecard.rows, strict=True):
        before = previous.rows.get(row.code)
        reason = entries.answer(row.code).reason
        if before is None or not reason or row.state is not RowState.ANSWERED:
            continue
        if same_text(reason) == same_text(before.reason) != "":
            yield finding("F221", row.code, Level.VERIFY, part="reason", row=row.code, name=indicator.name)


def hint_findings(notes: Sequence[CategoryNotes]) -> Iterator[Finding]:
    """Points that stand provisionally, and rows nobody has compared with the original."""
    waiting = [row for note in notes for row in note.provisional]
    if waiting:
        yield finding("F301", waiting[0], Level.HINT, part="average", rows="、".join(waiting))
    unverified = sum(note.unverified for note in notes)
    if unverified:
        yield finding("F302", "form", Level.HINT, count=unverified)


def _check_rate(check: RateCheck, entries: Entries) -> Exact | None:
    """The rate a contradiction is measured by; None while a figure is missing or the denominator is not above 0."""
    numerator, denominator = entries.figures.get(check.numerator), entries.figures.get(check.denominator)
    return None if numerator is None or denominator is None or denominator <= 0 else ratio(numerator, denominator)


def _year(text: str) -> str:
    """The year of an entered text: 2022, 2022年, ２０２２年度."""
    return unicodedata.normalize("NFKC", text).strip().removesuffix("度").removesuffix("年").strip()
