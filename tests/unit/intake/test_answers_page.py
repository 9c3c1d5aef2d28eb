"""docs/answers-format.md says what the program does: its examples are read, its keys are the keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from selfassess.catalogue.loader import load
from selfassess.errors import ImportFormError
from selfassess.intake.answer_row import ROW_KEYS
from selfassess.intake.answers import ADJUSTMENT_KEYS, DECLARED_KEYS, TOP_KEYS, UNIT_KEYS, entries_of, loads

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/answers-format.md").read_text(encoding="utf-8")
CATALOGUE = load(ROOT / "catalogues/xizang-dept-budget/2022.toml")
EXAMPLES = re.findall(r"<!-- example: (whole|part) -->\n```toml\n(.*?)```", PAGE, re.DOTALL)


def test_every_toml_block_of_the_page_is_an_example():
    assert len(EXAMPLES) == PAGE.count("```toml") >= 6


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_an_example_of_the_page_is_read_without_a_fault(kind: str, text: str):
    whole = text if kind == "whole" else f'catalogue = "{CATALOGUE.reference}"\n{text}'
    entries = entries_of(loads(whole, "example"), CATALOGUE)
    assert entries.answers or entries.figures or entries.adjustments or entries.declared.total is not None


def section(heading: str) -> str:
    start = PAGE.index(heading)
    end = PAGE.find("\n## ", start + 1)
    return PAGE[start : end if end > 0 else None]


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("## 顶层的键", TOP_KEYS),
        ("## `[unit]`", UNIT_KEYS),
        ('## `[rows."序号"]`', ROW_KEYS),
        ("## `[[adjustments]]`", ADJUSTMENT_KEYS),
        ("## `[declared]`", DECLARED_KEYS),
    ],
)
def test_the_page_and_the_reader_know_the_same_keys(heading: str, keys: tuple[str, ...]):
    described = re.findall(r"^\| `(\w+)` \|", section(heading), re.MULTILINE)
    assert sorted(described) == sorted(keys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[rows.2.7]\nvalue = 0.1", "没有加引号"),
        ('[rows."2.7"]\nvalue = "12"', "%"),
        ('[rows."1.2"]\nmet = "true"', "不加引号"),
        ('[rows."1.4"]\nticks = [true]', "1.4"),
        ('[rows."2.7"]\noverride = { points = "3.5", reason = "x" }', "3.5"),
        ('[rows."2.7"]\npoint = "3"', "points"),
    ],
)
def test_the_common_mistakes_of_the_page_are_refused(text: str, words: str):
    with pytest.raises(ImportFormError, match=words):
        entries_of(loads(f'catalogue = "{CATALOGUE.reference}"\n{text}', "t"), CATALOGUE)
