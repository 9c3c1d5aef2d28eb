"""Removes what killed programs left of their temporary files, wherever the program writes; knows no window."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from selfassess import temporary
from selfassess.paths import Places


def tidy(places: Places, others: Iterable[Path] = ()) -> None:
    """Takes away half a copy, half an export and views of drafts that nobody looks at any more.

    Args:
        places: Where the user's data lie: drafts, settings, own catalogues and automatic copies.
        others: Further folders into which something was written.
    """
    temporary.sweep_private_folders()
    kept = (places.data, places.drafts, places.own_catalogues, places.backups)
    for folder in (*kept, *_folders_in(places.own_catalogues), *_folders_in(places.backups), *others):
        temporary.sweep(folder)


def _folders_in(folder: Path) -> list[Path]:
    try:
        return [one for one in folder.iterdir() if one.is_dir()]
    except OSError:  # there is none yet, or nobody may look into it
        return []
