"""The linter finds what is loadable but wrong, each in its place, and nothing in a sound catalogue."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from selfassess.catalogue.linter import lint
from selfassess.domain.catalogue import Provenance, Source
from selfassess.domain.finding import Level
from selfassess.domain.rules import Checklist, Choice, Proportional, RateSource, Tiers

RATE = 'rate = { name = "比率", numerator_figure = "spent", denominator_figure = "budget" }'


def found(small_or_catalogue):
    catalogue = small_or_catalogue.catalogue() if hasattr(small_or_catalogue, "catalogue") else small_or_catalogue
    return [(fault.code, fault.level, fault.place) for fault in lint(catalogue)]


def one(small_or_catalogue):
    (fault,) = found(small_or_catalogue)
    return fault


def said(small_or_catalogue, code):
    catalogue = small_or_catalogue.catalogue() if hasattr(small_or_catalogue, "catalogue") else small_or_catalogue
    return next(fault.message for fault in lint(catalogue) if fault.code == code)


def row(catalogue, **changes):
    """The catalogue with changes made to its row 1.2."""
    category = catalogue.categories[0]
    first, second = category.indicators
    return replace(catalogue, categories=(replace(category, indicators=(first, replace(second, **changes))),))


def test_a_sound_catalogue_has_no_faults(small):
    assert lint(small.catalogue()) == ()


def test_rows_that_do_not_sum_to_their_category_and_the_base(small):
    broken = small.but("full_points = 4", "full_points = 3")
    assert found(broken) == [("L202", Level.ERROR, "form"), ("L204", Level.ERROR, "一")]
    assert "“一、管理”分值 10，所属各行分值合计 9，少 1" in said(broken, "L204")
    assert "多 2" in said(small.but("full_points = 4", "full_points = 6"), "L204")


def test_categories_that_do_not_sum_to_the_base(small):
    broken = small.but("base = 10", "base = 100")
    assert found(broken) == [("L201", Level.ERROR, "form"), ("L202", Level.ERROR, "form")]
    assert "合计 10，与基础分 100 不符" in said(broken, "L201")


def test_a_printed_total_other_than_the_base(small):
    broken = small.but("year = 2024", "year = 2024\nprinted_total = 9")
    assert one(broken) == ("L203", Level.ERROR, "form")
    assert found(small.but("year = 2024", "year = 2024\nprinted_total = 10")) == []


def test_equal_codes_of_a_catalogue_made_in_the_program(small):
    catalogue = small.catalogue()
    twice = row(catalogue, code="1.1")
    assert ("L205", Level.ERROR, "1.1") in found(twice)
    figures = replace(catalogue, figures=catalogue.figures * 2)
    assert [code for code, _, _ in found(figures)] == ["L207", "L207"]
    categories = replace(catalogue, categories=catalogue.categories * 2)
    assert ("L206", Level.ERROR, "一") in found(categories)


def test_a_figure_nobody_uses(small):
    idle = small.but("figures = [", 'figures = [\n  { key = "idle", name = "闲置", unit = "" },')
    assert one(idle) == ("L212", Level.VERIFY, "figure.idle")
    assert "“闲置”（idle）" in said(idle, "L212")


def test_references_that_lead_nowhere_in_a_catalogue_made_in_the_program(small):
    catalogue = small.catalogue()
    (check,) = catalogue.checks
    assert one(replace(catalogue, checks=(replace(check, row="9.9"),))) == ("L210", Level.ERROR, "form")
    broken = replace(catalogue, checks=(replace(check, numerator="gone"),))
    assert found(broken) == [("L211", Level.ERROR, "form"), ("L212", Level.VERIFY, "figure.spent")]
    rate = RateSource(name="率", numerator_figure="gone", denominator_figure="budget")
    assert one(row(catalogue, rule=Proportional(rate=rate, benchmark=Decimal(1)))) == ("L208", Level.ERROR, "1.2")


def test_a_rate_of_a_figure_by_itself(small):
    rule = f'rule = {{ kind = "threshold", limit = 0.1, {RATE.replace("spent", "budget")} }}'
    assert one(small.with_rule(rule)) == ("L209", Level.ERROR, "1.2")


def clauses(*points: str) -> str:
    items = ", ".join(f'{{ text = "第{number}条", points = {value} }}' for number, value in enumerate(points))
    return f'rule = {{ kind = "checklist", clauses = [{items}] }}'


def options(*points: str) -> str:
    items = ", ".join(f'{{ label = "选项{number}", points = {value} }}' for number, value in enumerate(points))
    return f'rule = {{ kind = "choice", options = [{items}] }}'


def tiers(*items: str) -> str:
    return f'rule = {{ kind = "tiers", {RATE}, tiers = [{", ".join(f"{{ {item} }}" for item in items)}] }}'


def bands(*items: str) -> str:
    listed = ", ".join(f'{{ label = "区间{number}", {item} }}' for number, item in enumerate(items))
    return f'rule = {{ kind = "judged", step = 0.5, bands = [{listed}] }}'


@pytest.mark.parametrize(
    "rule",
    [
        clauses("4", "2"),
        options("6", "0"),
        tiers("up_to = 0.1, points = 6", "above = 0.1, points = 0"),
        tiers("above = 0.1, points = 0", "up_to = 0.1, points = 6"),
        tiers("above = 0, above_included = true, points = 6"),
        tiers(
            "up_to = 0.1, up_to_included = false, points = 6",
            "above = 0.1, above_included = true, up_to = 0.1, points = 5",
            "above = 0.1, points = 0",
        ),
        bands("at_least = 0.8", "at_least = 0.6, below = 0.8", "at_least = 0, below = 0.6"),
        f'rule = {{ kind = "proportional", {RATE}, benchmark = 1, floor = 1 }}',
        f'rule = {{ kind = "threshold", {RATE}, limit = 0.01 }}',
        'rule = { kind = "judged", step = 0.1 }',
    ],
)
def test_a_sound_rule_has_no_faults(small, rule):
    assert found(small.with_rule(rule)) == []


@pytest.mark.parametrize(
    ("rule", "code", "level", "words"),
    [
        (clauses("4", "1"), "L213", Level.ERROR, "合计 5 分，达不到该行分值 6"),
        (clauses("4", "3"), "L214", Level.HINT, "合计 7 分，超过该行分值 6"),
        (tiers("up_to = 0.1, points = 6"), "L215", Level.ERROR, "10.00% 以上的比率没有"),
        (tiers("above = 0.1, points = 6"), "L215", Level.ERROR, "10.00% 以下的比率没有"),
        (tiers("above = 0, points = 6"), "L215", Level.ERROR, "0.00%的比率没有"),
        (
            tiers("up_to = 0.1, points = 6", "above = 0.2, points = 0"),
            "L215",
            Level.ERROR,
            "10.00% 至 20.00%的比率没有",
        ),
        (
            tiers("up_to = 0.1, up_to_included = false, points = 6", "above = 0.1, points = 0"),
            "L215",
            Level.ERROR,
            "恰为 10.00%的比率没有",
        ),
        (
            tiers("up_to = 0.1, points = 6", "above = 0.1, above_included = true, points = 0"),
            "L216",
            Level.ERROR,
            "恰为 10.00%的比率同时",
        ),
        (tiers("up_to = 0.2, points = 6", "above = 0.1, points = 0"), "L216", Level.ERROR, "10.00% 以上的比率同时"),
        (tiers("up_to = 0.1, points = 6", "points = 0"), "L216", Level.ERROR, "0.00% 以上的比率同时"),
        (tiers("up_to = 0.1, points = 7", "above = 0.1, points = 0"), "L217", Level.ERROR, "得 7 分，超过该行分值 6"),
        (tiers("up_to = 0.1, points = 5", "above = 0.1, points = 0"), "L218", Level.VERIFY, "最多只能得 5 分"),
        (options("7", "6"), "L217", Level.ERROR, "得 7 分，超过该行分值 6"),
        (options("5", "0"), "L218", Level.VERIFY, "最多只能得 5 分"),
        (options("6"), "L219", Level.VERIFY, "只有一个选项"),
        (f'rule = {{ kind = "proportional", {RATE}, benchmark = 1, floor = 7 }}', "L221", Level.ERROR, "7"),
        (f'rule = {{ kind = "proportional", {RATE}, benchmark = 1, ceiling = 7 }}', "L222", Level.ERROR, "7"),
        (f'rule = {{ kind = "proportional", {RATE}, benchmark = 1, ceiling = 5 }}', "L218", Level.VERIFY, "5"),
        ('rule = { kind = "judged", step = 4 }', "L223", Level.ERROR, "间隔 4 不能整除该行分值 6"),
        (bands("at_least = 0.8", "at_least = 0, below = 0.6"), "L224", Level.ERROR, "60.00% 至 80.00%没有"),
        (bands("at_least = 0.1"), "L224", Level.ERROR, "10.00% 以下没有"),
        (bands("at_least = 0, below = 1"), "L224", Level.ERROR, "100.00% 以上没有"),
        (bands("at_least = 0.5", "at_least = 0, below = 0.6"), "L225", Level.ERROR, "50.00% 以上同时"),
    ],
)
def test_a_wrong_rule(small, rule, code, level, words):
    broken = small.with_rule(rule)
    assert one(broken) == (code, level, "1.2")
    assert words in said(broken, code)
    assert "第 1.2 行“工作效果”" in said(broken, code)


@pytest.mark.parametrize("rule", [Choice(options=()), Tiers(tiers=(), rate=RateSource(name="率"))])
def test_a_rule_without_entries_made_in_the_program(small, rule):
    assert one(row(small.catalogue(), rule=rule)) == ("L227", Level.ERROR, "1.2")


def test_a_checklist_without_clauses_made_in_the_program(small):
    assert one(row(small.catalogue(), rule=Checklist(clauses=()))) == ("L213", Level.ERROR, "1.2")


@pytest.mark.parametrize("benchmark", ["0", "-1"])
def test_a_benchmark_that_is_not_above_zero_made_in_the_program(small, benchmark):
    rate = RateSource(name="率", numerator_figure="spent", denominator_figure="budget")
    broken = row(small.catalogue(), rule=Proportional(rate=rate, benchmark=Decimal(benchmark)))
    assert one(broken) == ("L220", Level.ERROR, "1.2")


def band(cap: str) -> str:
    return f"""
