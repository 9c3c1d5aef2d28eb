"""Likely causes of a difference between a stated and a computed number, in words; guesses, never corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from selfassess.scoring.numbers import show, shown, subtract

MOST_NAMED = 4
"""Up to this many addends are named one by one; more say little about any of them."""


class Addend(Struct, frozen=True, kw_only=True):
    """A number that the computed sum contains or could contain.

    Attributes:
        name: How it is called in a sentence, such as ``第 3.2 行“收入执行管理”``.
        points: In points (分).
        inside: Whether the computed sum adds this very number up; otherwise it is a part of such a number.
    """

    name: str
    points: Decimal
    inside: bool = True


def likely_causes(
    declared: Decimal, computed: Decimal, addends: Sequence[Addend], alternatives: Sequence[tuple[str, Decimal]] = ()
) -> tuple[str, ...]:
    """What could have led from the computed number to the stated one.

    Args:
        declared: The stated number.
        computed: The computed number.
        addends: What the sum contains: rows, categories.
        alternatives: Other sums that could have been meant, each with a phrase that completes 可能…, such as
            ``计入了其他事项 8 分``.

    Returns:
        Chinese phrases, the most telling first; empty when the numbers agree or nothing fits.
    """
    if declared == computed:
        return ()
    return (
        *(f"可能{phrase}" for phrase, value in alternatives if value == declared),
        *_misplaced(declared, computed),
        *_swapped(declared, computed, addends),
        *_forgotten(declared, computed, addends),
    )


def swaps(value: Decimal) -> Iterator[Decimal]:
    """Every number that swapping two adjacent digits of a printed number gives; the point stays where it is."""
    text = show(abs(value))
    places = [position for position, sign in enumerate(text) if sign != "."]
    for left, right in pairwise(places):
        if text[left] != text[right]:
            signs = list(text)
            signs[left], signs[right] = signs[right], signs[left]
            yield Decimal("".join(signs)).copy_sign(value)


def _misplaced(declared: Decimal, computed: Decimal) -> Iterator[str]:
    """A zero or a decimal point lost or won."""
    for factor in (10, 100):
        if declared * factor == computed:
            yield f"可能漏写了 0 或写错小数点（{show(declared)} 应为 {show(computed)}）"
        elif computed and declared == computed * factor:
            yield f"可能多写了 0 或漏写小数点（{show(declared)} 应为 {show(computed)}）"


def _swapped(declared: Decimal, computed: Decimal, addends: Sequence[Addend]) -> Iterator[str]:
    """Two digits swapped in the stated number, or in one of the numbers that were added up."""
    if computed in swaps(declared):
        yield f"可能把 {show(computed)} 的两个数字写颠倒了"
    difference = shown(subtract(declared, computed))
    for addend in addends:
        if not addend.inside:
            continue
        for swapped in swaps(addend.points):
            if subtract(swapped, addend.points) == difference:
                yield f"相加时可能把{addend.name}的 {show(addend.points)} 看成了 {show(swapped)}"


def _forgotten(declared: Decimal, computed: Decimal, addends: Sequence[Addend]) -> Iterator[str]:
    """Numbers equal to the difference: left out when too little is stated, counted twice when too much."""
    difference = shown(subtract(declared, computed))
    equal = [addend.name for addend in addends if addend.points == abs(difference)]
    if not equal:
        return
    more = f"等 {len(equal)} 处" if len(equal) > MOST_NAMED else ""
    names = "、".join(equal[:MOST_NAMED]) + more
    done = "漏加了" if difference < 0 else "多加了"
    which = "其中一处" if len(equal) > 1 else ""
    yield f"差额 {show(abs(difference))} 分正好等于{names}的分数，可能{done}{which}"
