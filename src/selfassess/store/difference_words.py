"""What two drafts hold differently, in the clerk's words; pure."""

from __future__ import annotations

from collections.abc import Mapping

from selfassess.domain.catalogue import Catalogue
from selfassess.store.comparison import FILE, SCORE, WHOLE, Difference, Origin, Texts
from selfassess.store.fields import ADJUSTMENT, ANSWER, CATALOGUE, DECLARED, EVIDENCE, FIGURE, PREVIOUS, UNIT
from selfassess.store.words import (
    ADJUSTMENT_NAMES,
    ANSWER_NAMES,
    DECLARED_NAMES,
    EVIDENCE_NAMES,
    UNIT_NAMES,
    full_value,
)
from selfassess.wording import in_marks

EMPTY = "（空）"
ORIGIN_WORDS = {
    Origin.OURS: "只有本文件改过",
    Origin.THEIRS: "只有另一份改过",
    Origin.ALIKE: "两边改得一样",
    Origin.APART: "两边不同",
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    ANSWER: ANSWER_NAMES,
    UNIT: UNIT_NAMES,
    ADJUSTMENT: ADJUSTMENT_NAMES,
    DECLARED: DECLARED_NAMES,
    EVIDENCE: EVIDENCE_NAMES,
}
_HIDDEN = frozenset({"row", "sha256"})
"""Fields of a document that its place says already, or that say nothing to people."""
_SCOPES = {UNIT: "单位信息", CATALOGUE: "指标体系", ADJUSTMENT: "其他事项", PREVIOUS: "上年自评"}


def place_words(one: Difference, catalogue: Catalogue) -> str:
    """Where and what: ``第 2.7 行 得分``, ``单位信息 联系电话``.

    Args:
        one: The difference.
        catalogue: Names the figures.
    """
    return f"{where_words(one, catalogue)} {what_words(one)}".strip()


def where_words(one: Difference, catalogue: Catalogue) -> str:
    """The row, page or list that it is on."""
    if one.scope == ANSWER:
        return f"第 {one.key} 行"
    if one.scope == FIGURE:
        figure = catalogue.figure(one.key)
        return f"数据{in_marks(figure.name if figure else one.key)}"
    if one.scope == EVIDENCE:
        return f"第 {one.about.get('row', '')} 行"
    if one.scope == ADJUSTMENT and one.part != WHOLE:
        return f"其他事项{in_marks(one.about.get('matter', ''))}"
    if one.scope == DECLARED:
        return f"填列数 {one.key}".strip()
    return _SCOPES.get(one.scope, one.scope)


def what_words(one: Difference) -> str:
    """What of it: 得分, 备注, 联系电话 …"""  # noqa: D415  (an ellipsis ends this list)
    if one.part == SCORE:
        return "自评"
    if one.scope == EVIDENCE and one.part not in (WHOLE, FILE):
        return f"佐证材料{in_marks(one.about.get('name', ''))}{EVIDENCE_NAMES.get(one.part, one.part)}"
    if one.scope == EVIDENCE:
        return "佐证材料"
    if one.scope == FIGURE or one.part == WHOLE:
        return ""
    return _NAMES.get(one.scope, {}).get(one.part, one.part)


def texts_words(one: Difference, texts: Texts) -> str:
    """What a side holds, in full: ``得分 3``, ``不涉及：无此业务``.

    Args:
        one: The difference.
        texts: Its base, ours or theirs.
    """
    if not texts:
        return EMPTY
    if one.scope == CATALOGUE:
        return "与另一份不同" if one.base is None else "未更正" if texts == one.base else "更正过"
    if one.scope not in _NAMES and one.scope != FIGURE:
        return f"{len(texts)} 项内容"
    names = _NAMES.get(one.scope, {})
    order = {name: at for at, name in enumerate(names)}
    shown = sorted(
        ((name, text) for (_, name), text in texts.items() if name not in _HIDDEN),
        key=lambda field: order.get(field[0], len(order)),
    )
    if one.part not in (SCORE, WHOLE):
        return "，".join(full_value(one.scope, name, text) for name, text in shown)
    return "，".join(f"{names.get(name, name)} {full_value(one.scope, name, text)}" for name, text in shown)
