"""The document: one live result for every window, told by signals after everything is whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication

from selfassess.catalogue.loader import load
from selfassess.document import Document, looking
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.domain.finding import Finding
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.domain.rules import AllOrNothing
from selfassess.domain.scorecard import Scorecard
from selfassess.errors import InputError, StoreError
from selfassess.scoring import find, score
from selfassess.store import owner, summary
from selfassess.store.draft import Draft
from selfassess.store.joining import compare_drafts
from selfassess.store.merging import proposed

D = Decimal
FORM = Path(__file__).parents[2] / "catalogues" / "xizang-dept-budget" / "2022.toml"
LAST_YEAR = PreviousYear(
    unit="外事办",
    year="2021",
    title="自评表",
    rows={"1.1": PreviousRow(name="制度", full_points=D(2), points=D(1), reason="迟报")},
)
SIGNALS = (
    "catalogue_changed",
    "unit_changed",
    "figures_changed",
    "adjustments_changed",
    "previous_changed",
    "answer_changed",
    "evidence_changed",
    "scorecard_changed",
    "findings_changed",
    "undo_changed",
    "saved",
    "turned",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(FORM)


@pytest.fixture
def met(catalogue: Catalogue) -> str:
    """Code of an all-or-nothing row."""
    return next(row.code for _, row in catalogue.indicators() if isinstance(row.rule, AllOrNothing))


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2023, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def document(qapp: object, tmp_path: Path, catalogue: Catalogue) -> Iterator[Document]:
    made = Document.create(tmp_path / "草稿.zpb", catalogue, clock=Clock())
    yield made
    made.close()


class Listener:
    """Hears every signal, and looks at the document at that moment."""

    def __init__(self, document: Document) -> None:
        self.heard: list[str] = []
        self.values: dict[str, list[object]] = {}
        self.whole = True
        self._document = document
        for name in SIGNALS:
            getattr(document, name).connect(lambda *values, name=name: self._hear(name, *values))

    def _hear(self, name: str, *values: object) -> None:
        self.heard.append(name)
        self.values.setdefault(name, []).extend(values)
        one = self._document
        card = score(one.catalogue, one.entries)
        self.whole &= one.scorecard == card and one.findings == find(
            one.catalogue, one.entries, card, previous=one.previous, evidence=one.draft.evidence_counts
        )


def test_a_new_document_has_its_result_at_once(document, catalogue):
    assert document.catalogue == catalogue
    assert document.entries == Entries()
    assert document.scorecard == score(catalogue, Entries())
    assert document.findings == find(catalogue, Entries(), document.scorecard, evidence={})
    assert (document.undo_text, document.redo_text) == ("", "")


def test_an_edit_tells_everybody_once_and_in_order(document, met):
    listener = Listener(document)
    document.put_answer(met, Answer(met=True))
    assert listener.heard == ["answer_changed", "scorecard_changed", "findings_changed", "undo_changed", "saved"]
    assert listener.values["answer_changed"] == [met]
    assert listener.values["saved"] == [document.saved_at]
    (card,) = listener.values["scorecard_changed"]
    assert isinstance(card, Scorecard)
    assert card is document.scorecard
    (findings,) = listener.values["findings_changed"]
    assert findings == document.findings
    assert isinstance(findings, tuple)
    assert isinstance(findings[0], Finding)


def test_whoever_hears_a_signal_reads_a_whole_new_state(document, met):
    listener = Listener(document)
    document.put_answer(met, Answer(met=False))
    document.put_unit(Unit(name="外事办"))
    document.put_figure("budget", D("18966.53"))
    document.put_adjustments((Adjustment(matter="表彰", points=D(8)),))
    document.put_entries(Entries(unit=Unit(name="财政厅"), answers={met: Answer(met=True)}), "填入")
    document.put_catalogue(replace(document.catalogue, purpose="更正过"), "更正")
    document.put_previous(LAST_YEAR)
    document.attach(met, "批复.pdf", b"scan")
    document.undo()
    document.redo()
    assert listener.whole
    assert set(listener.heard) == set(SIGNALS)


def test_undo_and_redo_tell_where_they_changed_something_first(document, met):
    listener = Listener(document)
    document.put_answer(met, Answer(met=False))
    document.put_unit(Unit(unit_class="A"))
    document.put_figure("budget", D("18966.53"))
    document.put_adjustments((Adjustment(matter="表彰", points=D(8)),))
    document.put_catalogue(replace(document.catalogue, purpose="更正过"), "更正")
    assert "turned" not in listener.heard
    for _ in range(5):
        document.undo()
    assert listener.values["turned"] == ["", "adjustment.0", "figure.budget", "unit.class", met]
    document.redo()
    assert listener.values["turned"][-1] == met


def test_an_edit_that_changes_nothing_tells_nobody(document, met):
    document.put_answer(met, Answer(met=True))
    listener = Listener(document)
    saved = document.saved_at
    document.put_answer(met, Answer(met=True))
    document.put_answers({}, "空")
    document.put_unit(Unit())
    document.put_figure("budget", None)
    document.put_adjustments(())
    document.put_previous(None)
    document.put_entries(document.entries, "同样")
    document.put_catalogue(document.catalogue, "同样")
    assert document.redo() is None
    assert listener.heard == []
    assert document.saved_at == saved


def test_a_remark_changes_the_row_and_leaves_the_findings_alone(document, met):
    document.put_answer(met, Answer(met=True))
    listener = Listener(document)
    document.put_answer(met, Answer(met=True, remark="附说明"))
    assert listener.heard == ["answer_changed", "scorecard_changed", "undo_changed", "saved"]


def test_an_answer_that_does_not_fit_changes_nothing_and_tells_nobody(document, met):
    document.put_answer(met, Answer(met=True))
    listener = Listener(document)
    before = document.entries, document.scorecard, document.findings
    with pytest.raises(InputError):
        document.put_answers({met: Answer(met=False), "1.1": Answer(points=D(99))}, "粘贴")
    assert (document.entries, document.scorecard, document.findings) == before
    assert listener.heard == []


def test_a_disk_that_refuses_leaves_the_old_value_on_the_screen_and_tells_nobody(document, met):
    document.put_answer(met, Answer(met=True))
    listener = Listener(document)
    before = document.entries, document.scorecard, document.findings, document.saved_at, document.undo_text
    document.draft._database.sql.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="E312"):
        document.put_unit(Unit(name="长" * 9000))
    now = document.entries, document.scorecard, document.findings, document.saved_at, document.undo_text
    assert now == before
    assert listener.heard == []
    document.draft._database.sql.execute("PRAGMA max_page_count = 100000")
    document.put_unit(Unit(name="长" * 9000))
    assert listener.heard[-1] == "saved"


def test_a_paste_is_one_step_and_names_each_row(document, catalogue):
    codes = [row.code for _, row in catalogue.indicators() if isinstance(row.rule, AllOrNothing)][:3]
    listener = Listener(document)
    document.put_answers({code: Answer(met=True) for code in codes}, "粘贴 3 行")
    assert listener.values["answer_changed"] == codes
    assert listener.heard.count("scorecard_changed") == 1
    assert document.undo() == "撤销：粘贴 3 行"
    assert document.entries == Entries()
    assert document.redo() == "重做：粘贴 3 行"
    assert sorted(document.entries.answers) == sorted(codes)


def test_undo_and_redo_say_what_they_did(document, met):
    document.put_answer(met, Answer(met=True))
    document.put_answer(met, Answer(met=False))
    assert document.undo_text == f"撤销：{met} 是否符合 否 → 是"
    assert document.undo() == f"撤销：{met} 是否符合 否 → 是"
    assert document.redo_text == f"重做：{met} 是否符合 是 → 否"
    assert all((document.undo_text, document.redo_text))
    assert document.redo() == f"重做：{met} 是否符合 是 → 否"
    assert document.redo_text == ""


def test_a_supporting_document_is_one_step_told_of_its_row(document, met):
    listener = Listener(document)
    document.attach(met, "批复.pdf", b"scan", pages=3)
    assert listener.heard == ["evidence_changed", "scorecard_changed", "findings_changed", "undo_changed", "saved"]
    assert listener.values["evidence_changed"] == [met]
    (one,) = document.evidence(met)
    assert (one.name, one.pages, document.draft.evidence_bytes(one)) == ("批复.pdf", 3, b"scan")
    document.put_evidence(replace(one, number="藏财预〔2022〕1号", pages=4))
    document.put_evidence(replace(one, number="藏财预〔2022〕1号", pages=4))
    document.detach(one)
    document.detach(one)
    assert listener.values["evidence_changed"] == [met] * 3
    assert document.evidence(met) == ()
    assert listener.whole


def test_undo_and_redo_of_a_supporting_document_lead_to_its_row(document, met):
    document.attach(met, "批复.pdf", b"scan")
    (one,) = document.evidence(met)
    document.put_evidence(replace(one, pages=4))
    document.detach(one)
    listener = Listener(document)
    assert document.undo() == f"撤销：{met} 移除佐证材料“批复.pdf”"
    assert document.evidence(met) == (replace(one, pages=4),)
    assert document.undo() == f"撤销：{met} 修改佐证材料“批复.pdf”"
    assert document.undo() == f"撤销：{met} 加入佐证材料“批复.pdf”"
    assert document.evidence(met) == ()
    assert document.redo() == f"重做：{met} 加入佐证材料“批复.pdf”"
    assert document.evidence(met) == (one,)
    assert listener.values["turned"] == listener.values["evidence_changed"] == [met] * 4
    assert listener.whole


def test_a_very_long_name_leaves_room_in_the_menu(document, met):
    document.attach(met, "长" * 200 + ".pdf", b"scan")
    assert document.undo_text == f"撤销：{met} 加入佐证材料“{'长' * 15}…”"
    assert document.evidence(met)[0].name == "长" * 200 + ".pdf"


def test_a_name_that_is_no_text_is_kept_as_far_as_it_can_be_read(document, met):
    document.attach(met, os.fsdecode("批复".encode() + b"\xff.pdf"), b"scan")
    assert document.evidence(met)[0].name == "批复\ufffd.pdf"
    document.undo()
    document.redo()
    assert document.undo_text == f"撤销：{met} 加入佐证材料“批复\ufffd.pdf”"


def test_the_same_document_is_refused_on_its_row_and_taken_on_another(document, met):
    document.attach(met, "批复.pdf", b"scan")
    listener = Listener(document)
    with pytest.raises(StoreError, match=r"E340.*“批复（副本）\.pdf”.*“批复\.pdf”"):
        document.attach(met, "批复（副本）.pdf", b"scan")
    assert listener.heard == []
    document.attach("1.1", "批复.pdf", b"scan")
    assert len(document.evidence("1.1")) == 1


def test_particulars_of_a_document_that_is_gone_are_a_bug_of_the_caller(document, met):
    document.attach(met, "批复.pdf", b"scan")
    (one,) = document.evidence(met)
    document.detach(one)
    with pytest.raises(KeyError):
        document.put_evidence(replace(one, pages=4))


def test_a_disk_that_refuses_a_document_keeps_those_that_are_there(document, met):
    document.attach(met, "甲.pdf", b"scan")
    listener = Listener(document)
    document.draft._database.sql.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="E312"):
        document.attach(met, "乙.pdf", b"x" * 100_000)
    assert [one.name for one in document.evidence(met)] == ["甲.pdf"]
    assert listener.heard == []
    document.draft._database.sql.execute("PRAGMA max_page_count = 100000")
    document.attach(met, "乙.pdf", b"x" * 100_000)
    assert [one.name for one in document.evidence(met)] == ["甲.pdf", "乙.pdf"]


def test_a_document_may_be_taken_in_by_another_thread_and_is_told_by_this_one(document, met):
    heard_in = []
    document.evidence_changed.connect(lambda _: heard_in.append(threading.current_thread()))

    def beside(edit):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(edit).result()

    listener = Listener(document)
    document.attach(met, "大.pdf", b"x" * 1_000_000, beside=beside)
    assert heard_in == [threading.current_thread()]
    assert listener.whole
    document.put_answer(met, Answer(met=True))
    assert document.undo() == f"撤销：{met} 是否符合 是 → 空"


def test_edits_of_two_threads_wait_for_each_other(document, met):
    names = [f"{number}.pdf" for number in range(20)]
    with ThreadPoolExecutor(2) as pool:
        taking = [pool.submit(document.draft.attach, met, name, name.encode()) for name in names]
        for number in range(20):
            document.put_answer(met, Answer(met=bool(number % 2)))
        assert all(one.result() for one in taking)
    assert sorted(one.name for one in document.evidence(met)) == sorted(names)
    document.close()
    with Draft.open(document.path) as again:  # its checksum holds
        assert again.entries.answer(met) == Answer(met=True)
        assert len(again.evidence(met)) == 20


def test_a_copy_has_the_documents_and_their_history(document, met, tmp_path):
    document.attach(met, "批复 50%.pdf", b"scan")
    document.save_as(tmp_path / "副本.zpb", switch=True)
    (one,) = document.evidence(met)
    assert document.draft.evidence_bytes(one) == b"scan"
    document.undo()
    assert document.evidence(met) == ()
    document.redo()
    with Draft.open(tmp_path / "草稿.zpb") as original:
        assert original.evidence(met) == (one,)


def test_documents_that_a_dying_disk_keeps_are_not_shown_in_the_copy_any_more(document, met, tmp_path):
    document.put_answer(met, Answer(met=True))
    document.attach(met, "批复.pdf", b"scan")
    size = document.path.stat().st_size
    with document.path.open("r+b") as file:  # every page but the first is noise now
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    document.draft._database.sql.execute("PRAGMA shrink_memory")
    listener = Listener(document)
    assert "佐证材料“批复.pdf”没有带过来" in document.save_as(tmp_path / "救出.zpb", switch=True)
    assert listener.heard == ["evidence_changed", "findings_changed", "undo_changed", "saved"]
    assert listener.values["evidence_changed"] == [met]
    assert document.evidence(met) == ()
    assert listener.whole


def test_undo_survives_a_restart(document, met):
    document.put_answer(met, Answer(met=True))
    document.put_unit(Unit(name="外事办"))
    saved = document.saved_at
    document.close()
    again = Document.open(document.path, clock=Clock())
    try:
        assert again.saved_at == saved
        again.undo()
        again.undo()
        assert again.entries == Entries()
        assert again.redo() == f"重做：{met} 是否符合 空 → 是"
    finally:
        again.close()


def test_last_years_form_is_taken_in_and_out_and_undone_telling_everybody(document):
    assert document.previous is None
    listener = Listener(document)
    document.put_previous(LAST_YEAR)
    assert listener.heard == ["previous_changed", "scorecard_changed", "undo_changed", "saved"]
    assert document.previous == LAST_YEAR
    assert document.undo() == "撤销：对照上年自评表"
    assert document.previous is None
    assert listener.heard.count("previous_changed") == 2
    document.redo()
    document.put_previous(None)
    assert (document.previous, document.undo_text) == (None, "撤销：不再对照上年")


def test_a_reason_taken_over_from_last_year_is_a_finding_as_soon_as_both_are_there(document):
    document.put_answer("1.1", Answer(points=D(1), reason="迟报"))
    document.put_previous(LAST_YEAR)
    assert "F221" in [found.code for found in document.findings]
    document.undo()
    assert "F221" not in [found.code for found in document.findings]


def test_a_listener_may_edit_while_it_hears(document, met):
    def answer_too(_: str) -> None:
        document.put_unit(Unit(name="外事办"))

    document.answer_changed.connect(answer_too)
    listener = Listener(document)
    document.put_answer(met, Answer(met=True))
    assert document.entries == Entries(unit=Unit(name="外事办"), answers={met: Answer(met=True)})
    assert listener.whole


def test_saving_elsewhere_and_going_on_there(document, met, tmp_path):
    document.put_answer(met, Answer(met=True))
    listener = Listener(document)
    assert document.save_as(tmp_path / "副本.zpb") == ""
    assert document.path.name == "草稿.zpb"
    assert listener.heard == []
    assert document.save_as(tmp_path / "去处.zpb", switch=True) == ""
    assert document.path.name == "去处.zpb"
    assert listener.heard == ["undo_changed", "saved"]
    assert document.undo() == f"撤销：{met} 是否符合 是 → 空"


def long_form(catalogue: Catalogue) -> Catalogue:
    """The form with its first category repeated until it has more than 500 rows."""
    first = catalogue.categories[0]
    rows = [replace(row, code=f"1.{number}") for number in range(1, 600) for row in first.indicators[1:2]]
    return replace(catalogue, categories=(replace(first, indicators=tuple(rows)), *catalogue.categories[1:]), checks=())


def test_a_long_form_tells_its_findings_a_moment_later_but_has_them_at_once(qtbot, tmp_path, catalogue):
    document = Document.create(tmp_path / "长表.zpb", long_form(catalogue))
    listener = Listener(document)
    before = document.findings
    document.put_answer("1.7", Answer(met=True))
    document.put_answer("1.8", Answer(met=True))
    assert "findings_changed" not in listener.heard
    assert document.findings != before
    qtbot.waitUntil(lambda: "findings_changed" in listener.heard)
    assert listener.heard.count("findings_changed") == 1
    assert listener.values["findings_changed"] == [document.findings]
    assert listener.whole
    document.close()


def test_a_document_can_be_thrown_away_with_findings_still_to_tell(qtbot, tmp_path, catalogue):
    document = Document.create(tmp_path / "长表.zpb", long_form(catalogue))
    document.put_answer("1.7", Answer(met=True))
    document.close()
    document.deleteLater()
    qtbot.wait(10)


# ------------------------------------------------------------------------------------------------ looking on, merging


def test_what_is_looked_at_is_read_only_and_tells_everything_anew_when_looked_at_again(document, qtbot):
    path = document.path
    document.close()
    seen = Document.look(path)
    try:
        assert (seen.read_only, document.read_only) == (True, False)
        with Draft.open(path) as theirs:
            theirs.put_unit(Unit(name="另一局"))
        signals = [seen.catalogue_changed, seen.unit_changed, seen.figures_changed, seen.scorecard_changed, seen.saved]
        with qtbot.waitSignals(signals, timeout=1000):
            seen.look_again()
        assert seen.entries.unit.name == "另一局"
    finally:
        seen.close()


@pytest.fixture
def watched(qapp: object, tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Document]:
    """A document whose file is looked at often."""
    monkeypatch.setattr(looking, "_EVERY", 20)
    made = Document.create(tmp_path / "看着的.zpb", catalogue)
    yield made
    made.close()


def test_an_open_draft_renews_its_note_from_time_to_time_beside_the_window(watched, qtbot, monkeypatch):
    renewed = list[int]()
    monkeypatch.setattr(owner.os, "utime", lambda _path: renewed.append(threading.get_ident()))
    qtbot.wait(100)
    assert renewed == []
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    qtbot.waitUntil(lambda: bool(renewed))
    qtbot.wait(100)
    assert len(renewed) == 1
    assert renewed != [threading.get_ident()]
    monkeypatch.setattr(time, "monotonic", lambda: now + 122)
    qtbot.waitUntil(lambda: len(renewed) == 2)
    watched.close()
    monkeypatch.setattr(time, "monotonic", lambda: now + 183)
    qtbot.wait(100)
    assert len(renewed) == 2


def test_a_merge_tells_what_changed_like_any_other_edit(document, tmp_path, qtbot):
    document.save_as(tmp_path / "副本.zpb")
    with Draft.open(tmp_path / "副本.zpb") as theirs:
        theirs.put_unit(replace(theirs.entries.unit, phone="123"))
        pair = compare_drafts(document.draft, theirs, "副本.zpb")
        with qtbot.waitSignals([document.unit_changed, document.undo_changed], timeout=1000):
            assert document.merge(theirs, pair, proposed(pair.comparison)) == "合并自“副本.zpb”"
    assert document.entries.unit.phone == "123"


# ------------------------------------------------------------------------------- a disk that refuses what it has taken
class LastSyncRefused:
    """A connection whose disk takes a commit and then says that it has not, so many times."""

    def __init__(self, sql: sqlite3.Connection, times: int) -> None:
        self._sql = sql
        self.times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._sql, name)

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        found = self._sql.execute(statement, *values)
        if statement == "COMMIT" and self.times:
            self.times -= 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"
            raise error
        return found


def leave_in_doubt(document: Document, edit: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """The file holds what an edit wrote, which is called unknown."""
    before, database = document.entries, document.draft._database
    disk = LastSyncRefused(database.sql, times=2)
    with monkeypatch.context() as patched:
        patched.setattr(database, "sql", disk)
        patched.setattr(database._watch, "_sql", disk)
        with pytest.raises(StoreError, match="E392"):
            edit()
    assert document.entries == before


@pytest.fixture
def doubtful(document: Document, met: str, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A document whose file holds a row that is called unknown."""
    leave_in_doubt(document, lambda: document.put_answer(met, Answer(met=True)), monkeypatch)
    return document


