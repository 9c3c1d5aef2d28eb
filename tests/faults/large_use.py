"""Large forms, libraries and histories, in a process of its own; prints figures as one line of JSON and judges nothing.

``form FOLDER N``: a window on a form of N rows. ``library FOLDER N``: a start page over N drafts. ``history FOLDER N``:
a draft with N edits behind it. Times are milliseconds, sizes MiB.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from forms import big_catalogue, filled, real_catalogue
from long_use import TEXT, resident, settle, window_parts
from msgspec.structs import replace

from selfassess.document import Document
from selfassess.domain.entries import Override
from selfassess.export.pdf import export_pdf
from selfassess.export.profile import NATIONAL
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.main_window import MainWindow
from selfassess.gui.start_window import StartWindow
from selfassess.store.draft import Draft
from selfassess.store.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable


def took(doing: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    started = time.perf_counter()
    doing()
    return (time.perf_counter() - started) * 1000


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

    found = {"rows": rows, "open": took(open_it)}
    window = shown[0]
    document = window.document
    code = [row.code for _, row in document.catalogue.indicators()][rows // 2]

    def edit() -> None:
        answer = document.entries.answer(code)
        document.put_answer(code, replace(answer, override=Override(points=Decimal(0), reason=TEXT)))
        settle(app)

    def leave_out() -> None:
        window.filter.choose(StateFilter.BLANK)
        settle(app)
        window.filter.reset()
        settle(app)

    def undo() -> None:
        document.undo()
        settle(app)

    found |= {"edit": took(edit), "filter": took(leave_out), "undo": took(undo)}
    printed = annex(document.catalogue, document.entries, document.scorecard)
    pdf, xlsx = folder / "annex.pdf", folder / "annex.xlsx"
    found["pdf"] = took(lambda: export_pdf(printed, pdf, NATIONAL, places.fonts))
    found["xlsx"] = took(lambda: export_xlsx(printed, xlsx, document.catalogue, document.scorecard))
    total = document.scorecard.total
    window.close()
    with Draft.open(path) as again:
        found["same"] = again.scorecard.total == total
    return found | {"memory": resident()}


def library(folder: Path, count: int) -> dict[str, float]:
    """List many drafts: the first of a folder, and again."""
    app, places, *_ = window_parts(folder)
    catalogue = real_catalogue()
    shelf = Library(places.drafts)
    first = shelf.new_path(filled(catalogue).unit, catalogue)
    Draft.create(first, catalogue, filled(catalogue)).close()
    for number in range(1, count):
        shutil.copyfile(first, first.with_name(f"第{number}厅.zpb"))
    windows: list[StartWindow] = []

    def show() -> None:
        window = StartWindow(Library(places.drafts), places)
        window.page.refresh()
        window.show()
        settle(app)
        windows.append(window)

    found = {"drafts": count, "start_page": took(show), "again": took(windows[0].page.refresh)}
    found["listed"] = windows[0].page.model.rowCount()
    return found | {"memory": resident()}


def history(folder: Path, count: int) -> dict[str, float]:
    """Edit, take back and open a draft that was edited many times."""
    catalogue = real_catalogue()
    path = folder / "draft.zpb"
    codes = [row.code for _, row in catalogue.indicators()][:47]
    with Draft.create(path, catalogue, filled(catalogue)) as draft:
        made = took(lambda: _edit_often(draft, codes, count))
    found = {"edits": count, "per_edit": made / count, "size": path.stat().st_size / 2**20}
    opened: list[Draft] = []
    found["open"] = took(lambda: opened.append(Draft.open(path)))
    draft = opened[0]
    found["edit"] = took(lambda: _edit_often(draft, codes, 1))
    found["undo"] = took(draft.undo)
    found["thousand_undos"] = took(lambda: [draft.undo() for _ in range(min(count, 1000))])
    found["copy"] = took(lambda: draft.save_as(folder / "copy.zpb"))
    draft.close()
    return found | {"memory": resident()}


def _edit_often(draft: Draft, codes: list[str], count: int) -> None:
    for number in range(count):
        code = codes[number % len(codes)]
        draft.put_answers({code: replace(draft.entries.answer(code), remark=f"{TEXT}{number} {time.time_ns()}")})


if __name__ == "__main__":
    verb, target, number = sys.argv[1:]
    doing = {"form": form, "library": library, "history": history}[verb]
    sys.stdout.write(json.dumps(doing(Path(target), int(number))))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; taking windows apart is not
