"""The pages tell the truth: links lead somewhere, commands do what is said, keys and names are the program's own."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from selfassess.cli import main as command_line
from selfassess.gui import window_actions
from selfassess.gui.manual_window import anchor_of
from selfassess.paths import Places
from selfassess.wording import MESSAGES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page for pattern in ("*.md", "docs/*.md", "resources/**/*.md", "tests/**/*.md") for page in ROOT.glob(pattern)
)
README = ROOT / "README.md"
MANUAL = ROOT / "docs" / "manual.zh-CN.md"
PICTURES = ROOT / "docs" / "pictures"
GUI = ROOT / "src" / "selfassess" / "gui"
MOST_BYTES = 3 << 20
"""All pictures together."""
KNOWN_HOSTS = {"toml.io"}
"""A page is read offline; it may name a standard's address, and never a shop for packages."""

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def text_of(page):
    return page.read_text(encoding="utf-8")


def prose_of(page):
    """A page without its blocks of code."""
    return _FENCE.sub("", text_of(page))


def blocks_of(page, language):
    return [body for kind, body in _FENCE.findall(text_of(page)) if kind == language]


def named(pages):
    return [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in pages]


def section_of(page, heading):
    """The text under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no heading “{heading}”"
    return found[1]


def table_of(page, heading):
    """The cells of the table under a heading, without its head."""
    rows = [line.strip("|").split("|") for line in section_of(page, heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def keys_in(cell):
    return tuple(re.findall(r"`([^`]+)`", cell))


# ------------------------------------------------------------------------------------------------- links and pictures


@pytest.mark.parametrize("page", named(PAGES))
def test_every_link_leads_to_a_file_or_a_heading(page):
    for link in _LINK.findall(prose_of(page)):
        parts = urlsplit(unquote(link))
        if parts.scheme:
            continue
        target = page.parent / parts.path if parts.path else page
        assert target.exists(), f"{link} leads nowhere"
        if parts.fragment:
            anchors = {anchor_of(heading) for heading in re.findall(r"^#+ (.+)$", prose_of(target), re.MULTILINE)}
            assert parts.fragment in anchors, f"{link}: no such heading"


@pytest.mark.parametrize("page", named(PAGES))
def test_a_heading_stands_after_a_blank_line(page):
    lines = prose_of(page).splitlines()
    crowded = [line for before, line in pairwise(lines) if re.match("#+ ", line) and before.strip()]
    assert crowded == []


@pytest.mark.parametrize("page", named(PAGES))
def test_pages_name_no_shop_for_packages(page):
    hosts = {urlsplit(address).hostname for address in re.findall(r"https?://[^\s)>`|]+", text_of(page))}
    assert hosts <= KNOWN_HOSTS


def test_every_picture_is_shown_on_a_page():
    shown = {(page.parent / urlsplit(link).path).resolve() for page in PAGES for link in _LINK.findall(prose_of(page))}
    kept = {picture.resolve() for picture in PICTURES.iterdir()}
    assert kept - shown == set()


def test_the_pictures_stay_small():
    assert sum(picture.stat().st_size for picture in PICTURES.iterdir()) < MOST_BYTES


def test_the_script_draws_every_picture_there_is():
    script = text_of(ROOT / "packaging" / "pictures.py")
    assert [picture.stem for picture in PICTURES.iterdir() if f'"{picture.stem}"' not in script] == []


# ------------------------------------------------------------------------------------------------------------ commands


def run(capsys, tmp_path, monkeypatch, command):
    """Run what a page shows after ``./dev run`` from the repository's folder; gives exit code and what was printed."""
    words = shlex.split(command)
    assert words[:2] == ["./dev", "run"]
    monkeypatch.chdir(ROOT)
    code = command_line.run(words[2:], Places(assets=ROOT, data=tmp_path))
    said = capsys.readouterr()
    assert said.err == "", said.err
    return code, said.out


def commands_of(page):
    return [
        line.removeprefix("$ ")
        for block in blocks_of(page, "console")
        for line in block.splitlines()
        if line.startswith("$ ./dev run ")
    ]


@pytest.mark.parametrize("command", sorted({*commands_of(README), *commands_of(MANUAL)}))
def test_commands_on_pages_run_and_print(command, capsys, tmp_path, monkeypatch):
    code, said = run(capsys, tmp_path, monkeypatch, command)
    assert code in (command_line.verbs.FINE, command_line.verbs.FOUND)
    assert said.strip()


def test_the_pages_show_commands():
    assert len(commands_of(README)) == 2
    assert len(commands_of(MANUAL)) == 5


