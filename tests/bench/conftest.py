"""What the measurements share: the report, printed when the run ends, the peers that may be missing, a screen."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path += [str(HERE), str(ROOT / "packaging" / "dev")]  # the helpers beside the tests, and ./dev's own display

import display  # noqa: E402  # found by the line above
import environment  # noqa: E402
from machine import machine  # noqa: E402
from report import Report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: pytest.StashKey[Report] = pytest.StashKey()


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """The table of this run."""
    collected = Report()
    request.config.stash[_KEY] = collected
    yield collected
    collected.load_at_end = os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run rewrite the page of figures."""
    parser.addoption("--page", action="store_true", help="rewrite the figures of docs/performance.md")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and put it on the page when that was asked for."""
    collected = config.stash.get(_KEY, None)
    if collected is None:
        return
    terminalreporter.section("ratios (ours ÷ theirs)")
    for line in collected.lines:
        terminalreporter.line(line)
    terminalreporter.line(collected.quietness())
    if config.getoption("--page"):
        collected.write_page(ROOT / "docs" / "performance.md", machine())


@pytest.fixture(scope="session")
def screen() -> Iterator[dict[str, str] | None]:
    """The environment of a process with a screen in memory; None without Xvfb."""
    if shutil.which("Xvfb") is None:
        yield None
        return
    with display.screen_in_memory(environment.variables()) as env:
        yield env if env["QT_QPA_PLATFORM"] == "xcb" else None
