"""Which verbs there are and what they take; turns refusals into sentences and exit codes; knows no forms."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfassess.cli import comparing, rescue, verbs
from selfassess.cli.arguments import COMMAND, USAGE_ERROR, Parser
from selfassess.cli.console import complain, make_output_safe
from selfassess.errors import UserError

if TYPE_CHECKING:
    from argparse import (
        ArgumentParser,
        Namespace,
        _SubParsersAction,  # pyright: ignore[reportPrivateUsage] # argparse gives its type no public name
    )

    from selfassess.paths import Places

    Commands = _SubParsersAction[Parser]

VERBS = (
    *("catalogue", "new", "fill", "show", "explain", "check", "export", "reconcile"),
    *("restore", "backups", "salvage", "compare"),
)
"""First words of a command line that needs no window."""

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""

_EPILOG = "不带参数时打开窗口。退出码：0 正常，1 有审核问题或被拒绝，2 用法错误。"


class WindowVerb(Struct, frozen=True, kw_only=True):
    """A verb that needs a window, contributed by the caller, so that this package stays without Qt.

    Attributes:
        name: The verb.
        summary: What it does, in a few Chinese words.
        arguments: Adds its arguments to its parser.
        run: Does it; returns the exit code.
    """

    name: str
    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Places], int]


def run(arguments: Sequence[str], places: Places, window_verbs: Sequence[WindowVerb] = ()) -> int:
    """Run one command line.

    Args:
        arguments: The command line without the program's name.
        places: Where things live.
        window_verbs: Verbs that need a window.

    Returns:
        0 fine, 1 findings or something refused, 2 not understood.
    """
    make_output_safe()
    try:
        options = _parser(window_verbs).parse_args(arguments)
    except SystemExit as leaving:  # argparse has printed its help or what it did not understand
        return leaving.code if isinstance(leaving.code, int) else USAGE_ERROR
    # Printed at the end, so that it is known whether the disk refused the work or only the report of it.
    # What was done before a refusal, or before Ctrl+C, is done: it is told as well.
    report, is_printed = io.StringIO(), True
    try:
        try:
            with contextlib.redirect_stdout(report):
                code: int = options.run(options, places)
        finally:
            is_printed = _is_printed(report.getvalue())
    except UserError as error:
        complain(f"{error}{rescue.command_after(error)}")
        return verbs.FOUND
    except KeyboardInterrupt:
        return INTERRUPTED
    return code if is_printed else verbs.FOUND


def _is_printed(text: str) -> bool:
    """Whether whoever is to read a report got all of it; where a disk refuses it, that is said."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        # What is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader that went, such as head, has seen enough
            print(UserError("E185"), file=sys.stderr)
        return False
    return True


def _parser(window_verbs: Sequence[WindowVerb]) -> Parser:
    parser = Parser("selfassess", "填写、计算、审核并打印绩效自评表，不联网。", _EPILOG)
    commands = parser.add_subparsers(metavar=COMMAND, required=True)
    _add_catalogue(commands.add_parser("catalogue", help="指标体系：列出、检查、查看"))
    _add_drafts(commands)
    _add_readers(commands)
    _add_export(commands.add_parser("export", help="导出附件（PDF、xlsx）"))
    _add_rescue(commands)
    _add_compare(commands.add_parser("compare", help="比较两份草稿：逐行列出不同之处"))
    for verb in window_verbs:
        command = commands.add_parser(verb.name, help=verb.summary)
        verb.arguments(command)
        command.set_defaults(run=verb.run)
    return parser


def _add_catalogue(parser: Parser) -> None:
    commands = parser.add_subparsers(metavar=COMMAND, required=True)
    listing = commands.add_parser("list", help="有哪些指标体系")
    _finish(listing, verbs.catalogue_list)
    linting = commands.add_parser("lint", help="检查一份指标体系有没有错漏")
    linting.add_argument("file", metavar="文件", help="指标体系文件（.toml），或 编号/版本")
    _finish(linting, verbs.catalogue_lint)
    showing = commands.add_parser("show", help="查看一份指标体系的各行和数据")
    showing.add_argument("reference", metavar="编号/版本", help="如 xizang-dept-budget/2022，或指标体系文件（.toml）")
    _finish(showing, verbs.catalogue_show)


