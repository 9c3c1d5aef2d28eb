"""A finished PDF, opened again by another library and compared with what it should hold; knows no layout."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import ExportError
from selfassess.export.characters import printable
from selfassess.export.pdfium import ALONE, NoPdfError, open_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from selfassess.export.rows import Annex

_UNSTEADY = re.compile("[\\W_\u0f00-\u0fff]+")
"""All but letters, digits and ideographs, and the script whose letters stand in stacks."""
_EVERY_PAGE = 32
"""Up to this many pages all are read; of a longer file the first, the last and evenly spread ones."""


def check_pdf(
    path: Path, pages: int, annex: Annex, target: Path, keys: Sequence[bytes] = (), known: ReadTexts | None = None
) -> None:
    """Open a PDF and see that it is whole.

    Args:
        path: The finished file, still beside its target.
        pages: Pages it should have.
        annex: What it should say.
        target: The file it is meant to become, for the message.
        keys: For each page what its text depends on, its footer left out; () when nothing is remembered.
        known: Texts of the pages of the last file that was right; brought up to date.

    Raises:
        ExportError: It cannot be opened, or pages or text are missing.
    """
    read = range(pages) if pages <= _EVERY_PAGE else sorted({*range(0, pages, pages // _EVERY_PAGE), pages - 1})
    # Reading costs as much as setting, so a page that is the same as in the last file that was right is not read
    # again. One page is read always: the footer with the check code is new on all of them.
    found = {place: known.text(keys[place]) for place in read} if known and keys else {}
    found = {place: text for place, text in found.items() if text is not None}
    fresh = _texts_of(path.read_bytes(), pages, [place for place in read if place not in found] or [0], target)
    for wanted in _missing_texts(annex, fresh, found, whole=len(read) == pages):
        raise ExportError("E417", path=target, detail=f"缺少文字“{wanted}”")
    if known is not None and keys:
        known.keep({keys[place]: text for place, text in {**found, **fresh}.items()})


class ReadTexts:
    """Texts of the pages of the last file that was found right, by what they depend on."""

    def __init__(self) -> None:
        self._texts: Mapping[bytes, str] = {}

    def text(self, key: bytes) -> str | None:
        """What a page said; None when it was not in that file."""
        return self._texts.get(key)

    def keep(self, texts: Mapping[bytes, str]) -> None:
        """Remember the pages of another file in place of those of the last."""
        self._texts = texts


def _texts_of(data: bytes, pages: int, wanted: Sequence[int], target: Path) -> dict[int, str]:
    """What wanted pages say, counted from 0, of a file that should have so many."""
    with ALONE:
        try:
            document = open_pdf(data)
        except NoPdfError as error:
            raise ExportError("E417", path=target, detail=str(error)) from error
        try:
            if len(document) != pages:
                raise ExportError("E417", path=target, detail=f"应有 {pages} 页，实有 {len(document)} 页")
            return {place: _text_of(document[place]) for place in wanted}
        finally:
            document.close()


def _text_of(page: Any) -> str:
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
        return _steady(text)
    finally:
        text_page.close()


def _missing_texts(annex: Annex, fresh: Mapping[int, str], known: Mapping[int, str], *, whole: bool) -> Iterator[str]:
    """Texts that should be there and are not: the title, the check code on each page, every name of a row."""
    texts = {**known, **fresh}
    if _packed(annex.title) not in texts[0]:
        yield annex.title
    for text in fresh.values():
        if _packed(annex.footer.check_code) not in text:
            yield annex.footer.check_code
    if whole:
        everything = "".join(text for _, text in sorted(texts.items()))
        content = annex.index(ColumnKey.CONTENT)
        for row in annex.rows:
            covered = content if row.content_rows == 0 else None
            wanted = next((text for place, text in enumerate(row.texts) if text and place != covered), "")
            # Its beginning only: the end of a very long name may stand on the next page, behind a header.
            if _packed(wanted)[:40] not in everything:
                yield wanted


def _packed(text: str) -> str:
    """What is compared of a text that was entered: of what is printed of it, what every reader gives back."""
    return _steady(printable(text))


def _steady(text: str) -> str:
    """The letters, digits and ideographs of a text: what every reader gives back alike.

    Blanks and hyphens depend on where lines end; readers resolve compatibility forms, reorder combining marks, and may
    give back the letters of a stack twice.
    """
    return _UNSTEADY.sub("", unicodedata.normalize("NFKD", text))
