"""Compares two open drafts, and merges what was chosen of the other into the one, as a single step."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import count

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import StoreError
from selfassess.scoring import score
from selfassess.store import codec, creation
from selfassess.store.comparison import Comparison, compare
from selfassess.store.contents import CatalogueText, written_catalogue
from selfassess.store.draft import Draft
from selfassess.store.edits import Effect
from selfassess.store.evidence import next_key, put_bytes, read_evidence
from selfassess.store.fields import CATALOGUE, EVIDENCE, Fields
from selfassess.store.lineage import Parting, parting_of
from selfassess.store.merging import Choices, Merged, merge
from selfassess.store.refusals import refusing
from selfassess.wording import in_marks

_LABEL = "合并自"


class Pair(Struct, frozen=True, kw_only=True):
    """Two drafts as they were when they were compared.

    Attributes:
        comparison: What differs.
        parting: The state from which they went different ways; None when there is none.
        ours: Rules of the draft that may take something over.
        theirs: Rules of the other.
        name: File name of the other.
        checksum: Of all fields of the draft that may take something over.
    """

    comparison: Comparison
    parting: Parting | None
    ours: Catalogue
    theirs: Catalogue
    name: str
    checksum: int


class Preview(Struct, frozen=True, kw_only=True):
    """What a merge would give.

    Attributes:
        merged: The fields.
        entries: What they mean.
        scorecard: The result, by the one engine.
    """

    merged: Merged
    entries: Entries
    scorecard: Scorecard


def compare_drafts(ours: Draft, theirs: Draft, name: str) -> Pair:
    """What differs between two drafts.

    Args:
        ours: An open draft.
        theirs: Another, or a view of one.
        name: File name of the other, as people know it.

    Raises:
        StoreError: They are of different forms, or cannot be read.
    """
    if _shape(ours.catalogue) != _shape(theirs.catalogue):
        raise StoreError("E385", name=name, ours=ours.catalogue.reference, theirs=theirs.catalogue.reference)
    with refusing(theirs.path):
        parting = parting_of(ours.sql, theirs.sql)
    comparison = compare(
        None if parting is None else parting.sheet,
        ours.contents.sheet,
        theirs.contents.sheet,
        ours.catalogue,
        () if parting is None else parting.documents,
    )
    return Pair(
        comparison=comparison,
        parting=parting,
        ours=ours.catalogue,
        theirs=theirs.catalogue,
        name=name,
        checksum=ours.contents.checksum,
    )


def preview(pair: Pair, choices: Choices) -> Preview:
    """What the choices would give, scored.

    Args:
        pair: The comparison.
        choices: Of its parts; one that is not decided stays as it is in this draft.
    """
    merged = merge(pair.comparison, choices, pair.ours)
    entries = codec.read_entries(merged.sheet)
    return Preview(merged=merged, entries=entries, scorecard=score(_rules(pair, merged), entries))


def merge_drafts(draft: Draft, other: Draft, pair: Pair, choices: Choices) -> Effect | None:
    """Takes over what was chosen as one step, with what was not chosen told below its name.

    Args:
        draft: The draft that takes over.
        other: The other; it stays as it is.
        pair: Their comparison.
        choices: Of its parts.

    Returns:
        What changed; None when nothing did.

    Raises:
        StoreError: The draft was changed since it was compared, the disk refuses, or a document of the other is
            damaged; nothing was taken.
    """
    if draft.contents.checksum != pair.checksum:
        raise StoreError("E387", name=pair.name)
    merged = merge(pair.comparison, choices, pair.ours)
    sheet = dict(merged.sheet)
    rules: CatalogueText | None = None
    if _rules(pair, merged) is not pair.ours:
        rules = written_catalogue(pair.theirs)
        sheet[CATALOGUE] = {"": {"sha256": rules.sha256}}
    with refusing(draft.path):
        sheet[EVIDENCE] = _renamed(sheet.get(EVIDENCE, {}), draft, pair)
    known = {one.sha256 for one in draft.contents.evidence}
    taken = [one for one in read_evidence(sheet[EVIDENCE]) if one.sha256 not in known]

    def bring(sql: sqlite3.Connection) -> None:
        if rules is not None:
            creation.put_catalogue(sql, rules.sha256, rules.text)
        for document in taken:
            put_bytes(sql, document.sha256, other.evidence_bytes(document))

    label = "\n".join([f"{_LABEL}{in_marks(pair.name)}", *merged.left])
    catalogue = pair.ours if rules is None else rules.catalogue
    return draft.put_sheet(sheet, label, catalogue=catalogue, also=bring)


def reports(draft: Draft) -> tuple[str, ...]:
    """What earlier merges did not take, newest first: moment, name and a line for each.

    Args:
        draft: An open draft.
    """
    with refusing(draft.path):
        rows = draft.sql.execute(
            "SELECT at, label FROM step WHERE kind = 'edit' AND label LIKE ? ORDER BY id DESC", (f"{_LABEL}%",)
        ).fetchall()
    return tuple(f"{at[:16].replace('T', ' ')}　{label}" for at, label in rows)


def _shape(catalogue: Catalogue) -> tuple[object, ...]:
    """What must be alike for rows of two drafts to mean the same."""
    return (
        catalogue.id,
        catalogue.edition,
        tuple(one.code for one in catalogue.categories),
        tuple(one.code for _, one in catalogue.indicators()),
        frozenset(one.key for one in catalogue.figures),
    )


def _rules(pair: Pair, merged: Merged) -> Catalogue:
    sides = pair.comparison.sides
    return pair.ours if merged.sheet.get(CATALOGUE) == sides.ours.get(CATALOGUE) else pair.theirs


def _renamed(documents: Mapping[str, Fields], draft: Draft, pair: Pair) -> dict[str, Fields]:
    """Documents that come over get keys that no document of this draft ever had."""
    kept = {*draft.contents.sheet.get(EVIDENCE, {}), *(pair.parting.documents if pair.parting else ())}
    fresh = map(str, count(int(next_key(draft.sql))))
    return {key if key in kept else next(fresh): documents[key] for key in sorted(documents, key=int)}
