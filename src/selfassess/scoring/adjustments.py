"""Which matters of the band outside the base count (加分 / 扣分事项), and why; knows no rows and no form."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from selfassess.domain.entries import Adjustment
from selfassess.domain.rules import AdjustmentBand
from selfassess.scoring.numbers import Exact, add, show, shown
from selfassess.wording import in_marks


class Weighed(Struct, frozen=True, kw_only=True):
    """What one matter is worth.

    Attributes:
        adjustment: As entered.
        counted: Whether its points enter the sum, before the cap.
        same_as: Position of the matter of the same text and sign that counts in its place; None otherwise.
    """

    adjustment: Adjustment
    counted: bool
    same_as: int | None = None


class Weighing(Struct, frozen=True, kw_only=True):
    """What all matters are worth together, in points (分).

    Attributes:
        matters: In the order entered.
        bonus_sum: Sum of the bonuses that count, before the cap.
        deduction_sum: Sum of the deductions that count, before the cap, as a positive number.
        bonus: After the cap.
        deduction: After the cap, as a positive number.
    """

    matters: tuple[Weighed, ...]
    bonus_sum: Decimal
    deduction_sum: Decimal
    bonus: Decimal
    deduction: Decimal


def same_text(text: str) -> str:
    """The form under which two texts are the same: NFKC, without any white space (空格不计，全角半角不计)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def weigh(rule: AdjustmentBand, adjustments: Sequence[Adjustment]) -> Weighing:
    """Decide which matters count, add them up and cap both sums.

    Of one matter and one sign only the largest counts; of equals the first. Matters without text are never the same.

    Source: annex 2022, note 2 under the table (某项只取其中最高分).

    Args:
        rule: The band's caps and whether the same-matter rule holds.
        adjustments: The matters in the order entered; one without points counts for nothing.
    """
    largest = _largest(adjustments) if rule.largest_of_same_matter else {}
    matters: list[Weighed] = []
    for position, adjustment in enumerate(adjustments):
        winner = largest.get(_key(adjustment), position)
        counted = bool(adjustment.points) and winner == position
        matters.append(Weighed(adjustment=adjustment, counted=counted, same_as=None if winner == position else winner))
    points = [matter.adjustment.points for matter in matters if matter.counted and matter.adjustment.points is not None]
    bonus_sum = _sum([value for value in points if value > 0])
    deduction_sum = _sum([abs(value) for value in points if value < 0])
    return Weighing(
        matters=tuple(matters),
        bonus_sum=bonus_sum,
        deduction_sum=deduction_sum,
        bonus=min(bonus_sum, rule.bonus_cap),
        deduction=min(deduction_sum, rule.deduction_cap),
    )


def weighing_text(weighing: Weighing, rule: AdjustmentBand) -> str:
    """Each matter with whether it counts and why, then both sums with their caps."""
    parts = [_matter_text(position, matter, weighing) for position, matter in enumerate(weighing.matters)]
    for name, total, kept, cap in (
        ("加分", weighing.bonus_sum, weighing.bonus, rule.bonus_cap),
        ("扣分", weighing.deduction_sum, weighing.deduction, rule.deduction_cap),
    ):
        capped = f"，超过上限 {show(cap)} 分，按 {show(kept)} 分计" if kept < total else ""
        parts.append(f"{name}合计 {show(total)} 分{capped}")
    return "；".join(parts)


def _matter_text(position: int, matter: Weighed, weighing: Weighing) -> str:
    """One matter: its text, its points, counted or why not."""
    adjustment = matter.adjustment
    name = f"第 {position + 1} 项{in_marks(adjustment.matter)}"
    if adjustment.points is None:
        return f"{name}未填分数，不计"
    sign = "+" if adjustment.points > 0 else "−" if adjustment.points < 0 else ""
    signed = f"{sign}{show(abs(adjustment.points))} 分"
    if matter.same_as is not None:
        kept = weighing.matters[matter.same_as].adjustment.points or Decimal(0)
        return f"{name}{signed}，与第 {matter.same_as + 1} 项是同一事项，只取最高的 {show(abs(kept))} 分，不计"
    return f"{name}{signed}，{'计入' if matter.counted else '不计'}"


def _key(adjustment: Adjustment) -> tuple[str, bool] | None:
    """Text and sign of a matter; None when it can be the same as no other."""
    text = same_text(adjustment.matter)
    if not text or not adjustment.points:
        return None
    return text, adjustment.points > 0


def _largest(adjustments: Sequence[Adjustment]) -> dict[tuple[str, bool] | None, int]:
    """Position of the matter that counts, by text and sign."""
    best: dict[tuple[str, bool] | None, int] = {}
    for position, adjustment in enumerate(adjustments):
        key = _key(adjustment)
        if key is None:
            continue
        current = best.get(key)
        if current is None or _size(adjustment) > _size(adjustments[current]):
            best[key] = position
    return best


def _size(adjustment: Adjustment) -> Decimal:
    """How large a matter is, whatever its sign."""
    return abs(adjustment.points or Decimal(0))


def _sum(values: Sequence[Decimal]) -> Decimal:
    """The sum without error."""
    total: Exact = add(values)
    return shown(total)
