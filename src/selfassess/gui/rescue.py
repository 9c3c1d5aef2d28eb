"""The ways on when a draft cannot be opened because it is damaged: an automatic copy, or what can still be read."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.errors import StoreError
from selfassess.gui.backups_dialog import BackupsDialog, when_copied
from selfassess.gui.messages import choose_after_error, show_error
from selfassess.gui.salvage_dialog import SalvageDialog
from selfassess.gui.tasks import run_with_progress
from selfassess.store.backups import Backups
from selfassess.store.draft import now
from selfassess.store.library import Library, file_name
from selfassess.store.place import SUFFIX, free_name
from selfassess.store.salvage import holds_something, keep_report, salvage
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from selfassess.paths import Places
    from selfassess.store.backups import DraftBackups
    from selfassess.store.salvage_report import Report

_MANY = 50
"""Drafts whose copies are looked through before anybody notices."""
EMPTY, FOREIGN = "E303", "E304"
DAMAGED = frozenset({EMPTY, FOREIGN, "E306", "E315", "E319", "E325"})
"""Refusals after which there may be something to save."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Rescue", text)


def may_be_rescued(error: Exception, file: Path) -> bool:
    """Whether a refusal is one of a damaged draft.

    Args:
        error: The refusal.
        file: What was to be opened.
    """
    return isinstance(error, StoreError) and error.code in DAMAGED and file.suffix.lower() == SUFFIX and file.is_file()


def rescue(parent: QWidget | None, error: StoreError, file: Path, places: Places) -> Path | None:
    """Tell that a draft is damaged, and go on as the clerk likes.

    Args:
        parent: Over which window.
        error: Why it was refused.
        file: The damaged draft; it is never written to.
        places: Where drafts and copies lie.

    Returns:
        The draft to be opened instead; None for none.
    """
    copies = Backups(places.backups).for_file(file)
    salvageable = _is_salvageable(error, file)
    if not copies and not salvageable:
        show_error(parent, error)
        return None
    ways: list[tuple[str, str]] = []
    if copies:
        ways.append(("copy", _tr("从自动备份打开（{0}）").format(when_copied(copies[0], now()))))
    if salvageable:
        ways.append(("salvage", _tr("抢救能读出的内容")))
    ways.append(("", _tr("取消")))
    chosen = choose_after_error(parent, error, [text for _, text in ways], title=_tr("打不开这份草稿"))
    way = ways[chosen][0] if chosen is not None else ""
    try:
        if way == "copy":
            return Backups(places.backups).open_as_new(copies[0], Library(places.drafts))
        return _salvaged(parent, file, places) if way == "salvage" else None
    except StoreError as refused:
        show_error(parent, refused)
        return None


def choose_backup(parent: QWidget | None, places: Places) -> Path | None:
    """Let the clerk choose among all automatic copies.

    Args:
        parent: Over which window.
        places: Where drafts and copies lie.

    Returns:
        The new draft that was made from one; None when none was chosen.

    Raises:
        StoreError: It cannot be read, or no draft can be made.
    """
    kept = Backups(places.backups)
    try:
        drafts = _looked_through(parent, kept)
    except CalledOffError:
        return None
    dialog = BackupsDialog(drafts, parent)
    try:
        backup = dialog.backup if dialog.exec() else None
    finally:
        dialog.deleteLater()
    return None if backup is None else kept.open_as_new(backup, Library(places.drafts))


def _looked_through(parent: QWidget | None, kept: Backups) -> tuple[DraftBackups, ...]:
    """The drafts of which there are copies; very many are looked through with progress."""
    if parent is None or kept.count <= _MANY:
        return kept.drafts()
    return run_with_progress(parent, _tr("正在查看自动备份…"), lambda called_off: kept.drafts(called_off.is_set))


def _is_salvageable(error: StoreError, file: Path) -> bool:
    """Whether it is worth trying: a file of another program, or an empty one, has nothing for us."""
    if error.code == FOREIGN:
        with contextlib.suppress(StoreError):
            return holds_something(file)
    return error.code not in {EMPTY, FOREIGN}


def _salvaged(parent: QWidget | None, file: Path, places: Places) -> Path | None:
    target = free_name(Library(places.drafts).made(), file_name(f"{file.stem}（抢救）"))
    folders = (places.catalogues, places.own_catalogues)

    def work(_called_off: object) -> tuple[Report, Path | StoreError]:
        report = salvage(file, target, now(), folders)
        return report, keep_report(report)

    try:
        report, kept = run_with_progress(parent, _tr("正在抢救能读出的内容…"), work) if parent else work(None)
    except CalledOffError:  # it may be finished all the same, and is then in the list of drafts
        return None
    dialog = SalvageDialog(report, kept, parent)
    try:
        return target if dialog.exec() else None
    finally:
        dialog.deleteLater()
