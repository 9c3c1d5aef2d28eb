"""A filled form as a table of tab-separated columns becomes a filed form; knows no catalogue and judges no number."""

from __future__ import annotations

import contextlib
import csv
import re
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from selfassess.domain.filed import FiledCategory, FiledForm, FiledRow
from selfassess.domain.numerals import NUMERALS
from selfassess.errors import Faults, ImportFormError, TooManyFaultsError
from selfassess.intake.reading import parse_signed
from selfassess.intake.text import read_text

HEADINGS = (
    ("考核内容",),
    ("指标",),
    ("指标值", "分值"),
    ("计算方法",),
    ("指标性质",),
    ("考核方式",),
    ("数据来源",),
    ("考核结果", "得分"),
    ("扣罚分", "小计"),
    ("备注",),
)
"""How the heading of each of the ten columns begins, blanks left out; the first is the wording of 2022."""

_CONTENT, _NAME, _FULL_POINTS, _POINTS, _SUBTOTAL = 0, 1, 2, 7, 8
_TITLE_LINES = 20
"""Lines over the heading that may hold the label, the title and the unit."""

_CATEGORY = re.compile(r"([一二三四五六七八九十]{1,3})、(.+)")
_TOTALS = {"合计", "总计", "总分"}
_BAND = re.compile("其他事项|加分|扣分")
_NO_NUMBER = {"", "-", "—", "——", "/", "不涉及"}
_BLANKS = re.compile(r"\s+")


class _Progress(Struct, kw_only=True):
    """What was read so far, while going down the lines."""

    categories: list[FiledCategory] = field(default_factory=list[FiledCategory])
    rows: list[FiledRow] = field(default_factory=list[FiledRow])
    total_seen: bool = False
    total_full_points: Decimal | None = None
    total: Decimal | None = None

    def close_category(self) -> None:
        """Give the rows read since the last category row to it."""
        if self.categories:
            self.categories[-1] = replace(self.categories[-1], rows=tuple(self.rows))
        self.rows = []


def read(path: Path) -> FiledForm:
    """Read a filled form from a file of ten tab-separated columns, as Excel and WPS save it.

    Args:
        path: The file.

    Returns:
        What the form states.

    Raises:
        ImportFormError: Unreadable, without the heading, or with faulty lines; all of them are listed.
    """
    return loads(read_text(path), path.name)


def loads(text: str, name: str) -> FiledForm:
    """Like :func:`read`, from text.

    Args:
        text: The table.
        name: What the form is called in messages and reports.

    Raises:
        ImportFormError: Without the heading, or with faulty lines.
    """
    faults = Faults()
    lines = _lines(text, name)
    start = next((at for at, (_, cells) in enumerate(lines[:_TITLE_LINES]) if _is_heading(cells)), None)
    if start is None:
        raise ImportFormError("E530", file=name, headings="、".join(names[0] for names in HEADINGS))
    progress = _Progress()
    with contextlib.suppress(TooManyFaultsError):
        for number, cells in lines[start + 1 :]:
            _take(number, cells, progress, faults)
    progress.close_category()
    if not progress.categories and not faults.sentences:
        faults.add("E531")
    if faults.sentences:
        raise ImportFormError("E532", faults.sentences, file=name, count=faults.count)
    return FiledForm(
        name=name,
        categories=tuple(progress.categories),
        total_full_points=progress.total_full_points,
        total=progress.total,
    )


def _lines(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Every line that is not empty, with its number; a quoted cell may hold line ends."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter="\t")
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ImportFormError("E533", file=name, line=begins) from error
    return found


def _is_heading(cells: list[str]) -> bool:
    found = [_BLANKS.sub("", cell) for cell in cells[: len(HEADINGS)]]
    return len(found) == len(HEADINGS) and all(
        cell.startswith(names) for cell, names in zip(found, HEADINGS, strict=True)
    )


def _take(number: int, cells: list[str], progress: _Progress, faults: Faults) -> None:
    if progress.total_seen and not any(cell.strip() for cell in cells[1:]):
        return  # a note under the table
    if len(cells) < len(HEADINGS) or any(cell.strip() for cell in cells[len(HEADINGS) :]):
        faults.add("E534", line=number, found=len(cells), needed=len(HEADINGS))
        return
    content, name = (_BLANKS.sub("", cells[at]) for at in (_CONTENT, _NAME))
    category = _CATEGORY.fullmatch(content)
    if content in _TOTALS:
        _take_total(number, cells, progress, faults)
    elif progress.total_seen:
        faults.add("E535", line=number, name=name or content)
    elif category and (not name or _BAND.search(category[2])):
        _take_category(number, cells, category, progress, faults)
    elif not progress.categories:
        faults.add("E536", line=number, name=name or content)
    elif not name:
        faults.add("E537", line=number, content=content)
    else:
        _take_row(number, name, cells, progress, faults)


def _take_category(number: int, cells: list[str], heading: re.Match[str], progress: _Progress, faults: Faults) -> None:
    progress.close_category()
    code, title = heading[1], heading[2]
    if code not in NUMERALS:
        faults.add("E538", line=number, row=code)
    if any(category.code == code for category in progress.categories):
        faults.add("E539", line=number, row=code)
    progress.categories.append(
        FiledCategory(
            code=code,
            title=title,
            full_points=_number(number, cells, _FULL_POINTS, faults),
            subtotal=_sum(number, cells, faults),
            in_base=not _BAND.search(title),
        )
    )


def _take_row(number: int, name: str, cells: list[str], progress: _Progress, faults: Faults) -> None:
    category = NUMERALS.get(progress.categories[-1].code)
    progress.rows.append(
        FiledRow(
            code=f"{category}.{len(progress.rows) + 1}",
            name=name,
            full_points=_number(number, cells, _FULL_POINTS, faults),
            points=_number(number, cells, _POINTS, faults),
        )
    )


def _take_total(number: int, cells: list[str], progress: _Progress, faults: Faults) -> None:
    progress.close_category()
    if progress.total_seen:
        faults.add("E540", line=number)
    progress.total_seen = True
    progress.total_full_points = _number(number, cells, _FULL_POINTS, faults)
    progress.total = _sum(number, cells, faults)


def _sum(number: int, cells: list[str], faults: Faults) -> Decimal | None:
    """A subtotal or the total; some offices write it in the column of the points."""
    return _number(number, cells, _SUBTOTAL if cells[_SUBTOTAL].strip() else _POINTS, faults)


def _number(number: int, cells: list[str], column: int, faults: Faults) -> Decimal | None:
    text = cells[column].strip()
    if text in _NO_NUMBER:
        return None
    heading = HEADINGS[column][0]
    with faults.at(f"第 {number} 行“{heading}”列"):
        return parse_signed(text, heading)
    return None
