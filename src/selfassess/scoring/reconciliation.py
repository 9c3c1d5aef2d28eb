"""Stated against computed (填列数与计算数核对): every sum of a filled form, with likely causes; corrects nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue, Category, Indicator
from selfassess.domain.entries import Declared, Entries
from selfassess.domain.filed import FiledCategory, FiledForm
from selfassess.domain.scorecard import Scorecard
from selfassess.scoring.causes import Addend, likely_causes
from selfassess.scoring.numbers import add, show, shown, subtract
from selfassess.wording import in_marks


class Quantity(StrEnum):
    """What is compared."""

    ROW_FULL_POINTS = "row_full_points"
    """指标值 of a row, stated against the catalogue."""
    ROW_POINTS = "row_points"
    """得分 of a row, stated against computed; on a filed form against its full points, when above them."""
    CATEGORY_FULL_POINTS = "category_full_points"
    """指标值 of a category against the sum of its rows."""
    SUBTOTAL = "subtotal"
    """小计 of a category against the sum of its rows."""
    TOTAL_FULL_POINTS = "total_full_points"
    """指标值 of the 合计 row against the sum of the base categories."""
    TOTAL_WITHOUT_BAND = "total_without_band"
    """合计 against the stated subtotals without 其他事项."""
    TOTAL_WITH_BAND = "total_with_band"
    """合计 against the stated subtotals with 其他事项."""
    TOTAL = "total"
    """合计 against the computed total."""


NOTHING_COMPUTED = "还没有计算出来的数可比：没有填写，或不涉及"
"""Why a stated number agrees with nothing although it may be right."""


class Comparison(Struct, frozen=True, kw_only=True):
    """One stated number against its computed twin.

    Attributes:
        place: Row code, category code, or ``form``.
        title: What the number is, in Chinese, such as ``二、预算编制管理 小计``.
        quantity: What is compared.
        declared: As stated, in points (分).
        computed: As computed, in points; None when the scorecard has no such number (blank, or no row applies).
        difference: declared − computed, in points; None when nothing was computed.
        causes: Likely causes of a difference, in Chinese; empty when the numbers agree or nothing explains it.
    """

    place: str
    title: str
    quantity: Quantity
    declared: Decimal
    computed: Decimal | None
    difference: Decimal | None
    causes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether stated and computed are equal."""
        return self.declared == self.computed


