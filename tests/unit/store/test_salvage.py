"""Salvage: what is found where, what counts as proved, and what the report says of the rest."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.errors import StoreError
from selfassess.store import private_copy
from selfassess.store import remains as remains_module
from selfassess.store.choosing import choose
from selfassess.store.digest import as_text, sum_of
from selfassess.store.draft import Draft
from selfassess.store.fields import Change
from selfassess.store.lost_rules import rules_of
from selfassess.store.place import journal_of
from selfassess.store.private_copy import private_folder
from selfassess.store.remains import Made, Remains, Wreck
from selfassess.store.salvage import holds_something, report_path, salvage, save_report
from selfassess.store.salvage_report import values_in_words
from selfassess.store.snapshot import look

D = Decimal
PAGE = 4096


@pytest.fixture
def filled(path, catalogue, clock):
    with Draft.create(path, catalogue, Entries(unit=Unit(name="某某局")), clock=clock) as draft:
        draft.put_answers({"1.1": Answer(met=True), "1.2": Answer(points=D(3), remark="备注")})
        draft.put_figure("budget", D(100))
        draft.put_adjustments([Adjustment(matter="受表彰", points=D(2)), Adjustment(matter="创新", basis="文号")])
        draft.attach("1.1", "合同.pdf", b"%PDF" + bytes(range(256)) * 60)
        draft.attach("1.2", "通知.pdf", b"short")
    return path


def state_of(path):
    with Draft.open(path) as draft:
        return draft.catalogue, draft.entries, draft.evidence()


def tables(path):
    """Where the tables begin."""
    with closing(sqlite3.connect(path)) as sql:
        return dict(sql.execute("SELECT name, rootpage FROM sqlite_schema"))


def without(path, *pages):
    content = bytearray(path.read_bytes())
    for page in pages:
        content[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    return bytes(content)


def saved_from(path, clock, **given):
    target = path.with_name("新.zpb")
    return salvage(path, target, clock(), **given), target


def test_a_whole_draft_comes_out_whole(filled, clock):
    before = state_of(filled)
    report, target = saved_from(filled, clock)
    catalogue, entries, evidence = state_of(target)
    assert (catalogue, entries) == before[:2]
    assert [(one.row, one.name, one.sha256) for one in evidence] == [
        (one.row, one.name, one.sha256) for one in before[2]
    ]
    assert (report.proved, report.same_rules, report.documents, report.to_check, report.missing) == (
        True,
        True,
        (),
        (),
        (),
    )
    assert "佐证材料 2 份，逐份核对过校验值" in report.saved


@pytest.mark.parametrize(
    "lost", [["entry"], ["change"], ["step"], ["summary"], ["sqlite_schema"], ["entry", "summary"], ["step", "summary"]]
)
def test_a_lost_table_costs_nothing_that_was_entered(filled, clock, lost):
    before = state_of(filled)
    roots = {**tables(filled), "sqlite_schema": 1}
    content = without(filled, *(roots[name] for name in lost))
    report, target = saved_from(filled, clock)
    assert state_of(target)[:2] == before[:2]
    assert len(state_of(target)[2]) == 2
    assert filled.read_bytes() == content
    assert report.proved


def test_a_history_without_its_checksums_is_saved_and_to_be_checked(filled, clock):
    before = state_of(filled)
    roots = tables(filled)
    without(filled, roots["entry"], roots["step"])
    report, target = saved_from(filled, clock)
    assert state_of(target)[1] == before[1]
    assert not report.proved
    assert "1.2 得分：3；备注：备注" in report.to_check


def test_what_is_to_be_checked_stands_in_the_order_of_the_form(catalogue):
    categories = [one.code for one in catalogue.categories]
    rows = [row.code for _, row in catalogue.indicators()]
    values = [(("answer", code, "points"), "1") for code in reversed(rows)]
    values += [(("declared", code, "subtotals"), "9") for code in sorted(categories)]
    assert sorted(categories) != categories
    assert values_in_words(values, catalogue) == (
        *(f"填列数“{code}”小计：9" for code in categories),
        *(f"{code} 得分：1" for code in rows),
    )


def test_values_in_the_table_alone_are_saved_and_to_be_checked(filled, clock):
    roots = tables(filled)
    without(filled, roots["change"], roots["step"], roots["summary"])
    report, target = saved_from(filled, clock)
    _, entries, _ = state_of(target)
    assert entries.answers["1.2"] == Answer(points=D(3), remark="备注")
    assert not report.proved
    assert "1.1 是否符合：是" in report.to_check
    assert any(line.startswith("第 1.3 行") for line in report.missing)
    assert "救回了一部分内容" in report.text


def test_a_changed_value_is_put_right_from_the_history(filled, clock):
    content = filled.read_bytes()
    page = tables(filled)["entry"]
    old = content[(page - 1) * PAGE : page * PAGE]
    assert old.count("受表彰".encode()) == 1
    filled.write_bytes(content.replace(old, old.replace("受表彰".encode(), "受处罚".encode())))
    report, target = saved_from(filled, clock)
    assert report.proved
    assert state_of(target)[1].adjustments[0].matter == "受表彰"


def test_a_document_that_is_broken_is_named_and_the_other_is_saved(filled, clock):
    content = filled.read_bytes()
    at = content.index(bytes(range(256)))
    filled.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
    report, target = saved_from(filled, clock)
    assert report.documents == ("第 1.1 行“合同.pdf”",)
    assert report.proved
    assert "有 1 份佐证材料没有救回，请重新加入。" in report.summary
    with Draft.open(target) as draft:
        (left,) = draft.evidence()
        assert (left.name, draft.evidence_bytes(left)) == ("通知.pdf", b"short")


def test_a_lost_correction_of_the_rules_is_said(filled, clock, catalogue):
    with Draft.open(filled, clock=clock) as draft:
        draft.put_catalogue(replace(catalogue, title="更正后的表"), "更正")
    content = filled.read_bytes()
    at = content.index("更正后的表".encode(), content.index("更正后的表".encode()) - 1)
    filled.write_bytes(content.replace("更正后的表".encode(), "更错后的表".encode()))
    assert at
    report, target = saved_from(filled, clock)
    assert not report.same_rules
    assert "后来的更正没有救回" in report.rules
    assert state_of(target)[0] == catalogue


KILLED = """
import os, sqlite3, sys
sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.execute("PRAGMA cache_size = 1")
sql.execute("BEGIN")
for number in range(400):
    sql.execute("INSERT INTO entry VALUES ('answer', '1.1', ?, ?)", (f"field{number}", "x" * 400))
