"""Each kind of rule in Chinese words, as the working of a row quotes it; knows no answers and no results."""

from __future__ import annotations

from decimal import Decimal

from selfassess.domain.catalogue import Indicator, NotApplicablePolicy
from selfassess.domain.rules import (
    AllOrNothing,
    Band,
    Checklist,
    Choice,
    Judged,
    Proportional,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.scoring.numbers import multiply, show, show_bound

NOT_APPLICABLE_TEXTS: dict[NotApplicablePolicy, str] = {
    NotApplicablePolicy.EXCLUDE: "不涉及：不计得分，分值从适用分值中扣除",
    NotApplicablePolicy.AVERAGE: "不涉及：按部门平均考核分计",
    NotApplicablePolicy.FULL: "不涉及：按满分计",
    NotApplicablePolicy.ZERO: "不涉及：计 0 分，分值仍计入适用分值",
}
"""What 不涉及 means under each policy."""


def rule_text(indicator: Indicator) -> str:
    """The rule of a row in words.

    Args:
        indicator: The row.

    Returns:
        One Chinese phrase without a full stop.
    """
    full = show(indicator.full_points)
    rule = indicator.rule
    match rule:
        case AllOrNothing():
            return f"符合要求得 {full} 分，否则得 0 分"
        case Checklist(clauses=clauses):
            parts = "、".join(f"第 {number} 条 {show(clause.points)} 分" for number, clause in enumerate(clauses, 1))
            return f"逐条得分：{parts}，合计不超过 {full} 分"
        case Tiers(tiers=tiers, rate=rate):
            parts = "；".join(f"{tier_range(tier)}得 {show(tier.points)} 分" for tier in tiers)
            return f"{rate.name}：{parts}"
        case Proportional():
            return _proportional_text(rule, full)
        case Threshold():
            return f"{rule.rate.name}{threshold_range(rule)}得 {full} 分，否则得 0 分"
        case Choice(options=options):
            return "；".join(f"{option.label}得 {show(option.points)} 分" for option in options)
        case Judged(step=step, bands=bands):
            parts = "".join(f"；{band_text(band, indicator.full_points)}" for band in bands)
            return f"在 0 至 {full} 分之间评议打分，每 {show(step)} 分一档{parts}"
        case _:
            same = "同一事项只取最高一项；" if rule.largest_of_same_matter else ""
            return f"{same}加分合计最多 {show(rule.bonus_cap)} 分，扣分合计最多 {show(rule.deduction_cap)} 分"


def tier_range(tier: Tier) -> str:
    """The rates of a tier, saying to which side each bound belongs: ``超过 10%、不超过 20%``."""
    parts: list[str] = []
    if tier.above is not None:
        parts.append(f"{'不低于' if tier.above_included else '超过'} {show_bound(tier.above)}")
    if tier.up_to is not None:
        parts.append(f"{'不超过' if tier.up_to_included else '低于'} {show_bound(tier.up_to)}")
    return "、".join(parts) + " " if parts else "任何比率"


def tier_name(tier: Tier) -> str:
    """The short name of a tier: ``10%–20% 档``."""
    if tier.above is None or tier.up_to is None:
        return f"{tier_range(tier).strip()}档" if tier.above is None and tier.up_to is None else f"{tier_range(tier)}档"
    return f"{show_bound(tier.above)}–{show_bound(tier.up_to)} 档"


def threshold_range(rule: Threshold) -> str:
    """The rates that meet a threshold: ``不超过 1% ``."""
    if rule.at_most:
        word = "不超过" if rule.limit_included else "低于"
    else:
        word = "不低于" if rule.limit_included else "超过"
    return f"{word} {show_bound(rule.limit)} "


def band_text(band: Band, full_points: Decimal) -> str:
    """The points of a judged band: ``达成年度指标 8 至 10 分``, ``部分达成 6 至 8 分（不含 8 分）``."""
    low = show(multiply(full_points, band.at_least))
    if band.below is None:
        return f"{band.label} {low} 至 {show(full_points)} 分"
    high = show(multiply(full_points, band.below))
    return f"{band.label} {low} 至 {high} 分（不含 {high} 分）"


def _proportional_text(rule: Proportional, full: str) -> str:
    """Full points at the benchmark, and the limits where the rule has any."""
    limits = f"，最低 {show(rule.floor)} 分" if rule.floor else ""
    if rule.ceiling is not None:
        limits += f"，最高 {show(rule.ceiling)} 分"
    return f"{rule.rate.name}达到 {show_bound(rule.benchmark)} 得 {full} 分，不足的按比例折算{limits}"
