"""The annex as workbook against XlsxWriter writing the same cells with the same formats.

Both sides end with the bytes of the workbook; ours lays the annex out and makes its formulas besides. What the user
waits for holds two things more that the peer has no counterpart of: the file is synced and read back. It is reported
beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from forms import another_form, real_catalogue
from measure import paired

from selfassess.export.xlsx import export_xlsx, render_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from report import Report

pytestmark = pytest.mark.bench

ROUNDS = 25
PEER = "XlsxWriter writing the same cells"


def test_the_workbook_costs_little_more_than_its_cells(tmp_path: Path, report: Report) -> None:
    from peers import plain_xlsx  # openpyxl and XlsxWriter load here, as in the program

    catalogue = real_catalogue()
    forms = {turn: another_form(catalogue, turn) for turn in range(1, ROUNDS + 2)}
    plain = {}
    for turn, form in forms.items():
        export_xlsx(form.annex, tmp_path / f"{turn}.xlsx", catalogue, form.scorecard)
        plain[turn] = plain_xlsx.read(tmp_path / f"{turn}.xlsx")
    cells = {turn: len(sheet.cells) for turn, sheet in plain.items()}
    assert min(cells.values()) > 400, "the peer must write the whole annex"
    target = tmp_path / "annex.xlsx"

    figures = paired(
        lambda turn: render_xlsx(forms[turn].annex, catalogue, forms[turn].scorecard),
        lambda turn: plain_xlsx.render(plain[turn]),
        rounds=ROUNDS,
    )
    report.ratio("annex xlsx, written", PEER, figures.ratio, 1.2, figures.detail)
    figures = paired(
        lambda turn: export_xlsx(forms[turn].annex, target, catalogue, forms[turn].scorecard),
        lambda turn: plain_xlsx.render(plain[turn]),
        rounds=ROUNDS,
    )
    report.note("annex xlsx, synced, read back, in place", f"{figures.ratio:6.2f} × {PEER}, {figures.detail}")
