"""Two copies of one draft: what one side changed is taken, what both changed is asked, and nothing is dropped."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from types import MappingProxyType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.store import codec
from selfassess.store.comparison import Comparison, Origin, compare
from selfassess.store.difference_words import place_words, texts_words
from selfassess.store.evidence import Evidence, read_evidence, write_evidence
from selfassess.store.fields import ADJUSTMENT, EVIDENCE, Sheet
from selfassess.store.merging import Choice, joined, merge, proposed, undecided

D = Decimal
MIRROR = {Choice.OURS: Choice.THEIRS, Choice.THEIRS: Choice.OURS, Choice.BOTH: Choice.BOTH}
SWAPPED = {Origin.OURS: Origin.THEIRS, Origin.THEIRS: Origin.OURS}

TEXT = st.sampled_from(["", "甲", "乙\n丙", "丁"])
POINTS = st.sampled_from([D(0), D("0.5"), D(20)])
SCORES = {
    "1.1": st.fixed_dictionaries({"met": st.none() | st.booleans()}),
    "1.2": st.fixed_dictionaries({"points": st.none() | POINTS, "not_applicable": st.none() | TEXT}),
    "2.3": st.fixed_dictionaries(
        {
            "option": st.sampled_from([None, "高于", "低于"]),
            "override": st.none() | st.builds(Override, points=POINTS, reason=TEXT),
        }
    ),
}
ROWS = tuple(SCORES)
PARTS = st.sampled_from(
    [(kind, row) for row in ROWS for kind in ("score", "reason", "remark")]
    + [("figure", key) for key in ("budget", "spent")]
    + [("unit", name) for name in ("name", "phone", "date")]
)


@st.composite
def edits(draw):
    """One edit of one part: the part, and what it is set to."""
    kind, key = draw(PARTS)
    value = {"score": SCORES.get(key), "figure": st.none() | POINTS}.get(kind, TEXT)
    return kind, key, draw(value)


def edited(entries: Entries, script) -> Entries:
    for kind, key, value in script:
        if kind == "figure":
            figures = {name: amount for name, amount in entries.figures.items() if name != key}
            if value is not None:
                figures[key] = value
            entries = replace(entries, figures=MappingProxyType(figures))
        elif kind == "unit":
            entries = replace(entries, unit=replace(entries.unit, **{key: value}))
        else:
            changed = value if kind == "score" else {kind: value}
            answers = {**entries.answers, key: replace(entries.answer(key), **changed)}
            kept = {code: answer for code, answer in answers.items() if answer != Answer()}
            entries = replace(entries, answers=MappingProxyType(kept))
    return entries


def sheet_of(entries: Entries, *evidence: Evidence) -> Sheet:
    return {**codec.write_entries(entries), EVIDENCE: {one.key: write_evidence(one) for one in evidence}}


def compared(catalogue, base, ours, theirs, shared=()) -> Comparison:
    sheets = [one if one is None or isinstance(one, dict) else sheet_of(one) for one in (base, ours, theirs)]
    return compare(*sheets, catalogue, shared)


def merged_entries(comparison, choices, catalogue) -> Entries:
    return codec.read_entries(merge(comparison, choices, catalogue).sheet)


same_form = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # a frozen value
SCRIPTS = st.lists(edits(), max_size=8)
MATTERS = st.lists(
    st.builds(Adjustment, matter=st.sampled_from("甲乙丙丁"), basis=TEXT, points=st.none() | POINTS), max_size=4
)


# ---------------------------------------------------------------------------------------------- what must always hold
@same_form
@given(start=SCRIPTS, script=SCRIPTS, ours=st.sets(PARTS), matters=MATTERS, moved=MATTERS, mine=st.booleans())
def test_edits_of_different_parts_merge_to_what_both_edits_after_each_other_give(
    catalogue, start, script, ours, matters, moved, mine
):
    base = replace(edited(Entries(), start), adjustments=tuple(matters))
    scripts = [[one for one in script if (one[:2] in ours) is side] for side in (True, False)]
    sides = [edited(base, one) for one in scripts]
    at = 0 if mine else 1
    sides[at] = replace(sides[at], adjustments=tuple(moved))
    comparison = compared(catalogue, base, *sides)
    assert undecided(comparison, proposed(comparison)) == ()
    merged = merged_entries(comparison, proposed(comparison), catalogue)
    assert merged == replace(edited(edited(base, scripts[0]), scripts[1]), adjustments=tuple(moved))


@same_form
@given(
    start=SCRIPTS,
    scripts=st.tuples(SCRIPTS, SCRIPTS),
    lists=st.tuples(MATTERS, MATTERS, MATTERS),
    choices=st.lists(st.sampled_from(list(Choice)), min_size=40, max_size=40),
    has_base=st.booleans(),
)
def test_whoever_compares_sees_the_same_and_nothing_is_dropped(catalogue, start, scripts, lists, choices, has_base):
    base = edited(Entries(), start)
    three = [base, *(edited(base, script) for script in scripts)]
    three = [replace(one, adjustments=tuple(matters)) for one, matters in zip(three, lists, strict=True)]
    known = three[0] if has_base else None
    one, other = compared(catalogue, known, *three[1:]), compared(catalogue, known, three[2], three[1])
    assert sorted(_seen(one, mirrored=False)) == sorted(_seen(other, mirrored=True))

    chosen = {**dict(zip((part.place for part in one.differing), choices, strict=False)), **proposed(one)}
    result = merge(one, chosen, catalogue)
    codec.read_entries(result.sheet)  # whatever is chosen is a form that can be stored
    everything = "\n".join([*result.left, *_texts(result.sheet)])
    for part in one.differing:
        for side in (part.ours, part.theirs):
            for text in side.values() if side != (part.base or {}) else ():
                shown = texts_words(part, side)
                assert text in everything or shown in everything


def _seen(comparison: Comparison, *, mirrored: bool) -> list[str]:
    """Every difference as the first of the two drafts would tell it; matters by what they hold, not by their number."""
    seen = []
    for part in comparison.differences:
        sides = (part.theirs, part.ours) if mirrored else (part.ours, part.theirs)
        origin = SWAPPED.get(part.origin, part.origin) if mirrored else part.origin
        place = "" if part.scope == ADJUSTMENT else part.key
        values = [sorted((field, text) for (_, field), text in (side or {}).items()) for side in (part.base, *sides)]
        seen.append(repr((part.scope, place, part.part, origin, values)))
    return seen


def _texts(sheet: Sheet) -> list[str]:
    return [text for groups in sheet.values() for stored in groups.values() for text in stored.values()]


# ---------------------------------------------------------------------------------------------- what is seen and asked
BASE = edited(Entries(unit=Unit(name="某局", phone="1")), [("score", "1.2", {"points": D(3)})])


def words(comparison: Comparison, catalogue) -> list[str]:
    return [
        f"{place_words(one, catalogue)} {texts_words(one, one.ours)} | {texts_words(one, one.theirs)}"
        f" {one.origin.value}"
        for one in comparison.differences
    ]


def test_differences_are_told_in_the_clerks_words_in_the_order_of_the_form(catalogue):
    ours = edited(BASE, [("remark", "1.2", "已核对"), ("score", "1.2", {"points": D(2)}), ("unit", "phone", "2")])
    scores = [("score", "1.1", {"met": True}), ("score", "1.2", {"not_applicable": "无此业务"})]
    theirs = edited(BASE, [*scores, ("figure", "budget", D(9))])
    theirs = replace(theirs, adjustments=(Adjustment(matter="获表彰", points=D(2)),))
    assert words(compared(catalogue, BASE, ours, theirs), catalogue) == [
        "单位信息 联系电话 2 | 1 ours",
        "数据“预算数” （空） | 9 theirs",
        "第 1.1 行 自评 （空） | 是否符合 是 theirs",
        "第 1.2 行 自评 得分 2 | 得分 3，不涉及 无此业务 apart",
        "第 1.2 行 备注 已核对 | （空） ours",
        "其他事项 （空） | 分值 2，内容 获表彰 theirs",
    ]


def test_what_both_entered_alike_is_no_difference_to_decide(catalogue):
    both = edited(BASE, [("score", "1.1", {"met": True})])
    comparison = compared(catalogue, BASE, both, both)
    assert [one.origin for one in comparison.differences] == [Origin.ALIKE]
    assert comparison.differing == ()


def test_a_score_that_both_changed_is_never_mixed_of_the_two(catalogue):
    ours = edited(BASE, [("score", "1.2", {"points": D(2), "not_applicable": None})])
    theirs = edited(BASE, [("score", "1.2", {"points": None, "not_applicable": "无此业务"})])
    comparison = compared(catalogue, BASE, ours, theirs)
    (one,) = undecided(comparison, proposed(comparison))
    merged = merge(comparison, {one.place: Choice.THEIRS}, catalogue)
    assert codec.read_entries(merged.sheet).answer("1.2") == Answer(not_applicable="无此业务")
    assert merged.left == ("第 1.2 行 自评：本文件原为 得分 2",)
    kept = merge(comparison, {one.place: Choice.OURS}, catalogue)
    assert codec.read_entries(kept.sheet) == ours
    assert kept.left == ("第 1.2 行 自评：另一份为 不涉及 无此业务",)


def test_two_texts_can_both_stay(catalogue):
    ours, theirs = (edited(BASE, [("remark", "1.1", text)]) for text in ("见附件", "已整改"))
    comparison = compared(catalogue, BASE, ours, theirs)
    (one,) = comparison.differing
    assert one.joinable
    merged = merge(comparison, {one.place: Choice.BOTH}, catalogue)
    assert codec.read_entries(merged.sheet).answer("1.1").remark == "见附件\n已整改"
    assert merged.left == ()
    assert [joined("甲\n乙", "乙"), joined("乙", "甲\n乙")] == ["甲\n乙", "甲\n乙"]
    assert joined("未完成", "完成") == "未完成\n完成"  # not the same, though the one holds the letters of the other


def test_without_a_common_state_what_only_one_side_filled_in_is_proposed_and_the_rest_is_asked(catalogue):
    ours = edited(BASE, [("score", "1.1", {"met": True})])
    theirs = edited(BASE, [("unit", "phone", "2"), ("remark", "1.1", "甲")])
    comparison = compared(catalogue, None, ours, theirs)
    assert words(comparison, catalogue) == [
        "单位信息 联系电话 1 | 2 apart",
        "第 1.1 行 自评 是否符合 是 | （空） ours",
        "第 1.1 行 备注 （空） | 甲 theirs",
    ]
    assert [one.part for one in undecided(comparison, proposed(comparison))] == ["phone"]


# ---------------------------------------------------------------------------------------------- matters and documents
def matters(*texts: str, points: int = 1) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(matter=text, points=D(points)) for text in texts)


def test_matters_that_both_added_all_stay_and_an_equal_one_stays_once(catalogue):
    base = replace(BASE, adjustments=matters("甲", "乙"))
    ours = replace(BASE, adjustments=matters("甲", "丙", "乙"))
    theirs = replace(BASE, adjustments=matters("甲", "乙", "丁", "丙"))
    comparison = compared(catalogue, base, ours, theirs)
    merged = merged_entries(comparison, proposed(comparison), catalogue)
    assert merged.adjustments == matters("甲", "丙", "乙", "丁")


def test_a_matter_one_took_out_and_the_other_changed_is_asked(catalogue):
    base = replace(BASE, adjustments=matters("甲", "乙"))
    ours = replace(BASE, adjustments=matters("乙"))
    theirs = replace(BASE, adjustments=(*matters("甲", points=3), *matters("乙")))
    comparison = compared(catalogue, base, ours, theirs)
    (one,) = undecided(comparison, proposed(comparison))
    assert (texts_words(one, one.ours), texts_words(one, one.theirs)) == ("（空）", "分值 3，内容 甲")
    assert merged_entries(comparison, {one.place: Choice.THEIRS}, catalogue) == theirs


def test_fields_of_a_matter_that_differ_separately_are_chosen_separately(catalogue):
    base = replace(BASE, adjustments=matters("甲"))
    ours = replace(BASE, adjustments=(Adjustment(matter="甲", basis="文一", points=D(1)),))
    theirs = replace(BASE, adjustments=(Adjustment(matter="甲", points=D(2)),))
    comparison = compared(catalogue, base, ours, theirs)
    merged = merged_entries(comparison, proposed(comparison), catalogue)
    assert merged.adjustments == (Adjustment(matter="甲", basis="文一", points=D(2)),)


def document(key: str, name: str, row: str = "1.1", number: str = "") -> Evidence:
    return Evidence(key=key, row=row, name=name, number=number, sha256=hashlib.sha256(name.encode()).hexdigest())


def test_documents_with_one_number_on_both_sides_are_two_and_the_same_file_is_one(catalogue):
    base = sheet_of(BASE, document("1", "甲.pdf"))
    ours = sheet_of(BASE, document("1", "甲.pdf"), document("2", "乙.pdf"), document("3", "丙.pdf"))
    theirs = sheet_of(BASE, document("1", "甲.pdf", number="一号"), document("2", "丙.pdf"), document("3", "丁.pdf"))
    comparison = compared(catalogue, base, ours, theirs, shared=("1",))
    merged = merge(comparison, proposed(comparison), catalogue)
    assert [(one.key, one.name, one.number) for one in read_evidence(merged.sheet[EVIDENCE])] == [
        ("1", "甲.pdf", "一号"),
        ("2", "乙.pdf", ""),
        ("3", "丙.pdf", ""),
        ("4", "丁.pdf", ""),
    ]
    assert [place_words(one, catalogue) for one in comparison.differing] == [
        "第 1.1 行 佐证材料“甲.pdf”文号",
        "第 1.1 行 佐证材料",
        "第 1.1 行 佐证材料",
    ]


def test_a_scope_of_a_later_version_is_taken_whole_from_one_side(catalogue):
    sides = [{**sheet_of(BASE), "previous": {"": {"unit": name}, "1.1": {"points": name}}} for name in "甲乙"]
    comparison = compared(catalogue, sheet_of(BASE), *sides)
    (one,) = comparison.differing
    assert merge(comparison, {one.place: Choice.THEIRS}, catalogue).sheet["previous"] == sides[1]["previous"]
