"""The live formulas of the annex's worksheet, each with its value from the scorecard; adds nothing up itself.

The value that is stored is always the scorecard's. A formula only repeats in Excel's language what the engine did, so
that the sheet stays right when somebody changes points in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import ColumnKey, RoundingPlace
from selfassess.export.rows import RowKind
from selfassess.export.xlsx_plan import cleaned
from selfassess.scoring.numbers import SHOWN_PLACES, show

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Catalogue, Policy
    from selfassess.domain.scorecard import Scorecard
    from selfassess.export.rows import Annex
    from selfassess.export.xlsx_plan import Plan

SHEET = "自评表"
"""Name of the worksheet."""
LEFT_OUT = "不涉及"
"""What stands in the points cell of a row that is left out; SUM passes over it."""

_MOST_LITERAL = 250
"""A text inside a formula may have 255 characters."""
_MOST_FORMULA = 8_000
"""Characters of a formula; beyond 8192 Excel calls the workbook damaged."""
_LIVE = re.compile(
    r"(?P<name>基础分|加分|扣分|总分|适用分值|折算总分)(?P<number>-?\d+(?:\.\d+)?)(?=分)"
    r"|(?P<before>尚有)(?P<blank>\d+)(?=项未填)|(?P<label>等级：)(?P<grade>[^。]+)(?=。)"
)
"""Numbers in the words of the total row that a formula can keep up to date."""


class Formula(Struct, frozen=True, kw_only=True):
    """A formula with the value it has now.

    Attributes:
        text: Begins with =.
        value: Stored beside it, for readers that do not calculate; "" shows an empty cell.
    """

    text: str
    value: Decimal | str


class Formulas(Struct, frozen=True, kw_only=True):
    """All formulas of the sheet.

    Attributes:
        cells: By (sheet row, column), counted from 0.
        names: Names of the workbook with what they stand for, such as 基础分.
    """

    cells: Mapping[tuple[int, int], Formula]
    names: Sequence[tuple[str, str]]


NONE = Formulas(cells={}, names=())


def formulas(annex: Annex, plan: Plan, catalogue: Catalogue, scorecard: Scorecard) -> Formulas:
    """The formulas of a laid out annex.

    Args:
        annex: Its texts and numbers.
        plan: Where they stand.
        catalogue: Its rules.
        scorecard: The result that the annex shows.

    Returns:
        The formulas; none for a form whose columns have no place for points.
    """
    points = annex.index(ColumnKey.POINTS)
    if points is None:
        return NONE
    subtotal = annex.index(ColumnKey.SUBTOTAL)
    return _Builder(annex, plan, catalogue, scorecard, points, points if subtotal is None else subtotal).formulas()


class _Builder:
    """Knows where points, subtotals and full points stand while the formulas are written."""

    def __init__(
        self, annex: Annex, plan: Plan, catalogue: Catalogue, scorecard: Scorecard, points: int, subtotal: int
    ) -> None:
        self._annex = annex
        self._plan = plan
        self._policy: Policy = catalogue.policy
        self._card = scorecard
        self._points = points
        self._subtotal = subtotal
        self._in_base = {category.code: category.in_base for category in catalogue.categories}
        self._spans = _spans(annex, plan)

    def formulas(self) -> Formulas:
        cells: dict[tuple[int, int], Formula] = {}
        for row, planned in zip(self._annex.rows, self._plan.rows, strict=True):
            place = (planned.first, self._subtotal)
            value: Decimal | str = row.subtotal if row.subtotal is not None else cleaned(row.texts[self._subtotal])
            if row.kind is RowKind.CATEGORY and row.code in self._spans:
                cells[place] = Formula(text=f"={self._category(row.code)}", value=value)
            elif row.kind is RowKind.TOTAL and self._computable:
                cells[place] = Formula(text=f"={self._total()}", value=value)
                cells.update(self._summary(planned.first, row.texts))
        return Formulas(cells=cells, names=tuple(self._names()))

    @property
    def _computable(self) -> bool:
        """Whether the total follows from the cells; not when every row is 不涉及 and yet shows points."""
        return self._card.total is not None or not self._card.attainable

    # ------------------------------------------------------------------------------------------------------ the cells
    def _category(self, code: str) -> str:
        first, last, rows = self._spans[code]
        cells = f"{_reference(self._points, first)}:{_reference(self._points, last)}"
        places = self._policy.rounding.places if self._policy.rounding.at is RoundingPlace.CATEGORY else SHOWN_PLACES
        total = f"ROUND(SUM({cells}),{places})"
        if not self._in_base[code]:
            return f'IF(已填=0,"",{total})'
        return f'IF(COUNTIF({cells},"{LEFT_OUT}")={rows},"{LEFT_OUT}",IF(COUNTA({cells})=0,"",{total}))'

    def _total(self) -> str:
        return f'IF(已填=0,"",IF(适用分值=0,"",ROUND({self._capped("基础和+加扣分")},{self._total_places})))'

    def _capped(self, expression: str) -> str:
        base = show(self._policy.base)
        return expression if self._policy.total_may_pass_base else f"MIN({expression},{base})"

    @property
    def _total_places(self) -> int:
        rounding = self._policy.rounding
        return rounding.places if rounding.at is RoundingPlace.TOTAL else SHOWN_PLACES

    def _summary(self, row: int, texts: Sequence[str]) -> Iterator[tuple[tuple[int, int], Formula]]:
        """The words of the total row, with the numbers in them kept up to date."""
        for column, text in enumerate(texts):
            shown = cleaned(text)
            if _LIVE.search(text) and len(live := _live_text(shown)) < _MOST_FORMULA:
                yield (row, column), Formula(text=f"={live}", value=shown)

    # ------------------------------------------------------------------------------------------------------ the names
    def _names(self) -> Iterator[tuple[str, str]]:
        base = [code for code in self._spans if self._in_base[code]]
        band = [code for code in self._spans if not self._in_base[code]]
        filled = "+".join(f"COUNTA({self._points_of(code)})" for code in self._spans)
        filled_base = "+".join(f"COUNTA({self._points_of(code)})" for code in base)
        rows = sum(self._spans[code][2] for code in base)
        policy = self._policy
        base_points = show(policy.base)
        yield "已填", f"={filled or 0}"
        yield "未填", f"={rows}-({filled_base or 0})"
        yield "基础和", f"={self._sum_of_subtotals(base)}"
        yield "加扣分", f"={self._sum_of_subtotals(band)}"
        yield "基础分", f"=ROUND(基础和,{self._total_places})"
        yield "扣分", f"=MAX({show(self._card.deduction)},-加扣分)"
        yield "加分", f"=ROUND(加扣分+扣分,{SHOWN_PLACES})"
        yield "适用分值", f"={self._attainable(base)}"
        yield "总分", f"={self._total_cell()}"
        converted = self._capped(f"基础和/适用分值*{base_points}+加扣分")
        yield "折算总分", f'=IF(适用分值=0,"",ROUND({converted},{policy.rounding.places}))'
        if policy.grades:
            yield "等级", f"={self._grade()}"

    def _sum_of_subtotals(self, codes: Sequence[str]) -> str:
        wanted = set(codes)
        cells = [
            self._cell(self._subtotal, planned.first)
            for row, planned in zip(self._annex.rows, self._plan.rows, strict=True)
            if row.kind is RowKind.CATEGORY and row.code in wanted
        ]
        return f"SUM({','.join(cells)})" if cells else "0"

    def _attainable(self, codes: Sequence[str]) -> str:
        """Full points of the base rows without those that are left out."""
        full = self._annex.index(ColumnKey.FULL_POINTS)
        if full is None or not codes:
            return show(self._card.attainable)
        spans = [self._spans[code][:2] for code in codes]
        every = ",".join(self._range(full, *span) for span in spans)
        absent = "".join(
            f'-SUMIF({self._range(self._points, *span)},"{LEFT_OUT}",{self._range(full, *span)})' for span in spans
        )
        formula = f"ROUND(SUM({every}){absent},{SHOWN_PLACES})"
        return formula if len(formula) < _MOST_FORMULA else show(self._card.attainable)

    def _total_cell(self) -> str:
        for row, planned in zip(self._annex.rows, self._plan.rows, strict=True):
            if row.kind is RowKind.TOTAL:
                return self._cell(self._subtotal, planned.first)
        return "0"

    def _grade(self) -> str:
        text = '""'
        for grade in reversed(self._policy.grades):
            name = grade.name.replace('"', '""')
            text = f'IF(MAX(折算总分,0)>={show(grade.at_least)},"{name}",{text})'
        return text

    # ------------------------------------------------------------------------------------------------- cell references
    def _points_of(self, code: str) -> str:
        first, last, _ = self._spans[code]
        return self._range(self._points, first, last)

    def _range(self, column: int, first: int, last: int) -> str:
        return f"{self._cell(column, first)}:{_reference(column, last)}"

    def _cell(self, column: int, row: int) -> str:
        return f"'{SHEET}'!{_reference(column, row)}"


def _reference(column: int, row: int) -> str:
    """A cell that does not move when its formula is copied; a form has at most ten columns."""
    return f"${chr(ord('A') + column)}${row + 1}"


def _spans(annex: Annex, plan: Plan) -> dict[str, tuple[int, int, int]]:
    """First and last sheet row of each category's indicators, and how many indicators there are."""
    spans: dict[str, tuple[int, int, int]] = {}
    for row, planned in zip(annex.rows, plan.rows, strict=True):
        if row.kind is RowKind.INDICATOR:
            first, _, count = spans.get(row.category, (planned.first, 0, 0))
            spans[row.category] = (first, planned.last, count + 1)
    return spans


def _live_text(text: str) -> str:
    """An expression that gives this text, with names in place of the numbers that can change."""
    parts: list[str] = []
    done = 0
    for found in _LIVE.finditer(text):
        kept = found["name"] or found["before"] or found["label"]
        name = found["name"] or ("未填" if found["before"] else "等级")
        parts += [*_literals(text[done : found.start()] + kept), name]
        done = found.end()
    return "&".join([*parts, *_literals(text[done:])])


def _literals(text: str) -> Iterator[str]:
    for start in range(0, len(text), _MOST_LITERAL // 2):
        piece = text[start : start + _MOST_LITERAL // 2].replace('"', '""')
        # Excel reads a line break inside a literal, but shows such a formula broken over lines.
        yield '"' + piece.replace("\n", '"&CHAR(10)&"') + '"'
