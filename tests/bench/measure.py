"""Paired timing: both sides take turns, and the median of the rounds' ratios is the figure."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two sides measured in turn, in seconds.

    Attributes:
        ours: One figure a round.
        theirs: One figure a round.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the rounds' ratios, ours ÷ theirs."""
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def detail(self) -> str:
        """Both medians in milliseconds."""
        return f"{statistics.median(self.ours) * 1000:.1f} ms : {statistics.median(self.theirs) * 1000:.1f} ms"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def paired(ours: Callable[[int], object], theirs: Callable[[int], object], *, rounds: int, warm: int = 1) -> Paired:
    """Measure two sides in turn.

    Args:
        ours: Called with the number of the round, so that it can change its input each time.
        theirs: Likewise.
        rounds: How many rounds count.
        warm: Rounds before that which do not count.
    """
    a: list[float] = []
    b: list[float] = []
    for turn in range(1, rounds + warm + 1):
        first = seconds(lambda turn=turn: ours(turn))
        second = seconds(lambda turn=turn: theirs(turn))
        if turn > warm:
            a.append(first)
            b.append(second)
    return Paired(ours=tuple(a), theirs=tuple(b))