def test_the_program_finds_what_the_readme_says_of_the_example(capsys, tmp_path, monkeypatch):
    reconciling, checking = commands_of(README)
    said = " ".join(text_of(README).split())
    code, reconciled = run(capsys, tmp_path, monkeypatch, reconciling)
    assert "prints a total of 90.5" in said
    assert code == command_line.verbs.FOUND
    assert re.search(r"合计（不含其他事项） +90\.5 +96\.5 ", reconciled)
    assert re.search(r"合计（含其他事项） +90\.5 +104\.5 ", reconciled)
    code, found = run(capsys, tmp_path, monkeypatch, checking)
    assert "20 of 20 points for budget execution with 22.30 %" in said
    assert code == command_line.verbs.FOUND
    assert re.search(r"“预算执行进度”得满分 20 分，但.*22\.30%", found)


def test_the_two_commands_of_the_readme_are_verbs_of_dev():
    usage = subprocess.run(
        [sys.executable, ROOT / "packaging" / "dev"], capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    verbs = re.findall(r"^\./dev (\w+)", usage, re.MULTILINE)
    (first,) = blocks_of(README, "sh")
    assert re.findall(r"^\./dev (\w+)", first, re.MULTILINE) == ["run", "test"]
    assert {"run", "test"} <= set(verbs)
    told = {verb for page in PAGES for verb in re.findall(r"\./dev (\w+)", text_of(page))}
    assert told <= set(verbs)


def test_the_readme_lists_the_verbs_there_are():
    listed = " ".join(
        line.removeprefix("$ selfassess").strip()
        for block in blocks_of(README, "console")
        for line in block.splitlines()
        if line.startswith("$ selfassess ")
    )
    window = re.findall(r'WindowVerb\(\s*name="(\w+)"', text_of(ROOT / "src" / "selfassess" / "__main__.py"))
    assert len(window) == 2
    verbs = [*command_line.VERBS, *window]
    assert [verb for verb in verbs if re.search(rf"(?<!\S){verb}(?!\S)", listed)] == verbs


# ---------------------------------------------------------------------------------------------------------- the manual


def test_the_manual_lists_every_shortcut_of_the_menus():
    commands = [command for _, menu in window_actions._MENUS for command in menu if command.keys]
    expected = [[command.text.rstrip("…"), command.keys] for command in commands]
    assert [[what, keys_in(keys)] for what, keys in table_of(MANUAL, "菜单里的")] == expected


KEY_NAMES = {
    "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Return": "回车", "Enter": "回车",
    "Backtab": "Shift+Tab", "Escape": "Esc",
}  # fmt: skip


@pytest.mark.parametrize(
    ("modules", "heading"),
    [
        (("table/keyboard.py", "table/view.py", "table/delegate.py", "table/editors.py"), "在表格里"),
        (("start_page.py", "draft_finder.py"), "在草稿列表里"),
        (("adjustments_editor.py", "adjustments_cells.py"), "在“其他事项”里"),
        (("evidence/section.py",), "在“佐证材料”里"),
    ],
)
def test_the_manual_tells_every_key_that_the_code_listens_to(modules, heading):
    listened = {
        node.attr.removeprefix("Key_")
        for module in modules
        for node in ast.walk(ast.parse(text_of(GUI / module)))
        if isinstance(node, ast.Attribute) and node.attr.startswith("Key_")
    }
    assert listened
    told = {key for _, keys in table_of(MANUAL, heading) for key in keys_in(keys)}
    assert {KEY_NAMES.get(key, key) for key in listened} <= told


def test_ways_through_menus_exist():
    ways = re.findall(r"“(\w+) → ([^”]+)”", text_of(MANUAL))
    menus = {
        (title.partition("(")[0], command.text.rstrip("…")) for title, menu in window_actions._MENUS for command in menu
    }
    assert ways
    assert {(menu, command.rstrip("…")) for menu, command in ways} - menus == set()


def test_what_the_manual_tells_to_click_or_tick_is_in_the_windows():
    sources = [*GUI.rglob("*.py"), *(ROOT / "ui").glob("*.ui"), *ROOT.glob("catalogues/*/*.toml")]
    shown = re.sub(r"\(&\w\)|&|…", "", "\n".join(text_of(source) for source in sources))
    told = set(re.findall(r"(?:点|勾选)“([^”→]+)”", text_of(MANUAL)))
    assert len(told) > 10
    assert {name for name in told if name.rstrip("…") not in shown and name != "八、其他事项"} == set()


def test_every_kind_of_rule_has_its_heading_and_its_picture():
    from selfassess.domain.rules import RULE_NAMES

    for name in RULE_NAMES.values():
        section = section_of(MANUAL, name)
        assert "](pictures/row-" in section or "第 5 章" in section


def test_codes_of_messages_in_the_manual_exist():
    codes = set(re.findall(r"\b[EFL]\d{3}\b", text_of(MANUAL)))
    assert codes
    assert codes <= MESSAGES.keys()


def test_the_clerk_is_told_of_secrets_before_the_first_chapter():
    opening = text_of(MANUAL).partition("\n## ")[0]
    assert "不得用它处理涉密信息" in opening
