"""Two copies of one draft compared field by field against what they began from; pure, knows no files and no windows.

What only makes sense together is compared together (a *part*): everything that gives a row its points, a matter that
one side took out, a scope that this module does not know. So no merge mixes what nobody has seen side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.store.aligning import Aligned, align
from selfassess.store.fields import ADJUSTMENT, ANSWER, CATALOGUE, DECLARED, EVIDENCE, FIGURE, UNIT, Fields, Sheet
from selfassess.store.words import ADJUSTMENT_NAMES, ANSWER_NAMES, UNIT_NAMES

Place = tuple[str, str, str]
"""Scope, group and part: names a difference."""
Texts = Mapping[tuple[str, str], str]
"""Text by key and field; a field that is absent was not entered."""

SCORE = "score"
"""The part of a row that gives it its points: ticks, rate, option, points, 不涉及, 改分."""
WHOLE = "whole"
"""The part of a matter, a document or a scope that is there on one side only, or cannot be divided."""
_OWN_PARTS = frozenset({"reason", "remark"})
"""Fields of an answer that are parts of their own."""
FILE = "file"
"""The part of a document that makes it the one it is."""
_FILE_FIELDS = frozenset({"row", "sha256"})
_JOINABLE = {ANSWER: _OWN_PARTS, ADJUSTMENT: frozenset({"matter", "basis"})}
_SINGLE = frozenset({UNIT, FIGURE, DECLARED})
"""Scopes in which every field is a part of its own."""


class Origin(Enum):
    """Who changed a part since the common state: one side only, both alike, both differently."""

    OURS = "ours"
    THEIRS = "theirs"
    ALIKE = "alike"
    APART = "apart"


class Difference(Struct, frozen=True, kw_only=True):
    """A part that is not on both sides what it was.

    Attributes:
        scope: Its scope.
        key: Its group: row code, key of a figure; of a matter and of a document its number among all of both sides.
        part: A field, or :data:`SCORE`, :data:`WHOLE` …
        base: In the common state; empty when not entered, None when there is no common state.
        ours: In this draft.
        theirs: In the other.
        origin: Who changed it.
        about: The whole group as one of the sides has it: the matter or the document that this is a part of.
    """

    scope: str
    key: str
    part: str
    base: Texts | None
    ours: Texts
    theirs: Texts
    origin: Origin
    about: Fields

    @property
    def place(self) -> Place:
        """What names it in a comparison."""
        return self.scope, self.key, self.part

    @property
    def joinable(self) -> bool:
        """Whether both sides hold a text here, so that both can be kept, one below the other."""
        return self.part in _JOINABLE.get(self.scope, ()) and bool(self.ours and self.theirs)


class Comparison(Struct, frozen=True, kw_only=True):
    """Two drafts of the same form, compared.

    Attributes:
        differences: What differs from the common state, in the order of the form; what both changed alike included.
        has_base: Whether there is a common state.
        sides: All fields of both, under common keys.
    """

    differences: tuple[Difference, ...]
    has_base: bool
    sides: Aligned

    @property
    def differing(self) -> tuple[Difference, ...]:
        """What is not the same on both sides."""
        return tuple(one for one in self.differences if one.origin is not Origin.ALIKE)


def compare(base: Sheet | None, ours: Sheet, theirs: Sheet, catalogue: Catalogue, shared: Iterable[str]) -> Comparison:
    """What two drafts changed since they were one.

    Args:
        base: The fields of the last state that both went through; None: there is none.
        ours: The fields of this draft.
        theirs: The fields of the other.
        catalogue: The rules, for the order of rows.
        shared: Keys of supporting documents that mean the same document on both sides.
    """
    sides = align(base or {}, ours, theirs, frozenset(shared))
    found = [
        difference
        for scope in dict.fromkeys((*sides.ours, *sides.theirs, *sides.base))
        for difference in _of_scope(scope, sides, has_base=base is not None)
    ]
    order = _Order(catalogue)
    return Comparison(differences=tuple(sorted(found, key=order)), has_base=base is not None, sides=sides)


def _of_scope(scope: str, sides: Aligned, *, has_base: bool) -> Iterable[Difference]:
    parts: dict[tuple[str, str], tuple[dict[tuple[str, str], str], ...]] = {}
    sheets = [sheet.get(scope, {}) for sheet in (sides.base, sides.ours, sides.theirs)]
    for side, groups in enumerate(sheets):
        for key, stored in groups.items():
            lonely = not all(key in sheet for sheet in sheets[1:])
            for field, text in stored.items():
                three = parts.setdefault(_part_of(scope, key, field, lonely=lonely), ({}, {}, {}))
                three[side][key, field] = text
    for (key, part), (base, ours, theirs) in parts.items():
        origin = _origin(base if has_base else None, ours, theirs)
        if origin is not None:
            yield Difference(
                scope=scope,
                key=key,
                part=part,
                base=base if has_base else None,
                ours=ours,
                theirs=theirs,
                origin=origin,
                about=sheets[1].get(key) or sheets[2].get(key) or {},
            )


def _part_of(scope: str, key: str, field: str, *, lonely: bool) -> tuple[str, str]:
    if scope == ANSWER:
        return key, field if field in _OWN_PARTS else SCORE
    if scope in _SINGLE:
        return key, field
    if scope in (ADJUSTMENT, EVIDENCE):
        if lonely:
            return key, WHOLE
        return key, FILE if scope == EVIDENCE and field in _FILE_FIELDS else field
    return "", WHOLE


def _origin(base: Texts | None, ours: Texts, theirs: Texts) -> Origin | None:
    """Who changed a part; None: nobody did. Without a common state, what only one side has is that side's."""
    if ours == theirs:
        return None if base is None or base == ours else Origin.ALIKE
    common: Texts = {} if base is None else base
    if ours == common:
        return Origin.THEIRS
    return Origin.OURS if theirs == common else Origin.APART


class _Order:
    """Sorts as the form has it: rules, unit, figures, rows, matters, documents, the rest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._scopes = {
            scope: at for at, scope in enumerate((CATALOGUE, UNIT, FIGURE, ANSWER, ADJUSTMENT, EVIDENCE, DECLARED))
        }
        self._parts = {name: at for at, name in enumerate((SCORE, *UNIT_NAMES, *ANSWER_NAMES, *ADJUSTMENT_NAMES))}
        rows = [row.code for _, row in catalogue.indicators()]
        self._keys = {key: at for at, key in enumerate((*(one.key for one in catalogue.figures), *rows))}

    def __call__(self, one: Difference) -> tuple[int, int, int, str]:
        number = int(one.key) if one.scope in (ADJUSTMENT, EVIDENCE) else self._keys.get(one.key, 0)
        last = len(self._scopes)
        return self._scopes.get(one.scope, last), number, self._parts.get(one.part, last), one.part
