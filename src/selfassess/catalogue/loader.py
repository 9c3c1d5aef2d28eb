"""Reads a catalogue file and refuses it unless it is whole; knows limits, not what the keys mean."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import cast

from selfassess.catalogue import references
from selfassess.catalogue.decoder import FAULTY, Decoder, Place
from selfassess.catalogue.schema import CATALOGUE, FORMAT, MOST_ROWS
from selfassess.catalogue.toml_text import NotTomlError, TooMuchError, decoded
from selfassess.domain.catalogue import Catalogue
from selfassess.errors import CatalogueError, Faults, TooManyFaultsError
from selfassess.plain_file import read_plain
from selfassess.system_words import in_words

MOST_BYTES = 16 * 1024 * 1024
"""Largest file that is read, in bytes."""


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
        data = read_plain(path, MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise CatalogueError("E202", path=path) from error
    except OSError as error:
        shown = str(path).replace("\0", "\ufffd").encode(errors="replace").decode()
        raise CatalogueError("E203", path=shown, why=in_words(error)) from error
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
    if decoder.faults.sentences or catalogue is FAULTY:
        raise CatalogueError("E201", decoder.faults.sentences, name=name, count=decoder.faults.count)
    return cast("Catalogue", catalogue)


def _parsed(text: str, name: str) -> dict[str, object]:
    try:
        raw = decoded(text)
    except NotTomlError as error:
        raise CatalogueError("E207", name=name, place=error.place, why=error.why) from error
    except TooMuchError as error:
        raise CatalogueError("E208", name=name, why=error) from error
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
        faults = Faults()
        faults.add("E242", format=FORMAT)
        raise CatalogueError("E201", faults.sentences, name=name, count=faults.count)
    if number > FORMAT:
        raise CatalogueError("E209", name=name, number=number, known=FORMAT)
