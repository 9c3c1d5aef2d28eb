"""Earlier states, automatic copies and salvage in the window: what a clerk sees, chooses and gets."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QPushButton, QWidget

from selfassess.document import Document
from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.errors import StoreError
from selfassess.gui import backup_keeper, comparing, rescue
from selfassess.gui.backup_keeper import BackupKeeper
from selfassess.gui.backups_dialog import BackupsDialog
from selfassess.gui.draft_list import ENTRY_ROLE
from selfassess.gui.labels import Note
from selfassess.gui.main_window import MainWindow
from selfassess.gui.rescue import may_be_rescued
from selfassess.gui.restore_dialog import RestoreDialog, RestorePointModel
from selfassess.gui.salvage_dialog import SalvageDialog
from selfassess.gui.shell import Shell
from selfassess.store import backing_up
from selfassess.store.backing_up import back_up
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft, now
from selfassess.store.library import Library
from selfassess.store.restore_points import SINGLE
from selfassess.waiting import CalledOffError

D = Decimal


@pytest.fixture
def shell(qtbot, places, settings, theme):
    made = Shell(QApplication.instance(), places, settings, theme)
    yield made
    for window in made.windows:
        window.close()
    if made._start is not None:
        made._start.close()


@pytest.fixture
def kept(places):
    return Backups(places.backups)


@pytest.fixture
def damaged(tmp_path, catalogue):
    """A draft whose first page is gone."""
    path = tmp_path / "某某局.zpb"
    with Draft.create(path, catalogue, Entries(unit=Unit(name="某某局"))) as draft:
        draft.put_answers({"1.1": Answer(remark="备注")})
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    return path


@pytest.fixture
def refused_read():
    """A disk that refuses what is asked of it."""

    def refuse(*_args, **_kwargs):
        raise StoreError("E315", path="草稿.zpb", detail="EIO")

    return refuse


def press(dialog, text):
    """Press the button of this text, or of a text that begins like it."""
    button = next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "").startswith(text))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def fill(document, *remarks):
    for remark in remarks:
        document.put_answer("1.1", Answer(remark=remark))


def test_a_copy_that_is_chosen_as_a_file_becomes_a_new_draft_and_stays_as_it_is(
    shell, places, kept, tmp_path, catalogue
):
    with Draft.create(tmp_path / "某某局.zpb", catalogue, Entries(unit=Unit(name="某某局"))) as draft:
        copy = back_up(draft.as_source(), kept, now())
    renamed = copy.with_name("我的备份.zpb")
    renamed.write_bytes(copy.read_bytes())
    (tmp_path / "链接.zpb").symlink_to(copy)
    before = {path: path.read_bytes() for path in copy.parent.iterdir()}
    for chosen in (copy, renamed, tmp_path / "链接.zpb"):
        assert shell.open_file(chosen)
    opened = [window.document.path for window in shell.windows]
    assert {path.parent for path in opened} == {places.drafts}
    assert len(set(opened)) == 3
    assert "我的备份.zpb" in {path.name for path in opened}
    assert {path: path.read_bytes() for path in copy.parent.iterdir()} == before


# ------------------------------------------------------------------------------------------------------ restore points
def test_the_points_are_listed_with_what_they_did(document, qtbot):
    fill(document, "一", "二")
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    model = dialog.model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    texts = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert [line[1] for line in texts] == ["1.1 备注 空 → 一", "新建"]
    assert texts[0][0].startswith("今天 ")
    assert texts[0][2].endswith(" 行")


def test_the_preview_says_what_would_change_and_follows_the_choice(document, qtbot):
    fill(document, "一", "二")
    document.put_unit(Unit(name="另一局"))
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.preview() == "填报单位 另一局 → 某某局"
    QTest.keyClick(dialog._view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: dialog.preview() == "1.1 备注 二 → 一\n填报单位 另一局 → 某某局")
    assert dialog.point.words == "1.1 备注 空 → 一"


def test_a_stick_that_stumbles_over_earlier_points_is_told_and_the_list_stays(
    document, qtbot, answering, monkeypatch, refused_read
):
    fill(document, "一", "二")
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(Draft, "restore_points", refused_read)
    told = []
    answering(lambda box: (told.append(box.text()), box.accept()))
    dialog._older.click()
    assert told[0].startswith("读写草稿“草稿.zpb”时磁盘或U盘出错（EIO）")
    assert dialog.model.rowCount() == 2


def test_a_stick_that_stumbles_over_earlier_merges_is_told(document, qtbot, answering, monkeypatch, refused_read):
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(comparing, "reports", refused_read)
    told = []
    answering(lambda box: (told.append(box.text()), box.accept()))
    comparing.show_merges(parent, document)
    assert told[0].startswith("读写草稿“草稿.zpb”时磁盘或U盘出错（EIO）")


def test_a_new_draft_says_that_there_is_nothing_yet(document, qtbot):
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    assert dialog.point is None
    assert dialog._what.text() == "还没有可以恢复到的时间"
    dialog.accept()
    assert not dialog.result()


def test_the_present_state_cannot_be_restored_again(document, qtbot):
    fill(document, "一", "二", "一")
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    dialog._view.selectRow(1)
    dialog.accept()
    assert dialog._what.text() == "现在的内容和那时一样"
    assert not dialog.result()


def dialog_of_eight(document, qtbot, monkeypatch) -> RestoreDialog:
    """On a draft of eight points, three of which are shown at first."""
    monkeypatch.setattr("selfassess.gui.restore_dialog._FIRST", 3)
    fill(document, *map(str, range(8)))
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_older_points_are_shown_when_asked_for(document, qtbot, monkeypatch):
    dialog = dialog_of_eight(document, qtbot, monkeypatch)
    assert dialog.model.rowCount() == 3
    press(dialog, "显示更早的")
    assert dialog.model.rowCount() == 8
    assert not dialog._older.isVisible()


def test_a_very_long_history_is_looked_back_over_beside_the_window(document, qtbot, monkeypatch):
    monkeypatch.setattr("selfassess.gui.restore_dialog._MANY_STEPS", 0)
    dialog = dialog_of_eight(document, qtbot, monkeypatch)
    assert dialog.model.rowCount() == 3
    press(dialog, "显示更早的")
    dialog._view.selectRow(7)
    qtbot.waitUntil(lambda: dialog.preview() == "1.1 备注 7 → 空")
    dialog.accept()
    assert document.restore(dialog.point) is not None
    assert document.entries.answers == {}


def test_looking_back_can_be_called_off(document, qtbot, monkeypatch):
    dialog = dialog_of_eight(document, qtbot, monkeypatch)

    def call_off(_parent, _label, work):
        called_off = threading.Event()
        called_off.set()
        assert work(called_off) == []
        raise CalledOffError

    monkeypatch.setattr("selfassess.gui.restore_dialog._MANY_STEPS", 0)
    monkeypatch.setattr("selfassess.gui.restore_dialog.run_with_progress", call_off)
    press(dialog, "显示更早的")
    assert dialog.model.rowCount() == 3
    dialog._view.selectRow(2)
    qtbot.waitUntil(lambda: dialog._what.text() == "没有查看")
    dialog.accept()
    assert not dialog.result()


def test_restoring_that_is_called_off_while_looking_back_changes_nothing(
    document, places, settings, theme, qtbot, monkeypatch
):
    fill(document, "一", "二")
    window = MainWindow(document, places, settings, theme)
    qtbot.addWidget(window)

    def call_off(*_):
        raise CalledOffError

    monkeypatch.setattr("selfassess.gui.restore_dialog._MANY_STEPS", 0)
    monkeypatch.setattr("selfassess.gui.restore_dialog.run_with_progress", call_off)
    window.commands["restore"].trigger()
    assert document.entries.answer("1.1") == Answer(remark="二")


def test_a_damaged_history_is_said(document, qtbot):
    fill(document, *map(str, range(8)))
    document.draft._database.sql.execute("UPDATE change SET after = 'x' WHERE step = 4")
    dialog = RestoreDialog(document)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "更早的历史记录已损坏" in dialog._trouble.text()
    assert dialog._trouble.isVisible()


def test_restoring_from_the_menu_is_one_step_and_is_said(document, places, settings, theme, qtbot, answering):
    fill(document, "一", "二")
    window = MainWindow(document, places, settings, theme)
    qtbot.addWidget(window)
    window.show()
    answering(lambda dialog: press(dialog, "恢复"))
    window.commands["restore"].trigger()
    assert document.entries.answer("1.1") == Answer(remark="一")
    assert window.status.said().startswith("已恢复到 ")
    window.commands["undo"].trigger()
    assert document.entries.answer("1.1") == Answer(remark="二")


def test_the_model_of_points_is_a_good_one(qtbot):
    QAbstractItemModelTester(RestorePointModel(now()), QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert SINGLE < 60


# ------------------------------------------------------------------------------------------------------------ copies
def keeper_of(document, kept):
    keeper = BackupKeeper(document, kept, document)
    said = []
    keeper.said.connect(said.append)
    return keeper, said


def copies_of(document, kept):
    return kept.of(document.draft.as_source().identity)


def finish(keeper, qtbot):
    keeper.wait()
    qtbot.waitUntil(lambda: not keeper.is_working)


def test_a_copy_is_made_when_a_draft_was_opened_and_none_when_there_is_one_of_today(document, kept, qtbot):
    keeper, said = keeper_of(document, kept)
    keeper.begin()
    finish(keeper, qtbot)
    assert len(copies_of(document, kept)) == 1
    again, _ = keeper_of(document, kept)
    again.begin()
    assert not again.is_working
    assert said == []


def test_at_closing_a_copy_is_made_only_if_something_changed(document, kept, qtbot):
    keeper, _ = keeper_of(document, kept)
    keeper.make_last()
    assert len(copies_of(document, kept)) == 1
    keeper.make_last()
    assert len(copies_of(document, kept)) == 1


def test_a_bug_while_copying_does_not_count_as_a_copy(document, kept, qtbot, monkeypatch):
    def bug(*_given):
        raise RuntimeError

    keeper, _ = keeper_of(document, kept)
    with monkeypatch.context() as broken, qtbot.captureExceptions() as caught:
        broken.setattr(backup_keeper, "back_up", bug)
        keeper.begin()
        finish(keeper, qtbot)
    assert [kind for kind, *_ in caught] == [RuntimeError]
    keeper.make_last()
    assert len(copies_of(document, kept)) == 1


def test_closing_calls_a_copy_off_that_is_under_way(document, kept, qtbot, monkeypatch):
    monkeypatch.setattr(backing_up, "_PAGES", 1)
    monkeypatch.setattr(backing_up, "_PAUSE_S", 0.05)
    keeper, said = keeper_of(document, kept)
    keeper.begin()
    assert keeper.is_working
    keeper.make_last()
    assert not keeper.is_working
    assert len(copies_of(document, kept)) == 1
    assert said == []
    document.close()


def test_going_on_in_a_copy_calls_off_what_reads_the_old_file_and_notes_the_new_place(
    document, kept, qtbot, monkeypatch, tmp_path
):
    keeper, said = keeper_of(document, kept)
    keeper.make_last()
    with monkeypatch.context() as slow:
        slow.setattr(backing_up, "_PAGES", 1)
        slow.setattr(backing_up, "_PAUSE_S", 0.05)
        keeper._make_beside()
        assert keeper.is_working
        document.save_as(tmp_path / "新的地方.zpb", switch=True)
    assert not keeper.is_working
    keeper.make_last()  # although nothing was edited since
    assert document.path == tmp_path / "新的地方.zpb"
    assert str(document.path) in {one.place for one in kept.drafts()}
    assert said == []


def test_the_first_edit_of_a_day_makes_a_copy_after_a_pause(document, kept, qtbot):
    keeper, _ = keeper_of(document, kept)
    keeper._timer.setInterval(10)
    fill(document, "一")
    qtbot.waitUntil(lambda: len(copies_of(document, kept)) == 1)
    finish(keeper, qtbot)
    fill(document, "二")
    assert not keeper._timer.isActive()


def test_copies_are_made_although_the_clock_was_set_back_since_the_last(document, kept, qtbot):
    back_up(document.draft.as_source(), kept, now() + timedelta(days=400))
    fill(document, "一")
    keeper, _ = keeper_of(document, kept)
    keeper.begin()
    finish(keeper, qtbot)
    newest, older = copies_of(document, kept)
    assert newest.at < older.at
    with Draft.open(newest.path) as draft:
        assert draft.entries.answer("1.1") == Answer(remark="一")


def test_the_list_tells_two_files_of_one_draft_apart_by_their_names(document, kept, tmp_path, qtbot):
    back_up(document.draft.as_source(), kept, now())
    other = tmp_path / "副本.zpb"
    document.draft.save_as(other)
    with Draft.open(other) as draft:
        back_up(draft.as_source(), kept, now() + timedelta(seconds=1))
    dialog = BackupsDialog(kept.drafts())
    qtbot.addWidget(dialog)
    lines = [dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount())]
    assert {line.text(1) for line in lines} == {"1 份，文件“副本”", f"1 份，文件“{document.path.stem}”"}
    assert {line.text(0) for line in lines} == {lines[0].text(0)}


def test_a_folder_that_takes_no_copy_is_said_once_and_disturbs_nothing(document, kept, places, qtbot):
    places.data.mkdir(exist_ok=True)
    places.backups.write_text("一个文件")
    keeper, said = keeper_of(document, kept)
    keeper.begin()
    finish(keeper, qtbot)
    fill(document, "一")
    keeper.make_last()
    assert len(said) == 1
    assert said[0].startswith("自动备份没有做成，填报不受影响。")
    assert document.entries.answer("1.1") == Answer(remark="一")


def test_a_window_that_is_closed_leaves_a_copy(shell, places, kept, damaged, catalogue, tmp_path):
    path = tmp_path / "好.zpb"
    Document.create(path, catalogue).close()
    assert shell.open_file(path)
    (window,) = shell.windows
    fill(window.document, "一")
    identity = window.document.draft.as_source().identity
    window.close()
    (copy,) = kept.of(identity)
    with Draft.open(copy.path) as draft:
        assert draft.entries.answer("1.1") == Answer(remark="一")


def test_a_copy_is_chosen_from_the_list_and_opened_as_a_new_draft(shell, document, kept, places, answering):
    fill(document, "一")
    back_up(document.draft.as_source(), kept, now())
    fill(document, "二")
    answering(lambda dialog: press(dialog, "打开为新的自评表"))
    shell.choose_backup()
    (window,) = shell.windows
    assert window.document.entries.answer("1.1") == Answer(remark="一")
    assert "（自动备份 " in window.document.path.name
    assert window.document.path.parent == places.drafts
    assert document.entries.answer("1.1") == Answer(remark="二")


def test_very_many_copies_are_looked_through_beside_the_window(
    shell, document, kept, places, answering, qtbot, monkeypatch
):
    monkeypatch.setattr(rescue, "_MANY", 0)
    back_up(document.draft.as_source(), kept, now())
    window = QWidget()
    qtbot.addWidget(window)
    answering(lambda dialog: press(dialog, "打开为新的自评表"))
    assert "（自动备份 " in rescue.choose_backup(window, places).name
    assert kept.drafts(lambda: True) == ()

    def call_off(*_):
        raise CalledOffError

    monkeypatch.setattr(rescue, "run_with_progress", call_off)
    assert rescue.choose_backup(window, places) is None


def test_without_copies_the_list_says_when_they_are_made(qtbot):
    dialog = BackupsDialog(())
    qtbot.addWidget(dialog)
    assert dialog.backup is None
    dialog._choose()
    assert not dialog.result()


# ----------------------------------------------------------------------------------------------------------- damaged
def buttons_of(dialog):
    return [button.text() for button in dialog.findChildren(QPushButton)]


def test_a_damaged_draft_is_salvaged_and_opened(shell, damaged, places, answering):
    before, texts = damaged.read_bytes(), []

    def choose(dialog):
        assert isinstance(dialog, QMessageBox)
        texts.append(buttons_of(dialog))
        press(dialog, "抢救")

    def look(dialog):
        assert isinstance(dialog, SalvageDialog)
        texts.append(dialog.findChild(QPlainTextEdit).toPlainText())
        press(dialog, "复制全部")
        press(dialog, "打开救回的")

    answering(choose, look)
    assert shell.open_file(damaged)
    (window,) = shell.windows
    assert window.document.entries.answer("1.1") == Answer(remark="备注")
    assert texts[0] == ["抢救能读出的内容", "取消"]
    assert "填报内容全部救回" in texts[1]
    assert QApplication.clipboard().text() == texts[1]
    assert (places.drafts / "某某局（抢救）（抢救报告）.txt").read_text(encoding="utf-8") == texts[1]
    assert damaged.read_bytes() == before


def test_a_salvaged_draft_is_opened_though_its_report_could_not_be_written(shell, damaged, answering, monkeypatch):
    texts = []

    def look(dialog):
        assert isinstance(dialog, SalvageDialog)
        texts.extend(note.text() for note in dialog.findChildren(Note))
        press(dialog, "打开救回的")

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    answering(lambda dialog: press(dialog, "抢救"), look)
    assert shell.open_file(damaged)
    assert shell.windows[0].document.entries.answer("1.1") == Answer(remark="备注")
    (told,) = texts
    assert told.startswith("自评表已经救回，但这份报告没有存成文件：磁盘空间不足")
    assert told.endswith("关闭以前请点“另存报告…”存到别处。")


def test_a_damaged_draft_with_a_copy_offers_the_copy_first(shell, tmp_path, catalogue, kept, answering):
    path = tmp_path / "某某局.zpb"
    with Draft.create(path, catalogue) as draft:
        draft.put_answers({"1.1": Answer(remark="一")})
        back_up(draft.as_source(), kept, now())
    path.write_bytes(b"")
    texts = []

    def choose(dialog):
        texts.append(buttons_of(dialog))
        press(dialog, "从自动备份打开")

    answering(choose)
    assert shell.open_file(path)
    assert shell.windows[0].document.entries.answer("1.1") == Answer(remark="一")
    assert texts[0][0].startswith("从自动备份打开（今天 ")
    assert len(texts[0]) == 2  # nothing can be salvaged out of an empty file
    assert path.read_bytes() == b""


def dialog_after(shell, path, answering) -> tuple[str, str, list[str]]:
    """What the dialog says that opening leads to: what happened, what can be done, the buttons."""
    told = []
    answering(lambda box: (told.extend((box.text(), box.informativeText(), buttons_of(box))), press(box, told[2][-1])))
    assert not shell.open_file(path)
    return tuple(told)


def test_a_damaged_draft_is_told_in_words_a_clerk_knows_a_line_for_each_way(
    shell, tmp_path, catalogue, kept, answering
):
    path = tmp_path / "某某局.zpb"
    with Draft.create(path, catalogue) as draft:
        draft.put_answers({"1.1": Answer(points=D(3))})
        back_up(draft.as_source(), kept, now())
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DROP TABLE blob")
        sql.commit()
    what, ways, _ = dialog_after(shell, path, answering)
    assert what == f"草稿“{path}”已损坏，程序没有改动它。"
    copy, salvage, _, helpers = ways.split("\n")
    assert copy.startswith("备份：今天 ")
    assert copy.endswith(" 的，已填 1/47 行；这以后填的不在里面。")
    assert salvage == "抢救：读出坏文件里还能读的，放进一份新的草稿。"
    assert helpers.startswith("（供信息技术人员参考：E306，")


def test_without_a_copy_no_word_is_said_of_one(shell, tmp_path, catalogue, answering):
    path = tmp_path / "某某局.zpb"
    Draft.create(path, catalogue).close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DROP TABLE blob")
        sql.commit()
    what, ways, buttons = dialog_after(shell, path, answering)
    assert "备份" not in what + ways
    assert buttons == ["抢救能读出的内容", "取消"]


def test_a_draft_that_is_gone_is_opened_from_its_copy(shell, tmp_path, catalogue, kept, answering):
    path = tmp_path / "某某局.zpb"
    with Draft.create(path, catalogue) as draft:
        draft.put_answers({"1.1": Answer(remark="一")})
        back_up(draft.as_source(), kept, now())
    path.unlink()
    told = []
    answering(lambda box: (told.append(box.text()), press(box, "从自动备份打开")))
    assert shell.open_file(path)
    assert told[0].startswith(f"找不到草稿“{path}”")
    assert shell.windows[0].document.entries.answer("1.1") == Answer(remark="一")


def test_a_draft_that_is_gone_without_copies_is_said(shell, tmp_path, answering):
    what, _, buttons = dialog_after(shell, tmp_path / "没有.zpb", answering)
    assert what.startswith("找不到草稿")
    assert buttons == ["知道了"]


@pytest.mark.qt_log_ignore("This plugin does not support raise")  # the offscreen platform says so
def test_what_was_rescued_and_not_opened_is_in_the_list(shell, damaged, answering, qtbot):
    shell.show_start()
    answering(lambda dialog: press(dialog, "抢救"), lambda dialog: press(dialog, "关闭"))
    assert not shell.open_file(damaged)
    model = shell._start.page.model
    assert [model.index(row, 0).data(ENTRY_ROLE).path.stem for row in range(model.rowCount())] == ["某某局（抢救）"]


def test_a_rescue_that_is_called_off_opens_nothing(shell, damaged, places, answering):
    answering(lambda dialog: press(dialog, "取消"))
    assert not shell.open_file(damaged)
    assert Library(places.drafts).entries() == ()


def test_a_file_of_another_program_is_refused_without_a_way_on(shell, tmp_path, answering):
    path = tmp_path / "坏.zpb"
    path.write_bytes(b"SQLite format 3\0" + bytes(9000))
    texts = []
    answering(lambda dialog: (texts.append((dialog.text(), buttons_of(dialog))), dialog.accept()))
    assert not shell.open_file(path)
    assert texts == [(f"“{path}”不是本程序的草稿，未作任何改动。", ["知道了"])]


def test_what_cannot_be_salvaged_is_said(shell, damaged, catalogue, answering):
    content = damaged.read_bytes()
    damaged.write_bytes(content.replace(b"answer", b"ansxer").replace(b"unit", b"unxt"))
    told = []
    answering(lambda dialog: press(dialog, "抢救"), lambda dialog: (told.append(dialog.text()), dialog.accept()))
    assert not shell.open_file(damaged)
    assert "没有读出任何填报内容" in told[0]


def test_only_damage_is_rescued(tmp_path, document):
    path = tmp_path / "甲.zpb"
    path.write_bytes(b"x")
    from selfassess.errors import InputError, StoreError

    assert may_be_rescued(StoreError("E304", path=path), path)
    assert not may_be_rescued(StoreError("E304", path=path), tmp_path / "没有.zpb")
    assert not may_be_rescued(StoreError("E309", path=path, since=""), path)
    assert not may_be_rescued(InputError("E327", value=1), path)


def test_an_edit_in_the_same_second_as_the_last_copy_is_copied_at_closing(document, kept, qtbot, monkeypatch):
    moment = now()
    monkeypatch.setattr("selfassess.gui.backup_keeper.now", lambda: moment)
    keeper, _ = keeper_of(document, kept)
    fill(document, "一")
    keeper.make_last()
    fill(document, "二")
    keeper.make_last()
    with Draft.open(copies_of(document, kept)[0].path) as draft:
        assert draft.entries.answer("1.1") == Answer(remark="二")
