"""The strip over the table that says that rows are hidden, and how to see them again; filters nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from selfassess.gui.strip import Strip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class FilterStrip(Strip):
    """Shown as long as a filter hides rows.

    Signals:
        all_wanted: Every row shall be shown again.

    Args:
        parent: Owner.
    """

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_button(self.tr("显示全部（Esc）"), self.all_wanted.emit)

    def tell(self, shown: int, hidden: int) -> None:
        """Say how many rows are shown and hidden."""
        self.say(self.tr("筛选后显示 {0} 行，另有 {1} 行没有显示；小计和总分仍按整张表计算。").format(shown, hidden))
