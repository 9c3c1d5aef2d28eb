"""The program's main job without a display: score the example, print what it finds, write the annex and a picture."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import display
import environment
import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXAMPLE = environment.ROOT / "examples" / "foreign-affairs-2022.answers.toml"
TARGET = environment.BUILD / "headless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One call of the program.

    Attributes:
        chinese: What it does.
        english: The same.
        verb: Arguments of ``selfassess``.
        findings_allowed: Exit code 1 says that there are findings, which is what the example is for.
        window: Needs a screen, if only in memory.
    """

    chinese: str
    english: str
    verb: Sequence[str]
    findings_allowed: bool = False
    window: bool = False


def stages(example: Path, target: Path) -> list[Stage]:
    """What is called, in order."""
    answers = tomllib.loads(example.read_text(encoding="utf-8"))
    draft, pdf, xlsx, picture = (
        str(target / name) for name in ("example.zpb", "annex.pdf", "annex.xlsx", "window.png")
    )
    new = ["new", draft, "--catalogue", answers["catalogue"], "--unit", answers["unit"]["name"]]
    return [
        Stage(chinese="新建自评表", english="New draft", verb=new),
        Stage(chinese="填入示例", english="Fill in the example", verb=["fill", draft, str(example)]),
        Stage(chinese="得分汇总", english="Scorecard", verb=["show", draft]),
        Stage(chinese="审核问题", english="Findings", verb=["check", draft], findings_allowed=True),
        Stage(chinese="导出附件", english="Export the annex", verb=["export", draft, "--pdf", pdf, "--xlsx", xlsx]),
        Stage(chinese="主窗口截图", english="Picture of the window", verb=["picture", draft, picture], window=True),
    ]


def run(env: dict[str, str]) -> None:
    """Do the whole job into ``build/headless`` and list what was made.

    Raises:
        Failure: Naming the stage that failed.
    """
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for stage in stages(EXAMPLE, TARGET):
        print(f"\n── {stage.chinese} {stage.english}: selfassess {stage.verb[0]}", flush=True)
        code = _call(stage, env)
        if code != 0 and not (stage.findings_allowed and code == 1):
            message = f"“{stage.chinese}”失败 (selfassess {stage.verb[0]}, exit code {code})"
            raise say.Failure(message)
    print("\n── 已生成 Made")
    for path in sorted(TARGET.iterdir()):
        print(f"{path.stat().st_size:>10,}  {path}")


def _call(stage: Stage, env: dict[str, str]) -> int:
    command = [environment.PYTHON, "-m", "selfassess", *stage.verb]
    if not stage.window:
        return subprocess.run(command, env=env, check=False).returncode
    with display.screen_in_memory(env) as seen:
        return subprocess.run(command, env=seen, check=False).returncode
