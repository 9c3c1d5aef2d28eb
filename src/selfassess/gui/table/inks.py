"""The colours of the table, mixed from the palette so that light, dark and high-contrast desktops all work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QColor, QPalette

from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from collections.abc import Callable


class Inks(Struct, frozen=True, kw_only=True):
    """Colours by what they mean.

    Attributes:
        paper: The sheet.
        text: Writing.
        quiet: Less important writing.
        line: Hairlines between cells.
        frame: Lines around headings.
        header: Ground of column titles and row codes.
        heading: Ground of a category's heading.
        waiting: Ground of a cell that waits for the clerk.
        locked: Ground of 不涉及 cells.
        current: Ground of the current row.
        selected: Laid over selected cells.
        accent: Border of the current cell.
        error: Marks of errors.
        verify: Marks of matters to verify.
        dark: Whether light writing stands on dark paper.
    """

    paper: QColor
    text: QColor
    quiet: QColor
    line: QColor
    frame: QColor
    header: QColor
    heading: QColor
    waiting: QColor
    locked: QColor
    current: QColor
    selected: QColor
    accent: QColor
    error: QColor
    verify: QColor
    dark: bool


def inks_of(palette: QPalette) -> Inks:
    """The colours that fit a palette."""
    paper = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
    dark = paper.lightness() < text.lightness()
    mixed = _mixer(paper)
    colours = colours_of(palette)
    accent = colours.accent
    amber = QColor("#e0a100") if dark else QColor("#f2b200")
    selected = QColor(accent)
    selected.setAlphaF(0.24 if dark else 0.16)
    return Inks(
        paper=paper,
        text=text,
        quiet=mixed(text, 0.62),
        line=mixed(text, 0.24 if dark else 0.20),
        frame=mixed(text, 0.50),
        header=mixed(text, 0.10 if dark else 0.06),
        heading=mixed(accent, 0.20 if dark else 0.09),
        waiting=mixed(amber, 0.13 if dark else 0.10),
        locked=mixed(text, 0.06 if dark else 0.04),
        current=mixed(accent, 0.10 if dark else 0.045),
        selected=selected,
        accent=accent,
        error=colours.error,
        verify=colours.verify,
        dark=dark,
    )


def _mixer(paper: QColor) -> Callable[[QColor, float], QColor]:
    """A function that lays a share of a colour on the paper."""

    def mixed(colour: QColor, share: float) -> QColor:
        return QColor.fromRgbF(
            paper.redF() + (colour.redF() - paper.redF()) * share,
            paper.greenF() + (colour.greenF() - paper.greenF()) * share,
            paper.blueF() + (colour.blueF() - paper.blueF()) * share,
        )

    return mixed
