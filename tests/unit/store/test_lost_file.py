"""A file that is not the open draft's any more: gone, replaced, or out of reach; nobody's work is touched."""

from __future__ import annotations

import errno
import os
import shutil
import threading

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store import database
from selfassess.store.draft import Draft
from selfassess.store.owner import note_of, read_owner
from selfassess.store.place import is_hot, journal_of


def replace_by_a_copy(path, tmp_path, name: str = "") -> None:
    """As a program that synchronises folders does: another file gets the name."""
    brought = tmp_path / "brought"
    shutil.copyfile(path, brought)
    if name:
        with Draft.open(brought) as other:
            other.put_unit(Unit(name=name))
    brought.replace(path)


@pytest.fixture
def unreachable(monkeypatch):
    """A path that the system cannot tell anything of, as of a server that went away."""
    plain = os.stat

    def lose(path, number: int) -> None:
        def stat(name, *args: object, **kwargs: object) -> os.stat_result:
            if os.fspath(name) == os.fspath(path):
                raise OSError(number, os.strerror(number))
            return plain(name, *args, **kwargs)

        monkeypatch.setattr(os, "stat", stat)

    return lose


# ------------------------------------------------------------------------------------------------------ what is told
def test_why_a_file_is_lost_is_told_apart(draft, path, tmp_path):
    draft.put_unit(Unit(name="一天的填报"))
    assert (draft.trouble, draft.glimpse()) == (None, None)
    replace_by_a_copy(path, tmp_path, "同事的一天")
    assert (draft.trouble.code, draft.glimpse().code) == ("E314", "E314")
    path.unlink()
    assert (draft.trouble.code, draft.glimpse().code) == ("E313", "E313")


@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.EIO, errno.ESTALE, errno.EACCES])
def test_a_path_that_cannot_be_asked_for_counts_as_lost_and_the_draft_closes(draft, path, unreachable, number):
    unreachable(path, number)
    assert draft.trouble.code == "E313"
    with pytest.raises(StoreError, match="E313"):
        draft.put_unit(Unit(name="甲"))
    draft.close()


def test_a_draft_is_in_place_while_another_thread_is_writing_it(draft):
    draft.put_unit(Unit(name="甲"))
    taking = threading.Thread(target=lambda: draft.attach("1.1", "大.pdf", bytes(30_000_000)))
    found: set[object] = set()
    taking.start()
    while taking.is_alive():
        found.update({draft.trouble, draft.glimpse()})
    taking.join()
    assert found == {None}


def test_a_stick_that_refuses_even_to_be_let_go_is_let_go(draft, path, monkeypatch):
    draft.close()
    plain, held = os.close, set[int | None]()

    def refuse(descriptor: int) -> None:
        plain(descriptor)
        if descriptor in held:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "close", refuse)
        pulled = Draft.open(path)
        held.add(pulled._database._descriptor)
        pulled.close()
        pulled.close()
    with Draft.open(path) as again:
        again.put_unit(Unit(name="甲"))


@pytest.fixture
def devices(monkeypatch):
    """What the system says of devices: by path, how much further than it is."""
    shifted, plain = dict[str, int](), os.stat

    def stat(name, *args: object, **kwargs: object) -> os.stat_result:
        found = plain(name, *args, **kwargs)
        shift = 0 if isinstance(name, int) else shifted.get(os.fspath(name), 0)
        return os.stat_result((*found[:2], found.st_dev + shift, *found[3:]), {"st_mtime_ns": found.st_mtime_ns})

    monkeypatch.setattr(os, "stat", stat)
    return shifted


def test_a_file_deleted_on_a_layered_file_system_is_not_taken_for_a_stick_pulled_out(draft, path, devices):
    """There a file has another device than the folder in which it lies."""
    draft.close()
    devices[os.fspath(path)] = 1
    with Draft.open(path) as again:
        path.unlink()
        assert again.trouble.code == "E313"
        assert not again.is_out_of_reach


def test_a_folder_that_lies_on_another_device_than_before_was_on_a_stick_pulled_out(draft, path, devices):
    path.unlink()
    devices[os.fspath(path.parent)] = 1
    assert draft.trouble.code == "E313"
    assert draft.is_out_of_reach


# ------------------------------------------------------------------------------------------------------ what is kept
def test_closing_a_replaced_draft_leaves_journal_and_note_of_who_has_the_new_file(draft, path, tmp_path, elsewhere):
    draft.put_unit(Unit(name="甲"))
    replace_by_a_copy(path, tmp_path)
    other = elsewhere(path, "anyway")
    other.do("name 乙")
    other.do("begin")
    before = journal_of(path).read_bytes()
    assert is_hot(journal_of(path))
    draft.close()
    assert journal_of(path).read_bytes() == before
    owner = read_owner(path)
    assert owner is not None
    assert owner.pid == other.process.pid
    other.kill()
    with Draft.open(path) as again:
        assert again.entries.unit == Unit(name="乙")


def test_closing_a_replaced_draft_leaves_the_note_of_another_window_of_this_program(draft, path, tmp_path):
    draft.put_unit(Unit(name="甲"))
    replace_by_a_copy(path, tmp_path)
    with Draft.open(path) as other:
        other.put_unit(Unit(name="乙"))
        draft.close()
        assert note_of(path).exists()
        assert journal_of(path).exists()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_closing_a_replaced_draft_leaves_no_note_that_asks_others_for_nothing(draft, path, tmp_path):
    replace_by_a_copy(path, tmp_path)
    draft.close()
    assert not note_of(path).exists()


def test_closing_twice_takes_nothing_from_who_opened_the_draft_in_between(draft, path, elsewhere):
    draft.put_unit(Unit(name="甲"))
    draft.close()
    other = elsewhere(path)
    other.do("name 乙")
    draft.close()
    assert (journal_of(path).exists(), note_of(path).exists()) == (True, True)


def test_a_replaced_draft_is_not_saved_over_what_came_in_its_place(draft, path, tmp_path):
    draft.put_unit(Unit(name="我的"))
    replace_by_a_copy(path, tmp_path, "同事的一天")
    with pytest.raises(StoreError, match=r"E375.*没有覆盖"):
        draft.save_as(path, switch=True)
    assert draft.save_as(tmp_path / "我的.zpb", switch=True) == ""
    draft.put_answers({"1.1": Answer(met=True)})
    with Draft.open(path) as theirs:
        assert theirs.entries.unit.name == "同事的一天"


def test_a_file_that_comes_in_place_while_a_draft_is_being_opened_is_not_written(draft, path, tmp_path, monkeypatch):
    draft.close()

    plain = database.uri

    def replaced(opened, mode: str) -> str:
        monkeypatch.undo()
        replace_by_a_copy(path, tmp_path)
        return plain(opened, mode)

    monkeypatch.setattr(database, "uri", replaced)
    with pytest.raises(StoreError, match="E371"):
        Draft.open(path)
    Draft.open(path).close()
