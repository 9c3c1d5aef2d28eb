"""Our font subsets as reportlab embeds them: composite fonts with our own codes; knows PDF objects, no pages.

reportlab's own subsets hold 256 characters each and know no shaped glyphs; these hold every character an annex uses.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from selfassess.export.pdf_archive import add_stream, pdf_objects
from selfassess.export.pdf_packing import pack, pack_counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.export.fonts import Face
    from selfassess.export.pdf_text import Usage

    _FontKey = tuple[Face, frozenset[str], frozenset[tuple[int, str]]]


class Embedded(NamedTuple):
    """A font as it is embedded.

    Attributes:
        program: The subset, packed.
        length: Its length before packing.
        tag: Six letters that mark it as this subset.
        widths: Widths by code, in thousandths, as PDF writes them.
        glyphs: Glyph numbers by code, packed.
        meanings: The map from codes to text, packed.
    """

    program: bytes
    length: int
    tag: str
    widths: str
    glyphs: bytes
    meanings: bytes


class FontPacker:
    """Cuts and packs faces, and keeps what the next export may need again."""

    def __init__(self) -> None:
        self._fonts: dict[_FontKey, Embedded] = {}
        self._earlier: dict[_FontKey, Embedded] = {}

    def turn(self) -> None:
        """Begin another export; what the last one did not use is forgotten."""
        self._earlier, self._fonts = self._fonts, {}

    def font(self, face: Face, usage: Usage) -> Embedded:
        """A face with the characters that an export uses."""
        characters = frozenset(usage.characters.get(face, ()))
        shaped = usage.shaped.get(face, {})
        key = (face, characters, frozenset(shaped.items()))
        embedded = self._earlier.get(key) or self._fonts.get(key)
        if embedded is None:
            meanings = {face.code(character): character for character in characters} | shaped
            glyphs = {code: face.glyph(meaning) or 0 for code, meaning in meanings.items() if code not in shaped}
            glyphs |= {code: face.glyph_of(code) for code in shaped}
            embedded = _embedded(face, glyphs, dict(sorted(meanings.items())))
        self._fonts[key] = embedded
        return embedded


def add_font(document: Any, face: Face, embedded: Embedded) -> Any:
    """Put font, descriptor, program and maps into a reportlab document.

    Args:
        document: The document.
        face: The face.
        embedded: The part of it that the document uses.

    Returns:
        A reference to the font, a composite one whose codes are the face's own.
    """
    pdfdoc = pdf_objects()
    name = pdfdoc.PDFName(f"{embedded.tag}+{face.name}")

    program = add_stream(document, f"program.{face.resource}", embedded.program, Length1=embedded.length)
    ascent, descent = face.rise
    descriptor = {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": 4,
        "FontBBox": pdfdoc.PDFArray(face.bounds),
        "ItalicAngle": 0,
        "Ascent": ascent,
        "Descent": descent,
        "CapHeight": ascent,
        "StemV": 80,
        "FontFile2": program,
    }
    system = {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": name,
        "CIDSystemInfo": pdfdoc.PDFDictionary(system),
        "FontDescriptor": document.Reference(pdfdoc.PDFDictionary(descriptor), f"descriptor.{face.resource}"),
        "DW": 1000,
        "W": embedded.widths,
        "CIDToGIDMap": add_stream(document, f"glyphs.{face.resource}", embedded.glyphs),
    }
    font = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": name,
        "Encoding": "/Identity-H",
        "DescendantFonts": pdfdoc.PDFArray([pdfdoc.PDFDictionary(descendant)]),
        "ToUnicode": add_stream(document, f"meanings.{face.resource}", embedded.meanings),
    }
    return document.Reference(pdfdoc.PDFDictionary(font), f"font.{face.resource}")


def _embedded(face: Face, glyphs: dict[int, int], meanings: dict[int, str]) -> Embedded:
    program = face.subset(glyphs.values())
    digest = hashlib.sha256(program + repr(sorted(meanings)).encode()).digest()
    packed, length = pack_counted(program, b"\1")
    codes = sorted(glyphs)
    table = bytearray(2 * (codes[-1] + 1))
    for code, glyph in glyphs.items():
        struct.pack_into(">H", table, 2 * code, glyph)
    return Embedded(
        program=packed,
        length=length,
        tag="".join(chr(65 + byte % 26) for byte in digest[:6]),
        widths=_width_array([(code, face.advance(glyphs[code])) for code in codes]),
        glyphs=pack(bytes(table), b"\0\1"),
        meanings=pack(_to_unicode(meanings), b"\n"),
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


def _width_array(widths: Sequence[tuple[int, int]]) -> str:
    """Widths other than the default of one em: a first code and the widths of the codes that follow it."""
    runs: list[str] = []
    following = -1
    for code, width in widths:
        if width == 1000:
            continue
        runs.append(str(width) if code == following else f"] {code} [{width}")
        following = code + 1
    return f"[{' '.join(runs).removeprefix('] ')}{']' if runs else ''}]"
