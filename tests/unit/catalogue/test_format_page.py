"""The page for authors and the loader say the same: every key, every default, every choice, and the example works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import pytest

from selfassess.catalogue.linter import lint
from selfassess.catalogue.loader import MOST_BYTES, loads
from selfassess.catalogue.schema import (
    CATALOGUE,
    MOST_ITEMS,
    MOST_ROWS,
    REQUIRED,
    RULES,
    TRANSCRIBED_KEYS,
    Key,
    Leaf,
    Number,
    OneTable,
    Table,
    TableByKind,
    TableList,
    TextTable,
)
from selfassess.catalogue.writer import dumps
from selfassess.errors import CatalogueError

TOP = "文件开头部分"
HEADING = re.compile(r"^### (?:`(?P<table>[a-z_.]+)`.*|文件开头部分)$")
ROW = re.compile(r"^\| `(?P<key>[a-z_]+)` \| (?P<holds>[^|]+) \| (?P<default>[^|]+) \| (?P<text>.+) \|$")


@pytest.fixture(scope="module")
def page(project) -> str:
    return (project / "docs" / "catalogue-format.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def documented(page) -> dict[str, dict[str, tuple[str, str, str]]]:
    """By table and key: what it holds, its default, its explanation."""
    tables: dict[str, dict[str, tuple[str, str, str]]] = {}
    for line in page.splitlines():
        if heading := HEADING.match(line):
            table = tables.setdefault(heading["table"] or TOP, {})
        elif row := ROW.match(line):
            table[row["key"]] = (row["holds"], row["default"], row["text"])
    return tables


def tables_of(table: Table) -> Iterator[Table]:
    yield table
    for key in table.keys.values():
        match key.holds:
            case OneTable(table=inner) | TableList(table=inner):
                yield from tables_of(inner)
            case TableByKind(tables=kinds):
                for inner in kinds.values():
                    yield from tables_of(inner)


KNOWN = {table.name or TOP: table for table in tables_of(CATALOGUE)}


def default_in_words(key: Key) -> str:
    if key.default is REQUIRED:
        return "必填"
    if key.default is None or isinstance(key.holds, TextTable):
        return "无"
    match key.default:
        case ():
            return "`[]`"
        case bool():
            return f"`{str(key.default).lower()}`"
        case str():
            return f'`"{key.default}"`'
        case _:
            return f"`{key.default}`"


def test_every_table_of_the_loader_is_on_the_page_and_the_other_way_round(documented):
    assert set(documented) - {"transcribed"} == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_every_key_of_a_table_is_on_the_page_and_the_other_way_round(documented, name):
    own = {"format"} if name == TOP else set()
    assert set(documented[name]) == set(KNOWN[name].keys) | own


@pytest.mark.parametrize("name", KNOWN)
def test_the_page_states_every_default(documented, name):
    for key, what in KNOWN[name].keys.items():
        assert documented[name][key][1] == default_in_words(what), key


@pytest.mark.parametrize("name", KNOWN)
def test_the_page_states_every_choice_and_every_kind_of_value(documented, name):
    for key, what in KNOWN[name].keys.items():
        holds, _, text = documented[name][key]
        match what.holds:
            case Leaf(type=type_) if isinstance(type_, type) and issubclass(type_, StrEnum):
                assert all(f"`{choice}`" in text for choice in type_), key
                assert holds == "取值之一", key
            case Leaf(type=type_):
                words = "文字列表" if type_ not in {str, bool, int} else {str: "文字", bool: "是否", int: "整数"}[type_]
                assert words in holds, key
            case Number():
                assert ("大于 0" in holds) == (what.holds.above_zero and what.holds.most > 1), key
            case TableList():
                assert holds == "表的列表", key
            case _:
                assert "表" in holds, key


def test_the_page_names_every_kind_of_rule_and_every_transcribed_key(documented, page):
    assert set(RULES) <= set(documented)
    stretch = page[page.index("### `transcribed`") : page.index("## 八种规则")]
    assert tuple(re.findall(r"`([a-z_]+)`[、。]", stretch)) == TRANSCRIBED_KEYS


def test_the_page_states_the_limits(page):
    assert f"最大 {MOST_BYTES // 1024 // 1024} MB，最多 {MOST_ROWS} 行" in page
    assert f"最多 {MOST_ITEMS} 条" in page


@pytest.mark.parametrize("name", ["id", "edition", "title"])
def test_what_the_page_calls_required_is_required(page, name):
    with pytest.raises(CatalogueError) as caught:
        loads(re.sub(rf"^{name} = .*\n", "", example(page), count=1, flags=re.MULTILINE), "example.toml")
    assert f"缺少键“{name}”" in caught.value.faults[0]


def example(page: str) -> str:
    (text,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return text


def test_the_example_on_the_page_loads_lints_clean_and_has_every_rule(page):
    catalogue = loads(example(page), "example.toml")
    assert lint(catalogue) == ()
    kinds = {type(row.rule) for _, row in catalogue.indicators()}
    assert kinds == {table.target for table in RULES.values()}
    assert loads(dumps(catalogue), "example.toml") == catalogue
