"""The floor of start-up: a window with a table of the same size and nothing else. Run as a program."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from first_paint import watch
from PySide6.QtGui import QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

ROWS, COLUMNS = 57, 10
TEXT = "按照规定及时收缴收入国库的,得分;否则不得分"


class Table(QTableView):
    """Painted by way of Python, like the program's own table, so that it can be watched."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as any table."""
        super().paintEvent(event)


def main() -> int:
    """Show the window."""
    app = QApplication(sys.argv[:1])
    model = QStandardItemModel(ROWS, COLUMNS)
    for row in range(ROWS):
        for column in range(COLUMNS):
            model.setItem(row, column, QStandardItem(TEXT))
    watch(Table)
    table = Table()
    table.setModel(model)
    window = QMainWindow()
    window.setCentralWidget(table)
    room = window.screen().availableGeometry()
    window.resize(min(1440, room.width()), min(900, room.height()))
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
