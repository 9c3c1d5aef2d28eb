"""What a pasted block would change, cell by cell, before anything is changed; pure, stores nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.domain.catalogue import ColumnKey
from selfassess.errors import InputError
from selfassess.gui.table import entering
from selfassess.gui.table.cells import EDITABLE, NOT_APPLICABLE
from selfassess.wording import in_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.entries import Answer
    from selfassess.gui.table.clipboard import Block
    from selfassess.gui.table.lines import Line

MOST_BEYOND = 100
"""Pasted rows that meet none of the form which are named; of more, the number is told."""

_BELOW = "超出表格下边，没有对应的行"
_UNKNOWN = "表中没有这个行号"
_CODE = re.compile(r"\d+\.\d+")


class Alignment(StrEnum):
    """Which row of the form a row of the block goes to."""

    LINES = "lines"
    """Line by line, category headings included: a block copied from the form itself."""
    ROWS = "rows"
    """Row by row, category headings left out: a bare column of points."""
    CODES = "codes"
    """By the row codes in the block's first column, such as 2.7."""


class Outcome(StrEnum):
    """What becomes of a pasted cell."""

    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    SKIPPED = "skipped"


class Target(Struct, frozen=True, kw_only=True):
    """Where a block goes.

    Attributes:
        lines: Lines of the table, as shown.
        keys: Columns of the table, as shown, left to right.
        row: Line of the block's first cell.
        column: Column of the block's first cell, counted in ``keys``.
    """

    lines: Sequence[Line]
    keys: Sequence[ColumnKey]
    row: int
    column: int


class Form(Struct, frozen=True, kw_only=True):
    """What the form holds now.

    Attributes:
        indicator: The row of a code.
        answer: The answer of a code.
        shown: The text of a cell, by place and column.
    """

    indicator: Callable[[str], Indicator]
    answer: Callable[[str], Answer]
    shown: Callable[[str, ColumnKey], str]


class PastedCell(Struct, frozen=True, kw_only=True):
    """One cell of the block and what becomes of it.

    Attributes:
        place: Row or category code; "" for a row of the block that meets none.
        key: The column; None when the block is wider than the table.
        text: What was pasted.
        before: What the cell shows now.
        outcome: What becomes of it.
        why: Why it is refused or skipped; "" otherwise.
    """

    place: str
    key: ColumnKey | None
    text: str
    before: str
    outcome: Outcome
    why: str = ""


class PastePlan(Struct, frozen=True, kw_only=True):
    """What pasting would do.

    Attributes:
        cells: Every cell of the block that holds something or would change something.
        answers: The new answers by row code.
    """

    cells: tuple[PastedCell, ...]
    answers: Mapping[str, Answer]

    def count(self, outcome: Outcome) -> int:
        """How many cells have this outcome."""
        return sum(1 for cell in self.cells if cell.outcome is outcome)


def guess_alignment(block: Block, target: Target) -> Alignment:
    """How a block most likely fits: by its codes, with headings, or without."""
    codes = {line.place for line in target.lines if line.is_row}
    first = [row[0].strip() for row in block if row and row[0].strip()]
    if first and len(block[0]) > 1 and all(_CODE.fullmatch(text) for text in first) and codes.intersection(first):
        return Alignment.CODES
    for row, line in zip(block, target.lines[target.row :], strict=False):
        entered = [
            text
            for key, text in zip(target.keys[target.column :], row, strict=False)
            if key is ColumnKey.POINTS and text.strip()
        ]
        if not line.is_row and entered:
            return Alignment.ROWS
    return Alignment.LINES


def plan(block: Block, target: Target, form: Form, alignment: Alignment, *, blanks_clear: bool = False) -> PastePlan:
    """What pasting a block would change.

    Args:
        block: The pasted cells.
        target: Where they go.
        form: What the form holds now.
        alignment: Which row of the form a row of the block goes to.
        blanks_clear: Whether an empty cell of the block empties the form's cell; otherwise it leaves it alone.
    """
    cells: list[PastedCell] = []
    answers: dict[str, Answer] = {}
    beyond = 0
    for line, code, texts in _pairs(block, target, alignment):
        if line is None:
            beyond += any(text.strip() for text in texts)
            cells.extend(_beyond(code, texts) if beyond <= MOST_BEYOND else ())
            continue
        answer = answers.get(line.place) or (form.answer(line.place) if line.is_row else None)
        for at, text in enumerate(texts):
            column = target.column + at
            key = target.keys[column] if column < len(target.keys) else None
            if not text.strip() and not blanks_clear:
                continue
            cell, answer = _paste(line, key, text, answer, form)
            if cell is not None:
                cells.append(cell)
        if answer is not None and answer != form.answer(line.place):
            answers[line.place] = answer
    if beyond > MOST_BEYOND:
        cells.append(_cell("", None, f"……共 {beyond} 行", "", Outcome.SKIPPED, _BELOW))
    return PastePlan(cells=tuple(cells), answers=answers)


def _pairs(block: Block, target: Target, alignment: Alignment) -> list[tuple[Line | None, str, list[str]]]:
    """Each row of the block with its line, None for rows beyond the table, and with the code it begins with, if any."""
    if alignment is Alignment.CODES:
        at = {line.place: line for line in target.lines}
        coded = [(row[0].strip(), row[1:]) for row in block if any(text.strip() for text in row)]
        return [(at.get(code), code, texts) for code, texts in coded]
    lines = [line for line in target.lines[target.row :] if alignment is Alignment.LINES or line.is_row]
    return [(lines[at] if at < len(lines) else None, "", row) for at, row in enumerate(block)]


def _paste(
    line: Line, key: ColumnKey | None, text: str, answer: Answer | None, form: Form
) -> tuple[PastedCell | None, Answer | None]:
    """One cell: what becomes of it, and the row's answer after it."""
    if key is None:
        return _cell(line.place, key, text, "", Outcome.SKIPPED, "超出表格右边，没有对应的列"), answer
    before = form.shown(line.place, key)
    if answer is None or key not in EDITABLE:
        same = _alike(text, before) or not text.strip()
        why = "类别行，由各行合计得出" if answer is None else "这一列按指标体系印制，不在这里填写"
        return (None if same else _cell(line.place, key, text, before, Outcome.SKIPPED, why)), answer
    if _alike(text, before) or (key is ColumnKey.POINTS and _alike(text, before.removesuffix(NOT_APPLICABLE))):
        return _cell(line.place, key, text, before, Outcome.SAME), answer
    try:
        pasted = entering.answer_from(key, text, form.indicator(line.place), answer)
    except InputError as error:
        # The preview has the row in a column of its own.
        why = error.message.removeprefix(f"第 {line.place} 行{in_marks(form.indicator(line.place).name)}：")
        return _cell(line.place, key, text, before, Outcome.REFUSED, why), answer
    outcome = Outcome.SAME if pasted == answer else Outcome.CHANGED
    return _cell(line.place, key, text, before, outcome), pasted


def _beyond(code: str, texts: Sequence[str]) -> list[PastedCell]:
    """A row that meets no row of the form, as one entry."""
    said = "　".join(text.strip() for text in texts if text.strip())
    if not said:
        return []
    return [_cell(code, None, said, "", Outcome.SKIPPED, _UNKNOWN if code else _BELOW)]


def _cell(place: str, key: ColumnKey | None, text: str, before: str, outcome: Outcome, why: str = "") -> PastedCell:
    return PastedCell(place=place, key=key, text=text, before=before, outcome=outcome, why=why)


def _alike(one: str, other: str) -> bool:
    """Equal but for blanks and line breaks at the ends."""
    return one.strip() == other.strip()
