"""How wide the columns are on the screen; pure arithmetic over the printed proportions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.domain.catalogue import ColumnKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.domain.catalogue import Column

PADDING = 5
"""Pixels between a text and the lines at its left and right."""

_LEAST: dict[ColumnKey, float] = {
    ColumnKey.CONTENT: 4.8,
    ColumnKey.NAME: 5.4,
    ColumnKey.FULL_POINTS: 2.3,
    ColumnKey.METHOD: 12.5,
    ColumnKey.NATURE: 2.1,
    ColumnKey.MODE: 2.1,
    ColumnKey.SOURCES: 5.6,
    ColumnKey.POINTS: 4.2,
    ColumnKey.SUBTOTAL: 2.8,
    ColumnKey.REMARK: 5.6,
}
"""The least each column needs to be legible, in widths of one Chinese character."""

_GROWING: dict[ColumnKey, float] = {
    ColumnKey.CONTENT: 0.6,
    ColumnKey.NAME: 0.8,
    ColumnKey.METHOD: 1.6,
    ColumnKey.SOURCES: 0.6,
    ColumnKey.REMARK: 1.6,
}
"""How eagerly the columns of long texts take what is left over, times their printed width."""


def fitted(columns: Sequence[Column], em: float, room: int) -> tuple[int, ...]:
    """Widths that fill the room, or the least legible ones when it is too small (then the table scrolls sideways).

    Args:
        columns: Printed columns with their relative widths.
        em: Width of one Chinese character, in pixels.
        room: Pixels at hand.

    Returns:
        A width per column, in pixels.
    """
    least = [round(_LEAST[column.key] * em) + 2 * PADDING + 1 for column in columns]
    left = room - sum(least)
    if left <= 0:
        return tuple(least)
    shares = [_GROWING.get(column.key, 0.0) * float(column.width) for column in columns]
    whole = sum(shares)
    if whole <= 0:
        return tuple(least)
    widths = [width + int(left * share / whole) for width, share in zip(least, shares, strict=True)]
    widths[shares.index(max(shares))] += room - sum(widths)
    return tuple(widths)


def frozen_count(columns: Sequence[Column]) -> int:
    """How many columns stay when the table scrolls sideways: 考核内容 and 指标, where they lead."""
    count = 0
    for column in columns:
        if column.key not in (ColumnKey.CONTENT, ColumnKey.NAME):
            break
        count += 1
    return count
