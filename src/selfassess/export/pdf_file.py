"""Page contents and used characters become a PDF/A-2b file; knows PDF objects, nothing of rows or layout.

The same input gives the same bytes: no dates, an identifier computed from the content.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from selfassess.export.colour import srgb

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pikepdf

    from selfassess.export.fonts import Face
    from selfassess.export.pdf_text import Usage

_PACKING = 6
"""zlib level of pages."""
_FONT_PACKING = 4
"""zlib level of fonts, which hardly shrink: 4 takes two thirds of the time of 6 for one hundredth more bytes."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language><pdf:Producer>selfassess</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class Embedded(NamedTuple):
    """A font as it is embedded.

    Attributes:
        program: The subset, packed.
        length: Its length before packing.
        tag: Six letters that mark it as this subset.
        widths: Widths by code, in thousandths.
        glyphs: Glyph numbers by code, packed.
        meanings: The map from codes to text, packed.
    """

    program: bytes
    length: int
    tag: str
    widths: tuple[tuple[int, int], ...]
    glyphs: bytes
    meanings: bytes


class Packer:
    """Packs pages and fonts, and keeps what the next export may need again."""

    def __init__(self) -> None:
        self._pages: dict[bytes, bytes] = {}
        self._earlier_pages: dict[bytes, bytes] = {}
        self._fonts: dict[tuple[Face, tuple[tuple[int, str], ...]], Embedded] = {}
        self._earlier_fonts: dict[tuple[Face, tuple[tuple[int, str], ...]], Embedded] = {}

    def turn(self) -> None:
        """Begin another export; what the last one did not use is forgotten."""
        self._earlier_pages, self._pages = self._pages, {}
        self._earlier_fonts, self._fonts = self._fonts, {}

    def page(self, content: bytes) -> bytes:
        """A page's content, packed."""
        key = hashlib.blake2b(content, digest_size=16).digest()
        packed = self._earlier_pages.get(key)
        if packed is None:
            packed = _pack(content, _PACKING, b" ")
        self._pages[key] = packed
        return packed

    def font(self, face: Face, usage: Usage) -> Embedded:
        """A face with the characters that an export uses."""
        meanings = {face.code(character): character for character in usage.characters.get(face, ())}
        glyphs = {code: face.glyph(character) or 0 for code, character in meanings.items()}
        for code, meaning in usage.shaped.get(face, {}).items():
            meanings[code] = meaning
            glyphs[code] = face.glyph_of(code)
        key = (face, tuple(sorted(meanings.items())))
        embedded = self._earlier_fonts.get(key) or self._fonts.get(key)
        if embedded is None:
            embedded = _embedded(face, glyphs, dict(key[1]))
        self._fonts[key] = embedded
        return embedded


def _pack(data: bytes, level: int, filler: bytes) -> bytes:
    """Packed data that does not end with a line end.

    PDF/A counts a stream's bytes up to a line end, so that one of the stream's own would be lost in the count. The last
    byte of packed data is the sum of all bytes, so that harmless bytes more, which must not all be 0, change it.
    """
    packed = zlib.compress(data, level)
    while packed[-1:] in {b"\r", b"\n"}:
        data += filler
        packed = zlib.compress(data, level)
    return packed


def _embedded(face: Face, glyphs: dict[int, int], meanings: dict[int, str]) -> Embedded:
    program = face.subset(glyphs.values())
    digest = hashlib.sha256(program + repr(sorted(meanings)).encode()).digest()
    packed = _pack(program, _FONT_PACKING, b"\1")
    codes = sorted(glyphs)
    table = bytearray(2 * (codes[-1] + 1))
    for code, glyph in glyphs.items():
        struct.pack_into(">H", table, 2 * code, glyph)
    return Embedded(
        program=packed,
        length=len(zlib.decompress(packed)),
        tag="".join(chr(65 + byte % 26) for byte in digest[:6]),
        widths=tuple((code, face.advance(glyphs[code])) for code in codes),
        glyphs=_pack(bytes(table), _FONT_PACKING, b"\0\1"),
        meanings=_pack(_to_unicode(meanings), _FONT_PACKING, b"\n"),
    )


def _to_unicode(meanings: dict[int, str]) -> bytes:
    """The map from codes to text, by which text is searched and copied."""
    lines = [
        f"<{code:04X}> <{meaning.encode('utf-16-be').hex().upper()}>" for code, meaning in sorted(meanings.items())
    ]
    blocks: list[str] = []
    for start in range(0, len(lines), 100):  # a block may hold a hundred
        block = lines[start : start + 100]
        blocks.append("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]))
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
            "",
        ]
    ).encode()


