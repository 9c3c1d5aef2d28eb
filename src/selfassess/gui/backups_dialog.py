"""Shows the automatic copies (自动备份) there are, by draft, and lets one be chosen; opens none itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from selfassess.gui.draft_list import when_text
from selfassess.gui.labels import Note
from selfassess.gui.tips import literal
from selfassess.gui.window_sizes import open_at
from selfassess.scoring.numbers import show
from selfassess.store.draft import now
from selfassess.store.glance import look_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from selfassess.store.backups import Backup, DraftBackups

_COPY = Qt.ItemDataRole.UserRole
_ROOMY = 1.45
"""Height of a line, in lines of text; all are as high as the first."""


def when_copied(backup: Backup, moment: datetime) -> str:
    """When a copy was made, as people say it, always with the time of day.

    Args:
        backup: The copy.
        moment: Now.
    """
    text = when_text(backup.at.astimezone(), moment)
    return text if ":" in text else f"{text} {backup.at:%H:%M}"


class BackupsDialog(QDialog):
    """Which copy shall be opened as a new draft; accepted when one was chosen.

    Args:
        drafts: The drafts of which there are copies, the one copied last first.
        parent: Over which window.
    """

    def __init__(self, drafts: Sequence[DraftBackups], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("恢复自动备份"))
        self._tree = QTreeWidget(self)
        self._open = QPushButton(self.tr("打开为新的自评表(&O)"), self)
        self._prepare()
        self._lay_out(bool(drafts))
        self._fill(drafts)
        open_at(self, 54, 26)

    @property
    def backup(self) -> Backup | None:
        """The chosen copy; None when a draft's line or none is chosen."""
        items = self._tree.selectedItems()
        return items[0].data(0, _COPY) if items else None

    @property
    def tree(self) -> QTreeWidget:
        """The list."""
        return self._tree

    def _prepare(self) -> None:
        tree = self._tree
        tree.setAccessibleName(self.tr("自动备份"))
        tree.setHeaderLabels([self.tr("自评表、备份时间"), self.tr("说明")])
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.setUniformRowHeights(True)
        tree.itemSelectionChanged.connect(lambda: self._open.setEnabled(self.backup is not None))
        tree.itemExpanded.connect(self._describe)
        tree.itemDoubleClicked.connect(self._choose)
        self._open.setProperty("primary", True)
        self._open.setDefault(True)
        self._open.setEnabled(False)
        self._open.clicked.connect(self._choose)

    def _lay_out(self, some: bool) -> None:  # noqa: FBT001  (one caller, a few lines above)
        advice = (
            self.tr("选一份备份打开，会成为一份新的自评表；原来的自评表和备份都不变。")
            if some
            else self.tr("还没有自动备份。每天第一次填写、关闭窗口时，程序会自动备份一份。")
        )
        close = QPushButton(self.tr("关闭"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(Note(advice))
        column.addWidget(self._tree, 1)
        column.addLayout(buttons)

    def _fill(self, drafts: Sequence[DraftBackups]) -> None:
        moment = now()
        height = round(self.fontMetrics().lineSpacing() * _ROOMY)
        titles = [self._title(draft) for draft in drafts]
        for number, (draft, title) in enumerate(zip(drafts, titles, strict=True)):
            count = self.tr("{0} 份").format(len(draft.copies))
            # Two files of one draft: only where they lie tells them apart.
            if titles.count(title) > 1 and draft.place:
                count = self.tr("{0}，文件“{1}”").format(count, Path(draft.place).stem)
            top = QTreeWidgetItem(self._tree, [title, count])
            top.setToolTip(0, literal("\n".join(part for part in (title, draft.place) if part)))
            top.setSizeHint(0, QSize(0, height))
            for copy in draft.copies:
                item = QTreeWidgetItem(top, [when_copied(copy, moment)])
                item.setData(0, _COPY, copy)
            top.setExpanded(number == 0)
        first = self._tree.topLevelItem(0)
        if first is not None:
            self._tree.setCurrentItem(first.child(0))

    def _title(self, draft: DraftBackups) -> str:
        summary = draft.newest.summary
        unit = (summary.unit if summary else "") or self.tr("（未填单位）")
        return f"{unit} — {summary.title}" if summary else self.tr("读不出来的备份")

    def _describe(self, top: QTreeWidgetItem) -> None:
        """What is in each copy, looked up when it is first seen."""
        for number in range(top.childCount()):
            item = top.child(number)
            if not item.text(1):
                item.setText(1, self._words(item.data(0, _COPY)))

    def _words(self, copy: Backup) -> str:
        entry = look_at(copy.path)
        if entry is None or entry.summary is None:
            return self.tr("读不出来")
        found = entry.summary
        points = self.tr("没有得分") if found.total is None else self.tr("{0} 分").format(show(found.total))
        words = self.tr("已填 {0}/{1} 行，{2}").format(found.answered, found.rows, points)
        return words if copy.whole else self.tr("{0}，不含佐证材料的文件").format(words)

    def _choose(self, *_clicked: object) -> None:
        if self.backup is not None:
            self.accept()
