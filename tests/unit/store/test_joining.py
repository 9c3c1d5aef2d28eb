"""Two files of one draft: where they parted, what each changed since, and what a merge makes of the open one."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.errors import StoreError
from selfassess.scoring import score
from selfassess.store.comparison import Origin
from selfassess.store.draft import Draft
from selfassess.store.joining import compare_drafts, merge_drafts, preview, reports
from selfassess.store.library import Library, look_at
from selfassess.store.merging import Choice, proposed, undecided
from selfassess.store.siblings import copies_beside
from selfassess.store.snapshot import look

D = Decimal


@pytest.fixture
def two(draft, path, clock):
    """A draft with some history, open, and a conflict copy of it, open too."""
    draft.put_unit(Unit(name="某局"))
    draft.put_answers({"1.2": Answer(points=D(3), remark="初稿")})
    draft.attach("1.1", "甲.pdf", b"scan")
    draft.undo()
    draft.redo()
    other = path.with_name("草稿-DESKTOP-AB12.zpb")
    shutil.copy(path, other)
    with Draft.open(other, clock=clock) as theirs:
        yield draft, theirs


def test_copies_part_at_the_last_step_they_share(two):
    ours, theirs = two
    common = dict(ours.contents.sheet)
    ours.put_answers({"1.1": Answer(met=True)})
    theirs.undo()
    pair = compare_drafts(ours, theirs, theirs.path.name)
    assert pair.parting is not None
    assert {scope: groups for scope, groups in pair.parting.sheet.items() if groups} == {
        scope: groups for scope, groups in common.items() if groups
    }
    assert [(one.scope, one.key, one.origin) for one in pair.comparison.differing] == [
        ("answer", "1.1", Origin.OURS),
        ("evidence", "1", Origin.THEIRS),
    ]


def test_a_merge_is_one_step_that_can_be_taken_back_and_leaves_the_other_file_alone(two):
    ours, theirs = two
    ours.put_answers({"1.2": Answer(points=D(2), remark="初稿")})
    theirs.put_answers({"1.2": Answer(points=D(5), remark="已核对"), "2.3": Answer(option="高于")})
    theirs.close()
    before, bytes_before = ours.entries, theirs.path.read_bytes()
    with look(theirs.path) as seen:
        pair = compare_drafts(ours, seen, theirs.path.name)
        (asked,) = undecided(pair.comparison, proposed(pair.comparison))
        choices = {**proposed(pair.comparison), asked.place: Choice.OURS}
        expected = preview(pair, choices)
        effect = merge_drafts(ours, seen, pair, choices)
    assert effect is not None
    assert effect.words == "合并自“草稿-DESKTOP-AB12.zpb”"
    assert ours.entries.answer("1.2") == Answer(points=D(2), remark="已核对")
    assert (ours.entries, ours.scorecard) == (expected.entries, expected.scorecard)
    assert ours.undo_text == "撤销：合并自“草稿-DESKTOP-AB12.zpb”"
    (report,) = reports(ours)
    assert report.splitlines()[1:] == ["第 1.2 行 自评：另一份为 得分 5"]
    ours.undo()
    assert ours.entries == before
    assert theirs.path.read_bytes() == bytes_before


def test_documents_come_over_with_their_bytes_under_numbers_of_their_own(two):
    ours, theirs = two
    ours.attach("1.1", "乙.pdf", b"ours")
    gone = ours.evidence("1.1")[-1]
    ours.detach(gone)  # its number is never given again, so that undo cannot mix two up
    theirs.attach("1.1", "丙.pdf", b"theirs")
    theirs.attach("1.2", "丁.pdf", b"scan")
    pair = compare_drafts(ours, theirs, "丙")
    merge_drafts(ours, theirs, pair, proposed(pair.comparison))
    found = [(one.key, one.row, one.name, ours.evidence_bytes(one)) for one in ours.evidence()]
    assert found == [
        ("1", "1.1", "甲.pdf", b"scan"),
        ("3", "1.1", "丙.pdf", b"theirs"),
        ("4", "1.2", "丁.pdf", b"scan"),
    ]


def test_a_correction_of_the_other_comes_over_whole(two):
    ours, theirs = two
    first = theirs.catalogue.categories[0]
    corrected = replace(first, indicators=(replace(first.indicators[0], name="改名"), *first.indicators[1:]))
    theirs.put_catalogue(replace(theirs.catalogue, categories=(corrected, *theirs.catalogue.categories[1:])), "更正")
    pair = compare_drafts(ours, theirs, "丙")
    assert preview(pair, proposed(pair.comparison)).scorecard == theirs.scorecard
    merge_drafts(ours, theirs, pair, proposed(pair.comparison))
    assert ours.catalogue == theirs.catalogue
    path = ours.path
    ours.close()
    with Draft.open(path) as again:
        assert again.catalogue == theirs.catalogue


def test_nothing_is_written_when_there_is_nothing_to_take(two):
    ours, theirs = two
    ours.put_answers({"1.1": Answer(met=True)})
    steps = ours.sql.execute("SELECT count(*) FROM step").fetchone()
    pair = compare_drafts(ours, theirs, "丙")
    assert merge_drafts(ours, theirs, pair, proposed(pair.comparison)) is None
    assert ours.sql.execute("SELECT count(*) FROM step").fetchone() == steps


def test_drafts_of_one_form_without_a_common_history_are_compared_with_none(draft, tmp_path, catalogue):
    draft.put_unit(Unit(name="甲"))
    with Draft.create(tmp_path / "乙.zpb", catalogue, Entries(unit=Unit(name="乙"))) as other:
        pair = compare_drafts(draft, other, "乙.zpb")
    assert pair.parting is None
    assert [(one.part, one.origin) for one in pair.comparison.differing] == [("name", Origin.APART)]


def test_drafts_of_two_forms_are_not_compared(draft, tmp_path, catalogue):
    with (
        Draft.create(tmp_path / "乙.zpb", replace(catalogue, edition="2023")) as other,
        pytest.raises(StoreError, match=r"E385 “乙.zpb”.*不是同一张表.*small-form/2023.*small-form/2022"),
    ):
        compare_drafts(draft, other, "乙.zpb")


def test_a_damaged_history_is_not_taken_for_a_common_one(two):
    ours, theirs = two
    ours.sql.execute("UPDATE change SET after = '别名' WHERE step = 2 AND field = 'name'")
    assert compare_drafts(ours, theirs, "丙").parting is None


# ------------------------------------------------------------------------------------------------- any two histories
ROWS = st.sampled_from(["1.1", "1.2", "2.3"])
EDITS = st.one_of(
    st.tuples(st.just("remark"), ROWS, st.sampled_from(["甲", "乙", ""])),
    st.tuples(st.just("phone"), st.just(""), st.sampled_from(["1", "2", ""])),
    st.tuples(st.just("matters"), st.just(""), st.lists(st.sampled_from("甲乙丙"), max_size=3)),
    st.tuples(st.sampled_from(["undo", "redo", "attach"]), ROWS, st.just("")),
)


def apply(draft: Draft, edits) -> None:
    for kind, row, value in edits:
        match kind:
            case "remark":
                draft.put_answers({row: replace(draft.entries.answer(row), remark=value)})
            case "phone":
                draft.put_unit(replace(draft.entries.unit, phone=value))
            case "matters":
                draft.put_adjustments([Adjustment(matter=matter) for matter in value])
            case "attach":
                draft.attach(row, f"{len(draft.evidence())}.pdf", f"{draft.path.name}{len(draft.evidence())}".encode())
            case _:
                getattr(draft, kind)()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(before=st.lists(EDITS, max_size=5), mine=st.lists(EDITS, max_size=6), other=st.lists(EDITS, max_size=6))
def test_after_any_two_histories_a_merge_can_be_stored_scored_undone_and_found_again(
    catalogue, tmp_path_factory, before, mine, other
):
    folder = tmp_path_factory.mktemp("two")
    path = folder / "甲.zpb"
    with Draft.create(path, catalogue) as ours:
        apply(ours, before)
        shutil.copy(path, folder / "乙.zpb")
        apply(ours, mine)
        with Draft.open(folder / "乙.zpb") as theirs:
            apply(theirs, other)
            pair = compare_drafts(ours, theirs, "乙.zpb")
            assert pair.parting is not None
            choices = {**dict.fromkeys((one.place for one in pair.comparison.differing), Choice.THEIRS)}
            choices |= proposed(pair.comparison)
            state = ours.entries, ours.evidence()
            effect = merge_drafts(ours, theirs, pair, choices)
            assert ours.scorecard == score(catalogue, ours.entries)
            for document in ours.evidence():
                ours.evidence_bytes(document)
            merged = ours.entries
            if effect is not None:
                ours.undo()
                assert (ours.entries, ours.evidence()) == state
                ours.redo()
    with Draft.open(path) as again:
        assert again.entries == merged


# ------------------------------------------------------------------------------------------------- which are copies
@pytest.mark.parametrize(
    "name",
    [
        "草稿 (冲突副本 2026-01-05).zpb",
        "草稿.sync-conflict-20260105-101112-ABCDEF.zpb",
        "草稿-DESKTOP-AB12.zpb",
        "草稿 (Wang's conflicted copy 2026-01-05).zpb",
        "草稿_conflict-20260105-101112.zpb",
        "草稿 (SFConflict wang@example.org 2026-01-05-10-11-12).zpb",
        "草稿(1).ZPB",
        "草稿 - 副本.zpb",
        "副本 草稿.zpb",
        "复件 (2) 草稿.zpb",
        "Copy of 草稿.zpb",
    ],
)
def test_a_copy_is_found_however_a_program_or_a_person_calls_it(draft, path, name):
    shutil.copy(path, path.with_name(name))
    assert [one.path.name for one in copies_beside(draft)] == [name]


def test_another_name_of_the_very_file_is_no_copy(draft, path):
    path.with_name("草稿 2.zpb").symlink_to(path)
    path.with_name("草稿 3.zpb").hardlink_to(path)
    assert copies_beside(draft) == ()


def test_two_copies_of_a_draft_that_has_gone_find_each_other(draft, path):
    copies = [path.with_name(f"某单位_2022年度_自评表 ({name}).zpb") for name in ("甲的冲突副本", "乙的冲突副本")]
    for copy in copies:
        shutil.copy(path, copy)
    with Draft.open(copies[0]) as opened:
        assert [one.path for one in copies_beside(opened)] == [copies[1]]


def test_conflict_copies_are_found_by_what_they_hold_and_marked_in_the_list(draft, path, tmp_path, catalogue):
    library = Library(tmp_path)
    names = ["草稿 (冲突副本 2026-01-05).zpb", "草稿.sync-conflict-20260105-101112-ABCDEF.zpb", "草稿-DESKTOP-AB12.zpb"]
    draft.close()
    assert [one.notice for one in library.entries()] == [""]
    for name in names:
        shutil.copy(path, path.with_name(name))
    Draft.create(path.with_name("草稿-另一份.zpb"), catalogue).close()
    with Draft.open(path) as opened:
        assert sorted(one.path.name for one in copies_beside(opened)) == sorted(names)
    notices = {one.path.name: one.notice for one in library.entries()}
    assert notices.pop("草稿-另一份.zpb") == ""
    assert len(notices) == 4
    assert all("同一份草稿有 4 个副本" in notice for notice in notices.values())


def test_a_copy_that_cannot_be_read_is_no_copy(draft, path):
    path.with_name("草稿-坏.zpb").write_bytes(b"SQLite format 3\x00" + b"\xa5" * 200)
    assert copies_beside(draft) == ()
    entry = look_at(Path(path.with_name("草稿-坏.zpb")))
    assert entry is not None
    assert entry.identity == ""


def test_a_merge_of_what_was_compared_before_another_edit_is_refused(two):
    ours, theirs = two
    theirs.put_unit(Unit(name="另一局"))
    pair = compare_drafts(ours, theirs, "丙")
    ours.put_answers({"1.1": Answer(met=True)})
    with pytest.raises(StoreError, match=r"E387.*又有修改.*重新比较"):
        merge_drafts(ours, theirs, pair, proposed(pair.comparison))
    assert ours.entries.answer("1.1") == Answer(met=True)
