"""Makes inputs readable only where a draft is looked at; that nothing is edited the store sees to anyway."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from selfassess.gui.row_panel.controls import Link


def freeze(part: QWidget) -> None:
    """Nothing inside can be changed; texts can still be selected and copied, and links still lead on.

    Args:
        part: Such as the row's panel, with all it shows now.
    """
    for kind in (QLineEdit, QPlainTextEdit):
        for field in part.findChildren(kind):
            field.setReadOnly(True)
            ground = QPalette()
            ground.setColor(QPalette.ColorRole.Base, part.palette().color(QPalette.ColorRole.Window))
            field.setPalette(ground)
    for kind in (QAbstractButton, QComboBox):
        for control in part.findChildren(kind):
            if not isinstance(control, Link):
                control.setEnabled(False)
