"""What must agree across the tables of a catalogue file: codes, keys and the references to them; knows no files.

Works on what the file holds rather than on values, so that a faulty row still counts as a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from selfassess.catalogue.decoder import Decoder, Place, place_of_item
from selfassess.catalogue.schema import CATEGORY, INDICATOR
from selfassess.domain.numerals import NUMERALS
from selfassess.scoring.suggestions import hint

Raw = dict[str, object]

_ROW_CODE = re.compile(r"([1-9][0-9]{0,3})\.([1-9][0-9]{0,5})")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check(raw: Raw, decoder: Decoder) -> None:
    """Note every fault that spans tables.

    Args:
        raw: The file.
        decoder: Where faults are noted.
    """
    for key in ("id", "edition"):
        name = raw.get(key)
        if isinstance(name, str) and name.strip() and not _PLAIN_NAME.fullmatch(name):
            decoder.fault("E222", Place().at(key), got=name)
    categories = [*_categories(raw)]
    _check_categories(categories, decoder)
    _check_row_codes(categories, decoder)
    _check_adjustments(categories, decoder)
    figures = _check_figures(raw, decoder)
    for place, rule in _rules(categories):
        rate = rule.get("rate")
        if isinstance(rate, dict):
            _check_figures_of(cast("Raw", rate), ("numerator_figure", "denominator_figure"), figures, place, decoder)
    _check_checks(raw, figures, [_text(row, "code") for _, _, rows in categories for _, row in rows], decoder)
    _check_equal(decoder, "E231", Place().at("columns"), (_text(column, "key") for column in _tables(raw, "columns")))


def _tables(raw: Raw, key: str) -> list[Raw]:
    value = raw.get(key)
    if not isinstance(value, list):
        return []
    return [cast("Raw", item) for item in cast("list[object]", value) if isinstance(item, dict)]


def _text(raw: Raw, key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""


def _categories(raw: Raw) -> Iterator[tuple[Place, Raw, list[tuple[Place, Raw]]]]:
    for number, category in enumerate(_tables(raw, "categories"), 1):
        place = place_of_item(category, CATEGORY, Place(), number)
        rows = enumerate(_tables(category, "indicators"), 1)
        yield place, category, [(place_of_item(row, INDICATOR, place, at), row) for at, row in rows]


Categories = list[tuple[Place, Raw, list[tuple[Place, Raw]]]]


def _rules(categories: Categories) -> Iterator[tuple[Place, Raw]]:
    for _, _, rows in categories:
        for place, row in rows:
            rule = row.get("rule")
            if isinstance(rule, dict):
                yield place.at("rule"), cast("Raw", rule)


def _check_equal(decoder: Decoder, code: str, place: Place, names: Iterable[str]) -> None:
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            decoder.fault(code, place, name=name, times=times)


def _check_categories(categories: Categories, decoder: Decoder) -> None:
    codes = [_text(category, "code") for _, category, _ in categories]
    for (place, _, _), code in zip(categories, codes, strict=True):
        if code.strip() and code not in NUMERALS:
            decoder.fault("E232", place, got=code)
    _check_equal(decoder, "E233", Place().at("categories"), codes)


def _check_row_codes(categories: Categories, decoder: Decoder) -> None:
    codes: list[str] = []
    for _, category, rows in categories:
        number = NUMERALS.get(_text(category, "code"))
        for place, row in rows:
            code = _text(row, "code")
            codes.append(code)
            parts = _ROW_CODE.fullmatch(code)
            if code.strip() and not parts:
                decoder.fault("E234", place, got=code, example=f"{number or 2}.7")
            elif parts and number and int(parts[1]) != number:
                decoder.fault("E235", place, got=code, category=_text(category, "code"), number=number)
    _check_equal(decoder, "E236", Place().at("categories.indicators"), codes)


def _check_adjustments(categories: Categories, decoder: Decoder) -> None:
    bands = 0
    for _, category, rows in categories:
        outside = category.get("in_base") is False
        for place, row in rows:
            rule = row.get("rule")
            band = isinstance(rule, dict) and cast("Raw", rule).get("kind") == "adjustment"
            bands += band
            if band != outside:
                decoder.fault("E237" if band else "E238", place)
            elif band and bands > 1:
                decoder.fault("E239", place)


def _check_figures(raw: Raw, decoder: Decoder) -> list[str]:
    keys = [_text(figure, "key") for figure in _tables(raw, "figures")]
    _check_equal(decoder, "E230", Place().at("figures"), keys)
    return keys


def _check_figures_of(raw: Raw, keys: tuple[str, ...], figures: list[str], place: Place, decoder: Decoder) -> None:
    for key in keys:
        name = _text(raw, key)
        if name and name not in figures:
            decoder.fault("E240", place, key=key, name=name, hint=hint(name, figures, "figures 中还没有任何数据"))


def _check_checks(raw: Raw, figures: list[str], rows: list[str], decoder: Decoder) -> None:
    for number, check_ in enumerate(_tables(raw, "checks"), 1):
        place = Place().at("checks").at(number)
        row = _text(check_, "row")
        if row and row not in rows:
            decoder.fault("E241", place, row=row, hint=hint(row, rows, "本文件没有任何指标"))
        _check_figures_of(check_, ("numerator", "denominator"), figures, place, decoder)
