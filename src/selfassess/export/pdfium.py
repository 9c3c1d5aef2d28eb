"""The one way into pdfium, the library that reads PDFs; knows whose turn it is, and nothing of what is read."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ctypes

ALONE = threading.RLock()
"""Held around every call into pdfium, which keeps things of its own and serves one thread in the whole program: two
at once leave it broken until the program ends. Never held while something is waited for."""


class NoPdfError(Exception):
    """pdfium cannot open a file: it is broken, locked with a password, or no PDF."""


def open_pdf(data: bytes | ctypes.Array[ctypes.c_char]) -> Any:
    """Open a PDF in memory.

    Args:
        data: The file.

    Returns:
        A ``pypdfium2.PdfDocument``. The caller closes it, and holds :data:`ALONE` whenever it is touched.

    Raises:
        NoPdfError: It cannot be opened.
    """
    with ALONE:
        # 8 MB and 130 ms that only somebody pays for who looks into a PDF; and it carries no types.
        pdfium = import_module("pypdfium2")
        try:
            return pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise NoPdfError(str(error)) from error
