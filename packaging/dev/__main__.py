"""``./dev``: the project's commands with all their set-up; standard library only, because nothing is installed yet."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import display
import environment
import headless
import say
import system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PURE = ("selfassess.scoring", "selfassess.domain")
USAGE = """\
./dev run       安装所需并打开示例；带参数时等于 selfassess 参数  set up, open the example; with arguments: selfassess …
./dev start     安装所需并打开草稿列表  set up, open the list of your drafts
./dev test      安装所需并运行全部检查；带参数时只运行 pytest  set up, run all checks; with arguments: only pytest …
./dev bench     与同类工具并排计时  measure against peers, side by side
./dev faults    断电、强行结束、磁盘拒写的长时间检验  the long fault tests: kills, power cuts, a disk that refuses
./dev pictures  重画手册中的图  redraw the manual's pictures
./dev fonts     重新裁切内置字体  cut the bundled fonts anew
./dev lock      按 pyproject.toml 重写 requirements/  rewrite the locked requirements
"""


def prepare(group: str, packages: Sequence[str]) -> dict[str, str]:
    """Make everything ready for a group of requirements and return the environment for its processes."""
    env = environment.variables()
    system.ensure([*packages, *system.required_for_environment()], env, environment.BUILD)
    environment.ensure(group, env)
    return env


def run(arguments: Sequence[str]) -> int:
    """Open the program on the example, or do the same job headless; with arguments, pass them to the program."""
    wanted = system.RUN if arguments or display.is_named(os.environ) else (*system.RUN, *system.HEADLESS)
    env = prepare("run", wanted)
    if arguments:
        _become([str(environment.PYTHON), "-m", "selfassess", *arguments], env)
    if display.is_reachable(env):
        print(f"打开示例 Opening {headless.EXAMPLE.name}", flush=True)
        _become([str(environment.PYTHON), "-m", "selfassess", "open", str(headless.EXAMPLE)], env)
    print(
        "没有可用的显示器，改为无界面完成同样的工作。No display can be reached: doing the same job without a window.",
        flush=True,
    )
    system.ensure(system.HEADLESS, env, environment.BUILD)
    headless.run(env)
    return 0


def start(arguments: Sequence[str]) -> int:
    """Open the program as a clerk does every day: on the list of drafts."""
    if not arguments:
        env = prepare("run", system.RUN)
        _become([str(environment.PYTHON), "-m", "selfassess"], env)
    print(USAGE, end="", file=sys.stderr)
    return 2


def test(arguments: Sequence[str]) -> int:
    """Everything CI runs; with arguments, only pytest."""
    env = prepare("dev", (*system.RUN, *system.TEST))
    python = str(environment.PYTHON)
    pytest = [python, "-m", "pytest"]
    if arguments:
        return subprocess.run([*pytest, *arguments], env=env, cwd=environment.ROOT, check=False).returncode
    gate = [
        *(f"--cov={name}" for name in PURE),
        "--cov-branch",
        "--cov-fail-under=100",
        "--cov-report=term-missing:skip-covered",
    ]
    checks = {
        "ruff check": [python, "-m", "ruff", "check"],
        "ruff format": [python, "-m", "ruff", "format", "--check"],
        "lint-imports": [str(environment.SCRIPTS / "lint-imports")],
        "pyright": [python, "-m", "pyright"],
        "pytest": [*pytest, "-n", _workers(), "--dist", "loadgroup", *gate],
    }
    for name, command in checks.items():
        print(f"── {name}", flush=True)
        if subprocess.run(command, env=env, cwd=environment.ROOT, check=False).returncode:
            message = f"{name} 未通过 failed"
            raise say.Failure(message)
    return 0


def bench(arguments: Sequence[str]) -> int:
    """Run the measurements of ``tests/bench``."""
    env = prepare("dev", (*system.RUN, *system.TEST, *system.BENCH))
    command = [
        environment.PYTHON,
        "-m",
        "pytest",
        "-m",
        "bench",
        "-s",
        "-p",
        "no:cacheprovider",
        *(arguments or ["tests/bench"]),
    ]
    return subprocess.run(command, env=env, cwd=environment.ROOT, check=False).returncode


def faults(arguments: Sequence[str]) -> int:
    """The fault tests at their full length, with the figures of the run at its end."""
    env = prepare("dev", (*system.RUN, *system.TEST))
    paths = [] if any((environment.ROOT / one.partition("::")[0]).exists() for one in arguments) else ["tests/faults"]
    # Some of them are many thousand trials in one test.
    patient = ["-o", "faulthandler_timeout=7200", "-n", _workers(), "--dist", "loadgroup"]
    command = [environment.PYTHON, "-m", "pytest", "--long", *patient, *paths, *arguments]
    return subprocess.run(command, env=env, cwd=environment.ROOT, check=False).returncode


def pictures(arguments: Sequence[str]) -> int:
    """Redraw the manual's pictures from the real window."""
    env = prepare("dev", (*system.RUN, *system.TEST))
    with display.screen_in_memory(env) as seen:
        command = [environment.PYTHON, "packaging/pictures.py", *arguments]
        return subprocess.run(command, env=seen, cwd=environment.ROOT, check=False).returncode


