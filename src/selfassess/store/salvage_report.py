"""What was saved out of a damaged draft and what was not, in words for a clerk; reads and writes no draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.domain.rules import AdjustmentBand
from selfassess.domain.scorecard import RowState
from selfassess.scoring import score
from selfassess.scoring.numbers import show
from selfassess.store.fields import ANSWER, Change
from selfassess.store.remains import Made, Place
from selfassess.store.words import ANSWER_NAMES, lines_of, place_of
from selfassess.wording import in_marks

Fields = Iterable[tuple[Place, str]]


class Report(Struct, frozen=True, kw_only=True):
    """What became of a damaged draft.

    Attributes:
        source: The damaged file; it was only read.
        target: The new draft.
        at: When it was salvaged.
        proved: Whether checksums prove that everything entered is there and right.
        same_rules: Whether the rules are the very ones the draft had.
        saved: What was saved, a sentence each.
        rules: Where the rules came from, in a sentence.
        to_check: Values in the new draft that no checksum proves.
        not_taken: Values that were read and could not be put into the new draft.
        missing: Places for which nothing was read; they may have been blank.
        documents: Supporting documents that were lost.
        notes: What else is to be known.
        places: Of ``to_check``: codes of rows and names of other places.
    """

    source: Path
    target: Path
    at: datetime
    proved: bool
    same_rules: bool
    saved: tuple[str, ...]
    rules: str
    to_check: tuple[str, ...]
    not_taken: tuple[str, ...]
    missing: tuple[str, ...]
    documents: tuple[str, ...]
    notes: tuple[str, ...]
    places: frozenset[tuple[str, str]]

    @property
    def summary(self) -> str:
        """In a sentence or two."""
        if not self.proved:
            return "救回了一部分内容。请对照原件，按下面的清单逐项核对、补填。"
        told = ["填报内容全部救回，每一项都经校验值证明无误。"]
        if self.documents:
            told.append(f"有 {len(self.documents)} 份佐证材料没有救回，请重新加入。")
        if not self.same_rules:
            told.append("指标体系不是原来的那一份，请核对各行的文字和分值。")
        return "".join(told)

    @property
    def text(self) -> str:
        """The whole report, for a window or a file."""
        parts = [
            f"抢救报告　{self.at:%Y-%m-%d %H:%M}",
            f"损坏的草稿：{self.source}（只读取，未作任何改动，请保留）\n新的草稿：{self.target}",
            self.summary,
            _listed("【救回的】", self.saved),
            f"指标体系：{self.rules}",
            _section("请核对：读到了，但没有校验值能证明", self.to_check),
            _section("没有读到内容（也可能原来就没有填）", self.missing),
            _section("读到了，但没有放进新草稿", self.not_taken),
            _section("没有救回的佐证材料，请重新加入", self.documents),
            _section("另外请知道", (*self.notes, "修改记录没有带过来，新草稿从现在起重新记录；旧的还在损坏的文件里。")),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Sequence[str]) -> str:
    return _listed(f"【{title}】共 {len(lines)} 项", lines)


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"  · {line}" for line in lines)]) if lines else ""


def saved_words(entries: Entries, documents: int) -> tuple[str, ...]:
    """What there is, counted.

    Args:
        entries: What was saved.
        documents: How many supporting documents.
    """
    unit = sum(1 for name in entries.unit.__struct_fields__ if getattr(entries.unit, name))
    counts = (
        ("自评 {} 行", len(entries.answers)),
        ("单位信息 {} 项", unit),
        ("数据 {} 项", len(entries.figures)),
        ("其他事项 {} 项", len(entries.adjustments)),
        ("佐证材料 {} 份，逐份核对过校验值", documents),
    )
    return tuple(words.format(count) for words, count in counts if count)


def values_in_words(values: Fields, catalogue: Catalogue) -> tuple[str, ...]:
    """Fields with what they hold, a line a row, such as ``2.7 得分：3；备注：见附件``.

    Args:
        values: Fields.
        catalogue: Names the figures.
    """
    groups: dict[tuple[str, str], list[Change]] = {}
    for (scope, key, field), value in values:
        change = Change(scope=scope, key=key, field=field, before=None, after=value)
        groups.setdefault((scope, key), []).append(change)
    codes = [*(one.code for one in catalogue.categories), *(row.code for _, row in catalogue.indicators())]
    places = {code: place for place, code in enumerate(codes)}
    order = sorted(groups, key=lambda group: (group[0] == ANSWER, group[0], places.get(group[1], -1), group[1]))
    return tuple(_line(key, groups[scope, key], catalogue) for scope, key in order)


def _line(key: str, changes: list[Change], catalogue: Catalogue) -> str:
    names = list(ANSWER_NAMES)
    changes.sort(key=lambda change: names.index(change.field) if change.field in names else len(names))
    lines = [line.replace(" 空 → ", "：", 1) for change in changes for line in lines_of([change], catalogue)]
    return "；".join([*lines[:1], *(line.removeprefix(f"{key} ") for line in lines[1:])])


def blank_places(entries: Entries, catalogue: Catalogue, gone: Iterable[Place]) -> tuple[str, ...]:
    """Places where nothing stands.

    Args:
        entries: What was saved.
        catalogue: The rules.
        gone: Fields that once had a value.
    """
    names = [name for name in entries.unit.__struct_fields__ if not getattr(entries.unit, name)]
    unit = "、".join(place_of("unit", "", name) for name in names)
    figures = "、".join(figure.name for figure in catalogue.figures if figure.key not in entries.figures)
    matters = {row.code for _, row in catalogue.indicators() if isinstance(row.rule, AdjustmentBand)}
    blank = {row.code for row in score(catalogue, entries).rows if row.state is RowState.BLANK} - matters
    rows = [row for _, row in catalogue.indicators() if row.code in blank]
    return (
        *([f"单位信息：{unit}"] if unit else []),
        *([f"数据：{figures}"] if figures else []),
        *(f"第 {row.code} 行{in_marks(row.name)}" for row in rows),
        *([] if entries.adjustments or not matters else ["其他事项"]),
        *(f"{place_of(*place, catalogue)}（以前填过）" for place in sorted(gone)),
    )


def difference_from(made: Made | None, entries: Entries, catalogue: Catalogue) -> tuple[str, ...]:
    """What the draft said of itself, where it is another thing than what was saved.

    Args:
        made: Its last step.
        entries: What was saved.
        catalogue: The rules.
    """
    if made is None:
        return ()
    card = score(catalogue, entries)
    rows = sum(category.rows for category in card.categories if category.in_base)
    total = "没有得分" if card.total is None else show(card.total)
    if (made.answered, made.total or "没有得分") == (rows - card.blank, total):
        return ()
    return (
        f"损坏的草稿自己记着：已填 {made.answered} 行，总分 {made.total or '没有得分'}；"
        f"救回的是：已填 {rows - card.blank} 行，总分 {total}。",
    )
