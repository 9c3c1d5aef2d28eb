"""What a system reports of files, in words."""

from __future__ import annotations

import errno
import os

import pytest

from selfassess.system_words import in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EIO, "读写出错"),
        (errno.ENOTCONN, "设备或网络连接已断开"),
        (errno.ENOSPC, "磁盘已满"),
        (errno.EACCES, "没有权限"),
        (errno.EDOM, "系统错误 EDOM"),
    ],
)
def test_a_refusal_is_told_in_words_and_a_rare_one_by_its_name(number, words):
    assert in_words(OSError(number, os.strerror(number))) == words


def test_a_refusal_that_is_told_in_chinese_already_is_taken_at_its_word():
    assert in_words(OSError(errno.EINVAL, "这不是普通的文件")) == "这不是普通的文件"


def test_a_refusal_without_a_number_is_told_by_its_kind():
    assert in_words(TimeoutError()) == "系统错误 TimeoutError"
