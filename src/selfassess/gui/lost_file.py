"""What is said and asked when an open draft's file is not its own any more; imported when that has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.gui.messages import confirm
from selfassess.store.watch import WRECKED, WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.errors import StoreError


def _tr(text: str) -> str:
    return QCoreApplication.translate("LostFile", text)


def may_close(window: QWidget, trouble: StoreError, path: Path, unstored: str) -> bool:
    """Whether the window may be closed although what it shows may be nowhere else.

    Args:
        window: Over which the question stands.
        trouble: Why, as :attr:`Draft.trouble` tells it.
        path: The draft.
        unstored: Where texts stand that were never stored, in words; "" when there are none.
    """
    title, question = _question(trouble.code)
    asked = question.format(path.name)
    if unstored:
        asked += _tr("其中{0}没有保存过，另存时会一并存入。").format(unstored)
    return confirm(window, title, asked, yes=_tr("不保存，关闭"), no=_tr("不关闭"))


def _question(code: str) -> tuple[str, str]:
    """Title and text."""
    if code == "E313":
        return _tr("草稿不在了"), _tr(
            "草稿“{0}”已不在原处（可能被删除、改名，或U盘已拔出），现在关闭，窗口里的内容就没有了。"
            "请先不要关闭：用“另存为”存到别处。"
        )
    if code == "E314":
        return _tr("草稿被替换"), _tr(
            "草稿“{0}”在打开期间被另一个文件替换（可能是同步软件），现在关闭，这个窗口里填的内容可能就没有了。"
            "请先不要关闭：用“另存为”存到别处，再与现在的文件比较、合并。"
        )
    if code == WRITTEN:
        return _tr("草稿被另一处写入"), _tr(
            "草稿“{0}”被另一处写入过，现在关闭，这个窗口里填的内容可能就没有了。"
            "请先不要关闭：用“另存为”存到别处，再与原来的文件比较、合并。"
        )
    if code == WRECKED:
        return _tr("草稿被改坏"), _tr(
            "草稿“{0}”在打开期间被别的程序改坏了，现在关闭，窗口里的内容可能就没有了。请先不要关闭：用“另存为”存到别处。"
        )
    return _tr("草稿读不出来"), _tr(
        "草稿“{0}”所在的磁盘或U盘出错，暂时读不出来，现在关闭，窗口里的内容可能就没有了。"
        "请先不要关闭：检查设备连接，或用“另存为”存到别处。"
    )


def while_open(trouble: StoreError, path: Path) -> str:
    """A sentence for the status line, although nobody edits.

    Args:
        trouble: Why nothing can be stored.
        path: The draft.
    """
    sentences = {
        "E313": _tr(
            "草稿“{0}”已不在原处（可能被删除、改名，或U盘已拔出），现在填写的内容存不进去。请用“另存为”存到别处。"
        ),
        "E314": _tr(
            "草稿“{0}”在打开期间被另一个文件替换（可能是同步软件），现在填写的内容存不进去。"
            "请用“另存为”存到别处，再与现在的文件比较、合并。"
        ),
        WRITTEN: _tr(
            "草稿“{0}”被另一处写入过，现在填写的内容存不进去。请用“另存为”存到别处，再与原来的文件比较、合并。"
        ),
        WRECKED: _tr("草稿“{0}”在打开期间被别的程序改坏了，现在填写的内容存不进去。请用“另存为”存到别处。"),
    }
    sentence = sentences.get(trouble.code)
    return str(trouble) if sentence is None else sentence.format(path.name)
