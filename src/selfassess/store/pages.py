"""Reads the records of an SQLite file page by page, as far as each page is whole; knows no tables of ours.

SQLite itself gives up where a page is damaged. This reader leaves that page out and goes on. It never writes, follows
no pointer twice, and believes no length before it has seen the bytes.

Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.3 (header), 1.5 (freelist), 1.6 (b-tree pages),
1.7 (overflow), 2.1 (records).
"""

from __future__ import annotations

import struct

from msgspec import Struct

Value = int | float | str | bytes | None
Record = tuple[Value, ...]

USUAL_PAGE = 4096
"""Bytes; what drafts are made with."""
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65536
_HEADER = 100
_INDEX_NODE, _TABLE_NODE, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_KINDS = frozenset({_INDEX_NODE, _TABLE_NODE, _INDEX_LEAF, _TABLE_LEAF})
_NODES = frozenset({_INDEX_NODE, _TABLE_NODE})
_TABLES = frozenset({_TABLE_NODE, _TABLE_LEAF})
_MOST_COLUMNS = 40
_TIMES, _LEAST = 4, 1 << 20
"""Of a file's bytes, and bytes besides, that are read as parts of long records."""
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of the serial types 0 to 9."""


class _BrokenError(Exception):
    """Bytes that are not what they must be; never leaves this module."""


class Cell(Struct, frozen=True, kw_only=True):
    """One record, where it lies.

    Attributes:
        page: Number of its page.
        rowid: Of a table with rowids; None of one without.
        record: Its values; those that are longer than asked for are left out as None.
    """

    page: int
    rowid: int | None
    record: Record


class Page(Struct, frozen=True, kw_only=True):
    """A page of a b-tree.

    Attributes:
        number: Its number, from 1.
        is_table: Whether its records have rowids.
        cells: Its records, as far as they are whole.
        children: Pages below it.
        whole: Whether every record of it could be read.
    """

    number: int
    is_table: bool
    cells: tuple[Cell, ...]
    children: tuple[int, ...]
    whole: bool


class Pages:
    """The pages of a file.

    Args:
        content: The whole file.
        size: Bytes of a page; None: as the header says, else the usual.
    """

    def __init__(self, content: bytes | memoryview, size: int | None = None) -> None:
        self._content = content
        self.size = size or stated_size(content)
        self.count = -(-len(content) // self.size)
        self.refill()

    def refill(self, times: int = _TIMES) -> None:
        """Allows as much to be read again as a file of this size can need, however often its records are met.

        Args:
            times: How often all of it can be needed.
        """
        self._left = times * len(self._content) + _LEAST

    def page(self, number: int, longest: int) -> Page | None:
        """A page of a b-tree.

        Args:
            number: Its number, from 1.
            longest: Bytes up to which a record is read; a longer one is told without its contents.

        Returns:
            The page; None when it is none, or too broken to tell.
        """
        if not 1 <= number <= self.count:
            return None
        start = (number - 1) * self.size
        data = bytes(self._content[start : start + self.size])
        at = _HEADER if number == 1 else 0
        if len(data) < at + 12 or data[at] not in _KINDS:
            return None
        kind = data[at]
        count = int.from_bytes(data[at + 3 : at + 5], "big")
        pointers = at + (12 if kind in _NODES else 8)
        if pointers + 2 * count > len(data):
            return None
        children = [int.from_bytes(data[at + 8 : at + 12], "big")] if kind in _NODES else []
        cells: list[Cell] = []
        whole = len(data) == self.size
        for place in struct.unpack_from(f">{count}H", data, pointers):
            try:
                child, cell = self._cell(number, kind, data, place, longest)
            except _BrokenError:
                whole = False
                continue
            if child is not None:
                children.append(child)
            if cell is not None:
                cells.append(cell)
        return Page(number=number, is_table=kind in _TABLES, cells=tuple(cells), children=tuple(children), whole=whole)

    def free(self) -> frozenset[int]:
        """Pages that hold nothing any more, as far as the list of them can be read; what lies in them is stale."""
        found: set[int] = set()
        trunk = int.from_bytes(self._content[32:36], "big") if len(self._content) >= _HEADER else 0
        while 1 <= trunk <= self.count and trunk not in found:
            found.add(trunk)
            start = (trunk - 1) * self.size
            data = bytes(self._content[start : start + self.size])
            if len(data) < 8:
                break
            trunk, count = struct.unpack_from(">II", data)
            if 8 + 4 * count > len(data):
                break
            found.update(struct.unpack_from(f">{count}I", data, 8))
        return frozenset(found)

    def tree(self, root: int, longest: int, taken: set[int]) -> tuple[list[Page], bool]:
        """The pages of one b-tree, as far as they can be reached.

        Args:
            root: Number of its first page.
            longest: As of :meth:`page`.
            taken: Pages that were met already; those of this tree are added.

        Returns:
            The pages, and whether every one of them was reached and read whole.
        """
        pages: list[Page] = []
        whole = True
        waiting = [root]
        kind: bool | None = None
        while waiting:
            number = waiting.pop()
            page = None if number in taken else self.page(number, longest)
            if page is None or (kind is not None and page.is_table != kind):
                whole = False
                continue
            kind = page.is_table
            taken.add(number)
            pages.append(page)
            whole = whole and page.whole
            waiting += page.children
        return pages, whole

    # ----------------------------------------------------------------------------------------------------------- cells
    def _cell(self, number: int, kind: int, data: bytes, place: int, longest: int) -> tuple[int | None, Cell | None]:
        child = None
        if kind in _NODES:
            child, place = _number(data, place, 4), place + 4
        if kind == _TABLE_NODE:
            return child, None
        length, place = _varint(data, place)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, place = _varint(data, place)
            rowid -= 1 << 64 if rowid >> 63 else 0
        payload = self._payload(data, place, length, longest, is_table=kind == _TABLE_LEAF)
        return child, Cell(page=number, rowid=rowid, record=decoded(payload, length))

    def _payload(self, data: bytes, place: int, length: int, longest: int, *, is_table: bool) -> bytes:
        usable = self.size
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        here = length
        if length > most:
            least = (usable - 12) * 32 // 255 - 23
            here = least + (length - least) % (usable - 4)
            here = here if here <= most else least
        part = data[place : place + here]
        if len(part) < here:
            raise _BrokenError
        if here == length:
            return part
        parts, missing = [part], min(length, longest) - here
        following = _number(data, place + here, 4)
        met: set[int] = set()
        while missing > 0:
            if not 1 < following <= self.count or following in met:
                raise _BrokenError
            met.add(following)
            start = (following - 1) * usable
            part = bytes(self._content[start : start + usable])
            wanted = min(missing, usable - 4)
            if len(part) < 4 + wanted:
                raise _BrokenError
            following = int.from_bytes(part[:4], "big")
            parts.append(part[4 : 4 + wanted])
            missing -= wanted
            self._left -= wanted
            if self._left < 0:  # a stranger's file, in which many records are one and the same long one
                raise _BrokenError
        return b"".join(parts)


def stated_size(content: bytes | memoryview) -> int:
    """Bytes of a page, as the header says it; the usual where it says what cannot be."""
    size = int.from_bytes(content[16:18], "big")
    size = _LARGEST_PAGE if size == 1 else size
    return size if _SMALLEST_PAGE <= size <= _LARGEST_PAGE and size & (size - 1) == 0 else USUAL_PAGE


def decoded(payload: bytes, length: int) -> Record:
    """The values of a record.

    Args:
        payload: Its bytes, or the first of them.
        length: How many there are.

    Returns:
        The values; a last one that is cut off is None.
    """
    head, place = _varint(payload, 0)
    if head > len(payload):
        raise _BrokenError
    types: list[int] = []
    while place < head:
        kind, place = _varint(payload, place)
        types.append(kind)
        if len(types) > _MOST_COLUMNS:
            raise _BrokenError
    if place != head or head + sum(map(_width, types)) != length:
        raise _BrokenError
    values: list[Value] = []
    for kind in types:
        end = place + _width(kind)
        if end > len(payload):
            if len(payload) == length:
                raise _BrokenError
            values.append(None)
        else:
            values.append(_value(kind, payload[place:end]))
        place = end
    return tuple(values)


def _width(kind: int) -> int:
    if kind < len(_SIZES):
        return _SIZES[kind]
    if kind < 12:
        raise _BrokenError
    return (kind - 12) // 2


def _value(kind: int, part: bytes) -> Value:
    if kind == 0:
        return None
    if kind <= 6:
        return int.from_bytes(part, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", part)[0])
    if kind <= 9:
        return kind - 8
    if kind % 2 == 0:
        return part
    if 0 in part:  # no text of ours; zeros are what a lost block of the disk leaves
        raise _BrokenError
    try:
        return part.decode()
    except UnicodeDecodeError as error:
        raise _BrokenError from error


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for number, byte in enumerate(data[place : place + 9]):
        if number == 8:
            return value << 8 | byte, place + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + number + 1
    raise _BrokenError


def _number(data: bytes, place: int, width: int) -> int:
    part = data[place : place + width]
    if len(part) < width:
        raise _BrokenError
    return int.from_bytes(part, "big")
