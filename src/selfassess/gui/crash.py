"""The last resort: a bug becomes one dialog with a report that holds nothing of the form; the draft is on disk."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from selfassess.gui.labels import Note
from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from types import TracebackType

_MOST_REPORTS = 10
"""Different reports that one dialog holds; a program that breaks down everywhere would only fill the memory."""
_CALM_S = 2.0
"""Seconds without a bug after which its next occurrence is something new, such as the same click once more."""


class CrashDialog(QDialog):
    """Says that something went wrong, that nothing entered is lost, and offers the report.

    Signals:
        close_wanted(): The user wants to leave the program.
    """

    close_wanted = Signal()

    def __init__(self, report: str) -> None:
        # Without an owner: the window that was in front may be the one that breaks down.
        super().__init__()
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle(self.tr("程序出错了"))
        heading = QLabel(
            self.tr(
                "刚才的操作没有完成，这是程序的错误。状态栏显示过“已保存”的内容都在草稿里，没有丢失。\n"
                "请把下面的报告复制给维护人员；报告里没有填报的内容。"
            )
        )
        heading.setWordWrap(True)
        self._reports: list[str] = []
        self._further = 0
        self._note = Note(parent=self)
        self._note.hide()
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        self._report.setAccessibleName(self.tr("错误报告"))
        self._report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(self._report, 1)
        layout.addWidget(self._note)
        layout.addLayout(self._buttons())
        self.add(report)
        open_at(self, 52, 20)

    def add(self, report: str) -> None:
        """Appends one more report; one that is there already is only counted."""
        if report in self._reports or len(self._reports) == _MOST_REPORTS:
            self._further += 1
            self._note.setText(
                self.tr("这期间又出错 {0} 次。老是出错时，请点“关闭程序”，再打开。").format(self._further)
            )
            self._note.show()
            return
        self._reports.append(report)
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

    A bug that goes on by itself, in a timer or while painting, is shown once: closing the dialog leads back to work.

    Signals:
        _caught(str): A report, on its way from any thread.
    """

    _caught = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._dialog: CrashDialog | None = None
        self._closed: CrashDialog | None = None
        self._last: dict[str, float] = {}
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on every unhandled error comes here."""
        sys.excepthook = self._hook
        sys.unraisablehook = lambda one: self._hook(
            one.exc_type, one.exc_value or one.exc_type(), one.exc_traceback
        )  # of what breaks while it is thrown away
        threading.excepthook = lambda thread: self._hook(
            thread.exc_type, thread.exc_value or thread.exc_type(), thread.exc_traceback
        )

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._app.quit()
            return
        try:
            from selfassess.gui.crash_report import report_of  # noqa: PLC0415  (nobody should need it)

            report = report_of(kind, error, trace)
        except Exception:  # noqa: BLE001  (the very bug once more, no memory, a stick that was pulled out)
            report = f"{kind.__name__}\n"
        with contextlib.suppress(RuntimeError):  # the program has ended already
            if threading.current_thread() is threading.main_thread():
                # What breaks may be the closing of the last window, with which the program would end.
                self._app.setQuitOnLastWindowClosed(False)
            self._caught.emit(report)
        with contextlib.suppress(OSError, ValueError, AttributeError):  # nobody listens there, as in a bundle
            if sys.stderr.isatty():
                # A terminal gets it whole: whoever starts the program there is mending it.
                sys.__excepthook__(kind, error, trace)
            else:
                # A desktop writes this into a file of its own, where nothing of the form belongs.
                sys.stderr.write(report)

    def _show(self, report: str) -> None:
        now = time.monotonic()
        goes_on = now - self._last.get(report, -_CALM_S) < _CALM_S
        self._last[report] = now
        if self._dialog is not None:
            self._dialog.add(report)
        elif not goes_on:
            self._dialog = CrashDialog(report)
            self._dialog.close_wanted.connect(self._app.quit)
            self._dialog.finished.connect(self._forget)
            self._dialog.open()
        if self._dialog is None:
            self._go_on()

    def _forget(self) -> None:
        # Kept until the next: a dialog must not go while it tells that it is closing.
        self._closed, self._dialog = self._dialog, None
        if self._closed is not None:
            self._closed.deleteLater()
        self._go_on()

    def _go_on(self) -> None:
        """From now on the program ends with its last window again, or at once where there is none."""
        self._app.setQuitOnLastWindowClosed(True)
        if not any(widget.isVisible() for widget in self._app.topLevelWidgets()):
            self._app.quit()
