"""Does the whole job in a process that takes down every socket, every file written and every process started.

``python job.py headless|window FOLDER`` works in FOLDER; prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    *(f"os.{verb}" for verb in ("rename", "remove", "rmdir", "mkdir", "link", "symlink", "chmod", "truncate", "utime")),
    *("shutil.rmtree", "shutil.move", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp", "sqlite3.connect"),
}
STARTS = {
    *(f"os.{verb}" for verb in ("system", "exec", "posix_spawn", "spawn", "startfile", "fork", "forkpty")),
    *("subprocess.Popen", "pty.spawn"),
}
PATHS = (str, bytes, os.PathLike)
seen: dict[str, set[str]] = {"sockets": set(), "written": set(), "started": set()}


def take_down(event: str, arguments: tuple[object, ...]) -> None:
    """Python tells of everything it is about to do; what libraries do by themselves is looked for afterwards."""
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "ssl.")):
        seen["sockets"].add(event)
    elif event == "open":
        path, _mode, flags = arguments
        if isinstance(path, PATHS) and isinstance(flags, int) and flags & WRITES:
            seen["written"].add(os.fsdecode(path))
    elif event in CHANGES:
        seen["written"].update(os.fsdecode(each) for each in arguments[:2] if isinstance(each, PATHS))
    elif event in STARTS:
        seen["started"].add(f"{event} {arguments[:2]}")


def sockets_of_the_system() -> list[str]:
    """Internet sockets of this process as the kernel lists them, whoever opened them."""
    own = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            link = str(descriptor.readlink())
        except OSError:
            continue
        if link.startswith("socket:["):
            own.add(link[8:-1])
    found = []
    for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "icmp", "icmp6"):
        table = Path("/proc/self/net") / name
        if table.exists():
            lines = table.read_text("ascii").splitlines()[1:]
            found += [f"{name} {line.split()[1]}" for line in lines if line.split()[9] in own]
    return found


def headless(folder: Path) -> None:
    """The verbs, from a new draft to the exported annex."""
    from selfassess.__main__ import main

    draft, pdf, xlsx = (str(folder / name) for name in ("示例.zpb", "附件.pdf", "附件.xlsx"))
    own = str(ROOT / "tests" / "golden" / "annex-2022-transcription.tsv")
    form = "xizang-dept-budget/2022-transcribed"
    for arguments in (
        ["catalogue", "list"],
        ["catalogue", "lint", form],
        ["new", draft, "--catalogue", form, "--unit", "外事办"],
        ["fill", draft, str(EXAMPLE)],
        ["show", draft, "--json"],
        ["explain", draft],
        ["check", draft],
        ["export", draft, "--pdf", pdf, "--xlsx", xlsx],
        ["reconcile", own],
    ):
        assert main(arguments) in (0, 1), arguments


def window(folder: Path) -> None:
    """The window: start page, example, edits, preview, export, print into a file, manual."""
    from PySide6.QtCore import QEventLoop, QTimer

    from selfassess.document import Document
    from selfassess.gui.app import prepare_application
    from selfassess.gui.main_window import MainWindow
    from selfassess.gui.manual_window import show_manual
    from selfassess.gui.preview_dialog import PreviewDialog
    from selfassess.gui.settings import Settings
    from selfassess.gui.start_window import StartWindow
    from selfassess.paths import find_places
    from selfassess.store.library import Library

    def settle(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    places = find_places()
    settings = Settings(places.settings)
    _app, theme = prepare_application(["selfassess"], places, settings)
    start = StartWindow(Library(places.drafts), places)
    start.page.refresh()
    start.show()
    document = Document.open(folder / "示例.zpb")
    main_window = MainWindow(document, places, settings, theme)
    main_window.show()
    edit(document, folder)
    settings.put("theme", "dark")
    for place in ("2.7", "unit.name", "adjustment.0"):
        main_window.show_place(place)
        settle(20)
    show_manual(main_window, places.manual)
    preview = PreviewDialog(document, places, settings, main_window)
    preview.show()
    for _ in range(100):
        settle(100)
        if preview.view.page_count:
            break
    exports = preview.exports
    exports.printer.export(exports.annex(), folder / "附件.pdf", exports.profile)
    print_into(folder / "印.pdf", exports.printer.render(exports.annex(), exports.profile))
    preview.close()
    main_window.close()
    start.close()
    settle(50)


def edit(document, folder: Path) -> None:
    """What a clerk does to a form."""
    from selfassess.domain.entries import Answer, Unit

    document.put_answer("1.2", Answer(remark="改"))
    document.put_unit(Unit(name="某某局"))
    document.undo()
    document.redo()
    document.save_as(folder / "副本.zpb")


def print_into(target: Path, data: bytes) -> None:
    """Print as to a printer, but into a file."""
    from PySide6.QtPrintSupport import QPrinter

    from selfassess.gui.printing import annex_printer, print_pdf

    printer = annex_printer(title="表", duplex=False)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    printer.setResolution(100)
    printer.setFromTo(1, 1)
    assert print_pdf(data, printer, threading.Event()) == 1


def main(arguments: list[str]) -> int:
    sys.addaudithook(take_down)
    what, folder = arguments[0], Path(arguments[1])
    {"headless": headless, "window": window}[what](folder)
    told = {name: sorted(found) for name, found in seen.items()}
    told["system"] = sockets_of_the_system()
    sys.stdout.write(f"\n{json.dumps(told)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
