"""A target is the old file or the whole new one, and every refusal is a sentence."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from selfassess.errors import ExportError
from selfassess.export.files import refusal, write_beside


def writing(content: bytes):
    def write(file: BinaryIO) -> None:
        file.write(content)

    return write


def refusing(number: int):
    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(number, os.strerror(number))

    return write


def refused(target: Path, write=None, check=None) -> ExportError:
    with pytest.raises(ExportError) as caught:
        write_beside(target, write or writing(b"new"), check)
    return caught.value


def test_a_new_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "自评表 100%.pdf"

    write_beside(target, writing(b"content"))

    assert target.read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == [target]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    target.chmod(0o640)

    write_beside(target, writing(b"new"))

    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    link = tmp_path / "link.pdf"
    link.symlink_to(target)

    write_beside(link, writing(b"new"))

    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new_one(tmp_path, number):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")

    error = refused(target, refusing(number))

    assert error.code == "E407"
    assert "磁盘空间不足" in error.message
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_result_that_fails_its_check_never_takes_the_targets_place(tmp_path):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")

    def check(written: Path) -> None:
        assert written.read_bytes() == b"new"
        raise ExportError("E417", path=target, detail="缺少文字")

    assert refused(target, check=check).code == "E417"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_refuses_only_when_it_syncs_leaves_the_old_file_although_the_check_was_content(
    tmp_path, monkeypatch
):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    looked_at = []

    def fsync(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    error = refused(target, check=lambda written: looked_at.append(written.read_bytes()))

    assert error.code == "E407"
    assert looked_at == [b"new"]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_bug_while_writing_leaves_the_old_file_too(tmp_path):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")

    def write(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_beside(target, write)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_named(tmp_path):
    error = refused(tmp_path / "没有" / "a.pdf")

    assert error.code == "E401"
    assert str(tmp_path / "没有") in error.message


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    assert refused(tmp_path / "file" / "a.pdf").code == "E402"


def test_a_folder_in_place_of_the_target_is_refused(tmp_path):
    (tmp_path / "a.pdf").mkdir()

    assert refused(tmp_path / "a.pdf").code == "E404"


def test_a_read_only_file_is_not_overwritten_behind_its_owners_back(tmp_path):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    target.chmod(0o444)

    assert refused(target).code == "E405"
    assert target.read_bytes() == b"old"


def test_a_folder_without_permission_is_refused_in_words(tmp_path):
    assert refused(tmp_path / "a.pdf", refusing(errno.EACCES)).code == "E403"
    assert refused(tmp_path / "a.pdf", refusing(errno.EROFS)).code == "E403"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which nobody may write")
def test_a_folder_in_which_nobody_may_write_is_refused_for_real():
    assert refused(Path("/proc/self/a.pdf")).code in {"E403", "E410"}


def test_a_target_that_another_program_holds_open_is_refused_as_windows_does(tmp_path, monkeypatch):
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")

    def replace(self: Path, other: Path) -> None:  # what Windows answers; no other system does
        raise PermissionError(errno.EACCES, "used by another process")

    monkeypatch.setattr(Path, "replace", replace)

    assert refused(target).code == "E406"
    assert target.read_bytes() == b"old"


def test_a_name_that_is_too_long_is_refused_with_its_length(tmp_path):
    error = refused(tmp_path / ("自评" * 60 + ".pdf"))

    assert error.code == "E409"
    assert "364 字节" in error.message


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path):
    target = tmp_path / ("a" * 251 + ".pdf")

    write_beside(target, writing(b"new"))

    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["a\0b.pdf", "a\ud800.pdf"], ids=ascii)
def test_a_name_the_system_cannot_spell_is_refused_and_can_be_shown(tmp_path, name):
    error = refused(tmp_path / name)

    assert error.code == "E408"
    error.message.encode("utf-8")


def test_a_link_that_leads_in_circles_is_refused(tmp_path):
    (tmp_path / "a.pdf").symlink_to(tmp_path / "b.pdf")
    (tmp_path / "b.pdf").symlink_to(tmp_path / "a.pdf")

    assert refused(tmp_path / "a.pdf").code == "E408"


def test_any_other_trouble_of_the_system_is_told_in_its_words(tmp_path):
    error = refused(tmp_path / "a.pdf", refusing(errno.EIO))

    assert error.code == "E410"
    assert "读写出错" in error.message


def test_a_refusal_without_a_number_is_told_too():
    assert refusal(OSError("unplugged"), Path("a.pdf")).message.count("unplugged") == 1


def test_a_draft_is_never_replaced_by_an_export(tmp_path):
    draft = tmp_path / "草稿.ZPB"
    draft.write_bytes(b"SQLite format 3\0")
    with pytest.raises(ExportError, match="E420"):
        write_beside(draft, lambda file: file.write(b"%PDF"))
    assert draft.read_bytes() == b"SQLite format 3\0"
