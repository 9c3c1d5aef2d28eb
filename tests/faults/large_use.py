"""Large forms and libraries, in a process of its own; prints figures as one line of JSON and judges nothing.

``form FOLDER N``: a window on a form of N rows. ``library FOLDER N``: a start page over N drafts. Times are
milliseconds, sizes MiB.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from forms import big_catalogue, filled, real_catalogue
from long_use import resident, settle, window_parts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.export.pdf import export_pdf
from selfassess.export.profile import NATIONAL
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.gui.draft_list import ENTRY_ROLE
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.main_window import MainWindow
from selfassess.gui.start_window import StartWindow
from selfassess.store.draft import Draft
from selfassess.store.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.paths import Places


def took(doing: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    started = time.perf_counter()
    doing()
    return (time.perf_counter() - started) * 1000


def clock(found: dict[str, float], what: str, doing: Callable[[], object]) -> None:
    """Notes how long something takes, and how much of it the processor was this program's.

    Args:
        found: Gets both, the second with ``_cpu`` behind its name.
        what: What it is.
        doing: Does it.
    """
    begun = time.process_time()
    found[what] = took(doing)
    found[f"{what}_cpu"] = (time.process_time() - begun) * 1000


def form(folder: Path, rows: int) -> dict[str, float]:
    """Open, edit, filter, undo and export a form of many rows."""
    app, places, *rest = window_parts(folder)
    catalogue = big_catalogue(rows)
    path = folder / "draft.zpb"
    Draft.create(path, catalogue, filled(catalogue)).close()
    shown: list[MainWindow] = []

    def open_it() -> None:
        window = MainWindow(Document.open(path), places, *rest)
        window.resize(1366, 768)
        window.show()
        settle(app)
        shown.append(window)

    found: dict[str, float] = {"rows": rows}
    clock(found, "open", open_it)
    window = shown[0]
    document = window.document
    code = [row.code for _, row in document.catalogue.indicators()][rows // 2]

    def edit() -> None:
        view = window.table.view
        view.show_place(code, ColumnKey.POINTS)
        view.setFocus()
        QTest.keyClick(QApplication.focusWidget(), "0")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        settle(app)

    def leave_out() -> None:
        window.filter.choose(StateFilter.BLANK)
        settle(app)
        window.filter.reset()
        settle(app)

    def undo() -> None:
        window.commands["undo"].trigger()
        settle(app)

    before = document.entries.answer(code)
    clock(found, "edit", edit)
    found["stored"] = document.entries.answer(code).points == 0
    clock(found, "filter", leave_out)
    clock(found, "undo", undo)
    found["undone"] = document.entries.answer(code) == before
    printed = annex(document.catalogue, document.entries, document.scorecard)
    pdf, xlsx = folder / "annex.pdf", folder / "annex.xlsx"
    clock(found, "pdf", lambda: export_pdf(printed, pdf, NATIONAL, places.fonts))
    clock(found, "xlsx", lambda: export_xlsx(printed, xlsx, document.catalogue, document.scorecard))
    total = document.scorecard.total
    window.close()
    with Draft.open(path) as again:
        found["same"] = again.scorecard.total == total
    return found | {"memory": resident()}


class Beat(QTimer):
    """Ticks as often as the window's thread lets it, and notes the longest silence.

    Attributes:
        longest: As somebody at the window sees it.
        busiest: How much of the processor's time this thread had in a silence; what others did does not count.
    """

    def __init__(self) -> None:
        super().__init__(interval=0)
        self.longest = self.busiest = 0.0
        self._last = self._last_cpu = 0.0
        self.timeout.connect(self._note)

    def begin(self) -> None:
        """From now on."""
        self.longest = self.busiest = 0.0
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        self.start()

    def _note(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self.busiest = max(self.busiest, (cpu - self._last_cpu) * 1000)
        self._last, self._last_cpu = now, cpu


def library(folder: Path, count: int) -> dict[str, float]:
    """List many drafts, the first time and again, with words typed meanwhile."""
    app, places, *_ = window_parts(folder)
    catalogue = real_catalogue()
    shelf = Library(places.drafts)
    first = shelf.new_path(filled(catalogue).unit, catalogue)
    Draft.create(first, catalogue, filled(catalogue)).close()
    for number in range(1, count):
        shutil.copyfile(first, first.with_name(f"第{number}厅.zpb"))
    long_ago = time.time() - 60  # what was written this very moment is looked at again at the next start
    for path in places.drafts.iterdir():
        os.utime(path, (long_ago, long_ago))
    time.sleep(2.1)
    found = {"drafts": count}
    for start in ("first", "second"):
        found |= {f"{start}_{what}": figure for what, figure in _start_page(app, places, count).items()}
    return found | {"memory": resident()}


def _type(app: QApplication, line: QLineEdit, letters: str) -> None:
    QTest.keyClicks(line, letters)
    settle(app)


def _start_page(app: QApplication, places: Places, count: int) -> dict[str, float]:
    """One start: until the list is painted, until it is whole, and the longest the window kept anybody waiting."""
    windows: list[StartWindow] = []

    def show() -> None:
        windows.append(StartWindow(Library(places.drafts, places.overview), places))
        windows[0].show()
        settle(app)

    found: dict[str, float] = {}
    clock(found, "painted", show)
    page, beat = windows[0].page, Beat()
    found["rows"] = page.model.rowCount()
    begun = time.perf_counter()
    beat.begin()
    line = page.findChild(QLineEdit)
    words = f"第{count // 2}厅"
    line.setFocus()
    found["filter"] = max(took(partial(_type, app, line, letter)) for letter in "2022")
    found["narrow"] = took(lambda: (line.setText(words), settle(app)))
    found["narrowed"] = page.model.rowCount()
    found["widen"] = took(lambda: (QTest.keyClick(line, Qt.Key.Key_Escape), settle(app)))
    while page.filling.waiting:
        app.processEvents()
    found |= {"whole": (time.perf_counter() - begun) * 1000, "blocked": beat.longest, "busy": beat.busiest}
    entries = [page.model.index(row).data(ENTRY_ROLE) for row in range(page.model.rowCount())]
    found["told"] = sum(1 for one in entries if one.summary and one.summary.total is not None)
    found["refresh"] = took(page.refresh)
    windows[0].close()
    return found


if __name__ == "__main__":
    verb, target, number = sys.argv[1:]
    doing = {"form": form, "library": library}[verb]
    sys.stdout.write(json.dumps(doing(Path(target), int(number))))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; taking windows apart is not
