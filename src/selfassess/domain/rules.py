"""The eight kinds of rule (计算方法) as values: what they need and what they award; the arithmetic is in scoring."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class RateForm(StrEnum):
    """How two amounts become a rate."""

    RATIO = "ratio"
    """numerator ÷ denominator"""
    DEVIATION = "deviation"
    """|numerator − denominator| ÷ denominator"""


class RateSource(Struct, frozen=True, kw_only=True):
    """Where a rate comes from: figures of the form, or two amounts entered on the row.

    Exactly one of ``numerator_figure`` and ``numerator_label`` is set; likewise for the denominator.

    Attributes:
        name: What the rate is called, such as 预决算偏离度.
        form: How the amounts become a rate.
        numerator_figure: Key of a figure, or None when the amount is entered on the row.
        denominator_figure: Likewise.
        numerator_label: Chinese name of an amount entered on the row, or None.
        denominator_label: Likewise.
        unit: Unit of amounts entered on the row, such as 万元.
    """

    name: str
    form: RateForm = RateForm.RATIO
    numerator_figure: str | None = None
    denominator_figure: str | None = None
    numerator_label: str | None = None
    denominator_label: str | None = None
    unit: str = ""

    @property
    def from_figures(self) -> bool:
        """Whether both amounts are figures of the form."""
        return self.numerator_figure is not None and self.denominator_figure is not None


class AllOrNothing(Struct, frozen=True, kw_only=True):
    """全得或不得: full points when the requirement is met, otherwise 0."""


class Clause(Struct, frozen=True, kw_only=True):
    """One part of a checklist (分条).

    Attributes:
        text: What must be the case.
        points: What it earns, in points (分).
    """

    text: str
    points: Decimal


class Checklist(Struct, frozen=True, kw_only=True):
    """分条得分: the sum of the clauses that are met, capped at full points."""

    clauses: tuple[Clause, ...]


class Tier(Struct, frozen=True, kw_only=True):
    """One step of a tiered rule (分档).

    Attributes:
        above: Lower bound as a ratio (0.10 is 10 %); None: no lower bound.
        up_to: Upper bound as a ratio; None: no upper bound.
        above_included: Whether a rate equal to ``above`` belongs to this tier.
        up_to_included: Whether a rate equal to ``up_to`` belongs to this tier.
        points: What the row earns, in points (分).
    """

    above: Decimal | None
    up_to: Decimal | None
    above_included: bool = False
    up_to_included: bool = True
    points: Decimal


class Tiers(Struct, frozen=True, kw_only=True):
    """分档得分: a rate is looked up; tiers cover every rate that can occur, without overlap."""

    tiers: tuple[Tier, ...]
    rate: RateSource


class Proportional(Struct, frozen=True, kw_only=True):
    """按比例得分: full points at the benchmark, below it pro rata.

    Attributes:
        rate: Where the rate comes from.
        benchmark: The rate, as a ratio above 0, that earns full points (序时进度).
        floor: The least the row earns, in points (分).
        ceiling: The most the row earns, in points; None: full points.
    """

    rate: RateSource
    benchmark: Decimal
    floor: Decimal = Decimal(0)
    ceiling: Decimal | None = None


class Threshold(Struct, frozen=True, kw_only=True):
    """达标得分: full points when the rate is on the right side of a limit, otherwise 0.

    Attributes:
        rate: Where the rate comes from.
        limit: The limit as a ratio.
        at_most: True when the rate must not pass the limit (不超过), False when it must reach it (不低于).
        limit_included: Whether the limit itself still earns the points.
    """

    rate: RateSource
    limit: Decimal
    at_most: bool = True
    limit_included: bool = True


class Option(Struct, frozen=True, kw_only=True):
    """One option of a choice (选项).

    Attributes:
        label: What the clerk chooses; unique within the rule.
        points: What it earns, in points (分).
    """

    label: str
    points: Decimal


class Choice(Struct, frozen=True, kw_only=True):
    """选项得分: one of the options is chosen."""

    options: tuple[Option, ...]


class Band(Struct, frozen=True, kw_only=True):
    """A band of judged points (定性指标的分值区间).

    Attributes:
        label: What the clerk chooses, such as 达成年度指标.
        at_least: Lower bound as a share of full points, inclusive.
        below: Upper bound as a share of full points, exclusive; None: up to full points, inclusive.
    """

    label: str
    at_least: Decimal
    below: Decimal | None


class Judged(Struct, frozen=True, kw_only=True):
    """评议打分: points are entered, in steps.

    Attributes:
        step: Smallest step, in points (分).
        bands: From the best down; when not empty, the clerk chooses a band and the points must lie in it.
    """

    step: Decimal
    bands: tuple[Band, ...] = ()


class AdjustmentBand(Struct, frozen=True, kw_only=True):
    """加分扣分: a list of matters; of one matter and one sign only the largest counts; each sum is capped.

    Attributes:
        bonus_cap: Most that bonuses add, in points (分).
        deduction_cap: Most that deductions take away, in points, as a positive number.
        largest_of_same_matter: Whether only the largest of one matter and one sign counts (annex note 2).
    """

    bonus_cap: Decimal
    deduction_cap: Decimal
    largest_of_same_matter: bool = True


Rule = AllOrNothing | Checklist | Tiers | Proportional | Threshold | Choice | Judged | AdjustmentBand
RateRule = Tiers | Proportional | Threshold

RULE_NAMES: dict[type, str] = {
    AllOrNothing: "全得或不得",
    Checklist: "分条得分",
    Tiers: "分档得分",
    Proportional: "按比例得分",
    Threshold: "达标得分",
    Choice: "选项得分",
    Judged: "评议打分",
    AdjustmentBand: "加分扣分",
}
"""The Chinese name of each kind of rule."""
