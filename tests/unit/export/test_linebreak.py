"""Lines break as Chinese typesetting wants them to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.export.linebreak import CLOSING, OPENING, balanced_lines, break_lines, may_break


class Em(dict[str, int]):
    """Latin is half an em wide, everything else one."""

    def __missing__(self, token: str) -> int:
        return sum(500 if character < "\u2000" else 1000 for character in token)


def lines(text: str, width: int, fill=break_lines) -> list[str]:
    """The lines of a text in a column that is so many characters wide."""
    return [text[start:end] for start, end in fill(text, Em(), width * 1000)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("预算绩效管理", 4, ["预算绩效", "管理"]),
        ("不得分。", 3, ["不得", "分。"]),
        ("得分；否则不得分。", 4, ["得分；否", "则不得", "分。"]),
        ("评定工作“四个意识”、好", 5, ["评定工作", "“四个意", "识”、好"]),
        ("（一）预算", 1, ["（", "一", "）", "预", "算"]),
        ("在10%以内", 3, ["在10%", "以内"]),
        ("金额1,234.5万元", 4, ["金额", "1,234.5", "万元"]),
        ("see the annex now", 4, ["see the", "annex", "now"]),
        ("一二——三", 3, ["一", "二——", "三"]),
        ("等等……好", 3, ["等", "等……", "好"]),
        ("", 4, [""]),
        ("字", 0, ["字"]),
        ("两字", 0, ["两", "字"]),
    ],
)
def test_a_line_takes_as_much_as_fits_and_marks_stay_where_they_belong(text, width, expected):
    assert lines(text, width) == expected


def test_a_word_wider_than_the_column_breaks_at_its_own_marks():
    assert lines("https://example.gov.cn/zwgk/2022", 6) == ["https://", "example.gov.", "cn/zwgk/2022"]


def test_a_word_without_marks_breaks_where_the_line_is_full():
    assert lines("abcdefgh", 2) == ["abcd", "efgh"]


def test_a_run_of_closing_marks_longer_than_a_line_is_broken_rather_than_lost():
    assert lines("。。。。。", 2) == ["。。", "。。", "。"]


def test_spaces_between_two_lines_are_printed_on_neither():
    assert lines("ab   cd", 1) == ["ab", "cd"]


def test_straight_quotation_marks_stick_to_what_they_enclose():
    assert lines('他说"预算"好', 4) == ['他说"预', '算"好']
    assert lines('一二"三四"', 2) == ["一二", '"三', '四"']


def test_a_minus_sign_stays_with_its_number():
    assert not may_break("为−5", 2)


def test_headings_are_broken_into_lines_of_equal_length():
    assert lines("考核方式", 3) == ["考核方", "式"]
    assert lines("考核方式", 3, balanced_lines) == ["考核", "方式"]
    assert lines("指标", 3, balanced_lines) == ["指标"]


def test_balance_is_never_bought_with_a_torn_word():
    assert lines("合计106.47分", 4, balanced_lines) == ["合计", "106.47分"]


CHARACTERS = st.sampled_from([*"预算绩效得分，。；：、？！（）“”《》‘’—…％·abcXYZ019.%-/,()\"' ", "བོད་"])
TEXTS = st.lists(CHARACTERS, max_size=80)


@given(tokens=TEXTS, width=st.integers(min_value=1, max_value=12))
def test_nothing_is_lost_but_spaces_between_lines(tokens, width):
    ranges = break_lines(tokens, Em(), width * 1000)

    kept = "".join("".join(tokens[start:end]) for start, end in ranges)
    assert kept.replace(" ", "") == "".join(tokens).replace(" ", "")
    assert all(end > start for start, end in ranges) or not tokens


@given(tokens=TEXTS, width=st.integers(min_value=1, max_value=12))
def test_no_line_is_wider_than_the_column_unless_it_is_a_single_token(tokens, width):
    for start, end in break_lines(tokens, Em(), width * 1000):
        assert end - start <= 1 or sum(Em()[token] for token in tokens[start:end]) <= width * 1000


@given(tokens=TEXTS, width=st.integers(min_value=8, max_value=20))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one_where_another_break_exists(tokens, width):
    previous = 0
    for start, end in break_lines(tokens, Em(), width * 1000)[1:]:
        misplaced = tokens[start][0] in CLOSING or tokens[start - 1][-1] in OPENING
        if misplaced:
            assert not any(may_break(tokens, place) for place in range(previous + 1, start + 1))
        previous = start
        assert end > start


@given(tokens=TEXTS, width=st.integers(min_value=1, max_value=12))
def test_balanced_lines_are_as_few_as_greedy_ones_and_never_wider(tokens, width):
    balanced = balanced_lines(tokens, Em(), width * 1000)

    assert len(balanced) == len(break_lines(tokens, Em(), width * 1000))
    for start, end in balanced:
        assert end - start <= 1 or sum(Em()[token] for token in tokens[start:end]) <= width * 1000
