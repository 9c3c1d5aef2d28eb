"""How every number of a scorecard came about, in words; derives everything from the scorecard and adds up nothing."""

from __future__ import annotations

from collections.abc import Iterator

from selfassess.domain.catalogue import Catalogue, Category, Indicator, RoundingPlace
from selfassess.domain.entries import Entries
from selfassess.domain.scorecard import CategoryScore, RowScore, RowState, Scorecard
from selfassess.errors import InputError
from selfassess.scoring.numbers import show
from selfassess.scoring.suggestions import nearest
from selfassess.wording import in_marks

INDENT = "  "


def explain(catalogue: Catalogue, entries: Entries, scorecard: Scorecard, code: str | None = None) -> str:
    """The working of a row, of a category, or of the whole form.

    Args:
        catalogue: The rules.
        entries: What was entered; its reasons are quoted.
        scorecard: The result of exactly these two.
        code: A row code such as ``2.7``, a category code such as ``二``, or None for the whole form.

    Returns:
        Chinese lines for people, without a final line break.

    Raises:
        InputError: No row and no category has this code.
    """
    if code is None:
        lines = _form(catalogue, scorecard)
        for category in catalogue.categories:
            lines += ["", *_category(category, entries, scorecard, catalogue)]
        return "\n".join(lines)
    indicator = catalogue.indicator(code)
    if indicator is not None:
        return "\n".join(_row(indicator, entries, scorecard.row(code)))
    for category in catalogue.categories:
        if category.code == code:
            return "\n".join(_category(category, entries, scorecard, catalogue))
    raise InputError("E141", place=code, hint=_nearest(catalogue, code))


def _row(indicator: Indicator, entries: Entries, row: RowScore) -> list[str]:
    """A row with its three parts and the reasons entered on it."""
    answer = entries.answer(indicator.code)
    working = row.working
    lines = [f"第 {indicator.code} 行{in_marks(indicator.name)}（满分 {show(row.full_points)} 分）：{_outcome(row)}"]
    for name, text in (("规则", working.rule), ("代入", working.substitution), ("结果", working.result)):
        if text:
            lines.append(f"{INDENT}{name}：{text}")
    if row.deduction:
        reason = answer.reason.strip() or (answer.override.reason.strip() if answer.override else "")
        lines.append(f"{INDENT}扣分：{show(row.deduction)} 分，原因：{reason or '未填'}")
    return lines


def _outcome(row: RowScore) -> str:
    """What a row earned, or why nothing stands there: blank, 0 and 不涉及 read differently."""
    if row.state is RowState.BLANK:
        return "未填"
    points = "" if row.points is None else f"{show(row.points)} 分"
    if row.state is RowState.NOT_APPLICABLE:
        return f"不涉及，{'暂计 ' if row.provisional else '计 '}{points}" if points else "不涉及，不计得分"
    return f"{points}（改分）" if row.overridden else points


def _category(category: Category, entries: Entries, scorecard: Scorecard, catalogue: Catalogue) -> list[str]:
    """A category: its subtotal, then every row."""
    score = scorecard.category(category.code)
    lines = [
        f"{category.heading}（分值 {show(score.full_points)} 分）",
        f"{INDENT}{_subtotal(score, scorecard, catalogue)}",
    ]
    for indicator in category.indicators:
        lines += [f"{INDENT}{line}" for line in _row(indicator, entries, scorecard.row(indicator.code))]
    return lines


def _subtotal(score: CategoryScore, scorecard: Scorecard, catalogue: Catalogue) -> str:
    """小计 as a sum of the rows that have points."""
    if score.points is None:
        return "小计：各行都不涉及，没有小计"
    codes = [indicator.code for category, indicator in catalogue.indicators() if category.code == score.code]
    points = [row.points for row in map(scorecard.row, codes) if row.points is not None]
    total = f"{show(score.points)} 分，已填 {score.answered} / {score.rows} 行"
    if len(points) < 2:
        return f"小计 = {total}"
    rounded = _rounded(catalogue, RoundingPlace.CATEGORY)
    return f"小计 = {' + '.join(show(value) for value in points)}{rounded} = {total}"


