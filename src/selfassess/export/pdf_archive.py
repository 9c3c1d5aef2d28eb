"""Writes a reportlab document as PDF/A-2b: sRGB, metadata, streams as the standard wants them, an identifier.

reportlab's own way of writing dates the file, describes it in the old manner and leaves no line end behind streams.
Knows PDF objects; nothing of what the pages show.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from selfassess.export.colour import srgb

if TYPE_CHECKING:
    from selfassess.export.pdf_packing import Packer

_VERSION = (1, 7)
"""Of PDF, which PDF/A-2 rests on."""
_INTENT = "sRGB IEC61966-2.1"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language><pdf:Producer>selfassess</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def pdf_objects() -> Any:
    """The objects of reportlab, which have no types; they cost 50 ms, which a start of the program need not pay."""
    from reportlab.pdfbase import pdfdoc  # noqa: PLC0415  (at the first export)

    return pdfdoc


def add_stream(document: Any, name: str, data: bytes, *, packed: bool = True, **entries: object) -> Any:
    """Put a stream into a document.

    Args:
        document: A reportlab document.
        name: Its name among the document's objects.
        data: What it holds.
        packed: Whether that is packed.
        entries: What stands in its dictionary besides its length.

    Returns:
        A reference to it.
    """
    pdfdoc = pdf_objects()
    coding = {"Filter": "/FlateDecode"} if packed else {}
    described = pdfdoc.PDFDictionary({**coding, **entries, "Length": len(data)})
    # Ready bytes, because reportlab writes no line end behind a stream.
    return document.Reference(b"%b\nstream\n%b\nendstream" % (described.format(document), data), name)


def describe(document: Any, title: str, packer: Packer) -> None:
    """State title and language, and the colours that black and grey are meant in.

    Args:
        document: A reportlab document.
        title: Its title.
        packer: Packs the colours.
    """
    pdfdoc = pdf_objects()
    shown = "".join(character for character in title if character.isprintable() or character == "\u3000")
    xmp = _XMP.format(title=escape(shown)).encode("utf-8")
    catalog = document.Catalog
    catalog.Metadata = add_stream(document, "metadata", xmp, packed=False, Type="/Metadata", Subtype="/XML")
    colours = add_stream(document, "colours", packer.packed(srgb(), b"\1"), N=3)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pdfdoc.PDFString(_INTENT),
        "Info": pdfdoc.PDFString(_INTENT),
        "DestOutputProfile": colours,
    }
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]  # an entry that reportlab does not know
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
    catalog.Outlines = None


def written(document: Any) -> bytes:
    """The file; the same document gives the same bytes.

    Args:
        document: A reportlab document.
    """
    pdfdoc = pdf_objects()
    document.Reference(document.Catalog)
    file = pdfdoc.PDFFile(_VERSION)
    names: list[str] = []
    while name := document.numberToId.get(len(names) + 1):  # writing an object may add others
        written_object = pdfdoc.PDFIndirectObject(name, document.idToObject[name]).format(document)
        document.idToOffset[name] = file.add(written_object)
        names.append(name)
    table = pdfdoc.PDFCrossReferenceTable()
    table.addsection(0, names)
    start = file.add(table.format(document))
    identifier = hashlib.blake2b(file.format(document), digest_size=16).hexdigest()
    trailer = pdfdoc.PDFTrailer(
        startxref=start,
        Size=len(names) + 1,
        Root=document.Reference(document.Catalog),
        ID=f"[<{identifier}><{identifier}>]",
    )
    file.add(trailer.format(document))
    data: bytes = file.format(document)
    return data
