"""What a refused draft can still be done with: which buttons a refusal offers, by its code; does none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from selfassess.errors import StoreError
from selfassess.gui.messages import choose_after_error, show_error
from selfassess.store.owner import Owner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from selfassess.errors import UserError


class Way(NamedTuple):
    """One way on.

    Attributes:
        name: Under which whoever asked does it.
        text: Of its button.
        codes: The refusals after which it is offered.
    """

    name: str
    text: str
    codes: frozenset[str]


VIEW = "view"
ANYWAY = "anyway"
WAYS = (
    Way(VIEW, "只读查看", frozenset({"E307", "E308", "E310", "E311", "E372", "E373"})),
    Way(ANYWAY, "仍要打开", frozenset({"E372"})),
)
"""In the order of the buttons; Enter means the first that fits."""


def ways_after(error: UserError) -> list[Way]:
    """The ways on that there are after a refusal."""
    return [way for way in WAYS if error.code in way.codes]


def plainly(error: StoreError) -> StoreError:
    """The refusal as people understand it: who has the draft open, and nothing of processes."""
    owner = error.values.get("owner")
    return StoreError(error.code, **{**error.values, "owner": owner.plainly}) if isinstance(owner, Owner) else error


def ask_way_on(parent: QWidget | None, error: UserError, *, title: str = "") -> str:
    """Shows a refusal with the ways on that there are after it.

    Args:
        parent: Over which window.
        error: What was refused, and why.
        title: In place of the title that goes with its kind.

    Returns:
        The name of the way that was chosen; "" when none was, or there is none.
    """
    ways = ways_after(error)
    if not ways:
        show_error(parent, error, title=title)
        return ""
    texts = [QCoreApplication.translate("WaysOn", text) for text in (*(way.text for way in ways), "取消")]
    chosen = choose_after_error(parent, error, texts, title=title)
    return ways[chosen].name if chosen is not None and chosen < len(ways) else ""
