"""Font files opened for measuring, shaping and embedding, and the order in which they are asked for a character.

Knows HarfBuzz and TrueType tables; nothing of lines, pages or PDF objects. HarfBuzz is loaded with the first face.
"""

from __future__ import annotations

import itertools
import struct
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from selfassess.errors import ExportError
from selfassess.plain_file import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from selfassess.export.profile import PrintProfile

SERIF = "NotoSerifSC-Regular.ttf"
SANS_BOLD = "NotoSansSC-Bold.ttf"
TIBETAN = "NotoSerifTibetan-Regular.ttf"
FALLBACKS = (SERIF, TIBETAN, "NotoSerifSC-Rare.ttf", "RareHan-Regular.ttf")
"""Asked in this order for a character that the chosen face lacks; each is opened only when the question comes to it."""

_COMMONEST = (
    "“”、。一不业为佐信值公内凭出分则制务化可合名否和处定实年应度开得"
    "性成执指按据支效数料本材标核理的目称算管绩考行证资部量门项预，"
)
NEAR_CODES = dict(zip(map(ord, _COMMONEST), (*range(0x01, 0x20), *range(0x7F, 0xA0)), strict=True))
"""Codes by code point of the characters that make up half of a form, in the place of control characters.

PDFium, which reads our files in Chrome, in Edge and in the check, remembers the box of a glyph for the first 256 codes
only; for any other character it unpacks the outline again at every occurrence, which was half of its time.
"""
_TIBETAN = range(0x0F00, 0x1000)
_MOST_BYTES = 256 * 1024 * 1024
"""Ten times the largest Chinese font; the rest of a longer file is left out, so that it is refused as broken."""
_RESTRICTED = 0x0002  # OS/2 fsType: must not be embedded
_PRIVATE = 0xE000
_NEEDED_TABLES = frozenset({"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"})
_UNUSED_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"OS/2", b"cmap", b"gasp", b"name", b"post", b"DSIG")
"""What a PDF keeps itself, or never needs."""


def _harfbuzz() -> Any:
    """HarfBuzz, which has no types; it costs 50 ms, which a start of the program need not pay."""
    import uharfbuzz  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    return uharfbuzz


class Role(StrEnum):
    """What a typeface is for."""

    BODY = "body"
    HEADING = "heading"
    TITLE = "title"


class Glyph(Struct, frozen=True, kw_only=True):
    """One shaped glyph.

    Attributes:
        code: Its code in the face (CID).
        advance: How far the pen moves, in thousandths of the size.
        dx: Shift to the right, in thousandths.
        dy: Shift upwards, in thousandths.
        meaning: The text it stands for, as far as one glyph has a text of its own.
    """

    code: int
    advance: int
    dx: int
    dy: int
    meaning: str


