"""One durable edit of a draft against one committed row of a bare SQLite file: time, syncs, and evidence inside."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from forms import filled, real_catalogue
from measure import paired

from selfassess.document import Document
from selfassess.domain.entries import Answer
from selfassess.store.database import PRAGMAS
from selfassess.store.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from report import Report

pytestmark = pytest.mark.bench

EDITED = "2.4"
EVIDENCE_MIB = 50
EDITS_TRACED = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A filled draft of the form of 2022, closed."""
    catalogue = real_catalogue()
    place = tmp_path / "draft.zpb"
    Draft.create(place, catalogue, filled(catalogue)).close()
    return place


def edit(turn: int) -> Answer:
    """The edited row's answer: one field differs from that of the turn before."""
    return Answer(met=bool(turn % 2), remark="已按规定完成，会议纪要、批复文件见佐证材料。")


def bare(path: Path) -> Callable[[int], None]:
    """Commits one row of a copy of the draft, with the same pragmas, by sqlite3 and nothing else."""
    place = path.with_name("bare.zpb")
    shutil.copy(path, place)
    sql = sqlite3.connect(place, isolation_level=None)
    for pragma in PRAGMAS:
        sql.execute(pragma)

    def commit(turn: int) -> None:
        sql.execute("BEGIN IMMEDIATE")
        sql.execute(
            "UPDATE entry SET value = ? WHERE scope = 'answer' AND key = ? AND field = 'met'",
            (str(turn % 2), EDITED),
        )
        sql.execute("COMMIT")

    commit(0)
    written = sql.execute("SELECT changes()").fetchone()
    assert written == (1,), "the peer must really write a row"
    return commit


def test_an_edit_costs_little_more_than_a_committed_row(path: Path, report: Report, qapp: object) -> None:
    peer = bare(path)
    with Draft.open(path) as draft:
        figures = paired(lambda turn: draft.put_answers({EDITED: edit(turn)}), peer, rounds=200, warm=20)
    report.ratio("durable edit: store and score", "one committed SQLite row", figures.ratio, 1.5, figures.detail)
    document = Document.open(path)
    figures = paired(lambda turn: document.put_answer(EDITED, edit(turn)), peer, rounds=200, warm=20)
    document.close()
    report.note(
        "durable edit: with findings and signals", f"{figures.ratio:6.2f} × one committed SQLite row, {figures.detail}"
    )


def test_evidence_inside_does_not_slow_an_edit_down(path: Path, report: Report) -> None:
    full = path.with_name("full.zpb")
    shutil.copy(path, full)
    with Draft.open(full) as heavy, Draft.open(path) as light:
        for number in range(EVIDENCE_MIB // 5):
            heavy.attach(EDITED, f"{number}.pdf", random.Random(number).randbytes(5 * 1024 * 1024))
        assert full.stat().st_size > EVIDENCE_MIB * 1024 * 1024
        figures = paired(
            lambda turn: heavy.put_answers({EDITED: edit(turn)}),
            lambda turn: light.put_answers({EDITED: edit(turn)}),
            rounds=200,
            warm=20,
        )
    report.ratio(f"durable edit with {EVIDENCE_MIB} MiB of evidence", "without", figures.ratio, 1.1, figures.detail)


def test_an_edit_syncs_no_more_often_than_a_committed_row(path: Path, report: Report) -> None:
    if shutil.which("strace") is None:
        report.missing("syncs of one durable edit", "strace", "not installed")
        return
    counted = {side: _syncs(side, path, EDITS_TRACED) - _syncs(side, path, 0) for side in ("ours", "bare")}
    if not counted["bare"]:
        report.missing("syncs of one durable edit", "strace", "not allowed to trace here")
        return
    ratio = counted["ours"] / counted["bare"]
    detail = f"{counted['ours'] / EDITS_TRACED:g} : {counted['bare'] / EDITS_TRACED:g} syncs"
    report.ratio("syncs of one durable edit", "one committed SQLite row", ratio, 1, detail)


def _syncs(side: str, path: Path, edits: int) -> int:
    """Calls of fsync and fdatasync of a process of its own that makes some edits after a first one."""
    trace = path.with_name(f"{side}-{edits}.trace")
    place = path.with_name(f"{side}-{edits}.zpb")
    shutil.copy(path, place)
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", trace, sys.executable, __file__, side, place, edits]
    subprocess.run(
        [str(part) for part in command], check=True, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    )
    return len(re.findall(r"\bf(?:data)?sync\(", trace.read_text(encoding="utf-8")))


def _main(side: str, path: Path, edits: int) -> None:
    if side == "bare":
        commit = bare(path)
        for turn in range(1, edits + 1):
            commit(turn)
    else:
        with Draft.open(path) as draft:
            for turn in range(edits + 1):
                draft.put_answers({EDITED: edit(turn)})


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