def test_what_was_called_unknown_and_turns_out_to_be_written_is_shown_and_gone_on_with(
    doubtful: Document, met: str, qapp: QCoreApplication
):
    document = doubtful
    heard: list[Scorecard] = []
    document.scorecard_changed.connect(heard.append)
    with pytest.raises(StoreError, match=r"E391.*其实已写入.*再改一次"):
        document.put_unit(Unit(name="外事办"))
    qapp.processEvents()
    assert document.entries == Entries(answers={met: Answer(met=True)})
    assert heard == [score(document.catalogue, document.entries)]
    assert document.draft.trouble is None
    document.put_unit(Unit(name="外事办"))
    document.undo()
    document.undo()
    assert document.entries == Entries()
    document.close()
    with Draft.open(document.path) as again:
        assert again.entries == Entries()


def test_of_a_step_that_arrived_only_what_it_changed_is_told(doubtful: Document, met: str, qapp: QCoreApplication):
    """Fields in which something stands that is not stored yet must not be filled anew for it."""
    listener = Listener(doubtful)
    with pytest.raises(StoreError, match="E391"):
        doubtful.put_unit(Unit(name="外事办"))
    qapp.processEvents()
    assert listener.heard == ["answer_changed", "scorecard_changed", "findings_changed", "undo_changed", "saved"]
    assert listener.values["answer_changed"] == [met]
    assert listener.whole


