"""Writing a file that others will open: beside the target first, checked, then put in its place; knows no formats."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from selfassess import temporary
from selfassess.errors import ExportError
from selfassess.paths import DRAFT_SUFFIX
from selfassess.system_words import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def write_beside(target: Path, write: Callable[[BinaryIO], None], check: Callable[[Path], None] | None = None) -> None:
    """Write a file so that the target is either the old file or the whole new one, never half of one.

    Args:
        target: The file to make or to replace; its folder must exist.
        write: Writes the content into the open file that it is given.
        check: Looks at the finished file before it takes the target's place; raises to refuse it.

    Raises:
        ExportError: The target cannot be written; the old file is intact and nothing is left beside it.
    """
    place = _checked_target(target)
    temporary.sweep(place.parent)
    beside = temporary.beside(place, "part")
    try:
        _write_checked(beside, write, check, target)
        _put_in_place(beside, place, target)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _checked_target(target: Path) -> Path:
    """The target with symbolic links followed, so that a link stays one; refusals that can be known beforehand."""
    try:
        place = target.resolve()
        if not place.parent.exists():
            raise ExportError("E401", folder=place.parent)
        if not place.parent.is_dir():
            raise ExportError("E402", folder=place.parent)
        mode = place.stat().st_mode if place.exists() else None
    except (ValueError, RuntimeError) as error:  # a NUL, a lone surrogate, or links that go round in circles
        raise ExportError("E408", path=_readable(target)) from error
    except OSError as error:
        raise refusal(error, target) from error
    if mode is not None and stat.S_ISDIR(mode):
        raise ExportError("E404", path=target)
    if mode is not None and not stat.S_ISREG(mode):
        raise ExportError("E419", path=target)  # replacing a device would take it away from the whole computer
    if mode is not None and place.suffix.lower() == DRAFT_SUFFIX:  # opening one to see would let go of its lock
        raise ExportError("E420", path=target)
    if mode is not None and not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise ExportError("E405", path=target)
    return place


def _write_checked(
    beside: Path, write: Callable[[BinaryIO], None], check: Callable[[Path], None] | None, target: Path
) -> None:
    """Write the file; look at it while the disk is still busy with it."""
    try:
        with beside.open("xb") as file, ThreadPoolExecutor(1) as disk:
            write(file)
            file.flush()
            synced = disk.submit(os.fsync, file.fileno())
            if check is not None:
                check(beside)
            synced.result()
    except OSError as error:
        raise refusal(error, target) from error


def _put_in_place(beside: Path, place: Path, target: Path) -> None:
    try:
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except PermissionError as error:
        # Windows refuses to replace a file that another program holds open; the folder itself was just written to.
        raise ExportError("E406", path=target) from error
    except OSError as error:
        raise refusal(error, target) from error
    temporary.sync_folder(place.parent)


def refusal(error: OSError, target: Path) -> ExportError:
    """What the system's refusal means for the person who exports.

    Args:
        error: What the system said.
        target: The file that should have been written.
    """
    if error.errno in _FULL:
        return ExportError("E407", path=target)
    if error.errno in _REFUSED:
        return ExportError("E403", folder=target.parent)
    if error.errno == errno.ENAMETOOLONG:
        return ExportError("E409", path=target, length=len(os.fsencode(target.name)))
    if error.errno in {errno.EINVAL, errno.ELOOP}:
        return ExportError("E408", path=_readable(target))
    return ExportError("E410", path=target, detail=in_words(error))


def _readable(target: Path) -> str:
    """The path without characters that no screen or terminal could show."""
    return "".join(character if character.isprintable() else "\ufffd" for character in str(target))
