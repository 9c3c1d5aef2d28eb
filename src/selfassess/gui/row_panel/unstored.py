"""Texts that were refused on rows that are not shown any more: they wait for the return to their row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from selfassess.gui.row_panel.fields import LongText, ValueField

if TYPE_CHECKING:
    from collections.abc import Iterable

    NamedField = tuple[str, ValueField | LongText]


class Unstored(NamedTuple):
    """One such text.

    Attributes:
        text: What was typed.
        by_disk: Whether it is a good one that only the disk did not take.
    """

    text: str
    by_disk: bool


class UnstoredTexts:
    """All of them, by row and field."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Unstored] = {}

    def keep(self, code: str, fields: Iterable[NamedField]) -> None:
        """Take along what is refused in these fields, before another row is shown in them.

        Args:
            code: The row.
            fields: Its fields by their names.
        """
        for name, field in fields:
            text = field.unstored()
            if text is not None:
                by_disk = not isinstance(field, ValueField) or field.refused_by_disk
                self._kept[(code, name)] = Unstored(text, by_disk)
            if text is not None and isinstance(field, LongText):
                field.forget()

    def put_back(self, code: str, fields: Iterable[NamedField]) -> None:
        """Put into these fields what was refused on this row before; it may be taken now."""
        for name, field in fields:
            kept = self._kept.pop((code, name), None)
            if kept is not None:
                field.put_back(kept.text)

    def not_taken(self) -> list[tuple[str, str]]:
        """Row and field of every text that means nothing there."""
        return [key for key, kept in self._kept.items() if not kept.by_disk]

    def refused_by_disk(self) -> list[tuple[str, str]]:
        """Row and field of every good text that only the disk did not take."""
        return [key for key, kept in self._kept.items() if kept.by_disk]
