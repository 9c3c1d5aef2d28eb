"""What goes wrong while somebody fills in the form in the window: it is said in words, and nothing typed is lost."""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox

from selfassess.document import Document
from selfassess.domain.entries import Answer
from selfassess.export.profile import NATIONAL
from selfassess.gui import export_actions, lost_file, messages, saving
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.adjustments_model import Column
from selfassess.gui.export_actions import AnnexExports
from selfassess.gui.main_window import MainWindow
from selfassess.gui.row_panel.fields import LongText, ValueField
from selfassess.gui.settings import Settings
from selfassess.gui.shell import Shell
from selfassess.gui.start_window import StartWindow
from selfassess.gui.table.paste_dialog import PasteDialog
from selfassess.gui.table.pasting import Outcome, PastedCell
from selfassess.gui.tasks import PATIENCE, run_with_progress
from selfassess.intake import answers
from selfassess.paths import Places
from selfassess.store.library import Library
from selfassess.store.owner import note_of

resource = pytest.importorskip("resource", reason="file size limits as POSIX has them")

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"
JUDGED = "3.2"
"""A row of 2022 with a remark and a reason like any other."""
LONG = "材料已由办公室整理归档。" * 2000
"""More than fits into the pages that the file has."""


class Disk:
    """The draft's disk, which can be full for real: SQLite may not take one page more."""

    def __init__(self, document: Document) -> None:
        self._sql = document.draft._database.sql

    def fill(self) -> None:
        self._sql.execute("PRAGMA max_page_count = 1")

    def tidy(self) -> None:
        self._sql.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture
def disk(document) -> Disk:
    return Disk(document)


@pytest.fixture
def window(qtbot, document, places, settings, theme, monkeypatch):
    window = MainWindow(document, places, settings, theme)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.panel is not None)
    yield window
    if shiboken6.isValid(window):
        for where, question in ((messages, "confirm"), (lost_file, "ask_to_close")):  # a test may leave what is asked
            monkeypatch.setattr(where, question, lambda *_given, **_words: True)
        window.close()
        qtbot.waitUntil(lambda: not shiboken6.isValid(window))


def text_field(window: MainWindow, name: str) -> LongText:
    return next(field for field in window.findChildren(LongText) if field.accessibleName() == name)


def value_field(window: MainWindow, name: str) -> ValueField:
    return next(
        field
        for field in window.findChildren(ValueField)
        if field.line.accessibleName() == name and field.line.isVisible()
    )


def type_into(field: LongText, text: str) -> None:
    field.setFocus()
    field.setPlainText(text)


# ----------------------------------------------------------------------------------------------------------- full disk


def test_a_remark_that_a_full_disk_refuses_stays_and_is_stored_when_there_is_room(window, document, disk, qtbot):
    window.show_place(JUDGED)
    remark = text_field(window, "备注")
    disk.fill()
    type_into(remark, LONG)
    remark.flush()
    assert "E312" in window.status.said()
    assert remark.toPlainText() == LONG
    assert document.entries.answer(JUDGED).remark == ""

    window.table.view.setFocus()
    assert remark.toPlainText() == LONG

    disk.tidy()
    remark.setFocus()
    remark.flush()
    assert document.entries.answer(JUDGED).remark == LONG


def test_a_refused_remark_waits_on_its_own_row_and_shows_on_no_other(window, document, disk, qtbot):
    window.show_place(JUDGED)
    disk.fill()
    type_into(text_field(window, "备注"), LONG)
    window.show_place("1.1")
    assert text_field(window, "备注").toPlainText() == ""
    window.show_place(JUDGED)
    assert text_field(window, "备注").toPlainText() == LONG
    disk.tidy()
    window.show_place("1.1")
    assert document.entries.answer(JUDGED).remark == LONG
    assert document.entries.answer("1.1").remark == ""


def test_a_refused_remark_that_was_deleted_again_leaves_nothing_behind(window, document, disk, qtbot):
    window.show_place(JUDGED)
    disk.fill()
    type_into(text_field(window, "备注"), LONG)
    window.show_place("1.1")
    window.show_place(JUDGED)
    type_into(text_field(window, "备注"), "")
    window.show_place("1.1")
    window.show_place(JUDGED)
    assert text_field(window, "备注").toPlainText() == ""


