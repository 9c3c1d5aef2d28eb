"""The head of the row's panel: which row it is, where its rule comes from, and the whole rule; stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from selfassess.domain.rules import RULE_NAMES
from selfassess.gui.labels import Heading, Note
from selfassess.gui.row_panel.badge import ProvenanceBadge
from selfassess.gui.row_panel.controls import Link
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Category, Indicator


class RowHead(QWidget):
    """Content, code and name, kind and full points, provenance, and the method as printed.

    Signals:
        correction_wanted(): The clerk wants to correct the rules of the row.

    Attributes:
        correct: The link to the rules.
    """

    correction_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._content = Note(parent=self)
        self._title = Heading("", scale=1.15, parent=self)
        self._title.setWordWrap(True)
        self._kind = Note(parent=self)
        self._badge = ProvenanceBadge(self)
        self.correct = Link(self.tr("更正指标体系…"), self)
        self.correct.setToolTip(self.tr("对照原件更正这一行的文字、分值或参数，或标记为已核对"))
        self.correct.clicked.connect(self.correction_wanted)
        self._why = Note(parent=self)
        self._method = QLabel(self)
        self._method.setTextFormat(Qt.TextFormat.PlainText)
        self._method.setWordWrap(True)
        self._method.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._method.setAccessibleName(self.tr("计算方法"))
        self._method.setObjectName("method")
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._badge)
        line.addStretch(1)
        line.addWidget(self.correct)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._content, self._title, self._kind):
            column.addWidget(widget)
        column.addLayout(line)
        column.addWidget(self._why)
        column.addWidget(self._method)

    def show_row(self, category: Category, indicator: Indicator) -> None:
        """Show an indicator of a category."""
        self._content.setText("　›　".join(part for part in (category.heading, indicator.content) if part))
        self._title.setText(f"{indicator.code}　{indicator.name}")
        self._badge.show_source(indicator.source)
        self._kind.setText(
            self.tr("{0} · {1} 分").format(RULE_NAMES[type(indicator.rule)], show(indicator.full_points))
        )
        self._why.setText(indicator.source.why)
        self._method.setText(indicator.method)
        self._show_rule(shown=True)
        self._why.setVisible(bool(indicator.source.why))
        self._method.setVisible(bool(indicator.method))

    def show_texts(self, title: str, content: str) -> None:
        """Show a category, or that no row is chosen: a title and a sentence over it."""
        self._content.setText(content)
        self._title.setText(title)
        self._show_rule(shown=False)

    def _show_rule(self, *, shown: bool) -> None:
        for widget in (self._badge, self._kind, self.correct, self._why, self._method):
            widget.setVisible(shown)
