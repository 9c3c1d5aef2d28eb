"""Where things live on this computer: bundled assets and the user's data; computed once at start and passed down."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

DATA_VARIABLE = "SELFASSESS_DATA"
"""Environment variable that moves the user's data, for a USB stick or a test."""
DRAFT_SUFFIX = ".zpb"
"""How the file name of a draft ends."""


class Places(Struct, frozen=True, kw_only=True):
    """Every folder the program uses; it writes to none but ``data`` and the targets a user chooses.

    Attributes:
        assets: Folder that holds ``ui``, ``resources``, ``catalogues`` and ``examples``.
        data: The user's data folder; made when something is first kept there.
    """

    assets: Path
    data: Path

    @property
    def ui(self) -> Path:
        """Designer forms."""
        return self.assets / "ui"

    @property
    def resources(self) -> Path:
        """Fonts, icons and style sheets."""
        return self.assets / "resources"

    @property
    def fonts(self) -> Path:
        """Bundled fonts."""
        return self.resources / "fonts"

    @property
    def catalogues(self) -> Path:
        """Shipped catalogues; never written."""
        return self.assets / "catalogues"

    @property
    def examples(self) -> Path:
        """Filled forms for newcomers."""
        return self.assets / "examples"

    @property
    def manual(self) -> Path:
        """The manual for clerks."""
        return self.assets / "docs" / "manual.zh-CN.md"

    @property
    def drafts(self) -> Path:
        """The library of drafts."""
        return self.data / "drafts"

    @property
    def backups(self) -> Path:
        """Automatic copies of drafts."""
        return self.data / "backups"

    @property
    def own_catalogues(self) -> Path:
        """Catalogues that the unit corrected itself."""
        return self.data / "catalogues"

    @property
    def overview(self) -> Path:
        """What the list of drafts showed last; may be lost."""
        return self.data / "overview.json"

    @property
    def settings(self) -> Path:
        """Settings of the window and the print profile."""
        return self.data / "settings.json"


def find_places() -> Places:
    """Find the folders of this installation and this user.

    Returns:
        The places; none of the folders is created here.
    """
    return Places(assets=_assets(Path(__file__).resolve().parent), data=_data())


def _assets(package: Path) -> Path:
    """Beside the modules in an installed package, above ``src`` in a checkout."""
    installed = package / "_assets"
    return installed if installed.is_dir() else package.parents[1]


def _data() -> Path:
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    # platformdirs costs a few milliseconds, which a start with a named folder need not pay.
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_data_dir("selfassess", appauthor=False))
