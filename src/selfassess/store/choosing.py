"""Which of the values found in a damaged draft were the last ones, and which of them a checksum proves; reads no file.

Proved is: the sum over all fields is the one that a step states; or a whole history says so; or the table of entries
and the last known step of the field, which lie in different places, say the same. Everything else is chosen as the
likeliest and told as unproved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from selfassess.store.digest import as_text, field_sum, moved_sum
from selfassess.store.fields import Change
from selfassess.store.remains import Place, Remains

Values = dict[Place, str]
_MODULUS = 1 << 128
_LOOKED_BACK = 50
"""Steps of which the checksum is tried."""
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)


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
    proved = _of_sum(remains, told, stray)
    if proved is not None:
        return Choice(values=proved, unproved=frozenset(), complete=True, gone=frozenset())
    return _field_by_field(remains, stories)


def _of_sum(remains: Remains, told: Values, stray: Values) -> Values | None:
    """Of the table, the history and both together, that whose fields have the sum that a step states.

    A whole table is the last state, and any step may prove it, or the history where no step states a sum. Everything
    else could be an older state, so that the last step must be known, and prove it itself.
    """
    entries = dict(remains.entries)
    if remains.entries_whole and entries:
        sums = _sums_of_steps(remains)
        # What is lost in the one may be lost in the other: where a sum is stated, a history with a gap is no proof.
        is_told = entries == told and _tells_last(remains) and (not sums or _whole_since(remains) == 1)
        if is_told or _sum(entries) in sums:
            return entries
    last = remains.steps.get(remains.last)
    if last is None or not remains.last_is_known:
        return None
    together = ({**stray, **entries}, {**told, **entries}, {**entries, **told}, {**stray, **entries, **told})
    return next((values for values in (entries, told, *together) if as_text(_sum(values)) == last.contents), None)


def _tells_last(remains: Remains) -> bool:
    """Whether the history goes on to its last step; else it tells an older state, as a table may that lost a write."""
    return remains.last in remains.proved or remains.last not in remains.steps


def _sum(values: Values) -> int:
    return sum(field_sum(*place, value) for place, value in values.items()) % _MODULUS


def _sums_of_steps(remains: Remains) -> set[int]:
    """What all fields add up to after the last step: as it says itself, or a step before it and all changes since."""
    sums: set[int] = set()
    since: list[Change] = []
    for step in range(remains.last, max(remains.last - _LOOKED_BACK, 0), -1):
        made = remains.steps.get(step)
        if made is not None and _is_checksum(made.contents):
            sums.add(moved_sum(int(made.contents, 16), since))
        changes = remains.changes.get(step, ())
        # With changes missing, a state before this step would pass for the one after it.
        if step not in remains.proved and (made is not None or not changes):
            break
        since += changes
    return sums


def _is_checksum(text: str) -> bool:
    return len(text) == 32 and _HEX.fullmatch(text) is not None


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
    if not last or not remains.last_is_known:
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
    # A table that was read whole is not all where a step states another sum: what is missing may be missing everywhere.
    is_all = remains.entries_whole and _tells_last(remains) and not _sums_of_steps(remains)
    whole = since == 1 or (is_all and not unproved and not gone)
    return Choice(values=values, unproved=frozenset(unproved), complete=whole, gone=frozenset(gone))


def _likeliest(place: Place, remains: Remains, story: _Story | None) -> tuple[str | None, bool]:
    """What a field was, where the history has a gap; and whether that is proved."""
    entered = remains.entries.get(place)
    if entered is not None:
        return entered, story is not None and story.value == entered
    if remains.entries_whole:  # the table is whole and has none: emptied in a step that is lost
        return None, False
    stray = remains.stray.get(place, ())
    if story is not None and (story.proved or story.value in stray or not stray):
        return story.value, False
    return (stray[-1] if len(stray) == 1 else None), False