[[categories]]
code = "二"
title = "其他事项"
full_points = 5
in_base = false
provenance = "verified"
[[categories.indicators]]
code = "2.1"
content = ""
name = "其他事项"
full_points = 5
method = ""
provenance = "verified"
rule = {{ kind = "adjustment", bonus_cap = {cap}, deduction_cap = 5 }}
"""


def test_a_bonus_cap_above_the_band(small):
    assert found(small.but(small.text, small.text + band("5"))) == []
    assert one(small.but(small.text, small.text + band("6"))) == ("L226", Level.VERIFY, "2.1")


def test_a_row_that_is_worth_nothing(small):
    zero = small.but("full_points = 4", "full_points = 0").but("full_points = 6", "full_points = 10")
    assert one(zero) == ("L230", Level.VERIFY, "1.1")


def test_full_points_finer_than_the_rounding(small):
    fine = small.but("full_points = 4", "full_points = 3.995").but("full_points = 6", "full_points = 6.005")
    fine = fine.but('{ kind = "judged", step = 0.5 }', '{ kind = "all_or_nothing" }')
    assert found(fine) == [("L231", Level.ERROR, "1.1"), ("L231", Level.ERROR, "1.2")]
    assert found(fine.but("places = 2", 'places = 2, at = "total"')) == []


def grades(*limits: int) -> str:
    items = ", ".join(f'{{ name = "等级{number}", at_least = {limit} }}' for number, limit in enumerate(limits))
    return f"base = 10\ngrades = [{items}]"


def test_grades_that_do_not_go_down_to_zero(small):
    assert found(small.but("base = 10", grades(9, 6, 0))) == []
    assert one(small.but("base = 10", grades(6, 9, 0))) == ("L232", Level.ERROR, "form")
    assert one(small.but("base = 10", grades(9, 9, 0))) == ("L232", Level.ERROR, "form")
    assert one(small.but("base = 10", grades(9, 6))) == ("L233", Level.ERROR, "form")
    same = small.but("base = 10", grades(9, 0).replace("等级1", "等级0"))
    assert one(same) == ("L234", Level.ERROR, "form")


def test_a_column_that_a_form_cannot_do_without(small):
    assert one(small.but('  { key = "points", title = "得分", width = 10 },\n', "")) == ("L235", Level.ERROR, "form")


def test_rows_out_of_order(small):
    swapped = small.but('code = "1.1"', 'code = "1.x"').but('code = "1.2"', 'code = "1.1"').but("1.x", "1.2")
    assert one(swapped) == ("L236", Level.HINT, "1.1")


def test_codes_are_ordered_as_numbers_not_as_text(small):
    assert (
        found(small.but('code = "1.1"', 'code = "1.9"').but('code = "1.2"', 'code = "1.10"').but('"1.1"', '"1.9"'))
        == []
    )


def test_two_indicators_with_equal_text(small):
    equal = small.but("评议打分。", "有制度的得分。")
    assert one(equal) == ("L237", Level.HINT, "1.1")
    assert "第 1.1、1.2 行" in said(equal, "L237")


def test_rows_without_text_are_not_called_equal(small):
    assert found(small.but("评议打分。", "").but("有制度的得分。", "")) == []


def test_unverified_rows_are_counted_by_state(small):
    unverified = small.but("（一）制度", "甲").but('provenance = "verified"\nrule', 'provenance = "transcribed"\nrule')
    assert one(unverified) == ("L239", Level.HINT, "form")
    assert "2 行中有 1 行未与原件核对（照录 1 行）" in said(unverified, "L239")


def test_a_lost_row_and_a_change_without_a_reason(small):
    lost = row(small.catalogue(), source=Source(provenance=Provenance.LOST))
    assert found(lost) == [
        ("L238", Level.VERIFY, "1.2"),
        ("L240", Level.VERIFY, "1.2"),
        ("L239", Level.HINT, "form"),
    ]


def test_a_row_said_to_be_transcribed_unchanged_that_differs(small):
    source = Source(provenance=Provenance.TRANSCRIBED, transcribed=(("name", "别的"),))
    assert ("L241", Level.ERROR, "1.2") in found(row(small.catalogue(), source=source))


def test_the_gravest_come_first(small):
    mixed = small.but("评议打分。", "有制度的得分。").but("full_points = 4", "full_points = 0")
    levels = [level for _, level, _ in found(mixed)]
    assert levels == sorted(levels, key=list(Level).index)
    assert set(levels) == set(Level)
