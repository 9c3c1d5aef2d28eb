"""The shipped catalogues say what their sources say: the transcription cell by cell, the working edition as decided."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from selfassess.catalogue.linter import lint
from selfassess.catalogue.loader import load
from selfassess.domain.catalogue import Catalogue, Indicator, NotApplicablePolicy, Provenance, RoundingPlace
from selfassess.domain.finding import Level
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Checklist,
    Choice,
    Judged,
    Proportional,
    RateForm,
    Threshold,
    Tiers,
)

CELLS = ("content", "name", "full_points", "method", "nature", "mode", "sources")
FULL_POINTS = {"1.1": "7", "3.2": "11", "4.5": "3", "4.6": "2", "6.5": "1", "6.6": "1"}
LOST = ["2.12", "2.16", "2.17", "4.5", "4.6"]
FULL_WIDTH = str.maketrans(",;()", "，；（）")
"""Punctuation as Chinese is set: the only difference that no row of the working edition records."""
NOT_APPLICABLE = {"2.9", "2.10", "2.14", "3.2", "3.3", "3.4", "3.5", "4.2"}


@pytest.fixture(scope="module")
def transcription(project) -> list[list[str]]:
    with (project / "tests/golden/annex-2022-transcription.tsv").open(encoding="utf-8", newline="") as file:
        return [(row + [""] * 10)[:10] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture(scope="module")
def transcribed(project) -> Catalogue:
    return load(project / "catalogues/xizang-dept-budget/2022-transcribed.toml")


@pytest.fixture(scope="module")
def working(project) -> Catalogue:
    return load(project / "catalogues/xizang-dept-budget/2022.toml")


@pytest.fixture(scope="module")
def spending(project) -> Catalogue:
    return load(project / "catalogues/project-spending/2020.toml")


def cells(row: Indicator) -> list[str]:
    return [str(getattr(row, cell)) for cell in CELLS]


def typeset(value: object) -> object:
    """A cell of the transcription as the working edition prints it when nothing else was changed."""
    return value.translate(FULL_WIDTH) if isinstance(value, str) else value


def rules(catalogue: Catalogue, kind: type) -> set[str]:
    return {row.code for _, row in catalogue.indicators() if isinstance(row.rule, kind)}


def sums(catalogue: Catalogue) -> dict[str, Decimal]:
    return {
        category.code: sum((row.full_points for row in category.indicators), Decimal(0))
        for category in catalogue.categories
    }


# --------------------------------------------------------------------------------------------- 2022-transcribed


def test_every_cell_of_the_transcription_is_in_the_transcribed_edition(transcription, transcribed):
    printed = [[column.title for column in transcribed.columns]]
    for category in transcribed.categories[:7]:
        printed.append([category.heading, "", str(category.full_points), *[""] * 4])
        printed.extend(cells(row) for row in category.indicators)
    band = transcribed.categories[7]
    printed.append([band.heading, *cells(band.indicators[0])[1:]])
    printed.append(["合计", "", str(transcribed.printed_total), transcribed.total_note, "", "", ""])

    expected = [transcription[0], *[row[:7] for row in transcription[1:]]]
    assert printed == expected


def test_the_remarks_of_the_transcription_repeat_the_method_and_are_no_remarks(transcription):
    """Column 10 is an artefact from category 四 on, and empty before; the catalogue has no place for it."""
    remarks = [(row[9], row[3]) for row in transcription[1:] if row[9]]
    assert remarks
    assert all(remark == method for remark, method in remarks)


def test_the_transcribed_edition_is_for_study_and_changes_nothing(transcribed):
    assert not transcribed.for_filing
    sources = [row.source for _, row in transcribed.indicators()] + [one.source for one in transcribed.categories]
    assert all(source.provenance is Provenance.TRANSCRIBED and not source.transcribed for source in sources)
    assert all(
        row.rule == Judged(step=Decimal("0.5")) for category, row in transcribed.indicators() if category.in_base
    )


def test_the_linter_lists_every_footing_fault_of_the_transcription(transcribed):
    errors = {(fault.code, fault.place): fault.message for fault in lint(transcribed) if fault.level is Level.ERROR}
    assert set(errors) == {
        ("L202", "form"),
        ("L203", "form"),
        ("L204", "一"),
        ("L204", "三"),
        ("L204", "四"),
        ("L204", "六"),
    }
    assert "合计 98，与基础分 100 不符" in errors["L202", "form"]
    assert "印的是 10，与基础分 100 不符" in errors["L203", "form"]
    assert "分值 10，所属各行分值合计 9，少 1" in errors["L204", "一"]
    assert "分值 35，所属各行分值合计 38，多 3" in errors["L204", "三"]
    assert "分值 15，所属各行分值合计 12，少 3" in errors["L204", "四"]
    assert "分值 5，所属各行分值合计 4，少 1" in errors["L204", "六"]


def test_the_linter_finds_the_rows_that_the_transcription_repeats(transcribed):
    repeated = [fault.message for fault in lint(transcribed) if fault.code == "L237"]
    assert [message.split(" 行")[0] for message in repeated] == [
        "第 2.4、2.17",
        "第 3.6、4.5、4.6",
        "第 6.1、6.2",
        "第 6.3、6.4",
        "第 6.5、6.6",
    ]


# --------------------------------------------------------------------------------------------------------- 2022


def test_the_working_edition_foots(working):
    assert working.for_filing
    assert sums(working) == {one.code: one.full_points for one in working.categories}
    assert sum(one.full_points for one in working.categories if one.in_base) == working.policy.base == 100
    assert [fault for fault in lint(working) if fault.level is Level.ERROR] == []


def test_both_editions_have_the_same_rows(working, transcribed):
    assert [row.code for _, row in working.indicators()] == [row.code for _, row in transcribed.indicators()]
    assert len([row for category, row in working.indicators() if category.in_base]) == 47


def test_every_difference_from_the_transcription_is_recorded_and_nothing_else(working, transcribed):
    """What a row says now, with its recorded original text put back, is the transcription again, punctuation aside."""
    for (category, now), (_, then) in zip(working.indicators(), transcribed.indicators(), strict=True):
        recorded = dict(now.source.transcribed)
        differing = {
            cell: str(getattr(then, cell)) for cell in CELLS if getattr(now, cell) != typeset(getattr(then, cell))
        }
        assert recorded == differing, now.code
        if category.in_base:
            assert now.source.provenance in {Provenance.RECONSTRUCTED, Provenance.LOST}
            assert now.source.why


def printed(catalogue: Catalogue) -> Iterator[str]:
    """Every text that paper or screen shows of a form, apart from where its wording comes from."""
    yield from (catalogue.title, catalogue.total_note, *catalogue.notes)
    yield from (column.title for column in catalogue.columns)
    yield from (category.heading for category in catalogue.categories)
    for _, row in catalogue.indicators():
        yield from cells(row)
        if isinstance(row.rule, Checklist):
            yield from (clause.text for clause in row.rule.clauses)
        if isinstance(row.rule, Choice):
            yield from (option.label for option in row.rule.options)


def test_the_working_edition_is_punctuated_as_chinese_is(working):
    assert [text for text in printed(working) if re.search(r"[,;:?!()]", text)] == []
    assert any("得0.5分" in text for text in printed(working))
    assert "标点改为全角" in working.purpose


def test_what_was_transcribed_keeps_its_own_punctuation(working, transcribed):
    """So it does in the edition that repeats it, and where a row of the working edition records it."""
    recorded = [text for _, row in working.indicators() for name, text in row.source.transcribed if name == "method"]
    assert any("," in text for text in recorded)
    assert not any("，" in text or "；" in text for text in [*recorded, *printed(transcribed)])


def test_only_the_decided_weights_changed(working, transcribed):
    changed = {
        now.code: str(now.full_points)
        for (_, now), (_, then) in zip(working.indicators(), transcribed.indicators(), strict=True)
        if now.full_points != then.full_points
    }
    assert changed == FULL_POINTS


def test_rows_whose_content_is_lost_say_so_and_keep_their_text(working, transcribed):
    assert [row.code for _, row in working.indicators() if row.source.provenance is Provenance.LOST] == LOST
    for code in LOST:
        assert working.indicator(code).method == typeset(transcribed.indicator(code).method)


def test_contents_that_repeated_the_name_run_on_from_the_content_above(working):
    runs: list[list[str]] = []
    for row in working.categories[1].indicators:
        if runs and runs[-1][0] == row.content:
            runs[-1].append(row.code)
        else:
            runs.append([row.content, row.code])
    assert runs == [
        ["（一）支出政策制定", "2.1", "2.2"],
        ["（二）预算细化和精打细算", "2.3", "2.4", "2.5", "2.6"],
        ["（四）预算审核", "2.7"],
        ["（五）支出标准体系建设", "2.8", "2.9"],
        ["（六）资金分配", *[f"2.{number}" for number in range(10, 18)]],
    ]


def test_each_row_has_the_kind_of_rule_that_was_decided(working):
    others = {
        Judged: {"1.1", "2.10"},
        Checklist: {"1.4", "2.1", "4.1", "4.3", "5.1", "5.2", "5.5", "6.3", "6.4", "6.5", "6.6"},
        Tiers: {"2.7"},
        Choice: {"2.15"},
        Proportional: {"3.1"},
        Threshold: {"7.2"},
        AdjustmentBand: {"8.1"},
    }
    for kind, codes in others.items():
        assert rules(working, kind) == codes
    every = {row.code for _, row in working.indicators()}
    assert rules(working, AllOrNothing) == every - set().union(*others.values())


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("1.4", "0.5 0.5"),
        ("2.1", "0.5 0.5"),
        ("4.1", "1 0.5 0.5"),
        ("4.3", "1.5 0.5"),
        ("5.1", "0.5 0.5"),
        ("5.2", "0.5 0.5"),
        ("5.5", "0.5 0.5"),
        ("6.3", "1 0.5"),
        ("6.4", "1 0.5"),
        ("6.5", "0.5 0.5"),
        ("6.6", "0.5 0.5"),
    ],
)
def test_the_clauses_of_a_checklist(working, code, points):
    assert " ".join(str(clause.points) for clause in working.indicator(code).rule.clauses) == points


def test_the_deviation_of_the_budget_is_looked_up_in_tiers_that_include_their_upper_bound(working):
    rule = working.indicator("2.7").rule
    assert [(str(tier.above), str(tier.up_to), str(tier.points)) for tier in rule.tiers] == [
        ("None", "0.1", "3"),
        ("0.1", "0.2", "2"),
        ("0.2", "0.3", "1"),
        ("0.3", "None", "0"),
    ]
    assert all(tier.up_to_included and not tier.above_included for tier in rule.tiers)
    assert (rule.rate.name, rule.rate.form) == ("预决算偏离度", RateForm.DEVIATION)
    assert (rule.rate.numerator_figure, rule.rate.denominator_figure) == ("final_accounts", "initial_budget")


def test_the_rates_of_the_other_rows(working):
    progress = working.indicator("3.1").rule
    assert (progress.benchmark, progress.floor, progress.ceiling) == (1, 0, None)
    assert (progress.rate.numerator_figure, progress.rate.denominator_figure) == ("spent", "budget")
    monitored = working.indicator("7.2").rule
    assert (monitored.limit, monitored.at_most, monitored.limit_included) == (Decimal("0.01"), True, True)
    assert (monitored.rate.numerator_label, monitored.rate.denominator_label) == ("退回或违规金额", "支付总额")
    assert {figure.unit for figure in working.figures} | {monitored.rate.unit} == {"万元"}
    assert [(one.label, str(one.points)) for one in working.indicator("2.15").rule.options] == [
        ("高于", "2"),
        ("低于", "1"),
        ("等于", "0.5"),
    ]


def test_the_policy_and_the_band_of_the_annex(working, transcribed):
    policy = working.policy
    assert policy == transcribed.policy
    assert (policy.base, policy.not_applicable) == (100, NotApplicablePolicy.AVERAGE)
    assert (policy.rounding.places, policy.rounding.at) == (2, RoundingPlace.ROW)
    assert (policy.total_may_pass_base, policy.grades, policy.unit_classes) == (True, (), ("A", "B"))
    band = working.categories[-1]
    assert (band.code, band.in_base, band.full_points) == ("八", False, 10)
    assert band.indicators[0].rule == AdjustmentBand(bonus_cap=Decimal(10), deduction_cap=Decimal(10))
    assert {row.code for _, row in working.indicators() if row.may_be_not_applicable} == NOT_APPLICABLE


def test_the_claim_of_full_points_for_progress_is_checked_against_the_figures(working, transcribed):
    (check,) = working.checks
    assert transcribed.checks == working.checks
    assert (check.row, check.name, check.numerator, check.denominator) == ("3.1", "预算执行率", "spent", "budget")
    assert check.at_least == Decimal("0.8")


def test_evidence_is_required_of_rows_fed_by_documents_only(working):
    for _, row in working.indicators():
        assert row.evidence_required == row.sources.startswith("佐证材料")
        assert not row.sources.startswith(("凭证材料", "报告数据"))
    assert not working.indicator("2.7").evidence_required


def test_the_columns_fill_the_text_block_of_a_landscape_page(working):
    assert sum(column.width for column in working.columns) == 225
    assert [column.title for column in working.columns][7:9] == ["考核结果（自评得分）", "扣罚分"]


# --------------------------------------------------------------------------------------------- project-spending


def test_a_second_form_is_data_only(spending):
    assert sums(spending) == {"一": 10, "二": 50, "三": 30, "四": 10}
    assert [(grade.name, str(grade.at_least)) for grade in spending.policy.grades] == [
        ("优", "90"),
        ("良", "80"),
        ("中", "60"),
        ("差", "0"),
    ]
    assert [fault.level for fault in lint(spending) if fault.level is not Level.HINT] == []


def test_quantitative_rows_are_pro_rata_and_qualitative_rows_judged_in_three_bands(spending):
    for _, row in spending.indicators():
        assert isinstance(row.rule, Proportional if row.nature == "定量" else Judged), row.code
    shares = [(str(one.at_least), str(one.below)) for one in spending.indicator("3.2").rule.bands]
    assert shares == [("0.8", "None"), ("0.6", "0.8"), ("0", "0.6")]
    assert spending.indicator("1.1").rule.rate.from_figures
    assert not spending.indicator("2.1").rule.rate.from_figures


def test_nothing_of_the_project_form_is_called_verified(spending):
    """The regulation's text was not at hand."""
    for source in (row.source for _, row in spending.indicators()):
        assert source.provenance is Provenance.RECONSTRUCTED
        assert source.why
