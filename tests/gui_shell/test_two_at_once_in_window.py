"""Two who want one draft, seen from the window: looking on, opening anyway, comparing copies and merging them."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import shiboken6
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QPlainTextEdit, QPushButton

from selfassess.document import Document
from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.errors import StoreError
from selfassess.gui import saving, shell, strips
from selfassess.gui.comparing import MergesDialog, compare_with, show_merges
from selfassess.gui.merge_dialog import MergeDialog
from selfassess.gui.merge_model import Column, MergeModel
from selfassess.gui.row_panel.fields import LongText, ValueField
from selfassess.gui.shell import Shell
from selfassess.gui.strips import StripBar
from selfassess.gui.ways_on import WAYS
from selfassess.store.draft import Draft
from selfassess.store.joining import compare_drafts
from selfassess.store.owner import note_of
from selfassess.store.snapshot import look
from selfassess.wording import MESSAGES

SETTLED = 100
"""Milliseconds after which a window has come to rest here."""
OFFSCREEN = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
HOLD = """
import sys
from pathlib import Path
from selfassess.domain.entries import Unit
from selfassess.store.draft import Draft
with Draft.open(Path(sys.argv[1])) as draft:
    print("open", flush=True)
    for line in sys.stdin:
        draft.put_unit(Unit(name=line.strip()))
        print("done", flush=True)
"""


class Holder:
    """A second program that has the draft open, and changes the unit's name."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "open\n"

    def name(self, text: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"


@pytest.fixture
def path(document) -> Path:
    """A closed draft with one row filled in."""
    document.put_answer("1.1", Answer(points=Decimal(5)))
    document.close()
    return document.path


@pytest.fixture
def held(path):
    holder = Holder(path)
    yield holder
    holder.process.kill()
    holder.process.communicate()


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def program(qapp, qtbot, places, settings, theme):
    made = Shell(qapp, places, settings, theme)
    yield made
    for window in made.windows:
        window.close()
    made.deleteLater()


def press(text: str):
    """Answers a dialog with a button."""

    def answer(dialog: QDialog) -> None:
        button = next(one for one in dialog.findChildren(QAbstractButton) if one.text().startswith(text))
        button.click()

    return answer


@pytest.fixture
def view(program, path, held, answering, qtbot):
    """A window in which a draft is looked at that another program has open."""
    answering(press("只读查看"))
    assert program.open_file(path)
    (window,) = program.windows
    qtbot.waitUntil(lambda: window.panel is not None)
    return window


@pytest.fixture
def settled_soon(monkeypatch):
    """A window comes to rest almost at once."""
    monkeypatch.setattr(shell, "_SETTLED", SETTLED)


# ---------------------------------------------------------------------------------------------------------- looking on
def test_a_draft_open_elsewhere_is_looked_at_in_the_ordinary_window(view, held):
    assert view.windowTitle().endswith("（只读）")
    said = view.view_strip.said()
    assert said.startswith("只读，截至 ")
    assert "正由本机的另一个窗口（" in said
    assert "进程" not in said
    assert f"进程 {held.process.pid}" in view.view_strip._strip.toolTip()
    assert view.document.entries.answer("1.1") == Answer(points=Decimal(5))
    assert view.status._saved.text() == "只读"


def test_a_file_that_cannot_be_written_is_told_of_as_such(program, path, monkeypatch):
    monkeypatch.setattr(strips.os, "access", lambda *_given: False)
    program._show_document(Document.look(path))
    (view,) = program.windows
    assert view.view_strip.said() == "只读：这个文件或它所在的磁盘不能写入。要改，请“另存为”。"
    assert "刷新" not in [button.text() for button in view.findChildren(QPushButton)]
    QTest.keyClicks(view.table.view, "3")
    assert view.status.said().startswith("这个文件或它所在的磁盘只能读，不能写入。")
    view.close()


def test_nothing_can_be_changed_in_a_view_but_texts_can_be_copied(view, path, qtbot):
    before = path.read_bytes()
    view.show_place("1.1")
    index = view.table.view.currentIndex()
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable
    QTest.keyClicks(view.table.view, "3")
    assert "E370" in view.status.said()
    view.status.say("")
    QTest.keyClick(view.table.view, Qt.Key.Key_Delete)
    assert view.table.view.open_editor() is None
    assert "E370" in view.status.said()
    for name in ("undo", "redo", "cut", "paste", "clear", "correct", "compare", "merge"):
        assert not view.commands[name].isEnabled(), name
    for name in ("save_as", "preview", "pdf", "xlsx", "copy", "find"):
        assert view.commands[name].isEnabled(), name
    for place in ("1.1", "1.2", "1.4", "2.7", "8.1"):
        view.show_place(place)
        for field in (*view.panel.findChildren(LongText), *view.panel.findChildren(QLineEdit)):
            assert field.isReadOnly()
        for field in view.panel.findChildren(ValueField):
            field.line.setText("1")
            field.flush()
    view.show_place("unit.name")
    assert all(field.isReadOnly() for field in view.findChildren(QLineEdit) if field.objectName() == "name")
    assert path.read_bytes() == before
    with pytest.raises(StoreError, match="E370"):
        view.document.put_unit(Unit(name="甲"))


def test_a_view_is_renewed_at_a_click(view, held, qtbot):
    view.show_place("1.2")
    held.name("另一局")
    assert "另一局" not in view.windowTitle()
    button = next(one for one in view.findChildren(QPushButton) if one.text() == "刷新")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "另一局" in view.windowTitle()
    assert view.table.view.place() == "1.2"


def test_a_view_that_cannot_be_renewed_shows_what_it_showed(view, path, held, answering, qtbot):
    held.process.kill()
    held.process.wait()
    path.unlink()
    answering(press("知道了"))
    view.view_strip.look_again()
    assert view.document.entries.answer("1.1") == Answer(points=Decimal(5))


def test_a_view_saved_elsewhere_is_gone_on_with_as_a_draft_of_ones_own(program, view, tmp_path, monkeypatch, qtbot):
    target = tmp_path / "我的.zpb"
    monkeypatch.setattr(saving, "ask_target", lambda *_: target)
    view.commands["save_as"].trigger()
    (window,) = program.windows
    assert (window.document.path, window.document.read_only) == (target, False)
    assert window.status.said() == f"已另存为“{target.name}”，现在打开的就是您自己的这一份，可以修改。"
    window.document.put_answer("1.1", Answer(points=Decimal(4)))


def test_nobody_keeps_copies_of_a_draft_that_he_only_looks_at(settled_soon, view, places, qtbot):
    qtbot.wait(2 * SETTLED)
    view.close()
    assert not places.backups.exists()


def test_closing_a_view_leaves_nothing(program, view, path, held, temporary, qtbot):
    assert len(list(temporary.iterdir())) == 1
    view.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(view))
    assert list(temporary.iterdir()) == []
    held.name("还开着")


