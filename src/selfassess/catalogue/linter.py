"""Finds what is loadable but wrong in a catalogue (指标体系检查); pure over the catalogue, knows no files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from selfassess.catalogue import rule_linter
from selfassess.domain.catalogue import Catalogue, ColumnKey, Indicator, Provenance, RoundingPlace, Source
from selfassess.domain.finding import Level
from selfassess.domain.rules import Proportional, RateSource, Threshold, Tiers
from selfassess.scoring.numbers import add, has_places, show, shown
from selfassess.wording import in_marks, message

_NEEDED_COLUMNS = (ColumnKey.NAME, ColumnKey.FULL_POINTS, ColumnKey.POINTS)
_GRAVITY = tuple(Level)


class LintFault(Struct, frozen=True, kw_only=True):
    """One fault of a catalogue, with its place.

    Attributes:
        code: Stable code of the wording, such as L201.
        level: How grave it is.
        place: Row code such as ``2.7``, category code such as ``一``, ``figure.budget`` or ``form``.
        message: One Chinese sentence: where, what, why, what to do.
    """

    code: str
    level: Level
    place: str
    message: str


Faults = Iterator[LintFault]


def lint(catalogue: Catalogue) -> tuple[LintFault, ...]:
    """Everything worth mending in a catalogue.

    Args:
        catalogue: Any catalogue, loaded or made in the program.

    Returns:
        Faults, the gravest first; within a level first the form, then rows in printed order.
    """
    found = [fault for check in _CHECKS for fault in check(catalogue)]
    return tuple(sorted(found, key=lambda fault: _GRAVITY.index(fault.level)))


def _error(code: str, place: str, **values: object) -> LintFault:
    return LintFault(code=code, level=Level.ERROR, place=place, message=message(code, **values))


def _verify(code: str, place: str, **values: object) -> LintFault:
    return LintFault(code=code, level=Level.VERIFY, place=place, message=message(code, **values))


def _hint(code: str, place: str, **values: object) -> LintFault:
    return LintFault(code=code, level=Level.HINT, place=place, message=message(code, **values))


def _row(row: Indicator) -> str:
    return f"第 {row.code} 行{in_marks(row.name)}"


def _sum(points: Iterable[Decimal]) -> Decimal:
    return shown(add(points))


def _footing_of_the_form(catalogue: Catalogue) -> Faults:
    inside = [category for category in catalogue.categories if category.in_base]
    base = catalogue.policy.base
    categories = _sum(category.full_points for category in inside)
    rows = _sum(row.full_points for category in inside for row in category.indicators)
    if categories != base:
        yield _error("L201", "form", base=show(base), sum=show(categories))
    if rows != base:
        yield _error("L202", "form", base=show(base), sum=show(rows))
    if catalogue.printed_total is not None and catalogue.printed_total != base:
        yield _error("L203", "form", printed=show(catalogue.printed_total), base=show(base))


def _footing_of_categories(catalogue: Catalogue) -> Faults:
    for category in catalogue.categories:
        rows = _sum(row.full_points for row in category.indicators)
        if rows != category.full_points:
            full = category.full_points
            relation = "少" if rows < full else "多"
            yield _error(
                "L204",
                category.code,
                heading=category.heading,
                full=show(full),
                sum=show(rows),
                difference=f"{relation} {show(abs(full - rows))}",
            )


def _equal_keys(catalogue: Catalogue) -> Faults:
    codes = Counter(row.code for _, row in catalogue.indicators())
    for code in (code for code, times in codes.items() if times > 1):
        yield _error("L205", code, at=code)
    categories = Counter(category.code for category in catalogue.categories)
    for code in (code for code, times in categories.items() if times > 1):
        yield _error("L206", code, at=code)
    figures = Counter(figure.key for figure in catalogue.figures)
    for key in (key for key, times in figures.items() if times > 1):
        yield _error("L207", f"figure.{key}", key=key)


def _rates(catalogue: Catalogue) -> Iterator[tuple[str, RateSource]]:
    for _, row in catalogue.indicators():
        if isinstance(row.rule, Tiers | Proportional | Threshold):
            yield row.code, row.rule.rate


def _rate_figures(catalogue: Catalogue) -> Faults:
    for code, rate in _rates(catalogue):
        for key in _figures_of(rate):
            if catalogue.figure(key) is None:
                yield _error("L208", code, at=code, key=key)
        if rate.from_figures and len(_figures_of(rate)) == 1:
            yield _error("L209", code, at=code, rate=rate.name)


def _figures_of(rate: RateSource) -> list[str]:
    return sorted({key for key in (rate.numerator_figure, rate.denominator_figure) if key is not None})


def _rate_checks(catalogue: Catalogue) -> Faults:
    for check in catalogue.checks:
        if catalogue.indicator(check.row) is None:
            yield _error("L210", "form", name=check.name, row=check.row)
        for key in (check.numerator, check.denominator):
            if catalogue.figure(key) is None:
                yield _error("L211", "form", name=check.name, key=key)


def _idle_figures(catalogue: Catalogue) -> Faults:
    used = {key for _, rate in _rates(catalogue) for key in _figures_of(rate)}
    used.update(key for check in catalogue.checks for key in (check.numerator, check.denominator))
    for figure in catalogue.figures:
        if figure.key not in used:
            yield _verify("L212", f"figure.{figure.key}", name=figure.name, key=figure.key)


def _rules(catalogue: Catalogue) -> Faults:
    for _, row in catalogue.indicators():
        for code, level, values in rule_linter.faults(row):
            filled = message(code, row=_row(row), **values)
            yield LintFault(code=code, level=level, place=row.code, message=filled)


def _weights(catalogue: Catalogue) -> Faults:
    rounding = catalogue.policy.rounding
    for _, row in catalogue.indicators():
        if row.full_points == 0:
            yield _verify("L230", row.code, at=row.code, name=row.name)
        if rounding.at is RoundingPlace.ROW and not has_places(row.full_points, rounding.places):
            yield _error("L231", row.code, at=row.code, full=show(row.full_points), places=rounding.places)


def _grades(catalogue: Catalogue) -> Faults:
    grades = catalogue.policy.grades
    limits = [grade.at_least for grade in grades]
    if any(lower >= upper for upper, lower in pairwise(limits)):
        yield _error("L232", "form")
    elif limits and limits[-1] != 0:
        yield _error("L233", "form", name=grades[-1].name, limit=show(limits[-1]))
    for name, times in Counter(grade.name for grade in grades).items():
        if times > 1:
            yield _error("L234", "form", name=name)


def _columns(catalogue: Catalogue) -> Faults:
    printed = {column.key for column in catalogue.columns}
    for key in _NEEDED_COLUMNS:
        if key not in printed:
            yield _error("L235", "form", key=key.value)


def _order(catalogue: Catalogue) -> Faults:
    last: tuple[int, ...] = ()
    for _, row in catalogue.indicators():
        position = tuple(int(part) for part in row.code.split(".") if part.isdecimal())
        if position <= last:
            yield _hint("L236", row.code, at=row.code)
        last = max(last, position)


def _equal_texts(catalogue: Catalogue) -> Faults:
    rows_of: dict[str, list[str]] = defaultdict(list)
    for _, row in catalogue.indicators():
        if row.method.strip():
            rows_of[row.method.strip()].append(row.code)
    for codes in rows_of.values():
        if len(codes) > 1:
            yield _hint("L237", codes[0], codes="、".join(codes))


def _provenance(catalogue: Catalogue) -> Faults:
    for category in catalogue.categories:
        yield from _source(category.source, category.code, f"考核内容{in_marks(category.heading)}")
    rows = [row for _, row in catalogue.indicators()]
    for row in rows:
        yield from _source(row.source, row.code, _row(row))
    states = Counter(row.source.provenance for row in rows)
    if unverified := len(rows) - states[Provenance.VERIFIED]:
        names = ((Provenance.TRANSCRIBED, "照录"), (Provenance.RECONSTRUCTED, "推定"), (Provenance.LOST, "缺失"))
        parts = "、".join(f"{name} {states[state]} 行" for state, name in names if states[state])
        yield _hint("L239", "form", rows=len(rows), unverified=unverified, parts=parts)
    lost = [row.code for row in rows if row.source.provenance is Provenance.LOST]
    if lost:
        yield _verify("L240", lost[0], codes="、".join(lost))


def _source(source: Source, place: str, what: str) -> Faults:
    changed = source.provenance in {Provenance.RECONSTRUCTED, Provenance.LOST}
    if changed and not source.why.strip():
        yield _verify("L238", place, what=what)
    if source.provenance is Provenance.TRANSCRIBED and source.transcribed:
        yield _error("L241", place, what=what)


_CHECKS: tuple[Callable[[Catalogue], Faults], ...] = (
    _footing_of_the_form,
    _footing_of_categories,
    _equal_keys,
    _rate_figures,
    _rate_checks,
    _idle_figures,
    _rules,
    _weights,
    _grades,
    _columns,
    _order,
    _equal_texts,
    _provenance,
)
