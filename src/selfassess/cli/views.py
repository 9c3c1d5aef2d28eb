"""Results as tables for people and as plain values for JSON; adds up nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from selfassess.cli.console import number, table
from selfassess.domain.catalogue import Provenance
from selfassess.domain.finding import LEVEL_NAMES
from selfassess.domain.rules import RULE_NAMES
from selfassess.domain.scorecard import RowState
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from decimal import Decimal

    from selfassess.catalogue.linter import LintFault
    from selfassess.catalogue.shelf import ShelfEntry
    from selfassess.cli.subject import Subject
    from selfassess.domain.catalogue import Catalogue
    from selfassess.domain.entries import Entries
    from selfassess.domain.finding import Finding
    from selfassess.domain.scorecard import Scorecard
    from selfassess.scoring.reconciliation import Comparison, Reconciliation

Json = dict[str, object]

PROVENANCE_NAMES = {
    Provenance.VERIFIED: "已核对",
    Provenance.TRANSCRIBED: "照录",
    Provenance.RECONSTRUCTED: "推定",
    Provenance.LOST: "缺失",
}
_NOTHING = "—"
_MOST_CODES = 12


# ---------------------------------------------------------------------------------------------------------- scorecard
def scorecard_json(card: Scorecard) -> Json:
    """The scorecard with the keys of the documentation, every number a text."""
    return {
        "base": number(card.base),
        "bonus": number(card.bonus),
        "deduction": number(card.deduction),
        "total": number(card.total),
        "attainable": number(card.attainable),
        "converted": number(card.converted),
        "grade": card.grade,
        "blank": number(card.blank),
        "categories": [
            {
                "code": category.code,
                "title": category.title,
                "full_points": number(category.full_points),
                "applicable": number(category.applicable),
                "points": number(category.points),
            }
            for category in card.categories
        ],
        "rows": [
            {
                "code": row.code,
                "state": row.state.value,
                "full_points": number(row.full_points),
                "points": number(row.points),
            }
            for row in card.rows
        ],
    }


def scorecard_text(subject: Subject) -> str:
    """The scorecard for people: who, categories, sums, and plainly whether the form is finished."""
    catalogue, card = subject.catalogue, subject.scorecard
    head = [catalogue.title, _who(catalogue, subject.entries), ""]
    if not catalogue.for_filing:
        head.insert(2, f"注意：指标体系 {catalogue.reference} 仅供研究，不作报送之用。")
    return "\n".join([*head, _categories(card), "", _sums(catalogue, card), "", *_progress(card)])


def _who(catalogue: Catalogue, entries: Entries) -> str:
    unit = entries.unit
    year = unit.year or catalogue.year_text
    return f"填报单位：{unit.name or '（未填）'}　年度：{year}　指标体系：{catalogue.reference}"


def _categories(card: Scorecard) -> str:
    rows = [("考核内容", "分值", "适用分值", "得分", "已填")]
    rows += [
        (
            f"{category.code}、{category.title}",
            show(category.full_points),
            show(category.applicable) if category.in_base else _NOTHING,
            _points(category.points),
            f"{category.answered}/{category.rows}",
        )
        for category in card.categories
    ]
    return table(rows, right=(1, 2, 3, 4))


def _points(value: Decimal | None) -> str:
    return "不涉及" if value is None else show(value)


def _sums(catalogue: Catalogue, card: Scorecard) -> str:
    def sum_of(value: Decimal | None) -> str:
        return "没有得分" if value is None else show(value)

    rows = [("基础分", sum_of(card.base), ""), ("加分", show(card.bonus), ""), ("扣分", show(card.deduction), "")]
    rows.append(("总分", sum_of(card.total), "基础分 + 加分 − 扣分"))
    base = catalogue.policy.base
    whole = "" if card.attainable == base else f"全部行都适用时应为 {show(base)}"
    rows.append(("适用分值", show(card.attainable), whole))
    rows.append(("折算总分", sum_of(card.converted), card.conversion))
    rows.append(("等级", card.grade or _NOTHING, _grade_note(catalogue, card)))
    return table(rows, right=(1,))


def _grade_note(catalogue: Catalogue, card: Scorecard) -> str:
    if card.grade is not None:
        return ""
    if not catalogue.policy.grades:
        return "本表不分等级"
    return "填完后才定等级" if card.blank else "没有得分"


def _progress(card: Scorecard) -> Iterable[str]:
    if card.blank:
        codes = [row.code for row in card.rows if row.state is RowState.BLANK and row.applicable]
        named = "、".join(codes[:_MOST_CODES]) + ("…" if len(codes) > _MOST_CODES else "")
        yield f"尚未填完：还有 {card.blank} 行空白（{named}），以上只是已填各行的合计，不是最后得分。"
    else:
        yield "各行均已填写。"
    if card.provisional:
        yield f"其中 {card.provisional} 行是暂计得分，待部门平均考核分确定。"


# ----------------------------------------------------------------------------------------------------------- findings
def findings_json(findings: Iterable[Finding | LintFault]) -> list[Json]:
    """Findings or faults of a catalogue, with their places."""
    return [
        {"code": one.code, "level": one.level.value, "place": one.place, "message": one.message} for one in findings
    ]


def findings_text(findings: Sequence[Finding | LintFault]) -> str:
    """Findings or faults of a catalogue, a line each."""
    return "\n".join(f"【{LEVEL_NAMES[one.level]}】{one.code} {one.message}" for one in findings)


def counts_text(findings: Sequence[Finding | LintFault]) -> str:
    """How many there are of each level."""
    counts = ((name, sum(one.level is level for one in findings)) for level, name in LEVEL_NAMES.items())
    return "共 " + "，".join(f"{name} {count} 条" for name, count in counts)


# --------------------------------------------------------------------------------------------------------- catalogues
def shelf_json(entries: Iterable[ShelfEntry]) -> list[Json]:
    """The catalogues there are."""
    return [
        {
            "reference": entry.reference,
            "title": entry.catalogue.title if entry.catalogue else None,
            "year": (entry.catalogue.year_text or None) if entry.catalogue else None,
            "for_filing": entry.catalogue.for_filing if entry.catalogue else None,
            "purpose": entry.catalogue.purpose if entry.catalogue else None,
            "own": entry.own,
            "path": str(entry.path),
            "problem": entry.problem or None,
        }
        for entry in entries
    ]


def shelf_text(entries: Sequence[ShelfEntry]) -> str:
    """The catalogues there are, a line each; then why some cannot be used."""
    rows = [("指标体系", "年度", "来源", "名称")]
    for entry in entries:
        catalogue = entry.catalogue
        title = "不能使用" if catalogue is None else catalogue.title + ("" if catalogue.for_filing else "（不作报送）")
        rows.append((entry.reference, (catalogue.year_text if catalogue else "") or _NOTHING, _origin(entry), title))
    problems = [f"\n{entry.path}\n{entry.problem}" for entry in entries if entry.problem]
    return "\n".join([table(rows), *problems])


def _origin(entry: ShelfEntry) -> str:
    return "本单位" if entry.own else "随程序"


def catalogue_json(catalogue: Catalogue) -> Json:
    """A catalogue's head, figures and rows."""
    return {
        "reference": catalogue.reference,
        "title": catalogue.title,
        "year": catalogue.year_text or None,
        "document": catalogue.document,
        "for_filing": catalogue.for_filing,
        "purpose": catalogue.purpose,
        "base": number(catalogue.policy.base),
        "figures": [{"key": spec.key, "name": spec.name, "unit": spec.unit} for spec in catalogue.figures],
        "categories": [
            {
                "code": category.code,
                "title": category.title,
                "full_points": number(category.full_points),
                "in_base": category.in_base,
            }
            for category in catalogue.categories
        ],
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "full_points": number(row.full_points),
                "rule": RULE_NAMES[type(row.rule)],
                "may_be_not_applicable": row.may_be_not_applicable,
                "provenance": row.source.provenance.value,
            }
            for _, row in catalogue.indicators()
        ],
    }


