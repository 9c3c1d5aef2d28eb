"""The published rules of one form in one year (指标体系) as values; knows no files and nothing that was entered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from selfassess.domain.rules import Rule


class Provenance(StrEnum):
    """How far a text can be trusted (核对状态), from best to worst."""

    VERIFIED = "verified"
    """已与原件核对: somebody has compared it with the paper original."""
    TRANSCRIBED = "transcribed"
    """照录: taken from a transcription, unchanged."""
    RECONSTRUCTED = "reconstructed"
    """推定: changed from the transcription, with the reason kept."""
    LOST = "lost"
    """缺失: the content of the original is not known."""


class NotApplicablePolicy(StrEnum):
    """What a row marked 不涉及 is worth until the finance side says otherwise."""

    EXCLUDE = "exclude"
    """The row leaves both the points and the applicable maximum."""
    AVERAGE = "average"
    """The row earns the average entered for it; until then, provisionally, the form's own average rate."""
    FULL = "full"
    """The row earns its full points."""
    ZERO = "zero"
    """The row earns nothing and stays in the maximum."""


class RoundingPlace(StrEnum):
    """Where exact results are rounded (取整位置)."""

    ROW = "row"
    CATEGORY = "category"
    TOTAL = "total"


class Rounding(Struct, frozen=True, kw_only=True):
    """The one rounding rule of a form: half up, at one place.

    Attributes:
        places: Decimal places kept, 0 to 6.
        at: The level at which results are rounded; finer levels stay exact.
    """

    places: int
    at: RoundingPlace = RoundingPlace.ROW


class Grade(Struct, frozen=True, kw_only=True):
    """A grade (等级) and the converted total from which it is earned.

    Attributes:
        name: 优, 良, 中, 差.
        at_least: Lowest converted total, inclusive, in points (分).
    """

    name: str
    at_least: Decimal


class Policy(Struct, frozen=True, kw_only=True):
    """How rows become a total.

    Attributes:
        base: The base of the form (基础分), in points; categories outside the base do not count towards it.
        rounding: The one rounding rule.
        not_applicable: What 不涉及 rows are worth.
        total_may_pass_base: Whether bonus points may lift the total above ``base``.
        grades: From the highest down; empty when the form has none.
        unit_classes: Classes a unit may choose from, such as A and B; empty when the form knows none.
    """

    base: Decimal
    rounding: Rounding
    not_applicable: NotApplicablePolicy
    total_may_pass_base: bool = True
    grades: tuple[Grade, ...] = ()
    unit_classes: tuple[str, ...] = ()


class FigureSpec(Struct, frozen=True, kw_only=True):
    """An amount that rules use (数据), entered once for the whole form.

    Attributes:
        key: Stable key, such as ``budget``.
        name: Chinese name, such as 预算数.
        unit: Unit of the amount, such as 万元.
        note: Where the clerk finds the amount.
    """

    key: str
    name: str
    unit: str
    note: str = ""


class RateCheck(Struct, frozen=True, kw_only=True):
    """A contradiction to look for: a row claims full points although a rate from the figures is too low.

    Attributes:
        row: Code of the row that claims the points.
        name: What the rate is called, such as 预算执行率.
        numerator: Key of the figure above the line.
        denominator: Key of the figure below the line.
        at_least: The rate, as a ratio, below which full points contradict the figures.
    """

    row: str
    name: str
    numerator: str
    denominator: str
    at_least: Decimal


class ColumnKey(StrEnum):
    """The printed columns a form can have, in the order of the 2022 annex."""

    CONTENT = "content"
    NAME = "name"
    FULL_POINTS = "full_points"
    METHOD = "method"
    NATURE = "nature"
    MODE = "mode"
    SOURCES = "sources"
    POINTS = "points"
    SUBTOTAL = "subtotal"
    REMARK = "remark"


class Column(Struct, frozen=True, kw_only=True):
    """A printed column.

    Attributes:
        key: What the column shows.
        title: Its heading.
        width: Relative width; the annex scales the sum of all columns to the text block.
    """

    key: ColumnKey
    title: str
    width: Decimal