class Reconciliation(Struct, frozen=True, kw_only=True):
    """Everything compared.

    Attributes:
        name: What the form is called.
        comparisons: In printed order: rows and sums of each category, then the total row.
    """

    name: str
    comparisons: tuple[Comparison, ...]

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The comparisons whose numbers are not equal.

        A total that equals the subtotals with or without 其他事项 is right; then neither of the two differs.
        """
        totals = {Quantity.TOTAL_WITHOUT_BAND, Quantity.TOTAL_WITH_BAND}
        right = any(found.agrees for found in self.comparisons if found.quantity in totals)
        return tuple(
            found for found in self.comparisons if not found.agrees and not (right and found.quantity in totals)
        )


def reconcile(form: FiledForm) -> Reconciliation:
    """Compare every sum that a filled form states with what its own rows and subtotals give.

    Args:
        form: The form as printed; cells that are empty are not compared.
    """
    found: list[Comparison] = []
    for category in form.categories:
        found += _category_comparisons(category)
    return Reconciliation(name=form.name, comparisons=(*found, *_total_comparisons(form)))


def reconcile_entries(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Reconciliation:
    """Compare what a paper form states, as entered with the answers, with the scorecard.

    Args:
        catalogue: The rules.
        entries: What was entered; its ``declared`` part is compared.
        scorecard: The result of exactly these two.
    """
    declared = entries.declared
    found: list[Comparison] = []
    for category in catalogue.categories:
        for indicator in category.indicators:
            found += _stated_row(indicator, declared, scorecard)
        stated = declared.subtotals.get(category.code)
        if stated is not None:
            found.append(_stated_subtotal(category, stated, scorecard))
    if declared.total is not None:
        found += _stated_total(catalogue, declared, declared.total, scorecard)
    return Reconciliation(name=catalogue.title, comparisons=tuple(found))


def row_name(code: str, name: str) -> str:
    """How a row is called in a sentence."""
    return f"第 {code} 行{in_marks(name)}"


def _compare(
    place: str,
    what: tuple[str, Quantity],
    numbers: tuple[Decimal, Decimal | None],
    addends: Sequence[Addend] = (),
    alternatives: Sequence[tuple[str, Decimal]] = (),
    notes: Sequence[str] = (),
) -> Comparison:
    """A comparison; ``notes`` are causes that hold whenever the numbers differ."""
    declared, computed = numbers
    causes: tuple[str, ...] = ()
    if computed is None:
        causes = (NOTHING_COMPUTED,)
    elif declared != computed:
        causes = (*likely_causes(declared, computed, addends, alternatives), *notes)
    return Comparison(
        place=place,
        title=what[0],
        quantity=what[1],
        declared=declared,
        computed=computed,
        difference=None if computed is None else shown(subtract(declared, computed)),
        causes=causes,
    )


def _category_comparisons(category: FiledCategory) -> Iterator[Comparison]:
    """The two sums of a category as printed, and rows above their full points."""
    for row in category.rows:
        if row.points is not None and row.full_points is not None and row.points > row.full_points:
            title = f"{row_name(row.code, row.name)} 得分超过分值"
            yield _compare(row.code, (title, Quantity.ROW_POINTS), (row.points, row.full_points))
    if not category.rows:
        return
    heading = f"{category.code}、{category.title}"
    full = [
        Addend(name=row_name(row.code, row.name), points=row.full_points)
        for row in category.rows
        if row.full_points is not None
    ]
    full_sum = _sum(full)
    if category.full_points is not None:
        what = (f"{heading} 分值", Quantity.CATEGORY_FULL_POINTS)
        yield _compare(category.code, what, (category.full_points, full_sum), full)
    if category.subtotal is not None:
        points = [
            Addend(name=row_name(row.code, row.name), points=row.points)
            for row in category.rows
            if row.points is not None
        ]
        alternatives = [("按各行分值相加，没有按得分相加", full_sum)]
        if category.full_points is not None:
            alternatives.insert(0, ("直接填了该类分值", category.full_points))
        what = (f"{heading} 小计", Quantity.SUBTOTAL)
        numbers = (category.subtotal, _sum(points))
        notes = _footing_note(category.full_points, full_sum)
        empty = sum(row.points is None for row in category.rows)
        if empty:
            notes.append(f"该类有 {empty} 行没有填得分")
        yield _compare(category.code, what, numbers, points, alternatives, notes)


def _footing_note(full_points: Decimal | None, full_sum: Decimal) -> list[str]:
    """Why a subtotal can differ although nobody added wrongly: the printed full points do not foot."""
    if full_points is None or full_points == full_sum:
        return []
    stated, computed = show(full_points), show(full_sum)
    return [f"该类印的分值 {stated} 与各行分值合计 {computed} 也不一致，小计可能是按印的分值算的"]


def _total_comparisons(form: FiledForm) -> Iterator[Comparison]:
    """The 合计 row as printed against the printed categories."""
    base = [category for category in form.categories if category.in_base]
    if form.total_full_points is not None:
        full = [
            Addend(name=in_marks(category.title), points=category.full_points)
            for category in base
            if category.full_points is not None
        ]
        yield _compare("form", ("合计 分值", Quantity.TOTAL_FULL_POINTS), (form.total_full_points, _sum(full)), full)
    if form.total is None:
        return
    rows = [
        Addend(name=row_name(row.code, row.name), points=row.points, inside=False)
        for row in form.rows
        if row.points is not None
    ]
    subtotals = [(category, _subtotal(category)) for category in form.categories]
    yield from _against_subtotals(form.total, subtotals, rows)


def _subtotal(category: FiledCategory) -> Decimal:
    """The printed subtotal, or the sum of the rows where none is printed."""
    if category.subtotal is not None:
        return category.subtotal
    return shown(add(row.points for row in category.rows if row.points is not None))


def _against_subtotals(
    total: Decimal, subtotals: Sequence[tuple[FiledCategory | Category, Decimal]], rows: Sequence[Addend]
) -> Iterator[Comparison]:
    """A stated total against stated subtotals, without the band outside the base and, where there is one, with it."""
    addends = [Addend(name=f"{in_marks(category.title)}小计", points=points) for category, points in subtotals]
    base = [addend for addend, (category, _) in zip(addends, subtotals, strict=True) if category.in_base]
    band = [addend for addend, (category, _) in zip(addends, subtotals, strict=True) if not category.in_base]
    without, extra = _sum(base), _sum(band)
    with_band = shown(add((without, extra)))
    names = "、".join(category.title for category, _ in subtotals if not category.in_base)
    row_sum = [("按各行得分相加，没有按小计相加", _sum(rows))] if rows else []
    if not band:
        yield _compare("form", ("合计", Quantity.TOTAL_WITHOUT_BAND), (total, without), [*base, *rows], row_sum)
        return
    band_text = f"{names} {show(extra)} 分"
    yield _compare(
        "form",
        (f"合计（不含{names}）", Quantity.TOTAL_WITHOUT_BAND),
        (total, without),
        [*base, *rows],
        [(f"计入了{band_text}", with_band), *row_sum],
    )
    yield _compare(
        "form",
        (f"合计（含{names}）", Quantity.TOTAL_WITH_BAND),
        (total, with_band),
        [*addends, *rows],
        [(f"没有计入{band_text}", without), *row_sum],
    )


def _stated_row(indicator: Indicator, declared: Declared, scorecard: Scorecard) -> Iterator[Comparison]:
    """What a paper form states for one row."""
    name = row_name(indicator.code, indicator.name)
    full = declared.full_points.get(indicator.code)
    if full is not None:
        what = (f"{name} 分值", Quantity.ROW_FULL_POINTS)
        yield _compare(indicator.code, what, (full, indicator.full_points))
    points = declared.points.get(indicator.code)
    if points is not None:
        what = (f"{name} 得分", Quantity.ROW_POINTS)
        alternatives = [("直接填了该项分值", indicator.full_points)]
        yield _compare(indicator.code, what, (points, scorecard.row(indicator.code).points), (), alternatives)


def _stated_subtotal(category: Category, stated: Decimal, scorecard: Scorecard) -> Comparison:
    """What a paper form states as a subtotal."""
    rows = [
        Addend(name=row_name(indicator.code, indicator.name), points=points)
        for indicator in category.indicators
        if (points := scorecard.row(indicator.code).points) is not None
    ]
    full_sum = shown(add(indicator.full_points for indicator in category.indicators))
    return _compare(
        category.code,
        (f"{category.heading} 小计", Quantity.SUBTOTAL),
        (stated, scorecard.category(category.code).points),
        rows,
        [("直接填了该类分值", category.full_points)],
        _footing_note(category.full_points, full_sum),
    )


def _stated_total(
    catalogue: Catalogue, declared: Declared, total: Decimal, scorecard: Scorecard
) -> Iterator[Comparison]:
    """What a paper form states as its total, against the scorecard and against its own subtotals."""
    addends = [
        Addend(name=f"{in_marks(score.title)}小计", points=score.points)
        for score in scorecard.categories
        if score.points is not None
    ]
    rows = [
        Addend(name=row_name(indicator.code, indicator.name), points=points, inside=False)
        for _, indicator in catalogue.indicators()
        if (points := scorecard.row(indicator.code).points) is not None
    ]
    alternatives = [("没有计入加分和扣分", scorecard.base)] if scorecard.base is not None else []
    wrong = [
        score.title
        for score in scorecard.categories
        if score.code in declared.subtotals and declared.subtotals[score.code] != score.points
    ]
    notes = [f"填列的小计也有 {len(wrong)} 处与计算结果不一致，请先核对小计"] if wrong else []
    yield _compare("form", ("合计", Quantity.TOTAL), (total, scorecard.total), [*addends, *rows], alternatives, notes)
    base_codes = [category.code for category in catalogue.categories if category.in_base]
    if all(code in declared.subtotals for code in base_codes):
        subtotals = [
            (category, declared.subtotals[category.code])
            for category in catalogue.categories
            if category.code in declared.subtotals
        ]
        yield from _against_subtotals(total, subtotals, rows)


def _sum(addends: Sequence[Addend]) -> Decimal:
    """The sum of addends without error."""
    return shown(add(addend.points for addend in addends))
