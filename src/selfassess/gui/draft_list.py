"""The drafts that a list shows, and their words; opens and paints nothing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from selfassess.gui.draft_words import fault_text, notice_text
from selfassess.gui.tips import literal
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.store.glance import LibraryEntry
    from selfassess.store.summary import Summary

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole
_TWO = 2


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
        folder: Of drafts; of one that lies elsewhere it is told where. None: that goes without saying.
    """

    def __init__(
        self, now: datetime, parent: QObject | None = None, *, examples: Container[str] = (), folder: Path | None = None
    ) -> None:
        super().__init__(parent)
        self._examples = examples
        self._folder = folder
        self._entries: tuple[LibraryEntry, ...] = ()
        self._shown: tuple[LibraryEntry, ...] = ()
        self._alike: Counter[tuple[str, str, str]] = Counter()
        self._words_wanted: list[str] = []
        self._now = now

    @property
    def count(self) -> int:
        """How many drafts there are, whether the wanted words are in them or not."""
        return len(self._entries)

    def show_entries(self, entries: Sequence[LibraryEntry], now: datetime) -> None:
        """Lists these drafts instead; examples stand last, below the clerk's own work."""
        self.beginResetModel()
        self._take(entries)
        self._shown = self._wanted()
        self._now = now
        self.endResetModel()

    def show_more(self, entries: Sequence[LibraryEntry], now: datetime) -> bool:
        """Lists these drafts, which are as a rule the same, of which more is known now.

        Args:
            entries: All of them.
            now: The present moment, with its zone.

        Returns:
            Whether each is still in its row; otherwise indexes have lost their meaning.
        """
        before = [entry.path for entry in self._shown]
        self._now = now
        self._take(entries)
        shown = self._wanted()
        if before and [entry.path for entry in shown] == before:
            self._shown = shown
            self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
            return True
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()
        return False

    def show_only(self, text: str) -> None:
        """Lists only drafts in whose line, or name of their file, all these words are.

        Args:
            text: Words between blanks; none: all drafts.
        """
        self.beginResetModel()
        self._words_wanted = _folded(text).split()
        self._shown = self._wanted()
        self.endResetModel()

    def _wanted(self) -> tuple[LibraryEntry, ...]:
        if not self._words_wanted:
            return self._entries
        return tuple(entry for entry in self._entries if all(word in _searched(entry) for word in self._words_wanted))

    def row_of(self, path: Path) -> int | None:
        """The row of a draft, or None."""
        return next((row for row, entry in enumerate(self._shown) if entry.path == path), None)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102  (Qt's contract)
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: D102  (Qt's contract)
        if not index.isValid():
            return None
        entry = self._shown[index.row()]
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
        """What a draft is called: its unit, behind 示例 where it is one; of one not read, the file's name."""
        known = entry.path.stem if entry.is_pending else entry.path.name
        name = unit_text(entry.summary) if entry.summary is not None else known
        return _tr("示例 · {name}").format(name=name) if self.is_example(entry) else name

    def file_text(self, entry: LibraryEntry) -> str:
        """Where a draft lies that lies elsewhere; its file's name where another has the same unit and form; else ""."""
        if self._folder is not None and entry.path.parent != self._folder:
            return _tr("在“{path}”").format(path=entry.path)
        is_alone = entry.summary is None or self._alike[_alike(entry.summary)] < _TWO
        return "" if is_alone else _tr("文件“{name}”").format(name=entry.path.stem)

    def _take(self, entries: Sequence[LibraryEntry]) -> None:
        self._entries = tuple(sorted(entries, key=self.is_example))
        self._alike = Counter(_alike(entry.summary) for entry in entries if entry.summary is not None)

    def _words(self, entry: LibraryEntry) -> str:
        """The whole line for a screen reader."""
        if entry.is_pending:
            return "，".join((self.title(entry), pending_text(entry), self.when(entry)))
        if entry.summary is None:
            return _tr("{name}，打不开：{fault}").format(name=self.title(entry), fault=fault_text(entry))
        found = entry.summary
        parts = (form_text(found), progress_text(found), total_text(found), self.when(entry), notice_text(entry))
        return "，".join(part for part in (self.title(entry), self.file_text(entry), *parts) if part)


def unit_text(summary: Summary) -> str:
    """Name of the unit, or that it is not known yet."""
    return summary.unit or _tr("（还没有填写单位名称）")


def form_text(summary: Summary) -> str:
    """The form, with the year where the title does not begin with it."""
    return summary.title if summary.year in summary.title else f"{summary.year} · {summary.title}"


def pending_text(entry: LibraryEntry) -> str:
    """Of a draft that was not proved yet: nothing of it is told before; of a very large one not before it is open."""
    if entry.notice:
        return notice_text(entry)
    return _tr("内容很多，打开以后才知道填了多少") if entry.identity else _tr("待检查")


def _alike(summary: Summary) -> tuple[str, str, str]:
    return summary.unit, summary.title, summary.year


def progress_words(answered: int, rows: int) -> str:
    """How many rows of how many are filled in."""
    return _tr("已填 {answered}/{rows} 行").format(answered=answered, rows=rows)


def progress_text(summary: Summary) -> str:
    """How far it is filled in."""
    if summary.answered == summary.rows:
        return _tr("{rows} 行已填完").format(rows=summary.rows)
    return progress_words(summary.answered, summary.rows)


def total_text(summary: Summary) -> str:
    """The total, as far as there is one."""
    if summary.total is None or summary.answered == 0:
        return _tr("暂无得分")
    return _tr("{total} 分").format(total=show(summary.total))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _searched(entry: LibraryEntry) -> str:
    found = entry.summary
    return _folded(" ".join((found.unit, found.title, found.year, entry.path.stem) if found else (entry.path.name,)))


def make_list_accessible(view: QWidget) -> None:
    """Names the list for a screen reader."""
    view.setAccessibleName(_tr("我的自评表"))
    view.setAccessibleDescription(_tr("上下键选择，回车打开"))
