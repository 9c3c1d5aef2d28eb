"""Colours and text sizes of the windows, light and dark; knows no widget but the application."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette

from selfassess.domain.finding import Level
from selfassess.gui.fonts import TextSize, window_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication

    from selfassess.gui.settings import Settings


Choice = TypeVar("Choice", bound=StrEnum)


class ThemeChoice(StrEnum):
    """Which colours (界面颜色)."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Colours(Struct, frozen=True, kw_only=True):
    """The colours that painters use beyond the palette's own. Each text colour reads on ``base`` and on ``window``.

    Attributes:
        error: 错误, and whatever was refused.
        verify: 核实.
        hint: 提示.
        ok: Done and in order.
        muted: Secondary text.
        accent: What can be clicked, progress, the current thing.
        border: Lines between things.
        panel: Ground of cards and headings.
        entered: Ground of cells in which a clerk types.
        error_ground: Ground behind an error.
        verify_ground: Ground behind something to verify.
        hint_ground: Ground behind a hint.
    """

    error: QColor
    verify: QColor
    hint: QColor
    ok: QColor
    muted: QColor
    accent: QColor
    border: QColor
    panel: QColor
    entered: QColor
    error_ground: QColor
    verify_ground: QColor
    hint_ground: QColor

    def of_level(self, level: Level) -> QColor:
        """The text colour of a level of findings."""
        return {Level.ERROR: self.error, Level.VERIFY: self.verify, Level.HINT: self.hint}[level]

    def ground_of_level(self, level: Level) -> QColor:
        """The ground colour of a level of findings."""
        return {Level.ERROR: self.error_ground, Level.VERIFY: self.verify_ground, Level.HINT: self.hint_ground}[level]


LIGHT = Colours(
    error=QColor("#b3261e"),
    verify=QColor("#8a5300"),
    hint=QColor("#2c5f8a"),
    ok=QColor("#1c6e42"),
    muted=QColor("#5b6672"),
    accent=QColor("#1f5fa8"),
    border=QColor("#d3d9e0"),
    panel=QColor("#eef1f5"),
    entered=QColor("#fffdf3"),
    error_ground=QColor("#fbeae9"),
    verify_ground=QColor("#fbf1df"),
    hint_ground=QColor("#e6eff8"),
)
DARK = Colours(
    error=QColor("#ff9a92"),
    verify=QColor("#efbe6b"),
    hint=QColor("#93c1ea"),
    ok=QColor("#7ccf9c"),
    muted=QColor("#a3adb8"),
    accent=QColor("#7ab4ee"),
    border=QColor("#3b434b"),
    panel=QColor("#282d33"),
    entered=QColor("#262a22"),
    error_ground=QColor("#452523"),
    verify_ground=QColor("#42351d"),
    hint_ground=QColor("#213547"),
)


def colours_of(palette: QPalette) -> Colours:
    """The colours that go with a palette.

    Args:
        palette: Usually the widget's own, at the moment of painting, so that a change of theme needs no telling.
    """
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


_ROLES = QPalette.ColorRole
_LIGHT_ROLES: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#f5f7f9",
    _ROLES.WindowText: "#1d232a",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#f7f9fb",
    _ROLES.Text: "#1d232a",
    _ROLES.Button: "#f0f3f6",
    _ROLES.ButtonText: "#1d232a",
    _ROLES.BrightText: "#b3261e",
    _ROLES.ToolTipBase: "#ffffff",
    _ROLES.ToolTipText: "#1d232a",
    _ROLES.PlaceholderText: "#6b7683",
    _ROLES.Highlight: "#1f5fa8",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#1f5fa8",
    _ROLES.LinkVisited: "#5c4b99",
    _ROLES.Accent: "#1f5fa8",
    _ROLES.Light: "#ffffff",
    _ROLES.Midlight: "#e6eaef",
    _ROLES.Mid: "#c3cad2",
    _ROLES.Dark: "#9aa4af",
    _ROLES.Shadow: "#6b7683",
}
_DARK_ROLES: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#282d33",
    _ROLES.WindowText: "#e4e8ec",
    _ROLES.Base: "#16191c",
    _ROLES.AlternateBase: "#1c2024",
    _ROLES.Text: "#e4e8ec",
    _ROLES.Button: "#333a41",
    _ROLES.ButtonText: "#e4e8ec",
    _ROLES.BrightText: "#ff9a92",
    _ROLES.ToolTipBase: "#2b3137",
    _ROLES.ToolTipText: "#e4e8ec",
    _ROLES.PlaceholderText: "#8a95a1",
    _ROLES.Highlight: "#2f6cae",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#7ab4ee",
    _ROLES.LinkVisited: "#b7a6ee",
    _ROLES.Accent: "#7ab4ee",
    _ROLES.Light: "#3a4149",
    _ROLES.Midlight: "#343b42",
    _ROLES.Mid: "#454e57",
    _ROLES.Dark: "#121417",
    _ROLES.Shadow: "#0b0c0e",
}
_DISABLED = (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText, _ROLES.HighlightedText)


