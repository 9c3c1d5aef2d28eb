"""What a draft holds, as one frozen value: the fields on disk and what they mean; knows SQL only to load itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.catalogue.loader import loads
from selfassess.catalogue.writer import dumps
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.errors import CatalogueError, StoreError
from selfassess.store import codec, digest
from selfassess.store.evidence import Evidence, read_evidence
from selfassess.store.fields import (
    ANSWER,
    CATALOGUE,
    EVIDENCE,
    FIGURE,
    PREVIOUS,
    SCOPES,
    Change,
    Fields,
    Group,
    UnreadableError,
)
from selfassess.store.words import place_of

if TYPE_CHECKING:
    from selfassess.domain.previous import PreviousYear

_MOST_SHOWN = 40
"""Characters of an unreadable value that a refusal quotes."""


class Contents(Struct, frozen=True, kw_only=True):
    """One state of a draft.

    Attributes:
        catalogue: The rules.
        entries: What was entered.
        evidence: Supporting documents, in the order they were taken in.
        previous: Last year's form; None when none was taken in.
        sheet: The same as fields by scope and key.
        checksum: Of all fields.
    """

    catalogue: Catalogue
    entries: Entries
    evidence: tuple[Evidence, ...]
    previous: PreviousYear | None
    sheet: Mapping[str, Mapping[str, Fields]]
    checksum: int

    def fields(self, scope: str, key: str) -> Fields:
        """The fields of a group; none when it is not there."""
        return self.sheet.get(scope, {}).get(key, {})


class CatalogueText(Struct, frozen=True, kw_only=True):
    """A catalogue as it lies in a draft.

    Attributes:
        catalogue: What the text says.
        text: TOML.
        sha256: Names the text.
    """

    catalogue: Catalogue
    text: str
    sha256: str


def written_catalogue(catalogue: Catalogue) -> CatalogueText:
    """A catalogue as text, proved by reading it back.

    Raises:
        CatalogueError: It says what no catalogue may say.
    """
    text = codec.write_text(dumps(catalogue))
    read_back = loads(text, catalogue.reference)
    return CatalogueText(catalogue=read_back, text=text, sha256=digest.digest_of_bytes(text.encode()))


def stored_catalogue(
    sql: sqlite3.Connection, sha256: str, path: Path, known: MutableMapping[str, Catalogue] | None = None
) -> Catalogue:
    """A catalogue out of a draft.

    Args:
        sql: A connection.
        sha256: Names its text.
        path: The draft, to name it in a refusal.
        known: Catalogues by their texts' names, which need not be read again; this one is added.

    Raises:
        StoreError: It is missing, changed, or cannot be read.
    """
    row = sql.execute("SELECT text FROM catalogue WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise StoreError("E325", path=path, detail="文件中没有这一份")
    text: str = row[0]
    if digest.digest_of_bytes(text.encode()) != sha256:
        raise StoreError("E325", path=path, detail="内容与登记的校验值不符")
    if known is not None and sha256 in known:
        return known[sha256]
    try:
        catalogue = loads(text, str(path))
    except CatalogueError as error:
        raise StoreError("E325", path=path, detail="；".join((error.message, *error.faults[:1]))) from error
    if known is not None:
        known[sha256] = catalogue
    return catalogue


def load(sql: sqlite3.Connection, path: Path, known: MutableMapping[str, Catalogue] | None = None) -> Contents:
    """What a draft holds now.

    Args:
        sql: A connection.
        path: The draft, to name it in a refusal.
        known: As of :func:`stored_catalogue`.

    Raises:
        StoreError: A field is unknown or unreadable, or the checksum does not match.
        sqlite3.Error: The file cannot be read.
    """
    sheet: dict[str, dict[str, dict[str, str]]] = {scope: {} for scope in SCOPES}
    for scope, key, field, value in sql.execute("SELECT scope, key, field, value FROM entry"):
        if scope not in sheet:
            raise _unreadable(path, UnreadableError(scope, key, field, value))
        sheet[scope].setdefault(key, {})[field] = value
    checksum = digest.sum_of(sheet)
    stored = sql.execute("SELECT contents FROM step ORDER BY id DESC LIMIT 1").fetchone()
    catalogue_of_draft = sheet[CATALOGUE].get("", {}).get("sha256")
    if stored is None or catalogue_of_draft is None:
        raise StoreError("E306", path=path, detail="缺少必需的内容")
    try:
        entries = codec.read_entries(sheet)
        evidence = read_evidence(sheet[EVIDENCE])
        previous = _read_previous(sheet[PREVIOUS])
    except UnreadableError as error:
        raise _unreadable(path, error) from error
    if digest.as_text(checksum) != stored[0]:
        raise StoreError("E306", path=path, detail="填报内容与校验值不符")
    catalogue = stored_catalogue(sql, catalogue_of_draft, path, known)
    groups = [(scope, key) for scope, groups in sheet.items() for key in groups]
    unknown = unknown_place(catalogue, [*groups, *((ANSWER, one.row) for one in evidence)])
    if unknown is not None:
        raise StoreError("E319", path=path, place=unknown[0], value=_shortened(unknown[1]))
    return Contents(
        catalogue=catalogue, entries=entries, evidence=evidence, previous=previous, sheet=sheet, checksum=checksum
    )


def moved(before: Contents, changes: Iterable[Change], catalogue: Catalogue | None = None) -> Contents:
    """The contents after some changes.

    Args:
        before: The contents before; they stay as they are.
        changes: What changed.
        catalogue: The rules after, when they are among the changes.

    Raises:
        UnreadableError: A change puts in what cannot be read; only a damaged history does.
    """
    changes = tuple(changes)
    sheet: dict[str, Mapping[str, Fields]] = dict(before.sheet)
    touched = {(change.scope, change.key) for change in changes}
    scopes = {scope for scope, _ in touched}
    for scope in scopes:
        groups = dict(sheet[scope])
        for change in changes:
            if change.scope == scope:
                _apply(groups, change)
        sheet[scope] = groups
    return Contents(
        catalogue=catalogue or before.catalogue,
        entries=codec.reread(before.entries, sheet, touched),
        evidence=read_evidence(sheet[EVIDENCE]) if EVIDENCE in scopes else before.evidence,
        previous=_read_previous(sheet[PREVIOUS]) if PREVIOUS in scopes else before.previous,
        sheet=sheet,
        checksum=digest.moved_sum(before.checksum, changes),
    )


def _read_previous(groups: Mapping[str, Fields]) -> PreviousYear | None:
    if not groups:
        return None
    # Most drafts hold none: their opening need not pay for it.
    from selfassess.store.previous import read_previous  # noqa: PLC0415  (a draft without it loads none of it)

    return read_previous(groups)


def _apply(groups: dict[str, Fields], change: Change) -> None:
    stored = dict(groups.get(change.key, {}))
    if change.after is None:
        stored.pop(change.field, None)
    else:
        stored[change.field] = change.after
    if stored:
        groups[change.key] = stored
    else:
        groups.pop(change.key, None)


def _unreadable(path: Path, error: UnreadableError) -> StoreError:
    place = place_of(error.scope, error.key, error.field)
    return StoreError("E319", path=path, place=_shortened(place), value=_shortened(error.value))


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def unknown_place(catalogue: Catalogue, groups: Iterable[Group]) -> tuple[str, str] | None:
    """The first place that the rules do not have: what kind it is of, in words, and its name.

    Args:
        catalogue: The rules.
        groups: Where something is entered.
    """
    known = {
        ANSWER: ("序号", {indicator.code for _, indicator in catalogue.indicators()}),
        FIGURE: ("数据", {figure.key for figure in catalogue.figures}),
    }
    for scope, key in groups:
        words, names = known.get(scope, ("", {key}))
        if key not in names:
            return words, key
    return None
