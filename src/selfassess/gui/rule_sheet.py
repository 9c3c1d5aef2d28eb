"""A rule's parameters as texts that can be typed over, and back again; pure, knows no widget."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from msgspec.structs import replace

from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Band,
    Checklist,
    Choice,
    Clause,
    Judged,
    Option,
    Proportional,
    RateSource,
    Rule,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.errors import InputError
from selfassess.scoring.entering import parse_amount, parse_ratio
from selfassess.scoring.numbers import show, show_bound

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(StrEnum):
    """What a text stands for."""

    POINTS = "points"
    """分."""
    RATE = "rate"
    """A ratio, shown as a percentage."""
    TEXT = "text"
    FLAG = "flag"
    """是 or 否."""


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter, or one column of a list of parts.

    Attributes:
        name: Attribute of the rule, its rate or its part.
        label: What it is called on the screen.
        kind: What its text stands for.
        optional: Whether an empty text means: none.
    """

    name: str
    label: str
    kind: Kind
    optional: bool = False


class Parts(Struct, frozen=True, kw_only=True):
    """A list of parts of a rule, such as the tiers.

    Attributes:
        name: Attribute of the rule.
        label: What a part is called.
        part: Its class.
        columns: Its parameters.
        least: Fewest that a rule can have.
    """

    name: str
    label: str
    part: type[Clause | Tier | Option | Band]
    columns: tuple[Parameter, ...]
    least: int = 1


class Sheet(Struct, frozen=True, kw_only=True):
    """A rule's parameters as texts.

    Attributes:
        values: By parameter name; names of the rate begin with ``rate.``.
        rows: One tuple a part, by column.
    """

    values: dict[str, str]
    rows: tuple[tuple[str, ...], ...] = ()


YES, NO = "是", "否"
_POINTS = Parameter(name="points", label="得分", kind=Kind.POINTS)
_PARAMETERS: dict[type, tuple[Parameter, ...]] = {
    AllOrNothing: (),
    Checklist: (),
    Tiers: (),
    Proportional: (
        Parameter(name="benchmark", label="得满分的比率", kind=Kind.RATE),
        Parameter(name="floor", label="最低得分", kind=Kind.POINTS),
        Parameter(name="ceiling", label="最高得分（空：满分）", kind=Kind.POINTS, optional=True),
    ),
    Threshold: (
        Parameter(name="limit", label="界限", kind=Kind.RATE),
        Parameter(name="at_most", label="不超过界限才得分（否：不低于）", kind=Kind.FLAG),
        Parameter(name="limit_included", label="恰为界限时得分", kind=Kind.FLAG),
    ),
    Choice: (),
    Judged: (Parameter(name="step", label="每档分值", kind=Kind.POINTS),),
    AdjustmentBand: (
        Parameter(name="bonus_cap", label="加分上限", kind=Kind.POINTS),
        Parameter(name="deduction_cap", label="扣分上限", kind=Kind.POINTS),
        Parameter(name="largest_of_same_matter", label="同一事项只取最高分", kind=Kind.FLAG),
    ),
}
_PARTS: dict[type, Parts] = {
    Checklist: Parts(
        name="clauses",
        label="分条",
        part=Clause,
        columns=(Parameter(name="text", label="要求", kind=Kind.TEXT), _POINTS),
    ),
    Tiers: Parts(
        name="tiers",
        label="分档",
        part=Tier,
        columns=(
            Parameter(name="above", label="下限（空：无）", kind=Kind.RATE, optional=True),
            Parameter(name="above_included", label="含下限", kind=Kind.FLAG),
            Parameter(name="up_to", label="上限（空：无）", kind=Kind.RATE, optional=True),
            Parameter(name="up_to_included", label="含上限", kind=Kind.FLAG),
            _POINTS,
        ),
    ),
    Choice: Parts(
        name="options",
        label="选项",
        part=Option,
        columns=(Parameter(name="label", label="选项", kind=Kind.TEXT), _POINTS),
    ),
    Judged: Parts(
        name="bands",
        label="档次",
        part=Band,
        columns=(
            Parameter(name="label", label="档次", kind=Kind.TEXT),
            Parameter(name="at_least", label="占满分的下限（含）", kind=Kind.RATE),
            Parameter(name="below", label="上限（不含；空：满分）", kind=Kind.RATE, optional=True),
        ),
        least=0,
    ),
}
_RATE = (
    Parameter(name="name", label="比率名称", kind=Kind.TEXT),
    Parameter(name="numerator_label", label="分子名称", kind=Kind.TEXT),
    Parameter(name="denominator_label", label="分母名称", kind=Kind.TEXT),
    Parameter(name="unit", label="金额单位", kind=Kind.TEXT),
)
_RATE_PREFIX = "rate."


