"""Loads the forms that are laid out in Qt Designer (ui/*.ui); knows none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from selfassess.gui.labels import Note

if TYPE_CHECKING:
    from pathlib import Path

Child = TypeVar("Child", bound=QWidget)


class FormNote(Note):
    """A note as a form makes it: with its parent alone, its text set afterwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)


def load_form(folder: Path, name: str, parent: QWidget) -> QWidget:
    """Fill a widget with a Designer form.

    Args:
        folder: Where forms lie.
        name: File name without ``.ui``.
        parent: The widget that the form fills; it must have no layout yet.

    Returns:
        The form's own top widget, in which parts are found by name.
    """
    # 10 ms and 2 MB that a window without any form need not pay.
    from PySide6.QtUiTools import QUiLoader  # noqa: PLC0415

    loader = QUiLoader()
    loader.registerCustomWidget(FormNote)
    form = loader.load(str(folder / f"{name}.ui"), parent)
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(form)
    # Texts of the frame around the form are stated in the form.
    parent.setWindowTitle(form.windowTitle())
    return form


def part(form: QWidget, kind: type[Child], name: str) -> Child:
    """A named part of a form.

    Args:
        form: As :func:`load_form` returned it.
        kind: Its class.
        name: Its object name in Designer.

    Raises:
        LookupError: The form has no such part: form and code disagree, which is a bug.
    """
    found = form.findChild(kind, name)
    if found is None:
        raise LookupError(name)
    return found
