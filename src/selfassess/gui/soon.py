"""Work that is put off until the events that wait are done; knows no particular work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable


def soon(context: QObject, work: Callable[[], object]) -> None:
    """Do something right after what is going on now, unless its object has gone by then.

    Not by ``singleShot(0, …)``: what breaks there, PySide keeps to itself, and raises as another error in the midst of
    whatever is called next.

    Args:
        context: What it is done for.
        work: What is done.
    """
    QTimer.singleShot(1, context, work)