class Source(Struct, frozen=True, kw_only=True):
    """Where a row's wording or points come from, when they differ from the transcription.

    Attributes:
        provenance: How far the row can be trusted.
        transcribed: What the transcription says, by attribute name (``name``, ``method``, ``full_points`` …);
            only what differs from the row.
        why: Why it was changed, for a reader who holds the original.
    """

    provenance: Provenance
    transcribed: tuple[tuple[str, str], ...] = ()
    why: str = ""


class Indicator(Struct, frozen=True, kw_only=True):
    """One row of the form (指标).

    Attributes:
        code: Stable key within the catalogue id, category.number in printed order, such as ``2.7``.
        content: 考核内容 as printed, such as （四）预算审核; equal neighbours are one merged cell.
        name: 指标.
        full_points: 指标值, in points (分).
        method: 计算方法 as printed.
        nature: 定性 or 定量 as printed.
        mode: 考核方式 as printed.
        sources: 数据来源 as printed.
        evidence_required: Whether supporting documents must be handed in (annex note 3).
        may_be_not_applicable: Whether the row may be marked 不涉及.
        rule: How an answer becomes points.
        source: Provenance.
    """

    code: str
    content: str
    name: str
    full_points: Decimal
    method: str
    nature: str
    mode: str
    sources: str
    evidence_required: bool
    may_be_not_applicable: bool
    rule: Rule
    source: Source


class Category(Struct, frozen=True, kw_only=True):
    """A group of rows with a subtotal (考核内容, 一级).

    Attributes:
        code: 一 … 八.
        title: Without the numeral, such as 预算编制管理.
        full_points: Full points as printed in the category's row, in points (分).
        in_base: False for a band of bonuses and deductions outside the base (八、其他事项).
        indicators: Its rows, in printed order.
        source: Provenance.
    """

    code: str
    title: str
    full_points: Decimal
    in_base: bool
    indicators: tuple[Indicator, ...]
    source: Source

    @property
    def heading(self) -> str:
        """The title as printed: 二、预算编制管理."""
        return f"{self.code}、{self.title}"


class Catalogue(Struct, frozen=True, kw_only=True):
    """All rules of one form in one year (指标体系).

    Attributes:
        id: Stable id of the form, such as ``xizang-dept-budget``.
        edition: Edition within the id, such as ``2022`` (版本).
        year: The assessed year (年度); None: a form that is filled in year after year.
        title: Title of the printed annex.
        document: The document that published it (来源文件).
        annex_label: Label over the title, such as 附件1.
        purpose: One sentence on what the edition is for.
        for_filing: False for an edition that serves study only.
        policy: How rows become a total.
        columns: Printed columns, left to right.
        figures: Amounts that rules use.
        categories: In printed order.
        checks: Contradictions to look for.
        notes: Notes under the table.
        total_note: Note in the total row.
        printed_total: Full points in the total row as the form prints them, in points (分), where they differ from
            the base; None: the base.
    """

    id: str
    edition: str
    year: int | None
    title: str
    document: str
    annex_label: str
    purpose: str
    for_filing: bool
    policy: Policy
    columns: tuple[Column, ...]
    figures: tuple[FigureSpec, ...]
    categories: tuple[Category, ...]
    checks: tuple[RateCheck, ...] = ()
    notes: tuple[str, ...] = ()
    total_note: str = ""
    printed_total: Decimal | None = None

    @property
    def reference(self) -> str:
        """``id/edition``, as the command line names it."""
        return f"{self.id}/{self.edition}"

    @property
    def year_text(self) -> str:
        """The assessed year as text; "" for a form of every year."""
        return "" if self.year is None else str(self.year)

    def indicators(self) -> Iterator[tuple[Category, Indicator]]:
        """Every row with its category, in printed order."""
        for category in self.categories:
            for indicator in category.indicators:
                yield category, indicator

    def indicator(self, code: str) -> Indicator | None:
        """The row of this code, or None."""
        return next((indicator for _, indicator in self.indicators() if indicator.code == code), None)

    def figure(self, key: str) -> FigureSpec | None:
        """The figure of this key, or None."""
        return next((figure for figure in self.figures if figure.key == key), None)
