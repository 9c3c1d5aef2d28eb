"""A finished PDF, opened again by another library and compared with what it should hold; knows no layout."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import ExportError
from selfassess.export.characters import printable
from selfassess.export.fonts import is_shaped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selfassess.export.rows import Annex

_EVERY_PAGE = 60
"""Up to this many pages all are read; of a longer file the first, the last and evenly spread ones."""


def check_pdf(path: Path, pages: int, annex: Annex, target: Path) -> None:
    """Open a PDF and see that it is whole.

    Args:
        path: The finished file, still beside its target.
        pages: Pages it should have.
        annex: What it should say.
        target: The file it is meant to become, for the message.

    Raises:
        ExportError: It cannot be opened, or pages or text are missing.
    """
    pypdfium2 = _pdfium()
    try:
        document = pypdfium2.PdfDocument(path.read_bytes())
    except pypdfium2.PdfiumError as error:
        raise ExportError("E417", path=target, detail=str(error)) from error
    try:
        if len(document) != pages:
            raise ExportError("E417", path=target, detail=f"应有 {pages} 页，实有 {len(document)} 页")
        read = range(pages) if pages <= _EVERY_PAGE else sorted({*range(0, pages, pages // _EVERY_PAGE), pages - 1})
        found = {place: _text_of(document[place]) for place in read}
    finally:
        document.close()
    for wanted in _missing_texts(annex, found, whole=len(found) == pages):
        raise ExportError("E417", path=target, detail=f"缺少文字“{wanted}”")


def _pdfium() -> Any:
    """pdfium, which has no types; it costs 130 ms, which a start of the program need not pay."""
    import pypdfium2  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    return pypdfium2


def _text_of(page: Any) -> str:
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
        return _packed(text)
    finally:
        text_page.close()


def _missing_texts(annex: Annex, found: dict[int, str], *, whole: bool) -> Iterator[str]:
    """Texts that should be there and are not: the title, the check code on each page, every name of a row."""
    first = found[min(found)]
    if _packed(annex.title) not in first:
        yield annex.title
    for text in found.values():
        if _packed(annex.footer.check_code) not in text:
            yield annex.footer.check_code
    if whole:
        everything = "".join(found.values())
        content = annex.index(ColumnKey.CONTENT)
        for row in annex.rows:
            covered = content if row.content_rows == 0 else None
            wanted = next((text for place, text in enumerate(row.texts) if text and place != covered), "")
            # Its beginning only: the end of a very long name may stand on the next page, behind a header.
            if _packed(wanted)[:40] not in everything:
                yield wanted


def _packed(text: str) -> str:
    """The letters, digits and ideographs of a text: what every reader gives back alike.

    Blanks and hyphens depend on where lines end; readers resolve compatibility forms, reorder combining marks, and may
    give back the letters of a stack twice.
    """
    resolved = unicodedata.normalize("NFKD", printable(text))
    return "".join(character for character in resolved if character.isalnum() and not is_shaped(character))
