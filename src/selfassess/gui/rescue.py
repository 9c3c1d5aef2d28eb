"""The ways on when a draft cannot be opened because it is damaged: an automatic copy, or what can still be read."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from selfassess.errors import StoreError
from selfassess.gui.backups_dialog import BackupsDialog, when_copied
from selfassess.gui.draft_list import progress_text
from selfassess.gui.messages import choose_way, show_error, split_remedy
from selfassess.gui.salvage_dialog import SalvageDialog
from selfassess.gui.tasks import run_with_progress
from selfassess.store.backups import Backups
from selfassess.store.draft import now
from selfassess.store.glance import look_at
from selfassess.store.library import Library
from selfassess.store.naming import file_name
from selfassess.store.place import SUFFIX, free_name
from selfassess.store.salvage import holds_something, keep_report, salvage
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from selfassess.paths import Places
    from selfassess.store.backups import Backup, DraftBackups
    from selfassess.store.salvage_report import Report

_MANY = 50
"""Drafts whose copies are looked through before anybody notices."""
GONE, EMPTY, FOREIGN = "E301", "E303", "E304"
DAMAGED = frozenset({EMPTY, FOREIGN, "E306", "E315", "E319", "E325"})
"""Refusals after which there may be something to save."""
_INSIDE = frozenset({"E306", "E319", "E325"})
"""Those that speak of what is inside the file, which nobody at a desk understands."""


class _Way(NamedTuple):
    """One way on: its name, its button, and what is told of it."""

    name: str
    button: str
    told: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("Rescue", text)


def may_be_rescued(error: Exception, file: Path) -> bool:
    """Whether a refusal is one of a draft that is damaged or gone.

    Args:
        error: The refusal.
        file: What was to be opened.
    """
    if not isinstance(error, StoreError) or file.suffix.lower() != SUFFIX:
        return False
    return error.code == GONE or (error.code in DAMAGED and file.is_file())


def rescue(parent: QWidget | None, error: StoreError, file: Path, places: Places) -> Path | None:
    """Tell that a draft is damaged or gone, and go on as the clerk likes.

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
    ways: list[_Way] = []
    if copies:
        ways.append(_way_of(copies[0]))
    if salvageable:
        told = _tr("抢救：读出坏文件里还能读的，放进一份新的草稿。")
        ways.append(_Way("salvage", _tr("抢救能读出的内容"), told))
    texts = [*(way.button for way in ways), _tr("取消")]
    what, detail = _explained(error)
    lines = "\n".join([*(way.told for way in ways), *detail])
    chosen = choose_way(parent, _tr("打不开这份草稿"), what, lines, texts)
    way = ways[chosen].name if chosen is not None and chosen < len(ways) else ""
    try:
        if way == "copy":
            return Backups(places.backups).open_as_new(copies[0], Library(places.drafts))
        return _salvaged(parent, file, places) if way == "salvage" else None
    except StoreError as refused:
        show_error(parent, refused)
        return None


def _way_of(copy: Backup) -> _Way:
    """Opening a copy, with what is in it."""
    moment = when_copied(copy, now())
    entry = look_at(copy.path)
    filled = _tr("，{0}").format(progress_text(entry.summary)) if entry is not None and entry.summary else ""
    told = _tr("备份：{0} 的{1}；这以后填的不在里面。").format(moment, filled)
    return _Way("copy", _tr("从自动备份打开（{0}）").format(moment), told)


def _explained(error: StoreError) -> tuple[str, list[str]]:
    """What happened, in words for everybody, and lines that only helpers understand."""
    if error.code not in _INSIDE:
        what, _ = split_remedy(error.message)
        return what, []
    what = _tr("草稿“{0}”已损坏，程序没有改动它。").format(error.values["path"])
    found = error.values.get("detail") or f"{error.values.get('place')} {error.values.get('value')}"
    return what, ["", _tr("（供信息技术人员参考：{0}，{1}）").format(error.code, found)]


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
    return error.code not in {GONE, EMPTY, FOREIGN}


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
