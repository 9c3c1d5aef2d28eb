"""Which keys a catalogue file has and what each may hold; knows neither how files are read nor how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import msgspec

from selfassess.catalogue import soundness
from selfassess.domain import catalogue as shape
from selfassess.domain import rules

FORMAT = 1
"""The file format this program reads and writes (key ``format``)."""

MOST_ROWS = 20_000
"""Most rows of a form."""
MOST_ITEMS = 500
"""Most items of any other list of tables, such as the clauses of a row."""

TRANSCRIBED_KEYS = ("content", "name", "title", "full_points", "method", "nature", "mode", "sources", "remark")
"""Attributes whose transcribed text a row or category may keep."""


class Missing(Enum):
    """Stands for a default that does not exist."""

    REQUIRED = "required"


REQUIRED = Missing.REQUIRED


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is no number with a fraction and no table.

    Attributes:
        type: What it becomes.
        expected: What a file must hold, in Chinese.
        filled: Whether an empty text is refused.
        least: Lowest whole number.
        most: Highest whole number.
    """

    type: Any
    expected: str
    filled: bool = False
    least: int | None = None
    most: int | None = None


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """An exact decimal; never negative.

    Attributes:
        above_zero: Whether 0 is refused as well.
        most: Highest value.
    """

    above_zero: bool = False
    most: Decimal = Decimal(10) ** 9


class OneTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table (``[policy]`` or ``{ … }``)."""

    table: Table


class TableList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of tables (``[[figures]]`` or ``[ { … }, … ]``).

    Attributes:
        table: What each holds.
        filled: Whether an empty list is refused.
        most: Most items; each becomes something to click or a line to read.
    """

    table: Table
    filled: bool = False
    most: int = MOST_ITEMS


