"""A comparison and what was chosen of it, turned into the fields of one draft; pure.

Every part comes out as the one side or the other has it, or, for texts, as both. What is not chosen is told in the
report, so that nothing is dropped without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.store.aligning import numbered
from selfassess.store.comparison import Comparison, Difference, Origin, Place, Texts
from selfassess.store.difference_words import place_words, texts_words
from selfassess.store.fields import ADJUSTMENT, EVIDENCE, Fields, Sheet


class Choice(Enum):
    """Which side a part is taken from."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


Choices = Mapping[Place, Choice]
_OF_ORIGIN = {Origin.OURS: Choice.OURS, Origin.THEIRS: Choice.THEIRS}


class Merged(Struct, frozen=True, kw_only=True):
    """What a merge makes of this draft.

    Attributes:
        sheet: All fields. A document taken over has a key that no document of this draft has.
        taken: How many parts come from the other draft, wholly or with ours.
        left: What was not taken, a sentence each.
    """

    sheet: Sheet
    taken: int
    left: tuple[str, ...]


def proposed(comparison: Comparison) -> dict[Place, Choice]:
    """What needs no decision: changes of one side only."""
    return {one.place: _OF_ORIGIN[one.origin] for one in comparison.differing if one.origin in _OF_ORIGIN}


def undecided(comparison: Comparison, choices: Choices) -> tuple[Difference, ...]:
    """What still has to be chosen."""
    return tuple(one for one in comparison.differing if one.place not in choices)


def merge(comparison: Comparison, choices: Choices, catalogue: Catalogue) -> Merged:
    """The fields of this draft after the choices.

    Args:
        comparison: What differs.
        choices: Of the parts that differ; one that is not among them stays as it is in this draft.
        catalogue: Names rows and figures in the report.
    """
    sheet = {
        scope: {key: dict(stored) for key, stored in groups.items()} for scope, groups in comparison.sides.ours.items()
    }
    for one in comparison.differing:
        _write(sheet.setdefault(one.scope, {}), one, _chosen(one, choices.get(one.place, Choice.OURS)))
    merged: dict[str, Mapping[str, Fields]] = {
        scope: {key: stored for key, stored in groups.items() if stored} for scope, groups in sheet.items()
    }
    merged[ADJUSTMENT] = numbered(merged.get(ADJUSTMENT, {}))
    taken = sum(choices.get(one.place) in (Choice.THEIRS, Choice.BOTH) for one in comparison.differing)
    return Merged(sheet=merged, taken=taken, left=tuple(_left(comparison, choices, catalogue)))


def _write(groups: dict[str, dict[str, str]], one: Difference, texts: Texts) -> None:
    for key, field in one.ours:
        groups[key].pop(field, None)
    for (key, field), text in texts.items():
        groups.setdefault(key, {})[field] = text


def _chosen(one: Difference, choice: Choice) -> Texts:
    if choice is Choice.BOTH and one.joinable:
        return {place: joined(text, one.theirs[place]) for place, text in one.ours.items()}
    return one.theirs if choice is Choice.THEIRS else one.ours


def joined(first: str, second: str) -> str:
    """Two texts, one below the other; once when one holds the lines of the other already."""
    if f"\n{second}\n" in f"\n{first}\n":
        return first
    return second if f"\n{first}\n" in f"\n{second}\n" else f"{first}\n{second}"


def _left(comparison: Comparison, choices: Choices, catalogue: Catalogue) -> Iterator[str]:
    for one in comparison.differing:
        choice = choices.get(one.place, Choice.OURS)
        if choice is Choice.BOTH:
            continue
        texts, side = (one.ours, "本文件原为") if choice is Choice.THEIRS else (one.theirs, "另一份为")
        if texts != (one.base or {}):  # what nobody changed is no loss
            yield f"{place_words(one, catalogue)}：{side} {texts_words(one, texts)}"


def documents_taken(comparison: Comparison, merged: Merged) -> tuple[str, ...]:
    """Keys of the documents that come over from the other draft, under which they stand in the merged fields."""
    ours = comparison.sides.ours.get(EVIDENCE, {})
    return tuple(key for key in merged.sheet.get(EVIDENCE, {}) if key not in ours)