def palette_of(*, dark: bool) -> QPalette:
    """Our palette.

    Args:
        dark: Whether for dark windows.
    """
    palette = QPalette()
    for role, name in (_DARK_ROLES if dark else _LIGHT_ROLES).items():
        palette.setColor(role, QColor(name))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#77828e" if dark else "#7d8894"))
    palette.setColor(QPalette.ColorGroup.Disabled, _ROLES.Highlight, QColor("#3b434b" if dark else "#d3d9e0"))
    return palette


TICKED = ("QCheckBox", "QRadioButton")
"""Kinds of widgets that Fusion gives a box or a circle."""


def ticked_palette(palette: QPalette) -> QPalette:
    """A palette whose boxes and circles stand out from the window.

    Fusion draws their outline in the window's colour, a little darker, and one that has the keyboard in the
    highlight's: on a dark window neither is seen. The mark is in the text's colour, a little darker. None of these
    roles paints anything else of these widgets.

    Args:
        palette: That of the window.
    """
    found = QPalette(palette)
    dark = colours_of(palette) is DARK
    found.setColor(_ROLES.Window, QColor("#d9e0e8" if dark else "#98a2ad"))
    found.setColor(_ROLES.Highlight, QColor("#7ab4ee" if dark else "#1f5fa8"))
    found.setColor(QPalette.ColorGroup.Disabled, _ROLES.Text, QColor("#9aa5b1" if dark else "#7d8894"))
    return found


class Theme(QObject):
    """Which colours and text sizes hold now, and the one who changes them.

    Signals:
        changed(): Palette or font of the application changed.
    """

    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings, families: Sequence[str]) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        self._families = tuple(families)
        self._system_font = QFont(app.font())
        self._choice = _known(ThemeChoice, settings.get("theme", ""), ThemeChoice.SYSTEM)
        self._text_size = _known(TextSize, settings.get("text_size", ""), TextSize.MEDIUM)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the user chose."""
        return self._choice

    @property
    def text_size(self) -> TextSize:
        """What the user chose."""
        return self._text_size

    @property
    def dark(self) -> bool:
        """Whether the windows are dark now."""
        if self._choice is ThemeChoice.SYSTEM:
            return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._choice is ThemeChoice.DARK

    def set_choice(self, choice: ThemeChoice) -> None:
        """Changes the colours at once and remembers the choice."""
        self._choice = choice
        self._settings.put("theme", choice.value)
        self._apply()

    def set_text_size(self, size: TextSize) -> None:
        """Changes the text size at once and remembers the choice."""
        self._text_size = size
        self._settings.put("text_size", size.value)
        self._apply()

    def _tell_system(self) -> None:
        """Title bars and native dialogs are the system's; they follow where it lets them."""
        hints = self._app.styleHints()
        if self._choice is ThemeChoice.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self.dark else Qt.ColorScheme.Light)

    def _follow_system(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self._tell_system()
        palette = palette_of(dark=self.dark)
        font = window_font(self._families, self._text_size, self._system_font)
        if self._app.palette() != palette or self._app.font() != font:
            # A style sheet keeps widgets at palette and font with which they were first drawn; it steps aside.
            sheet = self._app.styleSheet()
            self._app.setStyleSheet("")
            self._app.setPalette(palette)
            for name in TICKED:
                # The stubs ask for bytes, which Qt refuses.
                self._app.setPalette(ticked_palette(palette), name)  # pyright: ignore[reportArgumentType]
            self._app.setFont(font)
            self._app.setStyleSheet(sheet)
        self.changed.emit()


def _known(choices: type[Choice], value: str, default: Choice) -> Choice:
    return next((choice for choice in choices if choice.value == value), default)