def test_closing_asks_before_a_text_is_lost_that_the_disk_refused(window, document, disk, answering):
    window.show_place(JUDGED)
    disk.fill()
    type_into(text_field(window, "备注"), LONG)
    said: list[str] = []

    def stay(box: QMessageBox) -> None:
        said.append(box.text() + box.informativeText())
        box.buttons()[0].click()

    answering(stay)
    assert not window.close()
    assert f"第 {JUDGED} 行的备注" in said[0]
    assert "另存为" in said[0]
    assert text_field(window, "备注").toPlainText() == LONG

    disk.tidy()
    assert window.close()


def test_closing_all_the_same_is_possible(window, document, disk, answering, qtbot):
    window.show_place(JUDGED)
    disk.fill()
    type_into(text_field(window, "备注"), LONG)
    answering(lambda box: next(one for one in box.buttons() if one.text() == "不保存，关闭").click())
    assert window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(window))


def test_closing_asks_before_a_cell_is_lost_that_the_disk_refused(window, document, disk, answering, qtbot):
    window.show_place(JUDGED)
    disk.fill()
    view = window.table.view
    remark = next(column for column, key in enumerate(view.annex.keys) if key.value == "remark")
    index = view.annex.index(view.annex.row_of(JUDGED), remark)
    view.setCurrentIndex(index)
    view.edit(index)
    editor = view.open_editor()
    editor.put(LONG, selected=False)
    said: list[str] = []

    def stay(box: QMessageBox) -> None:
        said.append(box.text() + box.informativeText())
        box.buttons()[0].click()

    answering(stay)
    assert not window.close()
    assert f"第 {JUDGED} 行的备注" in said[0]
    disk.tidy()
    assert window.close()
    again = Document.open(document.path)
    assert again.entries.answer(JUDGED).remark == LONG.strip()
    again.close()


def test_saving_elsewhere_takes_along_what_the_full_disk_refused_and_goes_on_there(
    window, document, disk, monkeypatch, tmp_path
):
    window.show_place(JUDGED)
    disk.fill()
    type_into(text_field(window, "备注"), LONG)
    window.show_place("2.9")
    type_into(text_field(window, "备注"), LONG)
    elsewhere = tmp_path / "U盘" / "副本.zpb"
    elsewhere.parent.mkdir()
    monkeypatch.setattr(saving, "ask_target", lambda *_: elsewhere)

    window.commands["save_as"].trigger()

    assert "以后填写的内容都保存在那里" in window.status.said()
    assert document.path == elsewhere
    assert [document.entries.answer(code).remark for code in (JUDGED, "2.9")] == [LONG, LONG]


def test_a_draft_deleted_while_open_is_gone_on_with_in_its_copy(window, document, monkeypatch, tmp_path):
    elsewhere = tmp_path / "副本.zpb"
    monkeypatch.setattr(saving, "ask_target", lambda *_: elsewhere)
    document.path.unlink()
    window.show_place(JUDGED)
    remark = text_field(window, "备注")
    type_into(remark, "删除以后写的")
    remark.flush()
    assert "E313" in window.status.said()

    window.commands["save_as"].trigger()

    assert document.path == elsewhere
    assert document.entries.answer(JUDGED).remark == "删除以后写的"


def test_a_large_draft_is_saved_elsewhere_beside_the_window_which_takes_no_command_meanwhile(
    window, document, monkeypatch, tmp_path
):
    elsewhere = tmp_path / "副本.zpb"
    monkeypatch.setattr(saving, "ask_target", lambda *_: elsewhere)
    document.attach(JUDGED, "大.pdf", os.urandom(40_000_000))
    window.show_place(JUDGED)
    window.table.view.setFocus()
    opened: list[bool] = []

    def look_and_close() -> None:
        opened.append(window.isEnabled())
        window.close()

    timer = QTimer(window, interval=5)
    timer.timeout.connect(look_and_close)
    timer.start()
    window.commands["save_as"].trigger()
    timer.stop()

    assert opened
    assert not any(opened)
    assert window.isVisible()
    assert f"已另存为“{elsewhere}”" in window.status.said()
    assert [one.name for one in document.evidence(JUDGED)] == ["大.pdf"]
    assert window.focusWidget() is window.table.view
    copy = Document.open(elsewhere)
    assert [one.name for one in copy.evidence(JUDGED)] == ["大.pdf"]
    copy.close()


def test_closing_asks_when_the_draft_is_no_longer_there(window, document, answering):
    document.path.unlink()
    said: list[str] = []

    def stay(box: QMessageBox) -> None:
        said.append(box.text() + box.informativeText())
        box.buttons()[0].click()

    answering(stay)
    assert not window.close()
    assert "已不在原处" in said[0]
    assert "另存为" in said[0]

    answering(lambda box: next(one for one in box.buttons() if one.text() == "不保存，关闭").click())
    assert window.close()


