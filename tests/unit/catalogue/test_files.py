"""Files that are no catalogue at all: each gives one sentence in Chinese, quickly."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from selfassess.catalogue.loader import MOST_BYTES, load, loads
from selfassess.catalogue.schema import MOST_ROWS
from selfassess.errors import CatalogueError


def refusal(path) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load(path)
    return caught.value


def test_a_file_is_loaded_from_a_path_with_chinese_spaces_and_percent(small, tmp_path):
    path = tmp_path / "指标 体系 100%.toml"
    path.write_text(small.text, encoding="utf-8")
    assert load(path) == small.catalogue()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(small, tmp_path):
    path = tmp_path / "notepad.toml"
    path.write_bytes(b"\xef\xbb\xbf" + small.text.replace("\n", "\r\n").encode())
    assert load(path) == small.catalogue()


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    error = refusal(tmp_path / "没有.toml")
    assert error.code == "E202"
    assert "没有.toml" in error.message


def test_a_folder_is_no_catalogue(tmp_path):
    error = refusal(tmp_path)
    assert (error.code, "文件夹" in error.message) == ("E203", True)


def test_a_path_that_cannot_be_opened_is_refused_in_words(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    assert refusal(file / "below.toml").code == "E203"
    assert refusal(tmp_path / ("长" * 200 + ".toml")).code == "E203"


def test_text_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes(b"format = 1\n" + 'title = "小表"'.encode("gb18030"))
    error = refusal(path)
    assert error.code == "E206"
    assert "第 2 行" in error.message
    assert "UTF-8" in error.message


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ('format = 1\ntitle = "小表\n', "第 2 行", "不允许的字符"),
        ("format = 1\ntitle = 小表\n", "第 2 行第 9 个字", "英文双引号"),
        ("format = 1\ntitle ＝ 3\n", "第 2 行", "全角"),
        ("format = 1\nformat = 1\n", "第 2 行", "写了两次"),
        ("format = 1\nnotes = [\n", "末尾", "右括号"),
        ("format = 1\n[policy\n", "第 2 行", "]"),
        ("format = 1\n[[categories]\n", "第 2 行", "]]"),
        ("format = 1\nid = 'a' 'b'\n", "第 2 行", "一行只能写一个键"),
        ("format = 1\n，\n", "第 2 行", ""),
        ("x = { a = 1", "末尾", ""),
    ],
)
def test_broken_toml_is_refused_with_its_line(text, place, why):
    with pytest.raises(CatalogueError) as caught:
        loads(text, "broken.toml")
    assert caught.value.code == "E207"
    assert place in caught.value.message
    assert why in caught.value.message
    assert "broken.toml" in caught.value.message


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "9" * 5_000])
def test_absurd_nesting_and_absurd_numbers_are_refused(text):
    with pytest.raises(CatalogueError) as caught:
        loads(text, "absurd.toml")
    assert caught.value.code == "E208"


def test_an_empty_file_lacks_its_format():
    with pytest.raises(CatalogueError) as caught:
        loads("", "empty.toml")
    (fault,) = caught.value.faults
    assert fault.startswith("E242")


@pytest.mark.parametrize("format_", ["0", "-1", "true", '"1"', "1.0"])
def test_a_format_that_is_no_version_is_refused(small, format_):
    assert small.but("format = 1", f"format = {format_}").fault().startswith("E242")


def test_a_newer_format_is_refused_in_those_words_and_not_judged_further(small):
    error = small.but("format = 1", "format = 2").but("base = 10", "basis = 10").refusal()
    assert error.code == "E209"
    assert "格式版本是 2" in error.message
    assert "较新版本的程序" in error.message
    assert error.faults == ()


def measured(make):
    """Seconds and bytes that a refusal takes, with its code."""
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(CatalogueError) as caught:
        make()
    seconds = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return caught.value.code, seconds, peak


ROW = '[[categories.indicators]]\ncode = "1.1"\nname = "甲"\n'


def test_a_file_of_a_million_rows_is_refused_quickly_and_small(tmp_path):
    path = tmp_path / "million.toml"
    with path.open("w", encoding="utf-8") as file:
        file.write('format = 1\n[[categories]]\ncode = "一"\n')
        file.writelines(ROW for _ in range(1_000_000))
    code, seconds, peak = measured(lambda: load(path))
    assert code == "E204"
    assert seconds < 2
    assert peak < 3 * MOST_BYTES


def test_a_million_rows_on_one_line_are_refused_before_they_are_parsed():
    text = "format = 1\ncategories = [{indicators=[" + "{}," * 1_000_000 + "]}]"
    assert len(text) < MOST_BYTES
    code, seconds, _ = measured(lambda: loads(text, "million.toml"))
    assert code == "E208"
    assert seconds < 2


def test_more_rows_than_a_form_can_have_are_refused():
    text = "format = 1\ncategories = [{indicators=[" + "{}," * (MOST_ROWS + 1) + "]}]"
    with pytest.raises(CatalogueError) as caught:
        loads(text, "many.toml")
    assert caught.value.code == "E205"


def test_a_file_of_gigabytes_is_refused(tmp_path):
    """No more than the limit is read."""
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(1 << 33)
    assert refusal(tmp_path / "large.toml").code == "E204"
