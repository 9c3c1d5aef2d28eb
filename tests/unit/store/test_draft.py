from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfassess import temporary
from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.errors import CatalogueError, InputError, StoreError
from selfassess.store import creation, evidence, place, summary
from selfassess.store.draft import Draft
from selfassess.store.place import APPLICATION_ID, FORMAT_VERSION, journal_of

D = Decimal
OPEN = """
import sys
from pathlib import Path
from selfassess.errors import StoreError
from selfassess.store.draft import Draft
try:
    Draft.open(Path(sys.argv[1]))
except StoreError as error:
    print(error.code)
"""
FULL = Entries(
    unit=Unit(name="自治区外事办公室", unit_class="A", year="2022", preparer="扎西", date="2023-01-05"),
    figures={"budget": D("18966.53"), "spent": D("4229.50")},
    answers={
        "1.1": Answer(met=False, reason="未公开"),
        "1.2": Answer(points=D("12.5"), reason="不足", remark="第一行\n第二行"),
        "1.3": Answer(ticks=(True, False, None)),
        "2.2": Answer(numerator=D("1.5"), denominator=D(0)),
        "2.3": Answer(not_applicable=""),
        "2.4": Answer(override=Override(points=D(0), reason="𠮷㙓䶮 བོད་ལྗོངས།")),
    },
    adjustments=(Adjustment(matter="表彰", basis="〔2022〕1号", points=D(8)), Adjustment(matter="")),
    declared=Declared(points={"1.1": D(20)}, subtotals={"一": D(10)}, total=D("90.5")),
)


def rows_of(path: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as sql:
        return sql.execute(statement).fetchall()


def test_a_new_draft_holds_the_form_and_nothing_else(draft, catalogue):
    assert draft.catalogue == catalogue
    assert draft.entries == Entries()
    assert draft.scorecard.blank == 7
    assert (draft.undo_text, draft.redo_text) == ("", "")


def test_a_draft_can_start_with_everything_entered_and_reopens_equal(path, catalogue, clock):
    with Draft.create(path, catalogue, FULL, clock=clock) as made:
        assert made.entries == FULL
        scorecard = made.scorecard
    with Draft.open(path, clock=clock) as opened:
        assert opened.entries == FULL
        assert opened.catalogue == catalogue
        assert opened.scorecard == scorecard
        assert opened.undo_text == ""


def test_an_edit_is_in_the_file_when_the_call_returns(draft, path, tmp_path):
    draft.put_answers({"1.2": Answer(points=D("12.5"))})
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())  # as somebody would copy it to a stick while it is open
    # Reading the bytes dropped this process's lock on POSIX; nobody else wants this file.
    assert rows_of(copy, "SELECT value FROM entry WHERE scope = 'answer' AND key = '1.2'") == [("12.5",)]


def test_the_moment_of_saving_comes_from_the_clock_and_survives(draft, path, clock):
    draft.put_answers({"1.1": Answer(met=True)})
    saved = draft.saved_at
    assert saved == clock.time
    draft.close()
    with Draft.open(path) as opened:
        assert opened.saved_at == saved


def test_an_edit_that_changes_nothing_writes_nothing(draft, path):
    draft.put_answers({"1.2": Answer(points=D(12))})
    saved, written = draft.saved_at, path.stat().st_mtime_ns
    assert draft.put_answers({"1.2": Answer(points=D("12.0"))}) is None
    assert draft.put_answers({}, "空") is None
    assert draft.put_unit(Unit()) is None
    assert draft.put_figure("budget", None) is None
    assert draft.put_adjustments(()) is None
    assert draft.put_entries(draft.entries, "同样") is None
    assert draft.put_catalogue(draft.catalogue, "同样") is None
    assert (draft.saved_at, path.stat().st_mtime_ns) == (saved, written)


def test_opening_and_closing_leaves_the_file_as_it_was_and_nothing_beside_it(draft, path):
    draft.close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    with Draft.open(path):
        pass
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("1.2", Answer(points=D(21))),
        ("1.2", Answer(points=D("-1"))),
        ("1.3", Answer(ticks=(True,))),
        ("2.3", Answer(option="中等")),
    ],
)
def test_an_answer_that_does_not_fit_its_row_is_refused_and_the_old_one_stays(draft, code, answer):
    with pytest.raises(InputError):
        draft.put_answers({"1.1": Answer(met=True), code: answer}, "粘贴")
    assert draft.entries == Entries()
    with pytest.raises(InputError):
        draft.put_entries(replace(FULL, answers={code: answer}), "填入")
    assert draft.entries == Entries()


