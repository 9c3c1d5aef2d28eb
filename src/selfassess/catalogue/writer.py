"""Writes a catalogue as TOML, always the same text for the same catalogue; knows the schema and no files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from selfassess.catalogue.schema import (
    CATALOGUE,
    FOLDED_KEYS,
    FORMAT,
    REQUIRED,
    Holds,
    Key,
    OneTable,
    Table,
    TableByKind,
    TableList,
    TextTable,
)
from selfassess.domain.catalogue import Catalogue

SHORT = 60
"""A list whose items have fewer characters than this stands on one line."""

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def dumps(catalogue: Catalogue) -> str:
    """The catalogue as the text of a file.

    Keys stand in the order of the format's description; keys at their default are left out.

    Args:
        catalogue: Any catalogue.

    Returns:
        TOML that :func:`selfassess.catalogue.loader.loads` reads back as an equal catalogue.
    """
    lines = [f"format = {FORMAT}", *_table(catalogue, CATALOGUE, "")]
    return "\n".join(lines) + "\n"


def _table(value: Any, table: Table, path: str) -> Iterator[str]:
    """The lines of a table: its own keys first, tables of their own after them, as TOML wants it."""
    later: list[tuple[str, Any, Holds]] = []
    for name, key in table.keys.items():
        held = _held(value, table, name)
        if _left_out(held, key):
            continue
        if _is_block(key.holds, held):
            later.append((name, held, key.holds))
        else:
            yield from _entry(name, held, key.holds)
    for name, held, holds in later:
        yield from _block(f"{path}.{name}" if path else name, held, holds)


def _held(value: Any, table: Table, name: str) -> Any:
    if table.folded and name in FOLDED_KEYS:
        value = getattr(value, table.folded[0])
    return getattr(value, name)


def _left_out(held: Any, key: Key) -> bool:
    return key.default is not REQUIRED and held == key.default


def _is_block(holds: Holds, held: Any) -> bool:
    """Whether a key is written under a heading of its own rather than on one line."""
    match holds:
        case TableList(table=table):
            return table.name in {"categories", "categories.indicators"}
        case OneTable(table=table):
            return table.name == "policy"
        case TextTable():
            return True
        case TableByKind():
            keys = _by_kind(held, holds)[1].keys
            return any(
                isinstance(key.holds, (TableList, OneTable)) and getattr(held, name) for name, key in keys.items()
            )
        case _:
            return False


def _block(path: str, held: Any, holds: Holds) -> Iterator[str]:
    match holds:
        case TableList(table=table):
            for item in held:
                yield from ("", f"[[{path}]]")
                yield from _table(item, table, path)
        case OneTable(table=table):
            yield from ("", f"[{path}]")
            yield from _table(held, table, path)
        case TableByKind():
            kind, table = _by_kind(held, holds)
            yield from (f"[{path}]", f"kind = {_text(kind)}")
            yield from _table(held, table, path)
        case _:
            yield f"[{path}]"
            for name, text in held:
                yield f"{name} = {_text(text)}"


def _entry(name: str, held: Any, holds: Holds) -> Iterator[str]:
    if isinstance(holds, TableList):
        items = [_inline(item, holds.table) for item in held]
    elif isinstance(held, tuple):
        items = [_text(text) for text in cast("tuple[str, ...]", held)]
    else:
        yield f"{name} = {_scalar(held, holds)}"
        return
    if len(items) < 2 or sum(map(len, items)) < SHORT:
        yield f"{name} = [{', '.join(items)}]"
        return
    yield f"{name} = ["
    yield from (f"  {item}," for item in items)
    yield "]"


def _inline(value: Any, table: Table, *first: str) -> str:
    entries = [
        f"{name} = {_scalar(held, key.holds)}"
        for name, key in table.keys.items()
        if not _left_out(held := _held(value, table, name), key)
    ]
    return "{ " + ", ".join((*first, *entries)) + " }" if first or entries else "{}"


def _by_kind(held: Any, holds: TableByKind) -> tuple[str, Table]:
    return next((kind, table) for kind, table in holds.tables.items() if table.target is type(held))


def _scalar(held: Any, holds: Holds) -> str:
    match held:
        case bool():
            return "true" if held else "false"
        case int():
            return str(held)
        case Decimal():
            return _number(held)
        case str():
            return _text(held)
        case _ if isinstance(holds, TableByKind):
            kind, table = _by_kind(held, holds)
            return _inline(held, table, f"kind = {_text(kind)}")
        case _ if isinstance(holds, OneTable):
            return _inline(held, holds.table)
        case _:
            raise TypeError(f"no TOML for {held!r}")


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'
