"""Makes the drafts of this folder and writes beside each what it must say for ever; run by hand, see README.md.

``.venv/bin/python tests/faults/old/make.py`` from the top of the checkout.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import astuple, replace

from selfassess.catalogue import loader
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Override, Unit
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.domain.rules import AllOrNothing, Checklist, Choice, Judged, Proportional, Threshold, Tiers
from selfassess.intake import answers
from selfassess.scoring.numbers import show
from selfassess.store import codec
from selfassess.store.draft import Draft
from selfassess.store.place import FORMAT_VERSION

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FORMS = ROOT / "catalogues" / "xizang-dept-budget"
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"
RARE = "𠮷𬱖㐀〇𪚥　བོད་ལྗོངས། “三公”＜&＞ ±½ é"
SCAN = b"%PDF-1.4 scan\n" + bytes(range(256)) * 8


class Clock:
    """One minute a look."""

    def __init__(self) -> None:
        self.time = datetime(2023, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


def example(path: Path) -> Draft:
    """The shipped example, as the start page makes it."""
    form = loader.load(FORMS / "2022-transcribed.toml")
    return Draft.create(path, form, answers.entries_of(answers.read(EXAMPLE), form), clock=Clock())


def everything(path: Path) -> Draft:
    """Every kind of field, rare characters, documents, a correction, steps done, undone, abandoned."""
    form = loader.load(FORMS / "2022.toml")
    draft = Draft.create(path, form, clock=Clock())
    unit = Unit(name=f"某某局{RARE}", unit_class="A", year="2022", preparer="张三", phone="0891-123", date="2023-01-05")
    draft.put_unit(unit)
    for key, amount in (("budget", "18966.53"), ("budget", "18966.54")):
        draft.put_figure(key, Decimal(amount))
    for code, answer in one_of_each(form).items():
        draft.put_answers({code: answer})
    prize = Adjustment(matter=f"获奖{RARE}", basis="藏财〔2022〕1号", points=Decimal("2.5"))
    draft.put_adjustments((prize, Adjustment(matter="")))
    draft.attach("2.7", f"佐证{RARE}.pdf", SCAN, number="藏财〔2022〕1号", date="2022-12-31", pages=3)
    draft.attach("2.7", "取下的.txt", b"taken off again")
    draft.detach(draft.evidence("2.7")[-1])
    draft.put_previous(previous(form), "与上年对照")
    first = form.categories[0]
    row = replace(first.indicators[0], method=f"更正后的计算方法{RARE}")
    corrected = replace(first, indicators=(row, *first.indicators[1:]))
    draft.put_catalogue(replace(form, categories=(corrected, *form.categories[1:])), f"更正 {row.code}")
    draft.put_unit(Unit(name="会撤销的名称"))
    draft.undo()
    draft.put_unit(replace(draft.entries.unit, head="李四"))
    draft.put_unit(replace(draft.entries.unit, head="王五"))
    draft.undo()
    return draft


def one_of_each(form: Catalogue) -> dict[str, Answer]:
    """An answer to the first row of each kind of rule, an override and a row that does not apply."""
    given: dict[type, Answer] = {
        AllOrNothing: Answer(met=False, reason=f"没有做到{RARE}"),
        Tiers: Answer(value=Decimal("0.1234"), remark="两行\n备注"),
        Proportional: Answer(value=Decimal("0.5"), reason="只完成一半"),
        Threshold: Answer(value=Decimal("0.05")),
    }
    found: dict[str, Answer] = {}
    rows = [row for _, row in form.indicators()]
    for row in rows:
        match row.rule:
            case Checklist(clauses=clauses):
                answer = Answer(ticks=(True, False, *([None] * (len(clauses) - 2))))
            case Choice(options=options):
                answer = Answer(option=options[-1].label)
            case Judged(step=step, bands=()):
                answer = Answer(points=step)
            case rule:
                answer = given.pop(type(rule), Answer())
        if answer != Answer() and type(row.rule) not in {type(form.indicator(code).rule) for code in found}:
            found[row.code] = answer
    plain = [row for row in rows if row.code not in found and isinstance(row.rule, AllOrNothing)]
    found[plain[0].code] = Answer(met=True, override=Override(points=Decimal("0.5"), reason=f"改分{RARE}"))
    absent = next(row for row in rows if row.may_be_not_applicable and row.code not in found)
    found[absent.code] = Answer(not_applicable="本单位没有这项业务")
    return found


def previous(form: Catalogue) -> PreviousYear:
    """Last year's form, with three rows."""
    first = [row for _, row in form.indicators()][:3]
    half, why = Decimal("0.5"), "上年"
    rows = {row.code: PreviousRow(name=row.name, full_points=row.full_points, points=half, reason=why) for row in first}
    return PreviousYear(unit="某某局", year="2021", title=form.title, rows=MappingProxyType(rows))


def told(draft: Draft) -> dict[str, object]:
    """Every point and text of a draft, as TOML can hold it."""
    card = draft.scorecard
    last_year = draft.previous.rows if draft.previous else {}
    optional = {"base": card.base, "total": card.total, "converted": card.converted}
    return {
        **{name: show(value) for name, value in optional.items() if value is not None},
        "bonus": show(card.bonus),
        "deduction": show(card.deduction),
        "attainable": show(card.attainable),
        "grade": card.grade or "",
        "blank": card.blank,
        "undo": draft.undo_text,
        "redo": draft.redo_text,
        "form": draft.catalogue.reference,
        "first_method": draft.catalogue.categories[0].indicators[0].method,
        "rows": {row.code: f"{row.state} {'' if row.points is None else show(row.points)}" for row in card.rows},
        "categories": {one.code: "" if one.points is None else show(one.points) for one in card.categories},
        "documents": {one.key: "|".join(map(str, astuple(one)[1:])) for one in draft.evidence()},
        "entries": {
            f"{scope}|{key}|{field}": value
            for scope, groups in codec.write_entries(draft.entries).items()
            for key, stored in groups.items()
            for field, value in stored.items()
        },
        "previous": {code: f"{row.name}|{row.points}|{row.reason}" for code, row in last_year.items()},
    }


def as_toml(table: dict[str, object]) -> str:
    """The table as text; JSON's way of writing texts is TOML's too."""

    def written(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [f"{name} = {written(value)}" for name, value in table.items() if not isinstance(value, dict)]
    for name, inner in table.items():
        if isinstance(inner, dict):
            lines += ["", f"[{name}]", *(f"{written(key)} = {written(value)}" for key, value in inner.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make each draft anew."""
    for make in (example, everything):
        path = HERE / f"format-{FORMAT_VERSION}-{make.__name__}.zpb"
        path.unlink(missing_ok=True)
        with make(path) as draft:
            path.with_suffix(".toml").write_text(as_toml(told(draft)), encoding="utf-8")


if __name__ == "__main__":
    main()
