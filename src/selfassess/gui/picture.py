"""Takes a picture of the real window, for machines without a display and for the manual."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from selfassess.document import Document
from selfassess.export.files import write_beside
from selfassess.gui.app import prepare_application
from selfassess.gui.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from selfassess.paths import Places

_NOISE = "This plugin does not support propagateSizeHints()"
"""What Qt says of every window that is shown without a screen."""
SETTLE_MS = 400
"""How long the window may lay itself out before it is drawn."""


def take_picture(draft: Path, picture: Path, places: Places, *, size: tuple[int, int], place: str) -> None:
    """Open a draft in the window, draw it into a PNG file and close it.

    Args:
        draft: The draft.
        picture: The file to write; what was there before stays when this fails.
        places: Where things live.
        size: Width and height of the window in pixels.
        place: Row to select, such as ``2.7``; "" for none.

    Raises:
        StoreError: The draft cannot be opened.
        ExportError: The picture cannot be written.
    """
    from selfassess.gui.main_window import MainWindow  # noqa: PLC0415  (after the application exists)

    qInstallMessageHandler(_pass_on)
    settings = Settings(places.settings)
    _app, theme = prepare_application(sys.argv[:1], places, settings)
    window = MainWindow(Document.open(draft), places, settings, theme)
    window.resize(*size)
    window.show()
    if place:
        window.show_place(place)
    # A loop of its own: quitting the application would close the window, which deletes it.
    settled = QEventLoop()
    QTimer.singleShot(SETTLE_MS, settled.quit)
    settled.exec()
    buffer = QBuffer()
    window.grab().save(buffer, "PNG")
    window.close()

    def write(file: BinaryIO) -> None:
        file.write(buffer.data().data())

    write_beside(picture, write)


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Say what Qt says, but for what means nothing here."""
    if text != _NOISE:
        sys.stderr.write(f"{text}\n")
