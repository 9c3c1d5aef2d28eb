"""另存为: asks where to and has the document write a checked copy; says in words what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from selfassess.errors import StoreError
from selfassess.gui.messages import choose_after_error, inform

if TYPE_CHECKING:
    from selfassess.document import Document

SUFFIX = ".zpb"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Saving", text)


def save_as(parent: QWidget, document: Document, *, switch: bool = False) -> Path | None:
    """Ask for a place and put a copy of the draft there.

    Args:
        parent: The window that asks.
        document: The open draft.
        switch: Go on working in the copy; as a rule the draft stays the one that is worked in.

    Returns:
        The copy; None when there is none.
    """
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    target = _ask(parent, Path(documents or Path.home()) / document.path.name)
    while target is not None:
        try:
            notice = document.save_as(target, switch=switch)
        except StoreError as error:
            choice = choose_after_error(
                parent, error, (_tr("再试一次"), _tr("另选位置…"), _tr("取消")), title=_tr("没有另存")
            )
            if choice == 1:
                target = _ask(parent, target)
            elif choice != 0:
                return None
        else:
            if notice:
                inform(parent, _tr("已另存"), notice)
            return target
    return None


def _ask(parent: QWidget, proposed: Path) -> Path | None:
    name, _ = QFileDialog.getSaveFileName(parent, _tr("另存为"), str(proposed), _tr("自评表草稿 (*.zpb)"))
    if not name:
        return None
    target = Path(name)
    return target if target.suffix.lower() == SUFFIX else target.with_name(target.name + SUFFIX)
