"""Colours read well in light and dark, fonts hold what people type, and both change at once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QLabel

from selfassess.gui.fonts import FILES, POINTS, TextSize, load_fonts
from selfassess.gui.labels import Heading, Note
from selfassess.gui.settings import Settings
from selfassess.gui.theme import DARK, LIGHT, Theme, ThemeChoice, colours_of, palette_of

TEXTS = ("error", "verify", "hint", "ok", "muted", "accent")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ground", ["Base", "Window", "AlternateBase"])
def test_every_text_colour_reads_on_every_ground(contrast, dark, ground):
    palette = palette_of(dark=dark)
    under = palette.color(QPalette.ColorRole[ground])
    colours = DARK if dark else LIGHT
    texts = {name: getattr(colours, name) for name in TEXTS} | {"text": palette.color(QPalette.ColorRole.Text)}
    contrasts = {name: round(contrast(text, under), 1) for name, text in texts.items()}
    assert {name: found for name, found in contrasts.items() if found < 4.5} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_levels_read_on_their_own_grounds(contrast, colours):
    for level in ("error", "verify", "hint"):
        assert contrast(getattr(colours, level), getattr(colours, f"{level}_ground")) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_selected_text_reads(contrast, dark):
    palette = palette_of(dark=dark)
    highlighted = palette.color(QPalette.ColorRole.HighlightedText)
    assert contrast(highlighted, palette.color(QPalette.ColorRole.Highlight)) >= 4.5


def test_painters_find_the_colours_that_go_with_a_palette():
    assert colours_of(palette_of(dark=True)) is DARK
    assert colours_of(palette_of(dark=False)) is LIGHT


def test_dark_windows_are_chosen_at_once_and_remembered(qapp, tmp_path, theme):
    settings = Settings(tmp_path / "s.json")
    mine = Theme(qapp, settings, ("Noto Sans SC",))
    mine.set_choice(ThemeChoice.DARK)
    assert mine.dark
    assert colours_of(qapp.palette()) is DARK
    assert Settings(tmp_path / "s.json").get("theme", "") == "dark"
    mine.deleteLater()


def test_a_note_and_a_heading_follow_colours_and_size(qtbot, theme):
    note, heading = Note("说明"), Heading("标题", scale=2)
    qtbot.addWidget(note)
    qtbot.addWidget(heading)
    note.show()
    heading.show()
    theme.set_choice(ThemeChoice.DARK)
    theme.set_text_size(TextSize.HUGE)
    QApplication.processEvents()
    assert note.palette().color(QPalette.ColorRole.WindowText) == DARK.muted
    assert heading.font().pointSizeF() == 2 * POINTS[TextSize.HUGE]
    assert heading.font().bold()


def test_the_four_sizes_grow(theme):
    heights = []
    for size in TextSize:
        theme.set_text_size(size)
        heights.append(QFontMetrics(QApplication.font()).height())
    assert heights == sorted(set(heights))


@pytest.mark.parametrize("text", ["预算执行率", "𠮷㙓䶮", "བོད་ལྗོངས།", "1.5％，。；“”"])
def test_the_bundled_fonts_show_what_names_and_places_need(theme, places, text):
    fonts = [QRawFont(str(places.fonts / name), 12) for name in FILES]
    assert all(font.isValid() for font in fonts)
    for character in text:
        assert any(font.supportsCharacter(ord(character)) for font in fonts), character


def test_a_missing_font_folder_is_no_reason_to_stop(tmp_path):
    assert load_fonts(tmp_path / "nowhere") == ()


def test_a_plain_label_uses_the_bundled_font(qtbot, theme):
    label = QLabel("预算")
    qtbot.addWidget(label)
    assert label.font().families()[0] == "Noto Sans SC"
