"""The check code that ties a printed page to what was entered; knows entries, nothing of layout."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import fields

from selfassess.domain.entries import BLANK, Override
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Catalogue
    from selfassess.domain.entries import Adjustment, Answer, Entries, Unit

GROUPS = 4
"""Groups of four hexadecimal digits that are shown: 64 bits, short enough to be read out over the telephone."""


def check_code(catalogue: Catalogue, entries: Entries) -> str:
    """The check code of what was entered, such as ``7F3A-91C2-0B44-E5D8``.

    It depends on the catalogue's reference and on unit, figures, answers and adjustments. Numbers count by value, so
    4.5 and 4.50 are the same; rows that were touched and emptied again count as untouched. What a paper form declares
    is not part of it, because it is not printed.

    Args:
        catalogue: The rules the entries belong to.
        entries: What was entered.
    """
    digest = hashlib.sha256(_canonical(catalogue, entries).encode("utf-8", errors="surrogatepass")).hexdigest().upper()
    return "-".join(digest[start : start + 4] for start in range(0, 4 * GROUPS, 4))


def _canonical(catalogue: Catalogue, entries: Entries) -> str:
    stated = {
        "catalogue": catalogue.reference,
        "unit": _stated(entries.unit),
        "figures": dict(entries.figures),
        "answers": {code: _stated(answer) for code, answer in entries.answers.items() if answer != BLANK},
        "adjustments": [_stated(adjustment) for adjustment in entries.adjustments],
    }
    return json.dumps(stated, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _stated(value: Unit | Answer | Adjustment | Override) -> dict[str, object]:
    """What was entered; a field left alone is not stated, so that fields of later versions do not change old codes."""
    return {
        field.name: getattr(value, field.name) for field in fields(value) if getattr(value, field.name) != field.default
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, Override):
        return _stated(value)
    raise TypeError(f"not part of entries: {value!r}")
