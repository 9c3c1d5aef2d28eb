"""The small triangle at the top right of a cell, as spreadsheets mark a noted one; knows no cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPolygon

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

_SIDE = 7


def draw_corner(painter: QPainter, cell: QRect, colour: QColor) -> None:
    """Draw it.

    Args:
        painter: Draws; its pen and brush are others afterwards.
        cell: In pixels of the painter.
        colour: Of the triangle.
    """
    right, top = cell.right() - 1, cell.top()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygon([QPoint(right - _SIDE, top), QPoint(right, top), QPoint(right, top + _SIDE)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