def catalogue_text(catalogue: Catalogue) -> str:
    """A catalogue's head, figures and rows, for people."""
    rows = [("序号", "指标", "分值", "计算方法", "不涉及", "核对状态")]
    for category in catalogue.categories:
        rows.append((category.code, category.title, show(category.full_points), "", "", ""))
        rows += [
            (
                row.code,
                row.name,
                show(row.full_points),
                RULE_NAMES[type(row.rule)],
                "可以" if row.may_be_not_applicable else "",
                PROVENANCE_NAMES[row.source.provenance],
            )
            for row in category.indicators
        ]
    figures = [("数据", "名称", "单位"), *((spec.key, spec.name, spec.unit) for spec in catalogue.figures)]
    parts = [f"{catalogue.title}\n{catalogue.reference}：{catalogue.purpose}", table(rows, right=(2,))]
    return "\n\n".join([*parts, table(figures)] if catalogue.figures else parts)


# ----------------------------------------------------------------------------------------------------- reconciliation
def reconciliation_json(found: Reconciliation) -> Json:
    """Stated against computed, with causes."""
    differing = found.differing
    return {
        "name": found.name,
        "differing": number(len(differing)),
        "comparisons": [
            {
                "place": one.place,
                "title": one.title,
                "quantity": one.quantity.value,
                "declared": number(one.declared),
                "computed": number(one.computed),
                "difference": number(one.difference),
                "differs": one in differing,
                "causes": list(one.causes),
            }
            for one in found.comparisons
        ],
    }


def reconciliation_text(found: Reconciliation) -> str:
    """Stated against computed as a table, then the likely causes of every difference."""
    if not found.comparisons:
        return f"{found.name}\n\n没有填列的分值、小计或合计，无从核对。"
    rows = [("项目", "填列数", "计算数", "相差", "")]
    rows += [
        (
            one.title,
            show(one.declared),
            _NOTHING if one.computed is None else show(one.computed),
            _signed(one.difference),
            "一致" if one.agrees else "不一致",
        )
        for one in found.comparisons
    ]
    differing = found.differing
    parts = [found.name, table(rows, right=(1, 2, 3))]
    if differing:
        parts.append("\n".join(["可能的原因", *(line for one in differing for line in _causes(one))]))
        parts.append(f"共 {len(differing)} 处不一致。")
    else:
        parts.append("填列数与计算数全部一致。")
    return "\n\n".join(parts)


def _signed(value: Decimal | None) -> str:
    if value is None:
        return _NOTHING
    return f"+{show(value)}" if value > 0 else show(value).replace("-", "−")


def _causes(one: Comparison) -> Iterable[str]:
    yield f"  {one.title}：填列 {show(one.declared)}，相差 {_signed(one.difference)}"
    for cause in one.causes or ("没有找到现成的解释，请逐行核对",):
        yield f"    · {cause}"
