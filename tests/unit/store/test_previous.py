"""Last year's form inside this year's draft: taken from another draft that is only read, kept, undone, refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Entries, Override, Unit
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.errors import StoreError
from selfassess.store import place, previous_source
from selfassess.store.digest import as_text, sum_of
from selfassess.store.draft import Draft
from selfassess.store.fields import UnreadableError
from selfassess.store.library import Library
from selfassess.store.previous import read_previous, write_previous
from selfassess.store.previous_source import candidates, previous_in

D = Decimal
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18)
ROWS = st.builds(
    PreviousRow,
    name=TEXT,
    full_points=NUMBERS,
    points=st.none() | NUMBERS,
    not_applicable=st.none() | TEXT,
    override=st.none() | TEXT,
    reason=TEXT,
    remark=TEXT,
    documents=st.integers(0, 999),
)
YEARS = st.builds(
    PreviousYear, unit=TEXT, year=TEXT, title=TEXT, rows=st.dictionaries(st.sampled_from(["1.1", "1.10", "2.7"]), ROWS)
)
ANSWERS = {
    "1.1": Answer(met=False, reason="制度未建立", remark="已整改"),
    "1.2": Answer(not_applicable="无此项业务"),
    "2.3": Answer(option="低于", override=Override(points=D("2.5"), reason="财政核定")),
}
LABEL = "对照上年自评表"


HOLDING = """
import sys
from pathlib import Path
from selfassess.store.draft import Draft
with Draft.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from selfassess.store.draft import Draft
sql = Draft.open(Path(sys.argv[1]))._database.sql
sql.execute("BEGIN IMMEDIATE")
sql.execute("PRAGMA cache_size = 1")
sql.execute("UPDATE entry SET value = value || ?", ("x" * 20000,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def run(program: str, path: Path) -> subprocess.Popen[str]:
    """Another program at work on a draft."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", program, path], env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


def state_of(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


@pytest.fixture
def last(tmp_path, catalogue, clock) -> Path:
    """Last year's draft, closed."""
    path = tmp_path / "上年" / "上年.zpb"
    path.parent.mkdir()
    entries = Entries(unit=Unit(name="外事办", year="2021"), answers=ANSWERS)
    with Draft.create(path, replace(catalogue, edition="2021", year=2021), entries, clock=clock) as made:
        made.attach("1.1", "甲.pdf", b"scan")
        made.attach("1.1", "乙.pdf", b"other scan")
    return path


# ------------------------------------------------------------------------------------------------------------ as fields
@given(YEARS)
def test_whatever_was_taken_in_is_read_back_equal(previous):
    assert read_previous(write_previous(previous)) == previous


def test_numbers_are_text_and_what_was_empty_has_no_field():
    row = PreviousRow(name="指标1.1", full_points=D("20.0"), points=D("1.50"))
    written = write_previous(PreviousYear(unit="", year="", title="表", rows={"1.1": row}))
    assert written == {
        "": {"unit": "", "year": "", "title": "表"},
        "1.1": {"name": "指标1.1", "full_points": "20", "points": "1.5"},
    }


@pytest.mark.parametrize(
    "groups",
    [
        {"1.1": {"name": "甲", "full_points": "1"}},
        {"": {"unit": "", "year": ""}},
        {"": {"unit": "", "year": "", "title": "", "colour": "x"}},
        {"": {"unit": "", "year": "", "title": ""}, "1.1": {"name": "甲"}},
        *(
            {"": {"unit": "", "year": "", "title": ""}, "1.1": {"name": "甲", "full_points": "1", name: text}}
            for name, text in (
                ("colour", "x"),
                ("points", "一"),
                ("points", "1e5"),
                ("reason", ""),
                ("documents", "0"),
                ("documents", "-1"),
                ("documents", "٣"),
                ("documents", "9" * 5000),
            )
        ),
    ],
)
def test_a_field_that_no_program_of_ours_wrote_is_named(groups):
    with pytest.raises(UnreadableError) as raised:
        read_previous(groups)
    assert raised.value.scope == "previous"


# ----------------------------------------------------------------------------------------------------- kept in a draft
def test_last_years_form_comes_from_another_draft_and_stays_when_that_is_gone(draft, path, last):
    draft.put_previous(previous_in(last, draft), LABEL)
    last.unlink()
    draft.close()
    with Draft.open(path) as again:
        previous = again.previous
        assert previous is not None
        assert (previous.unit, previous.year) == ("外事办", "2021")
        assert previous.rows["1.1"] == PreviousRow(
            name="指标1.1", full_points=D(20), points=D(0), reason="制度未建立", remark="已整改", documents=2
        )
        assert previous.rows["1.2"].not_applicable == "无此项业务"
        assert (previous.rows["2.3"].points, previous.rows["2.3"].override) == (D("2.5"), "财政核定")
        assert previous.rows["1.3"].is_empty
        assert again.entries == Entries()


def test_taking_in_replacing_and_removing_are_one_step_each_across_sessions(draft, path, last):
    first = previous_in(last, draft)
    second = replace(first, year="2020", rows={"1.1": first.rows["1.1"]})
    draft.put_previous(first, LABEL)
    draft.put_previous(second, LABEL)
    draft.put_previous(None, "不再对照上年")
    assert draft.put_previous(None, "不再对照上年") is None
    draft.close()
    with Draft.open(path) as again:
        assert again.previous is None
        assert again.undo_text == "撤销：不再对照上年"
        again.undo()
        assert again.previous == second
        again.undo()
        assert again.previous == first
        effect = again.undo()
        assert effect is not None
        assert (effect.words, effect.place) == (f"撤销：{LABEL}", "")
        assert again.previous is None
        again.redo()
        assert again.previous == first


def test_a_copy_takes_last_years_form_along_even_when_the_file_cannot_be_read(draft, path, last, tmp_path):
    previous = previous_in(last, draft)
    draft.put_previous(previous, LABEL)
    draft.save_as(tmp_path / "副本.zpb")
    with Draft.open(tmp_path / "副本.zpb") as copy:
        assert copy.previous == previous
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    draft._database.sql.execute("PRAGMA shrink_memory")
    assert draft.save_as(tmp_path / "救出.zpb").startswith("原草稿所在位置已无法读取")
    with Draft.open(tmp_path / "救出.zpb") as saved:
        assert saved.previous == previous


def test_a_draft_whose_last_year_means_nothing_is_refused_even_when_every_checksum_matches(draft, path, last):
    draft.put_previous(previous_in(last, draft), LABEL)
    sheet = {scope: dict(groups) for scope, groups in draft._contents.sheet.items()}
    draft.close()
    sheet["previous"]["1.1"] = {**sheet["previous"]["1.1"], "points": "二分"}
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE entry SET value = '二分' WHERE scope = 'previous' AND key = '1.1' AND field = 'points'")
        sql.execute("UPDATE step SET contents = ? WHERE id = (SELECT max(id) FROM step)", (as_text(sum_of(sheet)),))
        sql.commit()
    with pytest.raises(StoreError, match=r"E319.*上年自评1\.1得分的内容“二分”无法识别"):
        Draft.open(path)


# ------------------------------------------------------------------------------------------------ the other draft, read
def test_the_other_draft_keeps_its_bytes_and_nothing_is_left_beside_it(draft, last):
    last.chmod(0o444)
    last.parent.chmod(0o555)
    before = state_of(last)
    try:
        assert previous_in(last, draft).rows["1.1"].points == D(0)
        assert state_of(last) == before
        assert list(last.parent.iterdir()) == [last]
    finally:
        last.parent.chmod(0o755)


def test_a_draft_open_in_another_window_is_read_as_it_stands_and_goes_on(draft, last):
    with Draft.open(last) as other:
        other.put_answers({"1.1": Answer(met=True)})
        assert previous_in(last, draft).rows["1.1"].points == D(20)
        other.put_answers({"1.1": Answer(met=False)})
        assert previous_in(last, draft).rows["1.1"].points == D(0)
        with run(HOLDING, last) as another:
            assert "E307" in another.communicate()[1]  # the lock was not lost


def test_a_draft_that_another_window_is_just_writing_is_read_before_or_after_but_never_in_the_middle(draft, last):
    half_done = threading.Event()

    def slowly(sql: sqlite3.Connection) -> None:
        sql.execute("UPDATE entry SET value = '改过' WHERE field = 'reason'")
        sql.execute("PRAGMA cache_size = 1")
        sql.execute("INSERT INTO blob VALUES ('x', 9, zeroblob(9999999))")  # drives the change out, into the file
        half_done.set()
        time.sleep(0.3)
        sql.execute("DELETE FROM blob WHERE sha256 = 'x'")
        sql.execute("UPDATE entry SET value = '制度未建立' WHERE field = 'reason'")

    with Draft.open(last) as other, ThreadPoolExecutor(1) as pool:
        writing = pool.submit(other._database.write, slowly)
        assert half_done.wait(10)
        assert previous_in(last, draft).rows["1.1"].reason == "制度未建立"
        writing.result()


def test_a_draft_open_in_another_program_is_refused_with_who_has_it(draft, last):
    with run(HOLDING, last) as other:
        assert other.stdout.readline() == "open\n"
        before = state_of(last)
        with pytest.raises(StoreError, match=rf"E307.*进程 {other.pid}"):
            previous_in(last, draft)
        assert state_of(last) == before
        other.communicate("\n")
    assert previous_in(last, draft).unit == "外事办"


def test_a_draft_that_was_not_closed_properly_is_left_to_be_recovered_first(draft, last):
    run(KILLED, last).communicate()
    journal = place.journal_of(last)
    before = state_of(last), state_of(journal)
    with pytest.raises(StoreError, match=r"E363.*上次没有正常关闭.*请先打开它一次"):
        previous_in(last, draft)
    assert (state_of(last), state_of(journal)) == before
    Draft.open(last).close()
    assert previous_in(last, draft).rows["1.1"].reason == "制度未建立"


def change_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(f"PRAGMA user_version = {version}")


def drop_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DROP TABLE migration")


def meddle(path: Path) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE entry SET value = '改过' WHERE field = 'reason'")
        sql.commit()


def flip_noise(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xa5" * 8192
    path.write_bytes(content)


def name_no_text(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE entry", b"CREATE T\xffBLE entry"))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda path: path.unlink(), "E301"),
        (lambda path: path.write_bytes(b""), "E303"),
        (lambda path: path.write_bytes(b"PK\x03\x04 a workbook"), "E304"),
        (lambda path: change_version(path, place.FORMAT_VERSION + 7), "E305"),
        (lambda path: path.write_bytes(path.read_bytes()[:6000]), "E306"),
        (drop_a_table, "E306"),
        (meddle, "E306"),
        (flip_noise, "E306"),
        (name_no_text, "E306"),
    ],
    ids=["gone", "empty", "foreign", "newer", "cut", "table", "meddled", "noise", "no text"],
)
def test_what_cannot_be_read_is_refused_in_words_and_left_alone(draft, last, damage, code):
    damage(last)
    before = state_of(last) if last.exists() else None
    with pytest.raises(StoreError, match=code):
        previous_in(last, draft)
    assert (state_of(last) if last.exists() else None) == before
    assert draft.previous is None


def test_a_draft_of_an_older_format_is_left_to_be_upgraded_first(draft, last, monkeypatch):
    for module in (place, previous_source):
        monkeypatch.setattr(module, "FORMAT_VERSION", place.FORMAT_VERSION + 1)
    before = state_of(last)
    with pytest.raises(StoreError, match=r"E363.*是旧版本程序保存的.*请先打开它一次"):
        previous_in(last, draft)
    assert state_of(last) == before


def test_another_form_is_refused_with_both_names(draft, tmp_path, catalogue):
    other = tmp_path / "项目.zpb"
    Draft.create(other, replace(catalogue, id="other-form")).close()
    with pytest.raises(StoreError, match=r"E362 “项目\.zpb”.*other-form/2022.*small-form/2022"):
        previous_in(other, draft)


def test_a_draft_is_not_compared_with_itself(draft, path, tmp_path):
    link = tmp_path / "另一个名字.zpb"
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(StoreError, match="E361"):
            previous_in(name, draft)


# ------------------------------------------------------------------------------------------- which drafts can be it
def test_earlier_years_of_the_same_form_are_offered_those_of_the_same_unit_first(tmp_path, catalogue, clock):
    library = Library(tmp_path / "草稿")

    def add(name: str, year: str, **changes) -> Path:
        form = replace(catalogue, **changes)
        path = library.new_path(Unit(name=f"{name}{year}"), form)
        Draft.create(path, form, Entries(unit=Unit(name=name, year=year)), clock=clock).close()
        clock.time += timedelta(minutes=1)
        return path

    wanted = [add("外事办", "2021"), add("外事办", "２０１９年度"), add("财政厅", "2021"), add("财政厅", "2020")]
    add("外事办", "2022")
    add("外事办", "2023")
    add("外事办", "2020", id="other-form")
    add("外事办", "去年")
    own = add("外事办", "2022 年")
    (library.folder / "坏的.zpb").write_text("not a draft")
    with Draft.open(own) as draft:
        assert [one.path for one in candidates(library.entries(), draft)] == wanted


def test_a_draft_that_does_not_say_its_year_is_offered_all_others_of_its_form(tmp_path, catalogue, clock):
    library = Library(tmp_path / "草稿")
    yearly = replace(catalogue, year=None)
    paths = []
    for name, year in (("外事办", "2021"), ("外事办", "")):
        paths.append(library.new_path(Unit(name=name), yearly))
        Draft.create(paths[-1], yearly, Entries(unit=Unit(name=name, year=year)), clock=clock).close()
    with Draft.create(library.new_path(Unit(), yearly), yearly, Entries(unit=Unit(name="外事办"))) as draft:
        assert [one.path for one in candidates(library.entries(), draft)] == paths
