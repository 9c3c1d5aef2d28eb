"""Page contents and used characters become a PDF file made of reportlab's objects; knows nothing of rows or layout.

The same input gives the same bytes: no dates, an identifier computed from the content.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from selfassess.export.pdf_archive import add_stream, describe, pdf_objects, written
from selfassess.export.pdf_fonts import add_font

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.export.fonts import Face
    from selfassess.export.pdf_fonts import FontPacker
    from selfassess.export.pdf_packing import Packer
    from selfassess.export.pdf_text import Usage


class PdfFile:
    """A PDF file being put together.

    Args:
        title: Title in its metadata.
        size: Width and height of its pages, in pt.
        fonts: Cuts and packs the faces.
        packer: Packs the pages.
        duplex: Whether printing on both sides is suggested.
    """

    def __init__(
        self, title: str, size: tuple[float, float], fonts: FontPacker, packer: Packer, *, duplex: bool
    ) -> None:
        self._title = title
        self._size = size
        self._fonts = fonts
        self._packer = packer
        self._duplex = duplex
        self._bodies: list[bytes] = []

    def add_page(self, content: bytes) -> None:
        """Add the content of a page's text block; its furniture comes with :meth:`finish`."""
        self._bodies.append(content)

    @property
    def count(self) -> int:
        """Pages so far."""
        return len(self._bodies)

    def keys(self, usage: Usage) -> tuple[bytes, ...]:
        """For each page what its text depends on: the content of its text block, and the fonts.

        Args:
            usage: The characters shown.
        """
        fonts = "".join(self._fonts.font(face, usage).tag for face in _faces(usage)).encode()
        return tuple(hashlib.blake2b(fonts + body, digest_size=16).digest() for body in self._bodies)

    def finish(self, furniture: Iterable[tuple[tuple[float, float], bytes]], usage: Usage) -> bytes:
        """The whole file.

        Args:
            furniture: For each page the top left of its text block, in pt, and what is drawn around it.
            usage: The characters shown.
        """
        pdfdoc = pdf_objects()
        document = pdfdoc.PDFDocument(invariant=1, lang="zh-CN")
        describe(document, self._title, self._packer)
        wishes = {"DisplayDocTitle": "true", "PrintScaling": "/None"}
        if self._duplex:
            wishes["Duplex"] = "/DuplexFlipLongEdge"
        document.Catalog.ViewerPreferences = pdfdoc.PDFDictionary(wishes)
        fonts = {face.resource: add_font(document, face, self._fonts.font(face, usage)) for face in _faces(usage)}
        every = {
            "Type": "/Page",
            "Parent": document.Reference(document.Pages),
            "MediaBox": "[0 0 {:.2f} {:.2f}]".format(*self._size),
            "Resources": document.Reference(pdfdoc.PDFDictionary({"Font": pdfdoc.PDFDictionary(fonts)}), "resources"),
        }
        for number, (body, ((left, top), around)) in enumerate(zip(self._bodies, furniture, strict=True)):
            content = b"q 1 0 0 1 %.4f %.4f cm %b Q %b" % (left, top, body, around)
            packed = add_stream(document, f"contents.{number}", self._packer.packed(content))
            document.addPage(pdfdoc.PDFDictionary({**every, "Contents": packed}))
        return written(document)


def _faces(usage: Usage) -> list[Face]:
    return sorted({*usage.characters, *usage.shaped}, key=lambda face: face.resource)
