"""The list of drafts on the start page: model and painting; opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from selfassess.gui.item_look import ItemLook, look_of
from selfassess.gui.theme import Colours, colours_of
from selfassess.gui.tips import literal
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime
    from pathlib import Path

    from selfassess.store.library import LibraryEntry
    from selfassess.store.summary import Summary

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("DraftList", text)


def when_text(moment: datetime, now: datetime) -> str:
    """A moment as people say it: 今天 10:32, 昨天 17:05, 11月20日 09:10, 2025年3月1日.

    Args:
        moment: With its zone.
        now: With its zone; days are counted in it.
    """
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days == 0:
        return _tr("今天 {time}").format(time=f"{local:%H:%M}")
    if days == 1:
        return _tr("昨天 {time}").format(time=f"{local:%H:%M}")
    if local.year == now.year:
        return _tr("{month}月{day}日 {time}").format(month=local.month, day=local.day, time=f"{local:%H:%M}")
    return _tr("{year}年{month}月{day}日").format(year=local.year, month=local.month, day=local.day)


class DraftListModel(QAbstractListModel):
    """The drafts of a folder as they were when it was last looked at.

    Args:
        now: The present moment, with its zone; kept until the next :meth:`show_entries`.
        parent: Owner.
        examples: Names, without suffix, of drafts that are copies of the program's examples.
    """

    def __init__(self, now: datetime, parent: QObject | None = None, *, examples: Container[str] = ()) -> None:
        super().__init__(parent)
        self._examples = examples
        self._entries: tuple[LibraryEntry, ...] = ()
        self._now = now

    def show_entries(self, entries: Sequence[LibraryEntry], now: datetime) -> None:
        """Lists these drafts instead; examples stand last, below the clerk's own work."""
        self.beginResetModel()
        self._entries = tuple(sorted(entries, key=self.is_example))
        self._now = now
        self.endResetModel()

    def row_of(self, path: Path) -> int | None:
        """The row of a draft, or None."""
        return next((row for row, entry in enumerate(self._entries) if entry.path == path), None)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102  (Qt's contract)
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._words(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal("\n".join(part for part in (entry.fault, entry.notice, str(entry.path)) if part))
        return None

    def when(self, entry: LibraryEntry) -> str:
        """When a draft was last edited, in words."""
        return when_text(entry.summary.saved if entry.summary else entry.modified, self._now)

    def is_example(self, entry: LibraryEntry) -> bool:
        """Whether a draft was made from an example."""
        return entry.path.stem in self._examples

    def title(self, entry: LibraryEntry) -> str:
        """What a draft is called: its unit, behind 示例 where it is one; of a broken one the file's name."""
        name = unit_text(entry.summary) if entry.summary is not None else entry.path.name
        return _tr("示例 · {name}").format(name=name) if self.is_example(entry) else name

    def _words(self, entry: LibraryEntry) -> str:
        """The whole line for a screen reader."""
        if entry.summary is None:
            return _tr("{name}，打不开：{fault}").format(name=self.title(entry), fault=entry.fault)
        found = entry.summary
        parts = (self.title(entry), form_text(found), progress_text(found), total_text(found), self.when(entry))
        return "，".join((*parts, entry.notice) if entry.notice else parts)


def unit_text(summary: Summary) -> str:
    """Name of the unit, or that it is not known yet."""
    return summary.unit or _tr("（还没有填写单位名称）")


def form_text(summary: Summary) -> str:
    """The form, with the year where the title does not begin with it."""
    return summary.title if summary.year in summary.title else f"{summary.year} · {summary.title}"


def progress_text(summary: Summary) -> str:
    """How far it is filled in."""
    if summary.answered == summary.rows:
        return _tr("{rows} 行已填完").format(rows=summary.rows)
    return _tr("已填 {answered}/{rows} 行").format(answered=summary.answered, rows=summary.rows)


def total_text(summary: Summary) -> str:
    """The total, as far as there is one."""
    if summary.total is None or summary.answered == 0:
        return _tr("暂无得分")
    return _tr("{total} 分").format(total=show(summary.total))


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
        if entry.summary is None:
            card.broken(model.title(entry), _after_name(entry.fault, entry))
        else:
            card.draft(model.title(entry), entry.summary, model.when(entry), _after_name(entry.notice, entry))
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

    def draft(self, title: str, summary: Summary, when: str, notice: str) -> None:
        right = self._right(summary, when)
        left = QRect(self._inner)
        left.setRight(right - self._line)
        top, bottom = self._lines(left)
        self._text(top, title, bold=True, muted=not summary.unit)
        if notice:
            self._text(bottom, notice, colour_of_notice=True)
        else:
            self._text(bottom, form_text(summary), muted=True)

    def broken(self, name: str, fault: str) -> None:
        top, bottom = self._lines(self._inner)
        self._text(top, name, bold=True)
        self._painter.setPen(self._colours.error)
        self._painter.setFont(self._look.font)
        metrics = QFontMetrics(self._look.font)
        self._painter.drawText(bottom, Qt.AlignmentFlag.AlignVCenter, _elided(metrics, fault, bottom.width()))

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
        width = max(
            metrics.horizontalAdvance(_tr("已填 {answered}/{rows} 行").format(answered=888, rows=888)), 8 * self._line
        )
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
    ) -> None:
        font = QFont(self._look.font)
        font.setBold(bold)
        colour = self._colours.muted if muted else self._look.palette.color(QPalette.ColorRole.Text)
        self._painter.setPen(self._colours.verify if colour_of_notice else colour)
        self._painter.setFont(font)
        shown = _elided(QFontMetrics(font), text, rect.width())
        self._painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)


def _after_name(text: str, entry: LibraryEntry) -> str:
    """A message without the file's name at its beginning: the card shows it already."""
    for name in (str(entry.path), entry.path.name):
        for start in (f"草稿“{name}”", f"“{name}”"):
            text = text.removeprefix(start)
    return text


def _elided(metrics: QFontMetrics, text: str, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def make_list_accessible(view: QWidget) -> None:
    """Names the list for a screen reader."""
    view.setAccessibleName(_tr("我的自评表"))
    view.setAccessibleDescription(_tr("上下键选择，回车打开"))
