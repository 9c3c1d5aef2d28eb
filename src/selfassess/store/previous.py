"""Last year's form (上年自评) as flat fields of a draft and back, exactly; knows no SQL and no other draft.

A field that is absent was empty, as in an answer: so blank, 0 and 不涉及 without a reason stay three different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import NODEFAULT
from msgspec.structs import fields

from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.store.codec import read_count, read_number, write_number, write_text
from selfassess.store.fields import PREVIOUS, Fields, UnreadableError

_HEAD = ("unit", "year", "title")
"""Fields of the group with the empty key, which stands for the form."""
_FIELDS: Mapping[str, tuple[Callable[..., str], Callable[[str], object]]] = {
    "name": (write_text, str),
    "full_points": (write_number, read_number),
    "points": (write_number, read_number),
    "not_applicable": (write_text, str),
    "override": (write_text, str),
    "reason": (write_text, str),
    "remark": (write_text, str),
    "documents": (str, read_count),
}
_DEFAULTS = {field.name: field.default for field in fields(PreviousRow)}
"""What an absent field means; ``NODEFAULT`` where it may not be absent."""


def write_previous(previous: PreviousYear) -> dict[str, dict[str, str]]:
    """Last year's form as groups of its scope.

    Raises:
        InputError: A number that cannot be stored.
    """
    head = {name: write_text(getattr(previous, name)) for name in _HEAD}
    return {"": head, **{code: _write_row(row) for code, row in previous.rows.items()}}


def _write_row(row: PreviousRow) -> dict[str, str]:
    values = ((name, getattr(row, name)) for name in _FIELDS)
    return {name: _FIELDS[name][0](value) for name, value in values if value != _DEFAULTS[name]}


def read_previous(groups: Mapping[str, Fields]) -> PreviousYear:
    """Last year's form of these groups.

    Raises:
        UnreadableError: A field is unknown, missing or unreadable.
    """
    head = groups.get("", {})
    for name in {*head, *_HEAD}:
        if name not in _HEAD or name not in head:
            raise UnreadableError(PREVIOUS, "", name, head.get(name, ""))
    rows = {code: _read_row(code, stored) for code, stored in groups.items() if code}
    return PreviousYear(unit=head["unit"], year=head["year"], title=head["title"], rows=MappingProxyType(rows))


def _read_row(code: str, stored: Fields) -> PreviousRow:
    for name, default in _DEFAULTS.items():
        if default is NODEFAULT and name not in stored:
            raise UnreadableError(PREVIOUS, code, name, "")
    values = {name: _read_field(code, name, text) for name, text in stored.items()}
    return PreviousRow(**values)  # pyright: ignore[reportArgumentType]  # the table above gives each field its type


def _read_field(code: str, name: str, text: str) -> object:
    try:
        value = _FIELDS[name][1](text)
    except (KeyError, ValueError) as error:
        raise UnreadableError(PREVIOUS, code, name, text) from error
    if value == _DEFAULTS[name]:  # it would have been left out
        raise UnreadableError(PREVIOUS, code, name, text)
    return value
