"""What the clerk entered (填报内容) as values: answers, unit, figures, adjustments; knows no rules and no results."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct, field


class Override(Struct, frozen=True, kw_only=True):
    """Points typed in place of the rule's result (改分), with the reason.

    Attributes:
        points: In points (分).
        reason: Why the rule's result does not stand; required before filing.
    """

    points: Decimal
    reason: str


class Answer(Struct, frozen=True, kw_only=True):
    """What was entered on one row (自评). Every field is optional; None and "" mean: not entered.

    Attributes:
        ticks: One per clause of a checklist: True met, False not met, None not yet decided.
        met: Whether an all-or-nothing requirement is met.
        option: The chosen option, or the chosen band of a judged row.
        value: A rate as a ratio (0.12 is 12 %), when typed.
        numerator: An amount entered on the row, above the line.
        denominator: An amount entered on the row, below the line.
        points: Judged points (分).
        not_applicable: The reason for 不涉及; "" when marked without a reason yet; None when the row applies.
        average: The finance side's average for a 不涉及 row (部门平均考核分), in points.
        override: Points typed in place of the rule's result.
        reason: Reason for the deduction (扣分原因).
        remark: 备注.
    """

    ticks: tuple[bool | None, ...] | None = None
    met: bool | None = None
    option: str | None = None
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    points: Decimal | None = None
    not_applicable: str | None = None
    average: Decimal | None = None
    override: Override | None = None
    reason: str = ""
    remark: str = ""


BLANK = Answer()
"""The answer of a row nobody has touched."""


class Adjustment(Struct, frozen=True, kw_only=True):
    """One matter of 八、其他事项 (加分 / 扣分事项).

    Attributes:
        matter: What happened.
        basis: The document it rests on (依据).
        points: Positive for a bonus, negative for a deduction; None while still empty.
    """

    matter: str
    basis: str = ""
    points: Decimal | None = None


class Unit(Struct, frozen=True, kw_only=True):
    """Who files (填报单位).

    Attributes:
        name: 填报单位.
        unit_class: A, B or "" (未定); called ``class`` in files.
        year: 年度, as text.
        preparer: 填报人.
        reviewer: 审核人.
        head: 负责人.
        phone: 联系电话.
        date: 填报日期, as ISO 2023-01-05 or as typed.
        annex_label: What the annex of this filing is called (附件标识), such as 藏外发〔2023〕2号附件; "": as the
            catalogue says.
    """

    name: str = ""
    unit_class: str = ""
    year: str = ""
    preparer: str = ""
    reviewer: str = ""
    head: str = ""
    phone: str = ""
    date: str = ""
    annex_label: str = ""


class Declared(Struct, frozen=True, kw_only=True):
    """What a form on paper or in Excel states (填列数), as against what is computed.

    Attributes:
        points: Points per row code.
        full_points: Full points per row code, where the form states them.
        subtotals: Subtotal per category code.
        total: The stated total.
    """

    points: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    full_points: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    subtotals: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    total: Decimal | None = None


class Entries(Struct, frozen=True, kw_only=True):
    """Everything that was entered on a form.

    Attributes:
        unit: Who files.
        figures: Amounts by figure key; a missing key is a figure not entered.
        answers: Answers by row code; a missing code is a blank row.
        adjustments: Matters of the band outside the base, in the order entered.
        declared: Numbers a paper form states, for reconciliation.
    """

    unit: Unit = field(default_factory=Unit)
    figures: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    adjustments: tuple[Adjustment, ...] = ()
    declared: Declared = field(default_factory=Declared)

    def answer(self, code: str) -> Answer:
        """The answer of a row; a blank one when nothing was entered."""
        return self.answers.get(code, BLANK)
