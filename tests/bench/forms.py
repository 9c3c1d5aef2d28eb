"""Filled forms of any size, the same for both sides of a measurement; measures nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Answer, Entries, Override, Unit
from selfassess.domain.rules import AdjustmentBand, Judged
from selfassess.errors import InputError
from selfassess.export.rows import Annex, annex
from selfassess.scoring import score
from selfassess.scoring.entering import with_points

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Catalogue, Indicator
    from selfassess.domain.scorecard import Scorecard

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "resources" / "fonts"
REMARK = "已按规定完成，会议纪要、批复文件见佐证材料。"
UNIT = Unit(name="西藏自治区某厅", unit_class="A", year="2022")


def real_catalogue() -> Catalogue:
    """The form of 2022 as it is filed, 47 rows and 八."""
    return load(ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml")


def big_catalogue(rows: int) -> Catalogue:
    """The 2022 form's own rows, repeated until the base holds ``rows`` of them, all judged."""
    model = real_catalogue()
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


def filled(catalogue: Catalogue, remark: str = REMARK) -> Entries:
    """Every row answered with full points, with a remark of a usual length."""
    rows = [indicator for _, indicator in catalogue.indicators() if not isinstance(indicator.rule, AdjustmentBand)]
    answers = {indicator.code: replace(_in_full(indicator), remark=remark) for indicator in rows}
    return Entries(unit=UNIT, answers=answers)


_COMMON = tuple(bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFA))
"""The 3 471 most common characters: the first level of GB 2312 but for its last row, which is not full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A filled form, scored and set.

    Attributes:
        entries: What was entered.
        scorecard: Its result.
        annex: Its rows as printed.
    """

    entries: Entries
    scorecard: Scorecard
    annex: Annex


def edited_form(catalogue: Catalogue, edited: int) -> Form:
    """A filled form in which one remark was edited; another number is another row and another text."""
    entries = filled(catalogue)
    answers = dict(entries.answers)
    code = list(answers)[edited % len(answers)]
    answers[code] = replace(answers[code], remark=f"{REMARK}第{edited}次修改。")
    return _set(catalogue, replace(entries, answers=answers))


def another_form(catalogue: Catalogue, number: int) -> Form:
    """Another unit's form: the same rules; its name and every remark differ and bring characters of their own."""
    chance = random.Random(number)
    own = chance.sample(_COMMON, 80)
    entries = filled(catalogue)
    answers = {
        code: replace(answer, remark=f"{REMARK}第{code}行：{''.join(chance.choices(own, k=10))}。")
        for code, answer in entries.answers.items()
    }
    return _set(catalogue, replace(entries, unit=replace(UNIT, name="".join(own[:8])), answers=answers))


def _set(catalogue: Catalogue, entries: Entries) -> Form:
    scorecard = score(catalogue, entries)
    return Form(entries=entries, scorecard=scorecard, annex=annex(catalogue, entries, scorecard))


def _in_full(indicator: Indicator) -> Answer:
    """Full points, entered as the rule wants them; where it computes them from amounts, stated with a reason."""
    try:
        return with_points(indicator, Answer(), indicator.full_points)
    except InputError:
        return Answer(override=Override(points=indicator.full_points, reason="按实际完成情况填列"))
