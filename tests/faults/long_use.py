"""Days of use, compressed, in a process of its own; prints figures as one line of JSON and judges nothing.

``edits FOLDER N``: N edits with undo and redo through the open document. ``drafts FOLDER N``: N drafts opened in a
window, edited and closed. ``typing FOLDER N``: N letters typed into one window's remarks, with the pauses in which a
text stores itself.

Memory is resident memory in MiB, at a tenth of the way (``early``) and at the end (``late``): what grows with use shows
in the difference. Latency is the median of a hundred edits in milliseconds, and of the processor's time for them, on
which nothing else that the computer does has an influence.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from selfassess.catalogue.loader import load
from selfassess.document import Document
from selfassess.domain.entries import Entries, Override, Unit
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.row_panel.fields import LongText
from selfassess.gui.settings import Settings
from selfassess.gui.theme import Theme
from selfassess.paths import Places

ROOT = Path(__file__).resolve().parents[2]
FORM = ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml"
TEXT = "已按规定完成，会议纪要、批复文件见佐证材料。"


def resident() -> float:
    """Resident memory of this process in MiB, after what is no longer needed was given back."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_files() -> int:
    """How many files this process holds open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def edits(folder: Path, count: int) -> dict[str, float]:
    """Edits one after the other; every seventh is taken back, every eleventh taken back and done again."""
    app, path = QCoreApplication([]), folder / "某厅.zpb"
    document = Document.create(path, load(FORM), Entries(unit=Unit(name="某厅", year="2022")))
    codes = [row.code for _, row in document.catalogue.indicators()][:47]
    found: dict[str, float] = {}
    took: list[float] = []
    busy: list[float] = []
    for number in range(count):
        if number == count // 10:
            found |= {"early": resident(), "early_size": path.stat().st_size}
        code = codes[number % len(codes)]
        answer = document.entries.answer(code)
        points = Decimal(number % 2) / 2
        changed = replace(answer, override=Override(points=points, reason=TEXT), remark=f"{TEXT}{number}")
        started, begun = time.perf_counter(), time.thread_time()
        document.put_answer(code, changed)
        took.append((time.perf_counter() - started) * 1000)
        busy.append((time.thread_time() - begun) * 1000)
        if number % 7 == 0 or number % 11 == 0:
            document.undo()
        if number % 11 == 0:
            document.redo()
        app.processEvents()
    found |= {"late": resident(), "late_size": path.stat().st_size, "files": open_files()}
    # The first edits warm caches up.
    found |= {"first_ms": median(took[100:200]), "last_ms": median(took[-100:])}
    found |= {"first_cpu": median(busy[100:200]), "last_cpu": median(busy[-100:])}
    document.close()
    again = Document.open(path)
    found["undo_again"] = bool(again.undo())
    again.close()
    return found


def window_parts(data: Path) -> tuple[QApplication, Places, Settings, Theme]:
    """What a window needs: application, places, settings, theme."""
    places = Places(assets=ROOT, data=data)
    settings = Settings(places.settings)
    app, theme = prepare_application([sys.argv[0]], places, settings)
    app.setQuitOnLastWindowClosed(False)
    return app, places, settings, theme


def settle(app: QApplication) -> None:
    """Do what waits, and take away what was deleted: without a running loop Qt leaves that lying."""
    for _ in range(3):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drafts(folder: Path, count: int) -> dict[str, float]:
    """Drafts opened in a window one after the other, edited and closed."""
    app, *rest = window_parts(folder)
    catalogue = load(FORM)
    found: dict[str, float] = {}
    for number in range(count):
        if number == max(count // 10, 5):
            found |= {"early": resident(), "early_files": open_files(), "early_widgets": len(app.allWidgets())}
        document = Document.create(folder / f"第{number}份.zpb", catalogue, Entries(unit=Unit(name=f"第{number}厅")))
        window = MainWindow(document, *rest)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()
        settle(app)
        window.workbench.furnish()
        window.show_place("2.7")
        document.put_answer("2.7", replace(document.entries.answer("2.7"), remark=TEXT))
        settle(app)
        window.close()
        del window, document
        settle(app)
    left = [path.name for path in folder.iterdir() if path.suffix != ".zpb" and path.is_file() and "第" in path.name]
    found |= {"late": resident(), "late_files": open_files(), "late_widgets": len(app.allWidgets())}
    return found | {"left_over": len(left)}


def typing(folder: Path, count: int) -> dict[str, float]:
    """Letters typed into remarks, row after row; after each sentence the text stores itself as after a pause."""
    app, *rest = window_parts(folder)
    path = folder / "某厅.zpb"
    document = Document.create(path, load(FORM), Entries(unit=Unit(name="某厅", year="2022")))
    window = MainWindow(document, *rest)
    window.show()
    settle(app)
    window.workbench.furnish()
    codes = [row.code for _, row in document.catalogue.indicators()][:47]
    found: dict[str, float] = {}
    typed = 0
    took: list[float] = []
    noted = False
    while typed < count:
        for code in codes:
            window.show_place(code)
            remark = window.findChildren(LongText)[-1]
            remark.setFocus()
            for _ in range(2):
                begun = time.thread_time()
                QTest.keyClicks(remark, "shouru zhichu 12.5% ")
                typed += 20
                remark.flush()
                took.append((time.thread_time() - begun) * 1000)
            settle(app)
            if not noted and typed >= count // 10:
                noted = True
                found |= {"early": resident(), "early_size": path.stat().st_size}
    found |= {"late": resident(), "late_size": path.stat().st_size, "letters": typed}
    found |= {"first_cpu": median(took[10:40]), "last_cpu": median(took[-30:])}
    found["stored"] = all("12.5%" in document.entries.answer(code).remark for code in codes)
    window.close()
    return found


if __name__ == "__main__":
    verb, target, number = sys.argv[1:]
    doing = {"edits": edits, "drafts": drafts, "typing": typing}[verb]
    sys.stdout.write(json.dumps(doing(Path(target), int(number))))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; taking windows apart is not