def test_a_new_draft_with_an_answer_that_does_not_fit_is_not_made(path, catalogue):
    with pytest.raises(InputError):
        Draft.create(path, catalogue, Entries(answers={"1.2": Answer(points=D(21))}))
    assert list(path.parent.iterdir()) == []


def test_a_row_that_does_not_exist_is_a_bug_of_the_caller(draft):
    with pytest.raises(KeyError):
        draft.put_answers({"9.9": Answer(met=True)})
    with pytest.raises(KeyError):
        draft.put_figure("rainfall", D(1))
    with pytest.raises(KeyError):
        draft.attach("9.9", "甲.pdf", b"x")


# ------------------------------------------------------------------------------------------------------------ history
def test_undo_and_redo_speak_of_what_they_do(draft):
    draft.put_answers({"1.2": Answer(points=D(2))})
    effect = draft.put_answers({"1.2": Answer(points=D(3))})
    assert effect is not None
    assert effect.words == "1.2 得分 2 → 3"
    assert draft.undo_text == "撤销：1.2 得分 3 → 2"
    undone = draft.undo()
    assert undone is not None
    assert (undone.words, undone.codes, undone.scopes) == ("撤销：1.2 得分 3 → 2", ("1.2",), frozenset({"answer"}))
    assert draft.entries.answers == {"1.2": Answer(points=D(2))}
    assert draft.redo_text == "重做：1.2 得分 2 → 3"
    assert draft.undo_text == "撤销：1.2 得分 2 → 空"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(met=True), "是否符合 空 → 是"),
        (Answer(not_applicable=""), "不涉及 空 → （未写）"),
        (Answer(override=Override(points=D("1.50"), reason="无")), "改分 空 → 1.5"),
        (Answer(remark="一\n二"), "备注 空 → 一 二"),
        (Answer(remark="很长的备注" * 9), "备注 空 → 很长的备注很长的备注很长的备注…"),
    ],
)
def test_words_name_the_field_and_keep_short(draft, answer, words):
    effect = draft.put_answers({"1.1": answer})
    assert effect is not None
    assert effect.words == f"1.1 {words}"


def test_words_of_other_places(draft):
    said = [
        draft.put_answers({"1.3": Answer(ticks=(True, False, None))}),
        draft.put_answers({"1.3": Answer(ticks=(True, False, True))}),
        draft.put_answers({"1.3": Answer(ticks=(True, None, True))}),
        draft.put_answers({"2.4": Answer(value=D("0.12"))}),
        draft.put_answers({"2.4": Answer(value=D("1"))}),
        draft.put_figure("budget", D("100.00")),
        draft.put_unit(Unit(name="外事办")),
        draft.put_adjustments((Adjustment(matter="表彰", points=D(8)),)),
        draft.put_entries(FULL, "填入“样例.toml”"),
        draft.put_answers({"1.1": Answer(met=True), "1.2": Answer(points=D(1))}),
        draft.put_entries(Entries(declared=Declared(total=D(9))), ""),
        draft.put_entries(Entries(declared=Declared(total=D(8))), ""),
    ]
    assert [effect.words if effect else None for effect in said] == [
        "1.3 各条 空 → 是 1 条、否 1 条",
        "1.3 第 3 条 空 → 是",
        "1.3 第 2 条 否 → 空",
        "2.4 比率 空 → 12%",
        "2.4 比率 12% → 100%",
        "数据“预算数” 空 → 100",
        "填报单位 空 → 外事办",
        "其他事项第 1 项分值 空 → 8",
        "填入“样例.toml”",
        "1.2 得分 12.5 → 1 等 2 处",
        "1.2 得分 1 → 空 等 14 处",
        "填列数合计 9 → 8",
    ]


def test_undo_survives_closing(draft, path):
    draft.put_answers({"1.1": Answer(met=True)})
    draft.put_answers({"1.1": Answer(met=False)})
    draft.undo()
    draft.close()
    with Draft.open(path) as again:
        assert (again.undo_text, again.redo_text) == ("撤销：1.1 是否符合 是 → 空", "重做：1.1 是否符合 是 → 否")
        again.undo()
        again.redo()
        again.redo()
        assert again.entries.answers == {"1.1": Answer(met=False)}
        assert again.redo() is None


