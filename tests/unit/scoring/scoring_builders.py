"""Small values for the tests of scoring: rows of every kind, catalogues of a few rows, entries."""

from __future__ import annotations

from decimal import Decimal

from selfassess.domain.catalogue import (
    Catalogue,
    Category,
    FigureSpec,
    Grade,
    Indicator,
    NotApplicablePolicy,
    Policy,
    Provenance,
    RateCheck,
    Rounding,
    RoundingPlace,
    Source,
)
from selfassess.domain.entries import Answer, Entries
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Band,
    Checklist,
    Choice,
    Clause,
    Judged,
    Option,
    Proportional,
    RateForm,
    RateSource,
    Rule,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.scoring import score

D = Decimal
VERIFIED = Source(provenance=Provenance.VERIFIED)

DEVIATION = RateSource(
    name="预决算偏离度", form=RateForm.DEVIATION, numerator_figure="final", denominator_figure="budget"
)
PROGRESS = RateSource(name="支出进度", numerator_figure="spent", denominator_figure="budget")
SHARE = RateSource(name="退回占比", numerator_label="退回金额", denominator_label="支付总额", unit="万元")

ALL_OR_NOTHING = AllOrNothing()
CHECKLIST = Checklist(clauses=(Clause(text="建立制度", points=D("0.5")), Clause(text="指定专人", points=D("0.5"))))
TIERED = Tiers(
    rate=DEVIATION,
    tiers=(
        Tier(above=None, up_to=D("0.1"), points=D(3)),
        Tier(above=D("0.1"), up_to=D("0.2"), points=D(2)),
        Tier(above=D("0.2"), up_to=D("0.3"), points=D(1)),
        Tier(above=D("0.3"), up_to=None, points=D(0)),
    ),
)
PROPORTIONAL = Proportional(rate=PROGRESS, benchmark=D(1))
THRESHOLD = Threshold(rate=SHARE, limit=D("0.01"))
CHOICE = Choice(
    options=(
        Option(label="高于", points=D(2)),
        Option(label="低于", points=D(1)),
        Option(label="等于", points=D("0.5")),
    )
)
JUDGED = Judged(step=D("0.5"))
BANDED = Judged(
    step=D("0.1"),
    bands=(
        Band(label="达成", at_least=D("0.8"), below=None),
        Band(label="部分达成", at_least=D("0.6"), below=D("0.8")),
        Band(label="未达成", at_least=D(0), below=D("0.6")),
    ),
)
BAND = AdjustmentBand(bonus_cap=D(10), deduction_cap=D(10))


def row(
    code: str,
    full_points: str,
    rule: Rule,
    name: str = "",
    *,
    applies_always: bool = False,
    provenance: Provenance = Provenance.VERIFIED,
) -> Indicator:
    return Indicator(
        code=code,
        content="",
        name=name or f"指标{code}",
        full_points=D(full_points),
        method="",
        nature="定性",
        mode="年度考核",
        sources="佐证材料",
        evidence_required=False,
        may_be_not_applicable=not applies_always,
        rule=rule,
        source=Source(provenance=provenance),
    )


def category(code: str, *rows: Indicator, full_points: str | None = None, title: str = "") -> Category:
    in_base = not any(isinstance(one.rule, AdjustmentBand) for one in rows)
    stated = sum((one.full_points for one in rows), D(0)) if full_points is None else D(full_points)
    return Category(
        code=code, title=title or f"类别{code}", full_points=stated, in_base=in_base, indicators=rows, source=VERIFIED
    )


def policy(
    base: str = "100",
    places: int = 2,
    at: RoundingPlace = RoundingPlace.ROW,
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE,
    *,
    may_pass: bool = True,
    grades: tuple[Grade, ...] = (),
    classes: tuple[str, ...] = (),
) -> Policy:
    return Policy(
        base=D(base),
        rounding=Rounding(places=places, at=at),
        not_applicable=not_applicable,
        total_may_pass_base=may_pass,
        grades=grades,
        unit_classes=classes,
    )


def form(*categories: Category, rules: Policy | None = None, checks: tuple[RateCheck, ...] = ()) -> Catalogue:
    return Catalogue(
        id="test",
        edition="1",
        year=2022,
        title="测试表",
        document="",
        annex_label="",
        purpose="测试",
        for_filing=True,
        policy=rules or policy(),
        columns=(),
        figures=(
            FigureSpec(key="budget", name="预算数", unit="万元"),
            FigureSpec(key="spent", name="支出数", unit="万元"),
            FigureSpec(key="final", name="决算数", unit="万元"),
        ),
        categories=categories,
        checks=checks,
    )


def points_of(rule: Rule, answer: Answer, full_points: str = "3", **figures: str) -> Decimal | None:
    """What one row earns on a form of its own."""
    catalogue = form(category("一", row("1.1", full_points, rule)))
    entries = Entries(answers={"1.1": answer}, figures={key: D(value) for key, value in figures.items()})
    return score(catalogue, entries).row("1.1").points
