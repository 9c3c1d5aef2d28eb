"""What a finished workbook says, read back from the disk; knows the file format, nothing of forms.

Its own reader of two XML files rather than openpyxl, which would take as long again as the writing. The tests read the
same files with openpyxl and with LibreOffice.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from pathlib import Path

Value = str | float
Cells = dict[str, Value]
"""Values by cell, such as ``B7``; empty cells are left out."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What a worksheet says.

    Attributes:
        values: Value of every cell that is not empty.
        formulas: Cells that hold a formula.
    """

    values: Cells
    formulas: frozenset[str]


class UnreadableWorkbookError(Exception):
    """The file is no workbook, or lacks the sheet."""


def read_back(path: Path, sheet: int) -> ReadBack:
    """Read one worksheet.

    Args:
        path: The workbook.
        sheet: Number of the sheet, counted from 1.

    Raises:
        UnreadableWorkbookError: The file is no workbook, or lacks the sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            strings: list[str] = []
            if "xl/sharedStrings.xml" in archive.namelist():
                with archive.open("xl/sharedStrings.xml") as file:
                    strings.extend(_strings(file))
            with archive.open(f"xl/worksheets/sheet{sheet}.xml") as file:
                return _cells(file, strings)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, ET.ParseError, OSError) as error:
        raise UnreadableWorkbookError(str(error)) from error


def _root(file: IO[bytes]) -> ET.Element:
    return ET.parse(file).getroot()  # noqa: S314 # reads only what this program has just written


def _strings(file: IO[bytes]) -> Iterator[str]:
    for item in _root(file).iter(f"{_MAIN}si"):
        yield _unescaped("".join(text.text or "" for text in item.iter(f"{_MAIN}t")))


def _cells(file: IO[bytes], strings: list[str]) -> ReadBack:
    values: Cells = {}
    formulas: set[str] = set()
    for cell in _root(file).iter(f"{_MAIN}c"):
        for part in cell:
            if part.tag == f"{_MAIN}f":
                formulas.add(cell.attrib["r"])
            elif part.text:
                values[cell.attrib["r"]] = _value(part.text, cell.get("t", "n"), strings)
    return ReadBack(values=values, formulas=frozenset(formulas))


def _value(text: str, kind: str, strings: list[str]) -> Value:
    if kind == "s":
        return strings[int(text)]
    return text if kind == "str" else float(text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
