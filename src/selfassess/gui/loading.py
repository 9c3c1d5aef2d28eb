"""Loads Qt without what only its developers need, and beside the program's own modules; knows no widget.

Two things of PySide6 cost a start more than the window itself, and this program wants neither of them:

- Its *signatures*: texts, regular expressions and generators that describe every call, compiled anew at each start.
  They are wanted when a call was wrong, so they are loaded then.
- Its *features* (``from __feature__ import snake_case``): to find out who asks for them, PySide6 reads the source text
  of every module that is imported after it, and keeps it.

Where PySide6 is not of a version that was looked at, everything is loaded as PySide6 does it.
"""

from __future__ import annotations

import builtins
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN_VERSIONS = frozenset({"6.8.0.2", "6.8.3", "6.9.0", "6.9.3"})
"""Versions of shiboken6, which loads the signatures, with which this was tried."""
_PACKAGE = "shibokensupport.signature"


def load_qt() -> None:
    """Load QtWidgets lean, and meanwhile the program's modules that need no Qt.

    To be called before anything imports PySide6; harmless afterwards.
    """
    if "PySide6" in sys.modules:
        return
    if sys.platform == "linux":
        with suppress(RuntimeError):  # no more threads; PySide6 maps them itself, a little later
            Thread(target=_map_libraries, name="libraries", daemon=True).start()
    import_module("selfassess.store.draft")  # and with it all that computes and keeps
    plain_import = builtins.__import__
    builtins.__import__ = _importing(plain_import)
    try:
        import_module("PySide6.QtWidgets")
    finally:
        builtins.__import__ = plain_import


# ----------------------------------------------------------------------------------------------------- shared libraries
def _map_libraries() -> None:
    """Have the system read and link Qt's libraries; it needs no turn of Python's lock for it.

    Whatever goes wrong is left for the import of PySide6 to say.
    """
    with suppress(ImportError, OSError, AttributeError, ValueError):
        from ctypes import CDLL, c_char_p, c_int, c_void_p  # noqa: PLC0415  # only here

        place = find_spec("PySide6")
        folders = place.submodule_search_locations if place is not None else None
        load = CDLL(None).dlopen  # CDLL itself would keep the lock
        load.argtypes, load.restype = (c_char_p, c_int), c_void_p
        for folder in folders or ():
            load(bytes(Path(folder, "QtWidgets.abi3.so")), _LINK_ALL)


_LINK_ALL = 2
"""RTLD_NOW, as Python itself asks for it."""


# ----------------------------------------------------------------------------------------------------------- signatures
def _importing(plain_import: Any) -> Any:
    """An import that answers PySide6's request for its signatures with something that loads them later."""

    def importing(*given: Any, **named: Any) -> ModuleType:
        if given[:1] == (_PACKAGE,) and given[3:4] == (("loader",),) and _is_known():
            package = import_module(_PACKAGE)
            _Signatures(sys.meta_path[0], sys.modules["signature_bootstrap"]).stand_in()
            return package
        return plain_import(*given, **named)

    return importing


def _is_known() -> bool:
    """Whether shiboken6 loads its signatures as those that were looked at: out of itself, by an importer of its own."""
    version = str(getattr(sys.modules.get("shiboken6"), "__version__", ""))
    own_importer = type(sys.meta_path[0]).__name__ == "EmbeddableZipImporter"
    return own_importer and version in KNOWN_VERSIONS and "signature_bootstrap" in sys.modules


class _Signatures:
    """Stands in for the two modules that PySide6 takes functions from, until a signature is wanted.

    Args:
        importer: Finds the real modules.
        bootstrap: Which the real loader asks for by name.
    """

    def __init__(self, importer: Any, bootstrap: ModuleType) -> None:
        self._importer = importer
        self._bootstrap = bootstrap
        self._loader, self._mapping = ModuleType(f"{_PACKAGE}.loader"), ModuleType(f"{_PACKAGE}.mapping")

    def stand_in(self) -> None:
        """Take the places of both."""
        for name in ("pyside_type_init", "create_signature", "seterror_argument", "make_helptext"):
            setattr(self._loader, name, self._forward(name))
        for name in ("finish_import", "feature_import", "feature_imported", "post_init"):
            setattr(self._loader, name, _nothing)
        setattr(self._mapping, "update_mapping", self._update_mapping)  # noqa: B010  # a module has no fields
        for module in (self._loader, self._mapping):
            sys.modules[module.__name__] = module

    def _forward(self, name: str) -> Callable[..., object]:
        def forward(*given: object) -> object:
            return getattr(self._real("loader"), name)(*given)

        return forward

    def _update_mapping(self) -> None:
        """PySide6 keeps the names of the module that it found first, so those of the real one are put among them."""
        real = self._real("mapping")
        real.update_mapping()
        vars(self._mapping).update({**vars(real), "update_mapping": self._update_mapping})

    def _real(self, name: str) -> ModuleType:
        if sys.modules[self._loader.__name__] is self._loader:
            for module in (self._loader, self._mapping):
                del sys.modules[module.__name__]
            sys.modules.setdefault("signature_bootstrap", self._bootstrap)
            sys.meta_path.insert(0, self._importer)
            try:
                import_module(self._loader.__name__)
            finally:
                sys.meta_path.remove(self._importer)
        return sys.modules[f"{_PACKAGE}.{name}"]


def _nothing(*_given: object) -> None:
    """No feature is ever asked for, and nothing deprecated is put back."""