def test_a_new_edit_abandons_what_was_undone_but_history_keeps_it(draft, path):
    for points in (1, 2, 3):
        draft.put_answers({"1.2": Answer(points=D(points))})
    draft.undo()
    draft.undo()
    draft.put_answers({"1.2": Answer(points=D(9))})
    assert draft.redo_text == ""
    assert draft.redo() is None
    draft.undo()
    assert draft.entries.answers == {"1.2": Answer(points=D(1))}
    draft.close()
    kept = rows_of(path, "SELECT id, kind, state, target FROM step ORDER BY id")
    assert kept == [
        (1, "start", None, None),
        (2, "edit", "done", None),
        (3, "edit", "abandoned", None),
        (4, "edit", "abandoned", None),
        (5, "undo", None, 4),
        (6, "undo", None, 3),
        (7, "edit", "undone", None),
        (8, "undo", None, 7),
    ]


def test_a_paste_is_one_step(draft):
    draft.put_answers({"1.1": Answer(met=True), "1.2": Answer(points=D(4)), "2.3": Answer(option="高于")}, "粘贴 3 行")
    assert draft.undo_text == "撤销：粘贴 3 行"
    draft.undo()
    assert draft.entries == Entries()
    assert draft.redo_text == "重做：粘贴 3 行"


def test_the_history_names_when_where_before_and_after(draft, path):
    draft.put_answers({"1.2": Answer(points=D(2))})
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.close()
    statement = "SELECT at, scope, key, field, before, after FROM step JOIN change ON step = id WHERE id = 3"
    assert rows_of(path, statement) == [("2023-01-05T09:00:04+00:00", "answer", "1.2", "points", "2", "3")]


def test_an_edit_writes_the_summary_only_when_it_says_something_else(draft, path, clock, monkeypatch):
    written = []
    draft._database.sql.set_trace_callback(lambda text: written.append(text) if "summary" in text else None)
    draft.put_answers({"1.2": Answer(points=D(2))})
    assert written == []
    draft.put_unit(Unit(name="外事办"))
    assert len(written) == 1
    draft.close()
    monkeypatch.setattr(summary, "PROGRAM", "selfassess 99")
    with Draft.open(path, clock=clock) as again:
        again.put_answers({"1.2": Answer(points=D(3))})
    assert rows_of(path, "SELECT unit, program FROM summary") == [("外事办", "selfassess 99")]


def test_a_damaged_history_stops_undo_and_nothing_else(draft, path, clock):
    draft.put_answers({"1.2": Answer(points=D(2))})
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE change SET before = '19' WHERE step = 3")
        sql.commit()
    with Draft.open(path, clock=clock) as again:
        with pytest.raises(StoreError, match="E332"):
            again.undo()
        assert again.entries.answers == {"1.2": Answer(points=D(3))}
        again.put_answers({"1.2": Answer(points=D(5))})
        again.undo()
        assert again.entries.answers == {"1.2": Answer(points=D(3))}


# ----------------------------------------------------------------------------------------------------------- catalogue
def corrected(catalogue, **changed):
    first = catalogue.categories[0]
    row = replace(first.indicators[0], **changed)
    return replace(
        catalogue, categories=(replace(first, indicators=(row, *first.indicators[1:])), *catalogue.categories[1:])
    )


def test_a_correction_is_kept_and_is_one_step(draft, path, catalogue):
    better = corrected(catalogue, name="更正的名称", full_points=D(18))
    draft.put_answers({"1.1": Answer(met=True)})
    assert draft.scorecard.row("1.1").points == D(20)
    effect = draft.put_catalogue(better, "更正 1.1")
    assert effect is not None
    assert effect.scopes == frozenset({"catalogue"})
    assert draft.scorecard.row("1.1").points == D(18)
    draft.close()
    with Draft.open(path) as again:
        assert again.catalogue == better
        assert again.undo_text == "撤销：更正 1.1"
        again.undo()
        assert again.catalogue == catalogue
        assert again.scorecard.row("1.1").points == D(20)
        again.redo()
        assert again.catalogue == better
    assert len(rows_of(path, "SELECT sha256 FROM catalogue")) == 2


