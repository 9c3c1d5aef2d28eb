"""Blocks of cells as spreadsheets exchange them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.gui.table.clipboard import from_text, to_spreadsheet, to_text


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("", []),
        ("5", [["5"]]),
        ("5\t有\n\t\n3\t无", [["5", "有"], ["", ""], ["3", "无"]]),
        ("5\r\n3\r\n", [["5"], ["3"]]),
        ("5\n\n3\n", [["5"], [""], ["3"]]),
        ('"一\n二"\t5\n3\t', [["一\n二", "5"], ["3", ""]]),
        ('"说""好""的"\t5', [['说"好"的', "5"]]),
        ('"三公"经费\t5', [['"三公"经费', "5"]]),
        ('"没有结束\t5', [['"没有结束', "5"]]),
        ('"三公"', [['"三公"']]),
    ],
)
def test_a_block_is_read_as_a_spreadsheet_meant_it(text, block):
    assert from_text(text) == block


def test_cells_with_line_breaks_tabs_or_leading_quotes_are_quoted():
    assert to_text([["一\n二", "a\tb", '"三公"', "平"]]) == '"一\n二"\t"a\tb"\t"""三公"""\t平'


CELLS = st.text(alphabet='国"\t\n a', max_size=6)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)))
def test_what_was_copied_is_what_is_pasted(block):
    assert from_text(to_text(block) + "\n") == block


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "+HYPERLINK(1)", "-2+3", "@SUM(1)", "\t=1", "＝1+1"])
def test_a_text_that_a_spreadsheet_would_calculate_goes_there_as_a_text(cell):
    assert from_text(to_spreadsheet([[cell, "甲"]])) == [[f"'{cell}", "甲"]]


@pytest.mark.parametrize("cell", ["-5", "+0.5", "-12.5%", "-", "—", "2", "甲=乙", ""])
def test_numbers_and_other_texts_go_to_a_spreadsheet_as_they_are(cell):
    assert from_text(to_spreadsheet([[cell, "甲"]])) == [[cell, "甲"]]
