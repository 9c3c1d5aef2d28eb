"""The measurements can be loaded, and their arithmetic is right; runs with all other tests, measures nothing."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest
from measure import Paired, paired, shown
from report import BEGIN, END, Report

if TYPE_CHECKING:
    from pathlib import Path

MODULES = (
    "forms",
    "peers.plain_xlsx",
    "peers.platypus_annex",
    "peers.qt_annex",
    "peers.typst_annex",
)


@pytest.mark.parametrize("name", MODULES)
def test_a_helper_of_the_measurements_loads(name: str) -> None:
    if name == "peers.typst_annex":
        pytest.importorskip("typst")
    assert importlib.import_module(name)


def test_both_sides_take_turns_and_who_begins_changes() -> None:
    calls: list[str] = []
    figures = paired(
        lambda turn: calls.append(f"ours {turn}"), lambda turn: calls.append(f"theirs {turn}"), rounds=2, warm=1
    )
    assert calls == ["ours 1", "theirs 1", "theirs 2", "ours 2", "ours 3", "theirs 3"]
    assert len(figures.ours) == len(figures.theirs) == 2


def test_the_figure_is_the_median_of_the_rounds_ratios_and_not_the_ratio_of_the_medians() -> None:
    # Ratios 3, 1 and 2; the medians of the sides are 4 and 3.
    assert Paired(ours=(3.0, 4.0, 6.0), theirs=(1.0, 4.0, 3.0)).ratio == 2


def test_a_ratio_over_its_budget_is_marked_and_one_at_it_is_not() -> None:
    report = Report()
    report.ratio("start", "bare window", 1.16, 1.15)
    report.ratio("start", "bare window", 1.15, 1.15)
    report.missing("annex", "typst", "not installed")
    assert [line.split()[0] for line in report.lines] == ["OVER", "ok", "MISSING"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.00071, "0.71 ms"), (0.0123, "12.3 ms"), (0.474, "474 ms"), (2, "2.00 s")]
)
def test_a_duration_is_shown_in_the_unit_that_suits_it(seconds: float, text: str) -> None:
    assert shown(seconds) == text


def test_a_run_replaces_the_figures_of_the_page_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    report = Report()
    report.ratio("start", "bare window", 1.1, 1.15, "110 ms : 100 ms")
    report.write_page(page, "a machine")
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith(f"before\n{BEGIN}\na machine\n")
    assert "110 ms : 100 ms" in text
    assert text.endswith(f"{END}\nafter\n")


@pytest.mark.parametrize(("load", "word"), [(1.1, "quiet"), (3.0, "repeat it"), (None, "unknown")])
def test_a_run_beside_other_work_says_so(load: float | None, word: str) -> None:
    assert word in Report(load_at_end=load).quietness()
