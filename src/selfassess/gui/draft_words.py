"""What is wrong with a draft of a list, or to be known of it, in words short enough for its line; finds nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from selfassess.store.glance import LibraryEntry

_FAULTS = {
    "E303": "空文件，里面什么也没有；有备份的，双击可以打开备份",
    "E304": "不是本程序的草稿，或者已损坏；双击看看能不能抢救",
    "E306": "已损坏，双击可以从备份打开或者抢救",
    "E319": "已损坏，双击可以从备份打开或者抢救",
    "E325": "已损坏，双击可以从备份打开或者抢救",
}
"""By the code of the refusal; all others are told as they are."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("DraftWords", text)


def fault_text(entry: LibraryEntry) -> str:
    """Why a draft cannot be read, and what a double click leads to."""
    return _tr(_FAULTS[entry.fault_code]) if entry.fault_code in _FAULTS else _after_name(entry.fault, entry)


def notice_text(entry: LibraryEntry) -> str:
    """What to know before a draft is opened; "" as a rule."""
    owner = entry.owner
    if entry.notice_code == "E334" and owner is not None:
        if owner.is_this_process:
            return _tr("已在另一个窗口打开，双击转到那里")
        if owner.is_own_user:
            return _tr("已在本机另一个窗口打开")
        return _tr("正由{owner}打开").format(owner=owner.plainly)
    if entry.notice_code == "E333":
        return _tr("上次没有正常关闭，打开时自动恢复")
    if entry.notice_code == "E378":
        return _tr("有 {count} 个副本，打开一份，用“比较与合并”合成一份").format(count=entry.copies)
    return _after_name(entry.notice, entry)


def _after_name(text: str, entry: LibraryEntry) -> str:
    """A message without the file's name at its beginning: the list shows it already."""
    for name in (str(entry.path), entry.path.name):
        for start in (f"草稿“{name}”", f"“{name}”"):
            text = text.removeprefix(start)
    return text
