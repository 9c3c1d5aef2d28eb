"""Turns the tables of a catalogue file into values, key by key, and notes every fault; knows no files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, NamedTuple, cast

import msgspec

from selfassess.catalogue.schema import (
    FOLDED_KEYS,
    REQUIRED,
    Holds,
    Key,
    Leaf,
    Number,
    OneTable,
    Table,
    TableByKind,
    TableList,
    TextTable,
)
from selfassess.errors import Faults, TooManyFaultsError
from selfassess.scoring.numbers import has_places
from selfassess.scoring.suggestions import nearest
from selfassess.wording import in_marks

MOST_DECIMALS = 10
"""Decimal places a number of a catalogue may have."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Nothing(Enum):
    """Stands for a value that could not be made; its faults are noted."""

    FAULTY = "faulty"


FAULTY = Nothing.FAULTY


class Place(NamedTuple):
    """Where in the file something stands; put into words only when a fault is found there.

    Attributes:
        row: The row or category in words; "" at the top of the file.
        path: Keys and list positions from there on.
    """

    row: str = ""
    path: tuple[str | int, ...] = ()

    def at(self, step: str | int) -> Place:
        """The place of a key, or of a list item (from 1), in here."""
        return Place(self.row, (*self.path, step))

    def __str__(self) -> str:
        """In words, as the beginning of a sentence: 第 2.7 行“预算审核”，键 rule.tiers 第 2 条 above."""
        words = "".join(f" 第 {step} 条 " if isinstance(step, int) else f".{step}" for step in self.path)
        path = words.replace(" .", " ").strip(". ")
        if not path:
            return self.row or "文件开头部分"
        return f"{self.row}，键 {path}" if self.row else f"键 {path}"


class Decoder:
    """Notes faults while it makes values.

    Attributes:
        faults: What was found so far; :class:`selfassess.errors.TooManyFaultsError` ends the reading.
    """

    def __init__(self) -> None:
        self.faults = Faults()

    def fault(self, code: str, place: Place, **values: object) -> Nothing:
        """Note a fault."""
        self.faults.add(code, place=place, **values)
        return FAULTY

    def table(self, raw: object, table: Table, place: Place, *, beside: tuple[str, ...] = ()) -> Any:
        """Make the value of a table.

        Args:
            raw: What the file holds.
            table: What it should hold.
            place: Where it stands.
            beside: Keys that are somebody else's business.

        Returns:
            The value, or ``FAULTY`` when anything in it is at fault.
        """
        if not isinstance(raw, dict):
            return self.fault("E213", place, expected="一个表（[…] 或 { … }）", got=_shown(raw))
        entries = cast("dict[str, object]", raw)
        before = len(self.faults.sentences)
        known = (*beside, *table.keys)
        for name in entries:
            if name not in known:
                self._unknown(name, known, place)
        values = {name: self._key(entries, name, key, place) for name, key in table.keys.items()}
        return FAULTY if len(self.faults.sentences) > before else self._made(table, values, place)

    def _made(self, table: Table, values: dict[str, Any], place: Place) -> Any:
        if table.folded:
            attribute, target = table.folded
            values[attribute] = target(**{name: values.pop(name) for name in FOLDED_KEYS})
        value = table.target(**values)
        unsound = list(table.verify(value)) if table.verify else []
        for code, filling in unsound:
            self.fault(code, place, **filling)
        return FAULTY if unsound else value

    def _unknown(self, name: str, known: tuple[str, ...], place: Place) -> None:
        close = nearest(name, known)
        if close is not None:
            self.fault("E210", place, key=name, nearest=close)
        else:
            self.fault("E211", place, key=name, allowed="、".join(known) or "（无）")

    def _key(self, entries: Mapping[str, object], name: str, key: Key, place: Place) -> Any:
        if name in entries:
            return self.value(entries[name], key.holds, place.at(name))
        if key.default is REQUIRED:
            return self.fault("E212", place, key=name, expected=expectation(key.holds))
        return key.default

    def value(self, raw: object, holds: Holds, place: Place) -> Any:
        """Make one value; ``FAULTY`` when it cannot be made."""
        match holds:
            case Leaf():
                return self._leaf(raw, holds, place)
            case Number():
                return self._number(raw, holds, place)
            case OneTable(table=table):
                return self.table(raw, table, place)
            case TableList():
                return self._list(raw, holds, place)
            case TableByKind():
                return self._by_kind(raw, holds, place)
            case TextTable():
                return self._texts(raw, holds, place)

    def _leaf(self, raw: object, leaf: Leaf, place: Place) -> Any:
        value: Any
        try:
            value = msgspec.convert(raw, leaf.type)
        except msgspec.ValidationError:
            close = _nearest_choice(raw, leaf)
            if close is not None:
                return self.fault("E218", place, got=raw, nearest=close, expected=leaf.expected)
            return self.fault("E213", place, expected=leaf.expected, got=_shown(raw))
        if leaf.least is not None and leaf.most is not None and not leaf.least <= value <= leaf.most:
            return self.fault("E213", place, expected=leaf.expected, got=_shown(raw))
        if leaf.filled and not value.strip():
            return self.fault("E219", place)
        if _hidden(value):
            return self.fault("E220", place)
        return value

    def _number(self, raw: object, number: Number, place: Place) -> Decimal | Nothing:
        if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
            return self.fault("E213", place, expected=expectation(number), got=_shown(raw))
        value = msgspec.convert(raw, Decimal)
        if not value.is_finite():
            return self.fault("E214", place, got=raw, expected=expectation(number))
        if value < 0:
            return self.fault("E216", place, got=raw, expected=expectation(number))
        if value > number.most or value.adjusted() < -MOST_DECIMALS or not has_places(value, MOST_DECIMALS):
            return self.fault("E215", place, got=_shortened(str(raw)), most=f"{number.most:f}", decimals=MOST_DECIMALS)
        if number.above_zero and not value:
            return self.fault("E217", place)
        return value or Decimal(0)  # without the sign of -0.0

    def _list(self, raw: object, holds: TableList, place: Place) -> Any:
        if not isinstance(raw, list):
            return self.fault("E213", place, expected=expectation(holds), got=_shown(raw))
        items = cast("list[object]", raw)
        if holds.filled and not items:
            return self.fault("E221", place)
        if len(items) > holds.most:
            self.fault("E245", place, count=len(items), most=holds.most)
            raise TooManyFaultsError  # looking on would take minutes and find nothing that matters more
        values = [
            self.table(item, holds.table, place_of_item(item, holds.table, place, number))
            for number, item in enumerate(items, 1)
        ]
        return FAULTY if FAULTY in values else tuple(values)

    def _by_kind(self, raw: object, holds: TableByKind, place: Place) -> Any:
        if not isinstance(raw, dict):
            return self.fault("E213", place, expected=expectation(holds), got=_shown(raw))
        entries = cast("dict[str, object]", raw)
        kind = entries.get("kind")
        if kind is None:
            return self.fault("E212", place, key="kind", expected=_kinds(holds))
        if not isinstance(kind, str) or kind not in holds.tables:
            close = nearest(str(kind), holds.tables)
            if close is not None:
                return self.fault("E218", place.at("kind"), got=kind, nearest=close, expected=_kinds(holds))
            return self.fault("E213", place.at("kind"), expected=_kinds(holds), got=_shown(kind))
        return self.table(entries, holds.tables[kind], place, beside=("kind",))

    def _texts(self, raw: object, holds: TextTable, place: Place) -> Any:
        if not isinstance(raw, dict):
            return self.fault("E213", place, expected=expectation(holds), got=_shown(raw))
        entries = cast("dict[str, object]", raw)
        text = Leaf(type=str, expected="文字（写在英文双引号里）")
        values = {name: self._leaf(value, text, place.at(name)) for name, value in entries.items()}
        unknown = [name for name in entries if name not in holds.keys]
        for name in unknown:
            self._unknown(name, holds.keys, place)
        if unknown or FAULTY in values.values():
            return FAULTY
        return tuple((name, values[name]) for name in holds.keys if name in values)