def parameters_of(rule: Rule) -> tuple[Parameter, ...]:
    """The single parameters that can be corrected; those of its rate come last, named ``rate.…``."""
    rate = _rate_of(rule)
    if rate is None:
        return _PARAMETERS[type(rule)]
    # A name for an amount that is a figure of the form would contradict the figure.
    shown = (each for each in _RATE if each.name in {"name", "unit"} or getattr(rate, each.name) is not None)
    return _PARAMETERS[type(rule)] + tuple(replace(each, name=_RATE_PREFIX + each.name) for each in shown)


def parts_of(rule: Rule) -> Parts | None:
    """The list of parts that can be corrected, if the rule has one."""
    return _PARTS.get(type(rule))


def sheet_of(rule: Rule) -> Sheet:
    """The parameters as texts."""
    parts = parts_of(rule)
    rows: tuple[tuple[str, ...], ...] = ()
    if parts is not None:
        rows = tuple(
            tuple(_written(getattr(part, column.name), column) for column in parts.columns)
            for part in getattr(rule, parts.name)
        )
    values = {each.name: _written(_get(rule, each.name), each) for each in parameters_of(rule)}
    return Sheet(values=values, rows=rows)


def rule_of(rule: Rule, sheet: Sheet) -> tuple[Rule, tuple[str, ...]]:
    """The rule with corrected parameters.

    Args:
        rule: As it was; gives what cannot be corrected here.
        sheet: The texts.

    Returns:
        The rule, and every refusal in words; with refusals the rule is the old one.
    """
    faults: list[str] = []
    own: dict[str, object] = {}
    of_rate: dict[str, object] = {}
    for each in parameters_of(rule):
        value = _parsed(sheet.values[each.name], each, f"“{each.label}”", faults)
        target, name = (of_rate, each.name.removeprefix(_RATE_PREFIX)) if _is_of_rate(each) else (own, each.name)
        target[name] = value
    rate = _rate_of(rule)
    if rate is not None:
        own["rate"] = replace(rate, **cast("dict[str, Any]", of_rate))
    parts = parts_of(rule)
    if parts is not None:
        own[parts.name] = _parts(parts, sheet.rows, faults)
    return (rule if faults else replace(rule, **cast("dict[str, Any]", own))), tuple(faults)


def _parts(parts: Parts, rows: Sequence[tuple[str, ...]], faults: list[str]) -> tuple[object, ...]:
    if len(rows) < parts.least:
        faults.append(InputError("E354", part=parts.label, least=parts.least).message)
    found: list[object] = []
    for number, row in enumerate(rows, start=1):
        before = len(faults)
        values = {
            column.name: _parsed(text, column, f"第 {number} 行“{column.label}”", faults)
            for column, text in zip(parts.columns, row, strict=True)
        }
        if len(faults) == before:
            found.append(parts.part(**cast("dict[str, Any]", values)))
    return tuple(found)


def _rate_of(rule: Rule) -> RateSource | None:
    return getattr(rule, "rate", None)


def _is_of_rate(parameter: Parameter) -> bool:
    return parameter.name.startswith(_RATE_PREFIX)


def _get(rule: Rule, name: str) -> object:
    if name.startswith(_RATE_PREFIX):
        return getattr(_rate_of(rule), name.removeprefix(_RATE_PREFIX))
    return getattr(rule, name)


def _written(value: Any, parameter: Parameter) -> str:
    if value is None:
        return ""
    match parameter.kind:
        case Kind.POINTS:
            return show(value)
        case Kind.RATE:
            return show_bound(value)
        case Kind.FLAG:
            return YES if value else NO
        case Kind.TEXT:
            return str(value)


def _parsed(text: str, parameter: Parameter, place: str, faults: list[str]) -> object:
    """The value of a text; None, and one more fault, when it has none."""
    typed = text.strip()
    if not typed and parameter.optional:
        return None
    try:
        match parameter.kind:
            case Kind.POINTS:
                return parse_amount(typed, place.strip("“”"))
            case Kind.RATE:
                return parse_ratio(typed, place.strip("“”"))
            case Kind.FLAG:
                return typed == YES
            case Kind.TEXT:
                return _text(typed, parameter, place)
    except InputError as error:
        faults.append(error.message)
        return None


def _text(typed: str, parameter: Parameter, place: str) -> str:
    if not typed and parameter.name != "rate.unit":
        raise InputError("E355", place=place)
    return typed
