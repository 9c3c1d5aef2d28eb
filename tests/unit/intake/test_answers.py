"""Answers files: what they enter, what is refused, and that a faulty file enters nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.errors import ImportFormError
from selfassess.intake.answers import entries_of, loads, read

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = load(ROOT / "catalogues/xizang-dept-budget/2022.toml")
BANDED = load(ROOT / "catalogues/project-spending/2020.toml")


def entries(text: str, onto: Entries | None = None) -> Entries:
    return entries_of(loads(f'catalogue = "{CATALOGUE.reference}"\n{text}', "t.toml"), CATALOGUE, onto)


def answer(code: str, text: str) -> Answer:
    return entries(f'[rows."{code}"]\n{text}').answer(code)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ImportFormError) as caught:
        entries(text)
    assert caught.value.code == "E510"
    assert "一项也没有读入" in caught.value.message
    return caught.value.faults


def fault(text: str) -> str:
    (only,) = faults(text)
    return only


# ---------------------------------------------------------------------------------------------------- what is entered


def test_unit_fields_are_taken_and_class_is_the_unit_class():
    unit = entries('[unit]\nname = " 外办 "\nclass = "A"\nyear = 2022\nphone = "0891-1"\ndate = 2023-01-05').unit
    assert unit == Unit(name="外办", unit_class="A", year="2022", phone="0891-1", date="2023-01-05")


def test_figures_may_be_quoted_or_not_and_stay_exact():
    figures = entries('[figures]\nbudget = "18,966.53"\nspent = 4229.50').figures
    assert dict(figures) == {"budget": Decimal("18966.53"), "spent": Decimal("4229.50")}


def test_a_number_beyond_the_precision_of_binary_floats_stays_exact():
    assert entries("[figures]\nbudget = 123456789012345.000001").figures["budget"] == Decimal("123456789012345.000001")


def test_a_toml_exponent_is_the_number_it_writes():
    assert entries("[figures]\nbudget = 1.5e3").figures["budget"] == Decimal(1500)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("1.2", "met = true", Answer(met=True)),
        ("1.2", "met = false", Answer(met=False)),
        ("1.4", "ticks = [true, false]", Answer(ticks=(True, False))),
        ("2.15", 'option = " 高于 "', Answer(option="高于")),
        ("2.7", 'value = "12%"', Answer(value=Decimal("0.12"))),
        ("2.7", 'value = "0.12"', Answer(value=Decimal("0.12"))),
        ("2.7", "value = 0.12", Answer(value=Decimal("0.12"))),
        ("2.7", 'value = "1.3"', Answer(value=Decimal("1.3"))),
        ("7.2", 'numerator = "1"\ndenominator = 250', Answer(numerator=Decimal(1), denominator=Decimal(250))),
        ("1.1", 'points = "6.5"', Answer(points=Decimal("6.5"))),
        ("1.1", "points = 0", Answer(points=Decimal(0))),
        ("2.9", 'not_applicable = "没有"', Answer(not_applicable="没有")),
        ("2.9", 'not_applicable = ""', Answer(not_applicable="")),
        (
            "2.9",
            'not_applicable = "没有"\naverage = "0.8"',
            Answer(not_applicable="没有", average=Decimal("0.8")),
        ),
        (
            "2.7",
            'override = { points = "1", reason = "批复" }',
            Answer(override=Override(points=Decimal(1), reason="批复")),
        ),
        (
            "1.1",
            'points = "6"\noverride = { points = "5", reason = "批复" }',
            Answer(points=Decimal(6), override=Override(points=Decimal(5), reason="批复")),
        ),
        ("2.10", 'points = "1"\nnot_applicable = "没有"', Answer(points=Decimal(1), not_applicable="没有")),
        ("1.2", 'reason = "甲"\nremark = "乙\\n丙"', Answer(reason="甲", remark="乙\n丙")),
        ("8.1", 'remark = "见附件"', Answer(remark="见附件")),
    ],
)
def test_a_row_holds_what_the_file_says(code: str, text: str, expected: Answer):
    assert answer(code, text) == expected


@pytest.mark.parametrize(
    ("code", "points", "expected"),
    [
        ("1.2", "1", Answer(met=True)),
        ("1.2", "0", Answer(met=False)),
        ("1.4", "1", Answer(ticks=(True, True))),
        ("4.1", "1.5", None),
        ("4.1", "0.5", None),
        ("2.15", "0.5", Answer(option="等于")),
    ],
)
def test_points_alone_are_turned_into_the_only_answer_that_gives_them(code: str, points: str, expected: Answer | None):
    if expected is None:
        assert f'rows."{code}"' in fault(f'[rows."{code}"]\npoints = "{points}"')
    else:
        assert answer(code, f'points = "{points}"') == expected


def test_a_judged_row_with_bands_takes_band_and_points_together():
    code = next(row.code for _, row in BANDED.indicators() if getattr(row.rule, "bands", ()))
    row = BANDED.indicator(code)
    assert row is not None
    label = row.rule.bands[0].label  # type: ignore[union-attr] # chosen above for having bands
    text = f'catalogue = "{BANDED.reference}"\n[rows."{code}"]\noption = "{label}"\npoints = "{row.full_points}"'
    stated = entries_of(loads(text, "t"), BANDED).answer(code)
    assert (stated.option, stated.points) == (label, row.full_points)


def test_adjustments_keep_their_order_and_sign():
    text = '[[adjustments]]\nmatter = "甲"\nbasis = "文"\npoints = "5"\n[[adjustments]]\nmatter = "乙"\npoints = -1.5'
    assert entries(text).adjustments == (
        Adjustment(matter="甲", basis="文", points=Decimal(5)),
        Adjustment(matter="乙", points=Decimal("-1.5")),
    )


def test_an_adjustment_without_points_is_not_worth_0():
    assert entries('[[adjustments]]\nmatter = "甲"').adjustments == (Adjustment(matter="甲"),)


def test_declared_numbers_are_kept_apart_and_may_be_negative():
    text = '[declared]\ntotal = "90.5"\npoints = { "2.7" = 3 }\nsubtotals = { "一" = "10", "八" = "-1" }'
    assert entries(text).declared == Declared(
        points={"2.7": Decimal(3)}, subtotals={"一": Decimal(10), "八": Decimal(-1)}, total=Decimal("90.5")
    )


# --------------------------------------------------------------------------------------------- laid over what is there


def test_what_a_file_does_not_name_stays():
    before = entries(
        '[unit]\nname = "外办"\n[figures]\nspent = 1\n[rows."1.2"]\nmet = true\n[[adjustments]]\nmatter = "甲"'
    )
    after = entries('[unit]\nyear = "2022"\n[figures]\nbudget = 2\n[rows."1.3"]\nmet = false', before)
    assert after.unit == Unit(name="外办", year="2022")
    assert dict(after.figures) == {"spent": Decimal(1), "budget": Decimal(2)}
    assert set(after.answers) == {"1.2", "1.3"}
    assert after.adjustments == before.adjustments


def test_a_named_row_replaces_the_old_answer_whole():
    before = entries('[rows."1.2"]\nmet = false\nreason = "旧"')
    assert entries('[rows."1.2"]\nmet = true', before).answer("1.2") == Answer(met=True)


def test_a_row_named_without_anything_is_blank_again():
    before = entries('[rows."1.2"]\nmet = false')
    assert dict(entries('[rows."1.2"]', before).answers) == {}


def test_an_empty_list_of_adjustments_removes_them():
    before = entries('[[adjustments]]\nmatter = "甲"')
    assert entries("adjustments = []", before).adjustments == ()


# ------------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("rowz = 1", "E511", "“rows”"),
        ('[unit]\nnam = "x"', "E511", "“name”"),
        ("[figures]\nbudgett = 1", "E511", "“budget”"),
        ('[rows."2.77"]\nmet = true', "E516", "2.7"),
        ("[rows.2.7]\nvalue = 0.1", "E517", "2.7"),
        ('[rows."1.2"]\npoint = 1', "E511", "“points”"),
        ('[rows."1.2"]\nmet = "true"', "E512", "true"),
        ('[rows."1.4"]\nticks = ["是", "否"]', "E512", "一个列表"),
        ('[rows."1.4"]\nticks = true', "E512", "true"),
        ('[rows."1.4"]\nticks = [true]', "E124", "1.4"),
        ('rows = "全部"', "E512", "全部"),
        ('[rows]\n"1.2" = true', "E512", "1.2"),
        ('[rows."1.1"]\npoints = "7.5"', "E102", "7"),
        ('[rows."1.1"]\npoints = "-1"', "E103", "1.1"),
        ('[rows."1.1"]\npoints = "0.3"', "E104", "0.5"),
        ('[rows."1.1"]\npoints = "nan"', "E101", "nan"),
        ('[rows."1.1"]\npoints = nan', "E101", "NaN"),
        ('[rows."1.1"]\npoints = inf', "E101", "1.1"),
        ('[rows."1.1"]\npoints = 1e99999', "E101", "1.1"),
        ('[rows."1.1"]\npoints = true', "E512", "true"),
        ('[rows."1.1"]\npoints = ""', "E514", "points"),
        ('[rows."1.1"]\npoints = [1]', "E512", "一个列表"),
        ("[figures]\nbudget = nan", "E107", "预算数"),
        ("[figures]\nbudget = -1", "E108", "预算数"),
        ("[figures]\nbudget = 1e15", "E109", "预算数"),
        ("[figures]\nbudget = 0.0000001", "E110", "预算数"),
        ('[rows."2.7"]\nvalue = "12"', "E113", "12"),
        ('[rows."2.7"]\nmet = true', "E521", "value"),
        ('[rows."8.1"]\nmet = true', "E521", "[[adjustments]]"),
        ('[rows."8.1"]\npoints = "8"', "E123", "8.1"),
        ('[rows."3.1"]\npoints = "20"', "E121", "3.1"),
        ('[rows."1.2"]\nmet = true\npoints = 1', "E522", "met"),
        ('[rows."2.9"]\nnot_applicable = "无"\npoints = 1', "E522", "not_applicable"),
        ('[rows."2.9"]\nmet = true\naverage = 1', "E524", "average"),
        ('[rows."1.2"]\nnot_applicable = "无"', "E122", "1.2"),
        ('[rows."2.9"]\nnot_applicable = true', "E512", "not_applicable"),
        ('[rows."2.15"]\noption = "高与"', "E125", "高于"),
        ('[rows."2.7"]\noverride = { reason = "x" }', "E523", "override"),
        ('[rows."2.7"]\noverride = { points = 9, reason = "x" }', "E102", "2.7"),
        ('[rows."2.7"]\noverride = { points = 1, why = "x" }', "E511", "override"),
        ('[rows."2.7"]\noverride = 1', "E512", "override"),
        ('[rows."1.2"]\nreason = 3', "E512", "reason"),
        ('[rows."1.2"]\nremark = "\\u0007"', "E513", "remark"),
        ('[unit]\nclass = "C"', "E515", "A"),
        ("[unit]\nname = 3", "E512", "unit.name"),
        ("unit = 3", "E512", "unit"),
        ('adjustments = "甲"', "E518", "甲"),
        ("[[adjustments]]\npoints = 1", "E520", "第 1 条"),
        ("[[adjustments]]\nmatter = 1", "E512", "matter"),
        ('[[adjustments]]\nmatter = "甲"\npoints = "x"', "E107", "第 1 条"),
        ('[[adjustments]]\nmatter = "甲"\nscore = 1', "E511", "第 1 条"),
        ('[declared]\nsubtotals = { "九" = 1 }', "E511", "declared.subtotals"),
        ('[declared]\npoints = { "9.9" = 1 }', "E511", "declared.points"),
        ('[declared]\ntotal = "很多"', "E107", "合计"),
        ("[declared]\nsum = 1", "E511", "declared"),
    ],
)
def test_a_fault_is_refused_with_its_place_and_a_remedy(text: str, code: str, words: str):
    sentence = fault(text)
    assert code in sentence
    assert words in sentence


def test_all_faults_are_listed_at_once():
    found = faults(
        '[unit]\nnam = 1\n[figures]\nx = 1\n[rows."1.1"]\npoints = 9\n[rows."9.9"]\n[[adjustments]]\npoints = 1'
    )
    assert len(found) == 5


def test_a_file_of_a_million_wrong_rows_is_refused_quickly_and_briefly():
    found = faults("".join(f'[rows."9.{number}"]\nmet = true\n' for number in range(20_000)))
    assert len(found) == 200


def test_a_faulty_file_leaves_what_was_there():
    before = entries('[rows."1.2"]\nmet = true')
    with pytest.raises(ImportFormError):
        entries('[rows."1.2"]\nmet = false\n[rows."1.3"]\nmet = 1', before)
    assert before.answer("1.2") == Answer(met=True)


def test_adjustments_are_refused_where_the_form_has_no_band():
    text = f'catalogue = "{BANDED.reference}"\n[[adjustments]]\nmatter = "甲"'
    with pytest.raises(ImportFormError, match="E519"):
        entries_of(loads(text, "t"), BANDED)


def test_a_class_is_refused_where_the_form_knows_none():
    text = f'catalogue = "{BANDED.reference}"\n[unit]\nclass = "A"'
    with pytest.raises(ImportFormError, match="E515"):
        entries_of(loads(text, "t"), BANDED)


def test_a_file_for_another_catalogue_is_refused():
    with pytest.raises(ImportFormError, match="E509"):
        entries_of(loads('catalogue = "xizang-dept-budget/2021"', "t"), CATALOGUE)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("[unit]", "E508", "catalogue"),
        ("catalogue = 3", "E508", "catalogue"),
        ('catalogue = " "', "E508", "catalogue"),
        ('catalogue = "a/b"\n[unit\n', "E506", "第 2 行.*缺少“]”"),
        ('catalogue = "a/b"\ncatalogue = "c/d"', "E506", "第 2 行"),
        ('catalogue = "', "E506", "第 1 行"),
        pytest.param("x = " + "[" * 5000, "E507", "嵌套", id="nested"),
        pytest.param("x = " + "9" * 5000, "E507", "过长", id="long number"),
        pytest.param("x = [" + "{}," * 1_000_001 + "]", "E507", "内容过多", id="a million tables"),
    ],
)
def test_a_text_that_is_no_answers_file_is_refused_in_words(text: str, code: str, words: str):
    with pytest.raises(ImportFormError, match=words) as caught:
        loads(text, "t.toml")
    assert caught.value.code == code


# --------------------------------------------------------------------------------------------------------- the example


def test_the_annex_as_filed_is_read_whole():
    transcribed = load(ROOT / "catalogues/xizang-dept-budget/2022-transcribed.toml")
    file = read(ROOT / "examples/foreign-affairs-2022.answers.toml")
    filed = entries_of(file, transcribed)
    base_rows = [row for category in transcribed.categories if category.in_base for row in category.indicators]
    assert [filed.answer(row.code).points for row in base_rows] == [row.full_points for row in base_rows]
    assert filed.adjustments == (Adjustment(matter="其他事项", basis="原件未列明", points=Decimal(8)),)
    assert filed.declared.total == Decimal("90.5")
    assert sum(filed.declared.subtotals.values()) == Decimal("104.5")
    assert dict(filed.figures) == {"budget": Decimal("18966.53"), "spent": Decimal("4229.50")}
    assert (filed.unit.name, filed.unit.year) == ("西藏自治区人民政府外事办公室", "2022")
