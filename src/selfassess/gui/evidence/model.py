"""The documents of one row as a list: model and painting; asks the document, stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from selfassess.gui.evidence.names import shown_name
from selfassess.gui.evidence.texts import number_of, particulars
from selfassess.gui.item_look import look_of
from selfassess.gui.theme import colours_of
from selfassess.gui.tips import literal

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.store.evidence import Evidence

Index = QModelIndex | QPersistentModelIndex
EVIDENCE_ROLE = Qt.ItemDataRole.UserRole
NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1
_PADDING = 6


class EvidenceModel(QAbstractListModel):
    """The documents of a row.

    The tuple that is shown is held until :meth:`follow`, so that a view never meets half a change.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._code = ""
        self._shown: tuple[Evidence, ...] = ()

    @property
    def code(self) -> str:
        """The row whose documents are listed."""
        return self._code

    def follow(self, code: str) -> None:
        """List what the document holds now.

        Args:
            code: Code of the row.
        """
        wanted = self._document.evidence(code)
        if (code, wanted) == (self._code, self._shown):
            return
        self.beginResetModel()
        self._code, self._shown = code, wanted
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102  (Qt's contract)
        if not index.isValid():
            return None
        evidence = self._shown[index.row()]
        number = number_of(self._code, index.row())
        if role == EVIDENCE_ROLE:
            return evidence
        if role == NUMBER_ROLE:
            return number
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(evidence.name)
        if role == Qt.ItemDataRole.ToolTipRole:
            texts = (f"{number}　{shown_name(evidence.name)}", particulars(evidence))
            return literal("\n".join(text for text in texts if text))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(text for text in (number, shown_name(evidence.name), particulars(evidence)) if text)
        return None


class EvidenceDelegate(QStyledItemDelegate):
    """Paints a document: its number, its name cut in the middle, below them what else is known."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: D102  (Qt's contract)
        metrics = QFontMetrics(look_of(option).font)
        evidence: Evidence = index.data(EVIDENCE_ROLE)
        lines = 2 if particulars(evidence) else 1
        return QSize(metrics.averageCharWidth() * 20, lines * metrics.lineSpacing() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: D102  (Qt's contract)
        look = look_of(option)
        colours = colours_of(look.palette)
        text, quiet = look.palette.color(QPalette.ColorRole.Text), colours.muted
        painter.save()
        if look.selected and look.focused:
            painter.fillRect(look.rect, look.palette.color(QPalette.ColorRole.Highlight))
            text = quiet = look.palette.color(QPalette.ColorRole.HighlightedText)
        elif look.selected:
            painter.fillRect(look.rect, colours.hint_ground)
        elif look.hovered:
            painter.fillRect(look.rect, colours.panel)
        metrics = QFontMetrics(look.font)
        painter.setFont(look.font)
        line = look.rect.adjusted(_PADDING, _PADDING // 2, -_PADDING, 0)
        line.setHeight(metrics.lineSpacing())
        number = str(index.data(NUMBER_ROLE))
        rest = line.adjusted(metrics.horizontalAdvance(number) + 2 * _PADDING, 0, 0, 0)
        painter.setPen(quiet)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, number)
        # From the edge on: a number, a date and pages together need all the room there is.
        _draw(painter, line.translated(0, line.height()), particulars(index.data(EVIDENCE_ROLE)))
        painter.setPen(text)
        _draw(painter, rest, str(index.data()))
        painter.restore()


def _draw(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
