"""Results as values (得分汇总): points per row, per category and for the form, with their working."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class RowState(StrEnum):
    """A row is exactly one of these; blank is not 0."""

    BLANK = "blank"
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"


class Working(Struct, frozen=True, kw_only=True):
    """How a number came about, in words (计算过程).

    Attributes:
        rule: The rule in words (规则).
        substitution: The rule with this row's numbers (代入); "" when there is nothing to substitute.
        result: The outcome (结果).
    """

    rule: str
    substitution: str
    result: str

    def __str__(self) -> str:
        """The three parts as one line."""
        return " → ".join(part for part in (self.rule, self.substitution, self.result) if part)


class Fault(Struct, frozen=True, kw_only=True):
    """Why a row that was begun has no points yet.

    Attributes:
        code: Stable code of the wording.
        values: What the wording is filled with.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()


class RowScore(Struct, frozen=True, kw_only=True):
    """The result of one row.

    Attributes:
        code: Code of the row.
        state: Blank, answered or 不涉及.
        full_points: In points (分).
        applicable: What the row adds to the applicable maximum (适用分值), in points; 0 outside the base.
        points: 得分; None when blank, or when 不涉及 leaves the row without points.
        deduction: Full points − points, for answered base rows; otherwise None.
        overridden: Whether typed points stand in place of the rule's result.
        provisional: Whether the points stand only until the finance side's average is known.
        working: How the points came about.
        fault: Why a begun row is still blank.
    """

    code: str
    state: RowState
    full_points: Decimal
    applicable: Decimal
    points: Decimal | None
    deduction: Decimal | None
    overridden: bool
    provisional: bool
    working: Working
    fault: Fault | None = None


class CategoryScore(Struct, frozen=True, kw_only=True):
    """The result of one category (小计).

    Attributes:
        code: 一 … 八.
        title: Without the numeral.
        in_base: Whether it counts towards the base.
        full_points: As printed in the catalogue, in points (分).
        applicable: Sum of its rows' applicable points; 0 outside the base.
        points: Sum of its rows' points; blank rows add nothing. None: every row is 不涉及 and left out.
        answered: Rows that are not blank.
        rows: Number of rows.
    """

    code: str
    title: str
    in_base: bool
    full_points: Decimal
    applicable: Decimal
    points: Decimal | None
    answered: int
    rows: int


class Scorecard(Struct, frozen=True, kw_only=True):
    """The whole result; the only place from which numbers are shown, printed or exported.

    Attributes:
        categories: In printed order.
        rows: In printed order.
        base: 基础分, the points of the categories in the base; None: no row applies.
        bonus: 加分, capped.
        deduction: 扣分, capped, as a positive number.
        total: 总分 = base + bonus − deduction, kept to the base when the form says so; None: no row applies.
        attainable: 适用分值, the applicable maximum of the base; blank rows stay in it.
        converted: 折算总分 = base ÷ attainable × the form's base + bonus − deduction; None: no row applies.
        conversion: The formula of ``converted`` with its numbers, in words.
        grade: 等级; None while rows are blank, or when the form has no grades or no score.
        blank: Rows of the base that are still blank.
        provisional: Rows whose points are provisional.
    """

    categories: tuple[CategoryScore, ...]
    rows: tuple[RowScore, ...]
    base: Decimal | None
    bonus: Decimal
    deduction: Decimal
    total: Decimal | None
    attainable: Decimal
    converted: Decimal | None
    conversion: str
    grade: str | None
    blank: int
    provisional: int

    def row(self, code: str) -> RowScore:
        """The result of a row.

        Raises:
            KeyError: No row has this code.
        """
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)

    def category(self, code: str) -> CategoryScore:
        """The result of a category.

        Raises:
            KeyError: No category has this code.
        """
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(code)
