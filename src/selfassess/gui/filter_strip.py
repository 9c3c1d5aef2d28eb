"""The strip over the table that says that rows are hidden, and how to see them again; filters nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from selfassess.gui.theme import colours_of


class FilterStrip(QWidget):
    """Shown as long as a filter hides rows.

    Signals:
        all_wanted: Every row shall be shown again.

    Args:
        parent: Owner.
    """

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = QLabel(self)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        # A narrow window must not be held open by a sentence.
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        everything = QPushButton(self.tr("显示全部（Esc）"), self)
        everything.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        everything.clicked.connect(self.all_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self._said, 1)
        row.addWidget(everything)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def tell(self, shown: int, hidden: int) -> None:
        """Say how many rows are shown and hidden."""
        text = self.tr("筛选后显示 {0} 行，另有 {1} 行没有显示；小计和总分仍按整张表计算。").format(shown, hidden)
        self._said.setText(text)
        self._said.setToolTip(text)
        self.setAccessibleName(text)

    def said(self) -> str:
        """What it says."""
        return self._said.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the colour of what is to be noticed."""
        colours = colours_of(QApplication.palette())
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.verify_ground)
        painter.setPen(colours.verify)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
