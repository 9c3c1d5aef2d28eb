"""The table of ratios that a run prints at its end; knows no clock."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Ratios measured in this run, beside their budgets.

    Attributes:
        lines: The table, a measurement a line.
    """

    lines: list[str] = field(default_factory=list)

    def ratio(self, what: str, against: str, ratio: float, budget: float, detail: str = "") -> None:
        """Note one ratio (ours ÷ theirs) and the most it may be."""
        mark = "ok" if ratio <= budget else "OVER"
        self.lines.append(f"{mark:<8}{_padded(what, 50)}{ratio:6.2f} × {_padded(against, 40)}≤ {budget:<5g}{detail}")

    def note(self, what: str, said: str) -> None:
        """Note a figure that has no budget."""
        self.lines.append(f"{'':<8}{_padded(what, 50)}{said}")

    def missing(self, what: str, peer: str, why: str) -> None:
        """Note a peer that could not be measured."""
        self.lines.append(f"MISSING {_padded(what, 50)}{peer}: {why}")


def _padded(text: str, width: int) -> str:
    return f"{text:<{width}} "
