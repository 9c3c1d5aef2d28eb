"""The page about the tests tells the truth: what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = (TESTS / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_the_page_names_exists(file, name):
    assert f"\ndef {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_every_line_about_what_can_go_wrong_names_a_test():
    lines = PAGE[PAGE.index("## What can go wrong") :].splitlines()
    rows = [line for line in lines if line.startswith("| ") and "proved by" not in line]
    assert len(rows) > 50
    assert [line for line in rows if "::test_" not in line] == []


def test_every_folder_of_tests_is_on_the_page():
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}
    assert folders == set(re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE))
