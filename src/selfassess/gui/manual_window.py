"""Shows the manual and the facts about the program; both come from files of the installation."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHAPTER = 2
"""Level of the headings that are listed; 1 is the title."""
_MARGIN = 24
"""Pixels around the text."""
_PATIENCE = 150
"""Milliseconds after which pictures are fitted to a new width."""
_TURNING = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ManualWindow", text)


def anchor_of(heading: str) -> str:
    """How links within a page name a heading: lower case, without punctuation, blanks as hyphens."""
    return _NOT_IN_ANCHORS.sub("", heading.strip().lower()).replace(" ", "-")


class ManualPage(QTextBrowser):
    """One page of Markdown whose pictures are never wider than the window, and whose links lead to its headings.

    Args:
        file: The page; pictures are found beside it.
        parent: Owner.
    """

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, QImage] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self._fit_pictures)
        self.setAccessibleName(self.tr("使用手册"))
        self.setOpenLinks(False)
        self.setSearchPaths([str(file.parent)])
        self.document().setDocumentMargin(_MARGIN)
        self.document().setBaseUrl(QUrl.fromLocalFile(f"{file.parent}/"))
        self.anchorClicked.connect(self._follow)
        if file.is_file():
            features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
            self.document().setMarkdown(file.read_text(encoding="utf-8"), features)
            # The cursor stands at the end now, and the window would follow it there.
            self.moveCursor(QTextCursor.MoveOperation.Start)
        else:
            self.setPlainText(self.tr("没有找到手册文件“{0}”。请检查安装是否完整。").format(file.name))

    def chapters(self) -> list[str]:
        """The headings of its chapters, in order."""
        return [block.text() for block, level in self._headings() if level == _CHAPTER]

    def go_to(self, heading: str) -> None:
        """Put a heading at the top of the window.

        Args:
            heading: Its text, or the anchor made from it; what is no heading changes nothing.
        """
        wanted = anchor_of(heading)
        for block, _ in self._headings():
            if anchor_of(block.text()) == wanted:
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - _MARGIN // 2)
                return

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 -- Qt's name
        """Pictures come in the size in which they are shown."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        address = QUrl(name)
        if address.toString() not in self._pictures:
            folder = self.document().baseUrl()
            found = folder.resolved(address)
            # Never one from elsewhere, which on Windows may be another computer.
            self._pictures[address.toString()] = QImage(found.toLocalFile()) if folder.isParentOf(found) else QImage()
        return self._fitted(self._pictures[address.toString()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures, once the size is settled."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._timer.start()

    def _fitted(self, picture: QImage) -> QImage:
        room = self.viewport().width() - 2 * _MARGIN
        if picture.isNull() or room < 1 or picture.width() <= room:
            return picture
        scaled = picture.scaledToWidth(
            round(room * self.devicePixelRatioF()), Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(self.devicePixelRatioF())
        return scaled

    def _fit_pictures(self) -> None:
        document = self.document()
        for name, picture in self._pictures.items():
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), self._fitted(picture))
        document.markContentsDirty(0, document.characterCount())

    def _headings(self) -> Iterator[tuple[QTextBlock, int]]:
        block = self.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if level:
                yield block, level
            block = block.next()

    def _follow(self, link: QUrl) -> None:
        """Only links within the page: the program opens neither browsers nor other files."""
        if link.hasFragment():
            self.go_to(link.fragment())


class ManualWindow(QDialog):
    """The manual for clerks, beside the form and not over it: chapters, a field to search, the page.

    Args:
        manual: The Markdown file.
        parent: The window it belongs to.
    """

    def __init__(self, manual: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("使用手册"))
        self.page = ManualPage(manual, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("查找，回车找下一处"))
        self.search.setAccessibleName(self.tr("在手册中查找"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._find)
        self.chapters = QListWidget(self)
        self.chapters.setAccessibleName(self.tr("各章"))
        self.chapters.setWordWrap(True)
        self.chapters.addItems(self.page.chapters())
        self.chapters.currentTextChanged.connect(self.page.go_to)
        self.chapters.itemClicked.connect(self._go_again)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self._lay_out()
        for typed_at in (self.search, self.page, self.chapters):
            typed_at.installEventFilter(self)
        self.search.setFocus()

    def _lay_out(self) -> None:
        side = QWidget(self)
        left = QVBoxLayout(side)
        left.setContentsMargins(8, 8, 0, 8)
        left.addWidget(self.search)
        left.addWidget(self.chapters, 1)
        close = QPushButton(self.tr("关闭"), side)
        close.setAutoDefault(False)  # Enter in the field finds the next place
        close.clicked.connect(self.close)
        left.addWidget(close)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.addWidget(side)
        across.addWidget(self.page)
        across.setStretchFactor(1, 1)
        across.setChildrenCollapsible(False)
        em = self.fontMetrics().horizontalAdvance("国")
        across.setSizes([em * 17, em * 60])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across)
        open_at(self, 77, 34)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is typed while reading is looked for, and the keys that turn pages turn them from the field as well."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.search and event.key() in _TURNING:
                return QCoreApplication.sendEvent(self.page, event)
            if watched is not self.search and _is_typed(event):
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                self.search.setText(event.text())
                return True
        return super().eventFilter(watched, event)

    def _go_again(self, chapter: QListWidgetItem) -> None:
        """Back to a chapter one has read on from."""
        self.page.go_to(chapter.text())

    def _find(self) -> None:
        """The next place, and after the last the first."""
        text = self.search.text().strip()
        if text and not self.page.find(text):
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(text)


def _is_typed(event: QKeyEvent) -> bool:
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.text().strip()) and event.text().isprintable() and not event.modifiers() & commands


def show_manual(parent: QWidget, manual: Path) -> None:
    """Open the manual, or bring it forward when it is open."""
    window = parent.findChild(ManualWindow)
    if window is None:
        window = ManualWindow(manual, parent)
    window.show()
    window.raise_()
    window.activateWindow()


def show_about(parent: QWidget) -> None:
    """Name, version and what the program does not do."""
    try:
        version = metadata.version("selfassess")
    except metadata.PackageNotFoundError:
        version = _tr("源码")
    box = QMessageBox(QMessageBox.Icon.NoIcon, _tr("关于绩效自评"), _tr("绩效自评 {0}").format(version), parent=parent)
    box.setInformativeText(
        _tr(
            "离线填报预算绩效自评表：逐项得分、小计和总分随填随算，按规范打印附件。\n"
            "所有内容只保存在本机，程序不联网。不得处理涉密信息。\n"
            "MIT 许可；界面与打印字体为 Noto（OFL 许可）。"
        )
    )
    box.addButton(_tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
    try:
        box.exec()
    finally:
        box.deleteLater()
