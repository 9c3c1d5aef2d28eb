"""Makes a PDF file fit for the archive (PDF/A-2b): packed pages, sRGB, metadata, no font that is not embedded.

Knows PDF objects through pikepdf; nothing of what the pages show.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from selfassess.export.colour import srgb
from selfassess.export.pdf_packing import pack

if TYPE_CHECKING:
    import pikepdf

_PACKING = 6
"""zlib level of pages."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language><pdf:Producer>selfassess</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class Archivist:
    """Turns files into PDF/A-2b, and keeps packed pages that the next export may need again."""

    def __init__(self) -> None:
        self._pages: dict[bytes, bytes] = {}
        self._earlier: dict[bytes, bytes] = {}

    def turn(self) -> None:
        """Begin another export; what the last one did not use is forgotten."""
        self._earlier, self._pages = self._pages, {}

    def archived(self, data: bytes, title: str) -> bytes:
        """The same pages as PDF/A-2b; the same input gives the same bytes.

        Args:
            data: A PDF file whose page contents are not packed.
            title: Its title.
        """
        # pikepdf costs 160 ms, which a start of the program need not pay.
        import pikepdf  # noqa: PLC0415

        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.Contents = _stream(pdf, self._packed(page.Contents.read_bytes()), Filter=pikepdf.Name.FlateDecode)
            # reportlab declares Helvetica in every file; nothing here uses it, and it is not embedded.
            fonts = pdf.pages[0].Resources.Font
            for name in [name for name, font in fonts.items() if font.Subtype == pikepdf.Name.Type1]:
                del fonts[name]
            _describe(pdf, title)
            pdf.save(
                target,
                deterministic_id=True,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                fix_metadata_version=False,
            )
        return target.getvalue()

    def _packed(self, content: bytes) -> bytes:
        """A page's content, packed."""
        key = hashlib.blake2b(content, digest_size=16).digest()
        packed = self._earlier.get(key)
        if packed is None:
            packed = pack(content, _PACKING, b" ")
        self._pages[key] = packed
        return packed


def _stream(pdf: pikepdf.Pdf, data: bytes, **entries: object) -> pikepdf.Object:
    return pdf.make_stream(data, **entries)  # pyright: ignore[reportUnknownMemberType] keywords are untyped


def _describe(pdf: pikepdf.Pdf, title: str) -> None:
    """Metadata as XMP in place of the old kind, and the colours that black and grey are meant in."""
    import pikepdf  # noqa: PLC0415

    root: Any = pdf.Root
    shown = "".join(character for character in title if character.isprintable() or character == "\u3000")
    xmp = _XMP.format(title=escape(shown)).encode("utf-8")
    root.Metadata = _stream(pdf, xmp, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    profile = _stream(pdf, pack(srgb(), _PACKING, b"\1"), Filter=pikepdf.Name.FlateDecode, N=3)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB IEC61966-2.1"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    root.OutputIntents = pikepdf.Array([intent])
