"""Texts that were refused on rows that are not shown any more: they wait for the return to their row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selfassess.gui.row_panel.fields import LongText, ValueField

    Field = ValueField | LongText


class UnstoredTexts:
    """All of them, by row, field of the answer, and name."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], str] = {}

    def keep(self, code: str, fields: Iterable[Field]) -> None:
        """Take along what is not stored in these fields, before another row is shown in them.

        Args:
            code: The row.
            fields: Its fields.
        """
        for field in fields:
            if field.unstored() is not None or field.is_pending():
                self._kept[(code, field.key, field.name())] = field.text()
                field.forget()  # or it would store itself when it is hidden

    def put_back(self, code: str, fields: Iterable[Field]) -> None:
        """Put into these fields what was not stored on this row before; it may be taken now."""
        for field in fields:
            text = self._kept.pop((code, field.key, field.name()), None)
            if text is not None:
                field.put_back(text)

    def forget(self, code: str, key: str) -> None:
        """What was refused for this field of the answer is stored, or something newer is."""
        for place in [place for place in self._kept if place[:2] == (code, key)]:
            del self._kept[place]

    def places(self) -> list[tuple[str, str, str]]:
        """Row, field of the answer, and name, of each."""
        return list(self._kept)
