"""One draft, two who want it: the second is told who has it, and disturbs nobody."""

from __future__ import annotations

import gc
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Unit
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
from selfassess.store.evidence_file import read_file
from selfassess.store.library import look_at
from selfassess.store.owner import note_of, read_owner, write_owner
from selfassess.store.previous_source import previous_in

HOLD = """
import sys
from pathlib import Path
from selfassess.store.draft import Draft
draft = Draft.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
draft.close()
"""


@contextmanager
def another_process_holding(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def what_another_process_is_told(path: Path) -> str:
    """What opening a draft in a second process says; "" when it could be opened."""
    return subprocess.run(
        [sys.executable, "-c", HOLD, str(path)],
        input="\n",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stderr


def test_a_second_opening_in_another_process_is_told_who_and_since_when(draft, path):
    draft.close()
    with another_process_holding(path) as process:
        owner = read_owner(path)
        assert owner is not None
        assert owner.pid == process.pid
        with pytest.raises(
            StoreError, match=rf"E307.*本机（进程 {process.pid}，{owner.opened_at} 起）.*先在那里关闭"
        ) as raised:
            Draft.open(path)
        if owner.user:
            assert f"“{owner.user}”" in raised.value.message
        process.communicate("\n")
    with Draft.open(path) as opened:
        assert (opened.last_owner, opened.notice) == (None, "")


def test_a_second_opening_in_the_same_program_is_told_so_and_the_first_keeps_its_lock(draft, path):
    draft.put_answers({"1.1": Answer(met=True)})
    with pytest.raises(StoreError, match=r"E309.*2023-01-05 09:00.*已打开的窗口"):
        Draft.open(path)
    assert look_at(path) is not None
    # Had anything opened and closed the file itself, POSIX would have dropped our lock, and this would succeed.
    assert "E307" in what_another_process_is_told(path)
    draft.put_answers({"1.1": Answer(met=False)})


def test_a_holder_who_left_no_note_is_called_unknown(draft, path):
    draft.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="E308"):
            Draft.open(path)


def test_the_note_goes_when_the_draft_is_closed(draft, path):
    assert note_of(path).exists()
    draft.close()
    draft.close()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_note_left_by_a_killed_program_tells_but_does_not_lock(draft, path):
    draft.close()
    with another_process_holding(path) as process:
        process.kill()
        process.wait()
        with Draft.open(path) as opened:
            assert opened.last_owner is not None
            assert opened.last_owner.pid == process.pid
            assert opened.notice.startswith(
                "草稿上次没有正常关闭，已恢复到 01-05 09:00 保存的内容。请核对最后填写的几项。"
            )
            assert "进程" not in opened.notice  # it was oneself
            opened.put_answers({"1.1": Answer(met=True)})
            now = read_owner(path)
            assert now is not None
            assert now.pid == os.getpid()
    assert not note_of(path).exists()


def test_a_note_left_by_somebody_else_tells_who_it_was(draft, path):
    draft.close()
    with another_process_holding(path) as process:
        process.kill()
        process.wait()
    owner = read_owner(path)
    assert owner is not None
    write_owner(path, replace(owner, user="扎西"))
    with Draft.open(path) as opened:
        assert f"用户“扎西”在本机（进程 {owner.pid}" in opened.notice


def test_a_draft_that_was_forgotten_without_closing_can_be_opened_again(path, catalogue):
    forgotten = Draft.create(path, catalogue)
    forgotten.put_unit(Unit(name="甲"))
    with pytest.warns(ResourceWarning) if sys.version_info >= (3, 13) else nullcontext():
        del forgotten
        gc.collect()
    with Draft.open(path) as again:
        assert again.entries.unit.name == "甲"


@pytest.mark.parametrize(
    "note",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"host": 1}', b"9" * 5000, b'{"pid": "x"}'],
    ids=["empty", "cut", "list", "null", "nothing", "bytes", "number", "long", "text"],
)
def test_a_note_that_makes_no_sense_is_ignored(draft, path, note):
    draft.close()
    note_of(path).write_bytes(note)
    assert read_owner(path) is None
    with Draft.open(path) as opened:
        assert opened.last_owner is None


def test_a_note_from_another_computer_names_it(draft, path):
    draft.close()
    note = {"host": "财务室-03", "user": "", "pid": 7, "since": "nonsense", "process": "x"}
    note_of(path).write_text(json.dumps(note), encoding="utf-8")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"E307.*某用户在电脑“财务室-03”（进程 7，时间不明 起）"):
            Draft.open(path)


def test_this_computer_is_not_called_by_its_name(draft, path):
    owner = read_owner(path)
    assert owner is not None
    assert owner.host == platform.node()
    assert "本机" in str(owner)


# ----------------------------------------------------------------------- the same file by another name, in one program
def open_it(_: Draft, other: Path) -> None:
    with pytest.raises(StoreError, match=r"E309.*2023-01-05 09:00 起.*已打开的窗口"):
        Draft.open(other)


def look_at_it(_: Draft, other: Path) -> None:
    entry = look_at(other)
    assert entry is not None
    assert entry.notice.startswith("草稿“别名.zpb”正由用户")


def save_over_it(draft: Draft, other: Path) -> None:
    with pytest.raises(StoreError, match="E309"):
        draft.save_as(other)


def compare_with_it(draft: Draft, other: Path) -> None:
    with pytest.raises(StoreError, match="E361"):
        previous_in(other, draft)


def take_it_in(_: Draft, other: Path) -> None:
    paper = other.with_name("材料.pdf")
    os.link(other, paper)
    with pytest.raises(StoreError, match=r"E323.*“材料\.pdf”：这是自评表草稿"):
        read_file(paper)


@pytest.mark.parametrize("touch", [open_it, look_at_it, save_over_it, compare_with_it, take_it_in])
def test_touching_an_open_draft_by_another_of_its_names_leaves_it_locked(draft, path, touch):
    other = path.with_name("别名.zpb")
    os.link(path, other)
    touch(draft, other)
    assert "E307" in what_another_process_is_told(path)
    draft.put_answers({"1.1": Answer(met=False)})


def test_a_draft_that_was_closed_or_refused_is_no_longer_taken_for_open(draft, path):
    other = path.with_name("别名.zpb")
    os.link(path, other)
    draft.close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DROP TABLE migration")
    for _ in range(2):
        with pytest.raises(StoreError, match="E306"):
            Draft.open(other)
