"""One row of an answers file becomes an answer that fits its rule; knows no file and no other row."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from msgspec.structs import replace

from selfassess.domain.catalogue import Indicator
from selfassess.domain.entries import Answer, Override
from selfassess.domain.rules import (
    RULE_NAMES,
    AllOrNothing,
    Checklist,
    Choice,
    Judged,
    Proportional,
    Rule,
    Threshold,
    Tiers,
)
from selfassess.errors import Faults
from selfassess.intake.reading import Table, check_keys, flag_at, number_at, shown, table_at, text_at
from selfassess.scoring.entering import check_answer, parse_amount, parse_points, parse_ratio, with_points

ROW_KEYS = (
    "ticks",
    "met",
    "option",
    "value",
    "numerator",
    "denominator",
    "points",
    "not_applicable",
    "average",
    "override",
    "reason",
    "remark",
)
OVERRIDE_KEYS = ("points", "reason")

_DETAILS = ("ticks", "met", "option", "value", "numerator", "denominator")
"""Keys that say in detail what ``points`` says in one number."""

_KEYS_OF_RULE: dict[type[Rule], tuple[str, ...]] = {
    AllOrNothing: ("met",),
    Checklist: ("ticks",),
    Choice: ("option",),
    Judged: ("option",),
    Tiers: ("value", "numerator", "denominator"),
    Proportional: ("value", "numerator", "denominator"),
    Threshold: ("value", "numerator", "denominator"),
}


def read_answer(table: Table, indicator: Indicator, faults: Faults) -> Answer:
    """Read one row.

    Args:
        table: The keys of the row.
        indicator: The row's indicator.
        faults: Where every fault of the row goes.

    Returns:
        The answer; worth nothing when a fault was noted.
    """
    place = f'rows."{indicator.code}"'
    before = len(faults.sentences)
    check_keys(table, ROW_KEYS, place, faults)
    _check_combination(table, indicator, place, faults)
    rate = indicator.rule.rate if isinstance(indicator.rule, Tiers | Proportional | Threshold) else None
    answer = Answer(
        ticks=_ticks(table, place, faults),
        met=flag_at(table, "met", f"{place}.met", faults),
        option=text_at(table, "option", f"{place}.option", faults).strip() or None,
        value=number_at(
            table,
            "value",
            f"{place}.value",
            faults,
            lambda text: parse_ratio(text, rate.name if rate else indicator.name),
        ),
        numerator=_amount(table, "numerator", rate and rate.numerator_label, place, faults),
        denominator=_amount(table, "denominator", rate and rate.denominator_label, place, faults),
        not_applicable=_not_applicable(table, place, faults),
        average=number_at(table, "average", f"{place}.average", faults, lambda text: parse_points(text, indicator)),
        override=_override(table, indicator, place, faults),
        reason=text_at(table, "reason", f"{place}.reason", faults),
        remark=text_at(table, "remark", f"{place}.remark", faults),
    )
    points = number_at(table, "points", f"{place}.points", faults, lambda text: parse_points(text, indicator))
    if len(faults.sentences) > before:
        return answer
    with faults.at(place):
        if points is not None:
            stated = with_points(indicator, answer, points)
            answer = replace(
                stated, not_applicable=answer.not_applicable, average=answer.average, override=answer.override
            )
        check_answer(indicator, answer)
    return answer


def _check_combination(table: Table, indicator: Indicator, place: str, faults: Faults) -> None:
    """Refuse keys that the rule does not read, points stated twice, and an average that nothing asks for."""
    fitting = _KEYS_OF_RULE.get(type(indicator.rule), ())
    details = [key for key in _DETAILS if key in table]
    for key in details:
        if key not in fitting:
            rule = RULE_NAMES[type(indicator.rule)]
            use = "、".join((*fitting, "points")) if fitting else "[[adjustments]]"
            faults.add("E521", place=place, key=key, rule=rule, use=use)
    # On a judged row points are the details themselves.
    rivals = () if isinstance(indicator.rule, Judged) else (*details, "not_applicable", "override")
    for key in rivals:
        if "points" in table and key in table:
            faults.add("E522", place=place, key=key)
    if "average" in table and "not_applicable" not in table:
        faults.add("E524", place=place)


def _amount(table: Table, key: str, label: str | None, place: str, faults: Faults) -> Decimal | None:
    return number_at(table, key, f"{place}.{key}", faults, lambda text: parse_amount(text, label or key))


def _ticks(table: Table, place: str, faults: Faults) -> tuple[bool | None, ...] | None:
    if "ticks" not in table:
        return None
    value = table["ticks"]
    if isinstance(value, list) and all(isinstance(tick, bool) for tick in cast("list[object]", value)):
        return tuple(cast("list[bool]", value))
    faults.add(
        "E512", place=f"{place}.ticks", expected="逐条写 true 或 false 的列表，如 [true, false]", got=shown(value)
    )
    return None


def _not_applicable(table: Table, place: str, faults: Faults) -> str | None:
    if "not_applicable" not in table:
        return None
    return text_at(table, "not_applicable", f"{place}.not_applicable", faults)


def _override(table: Table, indicator: Indicator, place: str, faults: Faults) -> Override | None:
    if "override" not in table:
        return None
    place = f"{place}.override"
    inner = table_at(table, "override", place, faults)
    check_keys(inner, OVERRIDE_KEYS, place, faults)
    points = number_at(inner, "points", f"{place}.points", faults, lambda text: parse_points(text, indicator))
    if points is None:
        if "points" not in inner and isinstance(table["override"], dict):
            faults.add("E523", place=place)
        return None
    return Override(points=points, reason=text_at(inner, "reason", f"{place}.reason", faults))
