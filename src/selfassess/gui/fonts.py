"""The bundled fonts of the windows and their sizes; knows no widget and nothing of print."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES = (
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
    "NotoSerifTibetan-Regular.ttf",
    "NotoSerifSC-Rare.ttf",
    "RareHan-Regular.ttf",
)
"""Loaded at start: upright, bold (category rows), Tibetan, and the characters that names and places sometimes need.
Qt maps them and reads only what is shown, so that all together cost about 10 ms and 2 MB."""


class TextSize(StrEnum):
    """How large all texts are (字号)."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"


POINTS: dict[TextSize, float] = {
    TextSize.SMALL: 9.0,
    TextSize.MEDIUM: 10.5,
    TextSize.LARGE: 13.0,
    TextSize.HUGE: 16.0,
}
"""Size of the normal text in points (磅): 小五, 五号, between 四号 and 小四, 三号."""


def load_fonts(folder: Path) -> tuple[str, ...]:
    """Make the bundled fonts known to Qt.

    Args:
        folder: Where they lie; one that is missing is left out, and the system's fonts stand in.

    Returns:
        Their families, in the order in which a character is looked for.
    """
    families: list[str] = []
    for name in FILES:
        file = folder / name
        if file.is_file():
            number = QFontDatabase.addApplicationFont(str(file))
            families += [family for family in _families(number) if family not in families]
    return tuple(families)


def _families(number: int) -> list[str]:
    return QFontDatabase.applicationFontFamilies(number) if number >= 0 else []


def window_font(families: Sequence[str], size: TextSize, system: QFont) -> QFont:
    """The font of all widgets.

    Args:
        families: The bundled families.
        size: How large.
        system: The font that the system proposes; its families come last.
    """
    font = QFont(system)
    font.setFamilies([*families, *(family for family in system.families() if family not in families)])
    font.setPointSizeF(POINTS[size])
    return font
