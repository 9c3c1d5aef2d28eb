"""What may be put into a draft, and what an edit did, in words; knows no files."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Answer, Entries
from selfassess.errors import InputError
from selfassess.scoring.entering import check_answer
from selfassess.store.fields import ADJUSTMENT, ANSWER, EVIDENCE, FIGURE, UNIT, Change
from selfassess.store.words import words_of


class Effect(Struct, frozen=True, kw_only=True):
    """What an edit, undo or redo changed.

    Attributes:
        changes: Field by field, in the direction they went.
        label: The name the step was given, below it what else it has to tell; "" when its changes speak for themselves.
        catalogue: Names the figures.
        turn: 撤销 or 重做; "" for an edit.
        evidence_rows: Codes of the rows whose supporting documents changed, each once.
    """

    changes: tuple[Change, ...]
    label: str
    catalogue: Catalogue
    turn: str = ""
    evidence_rows: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What happened, such as ``2.7 得分 2 → 3`` or ``撤销：2.7 得分 3 → 2``."""
        words = self.label.partition("\n")[0] or words_of(self.changes, self.catalogue)
        return f"{self.turn}：{words}" if self.turn else words

    @property
    def codes(self) -> tuple[str, ...]:
        """Rows whose answer changed, each once."""
        return tuple(dict.fromkeys(change.key for change in self.changes if change.scope == ANSWER))

    @property
    def place(self) -> str:
        """Where it changed something first, as findings name places: ``2.7``, ``unit.name``; "" for rules and such."""
        change = self.changes[0]
        if change.scope == ANSWER:
            return change.key
        if change.scope == UNIT:
            return f"unit.{'class' if change.field == 'unit_class' else change.field}"
        if change.scope in (FIGURE, ADJUSTMENT):
            return f"{change.scope}.{change.key}"
        return self.evidence_rows[0] if change.scope == EVIDENCE else ""

    @property
    def scopes(self) -> frozenset[str]:
        """Scopes of the changed fields, such as ``unit`` or ``figure``."""
        return frozenset(change.scope for change in self.changes)


def check_answers(catalogue: Catalogue, answers: Mapping[str, Answer]) -> None:
    """Refuses answers that do not fit their rows.

    Args:
        catalogue: The rules.
        answers: By row code.

    Raises:
        InputError: The first that does not fit, in words.
        KeyError: No row has the code; that is a bug of the caller.
    """
    # One look through the form for a whole paste; a single answer stops at its row.
    known = {one.code: one for _, one in catalogue.indicators()} if len(answers) > 1 else None
    for code, answer in answers.items():
        indicator = catalogue.indicator(code) if known is None else known.get(code)
        if indicator is None:
            raise KeyError(code)
        check_answer(indicator, answer)


def check_same_codes(before: Catalogue, after: Catalogue, entries: Entries) -> None:
    """Refuses a correction that would leave entries without a place.

    Args:
        before: The rules as they are.
        after: The corrected rules.
        entries: What was entered.

    Raises:
        InputError: Codes of categories or rows differ, or a figure in use is gone.
    """
    for name, ours, theirs in (
        ("考核内容", [one.code for one in before.categories], [one.code for one in after.categories]),
        ("指标", [one.code for _, one in before.indicators()], [one.code for _, one in after.indicators()]),
    ):
        if ours != theirs:
            differing = sorted(set(ours).symmetric_difference(theirs)) or ["顺序不同"]
            raise InputError("E326", detail=f"{name} {'、'.join(differing[:5])}")
    lost = [key for key in entries.figures if after.figure(key) is None]
    if lost:
        raise InputError("E326", detail=f"数据 {'、'.join(lost[:5])}")
