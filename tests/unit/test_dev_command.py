"""``./dev``: what it says, what it finds missing, and that the locked requirements are whole."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DEV = REPOSITORY / "packaging" / "dev"
REQUIREMENTS = REPOSITORY / "requirements"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="dev.cmd is the Windows twin, and untried")


def module(name: str) -> ModuleType:
    """A module of packaging/dev, which is a folder that Python runs and no package."""
    sys.path.insert(0, str(DEV))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(DEV))


say, system, environment, display, headless = map(module, ("say", "system", "environment", "display", "headless"))


def dev(*arguments: str, folder: Path = REPOSITORY, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ./dev and wait."""
    return subprocess.run(
        ["/bin/sh", folder / "dev", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        check=False,
    )


def status(*entries: tuple[str, str]) -> str:
    """A dpkg status file."""
    return "\n".join(f"Package: {name}\nStatus: {state}\nPriority: optional\n" for name, state in entries)


def locked(group: str) -> dict[str, str]:
    """Name and version of each requirement of a file."""
    return dict(
        re.findall(r"^([a-z0-9-]+)==(\S+)", (REQUIREMENTS / f"{group}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )


# ------------------------------------------------------------------------------------------------ the command itself
def test_alone_it_prints_its_verbs():
    answer = dev()
    assert answer.returncode == 0
    assert re.findall(r"^\./dev (\w+)", answer.stdout, re.MULTILINE) == [
        "run",
        "start",
        "test",
        "bench",
        "faults",
        "pictures",
        "fonts",
        "lock",
    ]


def test_an_unknown_verb_is_wrong_usage():
    answer = dev("fly")
    assert answer.returncode == 2
    assert "./dev run" in answer.stderr


def test_it_works_in_a_folder_with_blanks_percent_and_chinese_in_its_name(tmp_path):
    folder = tmp_path / "自评 项目 100%"
    shutil.copytree(DEV, folder / "packaging" / "dev")
    shutil.copy(REPOSITORY / "dev", folder)
    assert dev(folder=folder).stdout == dev().stdout


def test_a_python_that_is_too_old_is_named_in_one_line(tmp_path):
    for tool in ("dirname", "env"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    answer = dev("run", PATH=str(tmp_path), SELFASSESS_PYTHON="python3")
    assert answer.returncode == 1
    assert "Python 3.11 or later is needed" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_ci_runs_what_a_developer_runs():
    assert "./dev test" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def test_the_windows_twin_asks_for_the_same_python_and_starts_the_same_folder():
    text = (REPOSITORY / "dev.cmd").read_bytes().decode("ascii")
    assert text.count("\n") == text.count("\r\n")
    assert "sys.version_info < (3, 11)" in text
    assert r"packaging\dev" in text


# --------------------------------------------------------------------------------------------------- system packages
def test_only_packages_that_are_not_installed_are_missing():
    text = status(
        ("libgl1", "install ok installed"), ("xvfb", "deinstall ok config-files"), ("openbox", "hold ok installed")
    )
    assert system.missing(["libgl1", "xvfb", "openbox", "xclip"], text) == ["xvfb", "xclip"]


def test_a_package_renamed_for_64_bit_time_counts_as_installed():
    assert system.missing(["libcups2"], status(("libcups2t64", "install ok installed"))) == []


def test_a_package_asked_for_twice_is_missing_once():
    assert system.missing(["xvfb", "xvfb"], "") == ["xvfb"]


def test_either_of_two_alternatives_is_enough_and_the_first_is_asked_for():
    either = ["office-nogui|office"]
    assert system.missing(either, status(("office", "install ok installed"))) == []
    assert system.missing(either, status(("office-nogui", "install ok installed"))) == []
    assert system.missing(either, "") == ["office-nogui"]


def test_a_bundle_placed_by_hand_is_kept_before_its_package_overwrites_it(tmp_path):
    bundle, copy = tmp_path / "ca.crt", tmp_path / "build" / "kept.crt"
    bundle.write_text("office proxy")
    system.keep_certificates(["xvfb"], bundle, copy)
    assert not copy.exists()
    system.keep_certificates(["ca-certificates"], bundle, copy)
    assert copy.read_text() == "office proxy"


@pytest.mark.parametrize(
    ("output", "helps"),
    [
        ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7", "Another program is using apt"),
        ("Err:1 Temporary failure resolving 'x'\nE: Unable to locate package libcups2", "cannot be reached"),
        ("E: Unable to locate package libcups2", "lacks a system package"),
        ("sudo: a password is required", "cannot use sudo"),
        ("clerk is not in the sudoers file.", "cannot use sudo"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "pinned hash"),
        ("ERROR: No matching distribution found for lxml==6.1.3", "cannot be reached"),
        ("E: dpkg was interrupted, you must manually run", "dpkg --configure -a"),
    ],
)
def test_a_failing_installation_is_explained_in_one_line(output, helps):
    failure = say.explain_failure("set-up", ["apt-get"], output, Path("setup.log"))
    assert helps in str(failure).splitlines()[0]


def test_a_failure_nobody_foresaw_shows_its_last_words():
    failure = say.explain_failure("set-up", ["apt-get"], "first\nsegfault of moon\n\n", Path("setup.log"))
    assert "segfault of moon" in str(failure).splitlines()[0]


def test_missing_rights_are_not_tried_again_but_old_lists_are():
    assert say.cause("sudo: a password is required").lasting
    assert not say.cause("E: Unable to locate package x").lasting


def test_a_watched_command_is_logged_and_its_last_lines_kept(tmp_path):
    code, tail = say.watch(["sh", "-c", "echo one; echo two >&2; exit 3"], os.environ, tmp_path / "logs" / "setup.log")
    assert (code, tail) == (3, "one\ntwo\n")
    assert (tmp_path / "logs" / "setup.log").read_text().endswith("one\ntwo\n")


# ------------------------------------------------------------------------------------------------------- environment
def test_a_changed_requirement_asks_for_a_new_installation(tmp_path):
    requirements = tmp_path / "run.txt"
    requirements.write_text("lxml==1")
    before = environment.fingerprint(requirements)
    requirements.write_text("lxml==2")
    assert environment.fingerprint(requirements) != before


def test_processes_write_bytecode_and_speak_utf8(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LC_ALL", "POSIX")
    variables = environment.variables()
    assert "PYTHONDONTWRITEBYTECODE" not in variables
    assert variables["LC_ALL"] == "C.UTF-8"


@pytest.mark.parametrize("home", ["", "/nonexistent", "/proc"])
def test_a_home_that_cannot_be_written_to_is_replaced(home, monkeypatch):
    monkeypatch.setenv("HOME", home)
    assert os.access(environment.variables()["HOME"], os.W_OK)


@pytest.mark.parametrize("group", ["run", "dev"])
def test_every_requirement_is_pinned_and_hashed_and_no_address_is_stored(group):
    text = (REQUIREMENTS / f"{group}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(blocks) > 10
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_the_locked_list_has_every_declared_dependency():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", line)[0].lower() for line in lines}

    assert names(project["project"]["dependencies"]) <= set(locked("run"))
    assert names(project["dependency-groups"]["dev"]) <= set(locked("dev"))


def test_each_longer_list_holds_the_shorter_one_at_the_same_versions():
    assert locked("run").items() <= locked("dev").items()


def test_numpy_stays_out_because_it_slows_workbooks_and_the_start():
    assert "numpy" not in locked("dev")


# ----------------------------------------------------------------------------------------------------------- display
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DISPLAY": ":9473"},
        {"DISPLAY": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-9473"},
        {"QT_QPA_PLATFORM": "offscreen"},
    ],
)
def test_a_display_that_does_not_answer_is_none(variables, tmp_path):
    assert not display.is_reachable({"XDG_RUNTIME_DIR": str(tmp_path), "PATH": os.environ["PATH"], **variables})


@pytest.mark.real_window
def test_a_screen_in_memory_answers_and_is_gone_afterwards():
    with display.screen_in_memory(os.environ) as variables:
        assert display.is_reachable(variables)
    assert not display.is_reachable(variables)


@pytest.mark.real_window
def test_an_invisible_platform_counts_as_no_display_even_where_there_is_one():
    with display.screen_in_memory(os.environ) as variables:
        assert not display.is_reachable({**variables, "QT_QPA_PLATFORM": "offscreen"})


def test_the_headless_job_does_what_the_window_shows():
    stages = headless.stages(headless.EXAMPLE, Path("target"))
    assert [stage.verb[0] for stage in stages] == ["new", "fill", "show", "check", "export", "picture"]
    assert [stage.verb[0] for stage in stages if stage.findings_allowed] == ["check"]
    answers = tomllib.loads(headless.EXAMPLE.read_text(encoding="utf-8"))
    assert stages[0].verb[2:] == ["--catalogue", answers["catalogue"], "--unit", answers["unit"]["name"]]
