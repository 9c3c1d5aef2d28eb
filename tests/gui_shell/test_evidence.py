"""The section of supporting documents: files come in, are looked at, described, removed, and nothing else is lost."""

from __future__ import annotations

import os
import shutil
import stat
import threading
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressDialog,
    QPushButton,
)

from selfassess.domain.entries import Answer
from selfassess.gui import tasks
from selfassess.gui.evidence import copies
from selfassess.gui.evidence.dialog import ParticularsDialog
from selfassess.gui.evidence.section import EvidenceSection
from selfassess.gui.main_window import MainWindow
from selfassess.gui.row_panel.panel import RowPanel
from selfassess.store import evidence_file

PROVED, REPORTED = "1.1", "2.7"
"""A row that needs documents, and one that is fed by 报表数据."""


@pytest.fixture
def files(tmp_path):
    """Makes files under a path with Chinese, blanks and percent signs."""
    folder = tmp_path / "2022年 材料 100%20"
    folder.mkdir()

    def make(**contents: bytes) -> list[Path]:
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return [folder / name for name in contents]

    return make


@pytest.fixture
def panel(qtbot, document):
    panel = RowPanel(document)
    qtbot.addWidget(panel)
    panel.resize(380, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.show_place(PROVED)
    return panel


@pytest.fixture
def section(panel) -> EvidenceSection:
    return panel.findChild(EvidenceSection)


class Viewer(QObject):
    """Stands in for the programs of a desktop, and keeps what it was to show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, bytes, int]] = []
        self.places: list[Path] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        place = Path(url.toLocalFile())
        self.places.append(place)
        self.shown.append((place.name, place.read_bytes(), stat.S_IMODE(place.stat().st_mode)))


@pytest.fixture
def viewer(qapp):
    viewer = Viewer()
    QDesktopServices.setUrlHandler("file", viewer, "show")
    yield viewer
    QDesktopServices.unsetUrlHandler("file")


def state(section) -> str:
    return next(one.text() for one in section.findChildren(QLabel) if one.accessibleName() == "佐证材料状态")


def listed(section) -> list[str]:
    model = section.list.model()
    return [str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]


def press(section, name: str) -> None:
    buttons = [one for one in section.findChildren(QAbstractButton) if one.accessibleName() == name]
    assert len(buttons) == 1
    buttons[0].click()


def button(dialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def understood(seen: list[str]):
    """Reads a message and closes it."""

    def reply(dialog) -> None:
        texts = [one.text() for one in dialog.findChildren(QLabel)]
        texts += [one.toPlainText() for one in dialog.findChildren(QPlainTextEdit)]
        seen.append("\n".join(texts))
        button(dialog, "知道了").click()

    return reply


def typed_path(path: Path):
    """Types a path into a file dialog and accepts."""

    def reply(dialog) -> None:
        assert isinstance(dialog, QFileDialog)
        dialog.findChild(QLineEdit).setText(str(path))
        dialog.accept()

    return reply


def names(document, code: str = PROVED) -> list[str]:
    return [one.name for one in document.evidence(code)]


# -------------------------------------------------------------------------------------------------------------- adding


def test_files_chosen_together_are_numbered_and_a_pdf_tells_its_pages(section, document, files, pdf, answering):
    chosen = files(**{"批复 50%.pdf": pdf(3), "坏的.pdf": b"%PDF-1.4 broken", "照片.jpg": b"jpeg"})
    assert state(section) == "缺"

    def choose(dialog) -> None:
        assert isinstance(dialog, QFileDialog)
        dialog.setDirectory(str(chosen[0].parent))
        dialog.findChild(QLineEdit).setText(" ".join(f'"{file.name}"' for file in chosen))
        dialog.accept()

    answering(choose)
    press(section, "添加佐证材料")
    assert listed(section) == ["1.1-1，批复 50%.pdf，3 页", "1.1-2，坏的.pdf", "1.1-3，照片.jpg"]
    assert state(section) == "齐全 3 份"
    assert section.window().focusWidget() is section.list
    assert document.undo() == "撤销：1.1 加入佐证材料“照片.jpg”"
    assert listed(section) == ["1.1-1，批复 50%.pdf，3 页", "1.1-2，坏的.pdf"]


def test_of_several_files_the_good_ones_are_taken_and_the_others_named(section, document, files, answering, tmp_path):
    good, empty, same = files(**{"甲.pdf": b"one", "空.pdf": b"", "甲（副本）.pdf": b"one"})
    gone = tmp_path / "没有了.pdf"
    seen: list[str] = []
    answering(understood(seen))
    section.add([good, empty, tmp_path, gone, same])
    assert names(document) == ["甲.pdf"]
    assert "4 个文件没有加入，其余 1 个已加入" in seen[0]
    for words in (
        "“空.pdf”：文件是空的",
        f"“{tmp_path.name}”：这是文件夹",
        "“没有了.pdf”：找不到文件",
        "“甲（副本）.pdf”与本行",
    ):
        assert words in seen[0]


def test_the_same_file_may_prove_another_row(section, panel, document, files, answering):
    chosen = files(**{"批复.pdf": b"one"})
    section.add(chosen)
    seen: list[str] = []
    answering(understood(seen))
    section.add(chosen)
    assert "内容相同，没有重复加入" in seen[0]
    panel.show_place("1.2")
    section.add(chosen)
    assert (names(document), names(document, "1.2")) == (["批复.pdf"], ["批复.pdf"])
    assert listed(section) == ["1.2-1，批复.pdf"]


def test_two_files_of_the_same_name_stay_two(section, document, files, tmp_path):
    (tmp_path / "扫描.pdf").write_bytes(b"two")
    section.add([*files(**{"扫描.pdf": b"one"}), tmp_path / "扫描.pdf"])
    assert [document.draft.evidence_bytes(one) for one in document.evidence(PROVED)] == [b"one", b"two"]


def test_a_disk_that_refuses_in_the_middle_keeps_the_first_and_names_the_rest(section, document, files, answering):
    chosen = files(**{"甲.pdf": b"one", "乙.pdf": b"x" * 200_000, "丙.pdf": b"three"})

    def full(_code: str) -> None:
        document.draft._database.sql.execute("PRAGMA max_page_count = 1")

    document.evidence_changed.connect(full)
    said: list[str] = []
    section.said.connect(said.append)
    seen: list[str] = []
    answering(understood(seen))
    section.add(chosen)
    assert names(document) == ["甲.pdf"]
    assert listed(section) == ["1.1-1，甲.pdf"]
    assert "2 个文件没有加入，其余 1 个已加入" in seen[0]
    assert "E312 磁盘已满" in seen[0]
    assert said == ["已加入 1 份佐证材料，丙.pdf没有再加。"]
    document.evidence_changed.disconnect(full)
    document.draft._database.sql.execute("PRAGMA max_page_count = 100000")
    section.add(chosen[1:])
    assert names(document) == ["甲.pdf", "乙.pdf", "丙.pdf"]


def test_a_large_file_shows_progress_and_can_be_called_off(section, document, files, monkeypatch):
    asked = threading.Event.is_set

    def slowly(event: threading.Event) -> bool:
        time.sleep(0.001)
        return asked(event)

    # As slow as a stick: a pause after each piece, in which other threads run as while a disk is waited for.
    monkeypatch.setattr(evidence_file, "_PIECE", 30_000)
    monkeypatch.setattr(threading.Event, "is_set", slowly)
    monkeypatch.setattr(tasks, "PATIENCE", 50)
    chosen = files(**{"小.pdf": b"small", "大.bin": bytes(60_000_000), "后.pdf": b"later"})
    said: list[str] = []
    section.said.connect(said.append)

    def call_off() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QProgressDialog) and dialog.labelText() == "正在加入“大.bin”（2/3）…":
            dialog.canceled.emit()

    timer = QTimer(section, interval=10)
    timer.timeout.connect(call_off)
    timer.start()
    section.add(chosen)
    timer.stop()
    assert names(document) == ["小.pdf"]
    assert said == ["已加入 1 份佐证材料，大.bin、后.pdf没有再加。"]
    assert section.isEnabled()


# ------------------------------------------------------------------------------------------------------------ dropping


def drop(section, *urls: QUrl, text: str = "") -> Qt.DropAction:
    """Drag something over the section and let it go, as a file manager that would rather move it."""
    data = QMimeData()
    if urls:
        data.setUrls(list(urls))
    if text:
        data.setText(text)
    middle = section.rect().center()
    actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(middle, actions, data, *keys)
    enter.ignore()
    QApplication.sendEvent(section, enter)
    if not enter.isAccepted():
        return Qt.DropAction.IgnoreAction
    let_go = QDropEvent(QPointF(middle), actions, data, *keys)
    QApplication.sendEvent(section, let_go)
    return let_go.dropAction()


def test_files_that_are_dropped_are_copied_and_never_moved(section, document, files, qtbot):
    chosen = files(**{"甲 100%.pdf": b"one", "乙#1.pdf": b"two"})
    assert drop(section, *(QUrl.fromLocalFile(str(file)) for file in chosen)) == Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: len(names(document)) == 2)
    assert names(document) == ["甲 100%.pdf", "乙#1.pdf"]
    assert all(file.exists() for file in chosen)


def test_what_is_dropped_from_elsewhere_is_named_and_text_is_not_taken(section, document, files, qtbot, answering):
    assert drop(section, text="只是文字") == Qt.DropAction.IgnoreAction
    (good,) = files(**{"甲.pdf": b"one"})
    seen: list[str] = []
    answering(understood(seen))
    drop(section, QUrl("https://example.invalid/文件.pdf"), QUrl.fromLocalFile(str(good)), QUrl("trash:///乙.pdf"))
    qtbot.waitUntil(lambda: bool(seen))
    assert "“文件.pdf”：它不是这台电脑上的文件" in seen[0]
    assert "“乙.pdf”：它不是这台电脑上的文件" in seen[0]
    assert names(document) == ["甲.pdf"]


# ------------------------------------------------------------------------------------------------- describing, removing


def test_particulars_are_typed_into_a_form_and_stored_as_one_step(section, document, files, qtbot, answering):
    section.add(files(**{"扫描001.pdf": b"one"}))

    def fill(dialog) -> None:
        assert isinstance(dialog, ParticularsDialog)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.focusWidget())
        qtbot.keyClicks(dialog.focusWidget(), "PF")
        for text in ("ZC-1", "2022.3.1", "12"):
            qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
            qtbot.keyClicks(dialog.focusWidget(), text)
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)

    answering(fill)
    qtbot.keyClick(section.list, Qt.Key.Key_F2)
    assert listed(section) == ["1.1-1，PF.pdf，ZC-1　2022年3月1日　12 页"]
    assert document.undo() == "撤销：1.1 修改佐证材料“PF.pdf”"
    assert listed(section) == ["1.1-1，扫描001.pdf"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_form_is_opened_by_the_keys_that_edit_a_cell(section, document, files, qtbot, answering, key):
    section.add(files(**{"甲.pdf": b"one"}))
    seen: list[str] = []

    def look(dialog) -> None:
        seen.append(dialog.windowTitle())
        dialog.reject()

    answering(look)
    qtbot.keyClick(section.list, key)
    assert seen == ["佐证材料 1.1-1"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("名称", " ", "名称是空的"),
        ("日期", "2022-02-30", "日期有误"),
        ("页数", "三", "页数“三”"),
        ("文号", "\x01", "文号里有"),
    ],
)
def test_what_is_refused_stays_in_the_form_with_its_reason(section, document, files, answering, field, text, words):
    section.add(files(**{"甲.pdf": b"one"}))
    before = document.evidence(PROVED)
    told: list[str] = []

    def fill(dialog) -> None:
        line = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == field)
        line.selectAll()
        line.insert(text)
        dialog.accept()
        assert dialog.isVisible()
        assert dialog.focusWidget() is line
        told.extend(one.text() for one in dialog.findChildren(QLabel))
        dialog.reject()

    answering(fill)
    press(section, "修改佐证材料")
    assert any(words in text for text in told)
    assert document.evidence(PROVED) == before


def test_a_disk_that_refuses_keeps_the_form_open(section, document, files, answering):
    section.add(files(**{"甲.pdf": b"one"}))
    document.draft._database.sql.execute("PRAGMA max_page_count = 1")
    told: list[str] = []

    def fill(dialog) -> None:
        line = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "文号")
        for _ in range(200):  # until the file needs another page
            line.selectAll()
            line.insert(os.urandom(45).hex())
            dialog.accept()
            if dialog.isVisible():
                break
            dialog.show()
        told.extend(one.text() for one in dialog.findChildren(QLabel))
        dialog.reject()

    answering(fill)
    press(section, "修改佐证材料")
    assert any("磁盘已满" in text for text in told)


def test_delete_removes_and_undo_leads_back_to_the_row(qtbot, document, places, settings, theme, files):
    window = MainWindow(document, places, settings, theme)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.panel is not None)
    section = window.panel.findChild(EvidenceSection)
    window.show_place(PROVED)
    section.add(files(**{"甲.pdf": b"one", "乙.pdf": b"two"}))
    qtbot.keyClick(section.list, Qt.Key.Key_Up)
    qtbot.keyClick(section.list, Qt.Key.Key_Delete)
    assert listed(section) == ["1.1-1，乙.pdf"]
    qtbot.keyClick(section.list, Qt.Key.Key_Delete)
    assert state(section) == "缺"
    window.show_place("3.1")
    assert listed(section) == []
    window.commands["undo"].trigger()
    assert window.panel.place() == PROVED
    window.commands["undo"].trigger()
    assert listed(section) == ["1.1-1，甲.pdf", "1.1-2，乙.pdf"]
    window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(window))


def test_a_disk_that_refuses_a_removal_says_so_and_keeps_the_document(section, document, files, tmp_path):
    section.add(files(**{"甲.pdf": b"one"}))
    said: list[str] = []
    section.said.connect(said.append)
    document.path.unlink()
    press(section, "移除佐证材料")
    assert said[0].startswith("E313")
    assert listed(section) == ["1.1-1，甲.pdf"]
    document.save_as(tmp_path / "另存.zpb", switch=True)


# ------------------------------------------------------------------------------------------------------ looking, saving


def test_a_copy_is_opened_read_only_in_a_folder_that_goes_with_the_window(document, files, viewer, qtbot):
    panel = RowPanel(document)
    panel.show()
    panel.show_place(PROVED)
    section = panel.findChild(EvidenceSection)
    section.add(files(**{"批复 50%#1.pdf": b"one", "扫描.PDF": b"two"}))
    press(section, "打开佐证材料")
    qtbot.keyClick(section.list, Qt.Key.Key_Up)
    section.list.doubleClicked.emit(section.list.currentIndex())
    assert viewer.shown == [("1.1-2 扫描.PDF", b"two", 0o400), ("1.1-1 批复 50%#1.pdf", b"one", 0o400)]
    folder = viewer.places[0].parent.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    panel.close()
    panel.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["setup.exe", "更新.desktop", "a.pdf.bat", ".exe", "表.xlsm"])
def test_what_a_desktop_might_run_is_never_opened_and_saving_is_offered(
    section, files, viewer, answering, name, tmp_path
):
    section.add(files(**{name: b"MZ"}))
    target = tmp_path / "另存" / name
    target.parent.mkdir()

    answering(lambda dialog: button(dialog, "另存为…").click(), typed_path(target))
    press(section, "打开佐证材料")
    assert viewer.shown == []
    assert target.read_bytes() == b"MZ"


def test_a_copy_on_windows_says_that_it_is_from_elsewhere(section, document, files, viewer, monkeypatch):
    monkeypatch.setattr(copies, "_HAS_ZONES", True)
    section.add(files(**{"说明.docx": b"one"}))
    press(section, "打开佐证材料")
    note = Path(f"{viewer.places[0]}:Zone.Identifier")  # on Windows a stream of the copy, elsewhere a file beside it
    assert note.read_bytes() == b"[ZoneTransfer]\r\nZoneId=3\r\n"


def test_a_renamed_program_stays_a_program(section, document, files, viewer, answering, qtbot):
    section.add(files(**{"setup.exe": b"MZ"}))

    def rename(dialog) -> None:
        qtbot.keyClicks(dialog.focusWidget(), "report.pdf")
        dialog.findChildren(QLineEdit)[0].setText("report.pdf")
        dialog.findChildren(QLineEdit)[0].setModified(True)
        dialog.accept()

    answering(rename, lambda dialog: button(dialog, "不打开").click())
    press(section, "修改佐证材料")
    assert names(document) == ["report.pdf.exe"]
    press(section, "打开佐证材料")
    assert viewer.shown == []


def test_a_name_that_would_lead_elsewhere_is_made_safe(section, document, viewer):
    document.attach(PROVED, "../../../con\n.pdf", b"one")
    press(section, "打开佐证材料")
    assert viewer.shown == [("1.1-1 .._.._.._con.pdf", b"one", 0o400)]


def test_damaged_bytes_are_said_and_nothing_is_opened(
    section, document, files, viewer, answering, monkeypatch, tmp_path
):
    private_folder = tmp_path / "临时"
    private_folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private_folder))
    section.add(files(**{"甲.pdf": b"one"}))
    document.draft._database.sql.execute("UPDATE blob SET content = X'00'")
    seen: list[str] = []
    answering(understood(seen))
    press(section, "打开佐证材料")
    assert "“甲.pdf”已损坏" in seen[0]
    assert viewer.shown == []
    assert [one for one in private_folder.rglob("*") if one.is_file()] == []


def test_damaged_bytes_are_said_and_nothing_is_saved(section, document, files, answering, tmp_path):
    section.add(files(**{"甲.pdf": b"one"}))
    document.draft._database.sql.execute("UPDATE blob SET content = X'00'")
    target = tmp_path / "原件"
    target.mkdir()
    seen: list[str] = []
    answering(typed_path(target / "甲.pdf"), understood(seen))
    press(section, "另存为佐证材料")
    assert "“甲.pdf”已损坏" in seen[0]
    assert list(target.iterdir()) == []


def test_a_temporary_folder_that_cannot_be_written_is_said(section, files, viewer, answering, monkeypatch, tmp_path):
    section.add(files(**{"甲.pdf": b"one"}))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    seen: list[str] = []
    answering(understood(seen))
    press(section, "打开佐证材料")
    assert "放不进临时文件夹" in seen[0]
    assert viewer.shown == []


def test_a_temporary_folder_that_the_system_swept_is_made_anew(section, files, viewer):
    section.add(files(**{"甲.pdf": b"one"}))
    press(section, "打开佐证材料")
    shutil.rmtree(viewer.places[0].parent.parent)
    press(section, "打开佐证材料")
    assert viewer.shown == [("1.1-1 甲.pdf", b"one", 0o400)] * 2


def test_a_document_is_saved_elsewhere_with_its_suffix(section, files, answering, tmp_path):
    section.add(files(**{"批复 50%.pdf": b"one"}))
    target = tmp_path / "存 100%"
    target.mkdir()
    said: list[str] = []
    section.said.connect(said.append)

    answering(typed_path(target / "改名"))
    press(section, "另存为佐证材料")
    assert (target / "改名.pdf").read_bytes() == b"one"
    assert said == [f"已另存为“{target / '改名.pdf'}”。"]


# ------------------------------------------------------------------------------------------------------------- keyboard


def test_tab_goes_from_the_remark_through_the_section_and_on(section, panel, files, qtbot):
    section.add(files(**{"甲.pdf": b"one"}))
    remark = next(one for one in panel.findChildren(QPlainTextEdit) if one.accessibleName() == "备注")
    remark.setFocus()
    visited = []
    for _ in range(7):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget().accessibleName())
    assert visited[:6] == [
        "添加佐证材料", "佐证材料", "打开佐证材料", "另存为佐证材料", "修改佐证材料", "移除佐证材料",
    ]  # fmt: skip
    assert visited[6] not in visited[:6]


def test_long_names_are_told_whole_in_a_tip_and_the_list_grows_to_six(section, document):
    for number in range(9):
        document.attach(PROVED, f"{number}{'长' * 200}.pdf", b"%d" % number)
    index = section.list.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == f"1.1-1　0{'长' * 200}.pdf"
    assert section.list.sizeHint().height() == 6 * section.list.sizeHintForRow(0) + 2 * section.list.frameWidth()
    assert section.minimumSizeHint().width() < 350


def test_a_row_that_does_not_apply_says_so_and_keeps_its_documents(section, panel, document):
    panel.show_place("3.2")
    document.attach("3.2", "甲.pdf", b"one")
    document.put_answer("3.2", Answer(not_applicable="没有此项工作"))
    assert state(section) == "不涉及（已加入 1 份）"
    assert listed(section) == ["3.2-1，甲.pdf"]


def test_a_row_fed_by_reports_needs_none_and_says_why(section, panel):
    panel.show_place(REPORTED)
    assert state(section) == "免提供：数据来源为报表数据"
    panel.show_place("一")
    assert not section.isVisible()
