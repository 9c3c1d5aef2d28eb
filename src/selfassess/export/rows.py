"""The annex as rows of finished texts (附件), the same for paper and workbook; pure, knows no fonts, pages or files."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue, Category, Column, ColumnKey, Indicator
from selfassess.domain.scorecard import CategoryScore, RowScore, RowState, Scorecard
from selfassess.export.checkcode import check_code
from selfassess.scoring.numbers import show
from selfassess.scoring.remarks import remark_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from selfassess.domain.entries import Entries, Unit

NUMBER_COLUMNS = frozenset({ColumnKey.FULL_POINTS, ColumnKey.POINTS, ColumnKey.SUBTOTAL})
"""Columns that hold a number."""
CENTRED_COLUMNS = NUMBER_COLUMNS | {ColumnKey.NATURE, ColumnKey.MODE}
"""Columns whose texts stand in the middle; all others begin at the left."""
_WIDE_TOTAL = (ColumnKey.METHOD, ColumnKey.NATURE, ColumnKey.MODE, ColumnKey.SOURCES)


class RowKind(StrEnum):
    """What a printed row is."""

    CATEGORY = "category"
    """考核内容, with full points and subtotal."""
    INDICATOR = "indicator"
    """指标."""
    TOTAL = "total"
    """合计."""


class AnnexRow(Struct, frozen=True, kw_only=True):
    """One printed row.

    Attributes:
        kind: What it is.
        code: Row code such as ``2.7``, category code such as ``二``, "" for the total.
        category: Code of the category it stands in; "" for the total.
        texts: One per column of the annex; a text may hold line breaks.
        content_rows: How many rows its 考核内容 cell covers, counted from this row down; 0 when a row above covers it.
        merges: Cells of this row that are one: (first, last) column index, inclusive. The text is that of the first.
        full_points: The number in 指标值, in points (分); None when the cell is empty.
        points: The number in 考核结果; None when the cell holds no number.
        subtotal: The number in the subtotal's cell: a category's subtotal or the total; None when it is empty.
    """

    kind: RowKind
    code: str
    category: str
    texts: tuple[str, ...]
    content_rows: int = 1
    merges: tuple[tuple[int, int], ...] = ()
    full_points: Decimal | None = None
    points: Decimal | None = None
    subtotal: Decimal | None = None


class Footer(Struct, frozen=True, kw_only=True):
    """What every page carries, small, so that paper can be matched with a file.

    Attributes:
        unit: 填报单位; may be empty.
        year: 年度.
        catalogue: ``id/edition``.
        check_code: Of what was entered.
    """

    unit: str
    year: str
    catalogue: str
    check_code: str


class Annex(Struct, frozen=True, kw_only=True):
    """The whole annex as texts.

    Attributes:
        label: 附件1.
        title: Its title.
        head_left: Over the table at the left: 填报单位.
        head_middle: Over the table in the middle: class of the unit and date; may be empty.
        head_right: Over the table at the right: 单位：分.
        columns: Printed columns, left to right.
        rows: Category, indicator and total rows, in printed order.
        notes: Notes under the table, numbered when there are several; the printer writes 注： before the first.
        sign_off: Fields to be signed, each a name and what was entered; empty when no sign-off block is wanted.
        footer: What every page carries.
    """

    label: str
    title: str
    head_left: str
    head_middle: str
    head_right: str
    columns: tuple[Column, ...]
    rows: tuple[AnnexRow, ...]
    notes: tuple[str, ...]
    sign_off: tuple[tuple[str, str], ...]
    footer: Footer

    def index(self, key: ColumnKey) -> int | None:
        """The place of a column, counted from 0; None when the form has no such column."""
        return next((place for place, column in enumerate(self.columns) if column.key is key), None)


def annex(catalogue: Catalogue, entries: Entries, scorecard: Scorecard, *, sign_off: bool = False) -> Annex:
    """The annex of a filled form.

    Args:
        catalogue: The rules.
        entries: What was entered.
        scorecard: The result of scoring these entries by these rules.
        sign_off: Whether fields for signatures stand under the table.
    """
    unit = entries.unit
    return Annex(
        label=unit.annex_label or catalogue.annex_label,
        title=catalogue.title,
        head_left=f"填报单位：{unit.name}",
        head_middle=_head_middle(unit),
        head_right="单位：分",
        columns=catalogue.columns,
        rows=tuple(_rows(catalogue, entries, scorecard)),
        notes=_notes(catalogue),
        sign_off=_sign_off(unit) if sign_off else (),
        footer=Footer(
            unit=unit.name,
            year=unit.year or catalogue.year_text,
            catalogue=catalogue.reference,
            check_code=check_code(catalogue, entries),
        ),
    )


def printed_date(text: str) -> str:
    """A date as official documents write it, 2023年1月5日; text that is no ISO date stays as it is."""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _head_middle(unit: Unit) -> str:
    parts = [
        f"单位类别：{unit.unit_class}类" if unit.unit_class else "",
        f"填报日期：{printed_date(unit.date)}" if unit.date else "",
    ]
    return "　".join(part for part in parts if part)


def _sign_off(unit: Unit) -> tuple[tuple[str, str], ...]:
    return (
        ("填报人", unit.preparer),
        ("审核人", unit.reviewer),
        ("单位负责人（签字、盖章）", unit.head),
        ("联系电话", unit.phone),
        ("填报日期", printed_date(unit.date)),
    )


def _notes(catalogue: Catalogue) -> tuple[str, ...]:
    notes = list(catalogue.notes)
    if not catalogue.for_filing:
        notes.append(f"本表所用指标体系版本（{catalogue.reference}）仅供研究，不作报送之用。")
    if len(notes) < 2 or any(note[:1].isdigit() for note in notes):
        return tuple(notes)
    return tuple(f"{number}.{note}" for number, note in enumerate(notes, 1))


# ------------------------------------------------------------------------------------------------------------- rows


def _rows(catalogue: Catalogue, entries: Entries, scorecard: Scorecard) -> Iterable[AnnexRow]:
    scores = {row.code: row for row in scorecard.rows}
    untouched = all(row.state is RowState.BLANK for row in scorecard.rows)
    for category in catalogue.categories:
        yield _category_row(catalogue, category, scorecard.category(category.code), untouched=untouched)
        covered = _content_rows([indicator.content for indicator in category.indicators])
        for indicator, rows in zip(category.indicators, covered, strict=True):
            yield _indicator_row(catalogue, category, indicator, scores[indicator.code], entries, rows)
    yield _total_row(catalogue, scorecard, untouched=untouched)


def _content_rows(contents: Sequence[str]) -> list[int]:
    """How many rows each 考核内容 cell covers: equal neighbours are one cell; empty ones never are."""
    covered: list[int] = []
    for content, group in itertools.groupby(contents):
        count = len(list(group))
        covered.extend([1] * count if not content.strip() else [count, *([0] * (count - 1))])
    return covered


def _texts(catalogue: Catalogue, texts: Mapping[ColumnKey, str]) -> tuple[str, ...]:
    return tuple(texts.get(column.key, "") for column in catalogue.columns)


def _number(value: Decimal | None) -> str:
    return "" if value is None else show(value)


def _merge(catalogue: Catalogue, keys: Sequence[ColumnKey]) -> tuple[tuple[int, int], ...]:
    """The run of neighbouring columns with these keys as one merge; none when they stand alone."""
    places = [place for place, column in enumerate(catalogue.columns) if column.key in keys]
    if len(places) < 2 or places[-1] - places[0] != len(places) - 1:
        return ()
    return ((places[0], places[-1]),)


def _subtotal_key(catalogue: Catalogue) -> ColumnKey:
    """Where subtotals stand: in their own column, or over the points when the form has none."""
    keys = {column.key for column in catalogue.columns}
    return ColumnKey.SUBTOTAL if ColumnKey.SUBTOTAL in keys else ColumnKey.POINTS


def _heading_key(catalogue: Catalogue) -> ColumnKey:
    """Where headings stand: in 考核内容, or in the first column when the form has none."""
    keys = [column.key for column in catalogue.columns]
    return ColumnKey.CONTENT if ColumnKey.CONTENT in keys else keys[0]


def _category_row(catalogue: Catalogue, category: Category, score: CategoryScore, *, untouched: bool) -> AnnexRow:
    # A category nobody has begun has no subtotal yet; a band nobody claims is worth 0 once the form is begun.
    begun = score.answered > 0 if category.in_base else not untouched
    subtotal = score.points if begun else None
    left_out = begun and score.points is None
    texts = {
        ColumnKey.FULL_POINTS: _number(category.full_points),
        _subtotal_key(catalogue): "不涉及" if left_out else _number(subtotal),
        _heading_key(catalogue): category.heading,
    }
    return AnnexRow(
        kind=RowKind.CATEGORY,
        code=category.code,
        category=category.code,
        texts=_texts(catalogue, texts),
        merges=_merge(catalogue, (ColumnKey.CONTENT, ColumnKey.NAME)),
        full_points=category.full_points,
        subtotal=subtotal,
    )


def _indicator_row(
    catalogue: Catalogue, category: Category, indicator: Indicator, score: RowScore, entries: Entries, content_rows: int
) -> AnnexRow:
    left_out = score.state is RowState.NOT_APPLICABLE and score.points is None
    answer = entries.answer(indicator.code)
    texts = {
        ColumnKey.CONTENT: indicator.content,
        ColumnKey.NAME: indicator.name,
        ColumnKey.FULL_POINTS: _number(indicator.full_points),
        ColumnKey.METHOD: indicator.method,
        ColumnKey.NATURE: indicator.nature,
        ColumnKey.MODE: indicator.mode,
        ColumnKey.SOURCES: indicator.sources,
        ColumnKey.POINTS: "不涉及" if left_out else _number(score.points),
        ColumnKey.REMARK: remark_text(indicator.rule, answer, score, entries.adjustments),
    }
    return AnnexRow(
        kind=RowKind.INDICATOR,
        code=indicator.code,
        category=category.code,
        texts=_texts(catalogue, texts),
        content_rows=content_rows,
        full_points=indicator.full_points,
        points=score.points,
    )


def _total_row(catalogue: Catalogue, scorecard: Scorecard, *, untouched: bool) -> AnnexRow:
    keys = {column.key for column in catalogue.columns}
    total = None if untouched else scorecard.total
    said = [catalogue.total_note]
    if not untouched:
        said.extend(_summary(catalogue, scorecard))
    texts = {
        ColumnKey.FULL_POINTS: _number(catalogue.policy.base),
        _subtotal_key(catalogue): _number(total),
        ColumnKey.METHOD if ColumnKey.METHOD in keys else ColumnKey.REMARK: "\n".join(line for line in said if line),
        _heading_key(catalogue): "合计",
    }
    return AnnexRow(
        kind=RowKind.TOTAL,
        code="",
        category="",
        texts=_texts(catalogue, texts),
        merges=_merge(catalogue, (ColumnKey.CONTENT, ColumnKey.NAME)) + _merge(catalogue, _WIDE_TOTAL),
        full_points=catalogue.policy.base,
        subtotal=total,
    )


def _summary(catalogue: Catalogue, scorecard: Scorecard) -> Iterable[str]:
    """How the total came about, so that base, bonus and deduction can be told apart on paper."""
    if scorecard.total is None:
        yield "各行均为不涉及，没有得分。"
        return
    if any(not category.in_base for category in catalogue.categories):
        parts = f"基础分{_number(scorecard.base)}分，加分{show(scorecard.bonus)}分，扣分{show(scorecard.deduction)}分"
        yield f"{parts}，总分{show(scorecard.total)}分。"
    if scorecard.attainable != catalogue.policy.base and scorecard.converted is not None:
        yield f"适用分值{show(scorecard.attainable)}分，折算总分{show(scorecard.converted)}分。"
    if scorecard.grade is not None:
        yield f"等级：{scorecard.grade}。"
    if scorecard.blank:
        yield f"尚有{scorecard.blank}项未填，以上为已填各项的合计。"
    if scorecard.provisional:
        yield f"其中{scorecard.provisional}项为暂计得分。"
