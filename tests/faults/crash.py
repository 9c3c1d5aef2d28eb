"""What a power cut may leave of a recorded sequence: every state that a file system is allowed to come back with.

The worst disk that POSIX allows: what was not synced is there, or not, or in part, sector by sector, and later writes
may have arrived without earlier ones. A file is safe once it was synced, a name once its folder was. A rename happens
whole or not at all. Room that a file grew by holds zeros or rubbish until its data arrives.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from disk import Op
from msgspec import Struct

SECTOR = 512
Picks = Sequence[tuple[bool, ...]]
"""For each thing not synced yet, which sectors of it arrived; one bit where there are no sectors."""
Image = dict[str, bytes]


class _File(Struct, kw_only=True):
    safe: bytes
    unsafe: list[Op]


class Disk:
    """A disk during a recorded sequence.

    Args:
        files: What lies on it, safe, by name and by inode.
    """

    def __init__(self, files: Mapping[str, tuple[int, bytes]]) -> None:
        self._files = {number: _File(safe=content, unsafe=[]) for number, content in files.values()}
        self._now = {number: number for number in self._files}  # inodes are used again, so each file gets a number
        self._safe_names = {name: number for name, (number, _) in files.items()}
        self._unsafe_names: list[tuple[Op, int]] = []
        self._next = -1

    def do(self, op: Op) -> None:
        """One step of the sequence."""
        if op.what == "C":
            self._now[op.inode], self._next = self._next, self._next - 1
            self._files[self._now[op.inode]] = _File(safe=b"", unsafe=[])
        if op.what in "CRLU":
            self._unsafe_names.append((op, self._now.get(op.inode, 0)))
        elif op.what == "D":
            folder = Path(op.first)
            done = [one for one in self._unsafe_names if Path(one[0].second or one[0].first).parent == folder]
            self._safe_names = _named(self._safe_names, done)
            self._unsafe_names = [one for one in self._unsafe_names if one not in done]
        elif op.what in "WT":
            self._files[self._now[op.inode]].unsafe.append(op)
        elif op.what == "S":
            file = self._files[self._now[op.inode]]
            file.safe, file.unsafe = _written(file.safe, [(one, _whole(one)) for one in file.unsafe], b"\0"), []

    def outcomes(self, chance: random.Random, most: int, torn: int) -> Iterator[tuple[Picks, bytes]]:
        """What may have arrived if the power fails now, and what fills the room that has no data yet: see `image`.

        Args:
            chance: Chooses when there are too many.
            most: All combinations of whole writes are tried up to this number of them; beyond it, the corners and as
                many random ones.
            torn: How many random states with torn writes.
        """
        sizes = self._sizes()
        for fill in (b"\0", b"\xa5"):
            for bits in _combinations(len(sizes), chance, most):
                yield [(bit,) * size for bit, size in zip(bits, sizes, strict=True)], fill
            for _ in range(torn if sizes else 0):
                yield [tuple(chance.random() < 0.5 for _ in range(size)) for size in sizes], fill

    def _sizes(self) -> list[int]:
        writes = [op for file in self._files.values() for op in file.unsafe]
        return [1] * len(self._unsafe_names) + [len(_whole(op)) for op in writes]

    def image(self, picks: Picks, fill: bytes = b"\0") -> Image:
        """The files of one such state, by name."""
        left = iter(picks)
        chosen = [
            one
            for one, (bit,) in zip(self._unsafe_names, itertools.islice(left, len(self._unsafe_names)), strict=True)
            if bit
        ]
        contents = {}
        for number, file in self._files.items():
            arrived = [(op, next(left)) for op in file.unsafe]
            contents[number] = (file.safe, arrived)
        names = _named(self._safe_names, chosen)
        return {name: _written(*contents[number], fill) for name, number in names.items()}

    def finished(self) -> Image:
        """Everything arrived: what a running system shows."""
        return self.image([(True,) * size for size in self._sizes()])


def _combinations(count: int, chance: random.Random, most: int) -> Iterator[tuple[bool, ...]]:
    if 2**count <= most:
        yield from itertools.product((False, True), repeat=count)
        return
    for first in range(count + 1):
        yield tuple(place < first for place in range(count))  # in order, up to here
    for one in range(count):
        yield tuple(place == one for place in range(count))  # only this
        yield tuple(place != one for place in range(count))  # all but this
    for _ in range(most):
        yield tuple(chance.random() < 0.5 for _ in range(count))


def _named(names: Mapping[str, int], done: Sequence[tuple[Op, int]]) -> dict[str, int]:
    after = dict(names)
    for op, number in done:
        if op.what == "C":
            after[op.first] = number
        elif op.what == "U":
            after.pop(op.first, None)
        elif op.first in after:  # else it was renamed or linked before its name was safe, and both are lost
            after[op.second] = after[op.first]
            if op.what == "R":
                del after[op.first]
    return after


def _whole(op: Op) -> tuple[bool, ...]:
    if op.what == "T":
        return (True,)
    return (True,) * (-(-(op.place + len(op.data)) // SECTOR) - op.place // SECTOR)


def _written(safe: bytes, arrived: Sequence[tuple[Op, tuple[bool, ...]]], fill: bytes) -> bytes:
    if not any(any(picks) for _, picks in arrived):
        return safe
    content = bytearray(safe)
    for op, picks in arrived:
        if not any(picks):
            continue
        if op.what == "T":
            content[op.place :] = b"\0" * max(0, op.place - len(content))
            continue
        end = op.place + len(op.data)
        content.extend(fill * (end - len(content)))
        for number, here in enumerate(picks, start=op.place // SECTOR):
            first, last = max(op.place, number * SECTOR), min(end, (number + 1) * SECTOR)
            if here:
                content[first:last] = op.data[first - op.place : last - op.place]
    return bytes(content)
