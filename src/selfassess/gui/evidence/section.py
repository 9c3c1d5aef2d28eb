"""The section of a row's panel for its supporting documents (佐证材料); it asks the document and stores through it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from selfassess.errors import EvidenceError, StoreError, UserError
from selfassess.gui.evidence.model import EVIDENCE_ROLE, NUMBER_ROLE, EvidenceDelegate, EvidenceModel
from selfassess.gui.evidence.names import shown_name
from selfassess.gui.evidence.texts import standing
from selfassess.gui.labels import Heading, Note
from selfassess.gui.row_panel.controls import Link
from selfassess.gui.soon import soon
from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selfassess.document import Document
    from selfassess.domain.catalogue import Indicator
    from selfassess.gui.evidence.copies import Copies
    from selfassess.gui.evidence.taking import Taken
    from selfassess.store.evidence import Evidence

# ruff: noqa: PLC0415 -- what adds, opens and saves is imported when it is first wanted

_MOST_SHOWN = 6
"""Documents that are seen without scrolling."""
_MOST_NAMED = 3
"""Files named one by one in a sentence."""


class EvidenceSection(QWidget):
    """The documents of the current row: listed, added, opened, saved elsewhere, described, removed.

    Signals:
        said: A sentence for the status line.

    Args:
        document: The open draft.
        parent: Owner.
    """

    said = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._indicator: Indicator | None = None
        self._copies: Copies | None = None
        self._folder: Path | None = None
        self._dragged = False
        self.setAcceptDrops(not document.read_only)
        self._model = EvidenceModel(document, self)
        self._standing = Note(parent=self)
        self._standing.setAccessibleName(self.tr("佐证材料状态"))
        self.list = EvidenceList(self._model, self)
        self.list.setItemDelegate(EvidenceDelegate(self.list))
        self.list.setAccessibleName(self.tr("佐证材料"))
        self._hint = Note(self.tr("把文件拖到这里，或点“添加”。"), parent=self)
        self.add_button = QPushButton(self.tr("添加…"), self)
        self.add_button.setAccessibleName(self.tr("添加佐证材料"))
        self.add_button.clicked.connect(self._ask_and_add)
        self._links = [
            self._link(self.tr("打开"), self._open),
            self._link(self.tr("另存为…"), self._save),
            self._link(self.tr("修改…"), self._edit, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter),
            self._link(self.tr("移除"), self._remove, Qt.Key.Key_Delete),
        ]
        self._changing = self._links[2:]
        self.list.doubleClicked.connect(self._open)
        self.list.pasted.connect(self._add_dropped)
        self._lay_out()
        document.evidence_changed.connect(self._refresh)

    def _link(self, text: str, doing: Callable[[], None], *keys: Qt.Key) -> Link:
        """A way to do something with the chosen document: by a click, by its keys, by the list's own menu."""
        action = QAction(text, self.list)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: doing())
        self.list.addAction(action)
        link = Link(text, self)
        link.setAccessibleName(self.tr("{0}佐证材料").format(text.removesuffix("…")))
        link.clicked.connect(lambda _=False: doing())
        return link

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        title = Heading(self.tr("佐证材料"), parent=self)
        title.setBuddy(self.list)
        head.addWidget(title)
        head.addWidget(self._standing, 1)
        head.addWidget(self.add_button)
        links = QHBoxLayout()
        links.setSpacing(6)
        for link in self._links:
            links.addWidget(link)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.list)
        column.addWidget(self._hint)
        column.addLayout(links)

    # --------------------------------------------------------------------------------------------------------- showing

    def show_row(self, indicator: Indicator) -> None:
        """Show the documents of a row as they are now."""
        self._indicator = indicator
        self._refresh(indicator.code)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self.add_button, self.list, *self._links]

    def _refresh(self, code: str) -> None:
        indicator = self._indicator
        if indicator is None or code != indicator.code:
            return
        place = self.list.currentIndex().row() if code == self._model.code else 0
        self._model.follow(code)
        count = self._model.rowCount()
        if count and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(min(max(place, 0), count - 1)))
        text, tone = standing(
            indicator,
            self._document.scorecard.row(code).state,
            count,
            begun=bool(self._document.draft.evidence_counts),
        )
        self._standing.setText(text)
        self._standing.set_level(tone)
        self.list.setVisible(count > 0)
        self._hint.setVisible(count == 0)
        for link in self._links:
            link.setVisible(count > 0 and not (link in self._changing and self._document.read_only))
        self.list.updateGeometry()

    def _chosen(self) -> Evidence | None:
        return self.list.currentIndex().data(EVIDENCE_ROLE)

    # ---------------------------------------------------------------------------------------------------------- adding

    def _ask_and_add(self) -> None:
        from selfassess.gui.file_dialogs import ask_files

        files = ask_files(self.window(), self.tr("添加佐证材料"), self.tr("所有文件 (*)"), self._folder)
        if files:
            self._folder = files[0].parent
            self.add(files)

    def add(self, files: Sequence[Path], refused: Sequence[StoreError] = ()) -> None:
        """Take files in on the row that is shown, and tell which were not taken, and why.

        Args:
            files: In the order of their numbers.
            refused: Why others that came with them are no files.
        """
        from selfassess.gui.evidence.taking import take_in

        if self._indicator is None:
            return
        taken = take_in(self.window(), self._document, self._indicator.code, files)
        if taken.count:
            self.list.setCurrentIndex(self._model.index(self._model.rowCount() - 1))
        # The window was shut for the work, which took the keyboard away.
        (self.list if self._model.rowCount() else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self.said.emit(self._words_of(taken))
        self._tell_refusals(taken, [*refused, *taken.refusals])

    def _words_of(self, taken: Taken) -> str:
        done = self.tr("已加入 {0} 份佐证材料").format(taken.count) if taken.count else self.tr("没有加入佐证材料")
        if not taken.left:
            return f"{done}。"
        more = self.tr("等 {0} 个").format(len(taken.left)) if len(taken.left) > _MOST_NAMED else ""
        names = "、".join(taken.left[:_MOST_NAMED]) + more
        return self.tr("{0}，{1}没有再加。").format(done, names)

    def _tell_refusals(self, taken: Taken, refusals: Sequence[StoreError]) -> None:
        from selfassess.gui.messages import show_error

        if not refusals:
            return
        if len(refusals) == 1 and not taken.left:
            show_error(self.window(), refusals[0], title=self.tr("没有加入"))
            return
        faults = [str(refusal) for refusal in refusals]
        if taken.left:
            faults.append(self._words_of(taken))
        others = self.tr("，其余 {0} 个已加入").format(taken.count) if taken.count else ""
        count = len(refusals) + len(taken.left)
        show_error(self.window(), EvidenceError("E344", faults, count=count, taken=others))

    # ----------------------------------------------------------------------------------------------------- one of them

    def _open(self, *_: object) -> None:
        from selfassess.gui.evidence.copies import Copies, open_copy

        chosen = self._chosen()
        if chosen is None:
            return
        if self._copies is None:
            self._copies = Copies()
            # The window goes with its widgets, and the copies with the window.
            self.destroyed.connect(self._copies.remove)
        number = str(self.list.currentIndex().data(NUMBER_ROLE))
        open_copy(self.window(), self._document, chosen, number, self._copies)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        from selfassess.gui.evidence.copies import save_copy

        chosen = self._chosen()
        target = None if chosen is None else save_copy(self.window(), self._document, chosen)
        if target is not None:
            self.said.emit(self.tr("已另存为“{0}”。").format(target))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self) -> None:
        from selfassess.gui.evidence.dialog import ParticularsDialog

        chosen = self._chosen()
        if chosen is None:
            return
        number = str(self.list.currentIndex().data(NUMBER_ROLE))
        dialog = ParticularsDialog(chosen, number, self._document.put_evidence, self.window())
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            self._document.detach(chosen)
        except UserError as error:
            self.said.emit(str(error))
            return
        self.said.emit(self.tr("已移除“{0}”，按 Ctrl+Z 可以恢复。").format(shown_name(chosen.name)))
        if not self._model.rowCount():
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------------------------------------------------- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome, nothing else is."""
        if event.mimeData().hasUrls():
            self._show_dragged(dragged=True)
            _take_a_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """As if nothing had been."""
        super().dragLeaveEvent(event)
        self._show_dragged(dragged=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files in, when the program they come from has been let go."""
        self._show_dragged(dragged=False)
        _take_a_copy(event)
        urls = event.mimeData().urls()
        soon(self, lambda: self._add_dropped(urls))

    def _add_dropped(self, urls: Sequence[QUrl]) -> None:
        elsewhere = [url.fileName() or url.toDisplayString() for url in urls if not url.isLocalFile()]
        self.add(
            [Path(url.toLocalFile()) for url in urls if url.isLocalFile()],
            [StoreError("E323", path=shown_name(name), detail="它不是这台电脑上的文件") for name in elsewhere],
        )

    def _show_dragged(self, *, dragged: bool) -> None:
        self._dragged = dragged
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where files may be let go."""
        super().paintEvent(event)
        if self._dragged:
            QPainter(self).fillRect(self.rect(), colours_of(self.palette()).hint_ground)


class EvidenceList(QListView):
    """As high as the documents it holds, up to six.

    Signals:
        pasted(list): Files that were copied elsewhere (QUrl) shall be taken in.
    """

    pasted = Signal(list)

    def __init__(self, model: EvidenceModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paste(self) -> None:
        """Take copied files as if they had been dropped."""
        urls = QGuiApplication.clipboard().mimeData().urls()
        if urls:
            self.pasted.emit(urls)

    def sizeHint(self) -> QSize:
        """By its rows."""
        rows = range(min(self.model().rowCount(), _MOST_SHOWN))
        return QSize(200, sum(self.sizeHintForRow(row) for row in rows) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """Never squeezed."""
        return QSize(80, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.updateGeometry()


def _take_a_copy(event: QDropEvent) -> None:
    """A file manager that was told “move” would delete its file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
