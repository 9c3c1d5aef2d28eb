"""The annex as PDF against typst, platypus, LibreOffice and Qt's painter; again after one edit; long forms, memory.

Two figures of ours: *exported* is what the user waits for, the finished PDF/A-2b file, re-opened, checked and in its
place; *set only* ends with the bytes, as every peer's figure does. Each round sets another unit's form on both sides,
in which every remark differs, so that neither side can hand out what it set before.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from forms import FONTS, another_form, big_catalogue, edited_form, real_catalogue
from measure import paired, seconds, shown

from selfassess.export.pdf import AnnexPrinter
from selfassess.export.profile import NATIONAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from report import Report

    from selfassess.export.rows import Annex

pytestmark = pytest.mark.bench

# Local imports below: peers that may be missing, and the heavy libraries they bring.

ROUNDS = 9
AGAIN_ROUNDS = 15
OFFICE_ROUNDS = 3
EXPORTED, SET = "annex PDF, 47 rows, exported and checked", "annex PDF, 47 rows, set only"


@pytest.fixture(scope="module")
def annexes() -> list[Annex]:
    """Another unit's annex for every round."""
    catalogue = real_catalogue()
    return [another_form(catalogue, number).annex for number in range(6 * (ROUNDS + 2))]


@pytest.fixture(scope="module")
def printer(annexes: list[Annex], tmp_path_factory: pytest.TempPathFactory) -> AnnexPrinter:
    """Fonts and libraries loaded."""
    warm = AnnexPrinter(FONTS)
    warm.export(annexes[0], tmp_path_factory.mktemp("warm") / "annex.pdf", NATIONAL)
    return warm


def beside(
    ours: AnnexPrinter,
    peer: Callable[[Annex], bytes],
    annexes: list[Annex],
    target: Path,
    report: Report,
    name: str,
    most: float,
) -> None:
    """Measure export and setting beside a peer that renders an annex to bytes."""
    fresh = iter(annexes)
    waiting = [(next(fresh), next(fresh)) for _ in range(ROUNDS + 1)]
    setting = [(next(fresh), next(fresh)) for _ in range(ROUNDS + 1)]
    assert peer(next(fresh)).startswith(b"%PDF")
    # Each side gets forms of its own: what one has set cannot be warm for the other, nor twice for itself.
    figures = paired(
        lambda turn: ours.export(waiting[turn - 1][0], target, NATIONAL),
        lambda turn: peer(waiting[turn - 1][1]),
        rounds=ROUNDS,
    )
    report.ratio(EXPORTED, name, figures.ratio, most, figures.detail)
    figures = paired(
        lambda turn: ours.render(setting[turn - 1][0], NATIONAL), lambda turn: peer(setting[turn - 1][1]), rounds=ROUNDS
    )
    report.note(SET, f"{figures.ratio:6.2f} × {name}, {figures.detail}")


def test_beside_typst(printer: AnnexPrinter, annexes: list[Annex], tmp_path: Path, report: Report) -> None:
    try:
        from peers.typst_annex import TypstAnnex
    except ImportError as error:
        report.missing(EXPORTED, "typst", str(error))
        return
    beside(printer, TypstAnnex(tmp_path, FONTS).render, annexes, tmp_path / "annex.pdf", report, "typst, PDF/A-2b", 0.5)


def test_beside_platypus(printer: AnnexPrinter, annexes: list[Annex], tmp_path: Path, report: Report) -> None:
    from peers import platypus_annex

    platypus_annex.register(FONTS)
    beside(printer, platypus_annex.render, annexes, tmp_path / "annex.pdf", report, "platypus LongTable", 0.3)


def test_beside_libreoffice(printer: AnnexPrinter, annexes: list[Annex], tmp_path: Path, report: Report) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        report.missing(EXPORTED, "LibreOffice", "not installed")
        return
    from selfassess.export.xlsx import export_xlsx

    catalogue = real_catalogue()
    for number in range(OFFICE_ROUNDS + 1):
        form = another_form(catalogue, number)
        export_xlsx(form.annex, tmp_path / f"{number}.xlsx", catalogue, form.scorecard)

    def convert(turn: int) -> None:
        home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            office,
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            tmp_path,
            tmp_path / f"{turn - 1}.xlsx",
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        assert (tmp_path / f"{turn - 1}.pdf").stat().st_size

    figures = paired(
        lambda turn: printer.export(annexes[turn], tmp_path / "annex.pdf", NATIONAL), convert, rounds=OFFICE_ROUNDS
    )
    report.ratio(EXPORTED, "LibreOffice, whole process", figures.ratio, 0.1, figures.detail)
    whole = statistics.median(seconds(partial(_child, 47)) for _ in range(OFFICE_ROUNDS))
    report.note(
        f"{EXPORTED}, whole process", f"{whole / statistics.median(figures.theirs):6.2f} × LibreOffice, {shown(whole)}"
    )


