"""What is written is read back equal, and the same catalogue is always the same text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.catalogue.loader import load, loads
from selfassess.catalogue.writer import dumps
from selfassess.domain.catalogue import (
    Catalogue,
    Category,
    Column,
    ColumnKey,
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
    Threshold,
    Tier,
    Tiers,
)

SHIPPED = ("xizang-dept-budget/2022", "xizang-dept-budget/2022-transcribed", "project-spending/2020")

# Everything a file may hold: no control signs but tab and line end, no half surrogates.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t"), max_size=30)
NAMES = TEXTS.filter(str.strip)
POINTS = st.decimals(0, 10**6, places=4)
RATIOS = st.decimals(0, 10, places=6)
POSITIVE = st.decimals("0.0001", 10, places=4)
SHARES = st.decimals("0", "0.5", places=3)
RATES = st.builds(
    RateSource,
    name=NAMES,
    form=st.sampled_from(RateForm),
    numerator_figure=st.just("budget"),
    denominator_label=NAMES,
    unit=TEXTS,
)
TIER_LISTS = st.lists(
    st.builds(
        Tier,
        above=st.none() | st.decimals(0, 1, places=3),
        up_to=st.none() | st.decimals("1.001", 9, places=3),
        above_included=st.booleans(),
        up_to_included=st.booleans(),
        points=POINTS,
    ),
    min_size=1,
    max_size=3,
)
BANDS = st.lists(
    st.builds(Band, label=NAMES, at_least=SHARES, below=st.none() | st.decimals("0.6", 1, places=2)),
    max_size=3,
    unique_by=lambda band: band.label,
)
OPTIONS = st.lists(
    st.builds(Option, label=NAMES, points=POINTS), min_size=1, max_size=3, unique_by=lambda option: option.label
)
RULES = st.one_of(
    st.just(AllOrNothing()),
    st.builds(Checklist, clauses=st.lists(st.builds(Clause, text=NAMES, points=POINTS), min_size=1).map(tuple)),
    st.builds(Tiers, rate=RATES, tiers=TIER_LISTS.map(tuple)),
    st.builds(
        Proportional,
        rate=RATES,
        benchmark=POSITIVE,
        floor=st.decimals(0, 5, places=2),
        ceiling=st.none() | st.decimals(5, 9, places=2),
    ),
    st.builds(Threshold, rate=RATES, limit=RATIOS, at_most=st.booleans(), limit_included=st.booleans()),
    st.builds(Choice, options=OPTIONS.map(tuple)),
    st.builds(Judged, step=POSITIVE, bands=BANDS.map(tuple)),
)
SOURCES = st.builds(
    Source,
    provenance=st.sampled_from(Provenance),
    transcribed=st.just(()) | st.tuples(st.tuples(st.just("name"), TEXTS), st.tuples(st.just("method"), TEXTS)),
    why=TEXTS,
)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    rows = tuple(
        Indicator(
            code=f"1.{number}",
            content=draw(TEXTS),
            name=draw(NAMES),
            full_points=draw(POINTS),
            method=draw(TEXTS),
            nature=draw(TEXTS),
            mode=draw(TEXTS),
            sources=draw(TEXTS),
            evidence_required=draw(st.booleans()),
            may_be_not_applicable=draw(st.booleans()),
            rule=draw(RULES),
            source=draw(SOURCES),
        )
        for number in range(1, draw(st.integers(2, 4)))
    )
    inside = Category(
        code="一", title=draw(NAMES), full_points=draw(POINTS), in_base=True, indicators=rows, source=draw(SOURCES)
    )
    band = AdjustmentBand(
        bonus_cap=draw(POINTS), deduction_cap=draw(POINTS), largest_of_same_matter=draw(st.booleans())
    )
    outside = replace(
        inside, code="二", in_base=False, indicators=(replace(rows[0], code="2.1", rule=band),), title=draw(NAMES)
    )
    return Catalogue(
        id="made",
        edition="2024",
        year=2024,
        title=draw(NAMES),
        document=draw(TEXTS),
        annex_label=draw(TEXTS),
        purpose=draw(TEXTS),
        for_filing=draw(st.booleans()),
        policy=Policy(
            base=draw(POSITIVE),
            rounding=Rounding(places=draw(st.integers(0, 6)), at=draw(st.sampled_from(RoundingPlace))),
            not_applicable=draw(st.sampled_from(NotApplicablePolicy)),
            total_may_pass_base=draw(st.booleans()),
            grades=tuple(draw(st.lists(st.builds(Grade, name=NAMES, at_least=POINTS), max_size=3))),
            unit_classes=tuple(draw(st.lists(TEXTS, max_size=3))),
        ),
        columns=tuple(Column(key=key, title=draw(NAMES), width=draw(POSITIVE)) for key in ColumnKey),
        figures=(FigureSpec(key="budget", name=draw(NAMES), unit=draw(TEXTS), note=draw(TEXTS)),),
        categories=(inside, outside),
        checks=(
            RateCheck(row="1.1", name=draw(NAMES), numerator="budget", denominator="budget", at_least=draw(RATIOS)),
        ),
        notes=tuple(draw(st.lists(TEXTS, max_size=3))),
        total_note=draw(TEXTS),
        printed_total=draw(st.none() | POINTS),
    )


@given(catalogues())
def test_any_catalogue_is_read_back_as_it_was_and_written_again_the_same(catalogue):
    text = dumps(catalogue)
    assert loads(text, "made.toml") == catalogue
    assert dumps(loads(text, "made.toml")) == text


@pytest.mark.parametrize("reference", SHIPPED)
def test_shipped_files_are_exactly_what_the_writer_writes(project, reference):
    """So that a catalogue saved by the program and one kept here differ only where somebody changed it."""
    path = project / "catalogues" / f"{reference}.toml"
    assert dumps(load(path)) == path.read_text(encoding="utf-8")


def test_numbers_are_written_plainly(small):
    catalogue = small.catalogue()
    written = dumps(replace(catalogue, printed_total=Decimal("1E+2")))
    assert "printed_total = 100\n" in written
    assert "printed_total = 0.5\n" in dumps(replace(catalogue, printed_total=Decimal("0.500")))
    assert "printed_total = 0.0000001\n" in dumps(replace(catalogue, printed_total=Decimal("1E-7")))


def test_quotes_backslashes_and_line_ends_survive(small):
    catalogue = replace(small.catalogue(), title='一"二"\\三\n四\t五')
    assert loads(dumps(catalogue), "x").title == '一"二"\\三\n四\t五'


def test_defaults_are_left_out_and_zero_is_not_a_default_of_points(small):
    text = dumps(small.but("full_points = 4", "full_points = 0").catalogue())
    assert "full_points = 0" in text
    assert "total_may_pass_base" not in text
    assert "why" not in text


def test_a_rare_character_beyond_the_first_plane_survives(small):
    catalogue = replace(small.catalogue(), title="𠮷㙓䶮")
    assert loads(dumps(catalogue), "x").title == "𠮷㙓䶮"