def test_an_answer_that_a_correction_made_unfit_keeps_no_other_from_being_stored(draft, catalogue):
    draft.put_answers({"1.1": Answer(override=Override(points=D(20), reason="核定"))})
    draft.put_catalogue(corrected(catalogue, full_points=D(18)), "更正 1.1")
    others = {**draft.entries.answers, "1.2": Answer(points=D(3))}
    assert draft.put_entries(replace(draft.entries, answers=others), "填入") is not None
    assert draft.scorecard.row("1.2").points == D(3)
    unfit = {"1.1": Answer(override=Override(points=D(19), reason="核定"))}
    with pytest.raises(InputError, match="E102"):
        draft.put_entries(replace(draft.entries, answers=unfit), "填入")


def test_a_correction_may_not_change_codes_or_lose_figures(draft, catalogue):
    draft.put_figure("budget", D(1))
    with pytest.raises(InputError, match=r"1\.1、1\.9"):
        draft.put_catalogue(corrected(catalogue, code="1.9"), "更正")
    with pytest.raises(InputError, match="二"):
        draft.put_catalogue(replace(catalogue, categories=catalogue.categories[:1]), "更正")
    with pytest.raises(InputError, match="budget"):
        draft.put_catalogue(replace(catalogue, figures=catalogue.figures[1:]), "更正")
    assert draft.catalogue == catalogue


def test_a_correction_that_no_catalogue_may_hold_is_refused(draft, catalogue):
    with pytest.raises(CatalogueError):
        draft.put_catalogue(corrected(catalogue, full_points=D("-3")), "更正")
    assert draft.catalogue == catalogue


# ------------------------------------------------------------------------------------------------------------ evidence
def test_evidence_lies_inside_once_however_often_it_is_attached(draft, path):
    draft.attach("1.1", "批复.pdf", b"scan" * 9999, pages=3)
    (one,) = draft.evidence()
    draft.put_evidence(replace(one, number="藏财预〔2022〕1号", date="2022-03-01"))
    draft.attach("1.2", "同一批复.pdf", b"scan" * 9999)
    first, second = draft.evidence()
    assert (first.name, first.number, first.date, first.pages) == ("批复.pdf", "藏财预〔2022〕1号", "2022-03-01", 3)
    assert draft.evidence_counts == {"1.1": 1, "1.2": 1}
    assert draft.evidence("1.2") == (second,)
    assert draft.evidence_bytes(second) == b"scan" * 9999
    draft.close()
    assert rows_of(path, "SELECT count(*), max(size) FROM blob") == [(1, 39996)]
    with Draft.open(path) as again:
        assert again.evidence() == (first, second)


def test_two_documents_of_the_same_name_stay_two(draft):
    draft.attach("1.1", "扫描件.pdf", b"one")
    draft.attach("1.1", "扫描件.pdf", b"two")
    one, two = draft.evidence("1.1")
    assert (draft.evidence_bytes(one), draft.evidence_bytes(two)) == (b"one", b"two")


def test_taking_evidence_off_can_be_undone_and_keys_are_never_used_again(draft):
    draft.attach("1.1", "甲.pdf", b"one")
    (one,) = draft.evidence()
    draft.detach(one)
    assert draft.evidence() == ()
    draft.attach("1.1", "乙.pdf", b"two")
    (two,) = draft.evidence()
    assert two.key != one.key
    draft.undo()
    draft.undo()
    assert draft.evidence() == (one,)
    assert draft.evidence_bytes(one) == b"one"


def test_an_empty_or_huge_document_is_refused(draft, monkeypatch):
    with pytest.raises(StoreError, match=r"E323.*空白\.pdf.*空的"):
        draft.attach("1.1", "空白.pdf", b"")
    monkeypatch.setattr(evidence, "MOST_BYTES", 2 * 1024 * 1024)
    with pytest.raises(StoreError, match=r"E323.*超过 2 MB"):
        draft.attach("1.1", "大.pdf", bytes(2 * 1024 * 1024 + 1))
    assert draft.evidence() == ()


def test_evidence_is_written_and_read_in_pieces(draft, monkeypatch):
    monkeypatch.setattr(evidence, "_PIECE", 7)
    pieces = []
    draft.attach("1.1", "甲.pdf", b"0123456789")
    draft.attach("1.2", "乙.pdf", bytearray(b"0123456789"))
    draft.copy_evidence(draft.evidence("1.2")[0], pieces.append)
    assert pieces == [b"0123456", b"789"]


