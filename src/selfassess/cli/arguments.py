"""The argument parser in Chinese; argparse itself is translated only where somebody has installed a translation."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

USAGE_ERROR = 2
"""Exit code for a command line that is not understood."""

_TRANSLATIONS = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"参数 \1：没有 \2 这个取值，可用的有 \3"),
    (r"argument (.+?): invalid \w+ value: (.+)", r"参数 \1：\2 不是整数"),
    (r"argument (.+?): expected (one|at least one) argument", r"参数 \1：后面要跟一个值"),
    (r"argument (.+?): not allowed with argument (.+)", r"参数 \1 不能与 \2 同用"),
    (r"argument (.+?): (.*[\u4e00-\u9fff].*)", r"参数 \1：\2"),  # refused in words by the argument's own type
    (r"ambiguous option: (.+?) could match (.+)", r"参数 \1 不明确，可能是 \2"),
)


class _Formatter(argparse.HelpFormatter):
    """Says 用法 instead of usage."""

    def add_usage(
        self,
        usage: str | None,
        actions: object,
        groups: object,
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)  # pyright: ignore[reportArgumentType] # handed through


class Parser(argparse.ArgumentParser):
    """An argument parser whose headings and errors are Chinese.

    Args:
        prog: What is typed before the arguments.
        description: What the command does, in one sentence.
        epilog: What stands under the help.
    """

    def __init__(self, prog: str, description: str = "", epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=_Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Say in Chinese what was not understood, with the usage, and leave."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{_in_chinese(message)}。用 {self.prog} --help 查看用法。\n")


def _in_chinese(message: str) -> str:
    for pattern, replacement in _TRANSLATIONS:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, replacement, message, flags=re.DOTALL)
    return message
