"""Work that takes long, done beside the window, with progress and a way out; knows no particular work."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QThread
from PySide6.QtWidgets import QProgressDialog, QWidget

from selfassess.errors import UserError
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
PATIENCE = 500
"""Milliseconds after which progress is shown."""


class Work(QThread, Generic[Result]):
    """One piece of work in a thread of its own. A bug in it flies to the crash dialog like any other.

    Args:
        work: Is given an event that is set when the user calls it off; returns its result, or raises a ``UserError``
            or that it was called off.
        parent: Outlives the work, such as the application.
    """

    def __init__(self, work: Callable[[threading.Event], Result], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.cancelled = threading.Event()
        self.results: list[Result] = []
        self.error: UserError | None = None

    def run(self) -> None:
        """What the thread does."""
        try:
            self.results.append(self._work(self.cancelled))
        except CalledOffError:  # there is no result, which says it
            return
        except UserError as error:
            self.error = error


class _Stay(QObject):
    """Keeps a window open: with it would go the loop that waits for the work, and nobody would wait any more."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Refuses to close."""
        if event.type() != QEvent.Type.Close:
            return False
        event.ignore()
        return True


def run_with_progress(
    parent: QWidget, label: str, work: Callable[[threading.Event], Result], *, may_cancel: bool = True
) -> Result:
    """Do something long while the window stays alive; after half a second progress and 取消 appear.

    Args:
        parent: The window that waits.
        label: What is being done.
        work: As of :class:`Work`.
        may_cancel: Whether it can be called off; not where nobody could tell afterwards how far it came.

    Returns:
        What the work returned.

    Raises:
        UserError: What the work raised.
        CalledOffError: The user called it off.
    """
    app = QCoreApplication.instance()
    thread = Work(work, app)
    if app is not None:
        app.aboutToQuit.connect(thread.wait)
    progress = QProgressDialog(label, QCoreApplication.translate("tasks", "取消"), 0, 0, parent)
    progress.setWindowTitle(QCoreApplication.translate("tasks", "请稍候"))
    progress.setWindowModality(Qt.WindowModality.WindowModal)
    progress.setMinimumDuration(PATIENCE)
    progress.setAutoReset(False)
    loop = QEventLoop(parent)
    if may_cancel:
        progress.canceled.connect(thread.cancelled.set)
        progress.canceled.connect(loop.quit)
    else:
        progress.setCancelButtonText("")
    thread.finished.connect(loop.quit)
    thread.finished.connect(thread.deleteLater)
    # The window behind must not take keys and clicks while the work has not shown itself yet either.
    parent.setEnabled(False)
    stay = _Stay(app)
    parent.window().installEventFilter(stay)
    try:
        # Before the work: Qt may look at events here, and an end that is heard too early would leave the loop waiting.
        progress.setValue(0)
        thread.start()
        loop.exec()
    finally:
        stay.deleteLater()
        parent.window().removeEventFilter(stay)
        parent.setEnabled(True)
        # Closing counts as calling off, to Qt; and unless it is reset, its timer would show it again later, over the
        # message that says how the work ended.
        progress.blockSignals(True)
        progress.reset()
        progress.close()
        progress.deleteLater()
        loop.deleteLater()
    if thread.cancelled.is_set():
        raise CalledOffError
    if thread.error is not None:
        raise thread.error
    if not thread.results:  # a bug, reported already; to the caller it is as if it had been called off
        raise CalledOffError
    return thread.results[0]
