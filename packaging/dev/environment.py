"""The project's Python environment in ``.venv`` and the variables its processes get; knows venv and pip, not apt."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BUILD = ROOT / "build"
LOG = BUILD / "setup.log"
KEPT_CERTIFICATES = BUILD / "certificates.crt"  # see system.keep_certificates
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
SITE_PACKAGES = ("lib/python*/site-packages", "Lib/site-packages")  # on POSIX, on Windows
# Each file holds everything of the ones before it.
REQUIREMENTS = {"run": ROOT / "requirements" / "run.txt", "dev": ROOT / "requirements" / "dev.txt"}


def variables() -> dict[str, str]:
    """The environment for every process started here: bytecode on, UTF-8, a home that can be written to."""
    env = {name: value for name, value in os.environ.items() if name not in _HARMFUL}
    env["HOME"] = _home()
    if os.name == "posix":
        env.setdefault("XDG_RUNTIME_DIR", _runtime_folder())
        if "utf" not in (env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "").lower():
            env["LC_ALL"] = "C.UTF-8"
    return env


# No bytecode doubles the start; the others lead to another interpreter's modules.
_HARMFUL = frozenset(
    {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PIP_REQUIRE_VIRTUALENV", "PIP_USER"}
)


def _home() -> str:
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or _home_of_account()
    if os.path.isdir(home) and os.access(home, os.W_OK):  # noqa: PTH112  # may be empty, which Path turns into "."
        return home
    fallback = BUILD / "home"
    fallback.mkdir(parents=True, exist_ok=True)
    return str(fallback)


def _home_of_account() -> str:
    if os.name == "nt":
        return ""
    import pwd  # noqa: PLC0415  # there is none on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container's nameless user
        return ""


def _runtime_folder() -> str:
    """A private folder as Qt, D-Bus and ibus want it; short, because socket paths may have 107 bytes only."""
    folder = Path(tempfile.gettempdir()) / f"selfassess-runtime-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        return tempfile.mkdtemp(prefix="selfassess-runtime-")
    folder.chmod(0o700)
    return str(folder)


def fingerprint(requirements: Path) -> str:
    """What an installation depends on: the locked list, the interpreter, the place."""
    parts = (requirements.read_bytes(), sys.version.encode(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _stamp(group: str) -> Path:
    return VENV / f"installed-{group}.stamp"


def is_ready(group: str) -> bool:
    """Whether the environment holds the locked list of a group, made by this interpreter at this place."""
    stamp = _stamp(group)
    return stamp.is_file() and PYTHON.exists() and stamp.read_text(encoding="ascii") == fingerprint(REQUIREMENTS[group])


def ensure(group: str, env: dict[str, str]) -> None:
    """Make the environment and install a group's locked list, once.

    Raises:
        Failure: With the line that helps.
    """
    if is_ready(group):
        return
    if not os.access(ROOT, os.W_OK):
        message = f"目录不可写，无法在其中建立环境: {ROOT}  The folder is not writable; the environment lives in it."
        raise say.Failure(message)
    if not _is_usable():
        _make(env)
    _install(group, env)
    _link_checkout()
    _check_qt(env)
    for name in REQUIREMENTS if group == "dev" else [group]:
        _stamp(name).write_text(fingerprint(REQUIREMENTS[name]), encoding="ascii")


def _is_usable() -> bool:
    """Whether ``.venv`` is whole, at its place and of our Python's version; an interrupted or moved one is remade."""
    if not PYTHON.exists() or (find_spec("ensurepip") and not _has_own_pip()):
        return False
    code = "import sys; print(sys.version, sys.prefix, sep='\\n')"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    return answer.stdout.strip() == f"{sys.version}\n{VENV}"


def _make(env: dict[str, str]) -> None:
    say.step("建立 Python 环境……", "Making the Python environment …")
    if VENV.exists() and not (VENV / "pyvenv.cfg").is_file() and any(VENV.iterdir()):
        message = f"{VENV} 不是 Python 环境，请先移走。It is no Python environment; move it away first."
        raise say.Failure(message)
    shutil.rmtree(VENV, ignore_errors=True)
    options = [] if find_spec("ensurepip") else ["--without-pip"]
    command = [sys.executable, "-m", "venv", *options, str(VENV)]
    code, tail = say.watch(command, env, LOG)
    if code:
        raise say.explain_failure("Python 环境未建成 The environment could not be made", command, tail, LOG)


def _has_own_pip() -> bool:
    return any(path for pattern in SITE_PACKAGES for path in VENV.glob(f"{pattern}/pip/__main__.py"))


def _pip() -> list[str]:
    if _has_own_pip():
        return [str(PYTHON), "-m", "pip"]
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    message = "缺少 pip：请安装 python3-venv 后再试。There is no pip: install python3-venv and try again."
    raise say.Failure(message)


def _install(group: str, env: dict[str, str]) -> None:
    requirements = REQUIREMENTS[group]
    count = sum("==" in line for line in requirements.read_text(encoding="utf-8").splitlines())
    say.step(
        f"安装 {count} 个锁定的 Python 包……",
        f"Installing {count} locked Python packages (the largest has about 90 MB) …",
    )
    # --no-deps: the list is complete, so nothing outside it can come in.
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    command = [*_pip(), "install", *options, "--progress-bar", "off", "-r", str(requirements)]
    certificates = {"PIP_CERT": str(KEPT_CERTIFICATES)} if KEPT_CERTIFICATES.is_file() else {}
    code, tail = say.watch(command, {**env, "PYTHONUNBUFFERED": "1", **certificates}, LOG)
    if code:
        raise say.explain_failure("Python 包未能安装 Python packages could not be installed", command, tail, LOG)


def _link_checkout() -> None:
    """Let the environment import ``src`` of this checkout; a relative path, so that no encoding can break it."""
    packages = next(path for pattern in SITE_PACKAGES for path in VENV.glob(pattern))
    link = os.path.relpath(ROOT / "src", packages)
    (packages / "selfassess-checkout.pth").write_text(link + "\n", encoding="ascii")


def _check_qt(env: dict[str, str]) -> None:
    """Where there is no apt to look after libraries, at least say which one is missing."""
    code = "import PySide6.QtWidgets, PySide6.QtPrintSupport"
    answer = subprocess.run(
        [PYTHON, "-c", code], env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1] if answer.stderr.strip() else f"exit code {answer.returncode}"
        message = f"Qt 缺少系统库，请用系统的包管理器安装。Qt lacks a system library; install it: {last}"
        raise say.Failure(message)
