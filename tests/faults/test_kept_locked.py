"""An open draft's file is opened and closed in the very process that has it open: everybody else is still kept off.

POSIX takes all locks of a process on a file away when it closes any descriptor of that file.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from form import integrity
from PySide6.QtCore import QMimeDatabase, QTimer
from PySide6.QtWidgets import QFileDialog
from work import create

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Answer, Unit
from selfassess.errors import UserError
from selfassess.export.files import write_beside
from selfassess.intake import answers, tsv
from selfassess.store import holding
from selfassess.store.backing_up import back_up
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft
from selfassess.store.evidence_file import read_file
from selfassess.store.library import Library, look_at
from selfassess.store.owner import note_of
from selfassess.store.previous_source import previous_in
from selfassess.store.salvage import holds_something, salvage
from selfassess.store.siblings import copies_beside
from selfassess.store.snapshot import look

pytestmark = pytest.mark.usefixtures("qapp")
DESCRIPTORS = Path("/proc/self/fd")
NOW = datetime(2023, 1, 5, 9, tzinfo=UTC)
OTHER = """
import sqlite3, sys
from pathlib import Path
from selfassess.errors import StoreError
from selfassess.store import database
from selfassess.store.draft import Draft

database._PATIENCE_S = 0
print("ready", flush=True)
for line in sys.stdin:
    path, told = Path(line.rstrip("\\n")), []
    for statement in ("SELECT count(*) FROM entry", "BEGIN EXCLUSIVE"):  # as any other program may
        sql = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            sql.execute(statement)
            told.append("let in")
        except sqlite3.OperationalError as error:
            told.append(str(error))
        sql.close()
    try:
        Draft.open(path).close()
        told.append("let in")
    except StoreError as error:
        told.append(error.code)
    print(told, flush=True)
"""
LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 0x40000000)
        print("free")
    except OSError:
        print("taken")
"""
KEPT_OFF = "['database is locked', 'database is locked', 'E307']"
LET_IN = "['let in', 'let in', 'let in']"


