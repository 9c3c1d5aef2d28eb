"""Which rules a damaged draft had, where its own can be read no more; reads no draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from selfassess.catalogue import shelf
from selfassess.catalogue.loader import load, loads
from selfassess.domain.catalogue import Catalogue
from selfassess.errors import CatalogueError
from selfassess.store.choosing import Choice
from selfassess.store.contents import written_catalogue
from selfassess.store.fields import ANSWER, CATALOGUE
from selfassess.store.remains import Remains


class Rules(Struct, frozen=True, kw_only=True):
    """The rules for the new draft.

    Attributes:
        catalogue: The rules.
        words: Where they come from, in a sentence or two.
        certain: Whether they are the very ones the draft had.
    """

    catalogue: Catalogue
    words: str
    certain: bool


def rules_of(remains: Remains, choice: Choice, folders: Sequence[Path], given: Catalogue | None) -> Rules | None:
    """The rules of a damaged draft: its own, the same from the shelf, older ones of its own, or the likeliest.

    Args:
        remains: What was found in it.
        choice: The fields it had last.
        folders: Where catalogues lie.
        given: The rules to take where its own cannot be read.

    Returns:
        The rules; None when nobody knows which.
    """
    wanted = choice.values.get((CATALOGUE, "", "sha256"))
    reference = remains.head.reference if remains.head else ""
    own = _loaded(remains.catalogues, wanted)
    if own is not None:
        return Rules(catalogue=own, words=f"{own.reference}，从草稿中完整读出。", certain=True)
    older = next((one for sha in reversed(list(remains.catalogues)) if (one := _loaded(remains.catalogues, sha))), None)
    reference = reference or (older.reference if older else "")
    shown = [given, *_shelf(folders)] if given else _shelf(folders)
    same = next((one for one in shown if written_catalogue(one).sha256 == wanted), None) if wanted else None
    if same is not None:
        words = f"{same.reference}，草稿中的读不出来，已换用程序里的同一份（校验值相同）。"
        return Rules(catalogue=same, words=words, certain=True)
    if older is not None:
        words = f"{older.reference}，用的是草稿中较早的一份，后来的更正没有救回。请核对各行的文字和分值。"
        return Rules(catalogue=older, words=words, certain=False)
    found = given or _on_shelf(reference, folders)
    if found is None:
        found = _best_fitting(choice, folders)
        words = "，不知道草稿原来用的是哪一份，这是按序号推断的。请核对各行的文字和分值。"
        return None if found is None else Rules(catalogue=found, words=f"{found.reference}{words}", certain=False)
    words = f"{found.reference}，草稿中的读不出来，已换用程序里的同名版本。本单位更正过的，请重新更正。"
    return Rules(catalogue=found, words=words, certain=False)


def _loaded(texts: Mapping[str, str], sha256: str | None) -> Catalogue | None:
    if sha256 is None or sha256 not in texts:
        return None
    try:
        return loads(texts[sha256], sha256)
    except CatalogueError:
        return None


def _on_shelf(reference: str, folders: Sequence[Path]) -> Catalogue | None:
    if not reference:
        return None
    try:
        return load(shelf.find(reference, folders))
    except CatalogueError:
        return None


def _shelf(folders: Sequence[Path]) -> list[Catalogue]:
    entries = [entry for folder in folders for entry in shelf.shipped(folder)]
    return [entry.catalogue for entry in entries if entry.catalogue is not None]


def _best_fitting(choice: Choice, folders: Sequence[Path]) -> Catalogue | None:
    """The one catalogue for filing that has most of the rows that were answered; None when there are several or none.

    Not all of them: the damage may have made a row of its own out of one.
    """
    codes = {key for scope, key, _ in choice.values if scope == ANSWER}
    fits = [(len(codes & {row.code for _, row in one.indicators()}), one) for one in _shelf(folders) if one.for_filing]
    most = max((fit for fit, _ in fits), default=0)
    best = [one for fit, one in fits if fit == most]
    return best[0] if len(best) == 1 and 2 * most > len(codes) else None
