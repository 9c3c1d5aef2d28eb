"""Shows the manual and the facts about the program; both come from files of the installation."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from pathlib import Path


def _tr(text: str) -> str:
    return QCoreApplication.translate("ManualWindow", text)


class ManualWindow(QDialog):
    """The manual for clerks, beside the form and not over it.

    Args:
        manual: The Markdown file.
        parent: The window it belongs to.
    """

    def __init__(self, manual: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("使用手册"))
        browser = QTextBrowser(self)
        browser.setAccessibleName(self.tr("使用手册"))
        browser.setSearchPaths([str(manual.parent)])
        browser.setOpenExternalLinks(False)
        browser.document().setDocumentMargin(24)
        browser.document().setBaseUrl(QUrl.fromLocalFile(f"{manual.parent}/"))
        if manual.is_file():
            features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
            browser.document().setMarkdown(manual.read_text(encoding="utf-8"), features)
        else:
            browser.setPlainText(self.tr("没有找到手册文件“{0}”。请检查安装是否完整。").format(manual.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(browser)
        self.resize(860, 720)


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
