"""A draft with very many edits behind it, in a real window, in a process of its own; prints figures, judges nothing.

``FOLDER N QUICK``: N edits are made, one by one, in the folder QUICK, which lies in memory, so that what is timed is
the program and not the disk. Then the draft lies in FOLDER beside a fresh one, and a window of each is used in turns,
so that what else the computer does is the same for both. Times are milliseconds, sizes MiB.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from forms import filled, real_catalogue
from large_use import Beat, took
from long_use import TEXT, resident, settle, window_parts
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.export.pdf import export_pdf
from selfassess.export.profile import NATIONAL
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.gui.backup_keeper import BackupKeeper
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.main_window import MainWindow
from selfassess.gui.restore_dialog import RestoreDialog
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft
from selfassess.store.glance import look_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.domain.catalogue import Catalogue
    from selfassess.paths import Places

ROW = "2.7"


class Sittings:
    """A clock by which somebody enters something every twenty seconds, three hundred times, and comes back later."""

    def __init__(self) -> None:
        self._at = datetime(2023, 1, 1, tzinfo=UTC)
        self._told = 0

    def __call__(self) -> datetime:
        self._told += 1
        self._at += timedelta(seconds=20 if self._told % 300 else 3600)
        return self._at


def made(path: Path, catalogue: Catalogue, count: int) -> dict[str, float]:
    """A draft that was edited so often; the processor's time for the first and the last edits, and what each cost."""
    codes = [row.code for _, row in catalogue.indicators()][:47]
    times: list[float] = []
    with Draft.create(path, catalogue, filled(catalogue), clock=Sittings()) as draft:
        early, size = resident(), path.stat().st_size
        for number in range(count):
            code = codes[number % len(codes)]
            answer = replace(draft.entries.answer(code), remark=f"{TEXT}{number} {time.time_ns()}")
            begun = time.thread_time()
            draft.put_answers({code: answer})
            times.append((time.thread_time() - begun) * 1000)
            if number == count // 10:
                early = resident()
        late = resident()
    grown = (path.stat().st_size - size) / count
    # The first edits warm caches up.
    return {
        "first": median(times[100:200]),
        "last": median(times[-100:]),
        "early_memory": early,
        "late_memory": late,
        "grown": grown,
        "size": path.stat().st_size / 2**20,
    }


class Used:
    """One draft in its window, with what is done in it."""

    def __init__(self, app: QApplication, path: Path, parts: list[object]) -> None:
        self.app = app
        self.window = MainWindow(Document.open(path), *parts)
        self.window.resize(1366, 768)
        self.window.show()
        settle(app)
        self.document = self.window.document

    def edit(self, number: int) -> None:
        """A remark is typed into its cell."""
        self.window.activateWindow()
        settle(self.app)
        view = self.window.table.view
        view.show_place(ROW, ColumnKey.REMARK)
        view.setFocus()
        for letter in f"z{number}":
            QTest.keyClicks(QApplication.focusWidget(), letter)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        settle(self.app)

    def command(self, name: str, _number: int = 0) -> None:
        """As from the menu."""
        self.window.commands[name].trigger()
        settle(self.app)

    def narrow(self, _number: int = 0) -> None:
        """Only blank rows, then all again."""
        self.window.filter.choose(StateFilter.BLANK)
        settle(self.app)
        self.window.filter.reset()
        settle(self.app)

    def export(self, folder: Path, places: Places) -> None:
        """The annex as PDF and workbook."""
        document = self.document
        printed = annex(document.catalogue, document.entries, document.scorecard)
        export_pdf(printed, folder / "annex.pdf", NATIONAL, places.fonts)
        export_xlsx(printed, folder / "annex.xlsx", document.catalogue, document.scorecard)

    def back_up(self, places: Places) -> float:
        """An automatic copy beside the work; how long the window was held up at the most."""
        keeper, beat = BackupKeeper(self.document, Backups(places.backups), self.window), Beat()
        beat.begin()
        keeper.begin()
        while keeper.is_working:
            self.app.processEvents()
        return beat.longest

    def look_back(self) -> dict[str, float]:
        """The list of restore points: the newest, then all, then the oldest is looked at and restored."""
        beat, dialogs, before = Beat(), list[RestoreDialog](), self.document.entries.answer(ROW).remark

        def show() -> None:
            dialogs.append(RestoreDialog(self.document, self.window))
            dialogs[0].show()
            settle(self.app)

        found = {"points": took(show)}
        dialog = dialogs[0]
        older = next(one for one in dialog.findChildren(QPushButton) if one.text().startswith("显示更早的"))
        beat.begin()
        if older.isVisible():
            found["all_points"] = took(lambda: (older.click(), settle(self.app)))
        view = dialog._view
        view.setCurrentIndex(dialog.model.index(dialog.model.rowCount() - 1, 0))
        found["oldest"] = took(lambda: (dialog._show_preview(), settle(self.app)))
        self.app.processEvents()
        found |= {"listed": dialog.model.rowCount(), "held_up": beat.longest}
        point = dialog.point
        dialog.reject()
        self.app.processEvents()
        found["restore"] = took(lambda: (self.document.restore(point), settle(self.app)))
        found["restored"] = self.document.entries.answer(ROW).remark != before
        return found


def used(folder: Path, path: Path, catalogue: Catalogue, turns: int) -> dict[str, float]:
    """What can be done with the draft, beside a fresh one, each thing so often."""
    app, places, *rest = window_parts(folder / "data")
    fresh = folder / "fresh.zpb"
    Draft.create(fresh, catalogue, filled(catalogue)).close()
    found: dict[str, float] = {}
    windows: dict[str, Used] = {}
    for name, one in (("warm", fresh), ("fresh", folder / "fresh2.zpb"), ("old", path)):
        if not one.exists():
            shutil.copyfile(fresh, one)
        found[f"{name}_open"] = took(lambda name=name, one=one: windows.update({name: Used(app, one, [places, *rest])}))
    doings: dict[str, Callable[[Used, int], object]] = {
        "edit": Used.edit,
        "undo": lambda used, _: used.command("undo"),
        "redo": lambda used, _: used.command("redo"),
        "filter": Used.narrow,
    }
    times: dict[str, list[float]] = {f"{name}_{doing}": [] for name in ("fresh", "old") for doing in doings}
    for doing, do in doings.items():
        for number in range(turns):
            for name in ("fresh", "old"):
                times[f"{name}_{doing}"].append(took(partial(do, windows[name], number)))
    found |= {what: median(took_) for what, took_ in times.items()}
    for name in ("fresh", "old"):
        found[f"{name}_export"] = took(lambda name=name: windows[name].export(folder, places))
    old = windows["old"]
    found["backup_held_up"] = 0.0
    found["backup"] = took(lambda: found.update(backup_held_up=old.back_up(places)))
    found |= old.look_back()
    found["save_as"] = took(lambda: old.document.draft.save_as(folder / "copy.zpb"))
    total = old.document.scorecard.total
    for one in windows.values():
        one.window.close()
        one.document.close()
    found["listing"] = took(lambda: look_at(path))
    found["same"] = look_at(path).summary.total == total
    return found | {"memory": resident()}


def main(folder: Path, count: int, quick: Path) -> dict[str, float]:
    """Make it, then use it."""
    catalogue = real_catalogue()
    found = made(quick / "draft.zpb", catalogue, count)
    shutil.copyfile(quick / "draft.zpb", folder / "draft.zpb")
    (folder / "data").mkdir()
    return found | used(folder, folder / "draft.zpb", catalogue, 20 if count > 10_000 else 8)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; taking windows apart is not
