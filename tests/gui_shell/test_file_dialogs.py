"""Qt's file dialog as we show it: it begins where something is, speaks Chinese, and gives back what was chosen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QListView,
    QStyleOptionViewItem,
    QTreeView,
)

from selfassess.catalogue.loader import load
from selfassess.gui import file_dialogs
from selfassess.gui.file_dialogs import ask_file, ask_files, ask_target, documents_folder, with_suffix
from selfassess.gui.sidebar import plugged_in
from selfassess.paths import find_places
from selfassess.store.draft import Draft

KIND = "自评表草稿 (*.zpb)"


def answering(look, *, accept: bool):
    """Look at the dialog that comes next, then close it."""

    def answer():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        try:
            look(dialog)
        finally:
            dialog.done(QFileDialog.DialogCode.Accepted if accept else QFileDialog.DialogCode.Rejected)

    QTimer.singleShot(0, answer)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with nothing in it."""
    home = tmp_path / "家"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    missing = str(home / "Documents")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: missing)
    return home


def test_where_there_is_no_folder_for_documents_the_home_folder_is_meant(home):
    assert documents_folder() == home
    (home / "Documents").mkdir()
    assert documents_folder() == home / "Documents"


@pytest.mark.parametrize("remembered", ["没有了", "有"])
def test_saving_begins_in_a_folder_that_exists(home, remembered, theme):
    (home / "有").mkdir()
    seen = []
    answering(lambda dialog: seen.append(Path(dialog.directory().absolutePath())), accept=False)
    assert ask_target(None, "另存为", home / remembered / "草稿.zpb", KIND) is None
    assert seen == [home / "有" if remembered == "有" else home]


def test_the_proposed_name_is_taken_with_one_key(home, theme):
    seen = []
    answering(lambda dialog: seen.extend(dialog.selectedFiles()), accept=False)
    ask_target(None, "另存为", home / "某单位_2022年度_自评表.zpb", KIND)
    assert seen == [str(home / "某单位_2022年度_自评表.zpb")]


def test_a_chosen_file_is_handed_back(home, theme):
    (home / "草稿.zpb").write_bytes(b"x")
    answering(lambda dialog: dialog.selectFile("草稿.zpb"), accept=True)
    assert ask_file(None, "打开自评表", KIND) == home / "草稿.zpb"


def test_folders_and_dates_are_named_in_chinese_whatever_the_system_speaks(home, qtbot, theme):
    (home / "报表").mkdir()
    moment = 1_672_920_000
    os.utime(home / "报表", (moment, moment))
    seen = []

    def look(dialog: QFileDialog) -> None:
        tree = dialog.findChild(QTreeView)
        model = tree.model()
        assert isinstance(model, QFileSystemModel)
        qtbot.waitUntil(lambda: model.rowCount(tree.rootIndex()) == 1)
        index = model.index(0, 3, tree.rootIndex())
        option = QStyleOptionViewItem()
        tree.itemDelegateForColumn(3).initStyleOption(option, index)
        heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(4)]
        seen.append((heads, model.type(index), option.text[:10]))

    answering(look, accept=False)
    ask_file(None, "打开自评表", KIND)
    assert seen == [(["名称", "大小", "类型", "修改日期"], "文件夹", "2023-01-05")]


def test_buttons_of_dialogs_say_what_they_do_without_pictures(theme, qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    box.show()
    assert all(button.icon().isNull() for button in box.buttons())


def test_a_file_whose_name_only_got_its_suffix_later_is_not_replaced_unasked(tmp_path, answering):
    (tmp_path / "表.zpb").touch()
    answering(lambda box: box.close())
    assert with_suffix(None, tmp_path / "表", ".zpb") is None
    assert with_suffix(None, tmp_path / "新表", ".zpb") == tmp_path / "新表.zpb"
    assert with_suffix(None, tmp_path / "表.ZPB", ".zpb") == tmp_path / "表.ZPB"


def opening_it_elsewhere(path: Path) -> str:
    """What another program is told that opens a draft."""
    code = "import sys, pathlib; from selfassess.store.draft import Draft; Draft.open(pathlib.Path(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()[-1] if done.stderr else ""


@pytest.mark.parametrize("ask", [ask_file, ask_files, ask_target], ids=lambda ask: ask.__name__)
def test_showing_a_folder_does_not_give_a_draft_free_that_is_open_in_it(ask, home, qtbot, theme):
    """Qt's own icons look into every file; closing one lets go of all locks that the program has on it."""
    draft = Draft.create(home / "草稿.zpb", load(find_places().catalogues / "xizang-dept-budget" / "2022.toml"))
    os.link(home / "草稿.zpb", home / "草稿")  # a name that tells nothing of what it is

    def look(dialog):
        qtbot.waitUntil(lambda: dialog.findChild(QFileSystemModel).rowCount(dialog.findChild(QTreeView).rootIndex()))
        qtbot.wait(200)

    with draft:
        assert "E307" in opening_it_elsewhere(home / "草稿.zpb")
        answering(look, accept=False)
        if ask is ask_target:
            ask_target(None, "另存为", home / "别处.zpb", KIND)
        else:
            ask(None, "打开", KIND, home)
        assert "E307" in opening_it_elsewhere(home / "草稿.zpb")


def test_the_places_at_the_left_are_named_and_fit(home, tmp_path, monkeypatch, theme):
    drafts = tmp_path / "数据" / "drafts"
    stick = tmp_path / "U盘"
    for folder in (drafts, stick):
        folder.mkdir(parents=True)
    monkeypatch.setenv("SELFASSESS_DATA", str(drafts.parent))
    monkeypatch.setattr(file_dialogs, "plugged_in", lambda: [stick])
    seen: list[str] = []

    def look(dialog):
        listed = dialog.findChild(QListView, "sidebar")
        for row in range(listed.model().rowCount()):
            index, option = listed.model().index(row, 0), QStyleOptionViewItem()
            listed.itemDelegate().initStyleOption(option, index)
            seen.append(option.text)
            assert listed.fontMetrics().horizontalAdvance(option.text) < listed.minimumWidth()
        assert not listed.horizontalScrollBar().isVisible()

    answering(look, accept=False)
    ask_file(None, "打开", KIND)
    assert seen == ["我的自评表", "主文件夹", "U盘"]


def test_only_what_is_plugged_into_this_computer_is_listed_and_no_server_asked(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/vda / ext4 rw 0 0\n"
        "/dev/sdb1 /media/次仁/U\\040盘 vfat rw 0 0\n"
        "/dev/sdc1 /run/media/a/B fuseblk rw 0 0\n"
        "server:/share /mnt/死了 nfs rw 0 0\n"
        "//server/share /media/x cifs rw 0 0\n"
        "broken\n",
        encoding="utf-8",
    )
    assert plugged_in(mounts) == [Path("/media/次仁/U 盘"), Path("/run/media/a/B")]
    assert plugged_in(tmp_path / "没有") == []
