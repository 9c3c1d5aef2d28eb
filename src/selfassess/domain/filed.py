"""A filled form as it stands on paper or in a table (填列数): printed points and sums; knows no rules and no files."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class FiledRow(Struct, frozen=True, kw_only=True):
    """One indicator row as printed.

    Attributes:
        code: Category.number in printed order, such as ``2.7``.
        name: 指标 as printed.
        full_points: Printed 指标值, in points (分); None when the cell is empty.
        points: Printed 得分, in points; None when the cell is empty.
    """

    code: str
    name: str
    full_points: Decimal | None
    points: Decimal | None


class FiledCategory(Struct, frozen=True, kw_only=True):
    """One category row as printed, with the rows under it.

    Attributes:
        code: 一 … 八.
        title: Without the numeral, such as 预算编制管理.
        full_points: Printed 指标值, in points (分); None when the cell is empty.
        subtotal: Printed 小计, in points; None when the cell is empty.
        rows: Its indicator rows in printed order; empty for a band that lists no rows.
        in_base: False for a band of bonuses and deductions outside the base (其他事项); the reader of the file decides.
    """

    code: str
    title: str
    full_points: Decimal | None
    subtotal: Decimal | None
    rows: tuple[FiledRow, ...] = ()
    in_base: bool = True


class FiledForm(Struct, frozen=True, kw_only=True):
    """Everything a filled form states about points.

    Attributes:
        name: What the form is called in a report, such as the name of the file it was read from.
        categories: In printed order.
        total_full_points: 指标值 of the 合计 row, in points (分); None when the cell is empty.
        total: 得分 of the 合计 row, in points; None when the cell is empty.
        base: The base the total is meant to have, in points (基础分).
    """

    name: str
    categories: tuple[FiledCategory, ...]
    total_full_points: Decimal | None
    total: Decimal | None
    base: Decimal = Decimal(100)

    @property
    def rows(self) -> tuple[FiledRow, ...]:
        """Every indicator row, in printed order."""
        return tuple(row for category in self.categories for row in category.rows)
