"""What the program remembers between starts, in one JSON file of the user's; knows no draft and no widget."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar, cast

from selfassess.errors import ExportError
from selfassess.plain_file import read_plain

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

EXPORT_FOLDER = "export_folder"
"""Key of the folder into which something was exported last."""

Setting = TypeVar("Setting", str, int, bool, list[str], dict[str, str])
_MOST_BYTES = 1024 * 1024
"""A longer file was not written by this program, and counts as damaged."""


class Settings:
    """Remembered choices by key, such as ``theme`` or ``print_profile``.

    A file that is missing or damaged counts as empty, and a disk that refuses only costs the memory of the choice:
    neither may stop anybody from filling in a form.

    Args:
        path: The file; it and its folder are made when something is first put.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _read(path)

    def get(self, key: str, default: Setting) -> Setting:
        """What is remembered.

        Args:
            key: Key of the choice.
            default: What holds as long as nothing of the same type is remembered.
        """
        value = self._values.get(key)
        if type(value) is not type(default):
            return default
        return cast("Setting", value)

    def put(self, key: str, value: Setting) -> bool:
        """Remembers a choice at once.

        Args:
            key: Key of the choice.
            value: What to remember.

        Returns:
            Whether it will still be known after the next start.
        """
        if key in self._values and self._values[key] == value:
            return True
        self._values[key] = value
        return self._write()

    def _write(self) -> bool:
        data = json.dumps(self._values, indent=1, sort_keys=True).encode("ascii")

        def write(file: BinaryIO) -> None:
            file.write(data)

        # A start reads settings and writes none.
        from selfassess.export.files import write_beside  # noqa: PLC0415

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_beside(self._path, write)
        except (OSError, ExportError):
            return False
        return True


def _read(path: Path) -> dict[str, object]:
    try:
        values: object = json.loads(read_plain(path, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", values) if isinstance(values, dict) else {}
