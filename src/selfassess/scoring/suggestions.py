"""The nearest right word for a wrong one; knows no rules."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word most like a wrong one, or None when nothing is alike.

    Args:
        word: What was typed.
        words: What could have been meant.
    """
    from difflib import get_close_matches  # noqa: PLC0415  (only for a refusal; keeps the start short)

    close = get_close_matches(word, list(words), n=1, cutoff=0.4)
    return close[0] if close else None


def option_hint(word: str, words: Iterable[str]) -> str:
    """A Chinese phrase naming the nearest option, or all of them: ``最接近的是“高于”``."""
    known = list(words)
    close = nearest(word, known)
    return f"最接近的是“{close}”" if close is not None else f"可选的有：{'、'.join(known)}"
