"""Redraws the manual's pictures from the real windows: ``./dev pictures``; knows what is shown, not how it looks."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"

# Beside the repository, so that nobody's own drafts and settings come into a picture.
_data = tempfile.TemporaryDirectory(prefix="selfassess-pictures-")
os.environ["SELFASSESS_DATA"] = _data.name

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from selfassess.catalogue.loader import load
from selfassess.catalogue.shelf import find
from selfassess.document import Document
from selfassess.export.pdf import AnnexPrinter
from selfassess.export.profile import PrintProfile
from selfassess.export.rows import annex
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.gui.start_window import StartWindow
from selfassess.gui.theme import ThemeChoice
from selfassess.intake import answers
from selfassess.paths import find_places
from selfassess.store.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.gui.theme import Theme
    from selfassess.paths import Places

SETTLE_MS = 500
PAGE_SCALE = 1.4
"""Pixels per point of the annex's picture."""
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"
HALF_FILLED = ROOT / "packaging" / "pictures.answers.toml"


def settle(milliseconds: int = SETTLE_MS) -> None:
    """Let windows lay themselves out and timers run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def save(widget: QWidget, name: str) -> None:
    """Draw a window into ``docs/pictures``."""
    settle()
    widget.grab().save(str(TARGET / f"{name}.png"), "PNG")
    print(f"docs/pictures/{name}.png")


def draft_of(file: Path, places: Places) -> Document:
    """A draft made from an answers file."""
    read = answers.read(file)
    catalogue = load(find(read.catalogue, (places.catalogues,)))
    entries = answers.entries_of(read, catalogue)
    return Document.create(Library(places.drafts).new_path(entries.unit, catalogue), catalogue, entries)


class Pictures:
    """Draws every picture in turn, all with the same fonts and colours."""

    def __init__(self, places: Places, settings: Settings, theme: Theme) -> None:
        self.places = places
        self.settings = settings
        self.theme = theme
        self.theme.set_choice(ThemeChoice.LIGHT)

    def draw(self) -> None:
        """All of them."""
        window = self._window(EXAMPLE)
        self._main(window)
        self._annex(window.document)
        window.close()
        window = self._window(HALF_FILLED)
        self._rows(window)
        self._places(window)
        self._dialogs(window)
        self._dark(window)
        window.close()
        settle()
        self._start()

    def _window(self, file: Path) -> MainWindow:
        window = MainWindow(draft_of(file, self.places), self.places, self.settings, self.theme)
        window.resize(1440, 900)
        window.show()
        settle()
        return window

    def _main(self, window: MainWindow) -> None:
        window.show_place("3.1")
        save(window, "window")

    def _rows(self, window: MainWindow) -> None:
        for place, name in (("1.4", "row-checklist"), ("2.7", "row-tiers"), ("3.2", "row-not-applicable")):
            window.show_place(place)
            settle()
            panel = window.findChild(QWidget, "row_panel") or window
            save(panel, name)

    def _places(self, window: MainWindow) -> None:
        window.show_place("8.1")
        save(window, "adjustments")
        window.show_place("unit.name")
        save(window, "unit")

    def _dialogs(self, window: MainWindow) -> None:
        from selfassess.gui.correction_dialog import CorrectionDialog
        from selfassess.gui.new_draft_dialog import NewDraftDialog
        from selfassess.gui.preview_dialog import PreviewDialog

        window.show_place("2.7")
        makers: dict[str, Callable[[], QWidget]] = {
            "preview": lambda: PreviewDialog(window.document, self.places, self.settings, window),
            "correction": lambda: CorrectionDialog(window.document, "2.7", self.places, window),
            "new": lambda: NewDraftDialog(self.places, window),
        }
        for name, make in makers.items():
            dialog = make()
            if name == "preview":
                dialog.resize(1280, 860)
            dialog.show()
            settle(1500)
            save(dialog, name)
            dialog.close()
            dialog.deleteLater()

    def _dark(self, window: MainWindow) -> None:
        window.show_place("2.7")
        self.theme.set_choice(ThemeChoice.DARK)
        save(window, "dark")
        self.theme.set_choice(ThemeChoice.LIGHT)

    def _start(self) -> None:
        window = StartWindow(Library(self.places.drafts), self.places)
        window.show()
        save(window, "start")
        window.close()

    def _annex(self, document: Document) -> None:
        import pypdfium2

        form = annex(document.catalogue, document.entries, document.scorecard)
        pages = pypdfium2.PdfDocument(AnnexPrinter(self.places.fonts).render(form, PrintProfile()))
        for number in (0, len(pages) - 1):
            name = "annex-first" if number == 0 else "annex-last"
            pages[number].render(scale=PAGE_SCALE).to_pil().convert("L").save(TARGET / f"{name}.png", optimize=True)
            print(f"docs/pictures/{name}.png")
        pages.close()


def main() -> int:
    """Draw all pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    places = find_places()
    settings = Settings(places.settings)
    _app, theme = prepare_application(sys.argv[:1], places, settings)
    Pictures(places, settings, theme).draw()
    return 0


if __name__ == "__main__":
    sys.exit(main())
