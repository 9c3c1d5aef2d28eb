"""Takes pictures of windows and writes them into ``docs/pictures``; knows no window of the program."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops
from PySide6.QtCore import QBuffer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPixmap

TARGET = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SETTLE_MS = 500
SLOW_MS = 1500
"""For what is made beside the window, such as the preview's pages."""
COLOURS = 256
"""A window has few colours; a palette makes its picture a third as large."""
EDGE = 8
"""Pixels left below a panel that is cut where it is empty."""


def settle(milliseconds: int = SETTLE_MS) -> None:
    """Let windows lay themselves out and timers run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def image_of(pixmap: QPixmap) -> Image.Image:
    """A picture of Qt as a picture of Pillow, which packs better."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")  # pyright: ignore[reportCallIssue,reportArgumentType]  # Qt's stubs want bytes here, Qt a str
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def without_empty_end(image: Image.Image) -> Image.Image:
    """Cut off what is empty at the bottom."""
    ground = Image.new("RGB", image.size, image.getpixel((image.width - 1, image.height - 1)))  # pyright: ignore[reportArgumentType]  # one pixel of RGB is three numbers
    box = ImageChops.difference(image, ground).getbbox()
    return image if box is None else image.crop((0, 0, image.width, min(image.height, box[3] + EDGE)))


class Album:
    """Writes pictures into ``docs/pictures``.

    Args:
        wanted: Names of the only ones to write; none: all.
    """

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted

    def keep(self, image: Image.Image, name: str) -> None:
        """Write one picture, as small as a picture of a window can be."""
        if self._wanted and name not in self._wanted:
            return
        path = TARGET / f"{name}.png"
        if image.mode == "RGB":
            image = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        image.save(path, optimize=True)
        print(f"docs/pictures/{name}.png  {path.stat().st_size // 1024} kB")

    def window(self, widget: QWidget, name: str, part: QRect | None = None) -> None:
        """Draw a window, or a part of it."""
        settle()
        self.keep(image_of(widget.grab() if part is None else widget.grab(part)), name)

    def dialog(self, name: str, start: Callable[[], object], *, size: tuple[int, int] | None = None) -> None:
        """Draw the dialog that a command opens and waits for, then close it."""

        def take() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                message = f"{name}: no dialog came"
                raise RuntimeError(message)
            if size is not None:
                dialog.resize(*size)
            settle(SLOW_MS)
            self.keep(image_of(dialog.grab()), name)
            dialog.close()

        QTimer.singleShot(SETTLE_MS, take)
        start()
