"""The annex as a workbook (附件 xlsx): as on paper, points and sums alive, read back before success is reported."""

# XlsxWriter carries no stubs and leaves some of its parameters untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from selfassess.errors import ExportError
from selfassess.export.files import write_beside
from selfassess.export.xlsx_cells import WORKBOOK_OPTIONS, Content
from selfassess.export.xlsx_check import Cells, UnreadableWorkbookError, read_back
from selfassess.export.xlsx_continued import write_continuations
from selfassess.export.xlsx_formulas import formulas
from selfassess.export.xlsx_plan import cleaned, plan
from selfassess.export.xlsx_sheet import AnnexSheet
from selfassess.waiting import CalledOffError, never

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from selfassess.domain.catalogue import Catalogue
    from selfassess.domain.scorecard import Scorecard
    from selfassess.export.rows import Annex

_CREATED = dt.datetime(1980, 1, 1)  # noqa: DTZ001 # the file format has no zones; the year in which zip's time begins


def export_xlsx(
    annex: Annex,
    target: Path,
    catalogue: Catalogue,
    scorecard: Scorecard,
    called_off: Callable[[], bool] = never,
    *,
    first_page: int = 1,
) -> None:
    """Write the annex as a workbook: beside the target, read back and compared, then in its place.

    The same annex gives the same bytes.

    Args:
        annex: The annex.
        target: The file to make or to replace.
        catalogue: The rules of the annex; its formulas follow them.
        scorecard: The result that the annex shows.
        called_off: Asked before the target is replaced whether the file is still wanted.
        first_page: Number of the first page, as on paper.

    Raises:
        ExportError: The target cannot be written, or what was written is not what should stand there; an older file
            is intact.
        CalledOffError: It is no longer wanted; an older file is intact.
    """
    data, expected = _render(annex, catalogue, scorecard, first_page)

    def check(path: Path) -> None:
        try:
            sheets = read_back(path)
        except UnreadableWorkbookError as error:
            raise ExportError("E450", path=target, detail="文件读不回来") from error
        for cells, found in zip(expected, sheets, strict=True):
            _compare(cells, found, target)
        if called_off():
            raise CalledOffError

    write_beside(target, lambda file: _write(file, data), check)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def render_xlsx(annex: Annex, catalogue: Catalogue, scorecard: Scorecard) -> bytes:
    """The workbook as bytes; arguments as for :func:`export_xlsx`."""
    return _render(annex, catalogue, scorecard)[0]


def _render(
    annex: Annex, catalogue: Catalogue, scorecard: Scorecard, first_page: int = 1
) -> tuple[bytes, list[dict[tuple[int, int], Content]]]:
    """The bytes, and what every cell of each sheet should say."""
    import xlsxwriter  # noqa: PLC0415 # loads at the first export

    layout = plan(annex)
    buffer = io.BytesIO()
    # In memory: nothing of a form may be left in a temporary folder.
    with xlsxwriter.Workbook(buffer, {**WORKBOOK_OPTIONS, "in_memory": True}) as workbook:
        workbook.set_properties(
            {
                "title": cleaned(annex.title),
                "subject": cleaned(annex.footer.unit),
                "keywords": annex.footer.check_code,
                "created": _CREATED,
            }
        )
        sheet = AnnexSheet(workbook, annex, layout, catalogue, formulas(annex, layout, catalogue, scorecard))
        sheet.write()
        sheet.number_from(first_page)
        expected = [sheet.expected]
        if layout.continuations:
            expected.append(write_continuations(workbook, layout))
    return buffer.getvalue(), expected


def _compare(expected: dict[tuple[int, int], Content], found: Cells, target: Path) -> None:
    wanted = {f"{chr(ord('A') + column)}{row + 1}": what for (row, column), what in expected.items()}
    for cell in wanted.keys() | found.keys():
        what, value = wanted.get(cell, ""), found.get(cell, "")
        if value != (what if isinstance(what, str) else float(what)):
            raise ExportError("E451", path=target, cell=cell)
