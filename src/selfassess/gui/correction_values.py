"""A corrected row or category in its catalogue, with its provenance kept straight; pure, knows no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from selfassess.domain.catalogue import Catalogue, Category, Indicator, Provenance, Source
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

ROW_TEXTS: dict[str, str] = {
    "content": "考核内容",
    "name": "指标",
    "method": "计算方法",
    "nature": "指标性质",
    "mode": "考核方式",
    "sources": "数据来源",
}
"""Texts of a row, in printed order."""
TEXT_NAMES: dict[str, str] = {**ROW_TEXTS, "title": "考核内容", "full_points": "指标值", "remark": "备注"}
"""What a transcription may keep, as people call it."""
PROVENANCE_NAMES: dict[Provenance, str] = {
    Provenance.VERIFIED: "已与原件核对",
    Provenance.TRANSCRIBED: "照录（未核对）",
    Provenance.RECONSTRUCTED: "推定（未核对）",
    Provenance.LOST: "缺失（原件内容不详）",
}
OWN = "-own"
"""Ends the edition of the unit's own copy."""

CataloguePart = Indicator | Category


def find_part(catalogue: Catalogue, code: str) -> CataloguePart:
    """The row or the category of a code.

    Raises:
        KeyError: There is neither.
    """
    row = catalogue.indicator(code)
    if row is not None:
        return row
    for category in catalogue.categories:
        if category.code == code:
            return category
    raise KeyError(code)


def with_part(catalogue: Catalogue, part: CataloguePart) -> Catalogue:
    """The catalogue with a row or a category in place of the one of the same code."""
    if isinstance(part, Category):
        # Its rows are corrected one by one and stay as the catalogue has them.
        categories = tuple(
            replace(part, indicators=one.indicators) if one.code == part.code else one for one in catalogue.categories
        )
    else:
        categories = tuple(
            replace(one, indicators=tuple(part if row.code == part.code else row for row in one.indicators))
            for one in catalogue.categories
        )
    return replace(catalogue, categories=categories)


def with_source(before: CataloguePart, after: CataloguePart, *, verified: bool, why: str) -> CataloguePart:
    """The corrected part with a provenance that tells the truth about it.

    Verified means that somebody compared it with the paper. Otherwise a part that differs from its transcription is a
    reconstruction, and what the transcription says is kept beside it.

    Args:
        before: As it was.
        after: With corrected texts, points and rule.
        verified: Whether it was compared with the original.
        why: Why it differs from the transcription.
    """
    old = before.source
    transcribed = dict(old.transcribed)
    if old.provenance is Provenance.TRANSCRIBED:
        changed = {name: text for name, text in _stated(before).items() if _stated(after)[name] != text}
        transcribed |= {name: text for name, text in changed.items() if name not in transcribed}
    if verified:
        provenance = Provenance.VERIFIED
    elif old.provenance is Provenance.VERIFIED:
        provenance = Provenance.RECONSTRUCTED if transcribed else Provenance.TRANSCRIBED
    elif old.provenance is Provenance.TRANSCRIBED and (transcribed or replace(after, source=old) != before):
        provenance = Provenance.RECONSTRUCTED
    else:
        provenance = old.provenance
    source = Source(provenance=provenance, transcribed=tuple(transcribed.items()), why=why.strip())
    return replace(after, source=source)


def own_edition(catalogue: Catalogue) -> Catalogue:
    """The catalogue under the edition of the unit's own copy, such as ``2022-own``."""
    return replace(catalogue, edition=catalogue.edition.removesuffix(OWN) + OWN)


def what_changed(before: CataloguePart, after: CataloguePart) -> tuple[str, ...]:
    """The changes in words, for the name of the step."""
    old, new = _stated(before), _stated(after)
    parts = [TEXT_NAMES[name] for name in old if old[name] != new[name]]
    if isinstance(before, Indicator) and isinstance(after, Indicator) and before.rule != after.rule:
        parts.append("计分规则")
    if before.source.provenance != after.source.provenance:
        parts.append(PROVENANCE_NAMES[after.source.provenance])
    return tuple(parts)


def _stated(part: CataloguePart) -> Mapping[str, str]:
    """What a transcription would say of the part."""
    points: Decimal = part.full_points
    if isinstance(part, Category):
        return {"title": part.title, "full_points": show(points)}
    return {name: getattr(part, name) for name in ROW_TEXTS} | {"full_points": show(points)}