def test_whoever_declines_the_view_is_back_where_he_was(program, path, held, answering):
    answering(press("取消"))
    assert not program.open_file(path)
    assert program.windows == ()


@OFFSCREEN
def test_a_draft_that_is_open_in_this_program_comes_to_the_front_under_any_name(program, path, tmp_path):
    link = tmp_path / "链接.zpb"
    link.symlink_to(path)
    assert program.open_file(path)
    assert program.open_file(link)
    assert len(program.windows) == 1


# ------------------------------------------------------------------------------------------ a folder that does not lock
@pytest.fixture
def living_note(path) -> None:
    """What a program leaves that has the draft open where locks hold nobody off."""
    since = datetime.now(tz=UTC).isoformat()
    note = {"host": platform.node(), "user": "li", "pid": os.getppid(), "since": since, "process": "another"}
    note_of(path).write_text(json.dumps(note), encoding="ascii")


@pytest.mark.parametrize(("button", "read_only"), [("只读查看", True), ("仍要打开", False)])
def test_where_a_lock_holds_nobody_off_one_is_asked(program, path, living_note, answering, button, read_only):
    seen = []
    answering(lambda dialog: (seen.append(dialog.text()), press(button)(dialog)))
    assert program.open_file(path)
    assert "会有一边的修改丢失" in seen[0]
    assert program.windows[0].document.read_only is read_only