def test_of_a_correction_that_arrived_everybody_is_told(
    document: Document, met: str, monkeypatch: pytest.MonkeyPatch, qapp: QCoreApplication
):
    corrected = replace(document.catalogue, purpose="更正过")
    leave_in_doubt(document, lambda: document.put_catalogue(corrected, "更正"), monkeypatch)
    listener = Listener(document)
    with pytest.raises(StoreError, match="E391"):
        document.put_unit(Unit(name="外事办"))
    qapp.processEvents()
    assert listener.heard == ["catalogue_changed", "scorecard_changed", "undo_changed", "saved"]
    assert document.catalogue == corrected


def test_of_a_document_that_arrived_its_row_is_told(
    document: Document, met: str, monkeypatch: pytest.MonkeyPatch, qapp: QCoreApplication
):
    leave_in_doubt(document, lambda: document.attach(met, "批复.pdf", b"scan"), monkeypatch)
    listener = Listener(document)
    with pytest.raises(StoreError, match="E391"):
        document.put_unit(Unit(name="外事办"))
    qapp.processEvents()
    assert listener.values["evidence_changed"] == [met]
    assert "catalogue_changed" not in listener.heard


def test_an_edit_that_made_an_earlier_one_turn_up_is_told_as_refused_after_the_news_of_that(
    doubtful: Document, qapp: QCoreApplication
):
    document, heard = doubtful, []
    document.saved.connect(lambda _: heard.append("saved"))
    document.refused.connect(lambda error: heard.append(error.code))
    with pytest.raises(StoreError, match="E391"):
        document.put_unit(Unit(name="外事办"))
    qapp.processEvents()
    assert heard == ["E391", "saved", "E391"]


