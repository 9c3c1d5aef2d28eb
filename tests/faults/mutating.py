"""Turns bytes that a fuzzer chose into spoilt files and hostile drafts; knows formats, no program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
Statement = tuple[str, tuple[object, ...]]

NUMBERS = ("0", "-1", "1e999", "1E-999999", "nan", "-inf", "9" * 400, "0x" + "f" * 9000, "0.1", "１２", "٣", "1_0", "")
TEXTS = (
    "",
    "甲",
    "甲" * 3000,
    "=cmd|' /C calc'!A0",
    '<img src="file:///x">',
    "a\x00b",
    "\r\n\t",
    "\u202e乙\ufeff",
    "../../x",
    "con.zpb",
    "{0}%s{name}",
    "'; DROP TABLE entry; --",
    "\ud83d",
    "𠮷" * 70,
    "་ཀྱི" * 40,
)
TOML_PIECES = (
    *("=", '"', "'''", "[[", "]]", "[", "]", "{", "}", ",", ".", "\n", "#", "\\u0000", "\\", "true", "\t", "\ufeff"),
    *("1979-05-27T07:32:00Z", '"三公"', "a.b.c.d = 1\n", "[rows]\n", "[[categories]]\n"),
    *("kind = ", "points = ", "code = "),
)


class Chooser:
    """Takes decisions from bytes; when they are used up, every further decision is the first choice.

    Args:
        data: The bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left to decide with."""
        return self._at >= len(self._data)

    def number(self, most: int) -> int:
        """A number from 0 to ``most``."""
        width = max(1, (most.bit_length() + 7) // 8)
        taken = self._data[self._at : self._at + width]
        self._at += width
        return int.from_bytes(taken, "big") % (most + 1)

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of several."""
        return things[self.number(len(things) - 1)]


def spoilt(seeds: Sequence[bytes], pieces: Sequence[str], data: bytes) -> bytes:
    """A file made from an honest one by some edits.

    Args:
        seeds: Honest files.
        pieces: What to put in.
        data: Decides which and where.
    """
    chooser = Chooser(data)
    seed = chooser.one_of(seeds)
    if chooser.number(7) == 1 or b"\0" in seed:
        return _spoilt_bytes(bytearray(seed), chooser)
    spoil = seed.decode()
    while not chooser.is_used_up:
        at = chooser.number(len(spoil))
        end = at + chooser.one_of((1, 1, 2, 7, 60, 900))
        match chooser.number(15):
            case 0:
                spoil = spoil[:at] + spoil[end:]
            case 1:
                spoil = spoil[:end] + spoil[at:end] * chooser.one_of((1, 2, 50)) + spoil[end:]
            case 2:
                spoil = spoil[:at] + chooser.one_of(pieces) + spoil[at:]
            case 3:
                spoil = spoil[:at] + chooser.one_of(pieces) + spoil[end:]
            case 4:
                spoil = spoil[:at]
            case _:  # most often: any other edit makes a file that is no TOML, and that is soon said
                spoil = _with_another_value(spoil, at, chooser)
    return spoil.encode(errors="surrogatepass")


def _spoilt_bytes(spoil: bytearray, chooser: Chooser) -> bytes:
    while not chooser.is_used_up:
        at = chooser.number(len(spoil))
        length = chooser.one_of((1, 1, 2, 7, 60, 900, 4096))
        match chooser.number(4):
            case 0 | 1:
                spoil[at : at + 1] = bytes([chooser.number(255)])
            case 2:
                spoil[at : at + length] = bytes(length)
            case 3:
                spoil[at : at + length] = spoil[: min(length, len(spoil) - at)]
            case _:
                del spoil[at : at + length]
    return bytes(spoil)


def _with_another_value(text: str, at: int, chooser: Chooser) -> str:
    """Another value behind the next equals sign."""
    start = text.find("=", at) + 1
    end = text.find("\n", start)
    if not start or end < 0:
        return text
    values = (*NUMBERS, *(f"'''{words}'''" for words in TEXTS), "[]", "{}", "[[1]]", '"tiers"', '"2.7"', "true")
    return text[:start] + chooser.one_of(values) + text[end:]


