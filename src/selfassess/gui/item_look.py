"""What a delegate is told about the item it paints, typed; the stubs of Qt's style options lack their fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QFont, QPalette
    from PySide6.QtWidgets import QStyleOptionViewItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLook:
    """Where and how to paint an item.

    Attributes:
        rect: The item's rectangle, in the view's pixels.
        font: The view's font.
        palette: The view's palette.
        selected: Whether it is selected.
        focused: Whether it has the keyboard.
        hovered: Whether the mouse is over it.
    """

    rect: QRect
    font: QFont
    palette: QPalette
    selected: bool
    focused: bool
    hovered: bool


def look_of(option: QStyleOptionViewItem) -> ItemLook:
    """The fields of a style option."""
    fields = cast("Any", option)
    state = cast("QStyle.StateFlag", fields.state)
    return ItemLook(
        rect=fields.rect,
        font=fields.font,
        palette=fields.palette,
        selected=bool(state & QStyle.StateFlag.State_Selected),
        focused=bool(state & QStyle.StateFlag.State_HasFocus),
        hovered=bool(state & QStyle.StateFlag.State_MouseOver),
    )
