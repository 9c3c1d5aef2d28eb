from __future__ import annotations

import re
import string

import pytest

from selfassess.wording import MESSAGES, in_marks, message


def test_quotation_marks_inside_quotation_marks_become_single_ones():
    told = message("E117", row="1.3", name="“三公”经费预算管理", text="也许", full="1")
    assert told.startswith("第 1.3 行“‘三公’经费预算管理”：“也许”不能作答。")


def test_a_name_that_quotes_something_is_quoted_with_inner_marks():
    assert in_marks("“三公”经费预算管理") == "“‘三公’经费预算管理”"


def test_what_a_file_brings_is_told_on_one_line_and_short():
    told = message("E301", path="甲" * 1_000_000 + "\n\u202e乙\ud83d.zpb")
    assert len(told) < 500
    assert told.startswith("找不到草稿“甲")
    assert "甲  乙 .zpb”" in told


def test_an_unknown_code_is_a_bug_of_the_caller():
    with pytest.raises(KeyError):
        message("E000")


FRAGMENTS = {f"F{number}" for number in range(111, 122)}
"""Why a row has no points: parts of other sentences."""
NOTICES = {"E333", "E334"}
"""Nothing is to be done; the program says what it does."""


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_message_is_a_whole_chinese_sentence(code):
    template = MESSAGES[code]
    names = {field for _, field, _, _ in string.Formatter().parse(template) if field}
    told = message(code, **dict.fromkeys(names, "甲"))
    assert re.search("[\u4e00-\u9fff]", told)
    assert told.strip() == told
    assert told.endswith("。") is (code not in FRAGMENTS)
    assert "请" in told or code in NOTICES or "{fault}" in template, "a message says what to do next"
