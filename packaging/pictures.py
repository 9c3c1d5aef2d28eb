"""Redraws the manual's pictures from the real windows: ``./dev pictures``; knows what is shown, not how it looks.

With names (``./dev pictures row-tiers dark``) only those pictures are written; all are drawn.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]

# Beside the repository, so that nobody's own drafts and settings come into a picture.
_data = tempfile.TemporaryDirectory(prefix="selfassess-pictures-")
os.environ["SELFASSESS_DATA"] = _data.name

from camera import EDGE, TARGET, Album, image_of, settle, without_empty_end  # beside this file
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from selfassess.catalogue.loader import load
from selfassess.catalogue.shelf import find
from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.export.pdf import AnnexPrinter
from selfassess.export.profile import PrintProfile
from selfassess.export.rows import annex
from selfassess.gui.app import prepare_application
from selfassess.gui.filter_bar import StateFilter
from selfassess.gui.findings_model import FINDING_ROLE
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.gui.start_window import StartWindow
from selfassess.gui.theme import ThemeChoice
from selfassess.intake import answers
from selfassess.paths import find_places
from selfassess.store.draft import Draft, now
from selfassess.store.library import Library

if TYPE_CHECKING:
    from selfassess.gui.theme import Theme
    from selfassess.paths import Places

WINDOW = (1360, 860)
PREVIEW = (1240, 820)
PAGE = 4096
"""Bytes of a page of a draft."""
PAGE_SCALE = 1.4
"""Pixels per point of the annex's picture."""
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"
HALF_FILLED = ROOT / "packaging" / "pictures.answers.toml"
ROWS = {
    "1.2": "row-all-or-nothing",
    "1.4": "row-checklist",
    "2.7": "row-tiers",
    "3.1": "row-proportional",
    "7.2": "row-threshold",
    "2.15": "row-choice",
    "1.1": "row-judged",
    "8.1": "row-adjustments",
    "3.2": "row-not-applicable",
    "2.11": "row-override",
}
LAST_YEAR = {
    "1.1": PreviousRow(
        name="重大决策执行情况",
        full_points=Decimal(7),
        points=Decimal(6),
        reason="一项年度重点任务年底前没有通过验收。",
        remark="已在次年一季度通过验收。",
        documents=2,
    )
}
PAPERS = (
    ("关于报送2022年度重大决策部署落实情况的报告（正式稿）.pdf", "藏外发〔2022〕36号", "2022-11-28", 12),
    ("党组会议纪要.pdf", "党组纪〔2022〕9号", "2022-06-15", 4),
)
"""Name, 文号, 日期, 页数 of two documents."""
OURS: dict[str, dict[str, Any]] = {
    "1.1": {"points": Decimal(6)},
    "2.7": {"remark": "偏离度按决算批复数计算。"},
    "3.2": {"reason": "两个项目年底才完成招标。"},
}
THEIRS: dict[str, dict[str, Any]] = {
    "1.1": {"points": Decimal(5), "reason": "一项重点任务没有按期完成。"},
    "2.7": {"remark": "见附件 3。"},
    "4.1": {"remark": "绩效目标已随预算批复。"},
}
"""What two people went on with in two copies of one draft."""
PASTED = "2.4\t2\n2.6\t是\n2.8\t3\n2.10\t1.5\n2.12\t1\n9.9\t1"
"""As copied from a workbook: codes and points, one of them impossible, one of no row."""


def draft_of(file: Path, places: Places) -> Document:
    """A draft made from an answers file."""
    read = answers.read(file)
    catalogue = load(find(read.catalogue, (places.catalogues,)))
    entries = answers.entries_of(read, catalogue)
    return Document.create(Library(places.drafts).new_path(entries.unit, catalogue), catalogue, entries)


def choose_finding(window: MainWindow, place: str) -> None:
    """Mark the first finding of a place in the list."""
    if window.findings is None:
        return
    view = window.findings.view
    for row in range(view.model().rowCount()):
        index = view.model().index(row, 0)
        if index.data(FINDING_ROLE).place == place:
            view.setCurrentIndex(index)
            view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            return


def numbered(window: MainWindow) -> QPixmap:
    """A window with the numbers by which the manual names its parts."""
    parts: tuple[tuple[QWidget | None, float, float], ...] = (
        (window.categories, 0.5, 0.85),
        (window.table.view, 0.95, 0.75),
        (window.table.total_bar, 0.95, 0.5),
        (window.panel, 0.92, 0.95),
        (window.findings, 0.9, 0.6),
        (window.filter, 0.92, 0.5),
        (window.statusBar(), 0.6, 0.5),
    )
    picture = window.grab()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(20)
    painter.setFont(font)
    for number, (part, across, down) in enumerate(parts, 1):
        if part is None:
            continue
        spot = part.mapTo(window, QPoint(round(part.width() * across), round(part.height() * down)))
        disc = QRect(spot - QPoint(14, 14), spot + QPoint(13, 13))
        painter.setPen(QColor("white"))
        painter.setBrush(QColor("#c0261c"))
        painter.drawEllipse(disc)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    return picture


