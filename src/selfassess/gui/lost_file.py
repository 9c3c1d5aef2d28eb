"""What is said and asked when an open draft's file is not its own any more; imported when that has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.gui.messages import confirm

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.errors import StoreError
    from selfassess.store.draft import Draft


def _tr(text: str) -> str:
    return QCoreApplication.translate("LostFile", text)


def may_close(window: QWidget, draft: Draft) -> bool:
    """Whether the window may be closed although what it shows may be nowhere else.

    Args:
        window: Over which the question stands.
        draft: What it shows.
    """
    title, question = _question(draft.loss)
    return confirm(window, title, question.format(draft.path.name), yes=_tr("不保存，关闭"), no=_tr("不关闭"))


def _question(loss: str) -> tuple[str, str]:
    """Title and text.

    Args:
        loss: As :attr:`Draft.loss` tells it.
    """
    if loss == "E313":
        return _tr("草稿不在了"), _tr(
            "草稿“{0}”已不在原处（可能被删除、改名，或U盘已拔出），现在关闭，窗口里的内容就没有了。"
            "请先不要关闭：用“另存为”存到别处。"
        )
    if loss == "E314":
        return _tr("草稿被替换"), _tr(
            "草稿“{0}”在打开期间被另一个文件替换（可能是同步软件），现在关闭，这个窗口里填的内容可能就没有了。"
            "请先不要关闭：用“另存为”存到别处，再与现在的文件比较、合并。"
        )
    if loss == "E374":
        return _tr("草稿被另一处写入"), _tr(
            "草稿“{0}”被另一处写入过，现在关闭，这个窗口里填的内容可能就没有了。"
            "请先不要关闭：用“另存为”存到别处，再与原来的文件比较、合并。"
        )
    if loss == "E379":
        return _tr("草稿被改坏"), _tr(
            "草稿“{0}”在打开期间被别的程序改坏了，现在关闭，窗口里的内容可能就没有了。请先不要关闭：用“另存为”存到别处。"
        )
    return _tr("草稿读不出来"), _tr(
        "草稿“{0}”所在的磁盘或U盘出错，暂时读不出来，现在关闭，窗口里的内容可能就没有了。"
        "请先不要关闭：检查设备连接，或用“另存为”存到别处。"
    )


def while_open(error: StoreError, path: Path) -> str:
    """A sentence for the status line, although nobody edits.

    Args:
        error: Why nothing can be stored.
        path: The draft.
    """
    _, question = _question(error.code)
    what, _, remedy = question.partition(_tr("现在关闭，"))
    return _tr("{0}现在填写的内容存不进去。请{1}").format(what.format(path.name), remedy.rpartition(_tr("："))[2])
