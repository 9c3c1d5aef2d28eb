"""The status line tells what is on the disk: after a refusal, and when the file of the open draft goes or returns."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QPushButton, QWidget

from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.gui import saving
from selfassess.gui.shell import Shell
from selfassess.gui.theme import ThemeChoice, colours_of
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


def press(text: str, told: list[str]):
    """Answers a question with a button, and keeps what it asked."""

    def answer(dialog: QDialog) -> None:
        told.append(dialog.text())
        next(one for one in dialog.findChildren(QAbstractButton) if one.text() == text).click()

    return answer


@pytest.fixture
def window(qapp, qtbot, places, settings, theme, document):
    """A draft with one row filled in, in its window."""
    document.put_answer("1.1", Answer(points=Decimal(5)))
    document.close()
    shell = Shell(qapp, places, settings, theme)
    assert shell.open_file(document.path)
    (opened,) = shell.windows
    yield opened
    for left in shell.windows:
        left._keeping.may_go = lambda: True
        left.close()
    shell.deleteLater()


def saved_text(window) -> str:
    return window.statusBar().findChildren(QLabel)[-1].text()


def replace(path):
    """With another state; the same one would be gone on with."""
    shutil.copyfile(path, path.with_name("新的"))
    with Draft.open(path.with_name("新的")) as other:
        other.put_answers({"1.2": Answer(points=Decimal(2))})
    path.with_name("新的").replace(path)


def move_away(path):
    path.rename(path.with_name("别名.zpb"))


def empty(path):
    os.truncate(path, 0)


def garble(path):
    """So that SQLite complains in words that are no text."""
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE entry", b"CREATE T\xffBLE entry"))


def test_what_was_refused_is_not_called_saved_until_something_is(window):
    assert saved_text(window).startswith("已保存")
    path = window.document.path
    move_away(path)
    with pytest.raises(StoreError):
        window.document.put_answer("1.1", Answer(points=Decimal(4)))
    assert saved_text(window) == "有内容没有保存"
    path.with_name("别名.zpb").rename(path)
    window.document.put_answer("1.1", Answer(points=Decimal(4)))
    assert saved_text(window).startswith("已保存")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (move_away, "不在原处了"),
        (replace, "被换成了另一个文件"),
        (empty, "被别的程序改坏了"),
        (garble, "被别的程序改坏了"),
    ],
)
def test_a_file_that_comes_to_harm_is_told_of_although_nobody_edits(window, harm, words, qtbot):
    harm(window.document.path)
    qtbot.waitUntil(lambda: saved_text(window) == "无法保存", timeout=6000)
    assert words in window.trouble_strip.said()
    assert "另存到别处" in window.trouble_strip.said()
    assert str(window.document.path.parent) not in window.trouble_strip.said()


def test_what_stands_in_a_field_is_not_called_saved_before_it_is_stored_and_is_stored_when_the_file_comes_back(
    window, qtbot
):
    document, path = window.document, window.document.path
    window.show_place("unit.preparer")
    preparer = QApplication.focusWidget()
    move_away(path)
    qtbot.keyClicks(preparer, "Ciren")
    qtbot.keyClick(preparer, Qt.Key.Key_Return)
    document.look_for_trouble()
    assert saved_text(window) == "无法保存"
    path.with_name("别名.zpb").rename(path)
    document.look_for_trouble()
    assert saved_text(window) == "有内容没有保存"
    document.put_answer("1.2", Answer(points=Decimal(1)))
    qtbot.waitUntil(lambda: document.entries.unit.preparer == "Ciren")
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def refused_while_away(window, qtbot) -> QWidget:
    """The field whose text could not be stored; the file is back since."""
    path = window.document.path
    window.show_place("unit.preparer")
    preparer = QApplication.focusWidget()
    move_away(path)
    qtbot.keyClicks(preparer, "Ciren")
    qtbot.keyClick(preparer, Qt.Key.Key_Return)
    path.with_name("别名.zpb").rename(path)
    return preparer


def test_what_is_given_up_with_escape_leaves_nothing_unsaved(window, qtbot):
    preparer = refused_while_away(window, qtbot)
    qtbot.wait(400)
    assert saved_text(window) == "有内容没有保存"
    qtbot.keyClick(preparer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: saved_text(window).startswith("已保存"))


def test_a_refusal_that_left_no_text_stands_after_the_file_came_back(window):
    path = window.document.path
    move_away(path)
    window.document.look_for_trouble()
    with pytest.raises(StoreError):
        window.document.put_answer("1.1", Answer(points=Decimal(4)))
    path.with_name("别名.zpb").rename(path)
    window.document.look_for_trouble()
    assert saved_text(window) == "有内容没有保存"


def test_nobody_edited_and_nothing_is_said_of_an_edit(window):
    move_away(window.document.path)
    window.document.look_for_trouble()
    label = window.statusBar().findChildren(QLabel)[-1]
    assert "已不在原处" in label.toolTip()
    assert "刚才的修改" not in label.toolTip()


def test_a_file_that_comes_back_takes_away_only_what_was_said_of_it(window):
    path = window.document.path
    move_away(path)
    window.document.look_for_trouble()
    window.status.say("已导出。")
    path.with_name("别名.zpb").rename(path)
    window.document.look_for_trouble()
    assert window.status.said() == "已导出。"


def test_not_saved_follows_the_colours(window, theme):
    move_away(window.document.path)
    window.document.look_for_trouble()
    label = window.statusBar().findChildren(QLabel)[-1]
    seen = set()
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.set_choice(choice)
        QApplication.processEvents()
        seen.add(label.styleSheet())
        assert label.styleSheet() == f"color: {colours_of(QApplication.palette()).error.name()}"
    assert len(seen) == 2


def test_the_same_file_copied_back_by_hand_is_gone_on_with(window, tmp_path):
    path = window.document.path
    kept = shutil.copyfile(path, tmp_path / "kept")
    path.unlink()
    window.document.look_for_trouble()
    assert saved_text(window) == "无法保存"
    shutil.copyfile(kept, path)
    window.document.look_for_trouble()
    assert saved_text(window).startswith("已保存")
    window.document.put_answer("1.2", Answer(points=Decimal(1)))
    assert window.close()
    with Draft.open(path) as again:
        assert again.entries.answer("1.2").points == 1


def test_a_file_that_comes_back_is_told_of_too(window):
    path = window.document.path
    move_away(path)
    window.document.look_for_trouble()
    path.with_name("别名.zpb").rename(path)
    window.document.look_for_trouble()
    assert saved_text(window).startswith("已保存")
    assert window.status.said() == ""


@pytest.mark.parametrize("harm", [move_away, replace, empty, garble])
def test_closing_asks_before_the_only_copy_is_let_go(window, harm, answering):
    harm(window.document.path)
    told: list[str] = []
    answering(press("不关闭", told), press("不保存，关闭", told))
    assert not window.close()
    assert window.close()
    assert all("现在关闭，" in one for one in told)
    assert len(told) == 2


@pytest.mark.parametrize("harm", [move_away, garble])
def test_after_saving_elsewhere_the_copy_is_what_is_called_saved(window, harm, tmp_path, monkeypatch, answering):
    answering(QDialog.accept)  # in a part of the cases, that the history was not taken along
    harm(window.document.path)
    window.document.look_for_trouble()
    monkeypatch.setattr(saving, "ask_target", lambda *_: tmp_path / "救出.zpb")
    window.commands["save_as"].trigger()
    assert saved_text(window).startswith("已保存")
    assert "以后填写的内容都保存在那里" in window.status.said()


@pytest.mark.parametrize(("harm", "copies"), [(move_away, 1), (replace, 1), (empty, 0), (garble, 0)])
def test_a_draft_that_is_given_up_is_still_copied_where_it_can_be_read(window, harm, copies, answering, places):
    identity = window.document.draft.as_source().identity
    harm(window.document.path)
    answering(press("不保存，关闭", []))
    assert window.close()
    found = Backups(places.backups).of(identity)
    assert len(found) == copies
    for copy in found:
        with Draft.open(copy.path) as one:
            assert one.entries.answer("1.1").points == 5


def pull_out(window, monkeypatch):
    """The folder of the draft goes with the device it lay on."""
    path = window.document.path
    path.rename(path.with_name("别名.zpb"))
    monkeypatch.setattr(window.document.draft._database, "folder_device", -1)


def test_with_the_stick_pulled_out_and_nothing_unsaved_closing_loses_nothing_and_says_so(
    window, monkeypatch, answering
):
    pull_out(window, monkeypatch)
    told: list[str] = []
    answering(press("不关闭", told), press("关闭", told))
    assert not window.close()
    assert window.close()
    assert all("U盘或磁盘已断开" in one and "一处也不会丢" in one and "清理" not in one for one in told)


def test_with_the_stick_pulled_out_what_stands_unsaved_is_named_at_closing(window, monkeypatch, answering, qtbot):
    window.show_place("unit.preparer")
    preparer = QApplication.focusWidget()
    pull_out(window, monkeypatch)
    qtbot.keyClicks(preparer, "Ciren")
    qtbot.keyClick(preparer, Qt.Key.Key_Return)
    told: list[str] = []
    answering(press("不关闭", told))
    assert not window.close()
    assert "没有保存，现在关闭，这些就没有了" in told[0]


def test_saving_elsewhere_at_the_closing_question_saves_what_stands_in_fields_and_closes(
    window, tmp_path, monkeypatch, answering, qtbot
):
    window.show_place("unit.preparer")
    preparer = QApplication.focusWidget()
    move_away(window.document.path)
    qtbot.keyClicks(preparer, "Ciren")
    qtbot.keyClick(preparer, Qt.Key.Key_Return)
    monkeypatch.setattr(saving, "ask_target", lambda *_: tmp_path / "救出.zpb")
    answering(press("另存为…", []))
    assert window.close()
    with Draft.open(tmp_path / "救出.zpb") as saved:
        assert saved.entries.unit.preparer == "Ciren"


def test_saving_elsewhere_that_is_given_up_keeps_the_window(window, monkeypatch, answering):
    move_away(window.document.path)
    monkeypatch.setattr(saving, "ask_target", lambda *_: None)
    answering(press("另存为…", []))
    assert not window.close()
    assert window.isVisible()


def test_a_rescue_begins_in_the_folder_of_drafts_under_a_free_name(window, places, monkeypatch):
    asked = []
    monkeypatch.setattr(saving, "ask_target", lambda _parent, _title, proposed, _kind: asked.append(proposed))
    places.drafts.mkdir(parents=True, exist_ok=True)
    window.commands["save_as"].trigger()
    (places.drafts / window.document.path.name).touch()
    move_away(window.document.path)
    window.commands["save_as"].trigger()
    assert asked[0].parent == saving.documents_folder()
    assert asked[1] == places.drafts / f"{window.document.path.stem}（2）.zpb"


def test_after_a_rescue_the_time_is_that_of_the_copy(window, tmp_path, monkeypatch, answering):
    before = window.document.saved_at
    move_away(window.document.path)
    monkeypatch.setattr(saving, "ask_target", lambda *_: tmp_path / "救出.zpb")
    window.commands["save_as"].trigger()
    assert window.document.saved_at > before


def test_where_trying_again_cannot_help_another_place_comes_first(window, monkeypatch, answering):
    buttons: list[str] = []
    monkeypatch.setattr(saving, "ask_target", lambda *_: window.document.path)

    def look(dialog: QDialog) -> None:
        buttons.extend(one.text() for one in dialog.findChildren(QAbstractButton))
        dialog.reject()

    answering(look)
    window.commands["save_as"].trigger()  # onto itself
    assert buttons == ["另选位置…", "取消"]


@pytest.mark.parametrize(("code", "remedy"), [("E312", "清理磁盘"), ("E315", "检查U盘"), ("E310", "只读")])
def test_what_to_do_fits_the_cause(window, answering, code, remedy):
    window.document.refused.emit(StoreError(code, path=window.document.path, detail="读写出错"))
    told: list[str] = []

    def look(dialog: QDialog) -> None:
        told.append(dialog.text() + dialog.informativeText())
        dialog.reject()

    answering(look)
    assert not window._keeping.may_be_lost(["1.2"])
    assert remedy in told[0]
    assert ("清理磁盘" in told[0]) == (code == "E312")


def test_the_strip_stays_as_long_as_it_lasts_and_leads_to_saving_elsewhere(
    window, tmp_path, monkeypatch, qtbot, answering
):
    answering(QDialog.accept)
    move_away(window.document.path)
    window.document.look_for_trouble()
    qtbot.keyClick(window.table.view, Qt.Key.Key_Escape)
    window.status.say("")
    assert "不在原处了" in window.trouble_strip.said()
    monkeypatch.setattr(saving, "ask_target", lambda *_: tmp_path / "救出.zpb")
    next(one for one in window.findChildren(QPushButton) if one.text() == "另存为…").click()
    assert window.trouble_strip.said() == ""
    assert window.document.path == tmp_path / "救出.zpb"


def test_the_strip_tells_of_a_stick_that_it_comes_back_by_itself(window, monkeypatch):
    pull_out(window, monkeypatch)
    window.document.look_for_trouble()
    assert "插回后会自己恢复" in window.trouble_strip.said()


def test_the_strip_tells_what_to_do_with_a_text_that_was_refused_once_the_file_is_back(window, qtbot):
    preparer = refused_while_away(window, qtbot)
    window.document.look_for_trouble()
    assert "会自动再存" in window.trouble_strip.said()
    qtbot.keyClick(preparer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.trouble_strip.said() == "")


def test_a_refusal_in_the_status_line_names_the_file_without_its_folder(window):
    window.status.say(str(StoreError("E312", path=window.document.path)))
    assert window.document.path.name in window.status.said()
    assert str(window.document.path.parent) not in window.status.said()