class PdfFile:
    """A PDF/A-2b file being put together.

    Args:
        title: Title in its metadata.
        size: Width and height of its pages, in pt.
        duplex: Whether printing on both sides is suggested.
        packer: Packs its streams.
    """

    def __init__(self, title: str, size: tuple[float, float], packer: Packer, *, duplex: bool) -> None:
        # pikepdf costs 160 ms, which a start of the program need not pay.
        import pikepdf  # noqa: PLC0415

        self._pikepdf = pikepdf
        self._pdf = pikepdf.new()
        self._packer = packer
        self._size = [round(side, 2) for side in size]
        self._resources = self._pdf.make_indirect(pikepdf.Dictionary())
        self._bodies: list[pikepdf.Object] = []
        self._describe(title, duplex=duplex)

    def add_page(self, content: bytes) -> None:
        """Add the content of a page's text block; its furniture comes with :meth:`finish`."""
        self._bodies.append(self._packed(self._packer.page(content)))

    @property
    def count(self) -> int:
        """Pages so far."""
        return len(self._bodies)

    def finish(self, furniture: Iterable[tuple[bytes, bytes]], usage: Usage) -> bytes:
        """The whole file.

        Args:
            furniture: For each page the matrix that places its text block, and what is drawn around it.
            usage: The characters shown.
        """
        pikepdf = self._pikepdf
        for body, (place, around) in zip(self._bodies, furniture, strict=True):
            # Small streams are not packed: it would not make them smaller.
            before = self._stream(b"q " + place)
            after = self._stream(b"\nQ " + around)
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, *self._size],
                Resources=self._resources,
                Contents=[before, body, after],
            )
            self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))
        faces = sorted({*usage.characters, *usage.shaped}, key=lambda face: face.resource)
        self._resources.Font = pikepdf.Dictionary({f"/{face.resource}": self._font(face, usage) for face in faces})
        target = io.BytesIO()
        self._pdf.save(
            target,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
        return target.getvalue()

    def _stream(self, data: bytes, **entries: object) -> pikepdf.Object:
        return self._pdf.make_stream(data, **entries)  # pyright: ignore[reportUnknownMemberType] keywords are untyped

    def _packed(self, data: bytes, **entries: object) -> pikepdf.Object:
        return self._stream(data, Filter=self._pikepdf.Name.FlateDecode, **entries)

    def _describe(self, title: str, *, duplex: bool) -> None:
        pikepdf = self._pikepdf
        root = self._pdf.Root
        root.Lang = pikepdf.String("zh-CN")
        preferences = pikepdf.Dictionary(DisplayDocTitle=True, PrintScaling=pikepdf.Name("/None"))
        if duplex:
            preferences.Duplex = pikepdf.Name.DuplexFlipLongEdge
        root.ViewerPreferences = preferences
        shown = "".join(character for character in title if character.isprintable() or character == "\u3000")
        xmp = _XMP.format(title=escape(shown)).encode("utf-8")
        root.Metadata = self._stream(xmp, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        profile = self._packed(_pack(srgb(), _PACKING, b"\1"), N=3)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent,
            S=pikepdf.Name.GTS_PDFA1,
            OutputConditionIdentifier=pikepdf.String("sRGB IEC61966-2.1"),
            Info=pikepdf.String("sRGB IEC61966-2.1"),
            DestOutputProfile=profile,
        )
        root.OutputIntents = pikepdf.Array([intent])

    def _font(self, face: Face, usage: Usage) -> pikepdf.Object:
        """A composite font whose codes are the face's own."""
        pikepdf = self._pikepdf
        embedded = self._packer.font(face, usage)
        name = pikepdf.Name(f"/{embedded.tag}+{face.name}")
        ascent, descent = face.rise
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=list(face.bounds),
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=ascent,
            StemV=80,
            FontFile2=self._packed(embedded.program, Length1=embedded.length),
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=pikepdf.Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=self._pdf.make_indirect(descriptor),
            DW=1000,
            W=pikepdf.Array(_width_array(embedded.widths)),
            CIDToGIDMap=self._packed(embedded.glyphs),
        )
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[self._pdf.make_indirect(descendant)],
            ToUnicode=self._packed(embedded.meanings),
        )
        return self._pdf.make_indirect(font)


def _width_array(widths: Sequence[tuple[int, int]]) -> list[int | list[int]]:
    """Widths other than the default of one em: a first code and the widths of the codes that follow it."""
    array: list[int | list[int]] = []
    run: list[int] = []
    following = -1
    for code, width in widths:
        if width == 1000:
            continue
        if code != following:
            run = [width]
            array.extend((code, run))
        else:
            run.append(width)
        following = code + 1
    return array
