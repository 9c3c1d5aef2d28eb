"""Writes the laid out annex onto a worksheet: cells, merges, borders, validation, page set-up; decides no numbers."""

# XlsxWriter carries no stubs and leaves some of its parameters untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.rules import AdjustmentBand
from selfassess.export.rows import CENTRED_COLUMNS, NUMBER_COLUMNS, RowKind
from selfassess.export.xlsx_cells import A4, HEI, SONG, Cells
from selfassess.export.xlsx_formulas import SHEET
from selfassess.export.xlsx_plan import (
    BODY_SIZE,
    FIRST_ROW,
    HEAD_ROW,
    HEADING_ROW,
    LABEL_ROW,
    LINE_HEIGHT,
    MOST_HEIGHT,
    TITLE_ROW,
    cleaned,
    height_of,
)
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from selfassess.domain.catalogue import Catalogue
    from selfassess.export.rows import Annex, AnnexRow
    from selfassess.export.xlsx_cells import Content
    from selfassess.export.xlsx_formulas import Formula, Formulas
    from selfassess.export.xlsx_plan import Plan, PlannedRow

_INCH = 25.4
_MARGINS = {"left": 35 / _INCH, "right": 37 / _INCH, "top": 28 / _INCH, "bottom": 26 / _INCH}
"""Source: GB/T 9704-2012 §5.2.1, turned; in inches, as the file has it."""
_FOOTER_MARGIN = 13 / _INCH
_MOST_FOOTER_UNIT = 36
"""Characters of the unit's name in the footer; a longer one, whole over the table, would run into the page number."""
_SIGN_GAP = "　"
_SIGN_ROOM = "　　　　"
"""Between two fields to be signed, and for a signature where nothing was entered."""
_MOST_AREAS = 200
"""Cells that share one rule of validation; beyond, the list of them would be longer than some programs read."""


