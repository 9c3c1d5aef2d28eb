"""Paired timing: both sides take turns, and the median of the rounds' ratios is the figure; knows nothing of forms."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two sides measured in turn, in one unit, one figure a round.

    Attributes:
        ours: Of the program.
        theirs: Of the peer.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median of the rounds' ratios, ours ÷ theirs."""
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def spread(self) -> tuple[float, float]:
        """Least and greatest of the rounds' ratios, without the outermost tenth at either end."""
        ratios = sorted(a / b for a, b in zip(self.ours, self.theirs, strict=True))
        cut = len(ratios) // 10
        return ratios[cut], ratios[-1 - cut]

    @property
    def detail(self) -> str:
        """Both medians, for seconds, and the spread of the ratios."""
        least, most = self.spread
        return (
            f"{shown(statistics.median(self.ours))} : {shown(statistics.median(self.theirs))}, {least:.2f}–{most:.2f}"
        )


def shown(seconds: float) -> str:
    """A duration in the unit that suits it."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def paired(ours: Callable[[int], object], theirs: Callable[[int], object], *, rounds: int, warm: int = 1) -> Paired:
    """Measure two sides in turn; who begins changes from round to round.

    Args:
        ours: Called with the number of the round, so that it can change its input each time.
        theirs: Likewise.
        rounds: How many rounds count.
        warm: Rounds before that which do not count.
    """
    a: list[float] = []
    b: list[float] = []
    # What the rounds are fed with, dozens of forms, is no part of either side's heap: the collector shall not walk it.
    gc.collect()
    gc.freeze()
    try:
        for turn in range(1, rounds + warm + 1):
            sides = [(a, ours), (b, theirs)]
            for figures, work in sides if turn % 2 else reversed(sides):
                took = seconds(lambda work=work, turn=turn: work(turn))
                if turn > warm:
                    figures.append(took)
    finally:
        gc.unfreeze()
    return Paired(ours=tuple(a), theirs=tuple(b))
