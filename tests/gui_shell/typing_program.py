"""The real window on a draft, for tests that type into it: does what standard input says, one JSON object a line.

``{"go": "unit.name"}``, ``{"cell": ["1.1", "remark"]}``, ``{"panel": "1.1"}``, ``{"matter": 0}`` move the keyboard;
``{"tell": true}`` answers with what is stored and where the keyboard is; ``{"undo": true}`` takes a step back.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from selfassess.catalogue import loader
from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.row_panel.panel import RowPanel
from selfassess.gui.settings import Settings
from selfassess.paths import find_places


def text_of_focus() -> str:
    widget = QApplication.focusWidget()
    if isinstance(widget, QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    return ""


def told(window: MainWindow, document: Document) -> dict:
    view = window.table.view
    index = view.currentIndex()
    model = window.table.model
    entries = document.entries
    return {
        "unit": entries.unit.name,
        "remarks": {code: answer.remark for code, answer in entries.answers.items() if answer.remark},
        "reasons": {code: answer.reason for code, answer in entries.answers.items() if answer.reason},
        "matters": [matter.matter for matter in entries.adjustments],
        "cell": [model.lines[index.row()].place, model.keys[index.column()].value] if index.isValid() else [],
        "editing": view.state() == view.State.EditingState,
        "text": text_of_focus(),
        "focus": type(QApplication.focusWidget()).__name__,
        "active": window.isActiveWindow(),
    }


def answer(line: dict) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def obey(line: dict, window: MainWindow, document: Document) -> None:
    if "go" in line:
        window.show_place(line["go"])
    elif "cell" in line:
        window.table.view.show_place(line["cell"][0], ColumnKey(line["cell"][1]))
        window.table.view.setFocus()
    elif "panel" in line:
        window.show_place(line["panel"])
        window.findChild(RowPanel).findChildren(QPlainTextEdit)[-1].setFocus()
    elif "matter" in line:
        window.show_place("adjustment.0")
        window.findChild(AdjustmentsEditor).show_place(f"adjustment.{line['matter']}")
    elif "undo" in line:
        document.undo()
    elif "tell" in line:
        answer(told(window, document))


def main() -> int:
    places = find_places()
    settings = Settings(places.settings)
    app, theme = prepare_application(sys.argv[:1], places, settings)
    form = loader.load(places.catalogues / "xizang-dept-budget" / "2022.toml")
    document = Document.create(Path(sys.argv[1]), form)
    window = MainWindow(document, places, settings, theme)
    window.show()
    listener = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    received = bytearray()

    def read() -> None:
        # Not readline: a second line in its buffer would wake nobody.
        data = os.read(sys.stdin.fileno(), 65536)
        if not data:
            app.quit()
        received.extend(data)
        while b"\n" in received:
            line, _, rest = bytes(received).partition(b"\n")
            received[:] = rest
            obey(json.loads(line), window, document)

    listener.activated.connect(read)
    answer({"ready": True})
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
