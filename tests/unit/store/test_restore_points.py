"""Restore points: which there are, what they hold, what a damaged history leaves of them, and that 恢复 is one step."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import history, restore_points
from selfassess.store.draft import Draft
from selfassess.store.restore_points import SINGLE, net_changes
from selfassess.store.words import lines_of
from selfassess.waiting import CalledOffError

D = Decimal


def wait(clock, minutes):
    clock.time += timedelta(minutes=minutes)


def fill_in_sittings(draft, clock, sittings, edits):
    for sitting in range(sittings):
        wait(clock, 30)
        for edit in range(edits):
            draft.put_answers({"1.2": Answer(points=D(sitting) + D(edit % 2) / 2, remark=f"{sitting}-{edit}")})


def test_looking_back_stops_when_it_is_called_off_and_changes_nothing(draft, clock):
    fill_in_sittings(draft, clock, 3, 3)
    point, entries = draft.restore_points().points[-1], draft.entries
    for look in (draft.restore_points, lambda **given: draft.changes_to(point, **given)):
        with pytest.raises(CalledOffError):
            look(called_off=lambda: True)
    assert draft.entries == entries
    assert draft.changes_to(point)


def test_what_was_looked_at_is_compared_with_what_there_is_now(draft, clock):
    fill_in_sittings(draft, clock, 2, 2)
    first, second = draft.restore_points().points[-1], draft.restore_points().points[0]
    assert draft.changes_to(first) == draft.changes_to(first) != draft.changes_to(second)
    draft.put_answers({"1.1": Answer(met=True)})
    assert ("answer", "1.1", "met") in {(one.scope, one.key, one.field) for one in draft.changes_to(second)}
    draft.restore(first)
    assert draft.changes_to(first) == ()


def test_steps_are_counted(draft):
    assert draft.steps_since(0) == 1
    draft.put_answers({"1.1": Answer(met=True)})
    draft.undo()
    assert (draft.steps_since(0), draft.steps_since(1)) == (3, 2)


def test_a_new_draft_has_nothing_to_restore(draft):
    assert draft.restore_points().points == ()


def test_the_last_steps_are_points_of_their_own_with_what_they_did(draft):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.put_unit(Unit(name="某某局"))
    points = draft.restore_points().points
    assert [point.words for point in points] == ["1.2 得分 空 → 3", "1.1 是否符合 空 → 是", "新建"]
    assert [(point.answered, point.rows, point.total) for point in points] == [
        (2, 7, D(23)),
        (1, 7, D(20)),
        (0, 7, D(0)),
    ]


def test_further_back_each_sitting_is_one_point(draft, clock):
    fill_in_sittings(draft, clock, sittings=5, edits=12)
    points = draft.restore_points().points
    singles, sittings = points[:SINGLE], points[SINGLE:]
    assert all(point.steps == 1 for point in singles[:-1])
    assert [point.steps for point in sittings] == [12, 12, 12, 1]
    assert [point.words for point in sittings[:-1]] == [
        f"1.2 得分 {before} → {after} 等 1 处".removesuffix(" 等 1 处")
        for before, after in (("1.5", "2.5"), ("0.5", "1.5"), ("空", "0.5"))
    ]


def test_one_can_stop_looking_back(draft, clock):
    fill_in_sittings(draft, clock, sittings=3, edits=12)
    whole = draft.restore_points()
    first = draft.restore_points(5)
    assert (first.points, first.more, first.notice) == (whole.points[:5], True, "")
    assert not whole.more
    assert draft.restore_points(len(whole.points)).points == whole.points


def test_undo_and_redo_are_told_as_such(draft):
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.undo()
    draft.redo()
    draft.put_unit(Unit(name="某某局"))
    assert [point.words for point in draft.restore_points().points[:2]] == [
        "重做：1.2 得分 空 → 3",
        "撤销：1.2 得分 3 → 空",
    ]


def test_a_very_long_history_lists_the_last_point_of_each_day(draft, clock, monkeypatch):
    monkeypatch.setattr(restore_points, "MOST", SINGLE + 10)
    for number in range(50):
        wait(clock, 60)
        draft.put_answers({"1.2": Answer(points=D(number % 20))})
    points = draft.restore_points().points
    assert len(points) == SINGLE + 10 + 2
    assert points[-1].words == "新建"


def test_restoring_is_one_step_that_can_be_undone_and_drops_nothing(draft, clock):
    draft.put_answers({"1.1": Answer(met=True), "1.2": Answer(points=D(3), remark="备注")})
    draft.put_adjustments([Adjustment(matter="受表彰", points=D(2))])
    first = draft.entries
    wait(clock, 60)
    draft.put_answers({"1.1": Answer(), "1.2": Answer(points=D(9))})
    draft.put_figure("budget", D(100))
    draft.put_adjustments([])
    later = draft.entries
    point = next(one for one in draft.restore_points().points if one.words == "其他事项第 1 项分值 空 → 2")
    effect = draft.restore(point)
    assert effect is not None
    assert effect.words == point.label == f"恢复到 {point.at:%m-%d %H:%M}"
    assert draft.entries == first
    assert draft.undo_text == f"撤销：{point.label}"
    draft.undo()
    assert draft.entries == later
    draft.redo()
    assert draft.entries == first
    assert len(draft.restore_points().points) == 8


def test_what_was_restored_is_there_after_reopening(path, draft, clock):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.put_answers({"1.1": Answer(met=False)})
    draft.restore(draft.restore_points().points[0])
    draft.close()
    with Draft.open(path, clock=clock) as again:
        assert again.entries.answers == {"1.1": Answer(met=True)}


def test_restoring_the_present_state_writes_nothing(path, draft):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.put_answers({"1.1": Answer(met=False)})
    draft.put_answers({"1.1": Answer(met=True)})
    point = draft.restore_points().points[1]
    assert draft.changes_to(point) == ()
    before = path.read_bytes()
    assert draft.restore(point) is None
    assert path.read_bytes() == before


def test_documents_and_corrections_come_back_too(draft, catalogue):
    draft.attach("1.1", "合同.pdf", b"%PDF content")
    (kept,) = draft.evidence()
    renamed = replace(catalogue, title="更正后的表")
    draft.put_catalogue(renamed, "更正")
    assert draft.catalogue.title == "更正后的表"
    draft.detach(kept)
    points = draft.restore_points().points
    draft.restore(points[1])  # after the document came, before the correction
    assert draft.catalogue == catalogue
    assert draft.evidence() == (kept,)
    assert draft.evidence_bytes(kept) == b"%PDF content"
    draft.undo()
    assert draft.catalogue.title == "更正后的表"
    assert draft.evidence() == ()


def test_points_of_a_time_before_a_correction_are_scored_by_the_rules_of_that_time(draft, catalogue):
    draft.put_answers({"1.1": Answer(met=True)})
    first = catalogue.categories[0]
    rows = (replace(first.indicators[0], full_points=D(5)), *first.indicators[1:])
    halved = replace(catalogue, categories=(replace(first, indicators=rows), *catalogue.categories[1:]))
    draft.put_catalogue(halved, "更正 1.1")
    draft.put_answers({"1.2": Answer(points=D(1))})
    assert [point.total for point in draft.restore_points().points] == [D(5), D(20), D(0)]


def damage(path, statement, *values):
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(statement, values)
        sql.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET after = '4' WHERE step = 4",
        "UPDATE change SET before = '9' WHERE step = 4",
        "DELETE FROM change WHERE step = 4",
        "UPDATE step SET digest = 'x' WHERE id = 4",
    ],
)
def test_a_damaged_step_leaves_the_points_after_it_and_says_so(path, draft, clock, statement):
    for points in range(8):
        draft.put_answers({"1.2": Answer(points=D(points))})
    whole = draft.restore_points()
    assert whole.notice == ""
    draft.close()
    damage(path, statement)
    with Draft.open(path, clock=clock) as again:
        left = again.restore_points()
        assert left.points[:-1] == tuple(one for one in whole.points if one.step > 4)
        assert left.points[-1].step == 4
        assert "更早的历史记录已损坏" in left.notice
        lost = next(one for one in whole.points if one.step == 2)
        before = again.entries
        with pytest.raises(StoreError, match="E381"):
            again.restore(lost)
        assert again.entries == before


def test_a_step_that_is_missing_altogether_ends_the_list_as_well(path, draft, clock):
    for points in range(8):
        draft.put_answers({"1.2": Answer(points=D(points))})
        draft.put_answers({"1.1": Answer(met=bool(points % 2))})
    draft.close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DELETE FROM change WHERE step = 6")
        sql.execute("DELETE FROM step WHERE id = 6")
        sql.commit()
    with Draft.open(path, clock=clock) as again:
        left = again.restore_points()
        assert min(point.step for point in left.points) == 7
        assert left.notice


def test_a_time_nobody_can_read_is_no_reason_to_refuse(path, draft, clock):
    for points in range(4):
        draft.put_answers({"1.2": Answer(points=D(points))})
    draft.close()
    damage(path, "UPDATE step SET at = '昨天' WHERE id = 3")
    with Draft.open(path, clock=clock) as again:
        assert len(again.restore_points().points) == 4


def test_a_clock_set_back_loses_no_point(draft, clock):
    for points in range(40):
        if points == 15:
            clock.time -= timedelta(days=400)
        draft.put_answers({"1.2": Answer(points=D(points) / 2)})
    points = draft.restore_points().points
    assert [point.words for point in points[SINGLE:]] == ["1.2 得分 空 → 7", "新建"]


edits = st.lists(
    st.tuples(st.sampled_from(["1.1", "1.2", "undo", "redo", "attach", "unit", "restore"]), st.integers(0, 40)),
    max_size=25,
)


def do(draft, what, number):
    """One thing that a clerk does."""
    points = draft.restore_points().points
    match what:
        case "1.1":
            draft.put_answers({"1.1": Answer(met=bool(number % 2))})
        case "1.2":
            draft.put_answers({"1.2": Answer(points=D(number) / 2)})
        case "attach":
            with contextlib.suppress(StoreError):  # the row has these bytes already
                draft.attach("1.1", f"{number}.pdf", b"x" * (number + 1))
        case "unit":
            draft.put_unit(Unit(name=f"第{number}局"))
        case "restore" if points:
            draft.restore(points[number % len(points)])
        case "undo" | "redo":
            getattr(draft, what)()


@settings(max_examples=12)
@given(edits)
def test_every_point_is_a_state_that_was_there_and_restoring_gives_it_back(tmp_path_factory, catalogue, steps):
    with Draft.create(tmp_path_factory.mktemp("drafts") / "草稿.zpb", catalogue) as draft:
        seen = {1: (draft.entries, draft.evidence())}
        for what, number in steps:
            do(draft, what, number)
            last = draft._database.sql.execute("SELECT max(id) FROM step").fetchone()[0]
            seen[last] = (draft.entries, draft.evidence())
        now = (draft.entries, draft.evidence())
        for point in draft.restore_points().points:
            changed = draft.restore(point)
            assert (draft.entries, draft.evidence()) == seen[point.step]
            if changed is not None:
                draft.undo()
            assert (draft.entries, draft.evidence()) == now


def test_net_changes_of_there_and_back_are_none():
    there = history.Change(scope="answer", key="1.1", field="met", before=None, after="1")
    assert net_changes([there, there.reversed]) == []


def test_a_preview_tells_documents_and_last_years_form_in_a_line_each(catalogue):
    def change(scope, field, before, after, key="1"):
        return history.Change(scope=scope, key=key, field=field, before=before, after=after)

    lines = lines_of(
        [
            change("answer", "points", "2", "3", "1.2"),
            *(change("evidence", field, None, "甲.pdf") for field in ("row", "name", "sha256")),
            change("evidence", "name", "乙.pdf", None, "2"),
            change("evidence", "pages", "2", "3", "3"),
            *(change("previous", field, None, "x") for field in ("unit", "year")),
        ],
        catalogue,
    )
    assert lines == [
        "1.2 得分 2 → 3",
        "佐证材料“甲.pdf” 放回",
        "佐证材料“乙.pdf” 移除",
        "佐证材料页数 2 → 3",
        "对照用的上年自评表",
    ]
