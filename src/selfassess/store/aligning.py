"""Gives what is numbered in a draft, matters and supporting documents, common keys on both sides; pure.

Matters are numbered by their place, documents by the order in which their draft took them in; so the same number may
mean two things in two copies of a draft. Here each thing gets one key, on whichever sides it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

from selfassess.store.fields import ADJUSTMENT, EVIDENCE, Fields, Sheet

Groups = Mapping[str, Fields]
_SAME_FILE = ("row", "sha256")


class Aligned(Struct, frozen=True, kw_only=True):
    """The fields of three states under common keys.

    Attributes:
        base: The common state.
        ours: This draft; its documents keep their keys.
        theirs: The other.
    """

    base: Sheet
    ours: Sheet
    theirs: Sheet


def align(base: Sheet, ours: Sheet, theirs: Sheet, shared: frozenset[str]) -> Aligned:
    """Common keys for matters and documents; everything else has them already.

    Args:
        base: The common state; empty when there is none.
        ours: This draft.
        theirs: The other.
        shared: Keys of documents that mean the same document on both sides.
    """
    sheets = (base, ours, theirs)
    matters = _matters([_in_order(sheet.get(ADJUSTMENT, {})) for sheet in sheets])
    documents = _documents([sheet.get(EVIDENCE, {}) for sheet in sheets], shared)
    three = [
        {**sheet, ADJUSTMENT: moved, EVIDENCE: renamed}
        for sheet, moved, renamed in zip(sheets, matters, documents, strict=True)
    ]
    return Aligned(base=three[0], ours=three[1], theirs=three[2])


def numbered(groups: Groups) -> dict[str, Fields]:
    """Matters numbered without gaps, as a draft keeps them.

    Args:
        groups: Matters by rising keys.
    """
    return {str(at): groups[key] for at, key in enumerate(sorted(groups, key=int))}


# ------------------------------------------------------------------------------------------------------------ matters
def _in_order(groups: Groups) -> list[Fields]:
    return [groups[key] for key in sorted(groups, key=int)]


Slot = tuple[int | None, int | None, int | None]
"""One matter: its place in the base, in ours and in theirs; None where it is not."""


def _matters(sheets: Sequence[list[Fields]]) -> list[dict[str, Fields]]:
    """Every matter of either side once, numbered alike for all three."""
    found: list[dict[str, Fields]] = [{}, {}, {}]
    for number, slot in enumerate(_slots(*sheets)):
        for at, matters, groups in zip(slot, sheets, found, strict=True):
            if at is not None:
                groups[str(number)] = matters[at]
    return found


def _slots(base: list[Fields], ours: list[Fields], theirs: list[Fields]) -> list[Slot]:
    """In our order; what only the others have stands behind what it stands behind there."""
    of_ours = _pairs(base, ours)
    of_theirs = _pairs(base, theirs)
    added = [at for at in range(len(theirs)) if at not in of_theirs.values()]
    own = [at for at in range(len(ours)) if at not in of_ours.values()]
    alike = _alike({at: ours[at] for at in own}, {at: theirs[at] for at in added})
    in_base = {mine: at for at, mine in of_ours.items()}
    slots: list[Slot] = []
    for mine in range(len(ours)):
        at = in_base.get(mine)
        slots.append((at, mine, alike.get(mine) if at is None else of_theirs.get(at)))
    for at in range(len(base)):
        if at not in of_ours:
            slots.insert(_after(slots, 0, at), (at, None, of_theirs.get(at)))
    for other in added:
        if other not in alike.values():
            slots.insert(_after(slots, 2, other), (None, None, other))
    return slots


def _alike(ours: Mapping[int, Fields], theirs: Mapping[int, Fields]) -> dict[int, int]:
    """Which of what both added is the same: equal ones, then those of the same matter, wherever they stand."""
    pairs: dict[int, int] = {}
    for name in (None, "matter"):
        for mine, one in ours.items():
            for other, held in theirs.items():
                same = one == held if name is None else one.get(name) == held.get(name)
                if same and mine not in pairs and other not in pairs.values():
                    pairs[mine] = other
    return pairs


def _after(slots: Sequence[Slot], side: int, at: int) -> int:
    """The place behind the slot that holds the item before this one, or the nearest before it."""
    before = [(held, place) for place, slot in enumerate(slots) if (held := slot[side]) is not None and held < at]
    return max(before)[1] + 1 if before else 0


def _pairs(before: list[Fields], after: list[Fields]) -> dict[int, int]:
    """Which item of the first list is which of the second: equal ones, then equal matters, then equal places."""
    keys = [[tuple(sorted(one.items())) for one in side] for side in (before, after)]
    names = [[one.get("matter", "") for one in side] for side in (before, after)]
    pairs = _matched(keys[0], keys[1], (0, len(before)), (0, len(after)))
    for name_wise in (True, False):
        for left, right in _gaps(pairs, len(before), len(after)):
            if name_wise:
                pairs |= _matched(names[0], names[1], left, right)
            elif left[1] - left[0] == right[1] - right[0]:
                pairs |= dict(zip(range(*left), range(*right), strict=True))
    return pairs


def _matched(
    before: Sequence[object], after: Sequence[object], left: tuple[int, int], right: tuple[int, int]
) -> dict[int, int]:
    ours, theirs = before[slice(*left)], after[slice(*right)]
    # repr: the matcher needs values that can be compared and kept in a set.
    blocks = SequenceMatcher(None, [repr(one) for one in ours], [repr(one) for one in theirs], autojunk=False)
    return {
        left[0] + block.a + step: right[0] + block.b + step
        for block in blocks.get_matching_blocks()
        for step in range(block.size)
    }


def _gaps(pairs: Mapping[int, int], before: int, after: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """What lies between the pairs, on both sides."""
    edges = [(-1, -1), *sorted(pairs.items()), (before, after)]
    return [
        ((left + 1, next_left), (right + 1, next_right)) for (left, right), (next_left, next_right) in pairwise(edges)
    ]


# ---------------------------------------------------------------------------------------------------------- documents
def _documents(sheets: Sequence[Groups], shared: frozenset[str]) -> list[dict[str, Fields]]:
    """Documents of the common history keep their keys; of the others, the same file on the same row is the same."""
    base, ours, theirs = sheets
    found: list[dict[str, Fields]] = [dict(base), dict(ours), {}]
    free = [key for key in ours if key not in shared]
    fresh = max((int(key) for groups in sheets for key in groups), default=0) + 1
    for key, stored in theirs.items():
        if key in shared:
            found[2][key] = stored
            continue
        same = next((one for one in free if _is_same_file(ours[one], stored)), None)
        if same is not None:
            free.remove(same)
        else:
            same, fresh = str(fresh), fresh + 1
        found[2][same] = stored
    return found


def _is_same_file(one: Fields, other: Fields) -> bool:
    return all(one.get(name) == other.get(name) for name in _SAME_FILE)
