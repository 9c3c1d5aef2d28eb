"""The window around the start page; knows its size and title only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from selfassess.gui.start_page import StartPage

if TYPE_CHECKING:
    from selfassess.gui.elsewhere import Elsewhere
    from selfassess.paths import Places
    from selfassess.store.library import Library


class StartWindow(QMainWindow):
    """Shows the start page in a window of its own."""

    def __init__(self, library: Library, places: Places, elsewhere: Elsewhere | None = None) -> None:
        super().__init__()
        self.page = StartPage(library, places, elsewhere=elsewhere)
        self.setCentralWidget(self.page)
        self.page.take_keyboard()  # not before: on its way into a window a page forgets which part of it had it
        self.setWindowTitle(self.tr("绩效自评"))
        self.resize(1000, 680)
