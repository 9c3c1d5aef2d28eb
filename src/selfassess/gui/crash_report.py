"""What is told of a bug: its kind and the places in the program it came through, and nothing that was entered.

Texts of errors, lines of source and folders are left out: each of them can quote what somebody typed, or name him.
"""

from __future__ import annotations

import errno
import platform
import re
import sqlite3
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion

from selfassess import __version__
from selfassess.errors import UserError

if TYPE_CHECKING:
    from types import TracebackType

_MOST_PLACES = 40
"""Places of one error that are told, half of them the outermost and half the innermost ones."""
_MOST_CAUSES = 5
_ABOVE = re.compile(r".*[/\\](?:(?:site-packages|python3\.\d+)[/\\](?=.*[/\\])|(?=selfassess[/\\]))")
"""Folders above the one that says which library a file belongs to."""


def report_of(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """The report of a bug, fit to be handed to strangers.

    Args:
        kind: Class of the error.
        error: The error.
        trace: Where it happened.
    """
    versions = f"selfassess {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    parts = [f"{_places(trace)}{_named(kind, error)}"]
    while (cause := error.__cause__ or error.__context__) is not None and len(parts) < _MOST_CAUSES:
        parts.append(f"{_places(cause.__traceback__)}{_named(type(cause), cause)}\n↓")
        error = cause
    return "\n".join([versions, *reversed(parts)]) + "\n"


def _places(trace: TracebackType | None) -> str:
    found = [
        f'  File "{_file(frame.f_code.co_filename)}", line {line}, in {frame.f_code.co_name}\n'
        for frame, line in traceback.walk_tb(trace)
    ]
    half = _MOST_PLACES // 2
    if len(found) > _MOST_PLACES:
        found[half:-half] = [f"  … {len(found) - 2 * half}\n"]
    return "".join(found)


def _file(name: str) -> str:
    """A source file by its place in its library; of any other only the name."""
    above = _ABOVE.match(name)
    return name[above.end() :] if above else re.split(r"[/\\]", name)[-1]


def _named(kind: type[BaseException], error: BaseException) -> str:
    """The kind of an error, with the codes that say more and are never typed."""
    match error:
        case UserError():
            more = error.code
        case OSError() if error.errno:
            more = errno.errorcode.get(error.errno, str(error.errno))
        case sqlite3.Error():
            more = getattr(error, "sqlite_errorname", "")
        case _:
            more = ""
    return f"{kind.__name__} {more}".rstrip()
