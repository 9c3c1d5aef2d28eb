"""What every test shares: how tests are spread over workers."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep every test with a real window in one worker: two would fight for focus, keyboard and clipboard."""
    for item in items:
        if item.get_closest_marker("real_window"):
            item.add_marker(pytest.mark.xdist_group("real_window"))
