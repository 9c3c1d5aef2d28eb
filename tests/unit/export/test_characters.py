"""What of a pasted text is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfassess.export.characters import code_point, printable


@pytest.mark.parametrize(
    ("entered", "printed"),
    [
        ("预算　绩效 100%", "预算　绩效 100%"),
        ("一\r\n二\r三\v四\u2028五\u2029六\x85七", "一\n二\n三\n四\n五\n六\n七"),
        ("一\t二\u00a0三\u2003四", "一 二 三 四"),
        ("零\u200b宽\u200d连\ufeff接\u00ad符\u2060", "零宽连接符"),
        ("控\x00制\x07字\x1b符\x7f", "控制字符"),
        ("异\ufe00体\U000e0100字", "异体字"),
        ("左\u202e右", "左右"),
        ("填\u3164充\uffa0符", "填充符"),
        ("བོད་ལྗོངས།", "བོད་ལྗོངས།"),
        ("", ""),
    ],
)
def test_invisible_characters_are_left_out_and_line_ends_kept(entered, printed):
    assert printable(entered) == printed


@given(st.text())
def test_printing_twice_is_printing_once(text):
    assert printable(printable(text)) == printable(text)


@given(st.text())
def test_no_control_character_is_left_but_line_feeds(text):
    assert all(character == "\n" or ord(character) >= 32 for character in printable(text))


def test_a_code_point_is_written_as_unicode_writes_it():
    assert code_point("一") == "U+4E00"
    assert code_point("𠮷") == "U+20BB7"