def write_elsewhere(path: Path) -> None:
    """As on a file system whose locks hold nobody off: another program writes the draft that is open here."""
    write = (
        "import sys; from pathlib import Path; from selfassess.store import database; plain = database.uri;"
        "database.uri = lambda path, mode: plain(path, mode) + '&vfs=unix-none';"
        "from selfassess.store.draft import Draft; from selfassess.domain.entries import Unit;"
        "draft = Draft.open(Path(sys.argv[1]), anyway=True); draft.put_unit(Unit(name='另一局')); draft.close()"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", write, str(path)], check=True, env=env)


def test_closing_asks_before_work_is_lost_that_another_wrote_over(program, path, answering, qtbot):
    assert program.open_file(path)
    (window,) = program.windows
    write_elsewhere(path)
    told = []
    answering(lambda dialog: (told.append(dialog.text()), press("不关闭")(dialog)), press("不保存，关闭"))
    assert not window.close()
    assert "被另一处写入过" in told[0]
    assert window.close()


def test_work_that_another_wrote_over_can_be_saved_elsewhere_and_gone_on_with(
    program, path, tmp_path, monkeypatch, answering, qtbot
):
    told = []
    assert program.open_file(path)
    (window,) = program.windows
    qtbot.waitUntil(lambda: window.panel is not None)
    write_elsewhere(path)
    window.show_place("1.1")
    remark = next(one for one in window.panel.findChildren(LongText) if one.accessibleName() == "备注")
    remark.setPlainText("我的备注")
    remark.flush()
    assert "E374" in window.status.said()
    target = tmp_path / "我的.zpb"
    monkeypatch.setattr(saving, "ask_target", lambda *_: target)
    monkeypatch.setattr(saving, "inform", lambda _parent, _title, text: told.append(text))
    window.commands["save_as"].trigger()
    assert "被另一处写入过" in told[0]
    assert window.document.path == target
    assert window.document.entries.answer("1.1").remark == "我的备注"
    with Draft.open(path) as theirs:
        assert theirs.entries.unit.name == "另一局"


# -------------------------------------------------------------------------------------------------- copies and merging
@pytest.fixture
def copy(path) -> Path:
    """A conflict copy in which others went on."""
    copied = Path(shutil.copy(path, path.with_name("草稿 (冲突副本 2026-01-05).zpb")))
    with Draft.open(copied) as theirs:
        theirs.put_answers({"1.1": Answer(points=Decimal(3), remark="见附件")})
        theirs.put_adjustments([Adjustment(matter="获表彰", points=Decimal(2))])
    return copied


@pytest.fixture
def ours(path, copy):
    """The draft, open, and gone on with too."""
    opened = Document.open(path)
    opened.put_answer("1.1", Answer(points=Decimal(4), remark="已核对"))
    yield opened
    opened.close()


@pytest.fixture
def dialog(ours, copy, qtbot):
    with look(copy) as theirs:
        shown = MergeDialog(ours, theirs, compare_drafts(ours.draft, theirs, copy.name))
        qtbot.addWidget(shown)
        with qtbot.waitExposed(shown):
            shown.show()
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow)
        yield shown


