"""What only looks like a file is refused at once: nothing is waited for, and the memory is not filled."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from selfassess.catalogue import loader
from selfassess.errors import CatalogueError, ImportFormError, StoreError, UserError
from selfassess.gui.settings import Settings
from selfassess.intake import answers, tsv
from selfassess.plain_file import NotAFileError, read_plain
from selfassess.store.library import look_at
from selfassess.store.private_copy import private_copies
from selfassess.store.salvage import holds_something


def a_pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def endless(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


def a_socket(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    return path


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


def in_a_circle(path: Path) -> Path:
    path.symlink_to(path.name)
    return path


def with_a_nul(path: Path) -> Path:
    return path.with_name("甲\0乙")


def with_half_a_character(path: Path) -> Path:
    return path.with_name("甲\ud800乙")


MADE = (a_pipe, endless, a_socket, a_folder, in_a_circle, with_a_nul, with_half_a_character)
READERS = {
    "catalogue": (loader.load, CatalogueError),
    "answers": (answers.read, ImportFormError),
    "table": (tsv.read, ImportFormError),
    "salvage": (holds_something, StoreError),
}


@pytest.fixture(params=MADE, ids=lambda make: make.__name__)
def path(request, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    return request.param(tmp_path / "文件")


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_refuses_it_in_a_sentence(reader, path):
    read, kind = READERS[reader]
    with pytest.raises(kind) as caught:
        read(path)
    assert isinstance(caught.value, UserError)
    str(caught.value).encode()  # can be printed
    assert "\0" not in str(caught.value)


def test_as_settings_it_counts_as_none(path):
    assert Settings(path).get("theme", "light") == "light"


def test_the_list_of_drafts_stands_it(path):
    seen = look_at(path)
    assert seen is None or seen.summary is None


def test_a_file_is_read_as_far_as_wanted(tmp_path):
    (tmp_path / "甲").write_bytes(b"0123456789")
    assert read_plain(tmp_path / "甲", 4) == b"0123"
    assert read_plain(tmp_path / "甲", 40) == b"0123456789"


def test_a_pipe_is_told_from_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(NotAFileError):
        read_plain(a_pipe(tmp_path / "管"), 1)
    with pytest.raises(OSError) as caught:  # noqa: PT011  (its number is looked at)
        read_plain(tmp_path / "没有", 1)
    assert caught.value.errno == errno.ENOENT


def test_a_settings_file_of_gigabytes_is_not_read_into_memory(tmp_path):
    with (tmp_path / "settings.json").open("wb") as file:
        file.truncate(1 << 40)
    assert Settings(tmp_path / "settings.json").get("theme", "light") == "light"


def test_a_draft_that_is_open_here_under_another_name_is_not_copied_for_salvage(tmp_path):
    """Closing the copy's source would give the draft free."""
    from selfassess.paths import find_places
    from selfassess.store.draft import Draft

    with Draft.create(tmp_path / "甲.zpb", loader.load(find_places().catalogues / "xizang-dept-budget" / "2022.toml")):
        (tmp_path / "乙.zpb").hardlink_to(tmp_path / "甲.zpb")
        with pytest.raises(StoreError) as caught:
            private_copies(tmp_path / "乙.zpb", tmp_path)
    assert caught.value.code == "E309"


def test_what_only_pretends_to_be_a_file_and_has_nothing_to_tell_is_none(tmp_path, monkeypatch):
    pipe = a_pipe(tmp_path / "管")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(pipe, os.O_WRONLY)
    monkeypatch.setattr(stat, "S_ISREG", lambda _mode: True)  # as the system says of its own log
    with pytest.raises(NotAFileError):
        read_plain(pipe, 1)
    os.close(writer)
    os.close(reader)
