"""What a refusal says where something was typed; knows no widget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from selfassess.wording import message

if TYPE_CHECKING:
    from selfassess.errors import UserError


def said_here(error: UserError) -> str:
    """The message with files named without their folders: the place is narrow, and the window shows the file.

    Args:
        error: Why something was not taken.
    """
    values = {key: value.name if isinstance(value, Path) else value for key, value in error.values.items()}
    return message(error.code, **values)
