"""Everything outside that can stand in the way of a draft: one sentence each, and nothing that was entered is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.errors import StoreError
from selfassess.store.digest import as_text, digest_of_bytes, sum_of
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.owner import note_of
from selfassess.store.place import FORMAT_VERSION
from selfassess.store.refusals import refusal_of
from selfassess.store.snapshot import look

D = Decimal
MET = {"1.1": Answer(met=True)}


def state_of(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a clerk may enter, whoever runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name).resolve()
        made.chmod(0o777)
        yield made
        made.chmod(0o777)


@pytest.fixture
def closed(path, catalogue, clock) -> Path:
    with Draft.create(path, catalogue, clock=clock) as made:
        made.put_answers(MET)
    return path


# ---------------------------------------------------------------------------------------------------- what is no draft
def other_database(path: Path, **pragmas: int) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE theirs (a)")
        for name, value in pragmas.items():
            sql.execute(f"PRAGMA {name} = {value}")
        sql.commit()


def test_a_database_of_another_program_is_refused_and_left_byte_for_byte(path):
    other_database(path, application_id=0x12345678, user_version=1)
    before = state_of(path)
    with pytest.raises(StoreError, match=r"E304.*未作任何改动"):
        Draft.open(path)
    assert state_of(path) == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_database_of_another_program_with_work_to_recover_is_left_to_it(path):
    other_database(path)
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x00" * 600)
    before = state_of(path), state_of(journal)
    with pytest.raises(StoreError, match="E304"):
        Draft.open(path)
    assert (state_of(path), state_of(journal)) == before


def test_a_draft_from_the_future_is_refused_with_both_numbers_and_left_byte_for_byte(closed):
    with closing(sqlite3.connect(closed)) as sql:
        sql.execute(f"PRAGMA user_version = {FORMAT_VERSION + 7}")
    before = state_of(closed)
    with pytest.raises(StoreError, match=rf"E305.*格式 {FORMAT_VERSION + 7}.*最高支持格式 {FORMAT_VERSION}.*升级"):
        Draft.open(closed)
    assert state_of(closed) == before


def test_a_draft_from_the_future_may_be_made_otherwise_than_those_of_today(closed):
    with closing(sqlite3.connect(closed)) as sql:
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute(f"PRAGMA user_version = {FORMAT_VERSION + 1}")
        sql.commit()
    before = state_of(closed)
    for attempt in (Draft.open, look):
        with pytest.raises(StoreError, match="E305"):
            attempt(closed)
    assert state_of(closed) == before
    assert [one.name for one in closed.parent.iterdir()] == [closed.name]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E303"),
        (b"PK\x03\x04 a workbook", "E304"),
        ("一段文字".encode(), "E304"),
        (b"SQLite format 3\x00", "E306"),
        (b"SQLite format 3\x00" + b"\x00" * 4080, "E304"),
        (b"\xff" * 5000, "E304"),
    ],
    ids=["empty", "zip", "text", "cut header", "zeros", "noise"],
)
def test_a_file_that_is_no_draft_is_refused_and_left_alone(path, content, code):
    path.write_bytes(content)
    before = state_of(path)
    with pytest.raises(StoreError, match=code):
        Draft.open(path)
    assert state_of(path) == before


def test_what_is_no_file_is_refused(path, tmp_path):
    with pytest.raises(StoreError, match=r"E301.*草稿\.zpb"):
        Draft.open(path)
    with pytest.raises(StoreError, match="E302"):
        Draft.open(tmp_path)
    with pytest.raises(StoreError, match="E301"):
        Draft.open(tmp_path / "没有" / "草稿.zpb")
    os.mkfifo(path)
    with pytest.raises(StoreError, match="E304"):
        Draft.open(path)
    with pytest.raises(StoreError, match="E328"):
        Draft.open(tmp_path / "a\x00b.zpb")
    with pytest.raises(StoreError, match="E328"):
        Draft.open(tmp_path / "半\ud83d个.zpb")
    loop = tmp_path / "loop.zpb"
    loop.symlink_to(loop)
    with pytest.raises(StoreError):
        Draft.open(loop)


def test_nothing_is_made_where_there_is_no_folder(path, catalogue, tmp_path):
    with pytest.raises(StoreError, match="E317"):
        Draft.create(tmp_path / "没有" / "草稿.zpb", catalogue)
    path.write_text("x")
    with pytest.raises(StoreError, match="E317"):
        Draft.create(path / "草稿.zpb", catalogue)


# ------------------------------------------------------------------------------------------------------------- damage
@pytest.mark.parametrize("kept", [99, 100, 512, 4095, 4096, 4097, 20000])
def test_a_truncated_draft_is_refused(closed, kept):
    closed.write_bytes(closed.read_bytes()[:kept])
    before = state_of(closed)
    with pytest.raises(StoreError, match=r"E306.*已损坏"):
        Draft.open(closed)
    assert state_of(closed) == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entry SET value = 'x' WHERE field = 'met'", "E319.*1.1 是否符合.*“x”"),
        ("UPDATE entry SET value = '0' WHERE field = 'met'", "E306.*校验值"),
        ("UPDATE entry SET key = '9.9' WHERE field = 'met'", "E306"),
        ("UPDATE entry SET field = 'height' WHERE field = 'met'", "E319.*height"),
        ("UPDATE entry SET scope = 'weather' WHERE field = 'met'", "E319.*weather"),
        ("DELETE FROM entry WHERE field = 'met'", "E306"),
        ("DELETE FROM entry WHERE scope = 'catalogue'", "E306"),
        ("DELETE FROM catalogue", "E325"),
        ("UPDATE catalogue SET text = text || ' '", "E325.*校验值"),
        ("DELETE FROM summary", "E306"),
        ("DELETE FROM step", "E306"),
        ("UPDATE step SET at = 'yesterday'", "E306.*概要"),
        ("UPDATE step SET total = 'many'", "E306.*概要"),
        ("DROP TABLE blob", "E306.*表结构"),
        ("ALTER TABLE entry ADD COLUMN extra TEXT", "E306.*表结构"),
        ("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM entry; END", "E306.*表结构"),
        ("CREATE VIEW v AS SELECT * FROM entry", "E306.*表结构"),
    ],
)
def test_a_draft_somebody_meddled_with_is_refused_with_the_place(closed, statement, said):
    with closing(sqlite3.connect(closed)) as sql:
        sql.execute("PRAGMA foreign_keys = OFF")
        sql.execute(statement)
        sql.commit()
    before = state_of(closed)
    with pytest.raises(StoreError, match=said):
        Draft.open(closed)
    assert state_of(closed) == before
    assert [one.name for one in closed.parent.iterdir()] == [closed.name]


def test_a_draft_without_a_version_is_refused(closed):
    with closing(sqlite3.connect(closed)) as sql:
        sql.execute("PRAGMA user_version = 0")
    with pytest.raises(StoreError, match=r"E306.*版本号"):
        Draft.open(closed)


def test_a_stray_note_of_this_program_does_not_pass_off_another_file_as_a_draft(draft, path):
    draft.put_answers(MET)
    note = note_of(path).read_bytes()
    draft.close()
    path.unlink()
    other_database(path)
    note_of(path).write_bytes(note)
    before = state_of(path)
    with pytest.raises(StoreError, match="E304"):
        Draft.open(path)
    assert state_of(path) == before


def test_pages_that_point_nowhere_are_refused(closed):
    with closing(sqlite3.connect(closed)) as sql:
        root, size = sql.execute(
            "SELECT rootpage, (SELECT * FROM pragma_page_size) FROM sqlite_schema WHERE name = 'step'"
        ).fetchone()
    content = bytearray(closed.read_bytes())
    content[(root - 1) * size + 3 : (root - 1) * size + 5] = b"\x7f\xff"  # its count of cells
    closed.write_bytes(content)
    with pytest.raises(StoreError, match="E306"):
        Draft.open(closed)


def test_an_sqlite_too_old_for_the_format_is_refused_in_words(closed, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(StoreError, match=r"E331.*3\.34\.1.*3\.37"):
        Draft.open(closed)


def reseal(path: Path, *statements: str) -> None:
    """Meddles with a draft and makes its checksums match again, as a forger or a future program would."""
    with closing(sqlite3.connect(path)) as sql:
        for statement in statements:
            sql.execute(statement)
        for sha256, text in sql.execute("SELECT sha256, text FROM catalogue").fetchall():
            now = digest_of_bytes(text.encode())
            sql.execute("UPDATE catalogue SET sha256 = ? WHERE sha256 = ?", (now, sha256))
            sql.execute("UPDATE entry SET value = ? WHERE scope = 'catalogue' AND value = ?", (now, sha256))
        sheet = {}
        for scope, key, field, value in sql.execute("SELECT scope, key, field, value FROM entry"):
            sheet.setdefault(scope, {}).setdefault(key, {})[field] = value
        sql.execute("UPDATE step SET contents = ? WHERE id = (SELECT max(id) FROM step)", (as_text(sum_of(sheet)),))
        sql.commit()


DOCUMENT_OF_NO_ROW = """INSERT INTO entry VALUES
    ('evidence', '1', 'row', '9.9'),
    ('evidence', '1', 'name', '甲.pdf'),
    ('evidence', '1', 'sha256', '0000000000000000000000000000000000000000000000000000000000000000')"""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entry SET key = '9.9' WHERE field = 'met'", "E319.*序号.*“9.9”"),
        ("INSERT INTO entry VALUES ('figure', 'rainfall', 'amount', '1')", "E319.*数据.*“rainfall”"),
        ("INSERT INTO entry VALUES ('evidence', '1', 'name', '甲.pdf')", "E319.*佐证材料序号"),
        ("INSERT INTO entry VALUES ('evidence', '1', 'pages', '三')", "E319.*佐证材料页数.*“三”"),
        (DOCUMENT_OF_NO_ROW, "E319.*序号.*“9.9”"),
        ("INSERT INTO entry VALUES ('adjustment', 'x', 'matter', '甲')", "E319.*其他事项x"),
        ("INSERT INTO entry VALUES ('unit', '', 'name', '')", "E319.*填报单位"),
        ("INSERT INTO entry VALUES ('declared', '', 'total', '九')", "E319.*填列数合计.*“九”"),
        ("INSERT INTO entry VALUES ('figure', 'budget', 'amount', '" + "九" * 99 + "')", "E319.*“九+…”"),
        ("UPDATE catalogue SET text = replace(text, 'full_points', 'ful_points')", "E325.*ful_points"),
        ("UPDATE catalogue SET text = 'no = form'", "E325"),
    ],
)
def test_fields_that_mean_nothing_are_refused_even_when_every_checksum_matches(closed, statement, said):
    reseal(closed, statement)
    with pytest.raises(StoreError, match=said):
        Draft.open(closed)


def test_resealing_without_meddling_changes_nothing(closed):
    reseal(closed)
    with Draft.open(closed) as opened:
        assert opened.entries.answers == MET


def test_a_bug_in_the_middle_of_writing_flies_and_leaves_the_old_value(draft):
    def record(sql: sqlite3.Connection) -> None:
        sql.execute("DELETE FROM entry")
        raise ZeroDivisionError

    draft.put_answers(MET)
    with pytest.raises(ZeroDivisionError):
        draft._database.write(record)
    assert draft._database.sql.execute("SELECT count(*) FROM entry WHERE scope = 'answer'").fetchone() == (1,)
    draft.undo()
    assert draft.entries == Entries()


def test_a_flipped_byte_anywhere_is_refused_or_harmless_but_never_a_wrong_form(closed):
    whole = closed.read_bytes()
    with Draft.open(closed) as opened:
        entries, catalogue = opened.entries, opened.catalogue
    outcomes = set()
    for place in range(0, len(whole), 409):
        closed.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            with Draft.open(closed) as opened:
                assert (opened.entries, opened.catalogue) == (entries, catalogue)
                outcomes.add("same")
        except StoreError as error:
            outcomes.add(error.code)
    assert {"same", "E306"} <= outcomes


# ------------------------------------------------------------------------------------------------------- rights, disks
def test_a_read_only_draft_is_refused(folder, catalogue, as_clerk):
    path = folder / "草稿.zpb"
    with as_clerk():
        Draft.create(path, catalogue).close()
        path.chmod(0o444)
        before = state_of(path)
        with pytest.raises(StoreError, match=r"E310.*只读"):
            Draft.open(path)
        assert state_of(path) == before
        assert [one.name for one in folder.iterdir()] == [path.name]


def test_a_draft_in_a_folder_that_cannot_be_written_is_refused_when_opened_not_when_edited(folder, catalogue, as_clerk):
    path = folder / "草稿.zpb"
    with as_clerk():
        Draft.create(path, catalogue).close()
    folder.chmod(0o555)
    with as_clerk():
        with pytest.raises(StoreError, match="E311"):
            Draft.open(path)
        with pytest.raises(StoreError, match="E311"):
            Draft.create(folder / "另一个.zpb", catalogue)


def test_a_draft_that_may_not_be_read_is_refused(folder, catalogue, as_clerk):
    path = folder / "草稿.zpb"
    with as_clerk():
        Draft.create(path, catalogue).close()
        path.chmod(0)
        with pytest.raises(StoreError, match="E322"):
            Draft.open(path)


def test_a_full_disk_leaves_file_and_memory_at_the_old_value_and_a_retry_works(draft, path):
    draft.put_answers(MET)
    entries, card, saved, undo = draft.entries, draft.scorecard, draft.saved_at, draft.undo_text
    sql = draft._database.sql
    sql.execute("PRAGMA max_page_count = 1")  # as many as there are: not one more
    with pytest.raises(StoreError, match=r"E312.*没有保存"):
        draft.put_unit(Unit(name="长" * 5000))
    assert (draft.entries, draft.scorecard, draft.saved_at, draft.undo_text) == (entries, card, saved, undo)
    with pytest.raises(StoreError, match="E312"):
        draft.attach("1.1", "大.pdf", b"x" * 100_000)
    assert draft.evidence() == ()
    sql.execute("PRAGMA max_page_count = 100000")
    draft.put_unit(Unit(name="长" * 5000))
    draft.close()
    with Draft.open(path) as again:
        assert again.entries == Entries(unit=Unit(name="长" * 5000), answers=MET)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A real disk of 300 KB, where the system lets us mount one."""
    place = tmp_path / "小盘"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill_up(draft: Draft) -> tuple[Entries, StoreError]:
    """Edits until the disk refuses: what was acknowledged last, and the refusal."""
    for number in range(100):
        before = draft.entries
        try:
            draft.put_unit(Unit(name=f"第{number}次" + "长" * 2000))
        except StoreError as error:
            return before, error
    pytest.fail("the disk was never full")


