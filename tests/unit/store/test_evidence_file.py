"""Files that shall become supporting documents: read whole, or refused in one sentence with their name."""

from __future__ import annotations

import os

import pytest

from selfassess.errors import StoreError
from selfassess.store import evidence, evidence_file
from selfassess.store.draft import Draft
from selfassess.store.evidence_file import read_file


def test_a_file_is_read_whole_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_file, "_PIECE", 7)
    file = tmp_path / "批复.pdf"
    file.write_bytes(b"0123456789" * 5)
    assert read_file(file) == b"0123456789" * 5


@pytest.mark.parametrize("name", ["50%增长 的批复%20.pdf", "长" * 80 + ".pdf", "无扩展名", "..pdf", "a'b;c&d.pdf"])
def test_every_name_that_the_disk_takes_is_read(tmp_path, name):
    (tmp_path / name).write_bytes(b"scan")
    assert read_file(tmp_path / name) == b"scan"


def test_a_link_is_followed(tmp_path):
    (tmp_path / "原件.pdf").write_bytes(b"scan")
    (tmp_path / "链接.pdf").symlink_to(tmp_path / "原件.pdf")
    assert read_file(tmp_path / "链接.pdf") == b"scan"


def empty(folder):
    (folder / "材料.pdf").touch()


def a_folder(folder):
    (folder / "材料.pdf").mkdir()


def a_broken_link(folder):
    (folder / "材料.pdf").symlink_to(folder / "没有")


def a_link_to_itself(folder):
    (folder / "材料.pdf").symlink_to(folder / "材料.pdf")


def nothing(folder):
    assert folder.exists()


def a_pipe(folder):
    os.mkfifo(folder / "材料.pdf")


def too_large(folder):
    with (folder / "材料.pdf").open("wb") as file:
        file.truncate(evidence.MOST_BYTES + 1)  # sparse: it takes no room


@pytest.mark.parametrize(
    ("make", "detail"),
    [
        (empty, "文件是空的"),
        (a_folder, "这是文件夹"),
        (a_broken_link, "这是失效的链接"),
        (a_link_to_itself, "这是失效的链接"),
        (nothing, "找不到文件"),
        (a_pipe, "不是普通文件"),
        (too_large, "文件超过 256 MB"),
    ],
)
def test_what_is_no_document_is_refused_by_name(tmp_path, make, detail):
    make(tmp_path)
    with pytest.raises(StoreError, match=rf"E323.*“材料\.pdf”：{detail}"):
        read_file(tmp_path / "材料.pdf")


@pytest.mark.parametrize("name", ["\x00.pdf", "\ud800.pdf"])
def test_a_name_that_no_disk_can_hold_is_refused(tmp_path, name):
    with pytest.raises(StoreError, match="E323"):
        read_file(tmp_path / name)


def test_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"E323.*路径过长"):
        read_file(tmp_path / ("长" * 200))


def test_a_file_under_a_file_is_not_found(tmp_path):
    (tmp_path / "甲").write_bytes(b"x")
    with pytest.raises(StoreError, match=r"E323.*找不到文件"):
        read_file(tmp_path / "甲" / "乙.pdf")


def test_a_draft_is_no_document_under_any_name(tmp_path, draft, path):
    (tmp_path / "链接.pdf").symlink_to(path)
    for place in (path, tmp_path / "链接.pdf"):
        with pytest.raises(StoreError, match=r"E323.*草稿"):
            read_file(place)
    other = tmp_path / "草稿.bak"
    with Draft.create(other, draft.catalogue), pytest.raises(StoreError, match=r"E323.*草稿"):
        read_file(other)


def test_a_file_that_grows_while_it_is_read_is_refused_and_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_BYTES", 20)
    monkeypatch.setattr(evidence_file, "_PIECE", 4)
    file = tmp_path / "日志.txt"
    file.write_bytes(b"12345678")

    def grow():
        with file.open("ab") as more:
            more.write(b"12345678")
        return False

    with pytest.raises(StoreError, match="E323"):
        read_file(file, grow)


def test_a_file_that_is_cut_while_it_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_file, "_PIECE", 4)
    file = tmp_path / "扫描.pdf"
    file.write_bytes(b"123456789")
    looks = iter([False, True])

    def cut():
        if next(looks, False):
            os.truncate(file, 2)
        return False

    with pytest.raises(StoreError, match=r"E323.*读取的时候文件变了"):
        read_file(file, cut)


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    file = tmp_path / "材料.pdf"
    file.write_bytes(b"scan")
    file.chmod(0)
    root = os.geteuid() == 0  # whom no right stops
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(StoreError, match=r"E323.*没有读取权限"):
            read_file(file)
    finally:
        if root:
            os.seteuid(0)


def test_reading_stops_when_nobody_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_file, "_PIECE", 4)
    file = tmp_path / "大.pdf"
    file.write_bytes(b"x" * 100)
    asked = iter([False, False])
    assert len(read_file(file, lambda: next(asked, True))) == 8
