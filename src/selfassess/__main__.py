"""The composition root: a window, or one verb of the command line; decides nothing else."""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from selfassess.paths import find_places
from selfassess.wording import message

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from selfassess.paths import Places

_LEAST_SIDE, _MOST_SIDE = 100, 10_000
"""Pixels that a picture may be wide or high; a larger one would be drawn empty."""

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Environment variables of which one is set where a window can be shown on Linux."""

# cli and gui are imported only when they are needed: the window starts without argparse, the verbs without Qt.
# ruff: noqa: PLC0415


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run a verb.

    Args:
        arguments: The command line without the program's name; None: that of this process.

    Returns:
        The exit code: 0 fine, 1 findings or refused, 2 not understood.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    places = find_places()
    if not given:
        return _open(None, places)
    if given[0] == "open" and len(given) == 2 and not given[1].startswith("-"):  # the way a file manager calls it
        return _open(Path(given[1]), places)
    from selfassess.cli import WindowVerb, run

    window_verbs = (
        WindowVerb(
            name="open",
            summary="在窗口中打开草稿，或用填报内容文件新建一份",
            arguments=_open_arguments,
            run=lambda options, places: _open(options.file, places),
        ),
        WindowVerb(name="picture", summary="把填报窗口画成 PNG 图片", arguments=_picture_arguments, run=_picture),
    )
    return run(given, places, window_verbs)


def _open(file: Path | None, places: Places) -> int:
    """The window: on a draft, or on the start page."""
    if not _has_display():
        # Qt would end the process with an English line and a core dump.
        print(message("E199"), file=sys.stderr)  # noqa: T201  # there is no window to say it in
        return 1
    # Almost all that a start makes lasts; looking through it for garbage takes a tenth of the time.
    gc.disable()
    from selfassess.gui.loading import load_qt

    load_qt()
    from selfassess.gui.shell import run_window

    return run_window(places, file)


def _has_display() -> bool:
    """Whether a window can be shown; a display that is named may still not answer."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in DISPLAYS)


def _open_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="文件", help="草稿（.zpb）或填报内容文件（.toml）")


def _picture_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="草稿", help="草稿（.zpb）")
    parser.add_argument("picture", type=Path, metavar="图片", help="要写的 PNG 文件")
    parser.add_argument("--size", type=_size, default="1366x768", metavar="宽x高", help="窗口大小，像素")
    parser.add_argument("--row", default="", metavar="序号", help="选中哪一行，如 2.7")


def _picture(options: Namespace, places: Places) -> int:
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a picture needs no screen

    from selfassess.gui.picture import take_picture

    take_picture(options.file, options.picture, places, size=options.size, place=options.row)
    width, height = options.size
    print(f"已画 {options.picture}（{width}×{height} 像素）。")  # noqa: T201  # a verb of the command line
    return 0


def _size(text: str) -> tuple[int, int]:
    """Width and height in pixels, as argparse wants it."""
    from argparse import ArgumentTypeError

    found = re.fullmatch(r"(\d{1,9})[x×](\d{1,9})", text.strip().lower(), re.ASCII)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(_LEAST_SIDE <= side <= _MOST_SIDE for side in size):
        raise ArgumentTypeError(f"“{text[:20]}”不是窗口大小，应写成 1366x768，每边 {_LEAST_SIDE} 至 {_MOST_SIDE} 像素")
    return size


if __name__ == "__main__":
    sys.exit(main())
