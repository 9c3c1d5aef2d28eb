"""From a wrong word to the right one: the nearest there is, or what there is; knows no rules and no files."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from selfassess.wording import in_marks

_LIKENESS = 0.5
"""From which likeness on (0 to 1) a word is thought to have been meant."""
_MOST_NAMED = 12
_LONGEST = 60
"""Characters of a word that is compared; the time it takes grows with their square."""
_MOST_COMPARED = 1000
"""Words a wrong one is compared with."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word most like a wrong one, or None when nothing is alike.

    Args:
        word: What was typed.
        words: What could have been meant.
    """
    from difflib import get_close_matches  # noqa: PLC0415  (only for a refusal; keeps the start short)

    known = [one for one in islice(words, _MOST_COMPARED) if len(one) <= _LONGEST]
    close = get_close_matches(word, known, n=1, cutoff=_LIKENESS) if len(word) <= _LONGEST else []
    return close[0] if close else None


def hint(word: str, words: Iterable[str], none: str = "") -> str:
    """A Chinese phrase with the nearest word, or with the first dozen there are: ``最接近的是“高于”``.

    Args:
        word: What was typed.
        words: What could have been meant.
        none: What to say when there are no words at all.
    """
    known = [*dict.fromkeys(words)]
    close = nearest(word, known)
    if close is not None:
        return f"最接近的是{in_marks(close)}"
    if not known:
        return none
    return f"可用的有：{'、'.join(known[:_MOST_NAMED])}{'…' if len(known) > _MOST_NAMED else ''}"
