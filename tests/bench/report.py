"""The table of ratios that a run prints at its end; knows no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
"""Marks on the page between which the figures of a run stand."""

BUSY = 1.6
"""Load from which on something else must have been running."""


@dataclass(slots=True)
class Report:
    """Ratios measured in this run, beside their budgets.

    Attributes:
        lines: The table, a measurement a line.
        load_at_end: Processes that ran or waited on average in the run's last minute; None where the system does not
            tell. The run itself is about one.
    """

    lines: list[str] = field(default_factory=list)
    load_at_end: float | None = None

    def ratio(self, what: str, against: str, ratio: float, budget: float, detail: str = "") -> None:
        """Note one ratio (ours ÷ theirs) and the most it may be."""
        mark = "ok" if ratio <= budget else "OVER"
        self.lines.append(f"{mark:<8}{_padded(what, 62)}{ratio:6.2f} × {_padded(against, 34)}≤ {budget:<5g}{detail}")

    def note(self, what: str, said: str) -> None:
        """Note a figure that has no budget."""
        self.lines.append(f"{'':<8}{_padded(what, 62)}{said}")

    def missing(self, what: str, peer: str, why: str) -> None:
        """Note a peer that could not be measured."""
        self.lines.append(f"MISSING {_padded(what, 62)}{peer}: {why}")

    def quietness(self) -> str:
        """Whether other work went on beside the run, in a sentence."""
        if self.load_at_end is None:
            return "load unknown"
        if self.load_at_end < BUSY:
            return f"load {self.load_at_end:.1f}: quiet"
        return f"load {self.load_at_end:.1f}: other work went on beside this run; repeat it at a quiet moment"

    def write_page(self, page: Path, machine: str) -> None:
        """Put the table in place of the one on a page, between the page's two marks.

        Args:
            page: Markdown with both marks.
            machine: What the figures were seen on.
        """
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        table = "\n".join(line.rstrip() for line in [*self.lines, self.quietness()])
        page.write_text(f"{before}{BEGIN}\n{machine}\n\n```text\n{table}\n```\n{END}{after}", encoding="utf-8")


def _padded(text: str, width: int) -> str:
    return f"{text:<{width}} "
