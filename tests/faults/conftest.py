"""What the tests of faults share: their figures, the long form, and helpers that stand beside them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# With importlib mode, a test folder is not importable by itself.
sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of the tests of faults")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form is run when it is asked for."""
    if config.getoption("--long", default=False):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


class Figures:
    """What a run measured, told at its end."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def note(self, what: str, value: object) -> None:
        """Keep a figure."""
        self._node.user_properties.append((f"figure {what}", str(value)))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    return Figures(request.node)


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether this is the long form."""
    return bool(request.config.getoption("--long", default=False))


@pytest.fixture(scope="session")
def size(is_long: bool) -> Callable[[int, int], int]:
    """``size(short, long)``: how many there shall be."""
    return lambda short, long: long if is_long else short


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the run."""
    told = [
        f"{name.removeprefix('figure ')}: {value}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name.startswith("figure ")
    ]
    if told:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(told))
