"""Whether a window can be shown, and a screen in memory where it cannot; knows X11 and Wayland, not the program."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

INVISIBLE_PLATFORMS = ("offscreen", "minimal", "vnc")
SCREEN = "1600x1000x24"

# In a process of its own: a display that does not answer must not hang us, and libxcb knows hosts and cookies.
_CONNECT = """
import ctypes, sys
xcb = ctypes.CDLL("libxcb.so.1")
xcb.xcb_connect.restype = ctypes.c_void_p
sys.exit(xcb.xcb_connection_has_error(ctypes.c_void_p(xcb.xcb_connect(None, None))))
"""


def is_named(env: Mapping[str, str]) -> bool:
    """Whether the environment names a display at all; outside Linux there always is one."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def is_reachable(env: Mapping[str, str]) -> bool:
    """Whether a window would be seen: a display is named, answers, and Qt is not told to stay invisible."""
    if env.get("QT_QPA_PLATFORM", "").startswith(INVISIBLE_PLATFORMS):
        return False
    if not sys.platform.startswith("linux"):
        return True
    return _x11_answers(env) or _wayland_answers(env)


def _x11_answers(env: Mapping[str, str]) -> bool:
    if not env.get("DISPLAY"):
        return False
    try:
        answer = subprocess.run(
            [sys.executable, "-c", _CONNECT], env=dict(env), capture_output=True, timeout=5, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


def _wayland_answers(env: Mapping[str, str]) -> bool:
    if not env.get("WAYLAND_DISPLAY"):
        return False
    path = Path(env.get("XDG_RUNTIME_DIR", "")) / env["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


@contextmanager
def screen_in_memory(env: Mapping[str, str]) -> Generator[dict[str, str]]:
    """The environment with an X server in memory while the block lasts; without Xvfb, with Qt's offscreen platform."""
    bare = {name: value for name, value in env.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    server = shutil.which("Xvfb")
    if not server:
        yield {**bare, "QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL, env=bare) as process:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        try:
            yield (
                {**bare, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
                if number
                else {**bare, "QT_QPA_PLATFORM": "offscreen"}
            )
        finally:
            process.terminate()
