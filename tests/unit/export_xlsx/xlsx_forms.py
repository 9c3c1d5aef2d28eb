"""Filled forms for the tests of the workbook: the shipped forms, and small ones with every policy."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.catalogue import Catalogue, Grade, NotApplicablePolicy, Policy, Rounding, RoundingPlace
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.domain.rules import AdjustmentBand, Judged
from selfassess.domain.scorecard import Scorecard
from selfassess.export.rows import Annex, annex
from selfassess.intake.answers import entries_of, read
from selfassess.scoring import score

ROOT = Path(__file__).resolve().parents[3]
TRANSCRIBED = load(ROOT / "catalogues/xizang-dept-budget/2022-transcribed.toml")
WORKING = load(ROOT / "catalogues/xizang-dept-budget/2022.toml")
PROJECT = load(ROOT / "catalogues/project-spending/2020.toml")

Form = tuple[Annex, Catalogue, Scorecard]


def filed() -> Entries:
    return entries_of(read(ROOT / "examples/foreign-affairs-2022.answers.toml"), TRANSCRIBED)


def form(catalogue: Catalogue, entries: Entries, *, sign_off: bool = False) -> Form:
    card = score(catalogue, entries)
    return annex(catalogue, entries, card, sign_off=sign_off), catalogue, card


def example() -> Form:
    return form(TRANSCRIBED, filed())


def judged(catalogue: Catalogue, **changes: object) -> Catalogue:
    """The catalogue with every base row judged in steps of 0.01, 不涉及 allowed everywhere, and another policy."""
    categories = tuple(
        replace(
            category,
            indicators=tuple(
                row
                if isinstance(row.rule, AdjustmentBand)
                else replace(row, rule=Judged(step=Decimal("0.01")), may_be_not_applicable=True)
                for row in category.indicators
            ),
        )
        for category in catalogue.categories
    )
    return replace(catalogue, categories=categories, policy=replace(catalogue.policy, **changes))


EXCLUDING = judged(
    WORKING,
    not_applicable=NotApplicablePolicy.EXCLUDE,
    grades=(
        Grade(name="优", at_least=Decimal(90)),
        Grade(name="良", at_least=Decimal(80)),
        Grade(name="差", at_least=Decimal(0)),
    ),
)
CAPPED = judged(EXCLUDING, total_may_pass_base=False)
AVERAGING = judged(
    WORKING,
    not_applicable=NotApplicablePolicy.AVERAGE,
    rounding=Rounding(places=1, at=RoundingPlace.CATEGORY),
)
AT_TOTAL = judged(
    WORKING,
    not_applicable=NotApplicablePolicy.AVERAGE,
    rounding=Rounding(places=1, at=RoundingPlace.TOTAL),
)


def codes(catalogue: Catalogue) -> list[str]:
    return [row.code for category in catalogue.categories if category.in_base for row in category.indicators]


def answered(
    catalogue: Catalogue,
    share: str = "1",
    *,
    absent: tuple[str, ...] = (),
    blank: tuple[str, ...] = (),
    adjustments: tuple[Adjustment, ...] = (),
) -> Entries:
    """Every row judged at a share of its full points, cut to hundredths, but some absent and some blank."""
    answers: dict[str, Answer] = {}
    for code in codes(catalogue):
        row = catalogue.indicator(code)
        assert row is not None
        if code in absent:
            answers[code] = Answer(not_applicable="本部门没有")
        elif code not in blank:
            points = (row.full_points * Decimal(share)).quantize(Decimal("0.01"))
            answers[code] = Answer(points=points, reason="有欠缺")
    return Entries(unit=Unit(name="某某厅", year="2022"), answers=answers, adjustments=adjustments)


BONUS = Adjustment(matter="表扬", basis="文", points=Decimal(5))
DEDUCTION = Adjustment(matter="逾期", points=Decimal("-1.5"))


def policy_of(catalogue: Catalogue) -> Policy:
    return catalogue.policy
