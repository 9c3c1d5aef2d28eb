"""The journal is taken away while a draft is open: a power cut in the middle of a commit costs nothing even then."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.place import is_hot, journal_of

FOREIGN = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"of another draft" * 100
"""A journal that would be played back."""


@pytest.fixture
def filled(draft: Draft) -> Draft:
    """A draft whose journal SQLite has open."""
    draft.put_unit(Unit(name="甲"))
    return draft


def cut_off(draft: Draft) -> Path:
    """The files as a power cut leaves them in the middle of a commit, with half of its pages written."""

    def write(sql) -> None:
        sql.execute("PRAGMA cache_size = 1")
        for number in range(400):
            sql.execute("INSERT INTO entry VALUES ('unit', '', ?, ?)", (f"x{number}", "x" * 200))
        shutil.copyfile(draft.path, left)
        if journal_of(draft.path).exists():
            shutil.copyfile(journal_of(draft.path), journal_of(left))
        raise StoreError("E312", path=draft.path)

    left = draft.path.with_name("断电.zpb")
    with pytest.raises(StoreError, match="E312"):
        draft._database.write(write)
    return left


def name_in(path: Path) -> str:
    with Draft.open(path) as draft:
        return draft.entries.unit.name


def removed(journal: Path) -> None:
    journal.unlink()


def moved(journal: Path) -> None:
    journal.rename(journal.with_name("挪走的"))


def replaced_by_an_empty_file(journal: Path) -> None:
    removed(journal)
    journal.touch()


def replaced_by_that_of_another_draft(journal: Path) -> None:
    journal.with_name("brought").write_bytes(FOREIGN)
    journal.with_name("brought").replace(journal)


def replaced_by_a_link(journal: Path) -> None:
    removed(journal)
    journal.with_name("别的文件").write_bytes(b"")
    journal.symlink_to(journal.with_name("别的文件"))


def replaced_by_a_second_name(journal: Path) -> None:
    removed(journal)
    journal.with_name("别的文件").write_bytes(b"")
    os.link(journal.with_name("别的文件"), journal)


def replaced_by_a_folder(journal: Path) -> None:
    removed(journal)
    journal.mkdir()


HARMS = [
    removed,
    moved,
    replaced_by_an_empty_file,
    replaced_by_that_of_another_draft,
    replaced_by_a_link,
    replaced_by_a_second_name,
    replaced_by_a_folder,
]


@pytest.mark.parametrize("harm", HARMS)
def test_after_the_journal_was_taken_away_a_power_cut_leaves_the_state_before_the_edit(filled, path, harm):
    harm(journal_of(path))
    filled.put_unit(Unit(name="乙"))
    left = cut_off(filled)
    assert is_hot(journal_of(left))
    filled.put_answers({"1.1": Answer(remark="接着填")})
    filled.close()
    assert name_in(left) == "乙"
    with Draft.open(path) as again:
        assert (again.entries.unit.name, again.entries.answer("1.1").remark) == ("乙", "接着填")


@pytest.mark.parametrize("harm", HARMS)
def test_the_very_next_edit_has_a_journal_by_name(filled, path, harm):
    harm(journal_of(path))
    left = cut_off(filled)
    assert is_hot(journal_of(left))
    assert name_in(left) == "甲"


def test_what_came_in_its_place_is_neither_played_back_nor_written_nor_thrown_away(filled, path):
    for _ in range(2):
        replaced_by_that_of_another_draft(journal_of(path))
        filled.put_unit(Unit(name=filled.entries.unit.name + "一"))
    replaced_by_that_of_another_draft(journal_of(path))
    filled.close()
    kept = sorted(path.parent.glob("*-journal-不符*"))
    assert [one.read_bytes() for one in kept] == [FOREIGN] * 3
    assert not journal_of(path).exists()
    assert name_in(path) == "甲一一"


@pytest.mark.parametrize("harm", [replaced_by_a_link, replaced_by_a_second_name])
def test_nothing_is_written_into_the_file_that_has_its_name_as_well(filled, path, harm):
    harm(journal_of(path))
    filled.put_unit(Unit(name="乙"))
    assert cut_off(filled)
    filled.close()
    assert path.with_name("别的文件").read_bytes() == b""


def test_a_journal_that_comes_before_the_first_edit_is_not_written_either(draft, path):
    draft.close()
    with Draft.open(path) as again:
        replaced_by_that_of_another_draft(journal_of(path))
        again.put_unit(Unit(name="乙"))
        assert [one.read_bytes() for one in path.parent.glob("*-journal-不符*")] == [FOREIGN]
    assert name_in(path) == "乙"


def test_one_that_cannot_be_renamed_refuses_the_edit_in_words_until_it_is_gone(filled, path, monkeypatch):
    replaced_by_that_of_another_draft(journal_of(path))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        for _ in range(2):
            with pytest.raises(StoreError, match=r"E396.*不能改名.*没有保存"):
                filled.put_unit(Unit(name="乙"))
    assert (filled.entries.unit.name, journal_of(path).read_bytes()) == ("甲", FOREIGN)
    removed(journal_of(path))
    filled.put_unit(Unit(name="乙"))
    assert name_in(cut_off(filled)) == "乙"


def test_taken_away_again_and_again_it_is_there_at_each_edit(filled, path):
    for number in range(5):
        removed(journal_of(path))
        filled.put_unit(Unit(name=f"{number}"))
        assert journal_of(path).exists()
    filled.close()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_it_is_only_asked_for_once_an_edit(filled, path, monkeypatch):
    asked = []
    plain = os.lstat
    monkeypatch.setattr(os, "lstat", lambda name, **given: asked.append(name) or plain(name, **given))
    filled.put_unit(Unit(name="乙"))
    assert asked == [os.fspath(journal_of(path))]


KNOCKING = """
import sqlite3, sys
print("begun", flush=True)
tries = 0
while True:
    sql = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
    for statement in ("SELECT count(*) FROM entry", "BEGIN EXCLUSIVE"):
        try:
            sql.execute(statement)
        except sqlite3.OperationalError:
            tries += 1
        else:
            sys.exit("let in")
        if tries == 200:
            print("refused often", flush=True)
    sql.close()
