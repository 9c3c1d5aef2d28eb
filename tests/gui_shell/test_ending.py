"""What the system asks of the program: to end, as at logout; and what it was started to outlive."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys
from PySide6.QtCore import QCoreApplication, QTimer
from selfassess.gui.ending import Ending

app = QCoreApplication([])
ending = Ending(app)
QTimer.singleShot(0, lambda: os.kill(os.getpid(), int(sys.argv[1])))
QTimer.singleShot(1000, lambda: app.exit(7))
sys.exit(app.exec())
"""
LIVED_ON = 7


@pytest.mark.parametrize("asked", [signal.SIGHUP, signal.SIGTERM])
@pytest.mark.parametrize("ignored", [False, True], ids=["plainly", "with nohup"])
def test_a_program_ends_in_order_when_asked_unless_it_was_started_to_go_on(asked, ignored):
    before = signal.signal(asked, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        done = subprocess.run([sys.executable, "-c", PROGRAM, str(int(asked))], check=False, timeout=60)
    finally:
        signal.signal(asked, before)
    assert done.returncode == (LIVED_ON if ignored else 0)
