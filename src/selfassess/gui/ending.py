"""When the system asks the program to end, as at logout, its windows are closed as by hand; knows no draft."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Ending(QObject):
    """Hears the system's request, which would end the program at once: with half a text and with files for a while.

    Python hears a signal only between two of its own steps, and while nobody does anything there are none. So the
    signal writes into a pipe, which Qt watches.

    Args:
        app: The application.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        heard, told = os.pipe()
        os.set_blocking(told, False)
        self._notifier = QSocketNotifier(heard, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: self._end(heard))
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        for asked in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(asked) is not signal.SIG_IGN:  # as whoever started the program wanted it, with nohup
                signal.signal(asked, _leave_it_to_the_pipe)

    def _end(self, heard: int) -> None:
        if {signal.SIGTERM, signal.SIGHUP} & set(os.read(heard, 64)):
            self._app.quit()


def _leave_it_to_the_pipe(_number: int, _frame: object) -> None:
    """Keeps Python from ending the program at once."""