def fonts(arguments: Sequence[str]) -> int:
    """Cut the bundled fonts out of their full faces."""
    env = prepare("dev", (*system.RUN,))
    command = [environment.PYTHON, "packaging/fonts/build.py", *arguments]
    return subprocess.run(command, env=env, cwd=environment.ROOT, check=False).returncode


def lock(arguments: Sequence[str]) -> int:
    """Rewrite the requirement files, with hashes and without addresses."""
    env = prepare("run", ())
    tools = environment.BUILD / "lock"
    install = [environment.PYTHON, "-m", "pip", "install", "--quiet", "--upgrade", "--target", tools, "uv"]
    subprocess.run(install, env=env, check=True)
    compiler = [environment.PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"]
    plain = ["--python-version", "3.11", "--no-emit-index-url", "--custom-compile-command", "./dev lock", "--quiet"]
    for group, path in environment.REQUIREMENTS.items():
        target = path.relative_to(environment.ROOT)
        extra = [] if group == "run" else ["--group", group, "-c", "requirements/run.txt"]
        command = [*compiler, *plain, *extra, "--output-file", target, *arguments]
        subprocess.run(command, env={**env, "PYTHONPATH": str(tools)}, cwd=environment.ROOT, check=True)
    return 0


def _workers() -> str:
    """How many processes run tests at once."""
    return str(min(os.cpu_count() or 1, 4))


def _become(command: Sequence[str], env: dict[str, str]) -> NoReturn:
    """Give this process over to the program, so that signals and the exit code are its own."""
    if os.name == "nt":  # exec on Windows returns to the prompt at once
        sys.exit(subprocess.run(command, env=env, check=False).returncode)
    os.execve(command[0], list(command), env)  # noqa: S606  # no shell is wanted


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run, "start": start, "test": test, "bench": bench, "faults": faults,
    "pictures": pictures, "fonts": fonts, "lock": lock,
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run one verb.

    Returns:
        The exit code: of the verb, 1 when something outside stops it, 2 for wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # they are text streams here
    if not arguments or arguments[0] not in VERBS:
        print(USAGE, end="", file=sys.stderr if arguments else sys.stdout)
        return 2 if arguments else 0
    try:
        return VERBS[arguments[0]](arguments[1:])
    except say.Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except PermissionError as error:
        line = "不可写，可能属于另一个用户（例如以前用 root 运行过）。 Not writable; it may belong to another user."
        print(f"✗ {error.filename}: {line}", file=sys.stderr)
    except KeyboardInterrupt:
        print("已中断 interrupted", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