@pytest.fixture(scope="module")
def other() -> Iterator[Callable[[Path], str]]:
    """What a second process is told that wants a draft: to read it, to write it, to open it."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

        def ask(path: Path) -> str:
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield ask
        process.kill()


def in_a_file_dialog(_: Draft, path: Path) -> None:
    """Qt looks into files whose kind their names do not tell."""
    dialog = QFileDialog(None, "打开", str(path.parent), "自评表草稿 (*.zpb)")
    QTimer.singleShot(300, dialog.reject)
    dialog.exec()
    dialog.deleteLater()


def copied_by_hand(_: Draft, path: Path) -> None:
    shutil.copyfile(path, path.with_name("手工复制"))


def copied_byte_by_byte(draft: Draft, path: Path) -> None:
    target = path.with_name("逐字节复制")
    target.touch()
    draft._database.copy_bytes(target)
    assert target.read_bytes() == path.read_bytes()


def saved_over(draft: Draft, path: Path) -> None:
    draft.save_as(path)


def exported_over(_: Draft, path: Path) -> None:
    target = path.with_name("附件.pdf")
    target.unlink(missing_ok=True)
    os.link(path, target)
    write_beside(target, lambda file: file.write(b"%PDF"))


def backed_up(draft: Draft, path: Path) -> None:
    back_up(draft.as_source(), Backups(path.parent / "backups"), NOW)
    Backups(path.parent / "backups").for_file(path)


def salvaged_without_its_note(draft: Draft, path: Path) -> None:
    note_of(draft.path).unlink(missing_ok=True)
    try:
        salvage(path, path.with_name("救回.zpb"), NOW)
    finally:
        draft._database.sign()


TOUCHES: dict[str, Callable[[Draft, Path], object]] = {
    "taken for an answers file": lambda _, path: answers.read(path),
    "taken for a table": lambda _, path: tsv.read(path),
    "taken for a catalogue": lambda _, path: load(path),
    "taken for a document": lambda _, path: read_file(path),
    "taken for last year's form": lambda draft, path: previous_in(path, draft),
    "opened a second time": lambda _, path: Draft.open(path),
    "looked at": lambda _, path: look(path).close(),
    "listed": lambda _, path: (look_at(path), Library(path.parent).entries()),
    "told from its copies": lambda draft, _: copies_beside(draft),
    "salvaged": lambda _, path: salvage(path, path.with_name("救回.zpb"), NOW),
    "salvaged without its note": salvaged_without_its_note,
    "asked whether there is anything in it": lambda _, path: holds_something(path),
    "backed up": backed_up,
    "saved over": saved_over,
    "exported over": exported_over,
    "listed in a file dialog": in_a_file_dialog,
    "asked for its kind": lambda _, path: QMimeDatabase().mimeTypeForFile(str(path)),
    "copied by hand": copied_by_hand,
    "copied byte by byte": copied_byte_by_byte,
    "read by whatever comes": lambda _, path: path.read_bytes(),
}


def by_its_name(path: Path) -> Path:
    return path


def by_a_second_name(path: Path) -> Path:
    os.link(path, path.with_name("别名.toml"))
    return path.with_name("别名.toml")


def by_a_link(path: Path) -> Path:
    path.with_name("链接.toml").symlink_to(path)
    return path.with_name("链接.toml")


@pytest.mark.parametrize("name", [by_its_name, by_a_second_name, by_a_link])
def test_whatever_opens_the_file_of_an_open_draft_the_second_process_is_still_refused(tmp_path, other, name):
    path = create(tmp_path)
    with Draft.open(path) as draft:
        place = name(path)
        for number, (touch, act) in enumerate(TOUCHES.items()):
            with contextlib.suppress(UserError):
                act(draft, place)
            assert other(path) == KEPT_OFF, touch
            draft.put_answers({"1.1": Answer(remark=f"{number}")})
        held = draft.entries
    assert other(path) == LET_IN
    assert integrity(path) == "ok"
    with Draft.open(path) as again:
        assert again.entries == held


def test_a_draft_that_is_being_written_is_not_rolled_back_by_somebody_else(tmp_path, other):
    """With SQLite's lock gone, another program would take the journal of a living one for a dead one's."""
    path = create(tmp_path)
    with Draft.open(path) as draft:
        path.read_bytes()
        draft.sql.execute("PRAGMA cache_size = 1")
        draft.sql.execute("BEGIN IMMEDIATE")
        for number in range(300):
            draft.sql.execute("INSERT INTO entry VALUES ('unit', ?, 'name', ?)", (str(number), "字" * 200))
        before = path.read_bytes()
        assert other(path) == KEPT_OFF
        assert path.read_bytes() == before
        draft.sql.execute("ROLLBACK")
        draft.put_unit(Unit(name="外事办"))
    with Draft.open(path) as again:
        assert again.entries.unit.name == "外事办"


def test_going_on_in_a_copy_locks_the_copy_and_frees_the_old_file(tmp_path, other):
    path, copy = create(tmp_path), tmp_path / "副本.zpb"
    with Draft.open(path) as draft:
        draft.save_as(copy, switch=True)
        copy.read_bytes()
        assert other(copy) == KEPT_OFF
        assert other(path) == LET_IN
    assert other(copy) == LET_IN


def test_a_draft_that_is_refused_or_forgotten_is_not_held(tmp_path, other):
    path = create(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE blob", b"CREATE TABLE blub"))
    with pytest.raises(UserError, match="E306"):
        Draft.open(path)
    path.write_bytes(content)
    assert other(path) == LET_IN
    forgotten = Draft.open(path)
    assert other(path) == KEPT_OFF
    with pytest.warns(ResourceWarning) if sys.version_info >= (3, 13) else contextlib.nullcontext():
        del forgotten
        gc.collect()
    assert other(path) == "['let in', 'let in', 'E372']"  # its note is there, and its process lives


@pytest.mark.parametrize("spelled", ["F_OFD_SETLK", "F_OFD_GETLK"])
def test_where_the_system_refuses_such_locks_sqlites_own_hold(tmp_path, other, monkeypatch, spelled):
    """An old kernel or a file server says that it does not know the command."""
    monkeypatch.setattr(fcntl, spelled, 9999)
    path = create(tmp_path)
    with Draft.open(path) as draft:
        assert other(path) == KEPT_OFF
        # The program's own ways ask first whether the file is an open draft.
        for touch in ("opened a second time", "looked at", "taken for a document", "salvaged without its note"):
            with contextlib.suppress(UserError):
                TOUCHES[touch](draft, path)
        assert other(path) == KEPT_OFF
    assert other(path) == LET_IN


def test_a_file_that_can_be_open_but_once_is_opened_all_the_same(tmp_path, other, monkeypatch):
    path, really = create(tmp_path), os.open

    def once(name, flags: int, *rest: object, **given: object) -> int:
        if os.fspath(name) == os.fspath(path) and flags == os.O_RDWR:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return really(name, flags, *rest, **given)

    monkeypatch.setattr(os, "open", once)
    with Draft.open(path) as draft:
        draft.put_unit(Unit(name="某局"))
        assert other(path) == KEPT_OFF
    assert other(path) == LET_IN


def test_it_is_held_although_another_program_asks_for_it_at_that_very_moment(tmp_path, monkeypatch):
    """SQLite has the byte for a moment whenever it asks whether a file is free."""
    path, really, refused = create(tmp_path), fcntl.fcntl, [errno.EAGAIN, errno.EACCES, errno.EAGAIN]

    def contended(descriptor: int, command: int, *rest: object) -> object:
        if command == fcntl.F_OFD_SETLK and refused:
            raise OSError(refused[0], os.strerror(refused.pop()))
        return really(descriptor, command, *rest)

    monkeypatch.setattr(fcntl, "fcntl", contended)
    with Draft.open(path) as draft:
        assert not holding._has_lock_of_this_process(draft._database._descriptor)
        path.read_bytes()
        trial = subprocess.run([sys.executable, "-c", LOCK, path], check=True, capture_output=True, text=True)
        assert trial.stdout.strip() == "taken"


def test_no_descriptor_is_left_of_many_openings(tmp_path):
    path = create(tmp_path)
    with Draft.open(path):
        before = len(list(DESCRIPTORS.iterdir()))
    for _ in range(20):
        Draft.open(path).close()
    with Draft.open(path):
        assert len(list(DESCRIPTORS.iterdir())) == before
