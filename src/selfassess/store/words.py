"""What a step did, in Chinese words; knows field names, not where steps are kept."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from selfassess.domain.catalogue import Catalogue
from selfassess.store.codec import is_number
from selfassess.store.fields import ADJUSTMENT, ANSWER, CATALOGUE, DECLARED, EVIDENCE, FIGURE, PREVIOUS, UNIT, Change
from selfassess.wording import in_marks

_LONGEST = 16
"""Characters of a value that a menu entry has room for."""
_LONGEST_PLACE = 40
"""Characters of a place likewise."""

ANSWER_NAMES = {
    "points": "得分",
    "override.points": "改分",
    "not_applicable": "不涉及",
    "value": "比率",
    "option": "选项",
    "met": "是否符合",
    "ticks": "各条",
    "numerator": "分子",
    "denominator": "分母",
    "average": "部门平均考核分",
    "reason": "扣分原因",
    "override.reason": "改分原因",
    "remark": "备注",
}
"""Fields of an answer, the one that says most about a step first."""
UNIT_NAMES = {
    "name": "填报单位",
    "unit_class": "类别",
    "year": "年度",
    "preparer": "填报人",
    "reviewer": "审核人",
    "head": "负责人",
    "phone": "联系电话",
    "date": "填报日期",
    "annex_label": "附件标识",
}
ADJUSTMENT_NAMES = {"points": "分值", "matter": "内容", "basis": "依据"}
DECLARED_NAMES = {"points": "得分", "full_points": "分值", "subtotals": "小计", "total": "合计"}
EVIDENCE_NAMES = {"name": "名称", "row": "序号", "number": "文号", "date": "日期", "pages": "页数", "sha256": "文件"}
PREVIOUS_NAMES = {
    "unit": "填报单位",
    "year": "年度",
    "title": "表名",
    "name": "指标",
    "full_points": "分值",
    "points": "得分",
    "not_applicable": "不涉及",
    "override": "改分原因",
    "reason": "扣分原因",
    "remark": "备注",
    "documents": "佐证材料份数",
}
_FLAGS = {"1": "是", "0": "否"}
_TICKS = {"1": "是", "0": "否", "-": "空"}
"""What stands on the buttons of a clause; neither was pressed: 空."""


def words_of(changes: Sequence[Change], catalogue: Catalogue) -> str:
    """A step in words, such as ``2.7 得分 2 → 3``.

    Args:
        changes: What it changed; nothing only in a damaged history.
        catalogue: Names the figures.
    """
    if not changes:
        return "（记录已损坏）"
    main = min(changes, key=_importance)
    groups = len({(change.scope, change.key) for change in changes})
    words = _of_change(main, catalogue)
    return words if groups == 1 else f"{words} 等 {groups} 处"


def place_of(scope: str, key: str, field: str, catalogue: Catalogue | None = None) -> str:
    """A field's place in words, such as ``2.7 得分``.

    Args:
        scope: Its scope.
        key: Its key.
        field: Its name.
        catalogue: Names the figures; None: by their keys.
    """
    if scope == ANSWER:
        return f"{key} {ANSWER_NAMES.get(field, field)}"
    if scope == UNIT:
        return UNIT_NAMES.get(field, field)
    if scope == FIGURE:
        figure = catalogue.figure(key) if catalogue else None
        return f"数据{in_marks(figure.name if figure else key)}"
    if scope == ADJUSTMENT:
        number = f"第 {int(key) + 1} 项" if key.isdecimal() and len(key) < _LONGEST else key
        return f"其他事项{number}{ADJUSTMENT_NAMES.get(field, field)}"
    if scope == DECLARED:
        return f"填列数{in_marks(key) if key else ''}{DECLARED_NAMES.get(field, field)}"
    if scope == EVIDENCE:
        return f"佐证材料{EVIDENCE_NAMES.get(field, field)}"
    if scope == PREVIOUS:
        return f"上年自评{key}{PREVIOUS_NAMES.get(field, field)}"
    return "指标体系" if scope == CATALOGUE else f"{scope} {key} {field}"


def lines_of(changes: Sequence[Change], catalogue: Catalogue) -> list[str]:
    """Every change in words, a line each; a document that comes or goes is one line, and so is last year's form.

    Args:
        changes: What changed.
        catalogue: Names the figures.
    """
    lines: dict[str, None] = {}
    for change in changes:
        if change.scope == PREVIOUS:
            lines["对照用的上年自评表"] = None
        elif change.scope != EVIDENCE or (change.before is not None and change.after is not None):
            lines[_of_change(change, catalogue)] = None
        elif change.field == "name":
            verb = "放回" if change.before is None else "移除"
            lines[f"佐证材料{in_marks(change.before or change.after or '')} {verb}"] = None
    return list(lines)


def _importance(change: Change) -> int:
    if change.scope == CATALOGUE:
        return -1
    names = {ANSWER: ANSWER_NAMES, ADJUSTMENT: ADJUSTMENT_NAMES, EVIDENCE: EVIDENCE_NAMES}.get(change.scope, {})
    return list(names).index(change.field) if change.field in names else len(names)


def _of_change(change: Change, catalogue: Catalogue) -> str:
    place = _cut(place_of(change.scope, change.key, change.field, catalogue), _LONGEST_PLACE)
    if change.scope == CATALOGUE:
        return f"{place}更正"
    if change.scope == ANSWER and change.field == "ticks":
        return _of_ticks(change)
    return f"{place} {_value(change, change.before)} → {_value(change, change.after)}"


def _of_ticks(change: Change) -> str:
    """Which clause was answered; where several changed, how many are 是 and 否."""
    count = max(len(change.before or ""), len(change.after or ""))
    before, after = ((text or "").ljust(count, "-") for text in (change.before, change.after))
    moved = [at for at in range(count) if before[at] != after[at]]
    if len(moved) == 1:
        at = moved[0]
        return f"{change.key} 第 {at + 1} 条 {_TICKS.get(before[at], '')} → {_TICKS.get(after[at], '')}"
    return f"{place_of(ANSWER, change.key, 'ticks')} {_counted(before)} → {_counted(after)}"


def _counted(ticks: str) -> str:
    """How many clauses have which answer: ``是 2 条、否 1 条``; 空 when none has any."""
    return "、".join(f"{_TICKS[one]} {ticks.count(one)} 条" for one in "10" if one in ticks) or "空"


def short(text: str) -> str:
    """A text on one line, cut where a menu entry has no room for more."""
    return _cut(" ".join(text.split()), _LONGEST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def full_value(scope: str, field: str, text: str) -> str:
    """What a field holds, uncut and as people write it: ticks as √ and ×, a rate in per cent.

    Args:
        scope: Its scope.
        field: Its name.
        text: As stored.
    """
    if scope == ANSWER:
        if field == "ticks":
            return "、".join(_TICKS.get(one, "空") for one in text)
        if field == "met":
            return _FLAGS.get(text, text)
        if field == "value" and is_number(text):
            return f"{(Decimal(text) * 100).normalize():f}%"
    return text or "（未写）"


def _value(change: Change, text: str | None) -> str:
    if text is None:
        return "空"
    return short(full_value(change.scope, change.field, text)) or "（未写）"
