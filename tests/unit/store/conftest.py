"""A small form with one row of each kind of rule, and drafts of it on a real disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from selfassess.domain.catalogue import (
    Catalogue,
    Category,
    Column,
    ColumnKey,
    FigureSpec,
    Indicator,
    NotApplicablePolicy,
    Policy,
    Provenance,
    Rounding,
    Source,
)
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Checklist,
    Choice,
    Clause,
    Judged,
    Option,
    Proportional,
    RateSource,
    Rule,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.store.draft import Draft

D = Decimal
SOURCE = Source(provenance=Provenance.VERIFIED)
AMOUNTS = RateSource(name="三公经费占比", numerator_label="三公经费", denominator_label="支出合计", unit="万元")
FIGURES = RateSource(name="预算执行率", numerator_figure="spent", denominator_figure="budget")


def row(code: str, points: str, rule: Rule) -> Indicator:
    return Indicator(
        code=code,
        content="（一）内容",
        name=f"指标{code}",
        full_points=D(points),
        method="按规定计分",
        nature="定量",
        mode="年度考核",
        sources="佐证材料",
        evidence_required=True,
        may_be_not_applicable=True,
        rule=rule,
        source=SOURCE,
    )


def category(code: str, title: str, *rows: Indicator, in_base: bool = True) -> Category:
    points = sum((one.full_points for one in rows), D(0))
    return Category(code=code, title=title, full_points=points, in_base=in_base, indicators=rows, source=SOURCE)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    tiers = (
        Tier(above=None, up_to=D("0.1"), points=D(10)),
        Tier(above=D("0.1"), up_to=None, points=D(0)),
    )
    return Catalogue(
        id="small-form",
        edition="2022",
        year=2022,
        title="部门预算管理绩效考核自评表",
        document="藏外发〔2023〕2号",
        annex_label="附件1",
        purpose="试验用",
        for_filing=True,
        policy=Policy(
            base=D(100),
            rounding=Rounding(places=2),
            not_applicable=NotApplicablePolicy.EXCLUDE,
            unit_classes=("A", "B"),
        ),
        columns=tuple(Column(key=key, title=key.value, width=D(10)) for key in ColumnKey),
        figures=(
            FigureSpec(key="budget", name="预算数", unit="万元"),
            FigureSpec(key="spent", name="支出数", unit="万元"),
        ),
        categories=(
            category(
                "一",
                "预算编制管理",
                row("1.1", "20", AllOrNothing()),
                row("1.2", "20", Judged(step=D("0.5"))),
                row(
                    "1.3",
                    "10",
                    Checklist(clauses=tuple(Clause(text=f"第{n}条", points=D(p)) for n, p in enumerate((3, 3, 4)))),
                ),
            ),
            category(
                "二",
                "预算执行管理",
                row("2.1", "20", Proportional(rate=FIGURES, benchmark=D(1))),
                row("2.2", "10", Threshold(rate=AMOUNTS, limit=D("0.1"))),
                row(
                    "2.3", "10", Choice(options=(Option(label="高于", points=D(10)), Option(label="低于", points=D(0))))
                ),
                row(
                    "2.4",
                    "10",
                    Tiers(tiers=tiers, rate=RateSource(name="偏离度", numerator_label="甲", denominator_label="乙")),
                ),
            ),
            category(
                "三",
                "其他事项",
                row("3.1", "10", AdjustmentBand(bonus_cap=D(10), deduction_cap=D(10))),
                in_base=False,
            ),
        ),
        notes=("注",),
    )


class Clock:
    """A clock that moves only when told: one second a look."""

    def __init__(self) -> None:
        self.time = datetime(2023, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "草稿.zpb"


@pytest.fixture
def draft(path: Path, catalogue: Catalogue, clock: Clock) -> Iterator[Draft]:
    with Draft.create(path, catalogue, clock=clock) as made:
        yield made


OTHER = """
import sys
from pathlib import Path
from selfassess.domain.entries import Answer, Unit
from selfassess.store import database
from selfassess.store.draft import Draft

if "nolock" in sys.argv:  # as on a file system whose locks hold nobody off
    plain = database.uri
    database.uri = lambda path, mode: plain(path, mode) + "&vfs=unix-none"
draft = Draft.open(Path(sys.argv[1]), anyway="anyway" in sys.argv)
print("open", flush=True)
for line in sys.stdin:
    verb, _, text = line.strip().partition(" ")
    if verb == "name":
        draft.put_unit(Unit(name=text))
    elif verb == "remark":
        draft.put_answers({text: Answer(remark=text * 40)})
    elif verb == "begin":  # a transaction that stays open, with pages written to the file
        draft.sql.execute("PRAGMA cache_size = 1")
        draft.sql.execute("BEGIN IMMEDIATE")
        for number in range(400):
            draft.sql.execute("INSERT INTO entry VALUES ('unit', '', ?, ?)", (f"x{number}", "x" * 200))
    elif verb == "close":
        draft.close()
    print("done", flush=True)
"""


class Other:
    """A second process that has a draft open, and does what it is told."""

    def __init__(self, path: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(path), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            self._wait_for("open")
        except AssertionError:
            self.kill()
            raise

    def do(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        self._wait_for("done")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _wait_for(self, word: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{word}\n"


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Other]]:
    """Opens a draft in another process: ``elsewhere(path)``, or ``elsewhere(path, "nolock")`` without a lock."""
    others: list[Other] = []

    def begin(path: Path, *words: str) -> Other:
        others.append(Other(path, *words))
        return others[-1]

    yield begin
    for other in others:
        other.kill()
