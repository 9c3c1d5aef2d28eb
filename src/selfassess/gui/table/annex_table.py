"""The table with its total row and sideways scroll bar, and what its keys and menus do to the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollBar, QVBoxLayout, QWidget

from selfassess.errors import UserError
from selfassess.gui.table import entering
from selfassess.gui.table.delegate import CellDelegate
from selfassess.gui.table.model import AnnexModel
from selfassess.gui.table.total_bar import TotalBar
from selfassess.gui.table.view import AnnexView

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.domain.entries import Answer


class AnnexTable(QFrame):
    """The annex as on paper, with the total always in sight.

    Signals:
        place_changed: Another line became current: its place.
        said: A sentence for the status line; "" when there is nothing to say any more.

    Args:
        document: The open draft.
        parent: Owner.
    """

    place_changed = Signal(str)
    said = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.model = AnnexModel(document, self)
        self.view = AnnexView(self.model, self)
        self.delegate = CellDelegate(self.view)
        self.view.setItemDelegate(self.delegate)
        self.total_bar = TotalBar(self.view, self)
        self._across = QScrollBar(Qt.Orientation.Horizontal, self)
        self._across.setAccessibleName(self.tr("左右滚动"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.total_bar)
        column.addWidget(self._across)
        self.setFocusProxy(self.view)
        self._tie_scroll_bar()
        self.view.place_changed.connect(self.place_changed)
        self.view.clear_wanted.connect(self.clear)
        self.delegate.said.connect(self.said)

    def clear(self) -> None:
        """Empty the selected cells, as one step of undo."""
        answers: dict[str, Answer] = {}
        for index in self.view.selectionModel().selectedIndexes():
            row, column = index.row(), index.column()
            if not self.model.is_editable(row, column):
                continue
            code = self.model.lines[row].place
            before = answers.get(code, self._document.entries.answer(code))
            indicator = self.model.index_of_form.indicator(code)
            answers[code] = entering.answer_from(self.model.keys[column], "", indicator, before)
        self.put(answers, self.tr("清除 {0} 行").format(len(answers)))

    def put(self, answers: dict[str, Answer], label: str) -> bool:
        """Store answers as one step; a refusal goes to the status line.

        Returns:
            Whether they were stored.
        """
        try:
            if len(answers) == 1:
                for code, answer in answers.items():
                    self._document.put_answer(code, answer)
            elif answers:
                self._document.put_answers(answers, label)
        except UserError as error:
            self.said.emit(str(error))
            return False
        return True

    def _tie_scroll_bar(self) -> None:
        """Qt would put the bar between the last line and the total; it belongs under the total."""
        inner = self.view.horizontalScrollBar()
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.rangeChanged.connect(self._across.setRange)
        inner.rangeChanged.connect(lambda least, most: self._across.setVisible(most > least))
        inner.rangeChanged.connect(lambda *_: self._across.setPageStep(inner.pageStep()))
        inner.valueChanged.connect(self._across.setValue)
        self._across.valueChanged.connect(inner.setValue)
        self._across.setRange(inner.minimum(), inner.maximum())
        self._across.setVisible(inner.maximum() > inner.minimum())
