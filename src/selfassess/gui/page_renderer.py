"""Turns pages of a PDF into pictures, in a thread of its own, the latest wish first; knows no window."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from selfassess.export.pdfium import ALONE, open_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable

Wish = tuple[int, int]
"""A page, counted from 0, and the width of its picture in device pixels."""


def sizes_of(pdf: Any) -> list[tuple[float, float]]:
    """Width and height of every page, in pt."""
    with ALONE:
        return [(float(width), float(height)) for width, height in map(pdf.get_page_size, range(len(pdf)))]


def picture(pdf: Any, page: int, width: int, *, grey: bool = False) -> QImage:
    """One page as a picture.

    Args:
        pdf: As ``open_pdf`` returned it.
        page: Counted from 0.
        width: Of the picture, in pixels.
        grey: Whether shades of grey are enough, for a printer.
    """
    with ALONE:
        leaf = pdf[page]
        try:
            bitmap = leaf.render(scale=width / leaf.get_width(), grayscale=grey, prefer_bgrx=not grey)
            kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB32
            # The copy outlives pdfium's buffer.
            # pdfium rounds up: a last column of a fraction of a pixel is left out.
            image = QImage(bytes(bitmap.buffer), min(bitmap.width, width), bitmap.height, bitmap.stride, kind).copy()
            bitmap.close()
        finally:
            leaf.close()
    return image


class PageRenderer(QObject):
    """Renders pages of the PDF that is shown, beside the window.

    Signals:
        opened(int, object): Which showing, and the sizes of its pages in pt.
        rendered(int, int, int, QImage): Which showing, page, width that was wished for, picture.
    """

    opened = Signal(int, object)
    rendered = Signal(int, int, int, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = threading.Condition()
        self._wishes: list[Wish] = []
        self._data: bytes | None = None
        self._showing = 0
        self._ended = False
        self._thread = threading.Thread(target=self._loop, name="page-renderer", daemon=True)
        self._thread.start()

    def show(self, data: bytes) -> int:
        """Shows another PDF; wishes for the old one are forgotten.

        Args:
            data: The file.

        Returns:
            The number of this showing, which its signals carry.
        """
        with self._turn:
            self._showing += 1
            self._data = data
            self._wishes = []
            self._turn.notify_all()
            return self._showing

    def want(self, wishes: Iterable[Wish]) -> None:
        """Replaces the wishes that are still open, most urgent first."""
        with self._turn:
            self._wishes = list(wishes)
            self._turn.notify_all()

    def end(self) -> None:
        """Ends the thread after the page it is at; harmless when done twice."""
        with self._turn:
            self._ended = True
            self._turn.notify_all()
        self._thread.join()

    # ------------------------------------------------------------------------------------------------------- the thread
    def _has_work(self) -> bool:
        return self._ended or self._data is not None or bool(self._wishes)

    def _next(self) -> tuple[int, bytes | None, Wish | None] | None:
        """The next thing to do, waited for; None: nothing ever again."""
        with self._turn:
            self._turn.wait_for(self._has_work)
            if self._ended:
                return None
            data, self._data = self._data, None
            return self._showing, data, None if data is not None else self._wishes.pop(0)

    def _loop(self) -> None:
        pdf: Any = None
        sizes: list[tuple[float, float]] = []
        while (job := self._next()) is not None:
            showing, data, wish = job
            if data is not None:
                _close(pdf)
                pdf = open_pdf(data)
                sizes = sizes_of(pdf)
                self.opened.emit(showing, sizes)
            elif wish is not None and wish[0] < len(sizes):
                self.rendered.emit(showing, *wish, picture(pdf, *wish))
        _close(pdf)


def _close(pdf: Any) -> None:
    if pdf is not None:
        with ALONE:
            pdf.close()
