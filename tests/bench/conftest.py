"""What the measurements share: a filled form of any size, and the table of ratios printed at the end."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the helpers beside the tests: measure, peers

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.domain.rules import Judged
from selfassess.export.rows import Annex, annex
from selfassess.scoring import score

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Catalogue

ROOT = Path(__file__).resolve().parents[2]
REMARK = "已按规定完成，会议纪要、批复文件见佐证材料。"


@dataclass(slots=True)
class Report:
    """Ratios measured in this run, against their budgets."""

    lines: list[str] = field(default_factory=list)

    def ratio(self, what: str, against: str, ratio: float, budget: float, detail: str = "") -> None:
        """Note one ratio (ours ÷ theirs) and the most it may be."""
        mark = "ok  " if ratio <= budget else "OVER"
        self.lines.append(f"{mark} {what:<44} {ratio:6.2f} × {against:<34} at most {budget:g} ×  {detail}")

    def missing(self, what: str, peer: str, why: str) -> None:
        """Note a peer that could not be measured."""
        self.lines.append(f"MISSING {what}: {peer} ({why})")


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """The table of this run, printed when the session ends."""
    collected = Report()
    request.config.stash[_KEY] = collected
    return collected


_KEY: pytest.StashKey[Report] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the ratios."""
    collected = config.stash.get(_KEY, None)
    if collected is not None:
        terminalreporter.section("ratios (ours ÷ theirs)")
        for line in collected.lines:
            terminalreporter.line(line)


def big_catalogue(rows: int) -> Catalogue:
    """The 2022 form's own rows, repeated until the base holds ``rows`` of them, all judged."""
    model = load(ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml")
    base = [category for category in model.categories if category.in_base]
    texts = [indicator for category in base for indicator in category.indicators]
    per_category = -(-rows // len(base))
    categories = []
    made = 0
    for number, category in enumerate(base, start=1):
        indicators = []
        for place in range(1, min(per_category, rows - made) + 1):
            source = texts[made % len(texts)]
            indicators.append(replace(source, code=f"{number}.{place}", rule=Judged(step=Decimal("0.5"))))
            made += 1
        categories.append(replace(category, indicators=tuple(indicators)))
    return replace(model, categories=tuple(categories), checks=())


def filled(catalogue: Catalogue) -> Entries:
    """Every row answered, with a remark of a usual length."""
    answers = {
        indicator.code: Answer(points=indicator.full_points, remark=REMARK)
        for _, indicator in catalogue.indicators()
        if isinstance(indicator.rule, Judged)
    }
    return Entries(unit=Unit(name="西藏自治区某厅", unit_class="A", year="2022"), answers=answers)


def filled_annex(rows: int, *, edited: int = 0) -> Annex:
    """The annex of a filled form; ``edited`` changes one remark, so that no two exports are the same."""
    catalogue = big_catalogue(rows)
    entries = filled(catalogue)
    if edited:
        answers = dict(entries.answers)
        code = sorted(answers)[edited % len(answers)]
        answers[code] = replace(answers[code], remark=f"{REMARK}第{edited}次修改。")
        entries = replace(entries, answers=answers)
    return annex(catalogue, entries, score(catalogue, entries))