class AnnexSheet:
    """The worksheet while it is written; remembers what every cell should say.

    Args:
        workbook: Where the sheet goes.
        annex: Its texts.
        plan: Where they stand.
        catalogue: Its rules, for the limits of the points.
        formulas: Its formulas.
    """

    def __init__(self, workbook: Workbook, annex: Annex, plan: Plan, catalogue: Catalogue, formulas: Formulas) -> None:
        self._workbook = workbook
        self._sheet: Worksheet = workbook.add_worksheet(SHEET, _worksheet_class())
        self._cells = Cells(workbook, self._sheet)
        self._annex = annex
        self._plan = plan
        self._names = formulas.names
        self._live = formulas.cells
        self._bands = {
            row.code: (-row.rule.deduction_cap, row.rule.bonus_cap)
            for _, row in catalogue.indicators()
            if isinstance(row.rule, AdjustmentBand)
        }
        self._limited: dict[tuple[Decimal, Decimal], list[tuple[int, int]]] = {}
        self._last = len(plan.widths) - 1
        self._content = annex.index(ColumnKey.CONTENT)
        self._full_points = annex.index(ColumnKey.FULL_POINTS)
        self._points = annex.index(ColumnKey.POINTS)
        subtotal = annex.index(ColumnKey.SUBTOTAL)
        self._subtotal = self._points if subtotal is None else subtotal
        self._row_formats = {kind: self._cell_formats(kind) for kind in RowKind}

    @property
    def expected(self) -> dict[tuple[int, int], Content]:
        """What every cell should say."""
        return self._cells.expected

    def write(self) -> None:
        """Write everything."""
        for column, pixels in enumerate(self._plan.widths):
            self._sheet.set_column_pixels(column, column, pixels)
        self._write_front()
        for at in range(len(self._annex.rows)):
            self._write_row(at)
        self._validate()
        end = self._write_matter(self._plan.end)
        for name, formula in self._names:
            self._workbook.define_name(name, formula)
        self._set_up_page(end)
        self._set_up_view()

    # ---------------------------------------------------------------------------------------------------- around it
    def _write_front(self) -> None:
        annex = self._annex
        self._across(LABEL_ROW, annex.label, 20, self._cells.format(font=HEI, size=16, align="left", border=False))
        self._sheet.set_row(LABEL_ROW + 1, 10)
        title = self._cells.format(font=SONG, size=22, bold=True, align="center", border=False)
        self._across(TITLE_ROW, annex.title, 30, title, line=30, scale=22 / BODY_SIZE)
        self._sheet.set_row(TITLE_ROW + 1, 8)
        self._write_head()
        heading = self._cells.format(font=HEI, align="center")
        tallest = max(height_of(column.title, self._plan.widths[at]) for at, column in enumerate(annex.columns))
        self._sheet.set_row(HEADING_ROW, tallest)
        for at, column in enumerate(annex.columns):
            self._cells.put(HEADING_ROW, at, cleaned(column.title), heading)

    def _write_head(self) -> None:
        """Unit at the left, class and date in the middle, 单位：分 at the right, over as many columns as each needs."""
        annex, widths = self._annex, self._plan.widths
        texts = [cleaned(text) for text in (annex.head_left, annex.head_middle, annex.head_right)]
        if self._last < 2:
            texts, ends = ["　".join(text for text in texts if text)], [self._last]
        else:
            ends = [*self._head_ends(), self._last]
        first, tallest = 0, 16.0
        for text, last, align in zip(texts, ends, ("left", "center", "right"), strict=False):
            cell = self._cells.format(size=10.5, align=align, border=False)
            self._cells.merge((HEAD_ROW, first, HEAD_ROW, last), text, cell)
            room = int(sum(widths[first : last + 1]) * BODY_SIZE / 10.5)
            tallest = max(tallest, height_of(text, room, line_height=14))
            first = last + 1
        self._sheet.set_row(HEAD_ROW, min(tallest, MOST_HEIGHT))

    def _head_ends(self) -> tuple[int, int]:
        """Last columns of the left and the middle part: about half and seven eighths of the width."""
        widths = self._plan.widths
        ends: list[int] = []
        for share, most in ((0.5, self._last - 2), (0.875, self._last - 1)):
            passed = 0
            for at, pixels in enumerate(widths):
                passed += pixels
                if passed >= share * sum(widths) or at == most:
                    ends.append(max(at, ends[-1] + 1) if ends else at)
                    break
        return ends[0], ends[1]

    def _write_matter(self, row: int) -> int:
        """Notes and signatures under the table.

        Returns:
            The last sheet row in use.
        """
        plain = self._cells.format(align="left", border=False)
        for number, note in enumerate(self._annex.notes):
            row = self._paragraph(row, ("注：" if number == 0 else "　　") + note, plain)
        if self._annex.sign_off:
            fields = _SIGN_GAP.join(f"{name}：{value or _SIGN_ROOM}" for name, value in self._annex.sign_off)
            self._sheet.set_row(row, 14)
            signed = self._cells.format(size=10.5, align="left", border=False)
            row = self._paragraph(row + 1, fields, signed, size=10.5)
        return max(row - 1, HEADING_ROW)

    def _paragraph(self, row: int, text: str, cell: Format, *, size: float = BODY_SIZE) -> int:
        """A text over the whole width, over several sheet rows when it is tall; the row after it."""
        text = cleaned(text)
        room = int(sum(self._plan.widths) * BODY_SIZE / size)
        height = height_of(text, room, line_height=LINE_HEIGHT * size / BODY_SIZE)
        count = max(1, int(-(-height // MOST_HEIGHT)))
        for at in range(row, row + count):
            self._sheet.set_row(at, round(height / count, 1))
        self._cells.merge((row, 0, row + count - 1, self._last), text, cell)
        return row + count

    def _across(
        self, row: int, text: str, least: float, cell: Format, *, line: float = 20, scale: float = 16 / BODY_SIZE
    ) -> None:
        text = cleaned(text)
        height = height_of(text, int(sum(self._plan.widths) / scale), line_height=line)
        self._sheet.set_row(row, min(MOST_HEIGHT, max(least, height)))
        self._cells.merge((row, 0, row, self._last), text, cell)

    # ----------------------------------------------------------------------------------------------------- the table
    def _write_row(self, at: int) -> None:
        row, planned = self._annex.rows[at], self._plan.rows[at]
        first, bottom = planned.first, planned.last
        for sheet_row in range(first, bottom + 1):
            self._sheet.set_row(sheet_row, planned.height)
        indicator = row.kind is RowKind.INDICATOR
        formats = self._row_formats[row.kind]
        ends = dict(row.merges)
        done = -1
        for column, what in enumerate(self._contents(row, planned)):
            if column <= done:
                continue
            done, low = ends.get(column, column), bottom
            if indicator and column == self._content:
                if row.content_rows == 0:
                    continue
                low = self._plan.rows[at + row.content_rows - 1].last
            if low == first and done == column:
                self._cells.put(first, column, what, formats[column])
            else:
                # What is tall begins at its top, so that it is not looked for on the next page.
                cell = formats[column] if low == first else self._cells.varied(formats[column], valign="top")
                self._cells.merge((first, column, low, done), what, cell)
        if indicator and self._points is not None:
            self._limited.setdefault(self._limits(row), []).append((first, self._points))

    def _contents(self, row: AnnexRow, planned: PlannedRow) -> list[Content | Formula]:
        """What stands in each column: a formula or a number where there is one, otherwise the text."""
        contents: list[Content | Formula] = list(planned.texts)
        numbers = ((self._subtotal, row.subtotal), (self._points, row.points), (self._full_points, row.full_points))
        for column, number in numbers:
            if column is not None and number is not None:
                contents[column] = number
        if row.kind is not RowKind.INDICATOR:
            for column in range(len(contents)):
                contents[column] = self._live.get((planned.first, column), contents[column])
        return contents

    def _cell_formats(self, kind: RowKind) -> list[Format]:
        """The format of each column in rows of a kind."""
        formats: list[Format] = []
        for at, column in enumerate(self._annex.columns):
            is_number = column.key in NUMBER_COLUMNS
            words = kind is RowKind.TOTAL and at > 0 and not is_number
            heading = kind is not RowKind.INDICATOR and not is_number and not words
            centred = (column.key in CENTRED_COLUMNS and not words) or (kind is RowKind.TOTAL and at == 0)
            formats.append(
                self._cells.format(
                    font=HEI if heading else SONG,
                    align="center" if centred else "left",
                    locked=not (kind is RowKind.INDICATOR and column.key is ColumnKey.POINTS),
                )
            )
        return formats

    def _limits(self, row: AnnexRow) -> tuple[Decimal, Decimal]:
        """Least and most points of a row: 0 and full points; for the band outside the base, its caps."""
        return self._bands.get(row.code) or (Decimal(0), row.full_points or Decimal(0))

    def _validate(self) -> None:
        """Let nothing be typed into the points cells but points within the limits; equal limits share one rule."""
        for (least, most), cells in self._limited.items():
            for start in range(0, len(cells), _MOST_AREAS):
                areas = [[row, column, row, column] for row, column in cells[start : start + _MOST_AREAS]]
                self._sheet.data_validation(
                    *cells[start],
                    *cells[start],
                    {
                        "validate": "decimal",
                        "criteria": "between",
                        "minimum": float(least),
                        "maximum": float(most),
                        "ignore_blank": True,
                        "error_title": "得分有误",
                        "error_message": f"本行得分应是 {show(least)} 至 {show(most)} 之间的数。请改正后再试。",
                        "other_cells": areas[1:],
                    },
                )

    # ----------------------------------------------------------------------------------------------------- set-up
    def _set_up_page(self, end: int) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(**_MARGINS)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.print_area(0, 0, end, self._last)
        sheet.repeat_rows(HEADING_ROW)
        sheet.set_footer(self._footer(), {"margin": _FOOTER_MARGIN})

    def number_from(self, page: int) -> None:
        """Print this number on the first page, as the paper does that is bound behind a report."""
        if page > 1:
            self._sheet.set_start_page(page)

    def _footer(self) -> str:
        """Unit and year left, page number in the middle, edition and check code right; 255 characters at most."""
        footer = self._annex.footer
        face = f'&"{SONG},Regular"'
        small = f"{face}&7 "  # the blank keeps a year from being read as part of the size
        unit = " ".join(cleaned(footer.unit).split())
        if len(unit) > _MOST_FOOTER_UNIT:
            unit = f"{unit[:_MOST_FOOTER_UNIT]}…"
        stated = "　".join(part for part in (unit, f"{footer.year[:8]}年度") if part)
        left, edition = stated.replace("&", "&&"), footer.catalogue[:60]
        return f"&L{small}{left}&C{face}&14 — &P —&R{small}{edition}　校验码 {footer.check_code}"

    def _set_up_view(self) -> None:
        sheet = self._sheet
        name = self._annex.index(ColumnKey.NAME)
        sheet.freeze_panes(FIRST_ROW, name + 1 if name is not None and name < self._last else 0)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_rows": True, "format_columns": True})


def _worksheet_class() -> type[Worksheet]:
    """XlsxWriter's worksheet, without its search of each formula for thirty functions that ours do not use."""
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415 # loads at the first export

    class PlainFormulas(Worksheet):
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 # XlsxWriter's signature
            return formula.removeprefix("=")

    return PlainFormulas
