"""Keeps print profiles among the settings; whatever is damaged there falls back to the national standard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from selfassess.export.profile import NATIONAL, OFFICE, PageNumbers, PrintProfile

if TYPE_CHECKING:
    from selfassess.gui.settings import Settings

CURRENT, OWN = "print_profile", "print_profile_own"
PRESETS: dict[str, PrintProfile] = {NATIONAL.name: NATIONAL, OFFICE.name: OFFICE}
LIMITS: dict[str, tuple[float, float]] = {
    "binding": (5, 60),
    "outer": (5, 60),
    "left": (5, 80),
    "right": (5, 80),
    "first_page": (1, 9999),
    "label_size": (8, 26),
    "title_size": (10, 36),
    "head_size": (6, 18),
    "header_size": (6, 16),
    "body_size": (6, 16),
    "note_size": (6, 16),
    "leading": (1.0, 2.5),
}
"""Least and most of what can be chosen, in the profile's own units."""
CHOSEN_EACH_TIME = frozenset({"name", "page_numbers", "first_page", "sign_off", "duplex"})
"""What belongs to one printing rather than to the office's way of printing."""


def written(profile: PrintProfile) -> dict[str, str]:
    """A profile as settings keep it."""
    return {name: str(value) for name, value in asdict(profile).items() if value is not None}


def read(kept: dict[str, str], default: PrintProfile) -> PrintProfile:
    """A profile from settings.

    Args:
        kept: As :func:`written` made it, or anything.
        default: Stands in for what is missing or not possible.
    """
    changes: dict[str, object] = {}
    for name, usual in asdict(default).items():
        value = _value(name, kept.get(name), usual)
        if value is not None:
            changes[name] = value
    return replace(default, **changes)  # pyright: ignore[reportArgumentType]  # names and types come from the class


def _value(name: str, text: object, default: object) -> object:
    """A field's value; None when it is missing or not possible."""
    if not isinstance(text, str):  # missing, or not what any version of the program wrote
        return None
    if isinstance(default, bool):
        return {"True": True, "False": False}.get(text)
    if name == "page_numbers":
        return next((style for style in PageNumbers if style.value == text), None)
    if name in LIMITS:
        return _number(text, *LIMITS[name], whole=name == "first_page")
    if name.endswith("_font"):
        # A font that was uninstalled meanwhile must not stop the printing.
        return Path(text) if _is_file(Path(text)) else None
    return text if text in PRESETS else None  # the profile's name


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long a name, or a folder that nobody may look into
        return False


def _number(text: str, least: float, most: float, *, whole: bool) -> float | None:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return None
    return number if least <= number <= most else None


class ProfileMemory:
    """The profile that was used last, and the office's own one.

    Args:
        settings: Where both are kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def current(self) -> PrintProfile:
        """The profile that was used last; the national standard at first."""
        kept = self._settings.get(CURRENT, dict[str, str]())
        return read(kept, PRESETS.get(str(kept.get("name", "")), NATIONAL))

    def own(self) -> PrintProfile:
        """The office's own profile."""
        return replace(read(self._settings.get(OWN, dict[str, str]()), OFFICE), name=OFFICE.name)

    def keep(self, profile: PrintProfile) -> None:
        """Remembers a profile as the one used last, and as the office's own when it is that."""
        self._settings.put(CURRENT, written(profile))
        if profile.name == OFFICE.name:
            self._settings.put(OWN, written(profile))
