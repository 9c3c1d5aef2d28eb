"""What is said and asked when an open draft's file is not its own any more; imported when that has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.gui.messages import choose
from selfassess.store.watch import ARRIVED, FOREIGN, REPLACED, UNKNOWN, WRECKED, WRITTEN
from selfassess.store.words import short

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.errors import StoreError
    from selfassess.store.draft import Draft

_LEAVE = 2
"""The last of the answers."""
_SHORT = {
    "E313": "“{0}”不在原处了，现在填的存不进去。放回原处或插回U盘，会自动再存；或者另存到别处。",
    REPLACED: "“{0}”被换成了另一个文件，现在填的存不进去。请另存到别处，再合并。",
    WRITTEN: "“{0}”被另一处写入过，现在填的存不进去。请另存到别处，再合并。",
    WRECKED: "“{0}”被别的程序改坏了，现在填的存不进去。请另存到别处。",
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("LostFile", text)


def may_close(window: QWidget, trouble: StoreError, draft: Draft, unstored: str, save: Callable[[], bool]) -> bool:
    """Whether the window may be closed although what it shows may be nowhere else.

    Args:
        window: Over which the question stands.
        trouble: Why, as :attr:`Draft.trouble` tells it.
        draft: The draft.
        unstored: Where texts stand that were never stored, in words; "" when there are none.
        save: Saves all of it elsewhere, and tells whether the window may be closed then.
    """
    if is_pulled_out(trouble, draft):
        title, question = _of_a_stick(unstored)
    else:
        title, question = _question(trouble.code)
        question += _tr("其中{0}没有保存过，另存时会一并存入。").format(unstored) if unstored else ""
    is_kept = is_pulled_out(trouble, draft) and not unstored
    return ask_to_close(window, title, question.format(draft.path.name), save, is_kept=is_kept)


def ask_to_close(
    window: QWidget, title: str, question: str, save: Callable[[], bool], *, is_kept: bool = False
) -> bool:
    """Whether a window may be closed; saving elsewhere is one of the answers.

    Args:
        window: Over which the question stands.
        title: Of the question.
        question: As of :func:`confirm`.
        save: As of :func:`may_close`.
        is_kept: Nothing would be lost.
    """
    leave = _tr("关闭") if is_kept else _tr("不保存，关闭")
    chosen = choose(window, title, question, (_tr("不关闭"), _tr("另存为…"), leave))
    return save() if chosen == 1 else chosen == _LEAVE


def is_pulled_out(trouble: StoreError, draft: Draft) -> bool:
    """Whether the file is gone together with the stick or disk on which it lies.

    Args:
        trouble: As of :func:`may_close`.
        draft: The draft.
    """
    return trouble.code == "E313" and draft.is_out_of_reach


def _of_a_stick(unstored: str) -> tuple[str, str]:
    """Title and text."""
    title = _tr("U盘或磁盘已断开")
    if not unstored:
        return title, _tr(
            "草稿“{0}”所在的U盘或磁盘已断开。填过的内容都已保存在那上面，现在关闭，一处也不会丢。"
            "请插回以后再打开，或者用“另存为”存到别处接着填。"
        )
    kept = (
        _tr("草稿“{0}”所在的U盘或磁盘已断开，%s没有保存，现在关闭，这些就没有了；其余内容都已保存在那上面。") % unstored
    )
    return title, kept + _tr("请先插回U盘，程序会自动再存；或者用“另存为”存到别处，这些内容会一并存入。")


def _question(code: str) -> tuple[str, str]:
    """Title and text."""
    if code == "E313":
        return _tr("草稿不在了"), _tr(
            "草稿“{0}”已不在原处（可能被删除、改名或移走），现在关闭，窗口里的内容可能就没有了。"
            "请先不要关闭：用“另存为”存到别处。"
        )
    if code == "E314":
        return _tr("草稿被替换"), _tr(
            "草稿“{0}”在打开期间被另一个文件替换（可能是同步软件，也可能插回的U盘上已不是刚才的内容），现在关闭，这个窗口里填的内容可能就没有了。"
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


def cause_and_remedy(refusal: StoreError | None) -> tuple[str, str]:
    """Why a disk took nothing, and what helps: words that fit behind 因为, and before 后再试.

    Args:
        refusal: Of the last edit; None when it is not known.
    """
    code = "" if refusal is None else refusal.code
    if code == "E312":
        return _tr("磁盘已满"), _tr("清理磁盘")
    if code == "E308":
        return _tr("别的程序占用了文件"), _tr("关闭可能打开它的窗口或同步、杀毒软件")
    if code in {"E310", "E311", "E322"}:
        return _tr("文件或文件夹不让写"), _tr("取消“只读”")
    return _tr("磁盘或U盘没有接受"), _tr("检查U盘或磁盘的连接")


def in_short(trouble: StoreError, draft: Draft, *, is_over: bool = False) -> str:
    """One line for the strip over the table; "" for what is about no place on a disk.

    Args:
        trouble: Why nothing can be stored, or why the last edit was not.
        draft: The draft.
        is_over: The file is its own again, and only what was refused meanwhile is not stored.
    """
    if trouble.code == ARRIVED:  # what is shown is stored
        return ""
    if is_over and trouble.code in {"E313", *FOREIGN}:
        return _tr("刚才填的没有存上；文件已恢复，打好的字程序会自动再存，点选的请再点一次。")
    if is_pulled_out(trouble, draft):
        return _tr("U盘或磁盘已断开，现在填的存不进去。插回后会自己恢复，或者另存到别处。")
    if trouble.code == UNKNOWN:
        return _tr("磁盘出错，不能确定刚才填的是否存上了。请另存到别处，再核对。")
    if trouble.code in _SHORT:
        return _tr(_SHORT[trouble.code]).format(short(draft.path.name))
    cause, remedy = cause_and_remedy(trouble)
    return _tr("{0}，刚才填的没有存上。请{1}，打好的字程序会自动再存；或者另存到别处。").format(cause, remedy)


def while_open(trouble: StoreError, path: Path) -> str:
    """A whole sentence, although nobody edits.

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