def test_a_really_full_disk_refuses_says_so_and_lets_go_on_after_tidying(small_disk, catalogue, tmp_path):
    with Draft.create(small_disk / "草稿.zpb", catalogue) as draft:
        draft.put_answers(MET)
        ballast = small_disk / "其他.bin"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        kept, refused = fill_up(draft)
        assert refused.code == "E312"
        assert draft.entries == kept
        with pytest.raises(StoreError, match="E335"):
            Draft.create(small_disk / "另一个.zpb", catalogue)
        with pytest.raises(StoreError, match="E335"):
            draft.save_as(small_disk / "副本.zpb")
        assert {one.name for one in small_disk.iterdir()} <= {
            "草稿.zpb",
            "草稿.zpb-journal",
            ".草稿.zpb.lock",
            "其他.bin",
        }
        assert draft.save_as(tmp_path / "救出.zpb") == ""
        ballast.unlink()
        draft.put_unit(Unit(name="又能保存了"))
    with Draft.open(small_disk / "草稿.zpb") as again:
        assert again.entries.unit.name == "又能保存了"
    with Draft.open(tmp_path / "救出.zpb") as rescued:
        assert rescued.entries == kept


def test_a_stick_pulled_out_while_open_says_so_and_the_work_can_be_saved_elsewhere(small_disk, catalogue, tmp_path):
    with Draft.create(small_disk / "草稿.zpb", catalogue) as draft:
        draft.put_answers(MET)
        subprocess.run(["umount", "-l", str(small_disk)], check=True)
        with pytest.raises(StoreError, match=r"E313.*另存为"):
            draft.put_answers({"1.2": Answer(points=D(3))})
        draft.save_as(tmp_path / "救出.zpb", switch=True)
        draft.put_answers({"1.2": Answer(points=D(3))})
        assert draft.entries.answers == {**MET, "1.2": Answer(points=D(3))}
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(small_disk)], check=True)


