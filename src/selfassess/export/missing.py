"""Characters that no font has, found before anything is printed, each with its place; knows typefaces, no pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from selfassess.errors import ExportError
from selfassess.export.characters import code_point, printable
from selfassess.export.fonts import Role
from selfassess.export.rows import RowKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from selfassess.export.fonts import Typeface
    from selfassess.export.rows import Annex, AnnexRow

_MOST_NAMED = 5
"""Characters that a message names; there may be thousands."""


class MissingCharacter(Struct, frozen=True, kw_only=True):
    """A character that no font has.

    Attributes:
        character: The character.
        code_point: Such as ``U+1F600``.
        code: Code of its row or category, or "" outside the rows.
        place: Where it stands, in words.
    """

    character: str
    code_point: str
    code: str
    place: str

    def __str__(self) -> str:
        """Place, character and code point; only the code point of what no screen can show."""
        shown = f"“{self.character}”（{self.code_point}）" if self.character.isprintable() else self.code_point
        return f"{self.place}的{shown}"


class _Text(NamedTuple):
    """A text of the annex with its role and its place: a row and a column, or a place outside the rows."""

    role: Role
    text: str
    row: AnnexRow | None
    where: str

    @property
    def place(self) -> str:
        if self.row is None or self.row.kind is RowKind.TOTAL:
            return f"合计行“{self.where}”列" if self.row is not None else self.where
        kind = "考核内容" if self.row.kind is RowKind.CATEGORY else "第"
        return f"{kind}{self.row.code}{'' if kind == '考核内容' else '行'}“{self.where}”列"


def missing_characters(annex: Annex, typefaces: Mapping[Role, Typeface]) -> tuple[MissingCharacter, ...]:
    """Characters that no font has; each once for every text it stands in.

    Args:
        annex: The annex.
        typefaces: The typeface of every role.
    """
    used: dict[Role, list[str]] = {role: [] for role in Role}
    for each in _texts(annex):
        used[each.role].append(each.text)
    bad = {role: _lacking(typefaces[role], "\n".join(texts)) for role, texts in used.items()}
    if not any(bad.values()):
        return ()
    return tuple(
        MissingCharacter(
            character=character,
            code_point=code_point(character),
            code="" if each.row is None else each.row.code,
            place=each.place,
        )
        for each in _texts(annex)
        for character in dict.fromkeys(each.text)
        if character in bad[each.role]
    )


def _lacking(typeface: Typeface, text: str) -> set[str]:
    """The characters of a text that have to be printed and cannot be; what breaks lines or has no shape need not be."""
    return {character for character in set(printable(text)) - {"\n"} if typeface.face(character) is None}


def refuse_missing(annex: Annex, typefaces: Mapping[Role, Typeface]) -> None:
    """Refuse to print boxes.

    Raises:
        ExportError: Naming the characters with their places.
    """
    missing = missing_characters(annex, typefaces)
    if missing:
        more = "等" if len(missing) > _MOST_NAMED else ""
        raise ExportError("E416", count=len(missing), places="；".join(map(str, missing[:_MOST_NAMED])) + more)


def _texts(annex: Annex) -> Iterator[_Text]:
    yield _Text(Role.HEADING, annex.label, None, "附件标识")
    yield _Text(Role.TITLE, annex.title, None, "标题")
    for text in (annex.head_left, annex.head_middle, annex.head_right, annex.footer.unit, annex.footer.year):
        yield _Text(Role.BODY, text, None, "表头上方的单位信息")
    for column in annex.columns:
        yield _Text(Role.HEADING, column.title, None, "表头")
    titles = [column.title for column in annex.columns]
    for row in annex.rows:
        role = Role.BODY if row.kind is RowKind.INDICATOR else Role.HEADING
        for text, title in zip(row.texts, titles, strict=True):
            if text:
                yield _Text(role, text, row, title)
    for number, note in enumerate(annex.notes, 1):
        yield _Text(Role.BODY, note, None, f"表下第{number}条注")
    for name, value in annex.sign_off:
        yield _Text(Role.BODY, name + value, None, f"落款“{name}”")