class TableByKind(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose other keys depend on its key ``kind``."""

    tables: Mapping[str, Table]


class TextTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table of texts whose keys come from a fixed list."""

    keys: tuple[str, ...]


Verify = Callable[[Any], Iterable[tuple[str, dict[str, object]]]]
Holds = Leaf | Number | OneTable | TableList | TableByKind | TextTable


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a table.

    Attributes:
        holds: What it may hold.
        default: What a missing key means; ``REQUIRED`` when it may not be missing.
    """

    holds: Holds
    default: Any = REQUIRED


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a catalogue file and the value it becomes.

    Attributes:
        name: How the documentation calls it, such as ``categories.indicators``.
        target: The value it becomes; its attributes are named like the keys.
        keys: In the order in which they are written.
        folded: Attribute of the value and its class, which takes the keys of ``FOLDED_KEYS``; None: nothing is folded.
        verify: What must hold beyond the single keys; yields (code of the wording, its values).
    """

    name: str
    target: type[Any]
    keys: Mapping[str, Key]
    folded: tuple[str, type[Any]] | None = None
    verify: Verify | None = None


_TEXT = Leaf(type=str, expected="文字（写在英文双引号里）")
_NAME = Leaf(type=str, expected="文字（写在英文双引号里）", filled=True)
_FLAG = Leaf(type=bool, expected="true 或 false（不加引号）")
_TEXTS = Leaf(type=tuple[str, ...], expected='文字的列表，如 ["甲", "乙"]')
_POINTS = Number()
_RATIO = Number()
_POSITIVE = Number(above_zero=True)


def _choice(values: type[StrEnum]) -> Leaf:
    return Leaf(type=values, expected="以下之一：" + "、".join(f'"{value}"' for value in values))


def _needed(**holds: Holds) -> dict[str, Key]:
    return {name: Key(holds=what) for name, what in holds.items()}


_OPTIONAL_TEXT = Key(holds=_TEXT, default="")

_PROVENANCE = {
    "provenance": Key(holds=_choice(shape.Provenance)),
    "why": _OPTIONAL_TEXT,
    "transcribed": Key(holds=TextTable(keys=TRANSCRIBED_KEYS), default=()),
}
FOLDED_KEYS = tuple(_PROVENANCE)
"""Keys of rows and categories which their values hold one attribute deeper, in ``source``."""

_FOLDED = ("source", shape.Source)

RATE = Table(
    name="rule.rate",
    target=rules.RateSource,
    keys={
        "name": Key(holds=_NAME),
        "form": Key(holds=_choice(rules.RateForm), default=rules.RateForm.RATIO),
        "numerator_figure": Key(holds=_NAME, default=None),
        "numerator_label": Key(holds=_NAME, default=None),
        "denominator_figure": Key(holds=_NAME, default=None),
        "denominator_label": Key(holds=_NAME, default=None),
        "unit": _OPTIONAL_TEXT,
    },
    verify=soundness.rate,
)
CLAUSE = Table(name="rule.clauses", target=rules.Clause, keys=_needed(text=_NAME, points=_POINTS))
TIER = Table(
    name="rule.tiers",
    target=rules.Tier,
    keys={
        "above": Key(holds=_RATIO, default=None),
        "above_included": Key(holds=_FLAG, default=False),
        "up_to": Key(holds=_RATIO, default=None),
        "up_to_included": Key(holds=_FLAG, default=True),
        "points": Key(holds=_POINTS),
    },
    verify=soundness.tier,
)
OPTION = Table(name="rule.options", target=rules.Option, keys=_needed(label=_NAME, points=_POINTS))
BAND = Table(
    name="rule.bands",
    target=rules.Band,
    keys={
        "label": Key(holds=_NAME),
        "at_least": Key(holds=Number(most=Decimal(1))),
        "below": Key(holds=Number(above_zero=True, most=Decimal(1)), default=None),
    },
    verify=soundness.band,
)

_RATE_KEY = Key(holds=OneTable(table=RATE))

RULES: Mapping[str, Table] = {
    "all_or_nothing": Table(name="all_or_nothing", target=rules.AllOrNothing, keys={}),
    "checklist": Table(
        name="checklist",
        target=rules.Checklist,
        keys={"clauses": Key(holds=TableList(table=CLAUSE, filled=True))},
    ),
    "tiers": Table(
        name="tiers",
        target=rules.Tiers,
        keys={"rate": _RATE_KEY, "tiers": Key(holds=TableList(table=TIER, filled=True))},
    ),
    "proportional": Table(
        name="proportional",
        target=rules.Proportional,
        keys={
            "rate": _RATE_KEY,
            "benchmark": Key(holds=_POSITIVE),
            "floor": Key(holds=_POINTS, default=Decimal(0)),
            "ceiling": Key(holds=_POINTS, default=None),
        },
        verify=soundness.proportional,
    ),
    "threshold": Table(
        name="threshold",
        target=rules.Threshold,
        keys={
            "rate": _RATE_KEY,
            "limit": Key(holds=_RATIO),
            "at_most": Key(holds=_FLAG, default=True),
            "limit_included": Key(holds=_FLAG, default=True),
        },
    ),
    "choice": Table(
        name="choice",
        target=rules.Choice,
        keys={"options": Key(holds=TableList(table=OPTION, filled=True))},
        verify=soundness.choice,
    ),
    "judged": Table(
        name="judged",
        target=rules.Judged,
        keys={"step": Key(holds=_POSITIVE), "bands": Key(holds=TableList(table=BAND), default=())},
        verify=soundness.judged,
    ),
    "adjustment": Table(
        name="adjustment",
        target=rules.AdjustmentBand,
        keys={
            "bonus_cap": Key(holds=_POINTS),
            "deduction_cap": Key(holds=_POINTS),
            "largest_of_same_matter": Key(holds=_FLAG, default=True),
        },
    ),
}
"""The kinds of rule by the word that stands for them in a file (key ``kind``)."""

INDICATOR = Table(
    name="categories.indicators",
    target=shape.Indicator,
    keys={
        "code": Key(holds=_NAME),
        "content": Key(holds=_TEXT),
        "name": Key(holds=_NAME),
        "full_points": Key(holds=_POINTS),
        "method": Key(holds=_TEXT),
        "nature": _OPTIONAL_TEXT,
        "mode": _OPTIONAL_TEXT,
        "sources": _OPTIONAL_TEXT,
        "evidence_required": Key(holds=_FLAG, default=False),
        "may_be_not_applicable": Key(holds=_FLAG, default=False),
        **_PROVENANCE,
        "rule": Key(holds=TableByKind(tables=RULES)),
    },
    folded=_FOLDED,
)
CATEGORY = Table(
    name="categories",
    target=shape.Category,
    keys={
        "code": Key(holds=_NAME),
        "title": Key(holds=_NAME),
        "full_points": Key(holds=_POINTS),
        "in_base": Key(holds=_FLAG, default=True),
        **_PROVENANCE,
        "indicators": Key(holds=TableList(table=INDICATOR, filled=True, most=MOST_ROWS)),
    },
    folded=_FOLDED,
)
ROUNDING = Table(
    name="policy.rounding",
    target=shape.Rounding,
    keys={
        "places": Key(holds=Leaf(type=int, expected="0 至 6 的整数", least=0, most=6)),
        "at": Key(holds=_choice(shape.RoundingPlace), default=shape.RoundingPlace.ROW),
    },
)
GRADE = Table(name="policy.grades", target=shape.Grade, keys=_needed(name=_NAME, at_least=_POINTS))
POLICY = Table(
    name="policy",
    target=shape.Policy,
    keys={
        "base": Key(holds=_POSITIVE),
        "rounding": Key(holds=OneTable(table=ROUNDING)),
        "not_applicable": Key(holds=_choice(shape.NotApplicablePolicy)),
        "total_may_pass_base": Key(holds=_FLAG, default=True),
        "unit_classes": Key(holds=_TEXTS, default=()),
        "grades": Key(holds=TableList(table=GRADE), default=()),
    },
)
FIGURE = Table(
    name="figures",
    target=shape.FigureSpec,
    keys={**_needed(key=_NAME, name=_NAME, unit=_TEXT), "note": _OPTIONAL_TEXT},
)
COLUMN = Table(
    name="columns",
    target=shape.Column,
    keys=_needed(key=_choice(shape.ColumnKey), title=_NAME, width=_POSITIVE),
)
CHECK = Table(
    name="checks",
    target=shape.RateCheck,
    keys=_needed(row=_NAME, name=_NAME, numerator=_NAME, denominator=_NAME, at_least=_RATIO),
)
CATALOGUE = Table(
    name="",
    target=shape.Catalogue,
    keys={
        "id": Key(holds=_NAME),
        "edition": Key(holds=_NAME),
        "year": Key(holds=Leaf(type=int, expected="1949 至 2999 的年份", least=1949, most=2999), default=None),
        "title": Key(holds=_NAME),
        "document": _OPTIONAL_TEXT,
        "annex_label": _OPTIONAL_TEXT,
        "purpose": _OPTIONAL_TEXT,
        "for_filing": Key(holds=_FLAG, default=True),
        "notes": Key(holds=_TEXTS, default=()),
        "total_note": _OPTIONAL_TEXT,
        "printed_total": Key(holds=_POINTS, default=None),
        "columns": Key(holds=TableList(table=COLUMN, filled=True)),
        "figures": Key(holds=TableList(table=FIGURE), default=()),
        "checks": Key(holds=TableList(table=CHECK), default=()),
        "policy": Key(holds=OneTable(table=POLICY)),
        "categories": Key(holds=TableList(table=CATEGORY, filled=True)),
    },
)
"""The whole file, apart from its key ``format``."""