def test_closing_asks_before_a_field_of_the_unit_is_lost_that_the_disk_refused(window, document, answering):
    document.path.unlink()
    window.show_place("unit.preparer")
    QApplication.focusWidget().setText("次仁")
    said: list[str] = []

    def leave(box: QMessageBox) -> None:
        said.append(box.text() + box.informativeText())
        next(one for one in box.buttons() if one.text() == "不保存，关闭").click()

    answering(leave)
    assert window.close()
    assert "已不在原处" in said[0]
    assert "其中填报人没有保存过" in said[0]


# ------------------------------------------------------------------------------------------------------------- exports


@pytest.mark.parametrize("after", [50, PATIENCE + 200], ids=["before progress shows", "while progress shows"])
def test_closing_the_window_while_it_exports_waits_for_the_export(window, qtbot, after):
    """Closing once took along the loop that waited, and the program hung for ever."""
    closed: list[bool] = []
    finish = threading.Event()
    QTimer.singleShot(after, lambda: closed.append(window.close()))
    QTimer.singleShot(after + 100, finish.set)

    result = run_with_progress(window, "导出", lambda _: finish.wait(10))

    assert result
    assert closed == [False]
    assert window.isEnabled()
    assert window.close()


def test_a_disk_that_fills_up_during_the_export_leaves_the_old_file(window, answering, monkeypatch, tmp_path):
    """A real limit on file sizes stands for the full disk: the system refuses to write on."""
    target = tmp_path / "导出" / "旧.pdf"
    target.parent.mkdir()
    target.write_bytes(b"old")
    monkeypatch.setattr(export_actions, "ask_target", lambda *_: target)
    said: list[str] = []

    def give_up(box: QMessageBox) -> None:
        said.append(box.text())
        box.buttons()[-1].click()

    answering(give_up)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        window.commands["pdf"].trigger()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert "磁盘空间不足" in said[0]
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_whose_name_is_no_text_is_remembered_all_the_same(settings, places):
    """As an old stick may have one: bytes of another encoding, which Python keeps as halves of characters."""
    assert settings.put("export_folder", "/media/U\udcd1/自评")
    assert Settings(places.settings).get("export_folder", "") == "/media/U\udcd1/自评"


@pytest.mark.parametrize("value", ["a" * 5000, "\x00", "/dev/null/x", "nan", "", None, [], {"a": 1}, 5], ids=range(9))
def test_settings_somebody_meddled_with_stop_no_export(window, places, settings, value):
    settings.put("export_folder", value)
    settings.put("print_profile", dict.fromkeys(NATIONAL.__struct_fields__, value))
    exports = AnnexExports(window.document, places, settings, window)
    assert exports.profile == NATIONAL
    assert exports._folder().is_dir()


# -------------------------------------------------------------------------------------------------- refused, gone on


def test_a_rate_that_was_refused_waits_on_its_row_with_its_reason(window, document):
    window.show_place("2.7")
    value_field(window, "预决算偏离度").line.setText("十二点五")
    window.show_place("1.1")
    window.show_place("2.7")
    field = value_field(window, "预决算偏离度")
    assert field.line.text() == "十二点五"
    assert "“十二点五”不是比率" in field._reason.text()
    field.line.setText("12.5%")
    window.show_place("1.1")
    assert document.entries.answer("2.7").value == Decimal("0.125")
    window.show_place("2.7")
    assert value_field(window, "预决算偏离度").line.text() == "12.5%"


def test_a_reason_of_not_applicable_shows_on_its_own_row_only(window, document, disk):
    window.show_place("2.9")
    panel = window.panel
    panel._try({"not_applicable": ""})
    disk.fill()
    field = value_field(window, "不涉及的理由")
    field.line.setText("本单位没有这项业务。" * 3000)
    window.show_place("1.1")
    window.show_place("2.9")
    assert value_field(window, "不涉及的理由").line.text().startswith("本单位没有这项业务。")
    disk.tidy()
    window.show_place("1.1")
    assert document.entries.answer("2.9").not_applicable.startswith("本单位没有这项业务。")
    assert document.entries.answer("1.1").not_applicable is None


# -------------------------------------------------------------------------------------------------------------- pasting


