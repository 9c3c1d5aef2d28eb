"""System packages that Debian lacks for the program and its tests; knows apt and dpkg, nothing of Python packages."""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DPKG_STATUS = Path("/var/lib/dpkg/status")
APT_LISTS = Path("/var/lib/apt/lists")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

RUN = (
    "ca-certificates",  # pip and apt over https
    "libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libdbus-1-3", "libxkbcommon0",  # any Qt window
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0",  # X11
    "libcups2",  # QtPrintSupport
)  # fmt: skip
HEADLESS = ("xvfb",)  # a screen in memory, for the picture of the real window
TEST = (
    "xvfb", "xauth", "openbox", "xdotool", "xclip", "imagemagick",  # a real window, typed into and photographed
    "poppler-utils",  # pdftotext, pdftoppm: an independent reader of the annex
    "libreoffice-calc-nogui|libreoffice-calc",  # recalculates the workbook
    "tcc|gcc", "libc6-dev",  # the shim of tests/faults, between a child and its disk; tcc is small
    "dbus", "ibus", "ibus-libpinyin", "fcitx5", "fcitx5-chinese-addons",  # Chinese input methods
)  # fmt: skip
BENCH = ("strace",)  # counts the syncs of an edit


def required_for_environment() -> tuple[str, ...]:
    """``python3-venv`` where Debian has split it off and there is no pip to do without it."""
    return () if find_spec("ensurepip") or find_spec("pip") else ("python3-venv",)


def missing(packages: Sequence[str], status: str) -> list[str]:
    """The packages to install, by dpkg's status file.

    ``a|b`` is content with either and asks for ``a``; newer systems call some packages ``…t64``.
    """
    present = set(re.findall(r"^Package: (\S+)\nStatus: \S+ ok installed$", status, flags=re.MULTILINE))
    choices = (name.split("|") for name in dict.fromkeys(packages))
    return [choice[0] for choice in choices if present.isdisjoint({*choice, *(f"{name}t64" for name in choice)})]


def keep_certificates(lacking: Sequence[str], bundle: Path, copy: Path) -> None:
    """Save a certificate bundle that was put there by hand, because the package ``ca-certificates`` overwrites it.

    Behind an office's inspecting proxy that bundle is the only one pip can reach its source with.
    """
    if "ca-certificates" in lacking and bundle.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(bundle, copy)


def ensure(packages: Sequence[str], env: Mapping[str, str], build: Path) -> None:
    """Install what is missing; does nothing where there is no apt. ``build`` takes the log.

    Raises:
        Failure: With the command for an administrator, or with what to do.
    """
    if not DPKG_STATUS.is_file() or not shutil.which("apt-get"):
        return
    lacking = missing(packages, DPKG_STATUS.read_text(encoding="utf-8", errors="replace"))
    if not lacking:
        return
    log = build / "setup.log"
    keep_certificates(lacking, CERTIFICATES, build / "certificates.crt")
    say.step(f"安装 {len(lacking)} 个系统包……", f"Installing {len(lacking)} system packages: {' '.join(lacking)}")
    # --no-remove: what people have installed stays.
    install = ["install", "-y", "--no-install-recommends", "--no-remove", *lacking]
    code, tail = _apt(install, env, log) if any(APT_LISTS.glob("*_Packages*")) else (1, "no package lists yet")
    known = say.cause(tail)
    if code and not (known and known.lasting):
        # Old or absent lists: refresh them. What this prints tells an absent network from an unknown package.
        _, refreshed = _apt(["update"], env, log)
        code, tail = _apt(install, env, log)
        tail = refreshed + tail
    if code:
        what = "系统包未能安装 System packages could not be installed"
        raise say.explain_failure(what, ["sudo", "apt-get", *install], tail, log)


def _apt(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> tuple[int, str]:
    settings = {name: env[name] for name in ("http_proxy", "https_proxy", "no_proxy") if name in env}
    settings["DEBIAN_FRONTEND"] = "noninteractive"
    # env(1), because sudo drops variables.
    command = [
        "env",
        *(f"{name}={value}" for name, value in settings.items()),
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]
    return say.watch([*_elevation(arguments), *command, *arguments], {**env, "LC_ALL": "C.UTF-8"}, log)


def _elevation(arguments: Sequence[str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        line = f"apt-get {' '.join(arguments)}"
        message = f"需要管理员权限，而本机没有 sudo。请让管理员运行: An administrator must run this first:\n  {line}"
        raise say.Failure(message)
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
