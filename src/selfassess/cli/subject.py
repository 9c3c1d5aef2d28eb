"""What a verb works on: the form in a draft or in an answers file, with its result; knows where catalogues lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.catalogue import shelf
from selfassess.catalogue.loader import load
from selfassess.errors import StoreError
from selfassess.intake import answers
from selfassess.scoring import find, score
from selfassess.store.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selfassess.domain.catalogue import Catalogue
    from selfassess.domain.entries import Entries
    from selfassess.domain.finding import Finding
    from selfassess.domain.previous import PreviousYear
    from selfassess.domain.scorecard import Scorecard
    from selfassess.paths import Places

_READ_ONLY = frozenset({"E310", "E311"})
"""Refusals of a draft that can be read and not written."""


class Subject(Struct, frozen=True, kw_only=True):
    """A form with what was entered and its result.

    Attributes:
        catalogue: The rules.
        entries: What was entered.
        scorecard: The result of exactly these two.
        previous: Last year's form, where a draft keeps it.
        evidence: How many supporting documents a row has, by its code; None for an answers file, which can hold none.
    """

    catalogue: Catalogue
    entries: Entries
    scorecard: Scorecard
    previous: PreviousYear | None = None
    evidence: Mapping[str, int] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be looked at before filing, as the window tells it."""
        return find(self.catalogue, self.entries, self.scorecard, previous=self.previous, evidence=self.evidence)


def catalogue_of(reference: str, places: Places) -> Catalogue:
    """The catalogue of this name, or in this file.

    Args:
        reference: ``id/edition``, or the path of a catalogue's file, whatever its suffix.
        places: Where catalogues lie.

    Raises:
        CatalogueError: There is none, or it cannot be used.
    """
    if reference.endswith(".toml") or os.path.isfile(reference):  # noqa: PTH113  (a path can be impossible)
        return load(Path(reference))
    return load(shelf.find(reference, (places.catalogues, places.own_catalogues)))


def subject_of(path: Path, places: Places, catalogue: str | None = None) -> Subject:
    """The form in a file.

    Args:
        path: A draft, or an answers file (``.toml``).
        places: Where catalogues lie.
        catalogue: Name or file of the catalogue for an answers file; None: the one that the file names.

    Raises:
        UserError: The file cannot be read, does not fit its catalogue, or brings its own and was given another.
    """
    if is_answers_file(path):
        file = answers.read(path)
        rules = catalogue_of(catalogue or file.catalogue, places)
        entries = answers.entries_of(file, rules)
        return Subject(catalogue=rules, entries=entries, scorecard=score(rules, entries))
    if catalogue is not None:
        raise StoreError("E339", path=path, catalogue=catalogue)
    with opened(path, places) as draft:
        return Subject(
            catalogue=draft.catalogue,
            entries=draft.entries,
            scorecard=draft.scorecard,
            previous=draft.previous,
            evidence=draft.evidence_counts,
        )


def opened(path: Path, places: Places, verb: str = "") -> Draft:
    """A draft; to be read only, of an automatic copy or on a medium that nobody may write, a private copy of it.

    Args:
        path: The draft.
        places: Where automatic copies lie.
        verb: What shall be done to it; "" when it is only read.

    Raises:
        StoreError: It cannot be opened, or shall be changed and is an automatic copy.
    """
    is_backup = _is_within(path, places.backups)
    if is_backup and verb:
        raise StoreError("E395", path=path, verb=verb)
    try:
        if not is_backup:
            return Draft.open(path)
    except StoreError as error:
        if verb or error.code not in _READ_ONLY:
            raise
    from selfassess.store.snapshot import look  # noqa: PLC0415  (rare)

    return look(path)


def _is_within(path: Path, folder: Path) -> bool:
    """Whether nothing but a copy of a draft can lie there, by whatever name; a path may be impossible."""
    try:
        return Path(os.path.realpath(folder)) in Path(os.path.realpath(path)).parents
    except (OSError, ValueError):
        return False


def is_answers_file(path: Path) -> bool:
    """Whether a path names an answers file rather than a draft."""
    return path.suffix.lower() == ".toml"
