"""A workbook written once more by XlsxWriter: the same cells, formats, merges and sizes as a workbook that exists.

What stands in it is read beforehand and becomes one list of calls, so that the peer's time is that of XlsxWriter alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.utils import column_index_from_string, range_boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


class PlainCell(NamedTuple):
    """A cell: its place, counted from 0, what it holds, the value stored with a formula, the number of its format."""

    row: int
    column: int
    content: str | float | None
    stored: str | float | None
    look: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSheet:
    """One sheet as plain values.

    Attributes:
        cells: Every cell that has a content or a format.
        looks: The formats, as XlsxWriter takes them.
        merges: First row, first column, last row, last column, counted from 0.
        widths: Width by column.
        heights: Height by row, in pt.
        validations: Area and what XlsxWriter takes.
    """

    cells: tuple[PlainCell, ...]
    looks: tuple[dict[str, object], ...]
    merges: tuple[tuple[int, int, int, int], ...]
    widths: dict[int, float]
    heights: dict[int, float]
    validations: tuple[tuple[tuple[int, int, int, int], dict[str, object]], ...]


def read(path: Path) -> PlainSheet:
    """The first sheet of a workbook."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    stored = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    looks: dict[int, dict[str, object]] = {}
    numbers: dict[int, int] = {}
    cells = []
    for line in sheet.iter_rows():
        for cell in line:
            if not cell.has_style and cell.value is None:
                continue
            number = numbers.setdefault(cell.style_id, len(numbers))
            looks.setdefault(number, _look(cell))
            value = stored.cell(cell.row, cell.column).value
            cells.append(PlainCell(cell.row - 1, cell.column - 1, cell.value, value, number))
    return PlainSheet(
        cells=tuple(cells),
        looks=tuple(looks[number] for number in range(len(looks))),
        merges=tuple(
            (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1) for area in sheet.merged_cells
        ),
        widths={column_index_from_string(name) - 1: each.width for name, each in sheet.column_dimensions.items()},
        heights={row - 1: each.height for row, each in sheet.row_dimensions.items() if each.height},
        validations=tuple(_validations(sheet)),
    )


def render(sheet: PlainSheet) -> bytes:
    """The workbook, written."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        looks = [workbook.add_format(dict(look)) for look in sheet.looks]
        out = workbook.add_worksheet()
        for column, width in sheet.widths.items():
            out.set_column(column, column, width)
        for row, height in sheet.heights.items():
            out.set_row(row, height)
        for merge in sheet.merges:
            out.merge_range(*merge, "")
        for row, column, content, stored, look in sheet.cells:
            if content is None:
                out.write_blank(row, column, None, looks[look])
            elif not isinstance(content, str):
                out.write_number(row, column, content, looks[look])
            elif stored != content:
                out.write_formula(row, column, content, looks[look], stored)
            else:
                out.write_string(row, column, content, looks[look])
        for area, rule in sheet.validations:
            out.data_validation(*area, dict(rule))
    return target.getvalue()


def _look(cell: Cell) -> dict[str, object]:
    return {
        "font_name": cell.font.name,
        "font_size": cell.font.size,
        "bold": bool(cell.font.bold),
        "align": cell.alignment.horizontal or "",
        "valign": {"center": "vcenter"}.get(cell.alignment.vertical or "", "bottom"),
        "text_wrap": bool(cell.alignment.wrap_text),
        "border": 1 if cell.border.left.style else 0,
        "locked": bool(cell.protection.locked),
        "quote_prefix": bool(cell.quotePrefix),
    }


def _validations(sheet: Worksheet) -> list[tuple[tuple[int, int, int, int], dict[str, object]]]:
    found = []
    for each in sheet.data_validations.dataValidation:
        areas = []
        for area in str(each.sqref).split():
            left, top, right, bottom = range_boundaries(area)
            areas.append([top - 1, left - 1, bottom - 1, right - 1])
        rule: dict[str, object] = {
            "validate": each.type,
            "criteria": each.operator or "between",
            "minimum": float(each.formula1),
            "maximum": float(each.formula2),
            "error_title": each.errorTitle or "",
            "error_message": each.error or "",
            "other_cells": areas[1:],
        }
        found.append((tuple(areas[0]), rule))
    return found
