"""What a finished workbook says, read back from the disk with openpyxl; knows nothing of forms."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Value = str | float
Cells = dict[str, Value]
"""Values by cell, such as ``B7``; empty cells are left out, a formula counts as its stored value."""


class UnreadableWorkbookError(Exception):
    """The file is no workbook."""


def read_back(path: Path) -> list[Cells]:
    """Read a workbook.

    Args:
        path: The workbook.

    Returns:
        The values of each worksheet, in order.

    Raises:
        UnreadableWorkbookError: The file is no workbook.
    """
    # openpyxl costs 140 ms, which a start of the program need not pay.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.escape import unescape  # noqa: PLC0415

    def value(content: object) -> Value:
        return unescape(content) if isinstance(content, str) else float(str(content))

    try:
        # Opened here, because openpyxl judges a file by its ending, and this one has not got its name yet.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("error")  # openpyxl warns of what it cannot read
            book = load_workbook(file, data_only=True)
    except (zipfile.BadZipFile, SyntaxError, KeyError, IndexError, ValueError, OSError, Warning) as error:
        raise UnreadableWorkbookError(str(error)) from error
    return [
        {cell.coordinate: value(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
        for sheet in book.worksheets
    ]
