"""How Chinese input methods reach the windows on Linux; knows environment variables only, and no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FCITX = frozenset({"fcitx", "fcitx5"})


def input_method_environment(environment: Mapping[str, str], plugins: Path) -> dict[str, str]:
    """What to set before the application starts, so that the system's input method is found.

    Qt's wheels carry the ibus plugin and none for fcitx; a desktop that runs fcitx sets ``QT_IM_MODULE=fcitx``, and Qt
    then silently falls back to no input method at all. fcitx5 also speaks ibus' protocol, over the portal's bus name.

    Args:
        environment: The variables as they are.
        plugins: Qt's folder of plugins.

    Returns:
        Variables to set; empty when everything is right already.
    """
    wanted = environment.get("QT_IM_MODULES") or environment.get("QT_IM_MODULE") or _of_xmodifiers(environment)
    # Qt takes the first of the list that it can load; what comes before fcitx and works is left alone.
    for name in wanted.split(";"):
        if _has_plugin(plugins, name) or (name == "wayland" and "WAYLAND_DISPLAY" in environment):
            return {}
        if name in _FCITX:
            return {"QT_IM_MODULE": "ibus", "QT_IM_MODULES": "", "IBUS_USE_PORTAL": "1"}
    return {}


def _of_xmodifiers(environment: Mapping[str, str]) -> str:
    """Some desktops set only ``XMODIFIERS=@im=fcitx``, the old way."""
    return environment.get("XMODIFIERS", "").removeprefix("@im=")


def _has_plugin(plugins: Path, name: str) -> bool:
    folder = plugins / "platforminputcontexts"
    return bool(name) and any(folder.glob(f"lib{name}*platforminputcontextplugin.so"))
