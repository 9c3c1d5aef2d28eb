"""Makes a draft with a past, damages copies of it, and judges what became of each."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.errors import StoreError
from selfassess.store.draft import Draft, now
from selfassess.store.fields import ADJUSTMENT, ENTRY_SCOPES
from selfassess.store.salvage import salvage

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "catalogues"
D = Decimal
UNREADABLE = {"E382", "E383"}


@dataclass(frozen=True)
class Sample:
    """A draft and everything that was ever true of it."""

    content: bytes
    entries: Entries
    documents: frozenset[bytes]
    values: frozenset[tuple[str, str, str]]
    """Field and value with their scope, whatever the key: matters are numbered anew."""
    keyed: frozenset[tuple[str, str, str, str]]
    rules: frozenset[str]

    def __repr__(self) -> str:
        return f"Sample({len(self.content)} bytes)"


@contextlib.contextmanager
def quick() -> Iterator[None]:
    """Without waiting for the disk: what is proved here does not depend on it."""
    kept = os.fsync
    os.fsync = lambda _: None
    try:
        yield
    finally:
        os.fsync = kept


def make_sample(folder: Path, edits: int = 150) -> Sample:
    """A draft that was worked on, corrected, undone and redone."""
    chance = random.Random(7)
    catalogue = load(CATALOGUES / "xizang-dept-budget" / "2022.toml")
    rows = [row for _, row in catalogue.indicators() if row.full_points >= 1][:-1]
    path = folder / "样本.zpb"
    with quick(), Draft.create(path, catalogue, Entries(unit=Unit(name="某某局", year="2022"))) as draft:
        for number in range(edits):
            row = chance.choice(rows)
            remark = "备注" * chance.choice([0, 3, 40]) if number % 40 else "很长的备注" * 900
            points = Override(points=D(number % 3) / 2, reason=f"改分{number}")
            draft.put_answers({row.code: Answer(override=points, remark=remark, reason=f"原因{number}")})
            if number % 7 == 0:
                draft.undo()
            if number % 14 == 0:
                draft.redo()
            if number % 30 == 5:
                draft.put_adjustments(
                    [Adjustment(matter=f"事项{number}", points=D(1)), Adjustment(matter="另一事项", basis="文号")]
                )
            if number % 30 == 9:
                draft.put_figure(catalogue.figures[number % len(catalogue.figures)].key, D(number) / 4)
        draft.put_unit(Unit(name="某某局", year="2022", preparer="张三", phone="0891"))
        draft.attach(rows[0].code, "合同.pdf", chance.randbytes(20_000), pages=3)
        draft.attach(rows[1].code, "通知.pdf", chance.randbytes(900), number="藏财〔2023〕1号")
        draft.attach(rows[2].code, "取下的.pdf", chance.randbytes(5000))
        draft.detach(draft.evidence(rows[2].code)[0])
        draft.put_catalogue(replace(catalogue, title=f"{catalogue.title}（更正）"), "更正表名")
        draft.put_answers({rows[3].code: Answer(remark="最后的备注")})
        entries = draft.entries
        documents = frozenset(draft.evidence_bytes(one) for one in draft.evidence())
    with closing(sqlite3.connect(path)) as sql:
        found = sql.execute("SELECT scope, key, field, after FROM change WHERE after IS NOT NULL").fetchall()
        rules = frozenset(text for (text,) in sql.execute("SELECT text FROM catalogue"))
    content = path.read_bytes()
    path.unlink()
    return Sample(
        content=content,
        entries=entries,
        documents=documents,
        values=frozenset((scope, field, value) for scope, _, field, value in found),
        keyed=frozenset(found),
        rules=rules,
    )


def judge(sample: Sample, damaged: bytes, folder: Path, *, truthful: bool = True) -> str:
    """Open a damaged copy, and salvage it where it is refused.

    Args:
        sample: What was true.
        damaged: The copy.
        folder: An empty one; it is empty again afterwards.
        truthful: Whether the damage leaves no false values, as zeros do and flipped bytes do not.

    Returns:
        ``opened``, ``whole`` (all salvaged, proved), ``values`` (all but a document or a correction of the rules),
        ``part`` or ``nothing``.
    """
    path, new = folder / "坏.zpb", folder / "新.zpb"
    path.write_bytes(damaged)
    try:
        code = refused(lambda: see_that_it_is_right(sample, path))
        if code is None:
            return "opened"
        assert code in {"E301", "E303", "E304", "E305", "E306", "E315", "E319", "E325"}
        reports = []
        with quick():
            code = refused(lambda: reports.append(salvage(path, new, now(), (CATALOGUES,))))
        if code is not None:
            assert code in UNREADABLE
            assert not new.exists()
            return "nothing"
        (report,) = reports
        with Draft.open(new) as draft:
            compare(sample, draft, report, truthful=truthful)
        if not report.proved:
            return "part"
        return "whole" if report.same_rules and not report.documents else "values"
    finally:
        assert path.read_bytes() == damaged, "the damaged file was written to"
        shutil.rmtree(folder)
        folder.mkdir()


def see_that_it_is_right(sample, path):
    with Draft.open(path) as draft:
        assert draft.entries == sample.entries, "a wrong form was opened"


def refused(doing) -> str | None:
    """The code with which something was refused; None when it was not."""
    try:
        doing()
    except StoreError as error:
        return error.code
    return None


def compare(sample, draft, report, *, truthful):
    """What was salvaged is true, and what is not is told."""
    sheet = draft._contents.sheet
    if report.proved:
        assert draft.entries == sample.entries
        assert not report.to_check
    for scope in ENTRY_SCOPES:
        for key, stored in sheet[scope].items():
            for field, value in stored.items():
                is_known = (
                    (scope, field, value) in sample.values or (field, value) == ("matter", "")
                    if scope == ADJUSTMENT
                    else (scope, key, field, value) in sample.keyed
                )
                assert is_known or (not truthful and (scope, key) in report.places), (scope, key, field, value)
    for document in draft.evidence():
        assert draft.evidence_bytes(document) in sample.documents
    gone = len(sample.documents) - len(draft.evidence())
    assert gone <= len(report.documents) or not report.proved
    may_be_less = any("可能少了个别内容" in note for note in report.notes)
    for code in {*sample.entries.answers, *draft.entries.answers}:
        if draft.entries.answer(code) == sample.entries.answer(code):
            continue
        told = (
            ("answer", code) in report.places
            or any(line.startswith(f"第 {code} 行") for line in report.missing)
            or any(line.startswith(f"{code} ") for line in report.not_taken)
        )
        assert told or may_be_less, f"{code} differs and the report does not say so"
        if code not in draft.entries.answers:
            assert told
