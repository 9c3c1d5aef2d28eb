"""Figures of a run: noted by a test, carried by its report (from another process, too), printed in the summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

_KEY = "figure"
_WIDTH = 64


class Figures:
    """What one test has to tell.

    Args:
        item: The test.
    """

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def note(self, what: str, value: object) -> None:
        """Note a figure.

        Args:
            what: What was counted, such as ``kills: edits acknowledged / lost``.
            value: The figure, such as ``1234 / 0``.
        """
        self._item.user_properties.append((_KEY, (what, str(value))))


def lines_of(reports: Iterable[object]) -> Iterator[str]:
    """The figures of a run, a line each.

    Args:
        reports: Whatever the terminal reporter has collected.
    """
    for report in reports:
        if isinstance(report, pytest.TestReport) and report.when == "teardown":
            for key, figure in report.user_properties:
                if key == _KEY:
                    what, value = figure
                    yield f"{what:<{_WIDTH}} {value}"