def _form(catalogue: Catalogue, scorecard: Scorecard) -> list[str]:
    """The form's numbers in the order in which they come about."""
    return [
        catalogue.title,
        *(f"{INDENT}{line}" for line in _base(catalogue, scorecard)),
        *(f"{INDENT}{line}" for line in _band(catalogue, scorecard)),
        *(f"{INDENT}{line}" for line in _totals(catalogue, scorecard)),
    ]


def _base(catalogue: Catalogue, scorecard: Scorecard) -> Iterator[str]:
    """基础分 from the subtotals, and 适用分值 with the rows that left it."""
    counted = [score for score in scorecard.categories if score.in_base]
    if scorecard.base is None:
        yield "基础分：所有指标都不涉及，没有得分"
    else:
        parts = " + ".join(f"{score.code} {show(score.points)}" for score in counted if score.points is not None)
        rounded = _rounded(catalogue, RoundingPlace.TOTAL)
        yield f"基础分 = {parts}{rounded} = {show(scorecard.base)} 分"
    parts = " + ".join(f"{score.code} {show(score.applicable)}" for score in counted)
    absent = [row.code for row in scorecard.rows if row.state is RowState.NOT_APPLICABLE]
    note = f"（不涉及：第 {'、'.join(absent)} 行）" if absent else ""
    yield f"适用分值 = {parts} = {show(scorecard.attainable)} 分{note}"
    if scorecard.blank:
        yield f"还有 {scorecard.blank} 行未填，未填的行不得分，但分值仍计入适用分值"
    if scorecard.provisional:
        yield f"有 {scorecard.provisional} 行的得分是暂计的，收到部门平均考核分后会变"


def _band(catalogue: Catalogue, scorecard: Scorecard) -> Iterator[str]:
    """加分 and 扣分: every matter, counted or not and why, and the caps."""
    for category, indicator in catalogue.indicators():
        if category.in_base:
            continue
        working = scorecard.row(indicator.code).working
        yield f"{category.heading}：{working.rule}"
        yield from (f"{INDENT}{part}" for part in working.substitution.split("；") if part)
        yield f"{INDENT}{working.result}"


def _totals(catalogue: Catalogue, scorecard: Scorecard) -> Iterator[str]:
    """总分, 折算总分, the rounding rule and 等级."""
    policy = catalogue.policy
    if scorecard.base is None or scorecard.total is None:
        yield "总分：没有得分"
    else:
        cap = "" if policy.total_may_pass_base else f"（最高 {show(policy.base)} 分）"
        rounded = _rounded(catalogue, RoundingPlace.TOTAL)
        yield (
            f"总分 = 基础分 {show(scorecard.base)} + 加分 {show(scorecard.bonus)} − 扣分 {show(scorecard.deduction)}"
            f"{cap}{rounded} = {show(scorecard.total)} 分"
        )
    yield f"折算总分：{scorecard.conversion}"
    places = {RoundingPlace.ROW: "每行得分", RoundingPlace.CATEGORY: "每类小计", RoundingPlace.TOTAL: "总分"}
    yield f"取整：{places[policy.rounding.at]}四舍五入，保留 {policy.rounding.places} 位小数；折算总分同样取整"
    if policy.grades:
        bounds = "、".join(f"{grade.name} {show(grade.at_least)} 分以上" for grade in policy.grades)
        yield f"等级：{scorecard.grade or '填写完整后评定'}（按折算总分：{bounds}）"


def _rounded(catalogue: Catalogue, place: RoundingPlace) -> str:
    """A mark in a sum at the place where the form rounds."""
    rounding = catalogue.policy.rounding
    return f"，四舍五入保留 {rounding.places} 位小数" if rounding.at is place else ""


def _nearest(catalogue: Catalogue, code: str) -> str:
    """The row or category code most like a wrong one."""
    codes = [category.code for category in catalogue.categories]
    codes += [indicator.code for _, indicator in catalogue.indicators()]
    close = nearest(code, codes)
    return f"最接近的是“{close}”" if close is not None else "表上没有相近的序号"
