"""Entries as flat fields of text and back, exactly; knows no SQL and no rules.

A field that is absent was not entered: so blank, 0 and 不涉及 without a reason ("") stay three different things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.errors import InputError
from selfassess.store.fields import ADJUSTMENT, ANSWER, DECLARED, FIGURE, UNIT, Fields, Group, Sheet, UnreadableError

T = TypeVar("T")
_MOST_DIGITS = 30
_NUMBER = re.compile(rf"-?\d{{1,{_MOST_DIGITS}}}(\.\d{{1,{_MOST_DIGITS}}})?", re.ASCII)
_COUNT = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)
_TICKS: dict[bool | None, str] = {True: "1", False: "0", None: "-"}
_UNTICKS: dict[str, bool | None] = {"1": True, "0": False, "-": None}


# ------------------------------------------------------------------------------------------------------ single values
def write_text(text: str) -> str:
    """Text that can be stored: halves of characters, which no text may hold, become �."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def write_number(number: Decimal) -> str:
    """A number as plain digits without trailing zeros; equal numbers give equal text.

    Raises:
        InputError: Not finite, or with more than 30 digits on either side of the point.
    """
    if not number.is_finite() or not -_MOST_DIGITS * 2 < number.adjusted() < _MOST_DIGITS:
        raise InputError("E327", value=number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    if not is_number(text):
        raise InputError("E327", value=number)
    return text


def is_number(text: str) -> bool:
    """Whether :func:`write_number` could have written this."""
    return _NUMBER.fullmatch(text) is not None


def read_number(text: str) -> Decimal:
    """The number that :func:`write_number` wrote.

    Raises:
        ValueError: It is none.
    """
    if not is_number(text):
        raise ValueError(text)
    return Decimal(text)


def is_count(text: str) -> bool:
    """Whether this is a count of documents or pages as ``str`` writes it, and no longer than any of a form."""
    return _COUNT.fullmatch(text) is not None


def read_count(text: str) -> int:
    """The count that ``str`` wrote.

    Raises:
        ValueError: It is none.
    """
    if not is_count(text):
        raise ValueError(text)
    return int(text)


def _write_flag(flag: bool) -> str:  # noqa: FBT001  (called through a table, by position)
    return "1" if flag else "0"


def _read_flag(text: str) -> bool:
    return {"1": True, "0": False}[text]


def _write_ticks(ticks: tuple[bool | None, ...]) -> str:
    return "".join(_TICKS[tick] for tick in ticks)


def _read_ticks(text: str) -> tuple[bool | None, ...]:
    return tuple(_UNTICKS[mark] for mark in text)


def _read_text(text: str) -> str:
    return text


_PLAIN: dict[str, tuple[Callable[..., str], Callable[[str], object]]] = {
    "ticks": (_write_ticks, _read_ticks),
    "met": (_write_flag, _read_flag),
    "option": (write_text, _read_text),
    "value": (write_number, read_number),
    "numerator": (write_number, read_number),
    "denominator": (write_number, read_number),
    "points": (write_number, read_number),
    "not_applicable": (write_text, _read_text),
    "average": (write_number, read_number),
}
"""Fields of an answer where None means: not entered."""
_TEXTS = ("reason", "remark")
"""Fields of an answer where "" means: not entered."""
_OVERRIDE = ("override.points", "override.reason")
_UNIT_FIELDS = Unit.__struct_fields__
_DECLARED = ("points", "full_points", "subtotals")


# ------------------------------------------------------------------------------------------------------------ answers
def write_answer(answer: Answer) -> dict[str, str]:
    """An answer as fields; a blank one has none.

    Raises:
        InputError: A number that cannot be stored.
    """
    written = {
        name: write(value) for name, (write, _) in _PLAIN.items() if (value := getattr(answer, name)) is not None
    }
    if answer.override is not None:
        written["override.points"] = write_number(answer.override.points)
        written["override.reason"] = write_text(answer.override.reason)
    for name in _TEXTS:
        if text := getattr(answer, name):
            written[name] = write_text(text)
    return written


def read_answer(key: str, stored: Fields) -> Answer:
    """The answer of these fields.

    Args:
        key: Code of the row.
        stored: Its fields.

    Raises:
        UnreadableError: A field is unknown, or its text is none that :func:`write_answer` writes.
    """
    values: dict[str, object] = {}
    override: dict[str, str] = {}
    for name, text in stored.items():
        if name in _PLAIN:
            values[name] = _read(ANSWER, key, name, text, _PLAIN[name][1])
        elif name in _TEXTS and text:
            values[name] = text
        elif name in _OVERRIDE:
            override[name] = text
        else:
            raise UnreadableError(ANSWER, key, name, text)
    if override:
        values["override"] = _read_override(key, override)
    return Answer(**values)  # pyright: ignore[reportArgumentType]  # the table above gives each field its type


def _read_override(key: str, stored: Fields) -> Override:
    for name in _OVERRIDE:
        if name not in stored:
            raise UnreadableError(ANSWER, key, name, "")
    points = _read(ANSWER, key, "override.points", stored["override.points"], read_number)
    return Override(points=points, reason=stored["override.reason"])


def _read(scope: str, key: str, field: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except (ValueError, KeyError) as error:
        raise UnreadableError(scope, key, field, text) from error


# ------------------------------------------------------------------------------------------------------- other groups
def write_unit(unit: Unit) -> dict[str, dict[str, str]]:
    """The unit as groups of its scope."""
    written = {name: write_text(text) for name in _UNIT_FIELDS if (text := getattr(unit, name))}
    return {"": written} if written else {}


def read_unit(groups: Mapping[str, Fields]) -> Unit:
    """The unit of these groups.

    Raises:
        UnreadableError: A key or field is unknown.
    """
    for key, stored in groups.items():
        for name, text in stored.items():
            if key or name not in _UNIT_FIELDS or not text:
                raise UnreadableError(UNIT, key, name, text)
    return Unit(**groups.get("", {}))


def write_figures(figures: Mapping[str, Decimal]) -> dict[str, dict[str, str]]:
    """Figures as groups of their scope.

    Raises:
        InputError: A number that cannot be stored.
    """
    return {key: {"amount": write_number(amount)} for key, amount in figures.items()}


def read_figures(groups: Mapping[str, Fields]) -> Mapping[str, Decimal]:
    """The figures of these groups.

    Raises:
        UnreadableError: A field is unknown or no number.
    """
    figures: dict[str, Decimal] = {}
    for key, stored in groups.items():
        for name, text in stored.items():
            if name != "amount":
                raise UnreadableError(FIGURE, key, name, text)
            figures[key] = _read(FIGURE, key, name, text, read_number)
    return MappingProxyType(figures)


def write_adjustments(adjustments: Iterable[Adjustment]) -> dict[str, dict[str, str]]:
    """Matters as groups of their scope, numbered from 0.

    Raises:
        InputError: A number that cannot be stored.
    """
    groups: dict[str, dict[str, str]] = {}
    for number, adjustment in enumerate(adjustments):
        # The matter is written even when empty: a matter just added is there, although nothing was typed into it.
        written = {"matter": write_text(adjustment.matter)}
        if adjustment.basis:
            written["basis"] = write_text(adjustment.basis)
        if adjustment.points is not None:
            written["points"] = write_number(adjustment.points)
        groups[str(number)] = written
    return groups


def read_adjustments(groups: Mapping[str, Fields]) -> tuple[Adjustment, ...]:
    """The matters of these groups, in order.

    Raises:
        UnreadableError: A number is left out, or a field is unknown.
    """
    keys = dict.fromkeys(str(number) for number in range(len(groups)))
    for key, stored in groups.items():
        if key not in keys:
            raise UnreadableError(ADJUSTMENT, key, "", "")
        for name, text in stored.items():
            if name not in {"matter", "basis", "points"}:
                raise UnreadableError(ADJUSTMENT, key, name, text)
        if "matter" not in stored:
            raise UnreadableError(ADJUSTMENT, key, "matter", "")
    return tuple(_read_adjustment(key, groups[key]) for key in keys)


def _read_adjustment(key: str, stored: Fields) -> Adjustment:
    points = stored.get("points")
    return Adjustment(
        matter=stored["matter"],
        basis=stored.get("basis", ""),
        points=None if points is None else _read(ADJUSTMENT, key, "points", points, read_number),
    )


def write_declared(declared: Declared) -> dict[str, dict[str, str]]:
    """Declared numbers as groups of their scope: by code, and the total under "".

    Raises:
        InputError: A number that cannot be stored.
    """
    groups: dict[str, dict[str, str]] = {}
    for name in _DECLARED:
        numbers: Mapping[str, Decimal] = getattr(declared, name)
        for code, number in numbers.items():
            groups.setdefault(code, {})[name] = write_number(number)
    if declared.total is not None:
        groups.setdefault("", {})["total"] = write_number(declared.total)
    return groups


def read_declared(groups: Mapping[str, Fields]) -> Declared:
    """The declared numbers of these groups.

    Raises:
        UnreadableError: A field is unknown or no number.
    """
    numbers: dict[str, dict[str, Decimal]] = {name: {} for name in _DECLARED}
    total: Decimal | None = None
    for key, stored in groups.items():
        for name, text in stored.items():
            number = _read(DECLARED, key, name, text, read_number)
            if name in numbers:
                numbers[name][key] = number
            elif name == "total" and not key:
                total = number
            else:
                raise UnreadableError(DECLARED, key, name, text)
    return Declared(**{name: MappingProxyType(found) for name, found in numbers.items()}, total=total)


# ------------------------------------------------------------------------------------------------------ whole entries
def write_entries(entries: Entries) -> dict[str, dict[str, dict[str, str]]]:
    """Everything that was entered, as fields by scope and key.

    Raises:
        InputError: A number that cannot be stored.
    """
    answers = {code: written for code, answer in entries.answers.items() if (written := write_answer(answer))}
    return {
        ANSWER: answers,
        FIGURE: write_figures(entries.figures),
        UNIT: write_unit(entries.unit),
        ADJUSTMENT: write_adjustments(entries.adjustments),
        DECLARED: write_declared(entries.declared),
    }


def read_entries(sheet: Sheet) -> Entries:
    """What :func:`write_entries` wrote.

    Raises:
        UnreadableError: Something in it is none of ours.
    """
    answers = {code: read_answer(code, stored) for code, stored in sheet.get(ANSWER, {}).items()}
    return Entries(
        unit=read_unit(sheet.get(UNIT, {})),
        figures=read_figures(sheet.get(FIGURE, {})),
        answers=MappingProxyType(answers),
        adjustments=read_adjustments(sheet.get(ADJUSTMENT, {})),
        declared=read_declared(sheet.get(DECLARED, {})),
    )


def reread(entries: Entries, sheet: Sheet, touched: Iterable[Group]) -> Entries:
    """The entries after some groups changed; what did not change is the same object as before.

    Args:
        entries: The entries before.
        sheet: The fields afterwards.
        touched: The groups that changed; those of other scopes than the entries' do not matter here.

    Raises:
        UnreadableError: Something in those groups is none of ours.
    """
    scopes = {scope for scope, _ in touched}
    answers = entries.answers
    if ANSWER in scopes:
        kept = dict(entries.answers)
        for code in (key for scope, key in touched if scope == ANSWER):
            if stored := sheet[ANSWER].get(code):
                kept[code] = read_answer(code, stored)
            else:
                kept.pop(code, None)
        answers = MappingProxyType(kept)
    # The other scopes are read again as a whole: their groups are few.
    return Entries(
        unit=read_unit(sheet[UNIT]) if UNIT in scopes else entries.unit,
        figures=read_figures(sheet[FIGURE]) if FIGURE in scopes else entries.figures,
        answers=answers,
        adjustments=read_adjustments(sheet[ADJUSTMENT]) if ADJUSTMENT in scopes else entries.adjustments,
        declared=read_declared(sheet[DECLARED]) if DECLARED in scopes else entries.declared,
    )
