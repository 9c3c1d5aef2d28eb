"""The real window on a draft, which tells what its status line has called saved: ``watched_window.py DRAFT``.

A line of JSON when it has the keyboard, and after each save: the sentence of the status line, and the remarks that
stand in the form when the line says 已保存. It makes its automatic copies at once instead of when it has come to rest.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from selfassess.domain.catalogue import ColumnKey
from selfassess.gui import shell
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.paths import find_places

shell._SETTLED = 50


def tell(window: MainWindow) -> None:
    remarks = {code: answer.remark for code, answer in window.document.entries.answers.items()}
    line = json.dumps({"said": window.status.said(), "remarks": remarks}, ensure_ascii=False)
    os.write(1, f"{line}\n".encode())


def main() -> int:
    places = find_places()
    settings = Settings(places.settings)
    app, theme = prepare_application(sys.argv[:1], places, settings)
    begun = shell.Shell(app, places, settings, theme)
    begun.begin(Path(sys.argv[1]))
    (window,) = begun.windows
    shell._tidy(places, settings)
    window.table.view.show_place("1.1", ColumnKey.REMARK)
    window.table.view.setFocus()

    def begin(focused: object) -> None:
        if focused is not None:
            app.focusWindowChanged.disconnect(begin)
            tell(window)
            # Connected after the status line, so the line has said it already.
            window.document.saved.connect(lambda _moment: tell(window))

    app.focusWindowChanged.connect(begin)
    begin(app.focusWindow())
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
