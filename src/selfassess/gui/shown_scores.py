"""How results are shown while there are none yet: a dash, not a 0 that nobody has earned; adds nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.domain.scorecard import CategoryScore, Scorecard

NONE_YET = "—"
"""Stands where a number will stand."""


def is_begun(card: Scorecard) -> bool:
    """Whether anything was filled in that counts."""
    return any(category.answered for category in card.categories)


def total_text(card: Scorecard) -> str:
    """The total as shown; a dash while nothing is filled in, or when no row applies."""
    return show(card.total) if is_begun(card) and card.total is not None else NONE_YET


def subtotal_text(category: CategoryScore, card: Scorecard) -> str:
    """A category's points as shown.

    Args:
        category: The category.
        card: The result it belongs to.

    Returns:
        A dash while nothing is filled in there, as the annex leaves the cell empty. A category outside the base that
        nobody claims is worth 0 once the form is begun.
    """
    filled = category.answered > 0 if category.in_base else is_begun(card)
    return show(category.points) if filled and category.points is not None else NONE_YET
