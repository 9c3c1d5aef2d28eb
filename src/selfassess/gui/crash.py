"""The last resort: a bug becomes one dialog with a report that holds nothing of the form; the draft is on disk."""

from __future__ import annotations

import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from selfassess import __version__
from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from types import TracebackType

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_DIGITS = re.compile(r"\d")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_HOME = re.compile(r'File ".*?([^/\\]+[/\\][^/\\]+)"')


def report_of(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """The report of a bug, fit to be handed to strangers.

    Error texts can quote what somebody typed, so quoted parts, digits and Chinese are masked; folders are left out.

    Args:
        kind: Class of the error.
        error: The error.
        trace: Where it happened.
    """
    import platform  # noqa: PLC0415  (nobody should need it)

    masked = _NOT_ASCII.sub("□", _DIGITS.sub("#", _QUOTED.sub("'…'", str(error))))
    lines = [_HOME.sub(r'File "\1"', line) for line in traceback.format_tb(trace)]
    versions = f"selfassess {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{versions}\n{''.join(lines)}{kind.__name__}: {masked}\n"


class CrashDialog(QDialog):
    """Says that something went wrong, that nothing entered is lost, and offers the report.

    Signals:
        close_wanted(): The user wants to leave the program.
    """

    close_wanted = Signal()

    def __init__(self, report: str) -> None:
        # Without an owner: the window that was in front may be the one that breaks down.
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle(self.tr("程序出错了"))
        heading = QLabel(
            self.tr(
                "刚才的操作没有完成，这是程序的错误。已经填写的内容都保存在草稿里，没有丢失。\n"
                "请把下面的报告复制给维护人员；报告里没有填报的内容。"
            )
        )
        heading.setWordWrap(True)
        self._report = QPlainTextEdit(report)
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        self._report.setAccessibleName(self.tr("错误报告"))
        self._report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(self._report, 1)
        layout.addLayout(self._buttons())
        open_at(self, 52, 20)

    def add(self, report: str) -> None:
        """Appends one more report while the dialog is open."""
        self._report.appendPlainText(report)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        copy = QPushButton(self.tr("复制报告"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report.toPlainText()))
        leave = QPushButton(self.tr("关闭程序"))
        leave.clicked.connect(self.close_wanted)
        stay = QPushButton(self.tr("继续使用"))
        stay.clicked.connect(self.close)
        stay.setDefault(True)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(stay)
        return row


class CrashHook(QObject):
    """Catches what nobody caught, in every thread, and shows it in the window's thread.

    Signals:
        _caught(str): A report, on its way from any thread.
    """

    _caught = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._dialog: CrashDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on every unhandled error comes here."""
        sys.excepthook = self._hook
        threading.excepthook = lambda thread: self._hook(
            thread.exc_type, thread.exc_value or thread.exc_type(), thread.exc_traceback
        )

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # The terminal, where there is one, gets it whole: whoever starts the program there is mending it.
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            self._app.quit()
            return
        self._caught.emit(report_of(kind, error, trace))

    def _show(self, report: str) -> None:
        if self._dialog is not None:
            self._dialog.add(report)
            return
        self._dialog = CrashDialog(report)
        self._dialog.close_wanted.connect(self._app.quit)
        self._dialog.destroyed.connect(self._forget)
        self._dialog.open()

    def _forget(self) -> None:
        self._dialog = None