class Pictures:
    """Draws every picture in turn, all with the same fonts and colours."""

    def __init__(self, places: Places, settings: Settings, theme: Theme, album: Album) -> None:
        self.places = places
        self.settings = settings
        self.theme = theme
        self.album = album
        self.theme.set_choice(ThemeChoice.LIGHT)

    def draw(self) -> None:
        """All of them."""
        window = self._window(EXAMPLE)
        window.show_place("3.1")
        choose_finding(window, "3.1")
        self.album.window(window, "window")
        self._page(window.document, 0, "annex-first")
        window.close()
        window = self._window(HALF_FILLED)
        self._page(window.document, -1, "annex-last")
        self._rows(window)
        self._table(window)
        self._places(window)
        self._dialogs(window)
        self._dark(window)
        self._last_year(window)
        self._evidence(window)
        self._merge(window)
        self._rescue(window)
        window.close()
        settle()
        self._start()
        self._crash()

    def _window(self, file: Path) -> MainWindow:
        window = MainWindow(draft_of(file, self.places), self.places, self.settings, self.theme)
        window.resize(*WINDOW)
        window.show()
        settle()
        return window

    def _rows(self, window: MainWindow) -> None:
        """One panel for each kind of rule, and for the two ways around it."""
        for place, name in ROWS.items():
            self._panel(window, place, name)

    def _panel(self, window: MainWindow, place: str, name: str) -> None:
        window.show_place(place)
        settle()
        body = window.panel.widget() if window.panel is not None else None
        if body is not None:
            self.album.keep(without_empty_end(image_of(body.grab())), name)

    def _last_year(self, window: MainWindow) -> None:
        """A row with what was written the year before."""
        unit = window.document.entries.unit.name
        window.document.put_previous(PreviousYear(unit=unit, year="2021", title="", rows=LAST_YEAR))
        self._panel(window, "1.1", "row-previous")

    def _merge(self, window: MainWindow) -> None:
        """A conflict copy, and what differs between it and the open draft."""
        from selfassess.gui.comparing import compare_with

        document = window.document
        copy = document.path.with_name(f"{document.path.stem} (冲突副本 2023-01-05).zpb")
        document.save_as(copy)
        for code, fields in OURS.items():
            document.put_answer(code, replace(document.entries.answer(code), **fields))
        with Draft.open(copy) as theirs:
            theirs.put_answers(
                {code: replace(theirs.entries.answer(code), **fields) for code, fields in THEIRS.items()}
            )
        self.album.dialog("merge", lambda: compare_with(window, document, copy))
        copy.unlink()

    def _rescue(self, window: MainWindow) -> None:
        """A draft that is only looked at, automatic copies, and what was saved out of a damaged draft."""
        from selfassess.gui.backups_dialog import BackupsDialog
        from selfassess.gui.salvage_dialog import SalvageDialog
        from selfassess.store.backing_up import back_up
        from selfassess.store.backups import Backups
        from selfassess.store.salvage import report_path, salvage

        draft = window.document.draft
        looked_at = MainWindow(Document.look(draft.path), self.places, self.settings, self.theme)
        looked_at.resize(*WINDOW)
        looked_at.show()
        self.album.window(looked_at, "view", QRect(0, 0, WINDOW[0], 330))
        looked_at.close()
        copies = Backups(self.places.backups)
        for day in range(3):
            back_up(draft.as_source(), copies, now() - timedelta(days=day, hours=day))
        self.album.dialog("backups", BackupsDialog(copies.drafts(), window).exec)
        damaged, saved = draft.path.with_name("自评表.zpb"), draft.path.with_name("自评表（抢救）.zpb")
        content = bytearray(draft.path.read_bytes())
        content[5 * PAGE : 7 * PAGE] = bytes(2 * PAGE)
        damaged.write_bytes(content)
        report = salvage(damaged, saved, now(), (self.places.catalogues,))
        shown = replace(report, source=Path(r"D:\自评") / damaged.name, target=Path(r"D:\自评") / saved.name)
        self.album.dialog("salvage", SalvageDialog(shown, report_path(shown.target), window).exec)
        damaged.unlink()
        saved.unlink()

    def _table(self, window: MainWindow) -> None:
        window.show_place("1.1")
        settle()
        self.album.keep(image_of(numbered(window)), "parts")
        self._refused(window)
        window.filter.choose(StateFilter.DEDUCTED)
        self.album.window(window, "filter", QRect(0, 0, window.width(), 400))
        window.filter.reset()
        if window.findings is not None:
            self.album.window(window.findings, "findings")

    def _refused(self, window: MainWindow) -> None:
        """Too many points in a cell, and the sentence under it."""
        view = window.table.view
        row, column = window.table.model.row_of("1.1"), window.table.model.column_of(ColumnKey.POINTS)
        if row is None or column is None:
            return
        view.edit(window.table.model.index(row, column))
        editor = view.open_editor()
        if editor is None:
            return
        QTest.keyClicks(editor, "75")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        left = view.mapTo(window, QPoint(0, 0)).x()
        self.album.window(window, "refused", QRect(left, 70, view.width(), 330))
        QTest.keyClick(editor, Qt.Key.Key_Escape)

    def _places(self, window: MainWindow) -> None:
        window.show_place("unit.name")
        self.album.window(window, "unit")

    def _dialogs(self, window: MainWindow) -> None:
        from selfassess.gui.correction_dialog import CorrectionDialog
        from selfassess.gui.new_draft_dialog import NewDraftDialog
        from selfassess.gui.preview_dialog import PreviewDialog
        from selfassess.gui.restore_dialog import RestoreDialog

        window.show_place("2.1")
        QApplication.clipboard().setText(PASTED)
        self.album.dialog("paste", window.table.paste)
        window.show_place("2.7")
        document, places = window.document, self.places
        self.album.dialog("preview", PreviewDialog(document, places, self.settings, window).exec, size=PREVIEW)
        self.album.dialog("correction", CorrectionDialog(document, "2.7", places, window).exec)
        self.album.dialog("new", NewDraftDialog(places, window).exec)
        self._check_remarks(document)
        self.album.dialog("restore", RestoreDialog(document, window).exec)

    def _check_remarks(self, document: Document) -> None:
        """A few steps, so that there is something to go back to."""
        for code in ("2.1", "2.7", "3.5", "4.2"):
            answer = document.entries.answer(code)
            document.put_answer(code, replace(answer, remark="已与科室核对"))
            document.put_answer(code, replace(answer, remark="已与科室核对，见附件"))

    def _dark(self, window: MainWindow) -> None:
        window.show_place("2.7")
        self.theme.set_choice(ThemeChoice.DARK)
        self.album.window(window, "dark")
        self.theme.set_choice(ThemeChoice.LIGHT)

    def _evidence(self, window: MainWindow) -> None:
        """Last, because a first document makes findings of all the rows that have none."""
        from selfassess.gui.evidence.section import EvidenceSection

        document = window.document
        for name, number, date, pages in PAPERS:
            document.attach("1.1", name, name.encode(), pages=pages)
            document.put_evidence(replace(document.evidence("1.1")[-1], number=number, date=date))
        window.show_place("1.1")
        settle()
        body = None if window.panel is None else window.panel.widget()
        section = None if body is None else body.findChild(EvidenceSection)
        if body is not None and section is not None:
            self.album.window(body, "row-evidence", section.geometry().adjusted(-EDGE, -EDGE, EDGE, EDGE))

    def _start(self) -> None:
        window = StartWindow(Library(self.places.drafts), self.places)
        window.show()
        self.album.window(window, "start")
        window.close()

    def _crash(self) -> None:
        from selfassess.gui.crash import CrashDialog
        from selfassess.gui.crash_report import report_of

        report = ""
        try:
            dict[str, str]()["for the manual"]
        except KeyError as error:
            report = report_of(type(error), error, error.__traceback__)
        dialog = CrashDialog(report.replace(platform.platform(), platform.system()))
        dialog.show()
        self.album.window(dialog, "crash")
        dialog.close()

    def _page(self, document: Document, number: int, name: str) -> None:
        """One page of the printed annex."""
        import pypdfium2

        form = annex(document.catalogue, document.entries, document.scorecard, sign_off=True)
        pages = pypdfium2.PdfDocument(AnnexPrinter(self.places.fonts).render(form, PrintProfile(sign_off=True)))
        page = pages[number % len(pages)].render(scale=PAGE_SCALE)  # pyright: ignore[reportArgumentType]  # any number will do
        self.album.keep(page.to_pil().convert("L"), name)
        pages.close()


def main() -> int:
    """Draw all pictures, or the named ones."""
    TARGET.mkdir(parents=True, exist_ok=True)
    places = find_places()
    settings = Settings(places.settings)
    _app, theme = prepare_application(sys.argv[:1], places, settings)
    Pictures(places, settings, theme, Album(frozenset(sys.argv[1:]))).draw()
    return 0


if __name__ == "__main__":
    sys.exit(main())
