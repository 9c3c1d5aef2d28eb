"""What long work asks in between: whether anybody still waits for it; knows no work."""

from __future__ import annotations


def never() -> bool:
    """Says that nobody has called it off."""
    return False


class CalledOffError(Exception):
    """Somebody has; nothing was changed."""
