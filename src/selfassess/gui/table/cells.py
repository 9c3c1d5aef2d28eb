"""What a cell of the table says and how it is meant; pure, knows no colours, widths or widgets."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.gui.shown_scores import subtotal_text
from selfassess.scoring.numbers import show
from selfassess.scoring.remarks import remark_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from selfassess.domain.catalogue import Category, Indicator
    from selfassess.domain.entries import Adjustment, Answer
    from selfassess.domain.scorecard import CategoryScore, RowScore, Scorecard

NOT_APPLICABLE = "不涉及"
EDITABLE = frozenset({ColumnKey.POINTS, ColumnKey.REMARK})
"""Columns in which a clerk types; all others are printed."""
CENTRED = frozenset({ColumnKey.FULL_POINTS, ColumnKey.NATURE, ColumnKey.MODE, ColumnKey.POINTS, ColumnKey.SUBTOTAL})
"""Columns whose texts stand in the middle."""


class Tone(StrEnum):
    """How a cell is meant, for the one who paints it."""

    HEADING = "heading"
    """Part of a category's heading."""
    PRINTED = "printed"
    """As the paper states it."""
    ENTERED = "entered"
    """Entered, or computed from what was entered."""
    BLANK = "blank"
    """Waits for the clerk."""
    QUIET = "quiet"
    """不涉及, or points that stand only provisionally."""
    TOLD = "told"
    """Printed here, and entered elsewhere."""


class Cell(Struct, frozen=True, kw_only=True):
    """One cell as it is shown.

    Attributes:
        text: What it says.
        tone: How it is meant.
        overridden: Whether typed points stand in place of the rule's result.
        provisional: Whether the points stand only until an average is known.
    """

    text: str
    tone: Tone
    overridden: bool = False
    provisional: bool = False


def heading_cell(
    key: ColumnKey, category: Category, score: CategoryScore, card: Scorecard, subtotal_key: ColumnKey
) -> Cell:
    """A cell of a category's heading.

    Args:
        key: The column.
        category: The category.
        score: Its result.
        card: The result it belongs to.
        subtotal_key: The column in which subtotals stand.
    """
    text = ""
    if key is ColumnKey.CONTENT:
        text = category.heading
    elif key is ColumnKey.FULL_POINTS:
        text = show(category.full_points)
    elif key is subtotal_key:
        text = NOT_APPLICABLE if score.points is None else subtotal_text(score, card)
    return Cell(text=text, tone=Tone.HEADING)


def row_cell(
    key: ColumnKey, indicator: Indicator, answer: Answer, score: RowScore, adjustments: Sequence[Adjustment]
) -> Cell:
    """A cell of a row.

    Args:
        key: The column.
        indicator: The row.
        answer: What was entered on it.
        score: Its result.
        adjustments: The matters of the form.
    """
    if key is ColumnKey.POINTS:
        return _points_cell(indicator, score)
    if key is ColumnKey.REMARK:
        text = remark_text(indicator.rule, answer, score, adjustments)
        return Cell(text=text, tone=Tone.ENTERED if answer.remark else Tone.TOLD)
    return Cell(text=_printed(key, indicator), tone=Tone.PRINTED)


def _printed(key: ColumnKey, indicator: Indicator) -> str:
    match key:
        case ColumnKey.CONTENT:
            return indicator.content
        case ColumnKey.NAME:
            return indicator.name
        case ColumnKey.FULL_POINTS:
            return show(indicator.full_points)
        case ColumnKey.METHOD:
            return indicator.method
        case ColumnKey.NATURE:
            return indicator.nature
        case ColumnKey.MODE:
            return indicator.mode
        case ColumnKey.SOURCES:
            return indicator.sources
        case _:
            return ""


def _points_cell(indicator: Indicator, score: RowScore) -> Cell:
    if score.state is RowState.BLANK:
        # A band outside the base that nobody claims is complete: nothing waits for the clerk there.
        waits = not isinstance(indicator.rule, AdjustmentBand)
        return Cell(text="", tone=Tone.BLANK if waits else Tone.ENTERED)
    if score.state is RowState.NOT_APPLICABLE:
        text = NOT_APPLICABLE if score.points is None else f"{show(score.points)}\n{NOT_APPLICABLE}"
        return Cell(text=text, tone=Tone.QUIET, provisional=score.provisional)
    return Cell(text=_number(score.points), tone=Tone.ENTERED, overridden=score.overridden)


def _number(value: Decimal | None) -> str:
    return "" if value is None else show(value)