_KEYS = {
    "answer": ("1.2", "2.7", "2.15", "9.9", "", "x"),
    "unit": ("", "x"),
    "figure": ("budget", "rainfall", ""),
    "adjustment": ("0", "1", "-1", "9" * 5000, "٠", "00"),
    "declared": ("", "2.7", "一", "x"),
    "evidence": ("1", "2", "9" * 5000, "٣", "²", "x", "-1"),
    "catalogue": ("", "x"),
    "previous": ("", "2.7", "x", "一"),
    "weather": ("",),
}
_FIELDS = (
    "ticks", "met", "option", "value", "numerator", "denominator", "points", "not_applicable", "average",
    "override.points", "override.reason", "reason", "remark", "name", "unit_class", "year", "date", "amount", "matter",
    "basis", "full_points", "subtotals", "total", "row", "number", "pages", "sha256", "height", "",
)  # fmt: skip
_VALUES: tuple[object, ...] = (
    *TEXTS,
    *NUMBERS,
    "1",
    "0",
    "10--1",
    "0.12",
    "2.7",
    "-" * 5000,
    7,
    1.5,
    b"\xff\xfe",
    None,
)
_COLUMNS = (
    ("step", "total"), ("step", "answered"), ("step", "contents"),
    ("summary", "unit"), ("summary", "title"), ("summary", "year"),
    ("summary", "catalogue"), ("summary", "rows"), ("summary", "identity"),
    ("summary", "created"), ("step", "at"), ("step", "kind"), ("step", "label"), ("step", "state"), ("step", "target"),
    ("change", "before"), ("change", "after"), ("change", "scope"), ("change", "key"), ("change", "field"),
    ("catalogue", "text"), ("blob", "content"), ("blob", "size"), ("migration", "version"),
)  # fmt: skip
_EXTRA = (
    "CREATE TABLE more (a)",
    "CREATE TRIGGER more AFTER INSERT ON step BEGIN DELETE FROM change; END",
    "CREATE VIEW more AS SELECT * FROM entry",
    "ALTER TABLE entry ADD COLUMN more TEXT GENERATED ALWAYS AS (upper(value)) VIRTUAL",
    "DELETE FROM step",
    "DELETE FROM change",
    "DELETE FROM summary",
    "UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE type = 'table'",
    "UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'step'",
    "UPDATE sqlite_schema SET sql = NULL WHERE name = 'blob'",
    "PRAGMA user_version = 2",
    "PRAGMA user_version = -1",
    "PRAGMA application_id = 0",
)
_REWORDED = (
    ("full_points = ", "full_points = 1e9"),
    ("points = ", "points = 0"),
    ("width = ", "width = 1e-9"),
    ("places = ", "places = 6"),
    ("kind = ", "kind = 'x' #"),
    ("name = ", "name = '''<b>\n</b>''' #"),
    ("code = ", "code = '1.1' #"),
    ("method = ", "method = '''\t=1+1''' #"),
    ("base = ", "base = 1e-9 #"),
    ("key = ", "key = 'a' #"),
)


def meddling(data: bytes) -> Iterator[Statement]:
    """What a stranger would do to a draft, as SQL.

    Args:
        data: Decides what.
    """
    chooser = Chooser(data)
    while not chooser.is_used_up:
        match chooser.number(5):
            case 0 | 1 | 2:
                scope = chooser.one_of(tuple(_KEYS))
                key = chooser.one_of(_KEYS[scope])
                row = (scope, key, chooser.one_of(_FIELDS), chooser.one_of(_VALUES))
                yield "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", row
            case 3:
                table, column = chooser.one_of(_COLUMNS)
                yield f"UPDATE OR IGNORE {table} SET {column} = ?", (chooser.one_of(_VALUES),)  # noqa: S608  (a fixed list)
            case 4:
                yield "UPDATE catalogue SET text = replace(text, ?, ?)", chooser.one_of(_REWORDED)
            case _:
                yield chooser.one_of(_EXTRA), ()
