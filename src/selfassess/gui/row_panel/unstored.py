"""Texts that were refused on rows that are not shown any more: they wait for the return to their row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from selfassess.gui.row_panel.fields import ValueField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from selfassess.domain.entries import Answer
    from selfassess.gui.row_panel.fields import LongText

    Field = ValueField | LongText


class _Kept(NamedTuple):
    """A text, and the row's answer when it was taken along; None where the row was answered otherwise before that."""

    text: str
    answer: Answer | None


class UnstoredTexts:
    """All of them, by row, field of the answer, and name."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], _Kept] = {}

    def keep(self, code: str, fields: Iterable[Field], answer: Answer) -> None:
        """Take along what is not stored in these fields, before another row is shown in them.

        Args:
            code: The row.
            fields: Its fields.
            answer: The row's answer.
        """
        for field in fields:
            if field.unstored() is not None or field.is_pending():
                aside = isinstance(field, ValueField) and field.is_aside
                self._kept[(code, field.key, field.name())] = _Kept(field.text(), None if aside else answer)
                field.forget()  # or it would store itself when it is hidden

    def put_back(self, code: str, fields: Iterable[Field], may_store: Callable[[str, Answer | None], bool]) -> None:
        """Put into these fields what was not stored on this row before; it may be taken now.

        Args:
            code: The row.
            fields: Its fields.
            may_store: Whether what was typed for a field of the answer, on an answer like this, may be stored by
                itself; if not, it is only shown.
        """
        found = [(field, self._kept.pop((code, field.key, field.name()), None)) for field in fields]
        # One that is stored makes the answer another for the next.
        judged = [(field, one.text, may_store(field.key, one.answer)) for field, one in found if one is not None]
        for field, text, storable in judged:
            if isinstance(field, ValueField) and not storable:
                field.put_aside(text)
            else:
                field.put_back(text)

    def take_homeless(self, code: str) -> list[tuple[str, str]]:
        """Name and text of what is left of a row after all was put back: its rule has no such fields any more."""
        left = [place for place in self._kept if place[0] == code]
        return [(place[2], self._kept.pop(place).text) for place in left]

    def forget(self, code: str, key: str) -> None:
        """What was refused for this field of the answer is stored, or something newer is."""
        for place in [place for place in self._kept if place[:2] == (code, key)]:
            del self._kept[place]

    def places(self) -> list[tuple[str, str, str]]:
        """Row, field of the answer, and name, of each."""
        return list(self._kept)
