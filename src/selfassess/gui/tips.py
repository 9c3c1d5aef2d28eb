"""Texts of files where Qt guesses whether they are markup; knows no widget."""

from __future__ import annotations

_WORD_JOINER = "\u2060"


def literal(text: str) -> str:
    """A text that a tooltip shows as it is.

    Qt takes a tooltip with a tag in it for HTML, and would fetch the picture that a stranger's catalogue names,
    from a file or, on Windows, from another computer.

    Args:
        text: Any text.

    Returns:
        The text, with an invisible sign behind each ``<``, so that no tag is left.
    """
    return text.replace("<", f"<{_WORD_JOINER}")
