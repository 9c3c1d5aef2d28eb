"""What a draft holds, as flat fields of text by scope and key, and how they change; knows no values and no SQL."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Fields = Mapping[str, str]
"""Text by field name."""
Group = tuple[str, str]
"""Scope and key: one answer, one figure, one matter, the unit."""
Sheet = Mapping[str, Mapping[str, Fields]]
"""Fields by scope and key: everything a draft's ``entry`` table holds."""

ANSWER = "answer"
FIGURE = "figure"
UNIT = "unit"
ADJUSTMENT = "adjustment"
DECLARED = "declared"
CATALOGUE = "catalogue"
EVIDENCE = "evidence"
PREVIOUS = "previous"
ENTRY_SCOPES = (ANSWER, FIGURE, UNIT, ADJUSTMENT, DECLARED)
"""The scopes that make up :class:`Entries`."""
SCOPES = (*ENTRY_SCOPES, CATALOGUE, EVIDENCE, PREVIOUS)


class UnreadableError(Exception):
    """A field from a file that no program of ours wrote; the store turns it into a refusal.

    Args:
        scope: Its scope.
        key: Its key.
        field: Its name.
        value: Its text.
    """

    def __init__(self, scope: str, key: str, field: str, value: str) -> None:
        super().__init__(scope, key, field, value)
        self.scope = scope
        self.key = key
        self.field = field
        self.value = value


class Change(Struct, frozen=True, kw_only=True):
    """One field before and after; None: absent."""

    scope: str
    key: str
    field: str
    before: str | None
    after: str | None

    @property
    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(scope=self.scope, key=self.key, field=self.field, before=self.after, after=self.before)


def changes_of(scope: str, key: str, before: Fields, after: Fields) -> list[Change]:
    """What differs between two states of a group.

    Args:
        scope: Its scope.
        key: Its key.
        before: Its fields before; empty when it was not there.
        after: Its fields after; empty when it is gone.
    """
    return [
        Change(scope=scope, key=key, field=name, before=before.get(name), after=after.get(name))
        for name in (*after, *(name for name in before if name not in after))
        if before.get(name) != after.get(name)
    ]