def test_again_after_one_edited_row(printer: AnnexPrinter, tmp_path: Path, report: Report) -> None:
    catalogue = real_catalogue()
    annexes = [edited_form(catalogue, number).annex for number in range(2 * AGAIN_ROUNDS + 2)]
    printer.export(annexes[0], tmp_path / "annex.pdf", NATIONAL)
    figures = paired(
        lambda turn: printer.export(annexes[turn], tmp_path / "annex.pdf", NATIONAL),
        lambda turn: AnnexPrinter(FONTS).export(annexes[turn], tmp_path / "first.pdf", NATIONAL),
        rounds=AGAIN_ROUNDS,
    )
    report.ratio(
        "again after one edited row, exported", "the first export of a printer", figures.ratio, 0.3, figures.detail
    )
    rest = annexes[AGAIN_ROUNDS + 2 :]
    whole = [another_form(catalogue, number).annex for number in range(len(rest))]
    again = [seconds(partial(printer.render, annex, NATIONAL)) for annex in rest]
    full = [seconds(partial(printer.render, annex, NATIONAL)) for annex in whole]
    middle = statistics.median(again)
    said = f"{middle / statistics.median(full):6.2f} × another unit's form, {shown(middle)}"
    report.note("again after one edited row, set only (preview)", said)


@pytest.mark.parametrize(("rows", "rounds"), [(550, 3), (5500, 1)])
def test_long_forms_beside_qt(rows: int, rounds: int, tmp_path: Path, report: Report, qapp: object) -> None:
    from peers.qt_annex import QtAnnex
    from PySide6.QtGui import QFontDatabase

    number = QFontDatabase.addApplicationFont(str(FONTS / "NotoSerifSC-Regular.ttf"))
    peer = QtAnnex(QFontDatabase.applicationFontFamilies(number)[0])
    catalogue = big_catalogue(rows)
    small = another_form(real_catalogue(), 0).annex
    forms = [another_form(catalogue, number).annex for number in range(rounds)]
    figures = []
    for side in ("export", "render"):
        # A printer for each figure, so that no long form was set before; its fonts are loaded by a short one.
        printers = [AnnexPrinter(FONTS) for _ in forms]
        for printer in printers:
            printer.render(small, NATIONAL)
        peer.render(small)

        def ours(turn: int, printers: list[AnnexPrinter] = printers, side: str = side) -> None:
            printer, annex = printers[turn - 1], forms[turn - 1]
            printer.export(annex, tmp_path / "annex.pdf", NATIONAL) if side == "export" else printer.render(
                annex, NATIONAL
            )

        figures.append(paired(ours, lambda turn: peer.render(forms[turn - 1]), rounds=rounds, warm=0))
    name = "Qt's painter, direct layout"
    report.ratio(f"annex PDF, {rows} rows, exported and checked", name, figures[0].ratio, 1, figures[0].detail)
    report.note(f"annex PDF, {rows} rows, set only", f"{figures[1].ratio:6.2f} × {name}, {figures[1].detail}")


def test_time_and_memory_grow_with_the_rows_and_no_faster(report: Report) -> None:
    figures = {rows: _child(rows) for rows in (47, 550, 5500)}
    for rows in (550, 5500):
        per_row = (figures[rows]["seconds"] / rows) / (figures[47]["seconds"] / 47)
        report.ratio(
            f"time per row at {rows} rows (first export)", "at 47 rows", per_row, 1, shown(figures[rows]["seconds"])
        )
    long, short = figures[5500], figures[47]
    detail = f"{long['peak']:.0f} MiB : {short['peak']:.0f} MiB; before {long['before']:.0f} : {short['before']:.0f}"
    report.ratio("peak memory of the export, 5500 rows", "at 47 rows", long["peak"] / short["peak"], 2, detail)


def _child(rows: int) -> dict[str, float]:
    """Export in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("export_once.py")), str(rows)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
