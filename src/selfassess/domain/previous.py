"""Last year's form as values (上年自评): what this year's rows are held against; knows no files and no rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from selfassess.domain.scorecard import RowState


class PreviousRow(Struct, frozen=True, kw_only=True):
    """What one row said last year.

    Attributes:
        name: 指标 as last year's form had it.
        full_points: 指标值 as last year's form had it, in points (分).
        points: 得分; None when the row was blank, or when 不涉及 left it without points.
        not_applicable: The reason for 不涉及; "" when marked without one; None when the row applied.
        override: The reason for 改分; "" when typed without one; None when the rule's result stood.
        reason: Reason for the deduction (扣分原因).
        remark: 备注.
        documents: Number of its supporting documents (佐证材料).
    """

    name: str
    full_points: Decimal
    points: Decimal | None = None
    not_applicable: str | None = None
    override: str | None = None
    reason: str = ""
    remark: str = ""
    documents: int = 0

    @property
    def state(self) -> RowState:
        """Blank, answered or 不涉及, as the scorecard of that year had it."""
        if self.not_applicable is not None:
            return RowState.NOT_APPLICABLE
        return RowState.BLANK if self.points is None else RowState.ANSWERED

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered on the row."""
        return self.state is RowState.BLANK and not (self.reason or self.remark or self.documents)


class PreviousYear(Struct, frozen=True, kw_only=True):
    """Last year's form, as far as this year's clerk wants to see it.

    Attributes:
        unit: 填报单位; "" when it was not entered.
        year: 年度, as entered or the catalogue's; "" when neither says one.
        title: Title of the form.
        rows: By row code, which names the same row in every edition of a catalogue id; a row that is new this year is
            not among them.
    """

    unit: str
    year: str
    title: str
    rows: Mapping[str, PreviousRow]