"""


@pytest.fixture
def knocking(path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Another program that tries again and again, without a pause, to get in."""
    begun: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        begun.append(subprocess.Popen([sys.executable, "-c", KNOCKING, path], stdout=subprocess.PIPE, text=True))
        assert begun[0].stdout is not None
        assert begun[0].stdout.readline() == "begun\n"
        return begun[0]

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


@pytest.mark.parametrize("has_lock_of_descriptor", [True, False])
def test_while_it_is_begun_anew_nobody_else_gets_in(path, catalogue, knocking, monkeypatch, has_lock_of_descriptor):
    if not has_lock_of_descriptor:  # then SQLite's own locks are all there is
        monkeypatch.setattr(fcntl, "F_OFD_SETLK", 9999)
    with Draft.create(path, catalogue) as draft:
        draft.put_unit(Unit(name="甲"))
        other = knocking()
        for number in range(300):
            removed(journal_of(path))
            draft.put_unit(Unit(name=f"{number}"))
        assert other.stdout is not None
        assert other.stdout.readline() == "refused often\n"
        assert other.poll() is None


def test_a_journal_that_the_disk_left_half_written_is_the_drafts_own(draft):
    def write(_sql) -> None:
        journal_of(draft.path).write_bytes(FOREIGN[:40])  # as a disk that is full leaves the first one of all
        raise StoreError("E312", path=draft.path)

    with pytest.raises(StoreError, match="E312"):
        draft._database.write(write)
    draft.put_unit(Unit(name="甲"))
    draft.close()
    assert [path.name for path in draft.path.parent.iterdir()] == [draft.path.name]
    assert name_in(draft.path) == "甲"