os._exit(1)
"""


def test_what_a_killed_program_was_writing_is_rolled_back_in_the_copy_only(filled, clock):
    before = state_of(filled)
    subprocess.run([sys.executable, "-c", KILLED, filled], check=False)
    assert journal_of(filled).stat().st_size > PAGE
    content, journal = filled.read_bytes(), journal_of(filled).read_bytes()
    report, target = saved_from(filled, clock)
    assert report.proved
    assert state_of(target)[:2] == before[:2]
    assert (filled.read_bytes(), journal_of(filled).read_bytes()) == (content, journal)


def test_a_block_that_the_disk_cannot_read_is_left_out(filled, clock, monkeypatch):
    before = state_of(filled)
    lost = range((tables(filled)["entry"] - 1) * PAGE, tables(filled)["entry"] * PAGE)
    really = private_copy._bytes_at

    def read(descriptor, start, size):
        if start < lost.stop and lost.start < start + size:
            raise OSError(5, "Input/output error")
        return really(descriptor, start, size)

    monkeypatch.setattr(private_copy, "_bytes_at", read)
    report, target = saved_from(filled, clock)
    assert report.proved
    assert state_of(target)[1] == before[1]


@pytest.mark.parametrize("journal", [None, b"", bytes(600), b"text"], ids=["none", "empty", "spent", "text"])
def test_a_table_whose_name_is_no_text_is_salvaged_whatever_journal_lies_beside(filled, clock, journal):
    """SQLite quotes such a name, which Python then cannot read."""
    before = state_of(filled)
    filled.write_bytes(filled.read_bytes().replace(b"CREATE TABLE entry", b"CREATE T\xffBLE entry"))
    if journal is not None:
        journal_of(filled).write_bytes(journal)
    assert holds_something(filled)
    _, target = saved_from(filled, clock)
    assert state_of(target)[1:] == before[1:]


def test_a_draft_that_holds_nothing_but_documents_is_salvaged_with_them(path, catalogue, clock):
    with Draft.create(path, catalogue, clock=clock) as draft:
        draft.attach("1.1", "合同.pdf", b"%PDF" + bytes(range(256)) * 60)
    without(path, tables(path)["entry"])
    report, target = saved_from(path, clock)
    with Draft.open(target) as saved:
        (document,) = saved.evidence()
        assert (document.row, document.name) == ("1.1", "合同.pdf")
        assert saved.evidence_bytes(document) == b"%PDF" + bytes(range(256)) * 60
    assert report.saved == ("佐证材料 1 份，逐份核对过校验值",)


def test_nothing_is_overwritten(filled, clock):
    target = filled.with_name("新.zpb")
    target.write_text("我的")
    with pytest.raises(StoreError, match="E320"):
        salvage(filled, target, clock())
    assert target.read_text() == "我的"


def test_a_draft_that_is_open_here_is_not_touched(draft, clock):
    with pytest.raises(StoreError, match="E309"):
        salvage(draft.path, draft.path.with_name("新.zpb"), clock())
    draft.put_answers({"1.1": Answer(met=True)})


def test_what_holds_nothing_is_refused(path, clock):
    for content in (b"", b"x", os.urandom(50_000), b"SQLite format 3\0" + bytes(9000)):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="E382"):
            salvage(path, path.with_name("新.zpb"), clock())
        assert list(path.parent.iterdir()) == [path]


def test_the_report_lies_beside_the_new_draft_as_plain_text(filled, clock):
    report, target = saved_from(filled, clock)
    save_report(report, report_path(target))
    assert report_path(target).name == "新（抢救报告）.txt"
    assert report_path(target).read_text(encoding="utf-8") == report.text
    assert str(filled) in report.text


# ---------------------------------------------------------------------------------------------------- what is chosen
FIELD = ("answer", "1.1", "met")


def step(after, before=None):
    return (Change(scope="answer", key="1.1", field="met", before=before, after=after),)


def remains(**given):
    usual = {
        "entries": {},
        "entries_whole": False,
        "stray": {},
        "changes": {},
        "proved": frozenset(),
        "steps": {},
        "head": None,
        "catalogues": {},
        "last_is_known": False,
    }
    return Remains(**{**usual, **given})


CATALOGUES = (Path(__file__).parents[3] / "catalogues",)


@pytest.mark.parametrize(
    ("codes", "reference"),
    [
        (["1.1", "2.7", "7.2"], "xizang-dept-budget/2022"),
        (["1.1", "2.7", "q.2"], "xizang-dept-budget/2022"),
        (["1.1", "q.1", "q.2"], None),
        ([], None),
    ],
)
def test_rules_that_are_lost_are_told_from_the_rows_that_were_answered(codes, reference):
    choice = choose(remains(entries={("answer", code, "points"): "1" for code in codes}))
    rules = rules_of(remains(), choice, CATALOGUES, None)
    assert (rules and rules.catalogue.reference) == reference
    assert rules is None or not rules.certain


def test_the_table_wins_over_a_history_with_a_gap():
    found = choose(remains(entries={FIELD: "0"}, changes={1: step("1")}, proved=frozenset({1})))
    assert (found.values[FIELD], found.unproved, found.complete) == ("0", {FIELD}, False)


def test_what_table_and_a_whole_step_say_alike_is_proved():
    found = choose(remains(entries={FIELD: "1"}, changes={1: step("1")}, proved=frozenset({1})))
    assert (found.values[FIELD], found.unproved) == ("1", frozenset())


def test_a_field_that_a_whole_table_does_not_have_is_not_brought_back_but_told():
    found = choose(remains(entries_whole=True, changes={1: step("1")}, proved=frozenset({1})))
    assert (found.values, found.gone, found.complete) == ({}, {FIELD}, False)


def test_older_values_on_pages_that_nobody_leads_to_are_the_last_resort():
    found = choose(remains(stray={FIELD: ("0",)}))
    assert (found.values, found.unproved) == ({FIELD: "0"}, {FIELD})
    found = choose(remains(stray={FIELD: ("0", "1")}))  # which of them was the last one, nobody knows
    assert found.values == {}
    found = choose(remains(stray={FIELD: ("0", "1")}, changes={3: step("1")}, proved=frozenset({3})))
    assert (found.values, found.unproved) == ({FIELD: "1"}, {FIELD})


def test_an_empty_wreck_has_nothing():
    wreck = Wreck(b"")
    assert wreck.remains.found == 0
    assert wreck.documents == frozenset()
    assert choose(wreck.remains).values == {}


def made(value):
    checksum = sum_of({"answer": {"1.1": {"met": value}}})
    return Made(digest="", answered=0, total=None, contents=as_text(checksum))


def test_an_older_state_with_a_right_checksum_is_no_proof_where_later_steps_may_be_lost():
    older = {"changes": {1: step("1")}, "proved": frozenset({1})}
    assert choose(remains(**older, steps={1: made("1")}, last_is_known=True)).complete
    assert not choose(remains(**older, steps={1: made("1")})).complete
    assert not choose(remains(**older, steps={1: made("1"), 2: made("0")}, last_is_known=True)).complete
    assert not choose(remains(entries={FIELD: "1"}, steps={1: made("1")})).complete


def test_a_whole_table_is_proved_by_an_older_step_and_the_changes_since():
    found = choose(
        remains(entries={FIELD: "0"}, entries_whole=True, steps={1: made("1")}, changes={2: step("0", before="1")})
    )
    assert (found.values, found.complete) == ({FIELD: "0"}, True)


def test_a_table_as_it_was_before_a_step_of_which_nothing_is_left_is_not_proved():
    """A disk that lost the last write of the table, and the page with the changes."""
    table = {"entries": {FIELD: "1"}, "entries_whole": True}
    assert not choose(remains(**table, steps={1: made("1"), 2: made("0")})).complete
    assert not choose(remains(**table, steps={1: made("1"), 3: made("0")}, changes={3: step("0", "1")})).complete
    told = {"changes": {1: step("1")}, "proved": frozenset({1})}
    assert not choose(remains(**table, **told, steps={1: made("1"), 2: made("0")})).complete


def test_many_documents_that_share_pages_are_all_saved(path, catalogue, clock):
    """A page is read again for each document on it; what may be read at all is limited for all of them together."""
    with Draft.create(path, catalogue, Entries(unit=Unit(name="某某局")), clock=clock) as draft:
        for number in range(80):
            draft.attach("1.1", f"{number}.pdf", os.urandom(5000))
    report, target = saved_from(path, clock)
    assert report.documents == ()
    with Draft.open(target) as draft:
        assert len([draft.evidence_bytes(one) for one in draft.evidence()]) == 80


def test_nothing_is_copied_where_it_would_not_fit(filled, clock, monkeypatch):
    """A temporary folder that lies in memory is not filled first."""
    place = filled.parent
    size = filled.stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=size - 1))
    with pytest.raises(StoreError, match=r"E335 磁盘空间不足"):
        saved_from(filled, clock)
    with pytest.raises(StoreError, match=r"E335 磁盘空间不足"):
        look(filled)
    assert list(place.iterdir()) == [filled]


def test_copies_go_when_they_were_read_and_so_do_those_of_a_killed_program(filled, clock, tmp_path, monkeypatch):
    place = tmp_path / "temp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    with private_folder() as used:
        left = place / used.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
        (left / "copy").mkdir(parents=True)
        (place / "another").mkdir()
        saved_from(filled, clock)
        assert {path.name for path in place.iterdir()} == {used.name, "another"}
    assert [path.name for path in place.iterdir()] == ["another"]


def test_a_report_that_cannot_be_written_leaves_the_older_one(filled, clock, tmp_path, monkeypatch):
    report, path = saved_from(filled, clock)[0], tmp_path / "报告.txt"
    path.write_text("以前的", encoding="utf-8")
    refused = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(Path, "write_text", lambda *_args, **_kwargs: (_ for _ in ()).throw(refused))
    with pytest.raises(StoreError, match="E335"):
        save_report(report, path)
    assert path.read_bytes().decode() == "以前的"
    assert not list(tmp_path.glob(".selfassess*"))


def test_nothing_is_salvaged_from_a_pipe_and_nobody_waits_for_it(tmp_path, clock):
    os.mkfifo(tmp_path / "管道.zpb")
    with pytest.raises(StoreError, match="E304"):
        salvage(tmp_path / "管道.zpb", tmp_path / "新.zpb", clock())


def test_a_journal_that_names_another_file_is_not_played_back(filled, clock, tmp_path):
    before = state_of(filled)
    other = tmp_path / "别的文件"
    other.write_text("我的")
    name = str(other).encode()
    tail = name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + bytes.fromhex("d9d505f920a163d7")
    journal_of(filled).write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504) + tail)
    report, target = saved_from(filled, clock)
    assert report.proved
    assert state_of(target)[1] == before[1]
    assert other.read_text() == "我的"


def test_a_row_of_which_only_the_remark_was_found_is_told_as_blank(filled, clock):
    with closing(sqlite3.connect(filled)) as sql:
        sql.execute("DELETE FROM entry WHERE key = '1.2' AND field = 'points'")
        sql.execute("DELETE FROM change WHERE key = '1.2' AND field = 'points'")
        sql.commit()
    report, target = saved_from(filled, clock)
    assert state_of(target)[1].answer("1.2") == Answer(remark="备注")
    assert any(line.startswith("第 1.2 行") for line in report.missing)


def test_very_many_fields_that_nobody_can_read_are_left_out_one_by_one(filled, clock):
    with closing(sqlite3.connect(filled)) as sql:
        many = [("adjustment", str(number), "points", "不是数") for number in range(2, 5_000)]
        sql.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", many)
        sql.execute("DELETE FROM change")
        sql.commit()
    before = time.process_time()
    report, target = saved_from(filled, clock)
    assert time.process_time() - before < 20
    assert state_of(target)[1].adjustments[:2] == (
        Adjustment(matter="受表彰", points=D(2)),
        Adjustment(matter="创新", basis="文号"),
    )
    assert len(report.not_taken) == len(many)


def test_a_matter_numbered_beyond_all_numbers_is_left_out(filled, clock):
    with closing(sqlite3.connect(filled)) as sql:
        sql.execute("INSERT INTO entry VALUES ('adjustment', ?, 'matter', '无')", ("9" * 5_000,))
        sql.commit()
    _, target = saved_from(filled, clock)
    assert [one.matter for one in state_of(target)[1].adjustments] == ["受表彰", "创新"]


def test_a_document_larger_than_any_that_is_taken_in_is_not_read_into_memory(filled, clock, monkeypatch):
    monkeypatch.setattr(remains_module, "_LONGEST_OF_ALL", 4096)
    report, target = saved_from(filled, clock)
    assert [one.name for one in state_of(target)[2]] == ["通知.pdf"]
    assert report.documents == ("第 1.1 行“合同.pdf”",)


@pytest.mark.skipif(os.name != "posix", reason="where temporary files lie is asked of the environment there")
def test_no_place_for_temporary_files_is_said(filled, clock, tmp_path, monkeypatch):
    def nowhere() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "没有"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "没有"))
    with pytest.raises(StoreError, match=r"E317.*“.*没有”不存在"):
        saved_from(filled, clock)
    with pytest.raises(StoreError, match=r"E317.*“.*没有”不存在"):
        look(filled)