@pytest.fixture
def pasted(window, answering):
    """Pastes a text onto the points of a row; what the preview said of refused and left-out cells."""

    def paste(text: str, place: str, *, accept: bool) -> list[PastedCell]:
        window.show_place(place)
        seen: list[PastedCell] = []

        def look(dialog: PasteDialog) -> None:
            seen.extend(dialog.planned.cells)
            (dialog.accept if accept else dialog.reject)()

        answering(look)
        QApplication.clipboard().setText(text)
        window.commands["paste"].trigger()
        return seen

    return paste


def test_a_block_with_holes_merged_cells_and_extra_rows_enters_what_fits_and_names_the_rest(pasted, document):
    """From 7.1 down: a hole at 7.2, an empty cell for the merged heading of 八, points for 8.1, and a line of notes."""
    cells = pasted("4\n\n\n13\n注：以上\n", "7.1", accept=True)
    assert document.entries.answers == {"7.1": Answer(met=True)}
    assert [(cell.place, cell.text, cell.outcome) for cell in cells] == [
        ("7.1", "4", Outcome.CHANGED),
        ("8.1", "13", Outcome.REFUSED),
        ("", "注：以上", Outcome.SKIPPED),
    ]
    assert "其他事项" in cells[1].why
    assert "表格下边" in cells[2].why
    document.undo()
    assert document.entries.answers == {}


@pytest.mark.parametrize("filled", [True, False], ids=["a million points", "a million empty cells"])
def test_a_whole_column_of_a_million_rows_can_be_pasted_and_is_told_briefly(pasted, document, filled):
    """Told by the time this program had of the processor: how long it waited for it is the affair of others."""

    def took(rows: int) -> float:
        begun = time.process_time()
        cells = pasted("1\n" + ("1\n" if filled else "\n") * (rows - 1), "7.2", accept=False)
        assert len(cells) < 400
        return time.process_time() - begun

    took(1_000)  # what a first time loads
    part, whole = took(65_536), took(1_048_576)
    assert whole < 20
    assert whole < 2 * 16 * max(part, 0.1)
    assert document.entries.answers == {}


@pytest.mark.parametrize("text", ["\x00\x01\t\x02", "\ud83d\t\ud83d", "<b>1</b>\t%s", "=1+1\t=2", "\u202e5\t5", '"\t"'])
def test_rubbish_on_the_clipboard_is_refused_cell_by_cell(pasted, document, text):
    cells = pasted(text, "1.1", accept=True)
    assert all(cell.why for cell in cells if cell.outcome is not Outcome.CHANGED)
    assert document.entries.answer("1.1").points is None


# --------------------------------------------------------------------------------------------------------- adjustments


@pytest.fixture
def matters(qtbot, document):
    editor = AdjustmentsEditor(document)
    qtbot.addWidget(editor)
    editor.resize(900, 400)
    with qtbot.waitExposed(editor):
        editor.show()
    editor.activateWindow()
    editor.add()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    return editor


def typed(qtbot, text: str) -> None:
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def refuse(qtbot, matters: AdjustmentsEditor, column: Column, text: str) -> QLineEdit:
    """Types what is refused into the first matter, and returns the editor that has opened again."""
    index = matters.model.index(0, column)
    matters.table.setCurrentIndex(index)
    matters.table.edit(index)
    typed(qtbot, text)
    qtbot.waitUntil(lambda: matters._refusal.text() != "")
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    return editor


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        (Column.POINTS, "八分半", "八分半"),
        (Column.POINTS, "99999999999999999999", "太大"),
        (Column.MATTER, "事" * 501, "501 个字"),
    ],
    ids=["no number", "too large", "too long"],
)
def test_what_a_matters_cell_refuses_stays_in_it_to_be_mended(matters, document, qtbot, column, text, words):
    editor = refuse(qtbot, matters, column, text)
    assert editor.text() == text
    assert words in matters._refusal.text()

    typed(qtbot, "8")
    qtbot.waitUntil(lambda: matters._refusal.text() == "")
    kept = document.entries.adjustments[0]
    assert (kept.matter, kept.points) == (("8", None) if column is Column.MATTER else ("", Decimal(8)))


def test_escape_gives_a_refused_matter_up(matters, qtbot):
    editor = refuse(qtbot, matters, Column.POINTS, "八分半")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isinstance(QApplication.focusWidget(), QLineEdit))
    matters.table.edit(matters.model.index(0, Column.POINTS))
    assert QApplication.focusWidget().text() == ""
    assert matters._refusal.text() == ""


# --------------------------------------------------------------------------------------------------------------- starts


OFFSCREEN = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)")
"""What the invisible platform says whenever a window is brought forward."""


