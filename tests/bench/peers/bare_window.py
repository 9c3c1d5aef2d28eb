"""The floor of start-up: a window with a table of the same size and nothing else. Run as a program.

Prints, after the first paint, the milliseconds since the moment given as the first argument (``time.time()`` of the
parent) and the peak memory in MiB.
"""

from __future__ import annotations

import resource
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

ROWS, COLUMNS = 57, 10
TEXT = "按照规定及时收缴收入国库的,得分;否则不得分"


class Table(QTableView):
    """Says when it was painted."""

    painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note the first painting, after which the program ends."""
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, report)


def report() -> None:
    """Print the figures and leave."""
    elapsed = (time.time() - float(sys.argv[1])) * 1000
    sys.stdout.write(f"{elapsed:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}\n")
    QApplication.exit(0)


def main() -> int:
    """Show the window."""
    app = QApplication(sys.argv[:1])
    model = QStandardItemModel(ROWS, COLUMNS)
    for row in range(ROWS):
        for column in range(COLUMNS):
            model.setItem(row, column, QStandardItem(TEXT))
    table = Table()
    table.setModel(model)
    window = QMainWindow()
    window.setCentralWidget(table)
    window.resize(1366, 768)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
