"""Watches a table view until it is painted and the program is at rest, then prints what it took; knows no product code.

Prints one line of JSON: milliseconds since the parent started the process until the first painting was done and the
next event would be taken (``painted``), and until nothing was left to do (``rest``); peak memory then in MiB (``peak``,
``peak_at_rest``); which modules were loaded when the table was painted (``modules``); whether a cell opens its editor.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from memory import peak
from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject, QTimerEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

STARTED = float(sys.argv[1])
"""``time.monotonic()`` of the parent when it started this process; Linux has one such clock for all processes."""

FIRST = 1_000
"""A priority that puts an event before all that wait."""


def watch(view: type[QAbstractItemView]) -> None:
    """Look at the first painting of any view of this class; end the program after it.

    Args:
        view: A class whose painting is done in Python.
    """
    paint = view.paintEvent
    seen: list[QAbstractItemView] = []

    def painted(self: QAbstractItemView, event: QPaintEvent) -> None:
        paint(self, event)
        if not seen and self.model() is not None and self.model().rowCount() > 10:
            seen.append(self)
            QCoreApplication.postEvent(_Next(self), QTimerEvent(0), FIRST)

    view.paintEvent = painted  # type: ignore[method-assign]  # the one thing that is observed


class _Next(QObject):
    """Told by the loop when the whole window is painted and flushed; a key press would be taken now."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def timerEvent(self, _event: QTimerEvent) -> None:
        """Note the figures; the event is no timer's, but one that can be made without loading Qt's lists of names."""
        _report(self._view)


def _report(view: QAbstractItemView) -> None:
    found: dict[str, object] = {"painted": _milliseconds(), "peak": peak(), "modules": sorted(sys.modules)}

    def at_rest() -> None:
        dispatcher.aboutToBlock.disconnect(at_rest)
        found["rest"], found["peak_at_rest"] = _milliseconds(), peak()
        found["editable"] = _can_edit(view)
        sys.stdout.write(json.dumps(found))
        sys.stdout.flush()
        QApplication.exit(0)

    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(at_rest)


def _milliseconds() -> float:
    return (time.monotonic() - STARTED) * 1000


def _can_edit(view: QAbstractItemView) -> bool:
    """Whether some cell that can be seen opens an editor."""
    model = view.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if index.flags() & index.flags().ItemIsEditable:
                view.setCurrentIndex(index)
                view.edit(index)
                return view.indexWidget(index) is not None or view.state() is QAbstractItemView.State.EditingState
    return False
