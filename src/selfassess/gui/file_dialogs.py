"""Asks for files in Qt's dialog, beginning in a folder that exists; reads and writes none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QFileInfo, QModelIndex, QPersistentModelIndex, QSize, QStandardPaths
from PySide6.QtWidgets import (
    QFileDialog,
    QFileIconProvider,
    QFileSystemModel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from selfassess.gui.messages import confirm
from selfassess.gui.sidebar import fill_sidebar, plugged_in
from selfassess.paths import find_places

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QWidget

Index = QModelIndex | QPersistentModelIndex
_MOMENT = "yyyy-MM-dd HH:mm"
_NAME, _SIZE, _KIND, _WHEN = range(4)
_WIDTHS = {_NAME: 20, _SIZE: 7, _KIND: 8, _WHEN: 10}
"""Columns of the list, in characters (字)."""
_HIGH = 24
"""Of the dialog, in lines."""


def documents_folder() -> Path:
    """Where people keep documents: 文档, or the home folder where there is none."""
    named = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(named) if named and is_folder(Path(named)) else Path.home()


def is_folder(path: Path) -> bool:
    """Whether one can begin there; not where the name is impossible or nobody may look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def ask_target(parent: QWidget | None, title: str, proposed: Path, kind: str) -> Path | None:
    """Ask where something is to be written.

    Args:
        parent: The window that asks.
        title: Of the dialog.
        proposed: Folder and name to begin with.
        kind: As Qt's dialog shows it: ``PDF 文件 (*.pdf)``.

    Returns:
        The file, which may exist: the dialog has asked then. None when nothing was chosen.
    """
    folder = proposed.parent if is_folder(proposed.parent) else documents_folder()
    dialog = _dialog(parent, title, folder, kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(proposed.name)
    return next(iter(_chosen(dialog)), None)


def with_suffix(parent: QWidget | None, target: Path, suffix: str) -> Path | None:
    """The file that was asked for, under a name that ends as it must.

    The dialog asked about the name that was typed; where a suffix is added it is another one, and asked about here.

    Args:
        parent: The window that asks.
        target: As :func:`ask_target` returned it.
        suffix: Such as ``.pdf``.

    Returns:
        The file; None when there is one of that name that shall stay.
    """
    if target.suffix.lower() == suffix:
        return target
    target = target.with_name(target.name + suffix)
    question = QCoreApplication.translate("FileDialogs", "“{name}”已经存在，要替换它吗？").format(name=target.name)
    replace, title = (QCoreApplication.translate("FileDialogs", text) for text in ("替换", "文件已经存在"))
    return None if target.exists() and not confirm(parent, title, question, yes=replace) else target


def ask_file(parent: QWidget | None, title: str, kind: str, folder: Path | None = None) -> Path | None:
    """Ask which file is to be read.

    Args:
        parent: The window that asks.
        title: Of the dialog.
        kind: As Qt's dialog shows it: ``字体 (*.ttf)``.
        folder: Where to begin; None: where people keep documents.

    Returns:
        The file; None when nothing was chosen.
    """
    return next(iter(_ask_to_read(parent, title, kind, folder, QFileDialog.FileMode.ExistingFile)), None)


def ask_files(parent: QWidget | None, title: str, kind: str, folder: Path | None = None) -> list[Path]:
    """Ask which files are to be read; otherwise as :func:`ask_file`.

    Returns:
        The files; none when nothing was chosen.
    """
    return _ask_to_read(parent, title, kind, folder, QFileDialog.FileMode.ExistingFiles)


def _ask_to_read(
    parent: QWidget | None, title: str, kind: str, folder: Path | None, mode: QFileDialog.FileMode
) -> list[Path]:
    begin = folder if folder is not None and is_folder(folder) else documents_folder()
    dialog = _dialog(parent, title, begin, kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(mode)
    return _chosen(dialog)


def _dialog(parent: QWidget | None, title: str, folder: Path, kind: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder), kind)
    # Those of Linux desktops work inside this program, and look into files as Qt's own icons do.
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, sys.platform.startswith("linux"))
    return dialog


def _chosen(dialog: QFileDialog) -> list[Path]:
    _make_readable(dialog)
    icons = _Icons()
    dialog.setIconProvider(icons)
    if dialog.testOption(QFileDialog.Option.DontUseNativeDialog):
        fill_sidebar(dialog, _places())
    try:
        return [Path(file) for file in dialog.selectedFiles()] if dialog.exec() else []
    finally:
        dialog.deleteLater()


def _places() -> list[tuple[str, Path]]:
    """What stands at the left, with its name."""
    names = (QCoreApplication.translate("FileDialogs", text) for text in ("我的自评表", "主文件夹", "文档"))
    own = zip(names, (find_places().drafts, Path.home(), documents_folder()), strict=True)
    return [(name, folder) for name, folder in own if is_folder(folder)] + [("", place) for place in plugged_in()]


def _make_readable(dialog: QFileDialog) -> None:
    """Columns as wide as their texts, dates as they are written in Chinese; a system's own dialog knows its ways."""
    tree = dialog.findChild(QTreeView)
    if tree is None:
        return
    square = dialog.fontMetrics().horizontalAdvance("国")
    tree.setItemDelegateForColumn(_WHEN, _WhenDelegate(tree))
    for column, squares in _WIDTHS.items():
        tree.setColumnWidth(column, squares * square)
    room = dialog.screen().availableGeometry().size() * 0.9
    wanted = QSize((sum(_WIDTHS.values()) + 10) * square, _HIGH * dialog.fontMetrics().lineSpacing())
    dialog.resize(wanted.boundedTo(room))


class _Icons(QFileIconProvider):
    """Pictures and kinds of files by their names alone.

    Qt's own look into each file of the folder; and on POSIX a program that closes a file loses its lock on it, so that
    merely showing the dialog would give an open draft free. They are asked for in a thread of Qt's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder = super().icon(QFileIconProvider.IconType.Folder)
        self._file = super().icon(QFileIconProvider.IconType.File)

    def icon(self, of: QFileInfo | QFileIconProvider.IconType) -> QIcon:
        """The picture of a folder or of any file."""
        if isinstance(of, QFileInfo):
            return self._folder if of.isDir() else self._file
        return super().icon(of)

    def type(self, info: QFileInfo) -> str:
        """What the column of kinds says."""
        if info.isDir():
            return QCoreApplication.translate("FileDialogs", "文件夹")
        suffix = info.suffix().upper()
        return QCoreApplication.translate("FileDialogs", "{0} 文件").format(suffix).strip()


class _WhenDelegate(QStyledItemDelegate):
    """When a file was changed; Qt would write it as the system does, which may not be set to Chinese."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's own, with another text."""
        super().initStyleOption(option, index)
        model = index.model()
        if isinstance(model, QFileSystemModel):
            # The stubs of Qt's style options lack their fields.
            cast("Any", option).text = model.lastModified(index).toString(_MOMENT)