def place_of_item(item: object, table: Table, place: Place, number: int) -> Place:
    """Where an item of a list stands: rows and categories by their code, others by their number.

    Args:
        item: What the file holds.
        table: What it should hold.
        place: Where the list stands.
        number: Position in the list, from 1.
    """
    entries = cast("dict[str, object]", item) if isinstance(item, dict) else {}
    code, name = entries.get("code"), entries.get("name", entries.get("title"))
    named = in_marks(name) if isinstance(name, str) and name else ""
    if table.name == "categories":
        return Place(row=f"考核内容“{code}”" if isinstance(code, str) else f"第 {number} 个考核内容{named}")
    if table.name == "categories.indicators":
        return Place(row=f"第 {code} 行{named}" if isinstance(code, str) else f"{place.row}的第 {number} 个指标{named}")
    return place.at(number)


def expectation(holds: Holds) -> str:
    """What a key must hold, in Chinese."""
    match holds:
        case Leaf():
            return holds.expected
        case Number():
            low = "大于 0 的数" if holds.above_zero else "不小于 0 的数"
            return f"{low}（不加引号，如 2 或 0.5）"
        case TableList():
            return "若干个表的列表（[[…]] 或 [ { … } ]）"
        case TableByKind():
            return "一个表，其中 kind 为" + _kinds(holds)
        case _:
            return "一个表（[…] 或 { … }）"


def _kinds(holds: TableByKind) -> str:
    return "以下之一：" + "、".join(f'"{kind}"' for kind in holds.tables)


def _nearest_choice(raw: object, leaf: Leaf) -> str | None:
    if not isinstance(raw, str) or not (isinstance(leaf.type, type) and issubclass(leaf.type, StrEnum)):
        return None
    return nearest(raw.lower(), [str(value) for value in leaf.type])


def _hidden(value: object) -> bool:
    texts = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    return any(isinstance(text, str) and _CONTROL.search(text) for text in texts)


def _shortened(text: str) -> str:
    return text if len(text) <= 24 else text[:20] + "…"


def _shown(raw: object) -> str:
    match raw:
        case bool():
            return "true" if raw else "false"
        case str():
            return f"文字“{_shortened(raw)}”"
        case int() | float() | Decimal():
            return f"数 {_shortened(str(raw))}"
        case list():
            return "一个列表"
        case dict():
            return "一个表"
        case _:
            return f"日期或时间 {raw}"
