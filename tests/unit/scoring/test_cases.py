"""Runs the hand-computed cases of tests/cases, whose format is described in the README there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from selfassess.catalogue.loader import load, loads
from selfassess.domain.catalogue import Catalogue, NotApplicablePolicy, Rounding, RoundingPlace
from selfassess.domain.entries import Entries
from selfassess.domain.rules import RULE_NAMES
from selfassess.domain.scorecard import RowState, Scorecard
from selfassess.errors import ImportFormError
from selfassess.intake.answers import AnswersFile, entries_of
from selfassess.scoring import Memo, find, score

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "cases"
NONE = "无"

CASE_KEYS = {"name", "arithmetic", "mistake", "policy", "answers", "expected"}
EXPECTED_KEYS = {
    *("points", "states", "deductions", "working", "subtotals", "applicable"),
    *("base", "bonus", "deduction", "total", "attainable", "converted", "conversion", "grade"),
    *("blank", "provisional", "findings", "no_findings", "refused"),
}
MISTAKES = {
    "0 treated as not touched",
    "weight 0 becomes 1",
    "truncation instead of rounding",
    "unscored rows leave the maximum",
    "two code paths for the score",
    "thresholds keyed by question id",
    "questions grouped by their text",
    "N/A as pass, as loss, all N/A as 100 %",
    "error caught, fallback score shown",
    "documentation and formula differ",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    place: str
    catalogue_text: str
    body: dict[str, Any]

    @property
    def expected(self) -> dict[str, Any]:
        return self.body["expected"]

    def catalogue(self) -> Catalogue:
        text = self.catalogue_text
        found = loads(text, self.place) if "\n" in text else load(ROOT / "catalogues" / f"{text}.toml")
        return _with_policy(found, self.body.get("policy", {}))

    def entries(self, catalogue: Catalogue) -> Entries:
        answers = self.body.get("answers", {})
        return entries_of(AnswersFile(name=self.place, catalogue=catalogue.reference, table=answers), catalogue)


def _with_policy(catalogue: Catalogue, changes: dict[str, Any]) -> Catalogue:
    changes = dict(changes)
    if "rounding" in changes:
        at = RoundingPlace(changes["rounding"].get("at", "row"))
        changes["rounding"] = Rounding(places=changes["rounding"]["places"], at=at)
    if "not_applicable" in changes:
        changes["not_applicable"] = NotApplicablePolicy(changes["not_applicable"])
    return replace(catalogue, policy=replace(catalogue.policy, **changes))


def _cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        assert set(table) == {"title", "catalogue", "cases"}, path.name
        for body in table["cases"]:
            yield Case(place=f"{path.stem}: {body['name']}", catalogue_text=table["catalogue"], body=body)


CASES = list(_cases())


def _number(value: Decimal | None) -> Decimal | str:
    return NONE if value is None else value


def _stated(value: str) -> Decimal | str:
    return NONE if value == NONE else Decimal(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_the_program_agrees_with_the_hand(case: Case):
    catalogue = case.catalogue()
    expected = case.expected
    if "refused" in expected:
        with pytest.raises(ImportFormError) as refusal:
            case.entries(catalogue)
        assert expected["refused"] in str(refusal.value)
        return
    entries = case.entries(catalogue)
    card = score(catalogue, entries)
    _compare_rows(card, expected)
    _compare_sums(card, expected)
    found = find(catalogue, entries, card)
    assert set(expected.get("findings", ())) <= {f"{one.code} {one.place}" for one in found}
    assert not set(expected.get("no_findings", ())) & {one.code for one in found}


def _compare_rows(card: Scorecard, expected: Mapping[str, Any]) -> None:
    for code, points in expected.get("points", {}).items():
        assert _number(card.row(code).points) == _stated(points), code
    for code, state in expected.get("states", {}).items():
        assert card.row(code).state is RowState(state), code
    for code, deduction in expected.get("deductions", {}).items():
        assert _number(card.row(code).deduction) == _stated(deduction), code
    for code, words in expected.get("working", {}).items():
        assert words in str(card.row(code).working), code


def _compare_sums(card: Scorecard, expected: Mapping[str, Any]) -> None:
    for code, points in expected.get("subtotals", {}).items():
        assert _number(card.category(code).points) == _stated(points), code
    for code, points in expected.get("applicable", {}).items():
        assert card.category(code).applicable == Decimal(points), code
    for name in ("base", "bonus", "deduction", "total", "attainable", "converted"):
        if name in expected:
            assert _number(getattr(card, name)) == _stated(expected[name]), name
    for name in ("blank", "provisional"):
        if name in expected:
            assert getattr(card, name) == expected[name], name
    if "grade" in expected:
        assert (card.grade or NONE) == expected["grade"]
    assert expected.get("conversion", "") in card.conversion


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_every_case_says_how_it_was_computed_and_uses_known_keys(case: Case):
    assert set(case.body) <= CASE_KEYS
    assert case.body["arithmetic"].strip()
    assert case.expected
    assert set(case.expected) <= EXPECTED_KEYS
    assert case.body.get("mistake", next(iter(MISTAKES))) in MISTAKES


def test_there_are_cases_for_every_rule_every_policy_and_every_mistake_of_peers():
    catalogues = [case.catalogue() for case in CASES]
    kinds = {type(indicator.rule) for catalogue in catalogues for _, indicator in catalogue.indicators()}
    assert kinds == set(RULE_NAMES)
    assert {catalogue.policy.not_applicable for catalogue in catalogues} == set(NotApplicablePolicy)
    assert {catalogue.policy.rounding.at for catalogue in catalogues} == set(RoundingPlace)
    assert {case.body["mistake"] for case in CASES if "mistake" in case.body} == MISTAKES
    assert len(CASES) >= 50
    assert len({case.place for case in CASES}) == len(CASES)


def test_one_memo_through_all_cases_changes_no_result():
    memo = Memo()
    for case in CASES:
        if "refused" not in case.expected:
            catalogue = case.catalogue()
            entries = case.entries(catalogue)
            assert score(catalogue, entries, memo) == score(catalogue, entries)
