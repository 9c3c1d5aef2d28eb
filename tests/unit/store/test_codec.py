from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.errors import InputError
from selfassess.store import codec
from selfassess.store.fields import ANSWER, Change, UnreadableError, changes_of

D = Decimal
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18)
CODES = st.sampled_from(["1.1", "2.7", "八", "a b", "预算"])


def maybe(strategy):
    return st.none() | strategy


ANSWERS = st.builds(
    Answer,
    ticks=maybe(st.lists(st.sampled_from([True, False, None]), max_size=4).map(tuple)),
    met=maybe(st.booleans()),
    option=maybe(TEXT),
    value=maybe(NUMBERS),
    numerator=maybe(NUMBERS),
    denominator=maybe(NUMBERS),
    points=maybe(NUMBERS),
    not_applicable=maybe(TEXT),
    average=maybe(NUMBERS),
    override=maybe(st.builds(Override, points=NUMBERS, reason=TEXT)),
    reason=TEXT,
    remark=TEXT,
)
ENTRIES = st.builds(
    Entries,
    unit=st.builds(Unit, name=TEXT, unit_class=TEXT, year=TEXT, preparer=TEXT, date=TEXT),
    figures=st.dictionaries(CODES, NUMBERS),
    answers=st.dictionaries(CODES, ANSWERS.filter(lambda answer: answer != Answer())),
    adjustments=st.lists(st.builds(Adjustment, matter=TEXT, basis=TEXT, points=maybe(NUMBERS)), max_size=12).map(tuple),
    declared=st.builds(
        Declared,
        points=st.dictionaries(CODES, NUMBERS),
        full_points=st.dictionaries(CODES, NUMBERS),
        subtotals=st.dictionaries(CODES, NUMBERS),
        total=maybe(NUMBERS),
    ),
)


@given(ENTRIES)
def test_whatever_was_entered_is_read_back_equal(entries):
    assert codec.read_entries(codec.write_entries(entries)) == entries


@given(ANSWERS)
def test_every_field_is_text(answer):
    assert all(isinstance(text, str) for text in codec.write_answer(answer).values())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(points=D(0)),
        Answer(not_applicable=""),
        Answer(not_applicable="0"),
        Answer(ticks=()),
        Answer(ticks=(None, None)),
        Answer(ticks=(False, False)),
        Answer(met=False),
        Answer(option=""),
        Answer(override=Override(points=D(0), reason="")),
    ],
)
def test_blank_and_zero_and_not_applicable_stay_three_things(answer):
    every = [codec.write_answer(one) for one in (Answer(), Answer(points=D(0)), Answer(not_applicable=""))]
    assert len({tuple(written.items()) for written in every}) == 3
    assert codec.read_answer("1.1", codec.write_answer(answer)) == answer


def test_a_blank_answer_has_no_fields_and_so_no_row_in_the_file():
    assert codec.write_entries(Entries(answers={"1.1": Answer()}))[ANSWER] == {}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("3.00", "3"),
        ("0.10", "0.1"),
        ("-0", "0"),
        ("0E+5", "0"),
        ("1E+3", "1000"),
        ("1E-3", "0.001"),
        ("-2.50", "-2.5"),
    ],
)
def test_equal_numbers_are_written_alike(number, text):
    assert codec.write_number(D(number)) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1E+30", "1E+999999", "1E-31", "1E-999999"])
def test_a_number_that_no_form_has_is_refused_in_words(number):
    with pytest.raises(InputError, match="E327"):
        codec.write_number(D(number))


def test_half_a_character_from_a_broken_clipboard_becomes_a_replacement_mark():
    assert codec.write_text("前\ud83d后") == "前\ufffd后"
    assert codec.write_text("\ud842\udfb7") == "𠮷"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("points", "３"),
        ("points", "1e5"),
        ("points", ""),
        ("points", "nan"),
        ("points", "1" * 31),
        ("met", "yes"),
        ("ticks", "10x"),
        ("reason", ""),
        ("nonsense", "1"),
        ("override.points", "1"),
        ("override.reason", "只有原因"),
    ],
)
def test_a_field_that_no_program_of_ours_wrote_is_named(name, text):
    with pytest.raises(UnreadableError) as raised:
        codec.read_answer("2.7", {name: text})
    assert (raised.value.scope, raised.value.key) == ("answer", "2.7")


@pytest.mark.parametrize(
    "sheet",
    [
        {"unit": {"": {"nickname": "甲"}}},
        {"unit": {"x": {"name": "甲"}}},
        {"unit": {"": {"name": ""}}},
        {"figure": {"budget": {"sum": "1"}}},
        {"figure": {"budget": {"amount": "一"}}},
        {"adjustment": {"1": {"matter": "甲"}}},
        {"adjustment": {"00": {"matter": "甲"}}},
        {"adjustment": {"-1": {"matter": "甲"}}},
        {"adjustment": {"٠": {"matter": "甲"}}},
        {"adjustment": {"0": {"points": "1"}}},
        {"adjustment": {"0": {"matter": "甲", "points": "x"}}},
        {"adjustment": {"0": {"matter": "甲", "colour": "x"}}},
        {"declared": {"1.1": {"total": "1"}}},
        {"declared": {"1.1": {"points": "x"}}},
    ],
)
def test_a_group_that_no_program_of_ours_wrote_is_named(sheet):
    with pytest.raises(UnreadableError):
        codec.read_entries(sheet)


@given(ENTRIES, ENTRIES)
def test_reading_only_what_changed_gives_the_same_as_reading_everything(before, after):
    old, new = codec.write_entries(before), codec.write_entries(after)
    touched = [
        (scope, key)
        for scope in new
        for key in {*old[scope], *new[scope]}
        if old[scope].get(key) != new[scope].get(key)
    ]
    assert codec.reread(before, new, touched) == after


def test_what_did_not_change_stays_the_same_object():
    before = Entries(
        unit=Unit(name="甲"), answers=MappingProxyType({"1.1": Answer(met=True), "1.2": Answer(met=False)})
    )
    sheet = codec.write_entries(before)
    sheet["answer"]["1.2"] = {"met": "1"}
    after = codec.reread(before, sheet, [("answer", "1.2")])
    assert after.unit is before.unit
    assert after.answers["1.1"] is before.answers["1.1"]
    assert after.answers["1.2"] == Answer(met=True)


def test_changes_name_what_was_added_altered_and_taken_away():
    changes = changes_of("answer", "1.1", {"met": "1", "remark": "甲"}, {"met": "0", "reason": "乙"})
    assert changes == [
        Change(scope="answer", key="1.1", field="met", before="1", after="0"),
        Change(scope="answer", key="1.1", field="reason", before=None, after="乙"),
        Change(scope="answer", key="1.1", field="remark", before="甲", after=None),
    ]
    assert changes[1].reversed == Change(scope="answer", key="1.1", field="reason", before="乙", after=None)
