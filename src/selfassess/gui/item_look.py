"""What a delegate is told about the item it paints, typed; the stubs of Qt's style options lack their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QFont, QPalette
    from PySide6.QtWidgets import QStyle, QStyleOptionViewItem


class ItemLook(Struct, frozen=True, kw_only=True):
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
    # QStyle's names take long to make; no view of the first picture needs them.
    from PySide6.QtWidgets import QStyle  # noqa: PLC0415

    state = cast("QStyle.StateFlag", cast("Any", option).state)
    return look_with(
        option,
        selected=bool(state & QStyle.StateFlag.State_Selected),
        focused=bool(state & QStyle.StateFlag.State_HasFocus),
        hovered=bool(state & QStyle.StateFlag.State_MouseOver),
    )


def look_with(
    option: QStyleOptionViewItem, *, selected: bool = False, focused: bool = False, hovered: bool = False
) -> ItemLook:
    """The fields of a style option of which the view itself knows the state."""
    fields = cast("Any", option)
    return ItemLook(
        rect=fields.rect,
        font=fields.font,
        palette=fields.palette,
        selected=selected,
        focused=focused,
        hovered=hovered,
    )
