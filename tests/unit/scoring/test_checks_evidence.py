"""Rows that need supporting documents: one hint while there are none at all, then each row that lacks some."""

from __future__ import annotations

from msgspec.structs import replace
from scoring_builders import ALL_OR_NOTHING, BAND, JUDGED, D, category, form, policy, row

from selfassess.domain.entries import Adjustment, Answer, Entries
from selfassess.domain.finding import Level
from selfassess.scoring import find, score

FORM = form(
    category(
        "一",
        replace(row("1.1", "2", ALL_OR_NOTHING, "制度"), evidence_required=True),
        replace(row("1.2", "3", JUDGED, "决策"), evidence_required=True),
        row("1.3", "5", JUDGED, "偏离度"),
    ),
    category("二", row("2.1", "10", BAND, "其他事项")),
    rules=policy(base="10"),
)
FULL = {"1.1": Answer(met=True), "1.2": Answer(points=D("2.5")), "1.3": Answer(points=D(5))}


def told(evidence, answers=FULL, catalogue=FORM, **entered):
    entries = Entries(answers=answers, **entered)
    found = find(catalogue, entries, score(catalogue, entries), evidence=evidence)
    return [one for one in found if one.code in {"F213", "F303"}]


def places(evidence, answers=FULL, **entered):
    return [f"{one.code} {one.place}" for one in told(evidence, answers, **entered)]


def test_nothing_is_said_where_no_documents_can_be_kept():
    assert places(None) == []


def test_without_any_document_one_hint_counts_the_rows_that_need_some():
    (hint,) = told({})
    assert (hint.code, hint.place, hint.level) == ("F303", "form", Level.HINT)
    assert "2 行须提供佐证材料" in hint.message


def test_rows_marked_not_applicable_need_none():
    assert "1 行" in told({}, FULL | {"1.1": Answer(not_applicable="没有此项工作")})[0].message
    nothing = {code: Answer(not_applicable="没有") for code in ("1.1", "1.2")}
    assert places({}, nothing) == []
    assert places({"1.3": 1}, nothing) == []


def test_with_the_first_document_each_row_that_earns_points_without_one_is_named():
    assert places({"1.3": 1}) == ["F213 1.1", "F213 1.2"]
    assert places({"1.1": 2}) == ["F213 1.2"]
    assert places({"1.1": 1, "1.2": 1}) == []
    finding = told({"1.1": 1})[0]
    assert finding.level is Level.VERIFY
    assert "第 1.2 行“决策”得 2.5 分" in finding.message


def test_rows_without_points_need_no_proof():
    assert places({"1.3": 1}, {"1.1": Answer(met=False)}) == []


def test_a_form_whose_rows_need_none_says_nothing():
    none_needed = form(category("一", row("1.1", "10", ALL_OR_NOTHING)), rules=policy(base="10"))
    entries = Entries(answers={"1.1": Answer(met=True)})
    found = find(none_needed, entries, score(none_needed, entries), evidence={"1.1": 1})
    assert not {one.code for one in found} & {"F213", "F303"}


def test_bonuses_that_need_proof_are_named_and_deductions_are_not():
    band = replace(row("2.1", "10", BAND, "其他事项"), evidence_required=True)
    catalogue = replace(FORM, categories=(FORM.categories[0], category("二", band)))
    for points, expected in (("8", ["F213"]), ("-2", [])):
        matters = (Adjustment(matter="表彰", basis="文件", points=D(points)),)
        proofs = {"1.1": 1, "1.2": 1}
        assert [one.code for one in told(proofs, FULL, catalogue, adjustments=matters)] == expected
