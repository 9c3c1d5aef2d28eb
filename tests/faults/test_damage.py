"""A damaged draft opens as it was or is refused in words; never opened wrong, and a refusal leaves it as it is."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from damage import PAGE, Variant, cut_off_edit, flipped, lengthened, overwritten, truncated, zeroed
from strangers import EXAMPLE, SHIPPED

from selfassess.catalogue import loader
from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.intake import answers
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.place import journal_of

SECONDS = 5
"""Processor time for one damaged file."""


@pytest.fixture(scope="module")
def folder():
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def made(path: Path, unit: str) -> bytes:
    """A draft with everything in it: the example, steps done and undone, a correction, documents."""
    catalogue = loader.load(SHIPPED)
    with Draft.create(path, catalogue, answers.entries_of(answers.read(EXAMPLE), catalogue)) as draft:
        draft.put_unit(Unit(name=unit))
        draft.attach("1.2", f"{unit}.pdf", b"%PDF scan" * 1500, pages=3)
        draft.put_answers({"1.2": Answer(remark=f"{unit}备注")})
        draft.undo()
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(folder) -> bytes:
    return made(folder / "whole.zpb", "外事办")


@pytest.fixture(scope="module")
def other(folder) -> bytes:
    return made(folder / "other.zpb", "别的局")


def state_of(draft: Draft) -> tuple[object, ...]:
    """Every point and text."""
    return draft.entries, draft.catalogue, draft.scorecard, draft.evidence()


class Bench:
    """Opens damaged drafts and counts what became of them.

    Args:
        folder: Where they lie.
        allowed: The states in which one may open.
    """

    def __init__(self, folder: Path, *allowed: object) -> None:
        self.path = folder / "damaged.zpb"
        self.allowed = allowed
        self.outcomes: Counter[str] = Counter()

    def try_all(self, variants: Iterable[Variant], journal: bytes = b"") -> None:
        """Try each; a journal lies beside every one."""
        for what, content in variants:
            self.try_one(what, content, journal)

    def try_one(self, what: str, content: bytes, journal: bytes = b"") -> None:
        """Open one: as it was, or refused and untouched."""
        for stray in self.path.parent.glob("*damaged.zpb*"):
            stray.unlink()
        self.path.write_bytes(content)
        if journal:
            journal_of(self.path).write_bytes(journal)
        begun = time.process_time()
        listed = look_at(self.path)
        assert listed is not None, what
        assert listed.summary is not None or listed.fault, what
        try:
            with Draft.open(self.path) as draft:
                assert state_of(draft) in self.allowed, f"{what}: opened wrong"
                self._use(draft, what)
            self.outcomes["opened as it was"] += 1
        except StoreError:
            self.outcomes["refused"] += 1
            self._is_untouched(what, content, journal)
        assert time.process_time() - begun < SECONDS, what

    def _is_untouched(self, what: str, content: bytes, journal: bytes) -> None:
        left = {each.name: each.read_bytes() for each in self.path.parent.glob("*damaged.zpb*")}
        beside = {journal_of(self.path).name: journal} if journal else {}
        assert left == {self.path.name: content, **beside}, f"{what}: refused, but changed"

    def _use(self, draft: Draft, what: str) -> None:
        """What may still be damaged is told when it is needed, and changes nothing else."""
        before = state_of(draft)
        for one in draft.evidence():
            try:
                assert draft.evidence_bytes(one) == b"%PDF scan" * 1500, f"{what}: wrong document"
            except StoreError:
                self.outcomes["a document refused"] += 1
        try:
            effect = draft.undo()
        except StoreError:
            self.outcomes["undo refused"] += 1
            assert state_of(draft) == before, what
            return
        if effect is not None:
            draft.redo()
            assert state_of(draft) == before, f"{what}: undo and redo do not lead back"


@pytest.fixture
def bench(folder, whole) -> Bench:
    with Draft.open(folder / "whole.zpb") as draft:
        return Bench(folder, state_of(draft))


KINDS = ("flipped", "zeroed", "truncated", "overwritten", "lengthened")


@pytest.mark.parametrize("kind", KINDS)
def test_every_region_of_a_draft_may_be_damaged(kind, bench, whole, other, size, figures):
    variants = {
        "flipped": lambda: flipped(whole, size(1021, 17)),
        "zeroed": lambda: zeroed(whole, size(PAGE, 512)),
        "truncated": lambda: truncated(whole, size(4001, 257)),
        "overwritten": lambda: overwritten(whole, other, size(6, 1)),
        "lengthened": lambda: lengthened(whole, other),
    }
    bench.try_all(variants[kind]())
    opened, refused = bench.outcomes["opened as it was"], bench.outcomes["refused"]
    assert opened + refused > 10
    assert refused > 0 or kind == "lengthened"
    figures.note(f"damage, {kind}: drafts opened as they were / refused / opened wrong", f"{opened} / {refused} / 0")


def test_a_journal_may_be_damaged(folder, whole, bench, size, figures):
    middle, journal = cut_off_edit(folder / "whole.zpb")
    bench.try_one("whole journal", middle, journal)
    assert bench.outcomes == {"opened as it was": 1}
    for what, damaged in (*flipped(journal, size(1499, 29)), *truncated(journal, size(2999, 101))):
        bench.try_one(f"journal {what}", middle, damaged)
    for what, damaged in zeroed(journal, size(PAGE, 512)):
        bench.try_one(f"journal {what}", middle, damaged)
    opened, refused = bench.outcomes["opened as it was"], bench.outcomes["refused"]
    figures.note("damage: journals played back / drafts refused / opened wrong", f"{opened} / {refused} / 0")


def test_the_tables_may_be_damaged_page_by_page_in_several_places_at_once(bench, whole, size, figures):
    import random

    chance = random.Random(3)
    for number in range(size(40, 3000)):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        bench.try_one(f"scattered {number}", bytes(content))
    opened, refused = bench.outcomes["opened as it was"], bench.outcomes["refused"]
    figures.note("damage: several bytes, opened as they were / refused / opened wrong", f"{opened} / {refused} / 0")
