"""Copies of documents to look at, in a private folder that goes with the window; and copies put elsewhere."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from selfassess.errors import ExportError, StoreError
from selfassess.export.files import write_beside
from selfassess.gui.evidence.names import may_open, safe_name, shown_name, suffix_of
from selfassess.gui.file_dialogs import ask_target, documents_folder, with_suffix
from selfassess.gui.messages import choose_after_error, show_error
from selfassess.gui.tasks import run_with_progress
from selfassess.system_words import in_words
from selfassess.temporary import private_folder, sweep_private_folders
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from typing import BinaryIO

    from PySide6.QtWidgets import QWidget

    from selfassess.document import Document
    from selfassess.store.evidence import Evidence

_HAS_ZONES = os.name == "nt"
_ZONE = b"[ZoneTransfer]\r\nZoneId=3\r\n"
"""Says that a file came from elsewhere; Office then opens it protected, without its macros."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Evidence", text)


class Copies:
    """Read-only copies in a folder of the system's temporary ones that nobody else may enter."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def put(self, name: str, fill: Callable[[Callable[[bytes], object]], None]) -> Path:
        """A new copy.

        Args:
            name: A safe file name.
            fill: Writes the bytes, with what it is given.

        Raises:
            StoreError: The folder or the copy cannot be written; or ``fill`` refuses, and no copy is left.
        """
        try:
            # Each in a folder of its own: an earlier one of the same name may still be open.
            place = Path(tempfile.mkdtemp(dir=self._private_folder())) / name
            try:
                made = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(made, "wb") as file:  # noqa: PTH123  (Path.open takes no descriptor)
                    fill(file.write)
            except StoreError:
                place.unlink()
                raise
            _tell_it_is_from_elsewhere(place)
            place.chmod(0o400)
        except OSError as error:
            raise StoreError("E343", name=name, detail=in_words(error)) from error
        return place

    def _private_folder(self) -> str:
        if self._folder is None or not Path(self._folder.name).is_dir():  # systems sweep what lies there for days
            self.remove()
            sweep_private_folders()
            self._folder = private_folder()
        return self._folder.name

    def remove(self) -> None:
        """Take the folder away; what a viewer still holds open stays until the system tidies up."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _tell_it_is_from_elsewhere(copy: Path) -> None:
    """As mail programs do for what was attached; a disk that keeps no such notes is no reason not to open."""
    if _HAS_ZONES:
        with suppress(OSError):
            Path(f"{copy}:Zone.Identifier").write_bytes(_ZONE)


def open_copy(parent: QWidget, document: Document, evidence: Evidence, number: str, copies: Copies) -> None:
    """Show a copy of a document in the program that the desktop has for it; never run it.

    Args:
        parent: The window that asks and waits.
        document: The open draft.
        evidence: The document.
        number: Its 编号, by which the viewer's title can be told.
        copies: Where the copy goes.
    """
    name, copied = shown_name(evidence.name), safe_name(f"{number} {evidence.name}")
    refusal = None if may_open(copied) else StoreError("E341", name=name)
    if refusal is None:
        try:
            copy = run_with_progress(
                parent,
                _tr("正在打开“{0}”…").format(name),
                lambda _: copies.put(copied, partial(document.copy_evidence, evidence)),
                may_cancel=False,
            )
        except StoreError as error:
            show_error(parent, error, title=_tr("没有打开"))
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            refusal = StoreError("E342", name=name)
    if refusal is not None:
        actions = (_tr("另存为…"), _tr("不打开"))
        if choose_after_error(parent, refusal, actions, title=_tr("没有打开")) == 0:
            save_copy(parent, document, evidence)


def save_copy(parent: QWidget, document: Document, evidence: Evidence) -> Path | None:
    """Ask for a place and put a copy of a document there.

    Args:
        parent: The window that asks and waits.
        document: The open draft.
        evidence: The document.

    Returns:
        The copy; None when there is none.
    """
    target = _ask(parent, evidence, documents_folder() / safe_name(evidence.name))
    while target is not None:
        here = target
        beside = partial(run_with_progress, parent, _tr("正在另存“{0}”…").format(here.name))
        try:
            beside(_writing(here, partial(document.copy_evidence, evidence)))
        except CalledOffError:
            return None
        except ExportError as error:
            actions = (_tr("再试一次"), _tr("另选位置…"), _tr("取消"))
            choice = choose_after_error(parent, error, actions, title=_tr("没有另存"))
            if choice == 1:
                target = _ask(parent, evidence, here)
            elif choice != 0:
                return None
        except StoreError as error:
            show_error(parent, error, title=_tr("没有另存"))
            return None
        else:
            return here
    return None


def _ask(parent: QWidget, evidence: Evidence, proposed: Path) -> Path | None:
    target = ask_target(parent, _tr("另存佐证材料"), proposed, _tr("所有文件 (*)"))
    suffix = suffix_of(evidence.name)
    return with_suffix(parent, target, suffix) if target is not None and suffix else target


def _writing(target: Path, fill: Callable[[Callable[[bytes], object]], None]) -> Callable[[threading.Event], None]:
    def write(file: BinaryIO, stop: threading.Event) -> None:
        def put(piece: bytes) -> None:
            if stop.is_set():
                raise CalledOffError
            file.write(piece)

        fill(put)

    return lambda stop: write_beside(target, lambda file: write(file, stop))
