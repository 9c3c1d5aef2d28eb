"""Page contents and used characters become a PDF file on reportlab's canvas; knows nothing of rows or layout.

The same input gives the same bytes: no dates, an identifier computed from the content.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from selfassess.export.pdf_fonts import SubsetFont

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.export.fonts import Face
    from selfassess.export.pdf_fonts import FontPacker
    from selfassess.export.pdf_text import Usage


class _Operators:
    """Finished page content in the shape of a reportlab text object."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def getCode(self) -> str:  # noqa: N802  # reportlab's name
        """The operators, which are plain ASCII."""
        return self._content.decode("ascii")


class PdfFile:
    """A PDF file being put together on reportlab's canvas.

    Args:
        title: Title in its metadata.
        size: Width and height of its pages, in pt.
        fonts: Cuts and packs the faces.
        duplex: Whether printing on both sides is suggested.
    """

    def __init__(self, title: str, size: tuple[float, float], fonts: FontPacker, *, duplex: bool) -> None:
        self._fonts = fonts
        self._bodies: list[bytes] = []
        self._canvas = _bare_canvas(size)
        self._canvas.setTitle(title)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas.setViewerPreference("PrintScaling", "None")
        if duplex:
            self._canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge")

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
        """The whole file, its pages not packed yet.

        Args:
            furniture: For each page the top left of its text block, in pt, and what is drawn around it.
            usage: The characters shown.
        """
        canvas = self._canvas
        for body, ((left, top), around) in zip(self._bodies, furniture, strict=True):
            canvas.saveState()
            canvas.translate(left, top)
            canvas.drawText(_Operators(body))
            canvas.restoreState()
            canvas.drawText(_Operators(around))
            canvas.showPage()
        for page in canvas._doc.Pages.pages:
            # reportlab would look up every character in a table of its own, which takes longer than all the rest of it.
            page.stream = page.stream.encode("ascii")
        for face in _faces(usage):
            # The way reportlab's own dynamic fonts ask to be added once all text is known.
            canvas._doc.delayedFonts.append(SubsetFont(face, self._fonts.font(face, usage)))
        data: bytes = canvas.getpdfdata()
        return data


def _faces(usage: Usage) -> list[Face]:
    return sorted({*usage.characters, *usage.shaped}, key=lambda face: face.resource)


def _bare_canvas(size: tuple[float, float]) -> Any:
    """A canvas whose pages begin empty: reportlab's begin by choosing Helvetica, which PDF/A would want embedded."""
    # reportlab costs 140 ms, which a start of the program need not pay.
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    class BareCanvas(Canvas):
        def _make_preamble(self) -> None:
            self._preamble = ""

    sides = (round(size[0], 2), round(size[1], 2))
    return BareCanvas("annex.pdf", pagesize=sides, pageCompression=0, invariant=1, lang="zh-CN")
