"""A clerk's work without end, the same for a program that is killed and for the model that it is compared with."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from form import CODES, FONTS, held, remarks, short_form
from msgspec import Struct
from msgspec.structs import replace

from selfassess.document import Document
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.export.pdf import export_pdf
from selfassess.export.profile import NATIONAL
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.store.backing_up import back_up
from selfassess.store.backups import Backups

DRAFT, COPY, PDF, XLSX, BACKUPS = "草稿.zpb", "副本.zpb", "附件.pdf", "附件.xlsx", "备份"
START = remarks(_1_3="已填")
LONG = "按规定完成，会议纪要、批复文件见佐证材料。" * 40


class State(Struct, frozen=True, kw_only=True):
    """What a draft holds.

    Attributes:
        entries: What was entered.
        catalogue: The rules.
        evidence: Supporting documents: row, name, bytes.
    """

    entries: Entries = START
    catalogue: Catalogue
    evidence: tuple[tuple[str, str, bytes], ...] = ()


def state_of(document: Document) -> State:
    """What an open draft holds."""
    entries, catalogue, _, evidence = held(document.draft)
    return State(entries=entries, catalogue=catalogue, evidence=evidence)


class Model(Struct, kw_only=True):
    """What there must be on the disk: the state, what undo and redo bring back, and the copy that was saved.

    Attributes:
        state: Now.
        undo: Earlier states, the last one first to come back.
        redo: Undone states, likewise.
        copy: What the last copy holds; None before there is one.
        before: The state before the last step, to which one can be restored; None before there is one.
    """

    state: State
    undo: tuple[State, ...] = ()
    redo: tuple[State, ...] = ()
    copy: State | None = None
    before: State | None = None

    def edited(self, state: State) -> Model:
        """After an edit."""
        return replace(self, state=state, undo=(*self.undo, self.state), redo=(), before=self.state)

    def after_undo(self) -> Model:
        """After undo, if there is something to undo."""
        if not self.undo:
            return self
        return replace(self, state=self.undo[-1], undo=self.undo[:-1], redo=(*self.redo, self.state), before=self.state)

    def after_redo(self) -> Model:
        """After redo, if there is something to do again."""
        if not self.redo:
            return self
        return replace(self, state=self.redo[-1], undo=(*self.undo, self.state), redo=self.redo[:-1], before=self.state)

    def after_restore(self) -> Model:
        """After going back to the state before the last step, which is one more step."""
        return self if self.before is None else self.edited(self.before)


def start() -> Model:
    """Before the first step."""
    return Model(state=State(catalogue=short_form()))


class Step(Struct, frozen=True, kw_only=True):
    """One thing a clerk does.

    Attributes:
        do: Does it to an open draft; gives the draft that is open afterwards.
        after: What it makes of the model.
        closes: Whether there is a moment at which the draft is closed properly.
    """

    do: Callable[[Document], Document | None]
    after: Callable[[Model], Model]
    closes: bool = False


def step(number: int) -> Step:
    """What the clerk does next.

    Args:
        number: How many steps there were before; it decides everything.
    """
    chance = random.Random(f"work {number}")
    often = [_answer] * 6 + [_undo] * 3 + [_redo] * 2
    seldom = [_block, _unit, _matters, _attach, _correct, _save_as, _reopen, _restore, _back_up]
    return chance.choice([*often, *seldom, _export(PDF), _export(XLSX)])(number, chance)


def _entered(model: Model, **changes: object) -> Model:
    return model.edited(replace(model.state, entries=replace(model.state.entries, **changes)))


def _answers(model: Model, new: dict[str, Answer]) -> Model:
    return _entered(model, answers={**model.state.entries.answers, **new})


def _answer(number: int, chance: random.Random) -> Step:
    code, answer = chance.choice(CODES), Answer(remark=f"第 {number} 步")
    return Step(
        do=lambda document: document.put_answer(code, answer), after=lambda model: _answers(model, {code: answer})
    )


def _block(number: int, chance: random.Random) -> Step:
    new = {code: Answer(remark=f"{number} {LONG}") for code in CODES}
    return Step(do=lambda document: document.put_answers(new, "粘贴"), after=lambda model: _answers(model, new))


def _unit(number: int, chance: random.Random) -> Step:
    unit = Unit(name=f"单位 {number}")
    return Step(do=lambda document: document.put_unit(unit), after=lambda model: _entered(model, unit=unit))


def _matters(number: int, chance: random.Random) -> Step:
    matters = tuple(Adjustment(matter=f"事项 {number}.{place}") for place in range(chance.randint(1, 3)))
    return Step(
        do=lambda document: document.put_adjustments(matters), after=lambda model: _entered(model, adjustments=matters)
    )


def _attach(number: int, chance: random.Random) -> Step:
    code, name, content = chance.choice(CODES), f"{number}.pdf", chance.randbytes(9000)

    def after(model: Model) -> Model:
        return model.edited(replace(model.state, evidence=(*model.state.evidence, (code, name, content))))

    return Step(do=lambda document: document.attach(code, name, content), after=after)


def _correct(number: int, chance: random.Random) -> Step:
    title = f"更正 {number}"

    def corrected(catalogue: Catalogue) -> Catalogue:
        return replace(catalogue, title=title)

    return Step(
        do=lambda document: document.put_catalogue(corrected(document.catalogue), title),
        after=lambda model: model.edited(replace(model.state, catalogue=corrected(model.state.catalogue))),
    )


def _undo(number: int, chance: random.Random) -> Step:
    return Step(do=lambda document: document.undo() and None, after=Model.after_undo)


def _redo(number: int, chance: random.Random) -> Step:
    return Step(do=lambda document: document.redo() and None, after=Model.after_redo)


def _restore(number: int, chance: random.Random) -> Step:
    def do(document: Document) -> None:
        points = document.draft.restore_points(1).points
        if points:
            document.restore(points[0])

    return Step(do=do, after=Model.after_restore)


def _back_up(number: int, chance: random.Random) -> Step:
    def do(document: Document) -> None:
        backups = Backups(document.path.with_name(BACKUPS))
        back_up(document.draft.as_source(), backups, datetime(2023, 1, 5, tzinfo=UTC) + timedelta(minutes=number))

    return Step(do=do, after=lambda model: model)


def _save_as(number: int, chance: random.Random) -> Step:
    def do(document: Document) -> None:
        assert document.save_as(document.path.with_name(COPY)) == ""

    return Step(do=do, after=lambda model: replace(model, copy=model.state))


def _reopen(number: int, chance: random.Random) -> Step:
    def do(document: Document) -> Document:
        document.close()
        return Document.open(document.path)

    return Step(do=do, after=lambda model: model, closes=True)


def _export(name: str) -> Callable[[int, random.Random], Step]:
    def do(document: Document) -> None:
        sheet = annex(document.catalogue, document.entries, document.scorecard)
        target = document.path.with_name(name)
        if name == PDF:
            export_pdf(sheet, target, NATIONAL, FONTS)
        else:
            export_xlsx(sheet, target, document.catalogue, document.scorecard)

    return lambda _number, _chance: Step(do=do, after=lambda model: model)


def create(folder: Path) -> Path:
    """The draft that the work begins with, closed."""
    path = folder / DRAFT
    Document.create(path, short_form(), START).close()
    return path