def _add_drafts(commands: Commands) -> None:
    new = commands.add_parser("new", help="新建一份空白草稿")
    new.add_argument("draft", metavar="草稿", type=Path, help="新草稿的文件名（.zpb）；已有的文件不会被覆盖")
    new.add_argument("--catalogue", metavar="编号/版本", required=True, help="所用的指标体系，或指标体系文件（.toml）")
    new.add_argument("--unit", metavar="名称", default="", help="填报单位")
    _finish(new, verbs.new)
    fill = commands.add_parser("fill", help="从填报内容文件填入草稿，要么全部填入，要么一项也不填")
    fill.add_argument("draft", metavar="草稿", type=Path, help="草稿（.zpb）")
    fill.add_argument("answers", metavar="内容", type=Path, help="填报内容文件（.toml）")
    _finish(fill, verbs.fill)


def _add_readers(commands: Commands) -> None:
    show = commands.add_parser("show", help="得分汇总")
    _add_form(show)
    _finish(show, verbs.show)
    explain = commands.add_parser("explain", help="每个数是怎么算出来的")
    _add_form(explain)
    explain.add_argument("code", metavar="序号", nargs="?", help="只看一行（如 2.7）或一类（如 二）")
    _finish(explain, verbs.explain_numbers)
    check = commands.add_parser("check", help="审核：报送前要改正、核实的问题")
    _add_form(check)
    _finish(check, verbs.check)
    reconcile = commands.add_parser("reconcile", help="核对：填列数与计算数逐行比较，并给出可能的原因")
    reconcile.add_argument("file", metavar="文件", type=Path, help="自评表（.tsv），或写有填列数的草稿、填报内容文件")
    _add_catalogue_option(reconcile)
    _finish(reconcile, verbs.reconcile_form)


def _add_compare(parser: Parser) -> None:
    parser.add_argument("ours", metavar="本文件", type=Path, help="草稿（.zpb）")
    parser.add_argument("theirs", metavar="另一份", type=Path, help="同一份草稿的另一个副本，或同一种表的另一份草稿")
    _finish(parser, comparing.compare)


def _add_export(parser: Parser) -> None:
    _add_form(parser)
    parser.add_argument("--pdf", metavar="文件", type=Path, help="导出为 PDF")
    parser.add_argument("--xlsx", metavar="文件", type=Path, help="导出为工作簿")
    parser.add_argument(
        "--profile",
        choices=("national", "office"),
        default="national",
        metavar="方案",
        help="打印方案：national 国标、office 本单位；不写则为国标",
    )
    parser.add_argument("--first-page", metavar="页码", type=int, default=1, help="PDF 第一页的页码")
    parser.add_argument(
        "--page-numbers",
        choices=("gbt9704", "foot", "none"),
        metavar="位置",
        help="PDF 页码的位置：gbt9704 国标、foot 页脚居中、none 不要；不写则按打印方案",
    )
    parser.add_argument("--sign-off", action="store_true", help="表后加签字栏")
    _finish(parser, verbs.export)


def _add_rescue(commands: Commands) -> None:
    restore = commands.add_parser("restore", help="列出恢复点，或恢复到其中一个（可以撤销）")
    restore.add_argument("draft", metavar="草稿", type=Path, help="草稿（.zpb）")
    restore.add_argument("number", metavar="编号", type=int, nargs="?", help="恢复到哪一个；不写则列出")
    _finish(restore, rescue.restore)
    backups = commands.add_parser("backups", help="列出自动备份")
    backups.add_argument("draft", metavar="草稿", type=Path, nargs="?", help="只列这一份草稿的；草稿可以已损坏或不在了")
    _finish(backups, rescue.backups)
    salvage = commands.add_parser("salvage", help="抢救损坏的草稿：能读出的内容存成一份新草稿，并写出抢救报告")
    salvage.add_argument("damaged", metavar="损坏的草稿", type=Path, help="只读取，不改动")
    salvage.add_argument("new", metavar="新草稿", type=Path, help="新草稿的文件名（.zpb）；已有的文件不会被覆盖")
    salvage.add_argument("--catalogue", metavar="编号/版本", help="草稿中的指标体系读不出来时用哪一份")
    _finish(salvage, rescue.salvage)


def _add_form(parser: Parser) -> None:
    parser.add_argument("form", metavar="草稿", type=Path, help="草稿（.zpb），或填报内容文件（.toml）")
    _add_catalogue_option(parser)


def _add_catalogue_option(parser: Parser) -> None:
    parser.add_argument("--catalogue", metavar="文件", help="填报内容文件所用的指标体系文件，不写则按其中的编号查找")


def _finish(parser: Parser, verb: Callable[[Namespace, Places], int]) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 输出，数一律写成文字")
    parser.set_defaults(run=verb)
