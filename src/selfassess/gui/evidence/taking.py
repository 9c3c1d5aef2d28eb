"""Takes files in as supporting documents, one after the other beside the window; asks nothing and shows progress."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from selfassess.errors import StoreError
from selfassess.export.pdfium import ALONE, NoPdfError, open_pdf
from selfassess.gui.evidence.names import shown_name
from selfassess.gui.tasks import run_with_progress
from selfassess.store.evidence_file import read_file
from selfassess.waiting import CalledOffError, never

if TYPE_CHECKING:
    import ctypes
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from selfassess.document import Document

_OF_ONE_FILE = frozenset({"E323", "E340"})
"""Refusals of one file, after which the next is tried; any other is of the draft's disk and holds for all."""
_PDF = b"%PDF-"
_HEAD = 1024
"""Bytes among which a PDF may begin."""


class Taken(Struct, frozen=True, kw_only=True):
    """What came of the files.

    Attributes:
        count: How many were taken in.
        refusals: Of the others, in words.
        left: Names of those that were not tried.
    """

    count: int
    refusals: tuple[StoreError, ...]
    left: tuple[str, ...] = ()


class Paper(Struct, frozen=True, kw_only=True):
    """A file that was read.

    Attributes:
        content: Its bytes.
        pages: Number of pages of a PDF; None when unknown.
    """

    content: bytes | bytearray
    pages: int | None


def take_in(parent: QWidget, document: Document, code: str, files: Sequence[Path]) -> Taken:
    """Take files in, each as one step of undo; a refused one keeps none of the others back.

    Args:
        parent: The window that waits.
        document: The open draft.
        code: Code of the row.
        files: Which, in the order of their numbers.
    """
    refusals: list[StoreError] = []
    for place, file in enumerate(files):
        label = _tr("正在加入“{name}”（{place}/{count}）…").format(
            name=shown_name(file.name), place=place + 1, count=len(files)
        )
        beside = partial(run_with_progress, parent, label)
        try:
            paper = beside(partial(read_paper, file))
            document.attach(
                code,
                file.name,
                paper.content,
                pages=paper.pages,
                beside=lambda edit, beside=beside: beside(lambda _: edit(), may_cancel=False),
            )
        except CalledOffError:
            return _taken(place, refusals, files[place:])
        except StoreError as error:
            refusals.append(error)
            if error.code not in _OF_ONE_FILE:
                return _taken(place + 1, refusals, files[place + 1 :])
    return _taken(len(files), refusals, ())


def _taken(tried: int, refusals: Sequence[StoreError], left: Sequence[Path]) -> Taken:
    names = tuple(shown_name(file.name) for file in left)
    return Taken(count=tried - len(refusals), refusals=tuple(refusals), left=names)


def read_paper(file: Path, stop: threading.Event) -> Paper:
    """Read a file and count its pages.

    Args:
        file: Which.
        stop: Set when nobody waits any more.

    Raises:
        StoreError: It is no document, or cannot be read.
    """
    content = read_file(file, stop.is_set)
    return Paper(content=content, pages=page_count(content, stop.is_set))


def page_count(content: bytes | bytearray, called_off: Callable[[], bool] = never) -> int | None:
    """Pages of a PDF; None for anything else, for a broken or locked one, and when nobody waits any more.

    Args:
        content: Bytes of a file.
        called_off: Tells whether nobody waits any more.
    """
    if _PDF not in content[:_HEAD]:
        return None
    with ALONE:
        if called_off():
            return None
        try:
            pdf = open_pdf(_as_it_lies(content))
        except NoPdfError:
            return None
        try:
            return len(pdf) or None
        finally:
            pdf.close()


def _as_it_lies(content: bytes | bytearray) -> bytes | ctypes.Array[ctypes.c_char]:
    """The same bytes, not copied, as pdfium takes them."""
    import ctypes  # noqa: PLC0415  (pdfium has loaded it)

    return content if isinstance(content, bytes) else (ctypes.c_char * len(content)).from_buffer(content)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Evidence", text)