@pytest.fixture
def shell(qtbot, qapp, settings, theme, monkeypatch):
    """Makes the whole program around a data folder; its crash hook goes again afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    made: list[Shell] = []

    def make(data: Path) -> Shell:
        made.append(Shell(qapp, Places(assets=ROOT, data=data), settings, theme))
        return made[-1]

    yield make
    for one in made:
        for window in one.windows:
            window.close()
            qtbot.waitUntil(lambda window=window: not shiboken6.isValid(window))
        for window in QApplication.topLevelWidgets():
            if isinstance(window, StartWindow):
                window.close()
                window.deleteLater()
        one.deleteLater()


@OFFSCREEN
def test_a_draft_that_went_on_in_a_copy_is_found_under_the_name_of_the_copy(shell, tmp_path, catalogue):
    first, copy = tmp_path / "一.zpb", tmp_path / "二.zpb"
    Document.create(first, catalogue).close()
    program = shell(tmp_path / "数据")
    assert program.open_file(first)
    program.windows[0].document.save_as(copy, switch=True)
    assert program.open_file(copy)
    assert len(program.windows) == 1
    assert program.open_file(first)
    assert {window.document.path for window in program.windows} == {first, copy}


def test_of_two_starts_at_once_on_the_example_the_slower_opens_what_the_quicker_made(
    shell, places, monkeypatch, catalogue
):
    real = answers.entries_of

    def overtaken(read, form):
        entries = real(read, form)
        Document.create(Library(places.drafts).path_named("foreign-affairs-2022"), form, entries).close()
        return entries

    monkeypatch.setattr(answers, "entries_of", overtaken)
    program = shell(places.data)
    assert program.open_file(EXAMPLE)
    (window,) = program.windows
    assert window.document.path == places.drafts / "foreign-affairs-2022.zpb"


def test_a_draft_that_was_not_closed_properly_says_so_when_it_is_opened_again(shell, places, document):
    """The note that a killed program leaves beside its draft: of this computer, of a process that is gone."""
    path = document.path
    document.close()
    note = {"host": platform.node(), "user": "次仁", "pid": 1, "since": "2023-01-05T10:00:00+08:00", "process": "gone"}
    note_of(path).write_text(json.dumps(note), encoding="ascii")
    program = shell(places.data)
    assert program.open_file(path)
    (window,) = program.windows
    assert "草稿上次没有正常关闭，已恢复到" in window.status.said()
    assert "请核对最后填写的几项" in window.status.said()
    assert "用户“次仁”在本机" in window.status.said()


@OFFSCREEN
@pytest.mark.parametrize("data", ["/dev/null/数据", "/proc/没有", "a" * 5000], ids=["a file", "no place", "too long"])
def test_a_data_folder_that_cannot_be_is_said_and_the_start_page_comes(shell, answering, qtbot, data):
    said: list[str] = []

    def read(box: QMessageBox) -> None:
        said.append(box.text())
        box.buttons()[0].click()

    answering(read)
    program = shell(Path(data))
    program.begin(EXAMPLE)
    assert "存放草稿的文件夹" in said[0]
    assert any(isinstance(window, StartWindow) and window.isVisible() for window in QApplication.topLevelWidgets())


@OFFSCREEN
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏.zpb", b"SQLite format 3\x00" + b"\xff" * 500, "不是本程序的草稿"),
        ("空.zpb", b"", "空文件"),
        ("别的.toml", b"[project]\nname = 'x'\n", "没有写明所用的指标体系"),
        ("表.toml", b"PK\x03\x04", "工作簿"),
        ("没有.zpb", None, "找不到草稿"),
        ("长" * 100 + ".zpb", None, "过长"),
        ("\udcd1\udcd0.zpb", None, "找不到草稿"),
        ("\udcd1\udcd0.toml", None, "找不到文件"),
    ],
    ids=["damaged", "empty", "another toml", "workbook", "missing", "too long", "no text", "no text either"],
)
def test_a_file_that_cannot_be_opened_is_said_and_the_start_page_comes(
    shell, answering, tmp_path, name, content, words
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    said: list[str] = []

    def read(box: QMessageBox) -> None:
        said.append(box.text() + box.informativeText())
        box.buttons()[0].click()

    answering(read)
    shell(tmp_path / "数据").begin(tmp_path / name)
    assert words in said[0]
    assert "请" in said[0]
    assert any(isinstance(window, StartWindow) and window.isVisible() for window in QApplication.topLevelWidgets())