class Face:
    """One open font file.

    Characters have codes (CIDs) of our own, so that two characters with one glyph stay apart when text is copied: a
    character of the basic plane has its code point, any other a code that the face does not use, the same in every
    document.

    Args:
        path: A file with TrueType outlines; of a collection, the first face is used.

    Raises:
        ExportError: The file is missing, no usable font, or must not be embedded.
    """

    def __init__(self, path: Path) -> None:
        hb = _harfbuzz()
        try:
            data = read_plain(path, _MOST_BYTES)
        except OSError as error:
            raise ExportError("E411", path=path) from error
        self.path = path
        self._face = hb.Face(hb.Blob(data))
        tables: set[str] = set(self._face.table_tags)
        if not tables >= _NEEDED_TABLES or not _is_whole(data):
            raise ExportError("E412", path=path)
        if "OS/2" in tables and self._table("OS/2", ">8xH")[0] & 0x000F == _RESTRICTED:
            raise ExportError("E413", path=path)
        self._font = hb.Font(self._face)
        self._scale: float = 1000 / self._face.upem

    @cached_property
    def name(self) -> str:
        """PostScript name, without characters that a PDF name would have to escape."""
        stated: str = self._face.get_name(6) or self.path.stem
        return "".join(
            character for character in stated if character.isascii() and (character.isalnum() or character in "-_")
        )

    @cached_property
    def resource(self) -> str:
        """What the face is called in page contents: by its own checksum, so that equal names stay apart."""
        return f"F{self._table('head', '>8xI')[0]:08X}"

    def glyph(self, character: str) -> int | None:
        """The glyph of a character; None when the face lacks it."""
        if "\ud800" <= character <= "\udfff":  # a lone surrogate is no character
            return None
        found: int | None = self._font.get_nominal_glyph(ord(character))
        return found or None  # glyph 0 is the box

    def advance(self, glyph: int) -> int:
        """The width of a glyph, in thousandths of the size."""
        return round(self._font.get_glyph_h_advance(glyph) * self._scale)

    def code(self, character: str) -> int:
        """The code of a character that the face has."""
        point = ord(character)
        return NEAR_CODES.get(point, point) if point <= 0xFFFF else self._far_codes[point]

    @cached_property
    def _far_codes(self) -> dict[int, int]:
        """Codes of the characters beyond the basic plane: those that the face leaves free, in order."""
        points: set[int] = set(self._face.unicodes)
        far = sorted(point for point in points if point > 0xFFFF)
        free = (code for code in range(0x0100, _PRIVATE) if code not in points)
        return dict(zip(far, free, strict=False))

    def shaped_code(self, glyph: int) -> int:
        """The code of a glyph that came out of shaping: in the private use area, which no text of this face uses."""
        return _PRIVATE + glyph

    def glyph_of(self, code: int) -> int:
        """The glyph of a code that :meth:`shaped_code` made."""
        return code - _PRIVATE

    def shape(self, text: str) -> list[Glyph]:
        """Shape a text as a whole: stacks, ligatures, marks in their places.

        Args:
            text: One run of one script, all of whose characters the face has.
        """
        hb = _harfbuzz()
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(itertools.pairwise([*starts, len(text)]))
        return [
            Glyph(
                code=self.shaped_code(info.codepoint),
                advance=round(position.x_advance * self._scale),
                dx=round(position.x_offset * self._scale),
                dy=round(position.y_offset * self._scale),
                meaning=self._letters.get(info.codepoint, text[info.cluster : ends[info.cluster]]),
            )
            for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    @cached_property
    def _letters(self) -> dict[int, str]:
        """Which letter a glyph is, for glyphs that are one; asked of small faces only."""
        points: list[int] = sorted(self._face.unicodes, reverse=True)
        return {glyph: chr(point) for point in points if (glyph := self._font.get_nominal_glyph(point))}

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file with these glyphs only, under their old numbers.

        Args:
            glyphs: Glyph numbers.
        """
        hb = _harfbuzz()
        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _UNUSED_TABLES)
        data: bytes = hb.subset(self._face, wanted).blob.data
        return data

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """The box around every glyph: left, bottom, right, top in thousandths."""
        left, bottom, right, top = (round(side * self._scale) for side in self._table("head", ">36x4h"))
        return left, bottom, right, top

    @cached_property
    def rise(self) -> tuple[int, int]:
        """Ascent and descent (negative), in thousandths."""
        ascent, descent = self._table("hhea", ">4x2h")
        return round(ascent * self._scale), round(descent * self._scale)

    def _table(self, tag: str, layout: str) -> tuple[int, ...]:
        """Numbers at the beginning of a table."""
        data: bytes = self._face.reference_table(tag).data
        try:
            return struct.unpack_from(layout, data)
        except struct.error as error:
            raise ExportError("E412", path=self.path) from error


def _is_whole(data: bytes) -> bool:
    """Whether every table lies inside the file; HarfBuzz would print blanks from a file that was cut off."""
    try:
        start = struct.unpack_from(">12xI", data)[0] if data.startswith(b"ttcf") else 0
        (count,) = struct.unpack_from(">4xH", data, start)
        entries = [struct.unpack_from(">8xII", data, start + 12 + 16 * number) for number in range(count)]
    except struct.error:
        return False
    return all(offset + length <= len(data) for offset, length in entries)


class _Widths(dict[str, int]):
    """Widths by token, filled when first asked; dictionary look-ups are what the line breaker spends its time on."""

    def __init__(self, typeface: Typeface) -> None:
        super().__init__()
        self._typeface = typeface

    def __missing__(self, token: str) -> int:
        width = self._typeface.measure(token)
        self[token] = width
        return width


class Typeface:
    """A face with its fallbacks, as one role needs them.

    Attributes:
        widths: Width of each token, in thousandths of the size.
        far: Characters seen so far that are not simply a code point of the first face.

    Args:
        shelf: Where faces come from.
        first: The face that is asked first.
    """

    def __init__(self, shelf: FontShelf, first: Face) -> None:
        self.first = first
        self.widths: dict[str, int] = _Widths(self)
        self.far: set[str] = set()
        self._shelf = shelf
        self._faces: dict[str, Face | None] = {}

    def face(self, character: str) -> Face | None:
        """The first face that has a character; None when none has."""
        if character not in self._faces:
            self._faces[character] = self._find(character)
        return self._faces[character]

    def _find(self, character: str) -> Face | None:
        if self.first.glyph(character) is not None:
            return self.first
        # A Tibetan letter of a Chinese face would not stack; only the Tibetan face is asked for them.
        names = (TIBETAN,) if is_shaped(character) else FALLBACKS
        for name in names:
            face = self._shelf.bundled(name)
            if face.glyph(character) is not None:
                return face
        return None

    def measure(self, token: str) -> int:
        """The width of a token, in thousandths; a full em for a character no face has."""
        face = self.face(token[0])
        if face is not self.first or len(token) > 1 or ord(token) > 0xFFFF:
            self.far.update(token)
        if face is None:
            return 1000
        if len(token) > 1 or is_shaped(token):
            return sum(glyph.advance for glyph in face.shape(token))
        glyph = face.glyph(token)
        return 1000 if glyph is None else face.advance(glyph)


def is_shaped(character: str) -> bool:
    """Whether a character belongs to a script that is shaped as a whole."""
    return ord(character) in _TIBETAN


class FontShelf:
    """The faces opened so far; one shelf serves every export of a program.

    Args:
        folder: Where the bundled fonts are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faces: dict[Path, Face] = {}
        self._typefaces: dict[Path, Typeface] = {}

    @property
    def opened(self) -> frozenset[Path]:
        """The files opened so far."""
        return frozenset(self._faces)

    def bundled(self, name: str) -> Face:
        """A bundled face.

        Raises:
            ExportError: The file is missing or damaged.
        """
        return self._face(self._folder / name)

    def _face(self, path: Path) -> Face:
        if path not in self._faces:
            self._faces[path] = Face(path)
        return self._faces[path]

    def typeface(self, role: Role, profile: PrintProfile) -> Typeface:
        """The typeface of a role.

        Raises:
            ExportError: A font the profile names is missing or cannot be embedded.
        """
        path = self._path(role, profile)
        if path not in self._typefaces:
            self._typefaces[path] = Typeface(self, self._face(path))
        return self._typefaces[path]

    def _path(self, role: Role, profile: PrintProfile) -> Path:
        body = profile.body_font or self._folder / SERIF
        if role is Role.HEADING:
            return profile.heading_font or self._folder / SANS_BOLD
        return profile.title_font or body if role is Role.TITLE else body
