"""What every test shares: windows off the screen, steady property tests, how tests are spread over workers."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "faults"))  # its figures are printed from here: workers have no terminal

from figures import lines_of  # found by the line above

# Before Qt is imported. Tests of a real window start an X server of their own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples at every run, so that a red run means a changed program, and no clock, because CI machines stutter.
# `pytest --hypothesis-profile=search` looks for new examples.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

NOBODY = 65534
"""Number of the user who owns nothing."""


@pytest.fixture(autouse=True)
def _keys_are_let_go():
    """A typed Shift+Tab leaves Shift down for Qt, which the next test's selections would obey."""
    yield
    gui = sys.modules.get("PySide6.QtGui")
    if gui is None or gui.QGuiApplication.instance() is None:
        return
    core, test = sys.modules["PySide6.QtCore"], sys.modules.get("PySide6.QtTest")
    if test is not None and gui.QGuiApplication.keyboardModifiers() != core.Qt.KeyboardModifier.NoModifier:
        test.QTest.keyRelease(gui.QWindow(), core.Qt.Key.Key_Shift)


@contextlib.contextmanager
def _as_clerk() -> Iterator[None]:
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def as_clerk() -> Callable[[], AbstractContextManager[None]]:
    """``with as_clerk():`` without the rights of root, which no permission stops."""
    return _as_clerk


@pytest.fixture
def hook(qapp, monkeypatch):
    """The crash hook, installed for one test; its dialog goes with it."""
    from selfassess.gui.crash import CrashDialog, CrashHook

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    made = CrashHook(qapp)
    made.install()
    yield made
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, CrashDialog):
            widget.close()
    made.deleteLater()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the fault tests be run at their full length."""
    parser.addoption("--long", action="store_true", help="the long form of tests/faults, as ./dev faults runs it")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep every test with a real window in one worker: two would fight for focus, keyboard and clipboard."""
    for item in items:
        if item.get_closest_marker("real_window"):
            item.add_marker(pytest.mark.xdist_group("real_window"))
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of the fault tests."""
    lines = sorted(set(lines_of(report for reports in terminalreporter.stats.values() for report in reports)))
    if lines:
        terminalreporter.section("figures of tests/faults")
        for line in lines:
            terminalreporter.line(line)
