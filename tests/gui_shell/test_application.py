"""Qt's own dialogs speak Chinese, and a desktop with fcitx finds its way in through ibus."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QDialogButtonBox

from selfassess.gui.input_method import input_method_environment

PLUGINS = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
IBUS = {"QT_IM_MODULE": "ibus", "QT_IM_MODULES": "", "IBUS_USE_PORTAL": "1"}


@pytest.mark.parametrize(
    ("button", "text"),
    [
        (QDialogButtonBox.StandardButton.Cancel, "取消"),
        (QDialogButtonBox.StandardButton.Yes, "是(&Y)"),
        (QDialogButtonBox.StandardButton.No, "否(&N)"),
        (QDialogButtonBox.StandardButton.Save, "保存"),
    ],
)
def test_qts_own_buttons_are_chinese(qtbot, theme, button, text):
    box = QDialogButtonBox(button)
    qtbot.addWidget(box)
    assert box.button(button).text() == text


@pytest.mark.parametrize(
    "environment",
    [
        {"QT_IM_MODULE": "fcitx"},
        {"QT_IM_MODULE": "fcitx5"},
        {"QT_IM_MODULES": "fcitx;ibus", "QT_IM_MODULE": "wayland"},
        {"QT_IM_MODULES": "wayland;fcitx;ibus"},
        {"XMODIFIERS": "@im=fcitx"},
    ],
)
def test_fcitx_is_reached_through_ibus(environment):
    assert input_method_environment(environment, PLUGINS) == IBUS


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"QT_IM_MODULE": "ibus"},
        {"XMODIFIERS": "@im=ibus"},
        {"QT_IM_MODULE": "xim"},
        {"QT_IM_MODULES": "ibus;fcitx"},
        {"QT_IM_MODULES": "wayland;fcitx", "WAYLAND_DISPLAY": "wayland-0"},
    ],
    ids=str,
)
def test_any_other_desktop_is_left_alone(environment):
    assert input_method_environment(environment, PLUGINS) == {}


def test_an_fcitx_plugin_that_somebody_put_there_is_used(tmp_path):
    folder = tmp_path / "platforminputcontexts"
    folder.mkdir()
    (folder / "libfcitx5platforminputcontextplugin.so").write_bytes(b"")
    assert input_method_environment({"QT_IM_MODULE": "fcitx"}, tmp_path) == {}
