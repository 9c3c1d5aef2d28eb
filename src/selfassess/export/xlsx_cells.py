"""Writes single cells of a worksheet in formats that are shared, and remembers what each should say; knows no annex."""

# XlsxWriter carries no stubs and leaves some of its parameters untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from selfassess.export.xlsx_plan import BODY_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from selfassess.export.xlsx_formulas import Formula

Content = str | Decimal
"""What a cell shows."""

A4 = 9
"""A4, as the file numbers papers."""
SONG, HEI = "宋体", "黑体"
"""Faces that every office machine has; where they are missing, the program substitutes its own."""
WORKBOOK_OPTIONS: Mapping[str, object] = MappingProxyType(
    {
        "default_format_properties": {"font_name": SONG, "font_size": 11, "font_scheme": False},
        "default_column_width": 72,
        "default_row_height": 18,
    }
)
"""What a new workbook is in a Chinese Excel. Column widths count in digits of this face; in Calibri, which is missing
on many office machines, whatever takes its place would make the columns wider and the print smaller."""
_RISKY = frozenset("=+-@\t\r＝＋－＠")
"""A text that begins so could be taken for a formula when somebody edits or copies its cell; a Chinese Excel takes
full-width signs for one too."""


class Cells:
    """The cells of one worksheet.

    Args:
        workbook: Holds the formats.
        sheet: Where the cells are.

    Attributes:
        expected: What every written cell should say.
    """

    def __init__(self, workbook: Workbook, sheet: Worksheet) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.expected: dict[tuple[int, int], Content] = {}

    def merge(self, area: tuple[int, int, int, int], what: Content | Formula, cell: Format) -> None:
        """Write one thing into cells that become one.

        Args:
            area: First row, first column, last row, last column, counted from 0.
            what: A text, a number, or a formula with its value.
            cell: How it looks.
        """
        first_row, first, last_row, last = area
        if (first_row, first) != (last_row, last):
            # merge_range would take a text that begins with = for a formula, so it writes nothing itself; of the cells
            # underneath nothing can be seen but borders.
            self._sheet.merge_range(first_row, first, last_row, last, "", cell if cell.bottom else None)
        self.put(first_row, first, what, cell)

    def put(self, row: int, column: int, what: Content | Formula, cell: Format) -> None:
        """Write one cell; otherwise as :meth:`merge`."""
        if isinstance(what, str):
            if not what:
                self._sheet.write_blank(row, column, None, cell)
                return
            if what[0] in _RISKY:
                cell = self.varied(cell, quote_prefix=True)  # stays a text when its cell is edited
            self._sheet.write_string(row, column, what, cell)
            self.expected[row, column] = what
        elif isinstance(what, Decimal):
            self._sheet.write_number(row, column, float(what), cell)
            self.expected[row, column] = what
        else:
            value = what.value
            stored = value if isinstance(value, str) else float(value)
            self._sheet.write_formula(row, column, what.text, cell, stored)  # pyright: ignore[reportArgumentType] # any value
            self.expected[row, column] = value

    def varied(self, cell: Format, **changes: object) -> Format:
        """The same format but for some properties."""
        properties = next(key for key, found in self._formats.items() if found is cell)
        return self._format_of(tuple((dict(properties) | changes).items()))

    def format(
        self,
        *,
        font: str = SONG,
        size: float = BODY_SIZE,
        align: str,
        bold: bool = False,
        border: bool = True,
        locked: bool = True,
    ) -> Format:
        """How cells look; equal looks share one entry of the file."""
        return self._format_of(
            (
                ("font_name", font),
                ("font_size", size),
                ("bold", bold),
                ("align", align),
                ("valign", "vcenter"),
                ("text_wrap", True),
                ("border", 1 if border else 0),
                ("locked", locked),
            )
        )

    def _format_of(self, properties: tuple[tuple[str, object], ...]) -> Format:
        found = self._formats.get(properties)
        if found is None:
            found = self._formats[properties] = self._workbook.add_format(dict(properties))
        return found
