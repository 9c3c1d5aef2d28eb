"""Gives scroll areas a viewport of our own making; knows nothing of what is shown in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea


def own_viewport(area: QAbstractScrollArea, ground: QPalette.ColorRole = QPalette.ColorRole.Base) -> None:
    """Replace the viewport that Qt made; to be called first of all.

    Whoever asks for Qt's own has PySide build every class of widgets there is, in order to find out which of them it
    is: a twentieth of the time of a start.

    Args:
        area: The scroll area.
        ground: In which colour of the palette nothing is painted.
    """
    viewport = QWidget()
    viewport.setObjectName("qt_scrollarea_viewport")  # as Qt calls it
    viewport.setBackgroundRole(ground)
    viewport.setAutoFillBackground(True)
    area.setViewport(viewport)
