"""Paints one draft of a list as a card of two lines; knows no files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from selfassess.gui.draft_list import ENTRY_ROLE, form_text, pending_text, progress_text, progress_words, total_text
from selfassess.gui.draft_words import fault_text, notice_text
from selfassess.gui.item_look import ItemLook, look_of
from selfassess.gui.theme import Colours, colours_of

if TYPE_CHECKING:
    from selfassess.gui.draft_list import DraftListModel
    from selfassess.store.glance import LibraryEntry
    from selfassess.store.summary import Summary

Index = QModelIndex | QPersistentModelIndex


class DraftDelegate(QStyledItemDelegate):
    """Paints one draft as two lines, with its progress, total and last edit on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: D102  (Qt's contract)
        metrics = QFontMetrics(look_of(option).font)
        return QSize(metrics.averageCharWidth() * 44, round(metrics.lineSpacing() * 3.4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: D102  (Qt's contract)
        entry = cast("LibraryEntry", index.data(ENTRY_ROLE))
        model = cast("DraftListModel", index.model())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = _Card(painter, look_of(option))
        card.ground()
        if entry.is_pending:
            card.pending(model.title(entry), pending_text(entry), model.when(entry))
        elif entry.summary is None:
            card.broken(model.title(entry), fault_text(entry))
        else:
            names = model.title(entry), model.file_text(entry)
            card.draft(names, entry.summary, model.when(entry), notice_text(entry))
        painter.restore()


class _Card:
    """Paints within one item; alive for one call."""

    def __init__(self, painter: QPainter, look: ItemLook) -> None:
        self._painter = painter
        self._look = look
        self._colours: Colours = colours_of(look.palette)
        self._line = QFontMetrics(look.font).lineSpacing()
        self._outer = look.rect.adjusted(1, 2, -2, -2)
        self._inner = self._outer.adjusted(self._line, 0, -self._line, 0)

    def ground(self) -> None:
        ground = self._look.palette.color(QPalette.ColorRole.Base)
        border = self._colours.border
        if self._look.selected or self._look.hovered:
            ground = self._colours.hint_ground if self._look.selected else self._colours.panel
        if self._look.selected and self._look.focused:
            border = self._colours.accent
        self._painter.setBrush(ground)
        self._painter.setPen(border)
        self._painter.drawRoundedRect(QRectF(self._outer).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def draft(self, names: tuple[str, str], summary: Summary, when: str, notice: str) -> None:
        right = self._right(summary, when)
        left = QRect(self._inner)
        left.setRight(right - self._line)
        top, bottom = self._lines(left)
        title, file = names
        top.setLeft(self._text(top, title, bold=True, muted=not summary.unit))
        # What tells the names of two files apart stands at their ends.
        self._text(top, file, muted=True, elide=Qt.TextElideMode.ElideMiddle)
        if notice:
            bottom.setLeft(self._text(bottom, notice, colour_of_notice=True))
        self._text(bottom, form_text(summary), muted=True)

    def pending(self, title: str, words: str, when: str) -> None:
        left = QRect(self._inner)
        left.setRight(left.right() - QFontMetrics(self._look.font).horizontalAdvance(when) - self._line)
        top, bottom = self._lines(left)
        self._text(top, title, bold=True, muted=True)
        self._text(bottom, words, muted=True)
        self._text(self._lines(self._inner)[1], when, muted=True, align=Qt.AlignmentFlag.AlignRight)

    def broken(self, name: str, fault: str) -> None:
        top, bottom = self._lines(self._inner)
        self._text(top, name, bold=True)
        self._painter.setPen(self._colours.error)
        self._painter.setFont(self._look.font)
        metrics = QFontMetrics(self._look.font)
        self._painter.drawText(
            bottom,
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(fault, Qt.TextElideMode.ElideRight, bottom.width()),
        )

    def _right(self, summary: Summary, when: str) -> int:
        """Total and last edit in one column, progress in another; returns where they begin."""
        metrics = QFontMetrics(self._look.font)
        column = max(metrics.horizontalAdvance(text) for text in (when, "12月30日 00:00", total_text(summary)))
        block = QRect(self._inner)
        block.setLeft(block.right() - column)
        top, bottom = self._lines(block)
        align = Qt.AlignmentFlag.AlignRight
        self._text(top, total_text(summary), bold=True, align=align)
        self._text(bottom, when, muted=True, align=align)
        return self._progress(summary, block.left() - 2 * self._line)

    def _progress(self, summary: Summary, right: int) -> int:
        metrics = QFontMetrics(self._look.font)
        text = progress_text(summary)
        width = max(metrics.horizontalAdvance(progress_words(888, 888)), 8 * self._line)
        block = QRect(right - width, self._inner.top(), width, self._inner.height())
        top, bottom = self._lines(block)
        height = max(4, self._line // 3)
        bar = QRectF(top.left(), top.center().y() - height / 2, top.width(), height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._colours.border)
        self._painter.drawRoundedRect(bar, height / 2, height / 2)
        share = summary.answered / summary.rows if summary.rows else 0
        if share:
            done = summary.answered == summary.rows
            self._painter.setBrush(self._colours.ok if done else self._colours.accent)
            bar.setWidth(max(height, bar.width() * share))
            self._painter.drawRoundedRect(bar, height / 2, height / 2)
        self._text(bottom, text, muted=True)
        return block.left()

    def _lines(self, block: QRect) -> tuple[QRect, QRect]:
        gap = max(2, self._line // 5)
        top = block.top() + (block.height() - 2 * self._line - gap) // 2
        return (
            QRect(block.left(), top, block.width(), self._line),
            QRect(block.left(), top + self._line + gap, block.width(), self._line),
        )

    def _text(
        self,
        rect: QRect,
        text: str,
        *,
        bold: bool = False,
        muted: bool = False,
        colour_of_notice: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> int:
        """Paints one line, and tells where another may go on behind it; nothing where there is hardly room."""
        if not text or rect.width() < self._line:
            return rect.left()
        font = QFont(self._look.font)
        font.setBold(bold)
        colour = self._colours.muted if muted else self._look.palette.color(QPalette.ColorRole.Text)
        self._painter.setPen(self._colours.verify if colour_of_notice else colour)
        self._painter.setFont(font)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, elide, rect.width())
        self._painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)
        return rect.left() + metrics.horizontalAdvance(shown) + self._line
