"""另存为: asks where to and has the document write a checked copy; says in words what happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, Qt

from selfassess.errors import StoreError
from selfassess.gui.file_dialogs import ask_target, documents_folder, is_folder, with_suffix
from selfassess.gui.messages import choose_after_error, inform
from selfassess.gui.tasks import run_with_progress
from selfassess.paths import DRAFT_SUFFIX
from selfassess.store.place import free_name
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.document import Copying, Document

_AT_ONCE = 8 * 1024 * 1024
"""Up to this many bytes a copy is there before anybody could have read that it is being made."""

_TAKEN = frozenset({"E309", "E318", "E330", "E375"})
"""Refusals because of what lies at the place that was chosen: trying again cannot help."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Saving", text)


def save_as(parent: QWidget, document: Document, *, switch: bool = False, rescue_to: Path | None = None) -> Path | None:
    """Ask for a place and put a copy of the draft there.

    Args:
        parent: The window that asks.
        document: The open draft.
        switch: Go on working in the copy; as a rule the draft stays the one that is worked in.
        rescue_to: Where the draft shall be when its own place takes nothing any more: the folder to begin in.

    Returns:
        The copy; None when there is none.
    """
    target = _ask(parent, _proposed(document.path, rescue_to))
    while target is not None:
        try:
            notice = document.save_as(target, switch=switch, beside=partial(_beside, parent, document, target))
        except CalledOffError:  # a bug, reported already
            return None
        except StoreError as error:
            elsewhere, again = _tr("另选位置…"), _tr("再试一次")
            ways = (elsewhere,) if error.code in _TAKEN else (again, elsewhere)
            choice = choose_after_error(parent, error, (*ways, _tr("取消")), title=_tr("没有另存"))
            way = ways[choice] if choice is not None and choice < len(ways) else ""
            if way == elsewhere:
                target = _ask(parent, target)
            elif way != again:
                return None
        else:
            if notice:
                inform(parent, _tr("已另存"), notice)
            return target
    return None


def _proposed(path: Path, rescue_to: Path | None) -> Path:
    if rescue_to is None or not is_folder(rescue_to):
        return documents_folder() / path.name
    return free_name(rescue_to, path.stem)


def _beside(parent: QWidget, document: Document, target: Path, copying: Copying) -> str:
    """Make the copy of a large draft beside the window, which waits and takes no command meanwhile."""
    if not _is_large(document.path):
        return copying()
    focused = cast("QWidget | None", parent.window().focusWidget())
    label = _tr("正在另存“{0}”…").format(target.name)
    try:
        return run_with_progress(parent, label, lambda _: copying(), may_cancel=False)
    finally:
        # The window was shut for the work, which took the keyboard away.
        if focused is not None:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _AT_ONCE
    except OSError:  # deleted while open, it is copied all the same
        return True


def _ask(parent: QWidget, proposed: Path) -> Path | None:
    target = ask_target(parent, _tr("另存为"), proposed, _tr("自评表草稿 (*.zpb)"))
    return None if target is None else with_suffix(parent, target, DRAFT_SUFFIX)
