"""The annex as PDF/A-2b: set, checked and written; the one door to everything in ``pdf_*``.

Fonts, set texts and packed pages are kept in an :class:`AnnexPrinter` from export to export, so that a preview follows
typing.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.errors import ExportError
from selfassess.export import pdf_pages
from selfassess.export.files import write_beside
from selfassess.export.fonts import FontShelf, Role, Typeface
from selfassess.export.missing import MissingCharacter, missing_characters, refuse_missing
from selfassess.export.pdf_check import ReadTexts, check_pdf
from selfassess.export.pdf_file import PdfFile
from selfassess.export.pdf_fonts import FontPacker
from selfassess.export.pdf_layout import Filler
from selfassess.export.pdf_matter import Matter
from selfassess.export.pdf_measure import Grid
from selfassess.export.pdf_packing import Packer
from selfassess.export.pdf_text import Setter, Style, Usage
from selfassess.waiting import CalledOffError, never

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from selfassess.export.profile import PrintProfile
    from selfassess.export.rows import Annex


_LEAST_BLOCK = (120.0, 80.0)
"""Smallest text block that ten columns and a few rows fit into, width and height in mm."""


class PdfReport(Struct, frozen=True, kw_only=True):
    """What was exported.

    Attributes:
        target: The file.
        pages: Its pages.
        size: Its size, in bytes.
    """

    target: Path
    pages: int
    size: int


class AnnexPrinter:
    """Sets annexes as PDF and remembers fonts and set texts between exports; may be called from any thread.

    Args:
        fonts_folder: Where the bundled fonts are.
    """

    def __init__(self, fonts_folder: Path) -> None:
        self._shelf = FontShelf(fonts_folder)
        self._setters: dict[tuple[Typeface, Role, Style, float], Setter] = {}
        self._fonts = FontPacker()
        self._packer = Packer()
        self._read = ReadTexts()
        self._lock = threading.Lock()

    def missing_characters(self, annex: Annex, profile: PrintProfile) -> tuple[MissingCharacter, ...]:
        """Characters that no font has, with their places; a character once for each text it stands in."""
        with self._lock:
            return missing_characters(annex, self._typefaces(profile))

    def render(self, annex: Annex, profile: PrintProfile, called_off: Callable[[], bool] = never) -> bytes:
        """The annex as a PDF file, for the preview or the printer.

        Args:
            annex: The annex.
            profile: How it is put on paper.
            called_off: Asked at every page whether the file is still wanted.

        Raises:
            ExportError: A font is missing, a character is in no font, or the page is too small for the form.
            CalledOffError: It is no longer wanted.
        """
        with self._lock:
            return self._render(annex, profile, called_off)[0]

    def export(
        self, annex: Annex, target: Path, profile: PrintProfile, called_off: Callable[[], bool] = never
    ) -> PdfReport:
        """Write the annex as a PDF file; it is re-opened and checked before it takes the target's place.

        Args:
            annex: The annex.
            target: The file to make or to replace.
            profile: How it is put on paper.
            called_off: Asked at every page, and before the target is replaced, whether the file is still wanted.

        Raises:
            ExportError: As :meth:`render`, or the target cannot be written; the old file is intact.
            CalledOffError: It is no longer wanted; the old file is intact.
        """
        with self._lock:
            data, keys = self._render(annex, profile, called_off)

        def write(file: BinaryIO) -> None:
            file.write(data)

        def check(written: Path) -> None:
            check_pdf(written, len(keys), annex, target, keys, self._read)
            if called_off():
                raise CalledOffError

        write_beside(target, write, check)
        return PdfReport(target=target, pages=len(keys), size=len(data))

    def _render(
        self, annex: Annex, profile: PrintProfile, called_off: Callable[[], bool] = never
    ) -> tuple[bytes, tuple[bytes, ...]]:
        """The file, and for each page what its text depends on."""
        _refuse_small_block(profile)
        typefaces = self._typefaces(profile)
        refuse_missing(annex, typefaces)
        self._turn()
        usage = Usage()

        def setter_of(role: Role, style: Style, width: float) -> Setter:
            return self._setter(typefaces[role], role, style, width)

        grid = Grid(annex, profile, setter_of)
        matter = Matter(annex, profile, grid, setter_of)
        size = (pdf_pages.WIDTH, pdf_pages.HEIGHT)
        file = PdfFile(annex.title, size, self._fonts, self._packer, duplex=profile.duplex)
        for page in Filler(grid, matter.front(), matter.tail()).pages():
            if called_off():
                raise CalledOffError
            file.add_page(pdf_pages.body(page, usage))
        furniture = pdf_pages.Furniture(profile, annex.footer, setter_of, usage)
        numbers = range(profile.first_page, profile.first_page + file.count)
        around = [
            (furniture.corner(number), furniture.content(number, place, file.count))
            for place, number in enumerate(numbers, 1)
        ]
        return file.finish(around, usage), file.keys(usage)

    def _turn(self) -> None:
        """Forget what neither of the last two exports showed."""
        self._fonts.turn()
        self._packer.turn()
        self._setters = {key: setter for key, setter in self._setters.items() if setter.turn()}

    def _setter(self, typeface: Typeface, role: Role, style: Style, width: float) -> Setter:
        key = (typeface, role, style, width)
        setter = self._setters.get(key)
        if setter is None:
            setter = self._setters[key] = Setter(typeface, role, style, width)
        return setter

    def _typefaces(self, profile: PrintProfile) -> dict[Role, Typeface]:
        return {role: self._shelf.typeface(role, profile) for role in Role}


def _refuse_small_block(profile: PrintProfile) -> None:
    """Margins that leave no room for a table are a slip of the pen."""
    width, height = profile.block
    if width < _LEAST_BLOCK[0] or height < _LEAST_BLOCK[1]:
        raise ExportError("E418", width=round(width), height=round(height))


def export_pdf(annex: Annex, target: Path, profile: PrintProfile, fonts_folder: Path) -> PdfReport:
    """Write the annex as a PDF file once; to do so again and again, keep an :class:`AnnexPrinter`.

    Args:
        annex: The annex.
        target: The file to make or to replace.
        profile: How it is put on paper.
        fonts_folder: Where the bundled fonts are.

    Raises:
        ExportError: As :meth:`AnnexPrinter.export`.
    """
    return AnnexPrinter(fonts_folder).export(annex, target, profile)