def test_a_disk_that_fails_to_write_leaves_the_old_value_and_a_retry_works(draft, path):
    draft.put_answers(MET)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # every write past the first page fails
    try:
        with pytest.raises(StoreError, match=r"E31[25]"):
            draft.put_unit(Unit(name="外事办"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert draft.entries == Entries(answers=MET)
    draft.put_unit(Unit(name="外事办"))
    draft.undo()
    draft.close()
    with Draft.open(path) as again:
        assert again.entries == Entries(answers=MET)


# --------------------------------------------------------------------------------------------------------- while open
def test_a_draft_deleted_while_open_refuses_the_next_edit_and_can_be_saved_elsewhere(draft, path, tmp_path):
    draft.put_answers(MET)
    draft.attach("1.1", "甲.pdf", b"scan")
    (one,) = draft.evidence()
    path.unlink()
    with pytest.raises(StoreError, match=r"E313.*另存为"):
        draft.put_answers({"1.2": Answer(points=D(3))})
    assert draft.entries.answers == MET
    assert draft.save_as(tmp_path / "救出.zpb", switch=True) == ""
    assert draft.path == tmp_path / "救出.zpb"
    assert draft.evidence_bytes(one) == b"scan"
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.undo()
    draft.undo()
    assert draft.entries.answers == MET


def test_a_deleted_draft_can_be_saved_under_its_own_name_again(draft, path):
    draft.put_answers(MET)
    path.unlink()
    draft.save_as(path, switch=True)
    draft.put_answers({"1.2": Answer(points=D(3))})
    with pytest.raises(StoreError, match="E309"):
        Draft.open(path)
    draft.close()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with Draft.open(path) as again:
        assert again.entries.answers == {**MET, "1.2": Answer(points=D(3))}


def test_a_draft_renamed_or_replaced_while_open_refuses_the_next_edit(draft, path, tmp_path):
    draft.put_answers(MET)
    path.rename(tmp_path / "改名.zpb")
    with pytest.raises(StoreError, match="E313"):
        draft.put_unit(Unit(name="甲"))
    path.write_bytes(b"something a synchroniser brought")
    with pytest.raises(StoreError, match=r"E314.*另存为"):
        draft.undo()
    assert draft.entries.answers == MET
    assert path.read_bytes() == b"something a synchroniser brought"


def test_what_cannot_be_read_back_from_its_disk_is_saved_from_memory(draft, path, tmp_path):
    draft.put_answers(MET)
    draft.attach("1.1", "甲.pdf", b"scan")
    # The disk under the open file goes bad: every page but the first is noise now.
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    draft._database.sql.execute("PRAGMA shrink_memory")
    notice = draft.save_as(tmp_path / "救出.zpb", switch=True)
    assert notice.startswith("原草稿所在位置已无法读取")
    assert draft.entries.answers == MET
    assert draft.evidence() == ()
    draft.put_unit(Unit(name="继续"))
    draft.close()
    with Draft.open(tmp_path / "救出.zpb") as again:
        assert again.entries == Entries(unit=Unit(name="继续"), answers=MET)


# ---------------------------------------------------------------------------------------------- names of failures
def by_sqlite(number: int | None, name: str) -> sqlite3.OperationalError:
    """What SQLite reports."""
    error = sqlite3.OperationalError("x")
    if number is not None:
        error.sqlite_errorcode, error.sqlite_errorname = number, name
    return error


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "E312"),
        (errno.EDQUOT, "E312"),
        (errno.EACCES, "E322"),
        (errno.EROFS, "E311"),
        (errno.ENOENT, "E301"),
        (errno.ENAMETOOLONG, "E321"),
        (errno.EIO, "E315"),
        (errno.ESTALE, "E315"),
    ],
)
def test_a_failure_of_the_system_has_its_sentence(path, number, code):
    refusal = refusal_of(OSError(number, os.strerror(number)), path)
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_FULL, "E312"),
        (sqlite3.SQLITE_BUSY, "E308"),
        (sqlite3.SQLITE_READONLY, "E310"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "E313"),
        (sqlite3.SQLITE_CANTOPEN, "E311"),
        (sqlite3.SQLITE_CORRUPT, "E306"),
        (sqlite3.SQLITE_NOTADB, "E306"),
        (sqlite3.SQLITE_TOOBIG, "E306"),  # of a length that cannot be
        (sqlite3.SQLITE_IOERR_FSYNC, "E315"),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CONSTRAINT, None),
        (None, None),
    ],
)
def test_a_failure_of_sqlite_has_its_sentence_and_a_bug_has_none(path, number, code):
    refusal = refusal_of(by_sqlite(number, "SQLITE_X"), path)
    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EIO, "Input/output error"), "读写出错"),
        (OSError(errno.ENOTCONN, "Transport endpoint is not connected"), "已断开"),
        (OSError(errno.ELOOP, "Too many levels of symbolic links"), "链接绕成了圈"),
        (OSError(errno.EDOM, "Numerical argument out of domain"), "系统错误 EDOM"),
        (by_sqlite(sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"), "写不进去"),
        (by_sqlite(sqlite3.SQLITE_IOERR_SHMMAP, "SQLITE_IOERR_SHMMAP"), "读写出错 SQLITE_IOERR_SHMMAP"),
        (by_sqlite(sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"), "数据结构错误"),
    ],
)
def test_what_the_disk_reports_is_told_in_words(path, error, words):
    refusal = refusal_of(error, path)
    assert refusal is not None
    assert f"（{words}" in refusal.message or f"{words}）" in refusal.message
    assert "error" not in refusal.message


def test_a_damaged_draft_leads_to_what_can_still_be_read(path):
    refusal = refusal_of(by_sqlite(sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"), path)
    assert refusal is not None
    assert "可以抢救还能读出的内容" in refusal.message  # the command line adds its command: unit/test_cli_rescue.py


def test_a_schema_that_is_no_text_any_more_is_refused_in_words(closed):
    content = closed.read_bytes()
    broken = content.replace(b"tableentryentry", b"tableentr\xe3entry").replace(
        b"CREATE TABLE entry", b"CRXATE TABLE \xe3ntry"
    )
    assert broken != content
    closed.write_bytes(broken)
    with pytest.raises(StoreError, match="E306"):
        Draft.open(closed)
    assert "已损坏" in look_at(closed).fault
