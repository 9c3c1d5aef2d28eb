"""Any sequence of edits, undo and redo, against a list of states: the draft, reopened at any point, is the same."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.scoring import score
from selfassess.store import codec
from selfassess.store.digest import as_text, sum_of
from selfassess.store.draft import Draft
from selfassess.store.fields import SCOPES

D = Decimal
TEXT = st.sampled_from(["", "甲", "乙\n丙", "𠮷'; --"])
POINTS = st.sampled_from([D(0), D("0.5"), D("7.50"), D(20)])
OVERRIDES = st.builds(Override, points=st.sampled_from([D(0), D(1)]), reason=TEXT)
COMMON = {"reason": TEXT, "remark": TEXT, "not_applicable": st.none() | TEXT, "override": st.none() | OVERRIDES}
ANSWERS = {
    "1.1": st.builds(Answer, met=st.none() | st.booleans(), **COMMON),
    "1.2": st.builds(Answer, points=st.none() | POINTS, **COMMON),
    "1.3": st.builds(Answer, ticks=st.none() | st.tuples(*[st.sampled_from([True, False, None])] * 3), **COMMON),
    "2.3": st.builds(Answer, option=st.sampled_from([None, "高于", "低于"]), **COMMON),
}
PAIRS = st.sampled_from(sorted(ANSWERS)).flatmap(lambda code: st.tuples(st.just(code), ANSWERS[code]))
PASTES = st.lists(PAIRS, max_size=4).map(dict)
FIGURES = st.none() | st.sampled_from([D(0), D("18966.53"), D("4229.50")])
ADJUSTMENTS = st.lists(
    st.builds(Adjustment, matter=TEXT, basis=TEXT, points=st.none() | st.sampled_from([D(3), D(-2)])), max_size=3
).map(tuple)


def answered(entries: Entries, answers: dict[str, Answer]) -> Entries:
    after = {code: one for code, one in {**entries.answers, **answers}.items() if one != Answer()}
    return replace(entries, answers=MappingProxyType(after))


class DraftMachine(RuleBasedStateMachine):
    catalogue = None

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "草稿.zpb"
        self.draft = Draft.create(self.path, self.catalogue)
        self.states = [Entries()]
        self.at = 0

    def teardown(self):
        if hasattr(self, "draft"):
            self.draft.close()
            self.folder.cleanup()

    def went_to(self, entries, effect):
        if entries == self.states[self.at]:
            assert effect is None
            return
        assert effect is not None
        self.states = [*self.states[: self.at + 1], entries]
        self.at += 1

    @rule(answers=PASTES)
    def put_answers(self, answers):
        self.went_to(answered(self.states[self.at], answers), self.draft.put_answers(answers, "粘贴"))

    @rule(name=TEXT, year=TEXT)
    def put_unit(self, name, year):
        unit = Unit(name=name, year=year)
        self.went_to(replace(self.states[self.at], unit=unit), self.draft.put_unit(unit))

    @rule(key=st.sampled_from(["budget", "spent"]), amount=FIGURES)
    def put_figure(self, key, amount):
        figures = {**self.states[self.at].figures, key: amount}
        after = MappingProxyType({name: value for name, value in figures.items() if value is not None})
        self.went_to(replace(self.states[self.at], figures=after), self.draft.put_figure(key, amount))

    @rule(adjustments=ADJUSTMENTS)
    def put_adjustments(self, adjustments):
        after = replace(self.states[self.at], adjustments=adjustments)
        self.went_to(after, self.draft.put_adjustments(adjustments))

    @rule(answers=PASTES, name=TEXT)
    def put_entries(self, answers, name):
        entries = answered(Entries(unit=Unit(name=name)), answers)
        self.went_to(entries, self.draft.put_entries(entries, "填入"))

    @rule()
    def undo(self):
        assert (self.draft.undo() is not None) == (self.at > 0)
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self):
        last = len(self.states) - 1
        assert (self.draft.redo() is not None) == (self.at < last)
        self.at = min(self.at + 1, last)

    @precondition(lambda self: self.at % 2 == 0)
    @rule()
    def reopen(self):
        self.draft.close()
        self.draft = Draft.open(self.path)

    @invariant()
    def the_draft_is_the_model(self):
        if hasattr(self, "draft"):
            assert self.draft.entries == self.states[self.at]
            assert self.draft.scorecard == score(self.draft.catalogue, self.draft.entries)
            assert bool(self.draft.undo_text) == (self.at > 0)
            assert bool(self.draft.redo_text) == (self.at < len(self.states) - 1)

    @invariant()
    def the_file_holds_the_same_and_its_history_replays_to_it(self):
        if hasattr(self, "draft"):
            self.draft.close()
            with closing(sqlite3.connect(self.path)) as sql:
                stored = sql.execute("SELECT scope, key, field, value FROM entry ORDER BY 1, 2, 3").fetchall()
                replayed = {}
                history = "SELECT scope, key, field, before, after FROM change JOIN step ON id = step ORDER BY id"
                for scope, key, field, before, after in sql.execute(history):
                    assert replayed.get((scope, key, field)) == before
                    replayed[scope, key, field] = after
                (digest,) = sql.execute("SELECT contents FROM step ORDER BY id DESC").fetchone()
            kept = {place: value for place, value in replayed.items() if value is not None}
            assert sorted((*place, value) for place, value in kept.items()) == stored
            sheet = {scope: {} for scope in SCOPES}
            for scope, key, field, value in stored:
                sheet[scope].setdefault(key, {})[field] = value
            assert as_text(sum_of(sheet)) == digest
            assert codec.read_entries(sheet) == self.states[self.at]
            self.draft = Draft.open(self.path)


def test_any_sequence_of_edits_undo_and_redo_equals_the_model_and_reopens_equal(catalogue):
    DraftMachine.catalogue = catalogue
    limits = settings(max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(DraftMachine, settings=limits)