def test_a_failure_of_the_place_it_is_copied_to_flies_and_the_draft_goes_on(draft):
    def refuse(_: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    draft.attach("1.1", "甲.pdf", b"one")
    (one,) = draft.evidence()
    with pytest.raises(OSError, match="full"):
        draft.copy_evidence(one, refuse)
    draft.detach(one)
    assert draft.undo() is not None
    assert draft.evidence_bytes(one) == b"one"


def test_damaged_evidence_is_named(draft, path):
    draft.attach("1.1", "甲.pdf", b"one")
    (one,) = draft.evidence()
    draft.close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE blob SET content = X'00'")
        sql.commit()
    with Draft.open(path) as again, pytest.raises(StoreError, match=r"E324.*甲\.pdf"):
        again.evidence_bytes(one)


# ---------------------------------------------------------------------------------------------------------------- file
def test_the_file_says_what_it_is(draft, path):
    draft.close()
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == FORMAT_VERSION
    assert header[68:72] == b"ZPB1"
    assert header[18:20] == b"\x01\x01"  # not WAL: the one file is the whole draft
    assert rows_of(path, "PRAGMA integrity_check") == [("ok",)]


def test_the_connection_keeps_the_promises_of_the_design(draft):
    sql = draft._database.sql
    asked = {
        name: sql.execute(f"PRAGMA {name}").fetchone()[0] for name in ("locking_mode", "journal_mode", "synchronous")
    }
    assert asked == {"locking_mode": "exclusive", "journal_mode": "delete", "synchronous": 3}
    strict = sql.execute("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0").fetchone()[0]
    assert strict == 1  # sqlite_schema itself


@pytest.mark.parametrize(
    "name",
    [
        "绩效自评 2022.zpb",
        "100%完成.zpb",
        "什么?#还有&=+.zpb",
        "%41%2F..zpb",
        "file:memory?mode=ro.zpb",
        "'; DROP TABLE entry; --.zpb",
        "\N{GRINNING FACE}.zpb",
        "无扩展名",
        "甲" * 79 + ".zpb",
        "a" * 200 + ".zpb",
    ],
)
def test_every_name_that_the_disk_takes_works(tmp_path, catalogue, name):
    path = tmp_path / name
    with Draft.create(path, catalogue) as made:
        made.put_answers({"1.1": Answer(met=True)})
        made.save_as(tmp_path / f"副{name[3:]}")
    with Draft.open(path) as again:
        assert again.entries.answers == {"1.1": Answer(met=True)}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_path_of_two_hundred_characters_works(tmp_path, catalogue):
    folder = tmp_path
    while len(str(folder)) < 190:
        folder /= "资料 100%"
    folder.mkdir(parents=True)
    path = folder / "草稿123456.zpb"
    assert len(str(path)) >= 200
    with Draft.create(path, catalogue) as made:
        made.put_answers({"1.1": Answer(met=True)})


@pytest.mark.parametrize("name", ["长" * 90 + ".zpb", "/".join(["文件夹" * 20] * 4) + "/草稿.zpb"])
def test_a_path_too_long_for_the_disk_is_refused_with_its_length(tmp_path, catalogue, name):
    with pytest.raises(StoreError, match=r"E321.*字节"):
        Draft.create(tmp_path / name, catalogue)


def test_a_link_leads_to_the_draft_itself(draft, path, tmp_path):
    draft.close()
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "快捷.zpb"
    link.symlink_to(path)
    with Draft.open(link) as opened:
        assert opened.path == path
        with pytest.raises(StoreError, match="E309"):
            Draft.open(path)
    assert [one.name for one in link.parent.iterdir()] == ["快捷.zpb"]


def test_a_journal_left_by_a_deleted_draft_is_not_played_into_a_new_one(path, catalogue):
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x00" * 504 + b"old page")
    left = journal.read_bytes()
    with Draft.create(path, catalogue) as made:
        assert made.entries == Entries()
        assert not made.notice
    assert path.with_name(path.name + "-journal-不符1").read_bytes() == left


def test_a_disk_without_links_takes_a_new_draft_too(path, catalogue, monkeypatch):
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "FAT has no links")

    monkeypatch.setattr(os, "link", no_links)
    with Draft.create(path, catalogue) as made:
        made.put_answers({"1.1": Answer(met=True)})
    before = path.read_bytes()
    with pytest.raises(StoreError, match="E320"):
        Draft.create(path, catalogue)
    with pytest.raises(StoreError, match="E320"):
        creation.name_new(path, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_two_who_make_the_same_draft_at_once_do_not_overwrite_each_other(path, tmp_path):
    """The second found no file when it looked, and finds one when it gives its own the name."""
    mine, theirs = tmp_path / "mine", path
    mine.write_text("mine")
    theirs.write_text("theirs")
    with pytest.raises(StoreError, match="E320"):
        creation.name_new(mine, theirs)
    assert theirs.read_text() == "theirs"


def test_who_comes_second_to_a_name_leaves_the_journal_of_who_came_first(path, catalogue, clock):
    """It is what brings the first one's draft back after a kill."""
    with creation.beside(path) as mine:
        creation.build(mine, catalogue, Entries(), clock())
        with Draft.create(path, catalogue) as theirs:
            theirs.put_answers({"1.1": Answer(met=True)})
            before = journal_of(path).stat().st_ino
            with pytest.raises(StoreError, match="E320"):
                creation.name_new(mine, path)
            assert journal_of(path).stat().st_ino == before
            theirs.put_answers({"1.1": Answer(met=False)})
    assert list(path.parent.iterdir()) == [path]


def test_nobody_opens_a_new_draft_before_a_journal_that_was_left_is_out_of_its_way(path, catalogue, clock, monkeypatch):
    journal_of(path).write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x00" * 504 + b"old page")
    tried: list[str] = []

    def somebody_opens(journal: Path) -> None:
        found = subprocess.run([sys.executable, "-c", OPEN, str(path)], check=True, capture_output=True, text=True)
        tried.append(found.stdout.strip())
        place.set_aside(journal)

    monkeypatch.setattr(creation, "set_aside", somebody_opens)
    with creation.beside(path) as mine:
        creation.build(mine, catalogue, Entries(), clock())
        creation.name_new(mine, path)
    assert tried == ["E308"]
    with Draft.open(path) as made:
        assert made.entries == Entries()


def test_what_was_left_is_swept_from_the_folder_in_which_the_draft_really_lies(path, tmp_path, catalogue):
    Draft.create(path, catalogue).close()
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    mine = temporary.beside(path, "zpb-new")
    left = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-"))
    left.write_bytes(b"half")
    (tmp_path / "别处").mkdir()
    (tmp_path / "别处" / "快捷.zpb").symlink_to(path)
    Draft.open(tmp_path / "别处" / "快捷.zpb").close()
    assert not left.exists()


def test_nothing_is_overwritten_by_a_new_draft(path, catalogue):
    path.write_text("别人的文件")
    with pytest.raises(StoreError, match="E320"):
        Draft.create(path, catalogue)
    assert path.read_text() == "别人的文件"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


# ----------------------------------------------------------------------------------------------------------- the end
ASKED = {
    "an edit": lambda draft: draft.put_answers({"1.1": Answer(met=False)}),
    "undo": Draft.undo,
    "redo": Draft.redo,
    "a document": lambda draft: draft.attach("1.1", "乙.pdf", b"other"),
    "a document's end": lambda draft: draft.detach(*draft.evidence()),
    "a document's bytes": lambda draft: draft.evidence_bytes(*draft.evidence()),
    "restore points": Draft.restore_points,
    "a copy": lambda draft: draft.save_as(draft.path.with_name("副本.zpb"), switch=True),
    "an automatic copy": Draft.as_source,
}


@pytest.mark.parametrize("asked", ASKED)
def test_whatever_is_asked_of_a_closed_draft_is_refused_in_words_and_changes_nothing(draft, path, asked):
    """A field is left when its window goes, and stores what stands in it."""
    draft.attach("1.1", "甲.pdf", b"scan")
    draft.put_answers({"1.1": Answer(met=True)})
    draft.put_answers({"1.2": Answer(points=D(3))})
    draft.undo()
    draft.close()
    before, content, told = draft.entries, path.read_bytes(), []
    draft.refused = told.append
    with pytest.raises(StoreError, match=r"E397.*已经关闭.*没有保存"):
        ASKED[asked](draft)
    assert told == []
    assert (draft.entries, path.read_bytes()) == (before, content)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert (draft.trouble, draft.glimpse()) == (None, None)
