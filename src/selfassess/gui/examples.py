"""Which drafts are the program's own examples: those named as the answers files that it ships; opens none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS_SUFFIX = ".toml"


def draft_name(answers: Path) -> str:
    """The name, without suffix, of the draft that is made from an answers file.

    Args:
        answers: Such as ``foreign-affairs-2022.answers.toml``.
    """
    return answers.name.removesuffix(ANSWERS_SUFFIX).removesuffix(".answers")


def example_files(folder: Path) -> list[Path]:
    """The filled forms that are shipped; none where the folder is missing.

    Args:
        folder: Where they lie.
    """
    return sorted(folder.glob(f"*{ANSWERS_SUFFIX}"))
