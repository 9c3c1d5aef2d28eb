"""A text that is stored while it is written is one step, however often; everything else stays a step of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.errors import StoreError
from selfassess.store.draft import Draft


@pytest.fixture
def stay(draft) -> list[object]:
    """The stay of the keyboard in which edits are made."""
    stay: list[object] = [1]
    draft.stay = lambda: stay[0]
    return stay


def write(draft: Draft, text: str, code: str = "1.1", **others) -> None:
    draft.put_answers({code: Answer(remark=text, **others)})


def steps_of(draft: Draft) -> int:
    return draft.sql.execute("SELECT count(*) FROM step WHERE kind = 'edit'").fetchone()[0]


@pytest.mark.usefixtures("stay")
def test_a_text_written_in_one_stay_is_taken_back_at_once(draft):
    for length in range(1, 8):
        write(draft, "一段文字写到这里"[:length])
    assert steps_of(draft) == 1
    draft.undo()
    assert draft.entries.answer("1.1").remark == ""
    draft.redo()
    assert draft.entries.answer("1.1").remark == "一段文字写到这"


@pytest.mark.usefixtures("stay")
def test_it_is_on_the_disk_each_time(draft, path, catalogue):
    for text in ("一", "一段", "一段文字"):
        write(draft, text)
        draft.close()
        draft = Draft.open(path)
        assert draft.entries.answer("1.1").remark == text
        draft.undo()
        draft.redo()
        draft.stay = lambda: 1
    draft.close()


@pytest.mark.usefixtures("stay")
def test_undo_after_reopening_takes_all_of_it_back(draft, path):
    write(draft, "old")
    draft.put_unit(Unit(name="甲"))
    write(draft, "old and")
    write(draft, "old and new")
    draft.close()
    with Draft.open(path) as again:
        again.undo()
        assert again.entries.answer("1.1").remark == "old"


def test_another_stay_is_another_step(draft, stay):
    write(draft, "一")
    stay[0] = 2
    write(draft, "一二")
    assert steps_of(draft) == 2
    draft.undo()
    assert draft.entries.answer("1.1").remark == "一"


def test_without_a_keyboard_each_edit_is_a_step(draft):
    write(draft, "一")
    write(draft, "一二")
    assert steps_of(draft) == 2


@pytest.mark.usefixtures("stay")
def test_a_long_pause_begins_another_step(draft, clock):
    write(draft, "一")
    clock.time = clock.time.replace(hour=10)
    write(draft, "一二")
    clock.time = clock.time.replace(hour=9)  # set back
    write(draft, "一二三")
    assert steps_of(draft) == 3


@pytest.mark.usefixtures("stay")
def test_another_field_or_row_is_another_step(draft):
    write(draft, "一")
    write(draft, "一", code="1.2")
    write(draft, "一", code="1.2", reason="二")
    write(draft, "一", code="1.2", reason="二三")
    assert steps_of(draft) == 3


@pytest.mark.usefixtures("stay")
def test_numbers_and_choices_are_steps_of_their_own(draft):
    draft.put_answers({"1.2": Answer(points=Decimal(1))})
    draft.put_answers({"1.2": Answer(points=Decimal(12))})
    for unit_class in ("A", "B"):
        draft.put_unit(Unit(unit_class=unit_class))
    draft.put_figure("budget", Decimal(1))
    draft.put_figure("budget", Decimal(2))
    assert steps_of(draft) == 6


@pytest.mark.usefixtures("stay")
def test_names_and_matters_are_written_on_as_well(draft):
    for name in ("自治区", "自治区外事办"):
        draft.put_unit(Unit(name=name))
    draft.put_adjustments((Adjustment(matter=""),), "新增其他事项")
    for matter in ("表", "表彰"):
        draft.put_adjustments((Adjustment(matter=matter),))
    assert steps_of(draft) == 3
    draft.undo()
    assert draft.entries.adjustments == (Adjustment(matter=""),)


@pytest.mark.usefixtures("stay")
def test_after_an_undo_a_new_step_begins(draft):
    write(draft, "一")
    draft.put_unit(Unit(name="甲"))
    draft.undo()
    write(draft, "一二")
    draft.undo()
    assert draft.entries.answer("1.1").remark == "一"
    assert draft.redo_text


@pytest.mark.usefixtures("stay")
def test_a_redone_text_is_not_written_on(draft):
    write(draft, "一")
    draft.undo()
    draft.redo()
    write(draft, "一二")
    draft.undo()
    assert draft.entries.answer("1.1").remark == "一"


@pytest.mark.usefixtures("stay")
def test_a_text_that_came_to_nothing_can_be_brought_back(draft):
    write(draft, "一")
    write(draft, "")
    draft.undo()
    assert draft.entries.answer("1.1").remark == "一"


@pytest.mark.usefixtures("stay")
def test_a_refused_disk_leaves_the_text_as_it_was(draft, path):
    write(draft, "一")
    before = path.read_bytes()
    draft.sql.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError):
        write(draft, "一" * 10_000)
    assert path.read_bytes() == before
    assert draft.entries.answer("1.1").remark == "一"
    draft.sql.execute("PRAGMA max_page_count = 1000000")
    write(draft, "一二三")
    assert steps_of(draft) == 1
    draft.undo()
    assert draft.entries.answer("1.1").remark == ""


@pytest.mark.usefixtures("stay")
def test_a_file_written_on_grows_by_the_text_only(draft, path):
    write(draft, "文")
    small = path.stat().st_size
    for length in range(2, 2000, 6):
        write(draft, "文" * length)
    # The text stands there twice: as what is entered, and as what the step did.
    assert path.stat().st_size - small < 3 * 2 * 2000 * 3


@pytest.mark.usefixtures("stay")
def test_what_was_written_on_can_be_restored(draft):
    for text in ("一", "一二", "一二三"):
        write(draft, text)
    draft.put_unit(Unit(name="甲"))
    draft.put_answers({"1.1": Answer()})
    points = draft.restore_points().points
    assert [point.words for point in points] == ["填报单位 空 → 甲", "1.1 备注 空 → 一二三", "新建"]
    draft.restore(points[1])
    assert (draft.entries.answer("1.1").remark, draft.entries.unit.name) == ("一二三", "")
