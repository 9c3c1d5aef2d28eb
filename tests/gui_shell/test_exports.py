"""What leaves the program: asked for, written whole, refused in words with the old file intact, tried again."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton, QWidget

from selfassess.errors import ExportError
from selfassess.export.pdfium import open_pdf
from selfassess.gui import export_actions, printing, tasks
from selfassess.gui.export_actions import AnnexExports
from selfassess.gui.page_renderer import picture
from selfassess.gui.preview_dialog import PreviewDialog
from selfassess.gui.tasks import run_with_progress
from selfassess.waiting import CalledOffError


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def exports(example, places, settings, window):
    return AnnexExports(example, places, settings, window)


@pytest.fixture
def chosen(monkeypatch):
    """The files that the file dialog will name, one after the other."""
    files: list[str] = []
    proposed: list[str] = []

    def name(_parent, _title, proposal, _kind):
        proposed.append(str(proposal))
        named = files.pop(0) if files else ""
        return Path(named) if named else None

    monkeypatch.setattr(export_actions, "ask_target", name)
    return files, proposed


def button(dialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def test_a_pdf_is_exported_under_a_telling_name_and_the_folder_is_remembered(exports, chosen, tmp_path, settings):
    files, proposed = chosen
    files.append(str(tmp_path / "表 100% 完.pdf"))
    assert exports.export_pdf() == tmp_path / "表 100% 完.pdf"
    assert (tmp_path / "表 100% 完.pdf").read_bytes().startswith(b"%PDF")
    assert proposed[0].endswith("西藏自治区人民政府外事办公室_2022年度_自评表.pdf")
    files.append("")
    exports.export_pdf()
    assert proposed[1].startswith(str(tmp_path))


def test_a_workbook_is_exported(exports, chosen, tmp_path):
    chosen[0].append(str(tmp_path / "表.xlsx"))
    assert exports.export_xlsx() == tmp_path / "表.xlsx"
    assert (tmp_path / "表.xlsx").read_bytes().startswith(b"PK")


def test_a_missing_suffix_is_added_and_an_old_file_of_that_name_is_asked_about(exports, chosen, tmp_path, answering):
    (tmp_path / "表.pdf").write_bytes(b"old")
    chosen[0].append(str(tmp_path / "表"))
    answering(lambda box: button(box, "取消").click())
    assert exports.export_pdf() is None
    assert (tmp_path / "表.pdf").read_bytes() == b"old"
    chosen[0].append(str(tmp_path / "表"))
    answering(lambda box: button(box, "替换").click())
    assert exports.export_pdf() == tmp_path / "表.pdf"


def test_closing_the_file_dialog_exports_nothing(exports, chosen):
    assert exports.export_pdf() is None


def test_a_folder_that_is_not_there_is_said_and_another_place_is_taken(exports, chosen, tmp_path, answering):
    chosen[0].extend([str(tmp_path / "没有" / "表.pdf"), str(tmp_path / "表.pdf")])
    said = []

    def elsewhere(box) -> None:
        said.append(box.text() + box.informativeText())
        button(box, "另选位置…").click()

    answering(elsewhere)
    assert exports.export_pdf() == tmp_path / "表.pdf"
    assert "不存在" in said[0]


def test_after_the_reason_is_gone_trying_again_works(exports, chosen, tmp_path, answering):
    target = tmp_path / "表.pdf"
    target.mkdir()
    chosen[0].append(str(target))

    def again(box) -> None:
        target.rmdir()
        button(box, "再试一次").click()

    answering(again)
    assert exports.export_pdf() == target
    assert target.is_file()


def test_giving_up_leaves_the_old_file(exports, chosen, tmp_path, answering):
    target = tmp_path / "表.pdf"
    target.write_bytes(b"old")
    target.chmod(0o444)
    chosen[0].append(str(target))
    answering(lambda box: button(box, "取消").click())
    assert exports.export_pdf() is None
    assert target.read_bytes() == b"old"


# ---------------------------------------- paper
def test_without_a_printer_that_is_said_and_a_pdf_is_offered(exports, chosen, tmp_path, answering, monkeypatch):
    monkeypatch.setattr(printing, "has_printer", lambda: False)
    chosen[0].append(str(tmp_path / "表.pdf"))
    said = []

    def export(box) -> None:
        said.append(box.text())
        button(box, "导出 PDF…").click()

    answering(export)
    assert exports.print_() is None
    assert "没有可用的打印机" in said[0]
    assert (tmp_path / "表.pdf").is_file()


def test_pages_go_to_the_printer_landscape_and_whole(exports, tmp_path):
    data = exports.printer.render(exports.annex(), exports.profile)
    printer = printing.annex_printer(title="表", duplex=True)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印.pdf"))
    printer.setResolution(150)
    printer.setFromTo(2, 3)
    assert printing.print_pdf(data, printer, threading.Event()) == 2
    pdf = open_pdf((tmp_path / "印.pdf").read_bytes())
    assert len(pdf) == 2
    width, height = pdf[0].get_size()
    assert (round(width), round(height)) == (842, 595)
    pdf.close()


def test_a_printed_page_looks_like_the_page_of_the_preview(exports, tmp_path):
    data = exports.printer.render(exports.annex(), exports.profile)
    printer = printing.annex_printer(title="表", duplex=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印.pdf"))
    printer.setResolution(200)
    printing.print_pdf(data, printer, threading.Event())
    shown, printed = open_pdf(data), open_pdf((tmp_path / "印.pdf").read_bytes())
    pictures = [picture(pdf, 0, 842, grey=True) for pdf in (shown, printed)]
    shown.close()
    printed.close()
    # Blurred to one pixel for 10 pt of paper: every block of text is where it was, whatever became of thin lines.
    one, other = (
        image.scaled(84, 59, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        for image in pictures
    )
    differences = [
        abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) for x in range(84) for y in range(59)
    ]
    assert max(differences) < 64
    assert min(one.pixelColor(x, y).lightness() for x in range(84) for y in range(59)) < 200


@pytest.mark.qt_log_ignore("QPainter::begin")  # Qt says it as well
def test_a_file_that_cannot_be_printed_into_is_refused_in_words(exports, tmp_path):
    data = exports.printer.render(exports.annex(), exports.profile)
    printer = printing.annex_printer(title="表", duplex=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "没有" / "印.pdf"))
    with pytest.raises(ExportError, match="E356") as refused:
        printing.print_pdf(data, printer, threading.Event())
    assert "打印机" not in str(refused.value)


@pytest.mark.parametrize(("page", "code"), [(None, "E350"), (3, "E351")], ids=["at once", "at a page"])
def test_a_printer_that_refuses_is_named(page, code):
    printer = SimpleNamespace(outputFileName=lambda: "", printerName=lambda: "一楼")
    refusal = printing._refusal(printer, page)
    assert refusal.code == code
    assert "打印机“一楼”" in refusal.message


def test_a_file_that_stops_at_a_page_is_said_of_the_file():
    printer = SimpleNamespace(outputFileName=lambda: "/tmp/印.pdf", printerName=lambda: "一楼")
    assert printing._refusal(printer, 3).message.startswith("打印到文件“/tmp/印.pdf”时，在第 3 页停下了")


@pytest.fixture
def dialog_says(monkeypatch, tmp_path):
    """The system's print dialog, answered: print into this file, "" for the printer."""

    def answer(file: str) -> None:
        def accept(dialog) -> int:
            if file:
                dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
                dialog.printer().setOutputFileName(file)
                dialog.printer().setResolution(72)
            return QPrintDialog.DialogCode.Accepted

        monkeypatch.setattr(printing, "has_printer", lambda: True)
        monkeypatch.setattr(QPrintDialog, "exec", accept)

    return answer


