"""The program opens no network, writes nowhere else, starts nothing, runs nothing that came from outside."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from strangers import ROOT

JOB = Path(__file__).with_name("job.py")
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def snapshot(*folders: Path) -> dict[str, tuple[int, int]]:
    """Every file under some folders with its size and time."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if not path.is_dir() and path.parent.name != "__pycache__"  # other tests run beside this one
    }


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The whole job, without a window and with one, in a home of its own: what it did, and what it left."""
    base = tmp_path_factory.mktemp("job")
    home, data, targets, temporary, elsewhere = (base / name for name in ("home", "数据", "目标", "tmp", "cwd"))
    for folder in (home, targets, temporary, elsewhere):
        folder.mkdir()
        (folder / "old.txt").write_text("was here before")
    env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    env |= {"HOME": str(home), "SELFASSESS_DATA": str(data), "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"}
    env |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    before = snapshot(home, temporary, elsewhere), snapshot(ROOT / "src", ROOT / "catalogues", ROOT / "examples")
    told = []
    for what in ("headless", "window"):
        command = [sys.executable, str(JOB), what, str(targets)]
        ran = subprocess.run(
            command, env=env, cwd=elsewhere, capture_output=True, text=True, timeout=120, check=False, errors="replace"
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        told.append(json.loads(ran.stdout.splitlines()[-1]))
    after = snapshot(home, temporary, elsewhere), snapshot(ROOT / "src", ROOT / "catalogues", ROOT / "examples")
    return {"told": told, "before": before, "after": after, "allowed": (data, targets, temporary), "targets": targets}


def test_no_socket_is_opened(done):
    assert [one["sockets"] for one in done["told"]] == [[], []]
    assert [one["system"] for one in done["told"]] == [[], []]


def test_no_other_program_is_started(done):
    assert [one["started"] for one in done["told"]] == [[], []]


def test_nothing_is_written_outside_the_data_folder_the_targets_and_the_temporary_folder(done, figures):
    written = {name for one in done["told"] for name in one["written"]} - {":memory:", os.devnull}
    paths = {re.sub(r"^file://|\?mode=.*$|\?immutable.*$", "", name) for name in written}
    outside = [
        path for path in map(unquote, paths) if not any(Path(path).is_relative_to(folder) for folder in done["allowed"])
    ]
    assert sorted(outside) == []
    assert done["after"] == done["before"]
    figures.note("no harm: files written / outside the data folder, targets and temporary folder", f"{len(paths)} / 0")


def test_only_what_was_chosen_is_left_among_the_targets(done):
    left = {path.name for path in done["targets"].iterdir()}
    assert left == {"old.txt", "示例.zpb", "副本.zpb", "附件.pdf", "附件.xlsx", "印.pdf"}


# -------------------------------------------------------------------------------------------------- what the code holds
NEVER_IMPORTED = {
    *("pickle", "cPickle", "_pickle", "marshal", "shelve", "dbm", "yaml", "code", "codeop", "ctypes", "cffi"),
    *(
        "socket",
        "ssl",
        "http",
        "urllib.request",
        "ftplib",
        "smtplib",
        "asyncio",
        "socketserver",
        "xmlrpc",
        "webbrowser",
    ),
    *("subprocess", "pty", "multiprocessing"),
    *("PySide6.QtNetwork", "PySide6.QtWebEngineCore", "PySide6.QtQml", "PySide6.QtDBus"),
}
ALLOWED = {"loading.py": "ctypes", "pdfium.py": "ctypes", "taking.py": "ctypes"}
"""What reads Qt's own libraries ahead, and what hands pdfium bytes without copying them."""
ASKED = {"copies.py": {"openUrl"}, "start_page.py": {"openUrl"}}
"""A document to be looked at, a copy on the disk and never what a desktop would run; the folder of a draft."""
NEVER_CALLED = {"eval", "exec", "compile", "__import__", "execfile"}
NEVER_ASKED = {
    "system",
    "popen",
    "spawnl",
    "spawnv",
    "execv",
    "execve",
    "startfile",
    "enable_load_extension",
    "openUrl",
}
NEVER_ASKED |= {"setHtml", "loadsUnsafe", "fork", "startDetached"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_module_has_no_means_to_run_what_came_from_outside(source):
    tree = ast.parse(source.read_text("utf-8"))
    for name in imported(tree):
        assert name.partition(".")[0] == ALLOWED.get(source.name) or not any(
            name == never or name.startswith(f"{never}.") for never in NEVER_IMPORTED
        ), name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                assert node.func.id not in NEVER_CALLED, f"line {node.lineno}"
            elif isinstance(node.func, ast.Attribute):
                assert node.func.attr not in NEVER_ASKED - ASKED.get(source.name, set()), f"line {node.lineno}"
            assert not any(each.arg == "shell" for each in node.keywords), f"line {node.lineno}"


BEYOND = r"\b(ATTACH|load_extension|VACUUM\s+INTO|writable_schema|CREATE\s+(TRIGGER|VIEW|VIRTUAL))\b"


@pytest.mark.parametrize("source", [one for one in SOURCES if "store" in one.parts], ids=lambda path: path.name)
def test_no_statement_reaches_beyond_the_draft(source):
    texts = [node.value for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and re.search(BEYOND, text, re.IGNORECASE)] == []


# ------------------------------------------------------------------------------------------------------ forms, manual
@pytest.mark.parametrize("form", sorted((ROOT / "ui").glob("*.ui")), ids=lambda path: path.name)
def test_a_form_names_no_file_and_no_address(form):
    tree = ET.parse(form)  # noqa: S314  (our own file)
    kinds = {element.tag for element in tree.iter()}
    assert not kinds & {"url", "iconset", "pixmap", "script", "slots", "connection"}
    assert not list(tree.iterfind("resources/*"))
    text = " ".join(f"{element.text or ''} {element.attrib}" for element in tree.iter())
    assert "://" not in text
    assert not re.search(r"Web|Qml|Quick|ActiveX|QAx", text)


def test_a_manual_that_names_other_computers_and_other_files_fetches_nothing(tmp_path, qapp, qtbot):
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QImage, QTextDocument

    from selfassess.gui.manual_window import ManualPage

    page = tmp_path / "manual.md"
    names = (
        "http://example.invalid/a.png",
        "//elsewhere/share/a.png",
        "file://elsewhere/a.png",
        "ftp://example.invalid/a",
    )
    page.write_text("\n\n".join(f"![x]({name}) [y]({name})" for name in names), encoding="utf-8")
    shown = ManualPage(page)
    qtbot.addWidget(shown)
    shown.show()
    kinds = QTextDocument.ResourceType
    for name in names:
        picture = shown.loadResource(kinds.ImageResource.value, QUrl(name))
        assert not isinstance(picture, QImage) or picture.isNull()
        shown.anchorClicked.emit(QUrl(name))
    assert shown.toPlainText().count("y") == len(names)
