"""Answers files (填报内容文件, TOML) become entries, checked against a catalogue; knows no drafts and no results."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from selfassess.catalogue.toml_text import NotTomlError, TooMuchError, decoded
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import BLANK, Adjustment, Answer, Declared, Entries, Unit
from selfassess.errors import Faults, ImportFormError, TooManyFaultsError
from selfassess.intake.answer_row import read_answer
from selfassess.intake.reading import (
    Table,
    check_keys,
    number_at,
    parse_signed,
    shown,
    table_at,
    text_at,
)
from selfassess.intake.text import read_text
from selfassess.scoring.entering import parse_amount
from selfassess.scoring.suggestions import hint

TOP_KEYS = ("catalogue", "unit", "figures", "rows", "adjustments", "declared")
UNIT_KEYS = ("name", "class", "year", "preparer", "reviewer", "head", "phone", "date", "annex_label")
ADJUSTMENT_KEYS = ("matter", "basis", "points")
DECLARED_KEYS = ("points", "full_points", "subtotals", "total")

_PLAIN_UNIT_KEYS = ("year", "phone", "date")


class AnswersFile(Struct, frozen=True, kw_only=True):
    """An answers file that is TOML and names its catalogue; what it says is not checked yet.

    Attributes:
        name: The file's name, for messages.
        catalogue: ``id/edition`` of the catalogue that its rows belong to.
        table: The decoded file.
    """

    name: str
    catalogue: str
    table: Table


def read(path: Path) -> AnswersFile:
    """Read an answers file as far as the name of its catalogue.

    Args:
        path: The file.

    Returns:
        The file, to be given to :func:`entries_of` with the catalogue it names.

    Raises:
        ImportFormError: Unreadable, no TOML, or without the name of a catalogue.
    """
    return loads(read_text(path), path.name)


def loads(text: str, name: str) -> AnswersFile:
    """Like :func:`read`, from text.

    Args:
        text: The TOML text.
        name: What the file is called in messages.

    Raises:
        ImportFormError: No TOML, or without the name of a catalogue.
    """
    try:
        table = decoded(text)
    except NotTomlError as error:
        raise ImportFormError("E506", file=name, place=error.place, why=error.why) from error
    except TooMuchError as error:
        raise ImportFormError("E507", file=name, why=error) from error
    reference = table.get("catalogue")
    if not isinstance(reference, str) or not reference.strip():
        raise ImportFormError("E508", file=name)
    return AnswersFile(name=name, catalogue=reference.strip(), table=table)


def entries_of(file: AnswersFile, catalogue: Catalogue, onto: Entries | None = None) -> Entries:
    """What the file enters, laid over what is already there.

    A row, a figure or a unit field that the file names replaces what was there; what it does not name stays.
    ``adjustments`` and ``declared`` replace the whole list and the whole table.

    Args:
        file: The file.
        catalogue: The catalogue the entries are for.
        onto: What is already entered; nothing when None.

    Returns:
        The entries; every answer fits its rule.

    Raises:
        ImportFormError: The file is for another catalogue, or has faults; all of them are listed.
    """
    if file.catalogue != catalogue.reference:
        raise ImportFormError("E509", file=file.name, stated=file.catalogue, needed=catalogue.reference)
    faults = Faults()
    entries = onto
    with contextlib.suppress(TooManyFaultsError):
        entries = _entries(file.table, catalogue, Entries() if onto is None else onto, faults)
    if entries is None or faults.sentences:
        raise ImportFormError("E510", faults.sentences, file=file.name, count=faults.count)
    return entries


def _entries(table: Table, catalogue: Catalogue, before: Entries, faults: Faults) -> Entries:
    check_keys(table, TOP_KEYS, "文件开头部分", faults)
    return Entries(
        unit=_unit(table_at(table, "unit", "unit", faults), before.unit, catalogue, faults),
        figures=_figures(table_at(table, "figures", "figures", faults), before.figures, catalogue, faults),
        answers=_answers(table_at(table, "rows", "rows", faults), before.answers, catalogue, faults),
        adjustments=_adjustments(table["adjustments"], catalogue, faults)
        if "adjustments" in table
        else before.adjustments,
        declared=_declared(table_at(table, "declared", "declared", faults), catalogue, faults)
        if "declared" in table
        else before.declared,
    )


def _unit(table: Table, before: Unit, catalogue: Catalogue, faults: Faults) -> Unit:
    check_keys(table, UNIT_KEYS, "unit", faults)
    fields: dict[str, str] = {}
    for key in UNIT_KEYS:
        if key in table:
            text = text_at(table, key, f"unit.{key}", faults, plain=key in _PLAIN_UNIT_KEYS)
            fields["unit_class" if key == "class" else key] = text.strip()
    chosen = fields.get("unit_class")
    classes = catalogue.policy.unit_classes
    if chosen and chosen not in classes:
        faults.add("E515", place="unit.class", got=chosen, hint=hint(chosen, classes, "本表不分类别，请删去这一项"))
    return replace(before, **fields)


def _figures(
    table: Table, before: Mapping[str, Decimal], catalogue: Catalogue, faults: Faults
) -> Mapping[str, Decimal]:
    figures = dict(before)
    known = {spec.key: spec for spec in catalogue.figures}
    check_keys(table, known, "figures", faults)
    for key, spec in known.items():
        value = number_at(table, key, f"figures.{key}", faults, lambda text, name=spec.name: parse_amount(text, name))
        if value is not None:
            figures[key] = value
    return MappingProxyType(figures)


def _answers(table: Table, before: Mapping[str, Answer], catalogue: Catalogue, faults: Faults) -> Mapping[str, Answer]:
    answers = dict(before)
    known = {indicator.code: indicator for _, indicator in catalogue.indicators()}
    for code, row in table.items():
        indicator = known.get(code)
        if indicator is None:
            _unknown_row(code, row, known, faults)
        elif not isinstance(row, dict):
            faults.add("E512", place=f'rows."{code}"', expected="一组键（表）", got=shown(row))
        else:
            answers.pop(code, None)  # a row named without any answer is blank again
            answer = read_answer(cast("Table", row), indicator, faults)
            if answer != BLANK:
                answers[code] = answer
    return MappingProxyType(answers)


def _unknown_row(code: str, row: object, known: Mapping[str, object], faults: Faults) -> None:
    inner = next(iter(cast("Table", row)), "") if isinstance(row, dict) else ""
    if f"{code}.{inner}" in known:  # [rows.2.7] is the row 7 inside a table 2 to TOML
        faults.add("E517", row=f"{code}.{inner}")
    else:
        faults.add("E516", row=code, hint=hint(code, known, "本表没有任何指标"))


def _adjustments(value: object, catalogue: Catalogue, faults: Faults) -> tuple[Adjustment, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in cast("list[object]", value)):
        faults.add("E518", got=shown(value))
        return ()
    tables = cast("list[Table]", value)
    if tables and all(category.in_base for category in catalogue.categories):
        faults.add("E519")
    return tuple(
        _adjustment(table, f"第 {number} 条 [[adjustments]]", faults) for number, table in enumerate(tables, 1)
    )


def _adjustment(table: Table, place: str, faults: Faults) -> Adjustment:
    check_keys(table, ADJUSTMENT_KEYS, place, faults)
    matter = text_at(table, "matter", f"{place} 的 matter", faults).strip()
    if not matter and not isinstance(table.get("matter", ""), str):
        matter = "？"  # its own fault is noted; it is not missing as well
    if not matter:
        faults.add("E520", place=place)
    return Adjustment(
        matter=matter,
        basis=text_at(table, "basis", f"{place} 的 basis", faults).strip(),
        points=number_at(table, "points", f"{place} 的 points", faults, lambda text: parse_signed(text, "得分")),
    )


def _declared(table: Table, catalogue: Catalogue, faults: Faults) -> Declared:
    check_keys(table, DECLARED_KEYS, "declared", faults)
    rows = [indicator.code for _, indicator in catalogue.indicators()]
    categories = [category.code for category in catalogue.categories]
    return Declared(
        points=_stated(table, "points", rows, faults),
        full_points=_stated(table, "full_points", rows, faults),
        subtotals=_stated(table, "subtotals", categories, faults),
        total=number_at(table, "total", "declared.total", faults, lambda text: parse_signed(text, "合计")),
    )


def _stated(table: Table, key: str, known: list[str], faults: Faults) -> Mapping[str, Decimal]:
    place = f"declared.{key}"
    inner = table_at(table, key, place, faults)
    check_keys(inner, known, place, faults)
    values: dict[str, Decimal] = {}
    for code in known:
        value = number_at(inner, code, f'{place}."{code}"', faults, lambda text, name=code: parse_signed(text, name))
        if value is not None:
            values[code] = value
    return MappingProxyType(values)
