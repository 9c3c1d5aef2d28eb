"""The dialogs that tell, ask or refuse, all of one make; knows no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from selfassess.errors import (
    CatalogueError,
    EvidenceError,
    ExportError,
    FaultListError,
    ImportFormError,
    InputError,
    StoreError,
    UserError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLES: dict[type[UserError], str] = {
    InputError: "输入有误",
    CatalogueError: "指标体系有误",
    ImportFormError: "没有导入",
    EvidenceError: "没有加入",
    StoreError: "草稿",
    ExportError: "没有导出",
}
_REMEDY = "。请"


def _tr(text: str) -> str:
    return QCoreApplication.translate("messages", text)


def title_of(error: UserError) -> str:
    """The window title for a kind of error."""
    return _tr(next((title for kind, title in _TITLES.items() if isinstance(error, kind)), "出错了"))


def split_remedy(text: str) -> tuple[str, str]:
    """What happened, and what to do next.

    Args:
        text: A message whose last sentence usually begins with 请.

    Returns:
        Both parts as whole sentences; the second is "" when there is none.
    """
    what, found, remedy = text.partition(_REMEDY)
    return (f"{what}。", f"{_REMEDY[1:]}{remedy}") if found else (text, "")


def show_error(parent: QWidget | None, error: UserError, *, title: str = "") -> None:
    """Shows a refusal and waits until it was read.

    Args:
        parent: Over which window.
        error: What was refused, and why.
        title: In place of the title that goes with its kind.
    """
    choose_after_error(parent, error, (_tr("知道了"),), title=title)


def choose_after_error(
    parent: QWidget | None, error: UserError, actions: Sequence[str], *, title: str = ""
) -> int | None:
    """Shows a refusal and asks how to go on.

    Args:
        parent: Over which window.
        error: What was refused, and why.
        actions: Texts of the buttons; Enter means the first.
        title: In place of the title that goes with its kind.

    Returns:
        Which button was chosen, counted from 0; Escape means the last one.
    """
    heading = title or title_of(error)
    if isinstance(error, FaultListError) and error.faults:
        from selfassess.gui.fault_list_dialog import FaultListDialog  # noqa: PLC0415  (rare; keeps the start short)

        return _run(FaultListDialog(heading, error, actions, parent))
    what, remedy = split_remedy(error.message)
    box = _box(parent, QMessageBox.Icon.Warning, heading, what, remedy)
    return _choose(box, actions)


def choose_way(parent: QWidget | None, title: str, what: str, ways: str, actions: Sequence[str]) -> int | None:
    """Tells what happened and what can be done, and asks which.

    Args:
        parent: Over which window.
        title: Of the window.
        what: What happened, in one sentence.
        ways: What can be done, a line each.
        actions: Texts of the buttons; Enter means the first.

    Returns:
        Which button was chosen, counted from 0; Escape means the last one.
    """
    return _choose(_box(parent, QMessageBox.Icon.Warning, title, what, ways), actions)


def confirm(parent: QWidget | None, title: str, question: str, *, yes: str, no: str = "取消") -> bool:
    """Asks before something that cannot be undone.

    Args:
        parent: Over which window.
        title: Of the window.
        question: One sentence, or two of which the second begins with 请.
        yes: The button that does it; never the one that Enter means.
        no: The button that leaves everything as it is; Enter, Escape and closing mean it too.
    """
    what, remedy = split_remedy(question)
    box = _box(parent, QMessageBox.Icon.Question, title, what, remedy)
    return _choose(box, (_tr(no), yes), escape=0) == 1


def choose(parent: QWidget | None, title: str, question: str, answers: Sequence[str]) -> int:
    """Asks a question that has several answers.

    Args:
        parent: Over which window.
        title: Of the window.
        question: As of :func:`confirm`.
        answers: The buttons; the first leaves everything as it is: Enter, Escape and closing mean it.

    Returns:
        Which button was chosen, counted from 0.
    """
    what, remedy = split_remedy(question)
    return _choose(_box(parent, QMessageBox.Icon.Question, title, what, remedy), answers, escape=0) or 0


def inform(parent: QWidget | None, title: str, text: str) -> None:
    """Tells that something is done."""
    what, remedy = split_remedy(text)
    _choose(_box(parent, QMessageBox.Icon.Information, title, what, remedy), (_tr("知道了"),))


def _box(parent: QWidget | None, icon: QMessageBox.Icon, title: str, what: str, remedy: str) -> QMessageBox:
    box = QMessageBox(icon, title, what, QMessageBox.StandardButton.NoButton, parent)
    box.setInformativeText(remedy)
    # Messages hold paths and typed text, which must not be taken for markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return box


def _choose(box: QMessageBox, actions: Sequence[str], *, escape: int = -1) -> int | None:
    """Asks; Enter means the first button, Escape and closing the one that is named."""
    buttons = [box.addButton(text, QMessageBox.ButtonRole.ActionRole) for text in actions]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[escape])
    try:
        box.exec()
        clicked = box.clickedButton()
        return next((place for place, button in enumerate(buttons) if button is clicked), None)
    finally:
        box.deleteLater()


def _run(dialog: QDialog) -> int | None:
    try:
        result = dialog.exec()
        return result - 1 if result > 0 else None
    finally:
        dialog.deleteLater()