def lines(model: MergeModel) -> list[str]:
    return [
        " | ".join(str(model.index(row, column).data()) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def button(dialog: QDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text().startswith(text))


def test_differences_are_listed_and_only_those_of_both_wait_for_a_choice(dialog):
    QAbstractItemModelTester(dialog.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert lines(dialog.model) == [
        "第 1.1 行 自评 | 得分 4 | 得分 3 | 两边不同 | 请选定",
        "第 1.1 行 备注 | 已核对 | 见附件 | 两边不同 | 请选定",
        "其他事项 | （空） | 分值 2，内容 获表彰 | 只有另一份改过 | 另一份",
    ]
    assert not button(dialog, "合并").isEnabled()
    whole = next(one for one in dialog.findChildren(QPlainTextEdit) if one.isReadOnly())
    assert whole.toPlainText() == "原来：得分 5\n本文件：得分 4\n另一份：得分 3"


def test_choosing_with_the_keyboard_shows_the_total_at_once_and_merges_as_one_step(dialog, ours, copy, qtbot):
    before, bytes_before = ours.entries, copy.read_bytes()
    totals = dialog._totals
    assert totals.text() == "总分：本文件 4　另一份 5　合并后 6"
    QTest.keyClick(dialog, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: totals.text() == "总分：本文件 4　另一份 5　合并后 5")
    QTest.keyClick(dialog, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: lines(dialog.model)[1].endswith("两段都留"))
    QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert ours.entries.answer("1.1") == Answer(points=Decimal(3), remark="已核对\n见附件")
    assert ours.entries.adjustments == (Adjustment(matter="获表彰", points=Decimal(2)),)
    assert dialog.said == ("合并自“草稿 (冲突副本 2026-01-05).zpb”：采用另一份的 3 处，没有采用的 1 处见“合并记录”。")
    assert copy.read_bytes() == bytes_before
    ours.undo()
    assert ours.entries == before


def test_a_double_click_chooses_a_side_and_many_lines_are_chosen_together(dialog):
    dialog.view.doubleClicked.emit(dialog.model.index(0, Column.OURS))
    assert lines(dialog.model)[0].endswith("| 本文件")
    dialog.view.doubleClicked.emit(dialog.model.index(1, Column.PLACE))
    assert lines(dialog.model)[1].endswith("| 请选定")
    dialog.view.selectAll()
    button(dialog, "用另一份的").click()
    assert [line.rpartition(" | ")[2] for line in lines(dialog.model)] == ["另一份"] * 3
    button(dialog, "两段都留").click()
    assert [line.rpartition(" | ")[2] for line in lines(dialog.model)] == ["另一份", "两段都留", "另一份"]


def test_what_is_not_decided_cannot_be_merged_and_cancelling_changes_nothing(dialog, ours):
    before = ours.entries
    dialog.accept()
    assert dialog.result() != QDialog.DialogCode.Accepted
    button(dialog, "取消").click()
    assert (dialog.said, ours.entries) == ("", before)


def test_a_disk_that_refuses_the_merge_leaves_the_dialog_open(dialog, ours, answering):
    dialog.view.selectAll()
    button(dialog, "用另一份的").click()
    ours.path.unlink()
    before = ours.entries
    answering(press("知道了"))
    dialog.accept()
    assert dialog.isVisible()
    assert ours.entries == before


def test_choosing_ours_everywhere_changes_nothing_and_says_so(dialog, ours):
    dialog.view.selectAll()
    button(dialog, "用本文件的").click()
    dialog.accept()
    assert dialog.said == "没有要采用的内容，本文件没有变化。"


def test_the_window_says_once_that_a_copy_lies_beside_and_leads_to_the_comparison(
    program, path, copy, answering, qtbot
):
    assert program.open_file(path)
    (window,) = program.windows
    qtbot.waitUntil(lambda: window.panel is not None)
    assert "另一个副本“草稿 (冲突副本 2026-01-05).zpb”" in window.copies_strip.said()
    answering(lambda dialog: (dialog.view.selectAll(), press("用另一份的")(dialog), dialog.accept()))
    (bar,) = window.findChildren(StripBar)
    button(bar, "比较与合并").click()
    assert window.document.entries.answer("1.1") == Answer(points=Decimal(3), remark="见附件")
    assert window.status.said().startswith("合并自“草稿 (冲突副本 2026-01-05).zpb”")
    assert window.status.said().endswith("。另一份不再需要，可以删除。")
    qtbot.waitUntil(lambda: window.findChildren(MergeDialog) == [])
    assert window.copies_strip.said() == ""
    window.close()
    assert program.open_file(path)
    again = program.windows[-1]
    qtbot.waitUntil(lambda: again.panel is not None)
    assert again.copies_strip.said() == ""


def test_the_record_of_merges_keeps_what_was_not_taken(dialog, ours, answering, qtbot):
    dialog.view.selectAll()
    button(dialog, "用另一份的").click()
    dialog.accept()
    seen = []
    answering(lambda shown: (seen.append(shown.text.toPlainText()), shown.reject()))
    show_merges(dialog, ours)
    assert "第 1.1 行 自评：本文件原为 得分 4" in seen[0]
    assert "第 1.1 行 备注：本文件原为 已核对" in seen[0]
    qtbot.waitUntil(lambda: dialog.findChildren(MergesDialog) == [])


@pytest.mark.parametrize("what", ["itself", "the same", "another form", "gone"])
def test_what_cannot_be_compared_is_said_in_words(ours, places, tmp_path, answering, qtbot, what):
    parent = QPushButton()
    qtbot.addWidget(parent)
    other = {"itself": ours.path, "gone": tmp_path / "没有.zpb"}.get(what, tmp_path / "另一份.zpb")
    if what == "the same":
        ours.save_as(other)
    elif what == "another form":
        Draft.create(other, replace(ours.catalogue, edition="2021")).close()
    seen = []
    answering(lambda dialog: (seen.append(dialog.text()), press("知道了")(dialog)))
    assert compare_with(parent, ours, other) == ""
    assert {
        "itself": "就是当前打开的草稿",
        "the same": "内容相同",
        "another form": "不是同一张表",
        "gone": "找不到草稿",
    }[what] in seen[0]


def test_every_way_on_belongs_to_messages_there_are():
    assert {code for way in WAYS for code in way.codes} <= set(MESSAGES)
    assert len({way.name for way in WAYS}) == len(WAYS)
