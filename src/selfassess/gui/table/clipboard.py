"""Blocks of cells as the tab-separated text that spreadsheets exchange; pure, knows no clipboard and no form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MORE_THAN_ANY_FORM = 20_000
_FORMULA = re.compile("[=+@\\-\t\r＝＋－＠]")
"""How a text begins that a spreadsheet would calculate or run when it is pasted."""
_NUMBER = re.compile(r"[+\-]?\d+(\.\d+)?%?", re.ASCII)
_ENDS = re.compile("[\t\n]")

Block = list[list[str]]
"""Rows of cells; rows may differ in length."""


def to_spreadsheet(rows: Iterable[Sequence[str]]) -> str:
    """A block for other programs: a text that they would take for a formula has an apostrophe before it.

    With it, Excel, WPS and LibreOffice keep a text; a remark that somebody else wrote can run nothing.

    Args:
        rows: Cells, row by row.
    """
    return to_text([f"'{cell}" if _is_formula(cell) else cell for cell in row] for row in rows)


def _is_formula(cell: str) -> bool:
    return len(cell) > 1 and _FORMULA.match(cell) is not None and not _NUMBER.fullmatch(cell)


def to_text(rows: Iterable[Sequence[str]]) -> str:
    """A block as text: cells that hold tabs, line breaks or a leading quotation mark are quoted.

    Args:
        rows: Cells, row by row.
    """
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def from_text(text: str) -> Block:
    """A block as spreadsheets put it on the clipboard.

    A quotation mark opens a quoted cell only where a spreadsheet would have written one: at the beginning of a cell,
    closed before a tab, a line break or the end, and only when the cell holds something that must be quoted. So
    “"三公"经费” stays as it is.

    Args:
        text: Tab-separated, with any kind of line break; one line break at the end closes the last row.

    Returns:
        The rows; empty for an empty text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        return []
    rows = _unquoted(text) if '"' not in text else _read(text)
    while len(rows) > _MORE_THAN_ANY_FORM and not any(rows[-1]):
        rows.pop()  # a whole column, copied by its heading, ends in a million empty rows
    return rows


def _unquoted(text: str) -> Block:
    return [line.split("\t") for line in text.removesuffix("\n").split("\n")]


def _read(text: str) -> Block:
    rows: Block = [[]]
    at = 0
    while at <= len(text):
        cell, at = _cell(text, at)
        rows[-1].append(cell)
        if at >= len(text):
            break
        if text[at] == "\n":
            if at == len(text) - 1:
                break
            rows.append([])
        at += 1
    return rows


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in "\t\n") or cell.startswith('"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cell(text: str, at: int) -> tuple[str, int]:
    """The cell that begins here, and where it ends."""
    if text.startswith('"', at):
        closing = _closing(text, at + 1)
        if closing is not None:
            inside = text[at + 1 : closing]
            if any(mark in inside for mark in ("\t", "\n", '""')):
                return inside.replace('""', '"'), closing + 1
    # One look for both: looking for a tab alone would read to the end of a column of a million rows for each of them.
    found = _ENDS.search(text, at)
    end = len(text) if found is None else found.start()
    return text[at:end], end


def _closing(text: str, at: int) -> int | None:
    """The quotation mark that closes a quoted cell; None when nothing does."""
    while (found := text.find('"', at)) >= 0:
        after = text[found + 1 : found + 2]
        if after == '"':
            at = found + 2
        elif after in ("", "\t", "\n"):
            return found
        else:
            return None
    return None
