"""LibreOffice calculates the workbook anew: every number and every sentence equals the scorecard's.

The values that are stored beside the formulas are spoilt first, so that a number can only come from a calculation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from xlsx_forms import (
    AT_TOTAL,
    AVERAGING,
    BONUS,
    CAPPED,
    DEDUCTION,
    EXCLUDING,
    PROJECT,
    WORKING,
    Form,
    answered,
    codes,
    example,
    form,
    judged,
)

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Entries
from selfassess.export.rows import RowKind
from selfassess.export.xlsx import render_xlsx
from selfassess.export.xlsx_plan import plan

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
if SOFFICE is None and "CI" not in os.environ:
    pytest.skip("LibreOffice is not installed; ./dev test installs it", allow_module_level=True)

JUDGED_PROJECT = judged(PROJECT)
FORMS: dict[str, Form] = {
    "as filed": example(),
    "left out, bonus and deduction, grade": form(
        EXCLUDING,
        answered(
            EXCLUDING, "0.83", absent=("2.1", "3.2", *(f"6.{n}" for n in range(1, 7))), adjustments=(BONUS, DEDUCTION)
        ),
    ),
    "half blank": form(EXCLUDING, answered(EXCLUDING, "0.83", absent=("2.1",), blank=("1.1", "7.1", "7.2"))),
    "untouched": form(WORKING, Entries()),
    "capped at the base": form(CAPPED, answered(CAPPED, "1", adjustments=(BONUS,))),
    "averages, rounded by category": form(AVERAGING, answered(AVERAGING, "0.37", absent=("2.2", "3.1"))),
    "averages, rounded at the total": form(AT_TOTAL, answered(AT_TOTAL, "0.37", absent=("2.2", "3.1"))),
    "every row left out": form(EXCLUDING, answered(EXCLUDING, absent=tuple(codes(EXCLUDING)))),
    "no column for subtotals": form(JUDGED_PROJECT, answered(JUDGED_PROJECT, "0.9")),
}
"""Forms that are calculated as they are."""

EDITS: dict[str, tuple[Form, Form]] = {
    "points lowered": (
        form(EXCLUDING, answered(EXCLUDING, "1", absent=("2.1",), adjustments=(BONUS, DEDUCTION))),
        form(EXCLUDING, answered(EXCLUDING, "0.81", absent=("2.1",), adjustments=(BONUS, DEDUCTION))),
    ),
    "the last blanks filled": (
        form(AVERAGING, answered(AVERAGING, "0.73", blank=("1.1", "5.2"))),
        form(AVERAGING, answered(AVERAGING, "0.73", blank=("5.2",))),
    ),
    "points lowered on a form whose total is capped": (
        form(CAPPED, answered(CAPPED, "1", adjustments=(BONUS,))),
        form(CAPPED, answered(CAPPED, "0.9", adjustments=(BONUS,))),
    ),
}
"""Forms before and after somebody changed points in the workbook."""


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every workbook after LibreOffice has calculated it, by the name of the form; one start for all."""
    assert SOFFICE, "LibreOffice is missing; ./dev test installs it"
    folder = tmp_path_factory.mktemp("workbooks")
    sources: dict[str, Path] = {}
    for number, (name, found) in enumerate(FORMS.items()):
        sources[name] = folder / f"form{number}.xlsx"
        sources[name].write_bytes(render_xlsx(*found))
    for number, (name, (before, after)) in enumerate(EDITS.items()):
        sources[name] = folder / f"edit{number}.xlsx"
        sources[name].write_bytes(render_xlsx(*before))
        type_points(sources[name], before, after)
    for path in sources.values():
        spoil_stored_values(path)
    convert([*sources.values()], folder / "calculated", folder / "profile")
    return {name: folder / "calculated" / path.name for name, path in sources.items()}


def type_points(path: Path, before: Form, after: Form) -> None:
    """Type the points of another form into the points cells, as somebody in an office would."""
    book = openpyxl.load_workbook(path)
    column = before[0].index(ColumnKey.POINTS)
    assert column is not None
    for planned, row in zip(plan(before[0]).rows, after[0].rows, strict=True):
        if row.kind is RowKind.INDICATOR and row.points is not None:
            book["自评表"].cell(planned.first + 1, column + 1).value = float(row.points)
    book.save(path)


def spoil_stored_values(path: Path) -> None:
    """Put 777 in place of every value that is stored beside a formula."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r' t="str"(?=[^>]*><f>)', "", sheet)
    sheet, count = re.subn(r"(</f>)<v\s*/>|(</f>)<v>[^<]*</v>", r"</f><v>777</v>", sheet)
    assert count
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def convert(paths: list[Path], target: Path, profile: Path) -> None:
    """Let LibreOffice open the workbooks, calculate everything, and save them."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>",
        encoding="utf-8",
    )
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(target), *map(str, paths)], check=True, capture_output=True, timeout=300)


def values_of(path: Path) -> dict[tuple[int, int], object]:
    sheet = openpyxl.load_workbook(path, data_only=True)["自评表"]
    return {
        (cell.row - 1, cell.column - 1): cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def check_against(path: Path, layout: Form, shown: Form) -> None:
    """Every number of the rows and every text of the total row is that of the form that should be shown."""
    values = values_of(path)
    annex = shown[0]
    columns = {key: annex.index(key) for key in (ColumnKey.POINTS, ColumnKey.SUBTOTAL)}
    subtotal = columns[ColumnKey.SUBTOTAL]
    subtotal = columns[ColumnKey.POINTS] if subtotal is None else subtotal
    for planned, row in zip(plan(layout[0]).rows, annex.rows, strict=True):
        column = columns[ColumnKey.POINTS] if row.kind is RowKind.INDICATOR else subtotal
        number = row.points if row.kind is RowKind.INDICATOR else row.subtotal
        assert column is not None
        wanted = (row.texts[column] or None) if number is None else pytest.approx(float(number), abs=1e-9)
        assert values.get((planned.first, column)) == wanted, (row.code, number)
        if row.kind is RowKind.TOTAL:
            for at, text in enumerate(row.texts):
                if at not in {column, annex.index(ColumnKey.FULL_POINTS)}:
                    assert values.get((planned.first, at), "") == text


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_what_libreoffice_calculates_is_the_scorecard(calculated: dict[str, Path], name: str):
    check_against(calculated[name], FORMS[name], FORMS[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_points_changed_in_the_workbook_give_what_the_engine_gives_for_them(calculated: dict[str, Path], name: str):
    before, after = EDITS[name]
    assert replace(before[2], rows=()) != replace(after[2], rows=())
    check_against(calculated[name], before, after)
