"""The places at the left of Qt's file dialog: folder of drafts, documents, what is plugged in; opens no file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QListView, QSplitter, QStyledItemDelegate, QStyleOptionViewItem

if TYPE_CHECKING:
    from collections.abc import Iterable

Index = QModelIndex | QPersistentModelIndex
_URL = Qt.ItemDataRole.UserRole.value + 1
"""Where Qt's model keeps the place."""
_MOUNTS = Path("/proc/self/mounts")
_PLUGGED = ("/media/", "/run/media/", "/mnt/")
"""Where desktops put what is plugged in."""
_WIDE = 9
"""Of the list, in characters (字)."""


def plugged_in(mounts: Path = _MOUNTS) -> list[Path]:
    """Sticks and other disks that are plugged in, as the system lists them; none of them is asked.

    A server that does not answer would keep whoever asks it waiting: only devices of this computer count.

    Args:
        mounts: The system's list.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    entries = [line.split(" ") for line in lines]
    places = [_plain(entry[1]) for entry in entries if len(entry) > 1 and entry[0].startswith("/dev/")]
    return [Path(place) for place in dict.fromkeys(places) if place.startswith(_PLUGGED)]


def _plain(place: str) -> str:
    """A blank stands as an octal number."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place)


def fill_sidebar(dialog: QFileDialog, named: Iterable[tuple[str, Path]]) -> None:
    """Puts places into a dialog's list, under names people know; a system's own dialog has its own list.

    Args:
        dialog: Qt's.
        named: Name and folder, in order; "" for the folder's own name.
    """
    places = dict[str, str]()
    for name, folder in named:
        places.setdefault(str(folder), name or folder.name)
    dialog.setSidebarUrls([QUrl.fromLocalFile(place) for place in places])
    listed, splitter = dialog.findChild(QListView, "sidebar"), dialog.findChild(QSplitter)
    if not isinstance(listed, QListView) or not isinstance(splitter, QSplitter):
        return
    listed.setItemDelegate(_Named(places, listed))
    listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    listed.setTextElideMode(Qt.TextElideMode.ElideRight)
    wide = _WIDE * dialog.fontMetrics().horizontalAdvance("国")
    listed.setMinimumWidth(wide)
    splitter.setSizes([wide, 5 * wide])


class _Named(QStyledItemDelegate):
    """Shows a place under its name; Qt would show that of its folder.

    Args:
        names: By folder.
        parent: Owner.
    """

    def __init__(self, names: dict[str, str], parent: QListView) -> None:
        super().__init__(parent)
        self._names = names

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's own, with another text."""
        super().initStyleOption(option, index)
        url = index.data(_URL)
        name = self._names.get(url.toLocalFile()) if isinstance(url, QUrl) else None
        if name:
            # The stubs of Qt's style options lack their fields.
            cast("Any", option).text = name