@pytest.mark.parametrize("name", ["印.pdf", ""], ids=["into a file", "to a printer"])
def test_the_message_says_where_the_pages_went(
    example, places, settings, qtbot, tmp_path, dialog_says, monkeypatch, name
):
    file = str(tmp_path / name) if name else ""
    dialog_says(file)
    if not name:  # there is none here
        monkeypatch.setattr(printing, "print_pdf", lambda *_: 7)
    preview = PreviewDialog(example, places, settings)
    preview.show()
    qtbot.waitUntil(lambda: preview.pdf is not None, timeout=15_000)
    preview._print()
    said = preview._message.text()
    assert said == (f"已把 7 页打印到文件：{file}" if name else "已把 7 页送往打印机。")
    assert not name or (tmp_path / name).is_file()
    preview.close()
    preview.deleteLater()


def test_printing_called_off_stops_before_the_next_page(exports, tmp_path):
    data = exports.printer.render(exports.annex(), exports.profile)
    printer = printing.annex_printer(title="表", duplex=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印.pdf"))
    printer.setResolution(72)
    off = threading.Event()
    off.set()
    assert printing.print_pdf(data, printer, off) == 0


@pytest.mark.parametrize(
    ("first", "last", "pages"), [(0, 0, [0, 1, 2, 3]), (2, 3, [1, 2]), (3, 9, [2, 3])], ids=["all", "some", "too far"]
)
def test_the_pages_that_were_asked_for_are_printed(first, last, pages):
    printer = printing.annex_printer(title="表", duplex=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    if first:
        printer.setFromTo(first, last)
    assert printing.wanted_pages(printer, 4) == pages


# ---------------------------------------- long work
def test_short_work_shows_no_progress(window):
    shown = []

    def look() -> None:
        shown.extend(
            one for one in QApplication.topLevelWidgets() if isinstance(one, QProgressDialog) and one.isVisible()
        )

    # Looked at by the window's thread; widgets belong to no other.
    timer = QTimer(window, interval=1)
    timer.timeout.connect(look)
    timer.start()
    assert run_with_progress(window, "算", lambda _: time.sleep(0.05) or 7) == 7
    timer.stop()
    assert shown == []
    assert window.isEnabled()


def test_long_work_shows_progress_and_can_be_called_off(window, monkeypatch, answering):
    monkeypatch.setattr(tasks, "PATIENCE", 50)
    answering(lambda dialog: dialog.canceled.emit(), progress=True)
    began = time.monotonic()
    with pytest.raises(CalledOffError):
        run_with_progress(window, "算", lambda stop: stop.wait(20))
    assert time.monotonic() - began < 10
    assert window.isEnabled()


def test_a_refusal_in_the_work_comes_out(window):
    def work(_):
        raise ExportError("E352")

    with pytest.raises(ExportError, match="E352"):
        run_with_progress(window, "算", work)
    assert window.isEnabled()


def test_progress_is_gone_afterwards(window, qtbot, monkeypatch):
    monkeypatch.setattr(tasks, "PATIENCE", 0)
    run_with_progress(window, "算", lambda _: time.sleep(0.05))
    qtbot.waitUntil(lambda: window.findChildren(QProgressDialog) == [])


# ---------------------------------------- called off
@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_an_export_that_was_called_off_leaves_the_old_file(exports, tmp_path, kind, monkeypatch, chosen):
    target = tmp_path / f"表.{kind}"
    target.write_bytes(b"old")
    chosen[0].append(str(target))

    def at_once(_parent, _label, work):
        stop = threading.Event()
        stop.set()
        work(stop)
        raise CalledOffError

    monkeypatch.setattr(export_actions, "run_with_progress", at_once)
    assert (exports.export_pdf if kind == "pdf" else exports.export_xlsx)() is None
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_an_export_called_off_while_the_file_is_checked_leaves_the_old_file(exports, tmp_path):
    target = tmp_path / "表.pdf"
    target.write_bytes(b"old")
    asked = []

    def called_off() -> bool:
        asked.append(True)
        return len(asked) > 6  # the six pages are set; then the file is checked

    with pytest.raises(CalledOffError):
        exports.printer.export(exports.annex(), target, exports.profile, called_off)
    assert len(asked) == 7
    assert target.read_bytes() == b"old"
