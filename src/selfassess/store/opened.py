"""Which drafts this process has open, told by the file itself and not by its name; knows nothing of what is in them.

On POSIX a process loses *all* its locks on a file when it closes any descriptor of that file, whatever name it opened
it by. :mod:`selfassess.store.holding` mends that where the system lets it; elsewhere whoever opens a file that may be a
draft asks here first, and everywhere for the sake of a better answer. The list belongs to the whole process, as the
locks do; a draft that is forgotten without closing leaves it by itself.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Generator

    from selfassess.store.database import Database

LOOKING = threading.RLock()
"""Held from asking until the file is closed again, so that no other thread locks a draft in between."""
_OPEN: WeakValueDictionary[tuple[int, int], Database] = WeakValueDictionary()
_LOOKED_AT: Counter[tuple[int, int]] = Counter()
_PATIENCE_S = 3.0
"""How long the opening of a draft waits for a look at it; a disk that is gone may never answer."""
_LOOKED = threading.Condition(LOOKING)
"""Told when a look is over."""


def holder_of(status: os.stat_result) -> Database | None:
    """Which open draft a file is; None when it is none.

    Args:
        status: What the system says of the file, links followed.
    """
    return _OPEN.get((status.st_dev, status.st_ino))


@contextlib.contextmanager
def looking_at(status: os.stat_result) -> Generator[Database | None]:
    """Keeps one file from being opened as a draft meanwhile, and no other: the disk that it lies on may take its time.

    Args:
        status: What the system says of the file, links followed.

    Yields:
        Which open draft it is; None when it is none.
    """
    key = status.st_dev, status.st_ino
    with LOOKING:
        holder = _OPEN.get(key)
        if status.st_ino:  # as in :func:`add`
            _LOOKED_AT[key] += 1
    try:
        yield holder
    finally:
        with LOOKING:
            if _LOOKED_AT[key] > 1:
                _LOOKED_AT[key] -= 1
            else:
                _LOOKED_AT.pop(key, None)
            _LOOKED.notify_all()


def wait_for_looks(status: os.stat_result) -> bool:
    """Waits until nobody looks at a file; nobody begins to before :data:`LOOKING`, now held, is let go.

    Args:
        status: What the system says of the file, links followed.

    Returns:
        Whether nobody does; False when somebody still waits for a disk that does not answer.
    """
    return _LOOKED.wait_for(lambda: (status.st_dev, status.st_ino) not in _LOOKED_AT, _PATIENCE_S)


def add(device: int, inode: int, database: Database) -> None:
    """Enters a draft; before it is locked.

    Args:
        device: Number of the device that its file lies on.
        inode: Number of the file on it.
        database: Holds it.
    """
    # Some network drives of Windows number no files; but there, closing a file lets no lock go.
    if inode:
        _OPEN[device, inode] = database


def remove(database: Database) -> None:
    """Strikes a draft out, after it was closed; harmless when done twice."""
    for key in [key for key, one in _OPEN.items() if one is database]:
        del _OPEN[key]
