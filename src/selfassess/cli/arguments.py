"""The argument parser in Chinese: its help, and one sentence for whatever it does not understand; knows no verbs.

argparse says what is wrong in English, and only its sentences tell the cases apart; none of its words are shown.
"""

from __future__ import annotations

import argparse
import ast
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NoReturn

from selfassess.cli.console import table
from selfassess.errors import UserError
from selfassess.paths import DRAFT_SUFFIX
from selfassess.scoring.suggestions import hint, nearest
from selfassess.wording import in_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

USAGE_ERROR = 2
"""Exit code for a command line that is not understood."""
COMMAND = "命令"
"""What a verb is called in help and refusals."""
_FILES = (DRAFT_SUFFIX, ".toml")
_MISSING = r"the following arguments are required: (.+)"
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_CHOICE = rf"argument (.+?): invalid choice: ({_QUOTED})(?:, maybe you meant .+?)? \(choose from (.+)\)"
_TOLD_OTHERWISE = (
    (r"argument (?:-h/)?(?P<option>\S+?): invalid int value: (?P<word>.+)", "E196"),
    (r"argument (?:-h/)?(?P<option>\S+?): expected (?:one|at least one) argument", "E195"),
    (r"argument (?:-h/)?(?P<option>\S+?): ignored explicit argument (?P<word>.+)", "E197"),
    (r"argument (?:-h/)?(?P<option>\S+?): (?P<why>.*[\u4e00-\u9fff].*)", "E198"),
)
"""What is wrong about one option; the last in the words of the option's own type."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose help and errors are Chinese.

    Args:
        prog: What is typed before the arguments.
        description: What the command does, in one sentence.
        epilog: What stands under the help.
    """

    def __init__(self, prog: str, description: str = "", epilog: str = "") -> None:
        super().__init__(prog=prog, description=description, epilog=epilog, add_help=False, allow_abbrev=False)
        self._given: tuple[str, ...] = ()
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    # ------------------------------------------------------------------------------------------------------------ help
    def format_usage(self) -> str:
        """What to type, on one line."""
        options = [action for action in self._actions if action.option_strings]
        words = [
            self.prog,
            *(_called(option) for option in options if option.required),
            *(["[选项]"] if any(not option.required for option in options) else []),
            *(_called(action) for action in self._actions if not action.option_strings),
        ]
        return f"用法：{' '.join(words)}\n"

    def format_help(self) -> str:
        """Everything that can be typed, in columns that take Chinese as wide as it is."""
        verbs: list[tuple[str, str]] = []
        arguments: list[tuple[str, str]] = []
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # pyright: ignore[reportPrivateUsage] # has no public name
                verbs += [(verb.dest, verb.help or "") for verb in action._get_subactions()]
            elif not action.option_strings:
                arguments.append((_called(action), action.help or ""))
        options = [(_called(action), action.help or "") for action in self._actions if action.option_strings]
        parts = [self.format_usage(), f"{self.description}\n" if self.description else ""]
        for title, rows in ((COMMAND, verbs), ("参数", arguments), ("选项", options)):
            if rows:
                lines = table([("", *row) for row in rows])
                parts.append(f"{title}：\n{lines}\n")
        parts.append(f"{self.epilog}\n" if self.epilog else "")
        return "\n".join(part for part in parts if part)

    # --------------------------------------------------------------------------------------------------------- refusals
    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]  # the stub has three overloads
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> Any:
        """Parse; what is too much is refused here, where the options of the verb are known."""
        self._given = tuple(args or ())
        known, more = super().parse_known_args(self._given, namespace)
        if more:
            self._refuse_unknown(more)
            self._refuse("E193", words="、".join(map(in_marks, more)))
        return known, more

    def error(self, message: str) -> NoReturn:
        """Say in one Chinese sentence what was not understood, and leave."""
        if found := re.fullmatch(_MISSING, message):
            # What is missing may only be misspelt.
            self._refuse_unknown(self._given)
            names = "、".join(self._missing(name) for name in found[1].split(", "))
            self._refuse("E191", names=names)
        if found := re.fullmatch(_CHOICE, message, re.DOTALL):
            self._refuse_choice(found[1], _bare(found[2]), [_bare(one) for one in found[3].split(", ")])
        for pattern, code in _TOLD_OTHERWISE:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                self._refuse(code, **{name: _bare(text) for name, text in found.groupdict().items()})
        self._refuse("E189")

    def _missing(self, name: str) -> str:
        return f"{in_marks(name)}（{hint('', self._verbs())}）" if name == COMMAND else in_marks(name)

    def _verbs(self) -> list[str]:
        return [
            str(verb)
            for action in self._actions
            if action.choices and action.metavar == COMMAND
            for verb in action.choices
        ]

    def _refuse_unknown(self, words: Iterable[str]) -> None:
        """Refuse the first word that looks like an option and is none; what follows ``--`` is never one."""
        known = [name for action in self._actions for name in action.option_strings]
        for word in takewhile(lambda one: one != "--", words):
            name = word.partition("=")[0]
            if re.match(r"-\D", name) and name not in known:
                self._refuse("E192", word=name, hint=hint(name, [one for one in known if one.startswith("--")]))

    def _refuse_choice(self, name: str, word: str, choices: list[str]) -> NoReturn:
        if name != COMMAND:
            known = hint("", choices)
            close = f"{hint(word, choices)}，{known}" if nearest(word, choices) else known
            self._refuse("E194", option=name, word=word, hint=close)
        if word.endswith(_FILES) and "open" in choices:
            self._refuse("E190", word=word, hint=f"要打开文件，是 {self.prog} open {word}")
        self._refuse("E190", word=word, hint=hint(word, choices))

    def _refuse(self, code: str, **values: object) -> NoReturn:
        self.exit(USAGE_ERROR, f"{UserError(code, help=f'{self.prog} --help', **values)}\n")


def _called(action: argparse.Action) -> str:
    """An argument as it is typed: ``--pdf 文件``, ``[序号]``."""
    shown = str(action.metavar or "") if action.nargs != 0 else ""
    if action.option_strings:
        return " ".join(part for part in (", ".join(action.option_strings), shown) if part)
    return f"[{shown}]" if action.nargs == "?" else shown


def _bare(word: str) -> str:
    """A word as it was typed: argparse writes it as Python would, mostly."""
    return str(ast.literal_eval(word)) if re.fullmatch(_QUOTED, word, re.DOTALL) else word