def test_a_disk_that_refuses_once_more_while_the_step_that_arrived_is_taken_in_is_told_of(
    doubtful: Document, monkeypatch: pytest.MonkeyPatch
):
    document, heard = doubtful, []
    document.refused.connect(lambda error: heard.append(error.code))
    disk = LastSyncRefused(document.draft._database.sql, times=1)
    with monkeypatch.context() as patched:
        patched.setattr(document.draft._database._watch, "_sql", disk)
        with pytest.raises(StoreError, match="E315"):
            document.put_unit(Unit(name="外事办"))
    assert heard == ["E315"]


def test_nobody_can_tell_is_a_trouble_until_the_disk_can_again(
    doubtful: Document, met: str, monkeypatch: pytest.MonkeyPatch, qapp: QCoreApplication
):
    document = doubtful
    disk = LastSyncRefused(document.draft._database.sql, times=2)
    with monkeypatch.context() as patched:
        patched.setattr(document.draft._database._watch, "_sql", disk)
        for _ in range(2):
            document.look_for_trouble()
            assert document.trouble is not None
            assert document.trouble.code == "E392"
    heard = Listener(document).heard
    document.look_for_trouble()
    assert document.trouble is None
    qapp.processEvents()
    assert document.entries == Entries(answers={met: Answer(met=True)})
    assert (heard[0], heard[-1]) == ("answer_changed", "saved")
    document.put_unit(Unit(name="外事办"))


