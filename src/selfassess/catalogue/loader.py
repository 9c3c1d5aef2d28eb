"""Reads a catalogue file and refuses it unless it is whole; knows limits and TOML, not what the keys mean."""

from __future__ import annotations

import contextlib
import re
import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from selfassess.catalogue import references
from selfassess.catalogue.decoder import FAULTY, Decoder, Place, TooManyFaultsError
from selfassess.catalogue.schema import CATALOGUE, FORMAT, MOST_ROWS
from selfassess.domain.catalogue import Catalogue
from selfassess.errors import CatalogueError
from selfassess.wording import message

MOST_BYTES = 16 * 1024 * 1024
"""Largest file that is read, in bytes."""
MOST_PARTS = 1_000_000
"""Most tables, lists and list items; counted before parsing, which would take minutes."""

_TOML_PLACE = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def load(path: Path) -> Catalogue:
    """Read a catalogue file.

    Args:
        path: A TOML file.

    Returns:
        The catalogue, whole.

    Raises:
        CatalogueError: The file cannot be read, or something in it is at fault; with all faults.
    """
    try:
        if path.is_dir():
            raise CatalogueError("E203", path=path, why="这是一个文件夹")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise CatalogueError("E202", path=path) from error
    except OSError as error:
        raise CatalogueError("E203", path=path, why=error.strerror or str(error)) from error
    if len(data) > MOST_BYTES:
        raise CatalogueError("E204", name=path.name, most=MOST_BYTES // (1024 * 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError("E206", name=path.name, line=data.count(b"\n", 0, error.start) + 1) from error
    return loads(text, path.name)


def loads(text: str, name: str) -> Catalogue:
    """Read the text of a catalogue file.

    Args:
        text: TOML.
        name: What the file is called in messages.

    Returns:
        The catalogue, whole.

    Raises:
        CatalogueError: Something is at fault; with all faults.
    """
    raw = _parsed(text, name)
    _check_format(raw, name)
    decoder = Decoder()
    catalogue: object = FAULTY
    with contextlib.suppress(TooManyFaultsError):
        catalogue = decoder.table(raw, CATALOGUE, Place(), beside=("format",))
        references.check(raw, decoder)
    if decoder.faults or catalogue is FAULTY:
        raise CatalogueError("E201", decoder.faults, name=name, count=decoder.count)
    return cast("Catalogue", catalogue)


def _parsed(text: str, name: str) -> dict[str, object]:
    if sum(text.count(sign) for sign in "[{,") > MOST_PARTS:
        raise CatalogueError("E205", name=name, most=MOST_ROWS)
    try:
        raw: dict[str, object] = tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(
            "E207", name=name, place=_toml_place(str(error), text), why=_toml_why(str(error))
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a whole number of thousands of digits
        raise CatalogueError("E208", name=name) from error
    categories = raw.get("categories")
    if isinstance(categories, list):
        rows = sum(
            len(cast("list[object]", cast("dict[str, object]", one).get("indicators") or ()))
            for one in cast("list[object]", categories)
            if isinstance(one, dict) and isinstance(cast("dict[str, object]", one).get("indicators"), list)
        )
        if rows > MOST_ROWS:
            raise CatalogueError("E205", name=name, most=MOST_ROWS)
    return raw


def _check_format(raw: dict[str, object], name: str) -> None:
    number = raw.get("format")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        fault = f"E242 {message('E242', format=FORMAT)}"
        raise CatalogueError("E201", [fault], name=name, count=1)
    if number > FORMAT:
        raise CatalogueError("E209", name=name, number=number, known=FORMAT)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent no number can have
        return Decimal("NaN")


def _toml_place(error: str, text: str) -> str:
    found = _TOML_PLACE.search(error)
    if found and found["line"]:
        return f"第 {found['line']} 行第 {found['column']} 个字"
    return f"末尾（第 {text.count(chr(10)) + 1} 行）"


_TOML_WHY = (
    ("Cannot overwrite a value", "同一个键写了两次"),
    ("Cannot declare", "同一个表写了两次"),
    ("Duplicate inline table key", "同一个键写了两次"),
    ("Unterminated string", "文字没有写完，缺少右引号"),
    ("Illegal character", "有不允许的字符，文字里的换行和引号要照说明书写"),
    ("Expected '=' after a key", "键的后面缺少等号“=”，或者用了全角的“＝”"),
    ("Unclosed array", "列表没有写完，缺少“]”"),
    ("Unclosed inline table", "表没有写完，缺少“}”"),
    ("Invalid value", "等号后面的值写法不对，文字要写在英文双引号里"),
    ("Invalid initial character for a key part", "键的写法不对，标点要用英文半角"),
    ("Expected newline or end of document after a statement", "值的后面多了内容，一行只能写一个键"),
    ("Unescaped '\\\\' in a string", "文字里的“\\”要写成“\\\\”"),
    ("Expected ']' at the end of a table declaration", "表名后面缺少“]”"),
    ("Expected ']]' at the end of an array declaration", "表名后面缺少“]]”"),
)


def _toml_why(error: str) -> str:
    if error.startswith("Invalid value (at end"):
        return "内容没有写完，缺少值，或缺少右括号"
    return next((why for start, why in _TOML_WHY if error.startswith(start)), "不符合 TOML 的写法")
