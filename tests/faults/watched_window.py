"""The real window on a draft, which tells what its status line has called saved: ``watched_window.py DRAFT``.

A line of JSON for ``ready`` and after each save: the remarks that stand in the form when the line says 已保存.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.paths import find_places


def tell(document: Document) -> None:
    remarks = {code: answer.remark for code, answer in document.entries.answers.items()}
    os.write(1, (json.dumps(remarks, ensure_ascii=False) + "\n").encode())


def main() -> int:
    places = find_places()
    settings = Settings(places.settings)
    app, theme = prepare_application(sys.argv[:1], places, settings)
    document = Document.open(Path(sys.argv[1]))
    window = MainWindow(document, places, settings, theme)
    window.show()
    # Connected after the status line, so the line has said it already.
    document.saved.connect(lambda _moment: tell(document))
    window.table.view.show_place("1.1", ColumnKey.REMARK)
    window.table.view.setFocus()
    tell(document)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
