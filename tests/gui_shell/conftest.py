"""What the tests around the big table share: the dressed application, real forms, drafts of them, answered dialogs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QProgressDialog
from reportlab.pdfgen.canvas import Canvas

from selfassess.catalogue import loader
from selfassess.document import Document
from selfassess.domain.entries import Entries, Unit
from selfassess.gui.app import dress
from selfassess.gui.fonts import TextSize
from selfassess.gui.settings import Settings
from selfassess.gui.theme import ThemeChoice
from selfassess.intake import answers
from selfassess.paths import Places

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(assets=ROOT, data=tmp_path / "数据")


@pytest.fixture
def settings(places) -> Settings:
    return Settings(places.settings)


@pytest.fixture(scope="session")
def session_theme(qapp, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return dress(qapp, Places(assets=ROOT, data=folder), Settings(folder / "settings.json"))


@pytest.fixture(autouse=True)
def theme(session_theme):
    """Light colours and normal text for every test, whatever the one before chose."""
    session_theme.set_choice(ThemeChoice.LIGHT)
    session_theme.set_text_size(TextSize.MEDIUM)
    yield session_theme
    session_theme.set_choice(ThemeChoice.LIGHT)
    session_theme.set_text_size(TextSize.MEDIUM)


@pytest.fixture(scope="session")
def pdf():
    """Makes real PDFs of so many pages."""

    def make(pages: int) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(buffer)
        for page in range(pages):
            canvas.drawString(72, 720, f"page {page}")
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def contrast():
    """How far apart two colours are: 1 when equal, 21 for black and white. Source: WCAG 2.1, contrast ratio."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def ratio(one: QColor, other: QColor) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    return ratio


@pytest.fixture(scope="session")
def catalogue():
    return loader.load(ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml")


@pytest.fixture
def document(tmp_path, catalogue):
    """An empty form of 2022."""
    opened = Document.create(tmp_path / "草稿.zpb", catalogue, Entries(unit=Unit(name="某某局")))
    yield opened
    opened.close()


@pytest.fixture
def example(tmp_path):
    """The annex as filed."""
    read = answers.read(ROOT / "examples" / "foreign-affairs-2022.answers.toml")
    form = loader.load(ROOT / "catalogues" / "xizang-dept-budget" / "2022-transcribed.toml")
    opened = Document.create(tmp_path / "示例.zpb", form, answers.entries_of(read, form))
    yield opened
    opened.close()


@pytest.fixture
def answering(qtbot):
    """Answers the dialogs that will come up, one after the other: ``answering(lambda dialog: dialog.accept())``.

    Progress that a busy machine shows before a dialog is passed over, unless it is what shall be answered.
    """
    seen: list[QDialog] = []

    def answer(*replies, progress: bool = False):
        pending = list(replies)
        timer = QTimer()

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog) and isinstance(dialog, QProgressDialog) is progress and pending:
                seen.append(dialog)
                pending.pop(0)(dialog)

        timer.timeout.connect(look)
        timer.start(10)
        timers.append(timer)

    timers: list[QTimer] = []
    yield answer
    for timer in timers:
        timer.stop()


def flush() -> None:
    """Lets everything that was told to go, go."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
