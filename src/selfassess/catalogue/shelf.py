"""Which catalogues there are, shipped and the unit's own; knows folders and files, nothing of rules."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from selfassess import temporary
from selfassess.catalogue.loader import load
from selfassess.catalogue.writer import dumps
from selfassess.domain.catalogue import Catalogue
from selfassess.errors import CatalogueError
from selfassess.scoring.suggestions import hint
from selfassess.system_words import in_words
from selfassess.wording import message

# At most as long as the loader lets a catalogue be called, so that no reference is too long for a file name.
_REFERENCE = re.compile(r"(?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,63})/(?P<edition>[A-Za-z0-9][A-Za-z0-9._-]{0,63})")
_MOST_SHOWN = 80
"""Characters of a wrong reference that are quoted back."""


class ShelfEntry(Struct, frozen=True, kw_only=True):
    """One catalogue file on the shelf.

    Attributes:
        path: The file.
        own: Whether the unit made it itself.
        catalogue: What it holds; None when it cannot be used.
        problem: Why it cannot be used, or will not be; "" when all is well.
    """

    path: Path
    own: bool
    catalogue: Catalogue | None
    problem: str = ""

    @property
    def reference(self) -> str:
        """``id/edition``; guessed from folder and file name when the file cannot be read."""
        return self.catalogue.reference if self.catalogue else _guess(self.path)


def shipped(folder: Path) -> tuple[ShelfEntry, ...]:
    """The catalogues that come with the program.

    Args:
        folder: Holds ``<id>/<edition>.toml``.

    Returns:
        By reference; a file that cannot be used is listed with the reason.
    """
    return _entries(folder, own=False)


def listed(shipped_folder: Path, own_folder: Path) -> tuple[ShelfEntry, ...]:
    """All catalogues: shipped ones first, then the unit's own.

    Args:
        shipped_folder: Comes with the program.
        own_folder: The unit's own; need not exist.

    Returns:
        Own files override nothing: one of a shipped name is listed with the problem that it will not be used.
    """
    theirs = shipped(shipped_folder)
    taken = {entry.reference for entry in theirs}
    ours = tuple(_unless_taken(entry, taken) for entry in _entries(own_folder, own=True))
    return theirs + ours


def find(reference: str, folders: Sequence[Path]) -> Path:
    """The file of a catalogue.

    Args:
        reference: ``id/edition``, such as ``xizang-dept-budget/2022``.
        folders: Where to look, the first that has it wins.

    Returns:
        Path of the file.

    Raises:
        CatalogueError: No folder has it; with the nearest name there is.
    """
    parts = _REFERENCE.fullmatch(reference.strip())
    if parts is None:
        shown = reference if len(reference) <= _MOST_SHOWN else f"{reference[:_MOST_SHOWN]}…"
        raise CatalogueError("E224", reference=shown)
    for folder in folders:
        path = folder / parts["id"] / f"{parts['edition']}.toml"
        with contextlib.suppress(OSError):  # a folder nobody may look into has no catalogues for us
            if path.is_file():
                return path
    for path in (path for folder in folders for path in _files(folder)):
        with contextlib.suppress(
            CatalogueError
        ):  # a broken file is no answer here; the list shows what is wrong with it
            if load(path).reference == reference.strip():
                return path
    known = sorted({_guess(path) for folder in folders for path in _files(folder)})
    raise CatalogueError("E223", reference=reference, hint=hint(reference, known, "现在一份指标体系也没有"))


def save_own(catalogue: Catalogue, folder: Path) -> Path:
    """Keep a catalogue among the unit's own: written beside, then put in place.

    Args:
        catalogue: Id and edition are its name; the caller has seen to it that they are not a shipped one's.
        folder: The unit's own catalogues; made when missing.

    Returns:
        Path of the file.

    Raises:
        CatalogueError: It cannot be written; an older file of the name is as it was.
    """
    path = folder / catalogue.id / f"{catalogue.edition}.toml"
    beside = temporary.beside(path, "part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.sweep(path.parent)
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(dumps(catalogue))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        temporary.sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):  # the part file was never made, or the disk is gone
            beside.unlink(missing_ok=True)
        raise CatalogueError("E244", path=path, why=in_words(error)) from error
    return path


def _files(folder: Path) -> list[Path]:
    try:
        return sorted({*folder.glob("*.toml"), *folder.glob("*/*.toml")}) if folder.is_dir() else []
    except OSError:  # the data folder may be unreadable or have an impossible name; what is shipped stays usable
        return []


def _entries(folder: Path, *, own: bool) -> tuple[ShelfEntry, ...]:
    return tuple(sorted((_entry(path, own=own) for path in _files(folder)), key=lambda entry: entry.reference))


def _entry(path: Path, *, own: bool) -> ShelfEntry:
    try:
        return ShelfEntry(path=path, own=own, catalogue=load(path))
    except CatalogueError as error:
        return ShelfEntry(path=path, own=own, catalogue=None, problem=str(error))


def _unless_taken(entry: ShelfEntry, taken: Iterable[str]) -> ShelfEntry:
    if entry.catalogue is None or entry.reference not in taken:
        return entry
    problem = message("E243", path=entry.path, reference=entry.reference)
    return ShelfEntry(path=entry.path, own=entry.own, catalogue=entry.catalogue, problem=f"E243 {problem}")


def _guess(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"
