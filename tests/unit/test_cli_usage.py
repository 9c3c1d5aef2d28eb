"""A command line that is not understood: one Chinese sentence with the nearest right word, and help that is tidy."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfassess.cli import VERBS, WindowVerb, run
from selfassess.cli.arguments import COMMAND, Parser
from selfassess.cli.console import width
from selfassess.cli.main import _parser
from selfassess.paths import Places

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "examples/foreign-affairs-2022.answers.toml")
WORKING = "xizang-dept-budget/2022"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(assets=ROOT, data=tmp_path / "数据")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少“命令”（可用的有：catalogue、"),
        (["shwo"], "没有“shwo”这个命令，最接近的是“show”"),
        (["qqqq"], "没有“qqqq”这个命令，可用的有：catalogue、"),
        (["catalogue", "lst"], "没有“lst”这个命令，最接近的是“list”"),
        (["catalogue"], "缺少“命令”（可用的有：list、lint、show）"),
        (["show"], "缺少“草稿”"),
        (["fill"], "缺少“草稿”、“内容”"),
        (["show", "--"], "缺少“草稿”"),
        (["fill", "--", "-x"], "缺少“内容”"),
        (["new", "a.zpb"], "缺少“--catalogue”"),
        (["show", EXAMPLE, "--jsno"], "没有“--jsno”这个选项，最接近的是“--json”"),
        (["show", "-x", EXAMPLE], "没有“-x”这个选项"),
        (["--verion"], "没有“--verion”这个选项"),
        (["new", "a.zpb", "--catalog", WORKING], "没有“--catalog”这个选项，最接近的是“--catalogue”"),
        (["new", "a.zpb", f"--catalog={WORKING}"], "没有“--catalog”这个选项，最接近的是“--catalogue”"),
        (["show", EXAMPLE, "我的", "表"], "多出了“我的”、“表”"),
        (["export", EXAMPLE, "--pdf"], "选项“--pdf”后面要跟一个值"),
        (
            ["export", EXAMPLE, "--profile", "ofice"],
            "没有“ofice”这个取值，最接近的是“office”，可用的有：national、office",
        ),
        (["export", EXAMPLE, "--profile", "'x' (choose from 'y')"], "没有“'x' (choose from 'y')”这个取值"),
        (["export", EXAMPLE, "--first-page", "一"], "后面的“一”不是整数"),
        (["export", EXAMPLE, "--sign-off=1"], "选项“--sign-off”后面不跟值，却写了“1”"),
        (["show", "-hx"], "选项“--help”后面不跟值，却写了“x”"),
        (["export", EXAMPLE], "没有写明导出到哪里"),
    ],
)
def test_a_command_line_that_is_not_understood_is_told_in_one_chinese_sentence(
    places: Places, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
):
    assert run(arguments, places) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert words in said
    assert len(said.splitlines()) == 1
    verbs = " ".join(itertools.takewhile(lambda one: one in {*VERBS, "list", "lint"}, arguments))
    assert f"selfassess {verbs}".rstrip() + " --help" in said


ENGLISH = re.compile(r"usage|error|invalid|argument|expected|required|choose|unrecognized|show this|options|positional")


def every_parser(parser: Parser) -> Iterator[Parser]:
    yield parser
    for action in parser._actions:
        if action.metavar == COMMAND:
            for verb in action.choices.values():
                yield from every_parser(verb)


def test_no_word_of_argparse_is_left_in_any_help():
    helps = {parser.prog: parser.format_help() for parser in every_parser(_parser(()))}
    assert len(helps) == 1 + len(VERBS) + 3
    assert {name: text for name, text in helps.items() if ENGLISH.search(text)} == {}


def test_help_stands_in_columns_however_wide_chinese_is():
    for parser in every_parser(_parser(())):
        for part in parser.format_help().split("\n\n")[1:]:
            rows = [re.fullmatch(r"(  \S.*?  +)(\S.*)", line) for line in part.splitlines()]
            assert len({width(row[1]) for row in rows if row}) <= 1, part
            assert max(map(width, part.splitlines())) <= 100


@pytest.mark.parametrize(
    "message",
    [
        "argument 命令: invalid choice: 'shwo' (choose from 'show', 'new')",
        "argument 命令: invalid choice: 'shwo' (choose from show, new)",  # as later versions of Python say it
        "argument 命令: invalid choice: 'shwo', maybe you meant 'show'? (choose from show, new)",
        "something that no version has said yet",
    ],
)
def test_what_other_versions_of_python_say_is_never_shown(message: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        Parser("selfassess").error(message)
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert not ENGLISH.search(said)
    assert "maybe" not in said
    assert "selfassess --help" in said


def test_a_file_in_place_of_a_verb_is_told_how_to_be_opened(places: Places, capsys: pytest.CaptureFixture[str]):
    verb = WindowVerb(name="open", summary="打开窗口", arguments=lambda _: None, run=lambda *_: 0)
    assert run(["我的.zpb"], places, [verb]) == 2
    assert "要打开文件，是 selfassess open 我的.zpb" in capsys.readouterr().err
