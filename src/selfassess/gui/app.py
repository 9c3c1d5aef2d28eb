"""Sets the application up before the first window: input method, fonts, colours, Qt's own Chinese; knows no window."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QStyleFactory

from selfassess.gui.fonts import load_fonts
from selfassess.gui.input_method import input_method_environment
from selfassess.gui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selfassess.gui.settings import Settings
    from selfassess.paths import Places

PROGRAM_NAME = "绩效自评"
_STYLE = "Fusion"


def prepare_application(argv: Sequence[str], places: Places, settings: Settings) -> tuple[QApplication, Theme]:
    """Everything an application needs before its first window.

    Args:
        argv: As the program was called; Qt takes its own options out of it.
        places: Where fonts and style sheet lie.
        settings: Remembers colours and text size.

    Returns:
        The application, and the theme that changes how it looks.
    """
    if sys.platform.startswith("linux"):
        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
        os.environ.update(input_method_environment(os.environ, plugins))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Script.SimplifiedHanScript, QLocale.Country.China))
    # Named here, the style needs no Python class of its own, which takes a fiftieth of a start to make.
    app = QApplication([*argv[:1], "-style", _STYLE, *argv[1:]])
    return app, _dress(app, places, settings)


def dress(app: QApplication, places: Places, settings: Settings) -> Theme:
    """Style, fonts, colours and texts of an application that exists already, such as that of a test.

    Args:
        app: The application.
        places: Where fonts and style sheet lie.
        settings: Remembers colours and text size.
    """
    app.setStyle(QStyleFactory.create(_STYLE))
    return _dress(app, places, settings)


def _dress(app: QApplication, places: Places, settings: Settings) -> Theme:
    """All but the style."""
    app.setApplicationName("selfassess")
    app.setApplicationDisplayName(PROGRAM_NAME)
    app.setDesktopFileName("selfassess")
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, on=True)
    # Qt's file dialog notes the folders one visits, and would do so in the home folder.
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(places.data))
    _translate(app, places)
    theme = Theme(app, settings, load_fonts(places.fonts))
    sheet = places.resources / "style" / "base.qss"
    if sheet.is_file():
        app.setStyleSheet(sheet.read_text(encoding="utf-8"))
    return theme


def _translate(app: QApplication, places: Places) -> None:
    """Qt's own dialogs speak Chinese: 是, 否, 取消, 打印 …"""  # noqa: D415  (an ellipsis ends this list)
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    # The second knows what the first leaves out; the one that was installed last is asked first.
    for name, folder in (("qtbase_zh_CN", qt), ("qt_rest_zh_CN", str(places.resources / "translations"))):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
