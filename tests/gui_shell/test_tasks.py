"""Progress is shown while something lasts, and never afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

from selfassess.errors import ExportError
from selfassess.gui.tasks import PATIENCE, run_with_progress


def test_progress_does_not_come_up_over_the_message_that_follows_a_refusal(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def refuse(_):
        raise ExportError("E352")

    seen = []

    def answer_in_a_loop_of_its_own():
        # As a message box does: what is to be deleted later stays alive as long as it waits.
        with pytest.raises(ExportError):
            run_with_progress(window, "导出", refuse)
        message = QEventLoop()
        QTimer.singleShot(PATIENCE + 200, message.quit)
        message.exec()
        seen.extend(progress.isVisible() for progress in window.findChildren(QProgressDialog))
        seen.append(False)

    QTimer.singleShot(0, answer_in_a_loop_of_its_own)
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert not any(seen)