def test_a_draft_that_somebody_else_wrote_while_nobody_could_tell_is_told_as_theirs(doubtful: Document, tmp_path: Path):
    copied = tmp_path / "同事的.zpb"
    shutil.copyfile(doubtful.path, copied)
    with Draft.open(copied) as theirs:
        theirs.put_unit(Unit(name="同事的一天"))
    doubtful.path.write_bytes(copied.read_bytes())
    doubtful.look_for_trouble()
    assert doubtful.trouble is not None
    assert doubtful.trouble.code == "E374"


@pytest.mark.parametrize("which", ["load", "read_lasting"])
def test_a_disk_that_gives_only_half_of_what_arrived_leaves_memory_as_it_was(
    doubtful: Document, met: str, which: str, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_READ, "SQLITE_IOERR_READ"
        raise error

    document = doubtful
    with monkeypatch.context() as patched:
        patched.setattr(summary, which, refuse)
        with pytest.raises(StoreError, match="E315"):
            document.put_unit(Unit(name="外事办"))
    assert document.entries == Entries()
    assert document.scorecard == score(document.catalogue, Entries())
    with pytest.raises(StoreError, match="E391"):
        document.put_unit(Unit(name="外事办"))
    assert document.entries == Entries(answers={met: Answer(met=True)})


def test_saving_elsewhere_after_nobody_could_tell_takes_history_and_documents_along(
    document: Document, met: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QCoreApplication
):
    document.attach("1.1", "批复.pdf", b"scan")
    leave_in_doubt(document, lambda: document.put_answer(met, Answer(met=True)), monkeypatch)
    assert document.save_as(tmp_path / "别处.zpb", switch=True) == ""
    qapp.processEvents()
    assert document.entries == Entries(answers={met: Answer(met=True)})
    document.undo()
    document.undo()
    assert (document.entries, document.evidence("1.1"), document.undo_text) == (Entries(), (), "")
