"""Which of the values found in a damaged draft were the last ones, and which of them a checksum proves; reads no file.

Proved is: the sum over all fields is the one that the draft states; or a whole history says so; or the table of
entries and the last known, whole step of the field say the same. Everything else is chosen as the likeliest and told as
unproved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from selfassess.store.digest import as_text, field_sum
from selfassess.store.fields import Change
from selfassess.store.remains import Place, Remains

Values = dict[Place, str]
_MODULUS = 1 << 128


class Choice(Struct, frozen=True, kw_only=True):
    """One state, as the draft probably was last.

    Attributes:
        values: Its fields.
        unproved: Those that no checksum proves.
        complete: Whether it is certain that nothing else was entered.
        gone: Places that once had a value, which may have been lost or emptied.
    """

    values: Mapping[Place, str]
    unproved: frozenset[Place]
    complete: bool
    gone: frozenset[Place]


class _Story(Struct, frozen=True, kw_only=True):
    """What the history says of one field last."""

    step: int
    value: str | None
    proved: bool


def choose(remains: Remains) -> Choice:
    """The state that a damaged draft was probably in last.

    Args:
        remains: What was found in it.
    """
    stories = _stories(remains)
    told = {place: story.value for place, story in stories.items() if story.value is not None}
    stray = {place: values[-1] for place, values in remains.stray.items()}
    proved = _of_sum(remains, _combinations(remains.entries, told, stray))
    if proved is not None:
        return Choice(values=proved, unproved=frozenset(), complete=True, gone=frozenset())
    return _field_by_field(remains, stories)


def _combinations(entries: Mapping[Place, str], told: Values, stray: Values) -> Iterable[Values]:
    yield dict(entries)
    yield told
    yield {**stray, **entries}
    yield {**told, **entries}
    yield {**entries, **told}
    yield {**stray, **entries, **told}


def _of_sum(remains: Remains, candidates: Iterable[Values]) -> Values | None:
    """The first candidate whose fields have the sum that the draft states."""
    if remains.head is None:
        return None
    for values in candidates:
        total = sum(field_sum(*place, value) for place, value in values.items()) % _MODULUS
        if as_text(total) == remains.head.digest:
            return values
    return None


def _stories(remains: Remains) -> dict[Place, _Story]:
    stories: dict[Place, _Story] = {}
    for step in sorted(remains.changes):
        for change in remains.changes[step]:
            stories[_place(change)] = _Story(step=step, value=change.after, proved=step in remains.proved)
    return stories


def _place(change: Change) -> Place:
    return change.scope, change.key, change.field


def _whole_since(remains: Remains) -> int | None:
    """The first of the steps from which on nothing is missing; None when that cannot be known."""
    last = remains.last
    if remains.head is None or remains.steps.get(last) != remains.head.saved:
        return None
    step = last
    while step > 0 and step in remains.proved:
        step -= 1
    return step + 1


def _field_by_field(remains: Remains, stories: Mapping[Place, _Story]) -> Choice:
    since = _whole_since(remains)
    values: Values = {}
    unproved: set[Place] = set()
    gone: set[Place] = set()
    for place in {**remains.entries, **stories, **remains.stray}:
        story = stories.get(place)
        if since == 1 or (since is not None and story is not None and story.step >= since):
            value, sure = (story.value if story else None), True
        else:
            value, sure = _likeliest(place, remains, story)
            if value is None and story is not None and story.value is not None:
                gone.add(place)
        if value is not None:
            values[place] = value
            if not sure:
                unproved.add(place)
    whole = since == 1 or (remains.entries_whole and not unproved and not gone)
    return Choice(values=values, unproved=frozenset(unproved), complete=whole, gone=frozenset(gone))


def _likeliest(place: Place, remains: Remains, story: _Story | None) -> tuple[str | None, bool]:
    """What a field was, where the history has a gap; and whether that is proved."""
    entered = remains.entries.get(place)
    if entered is not None:
        return entered, story is not None and story.proved and story.value == entered
    if remains.entries_whole:  # the table is whole and has none: emptied in a step that is lost
        return None, False
    stray = remains.stray.get(place, ())
    if story is not None and (story.proved or story.value in stray or not stray):
        return story.value, False
    return (stray[-1] if len(stray) == 1 else None), False
