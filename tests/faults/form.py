"""A short form, so that a draft of it opens in a few milliseconds, and how a draft is looked at from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Answer, Entries
from selfassess.store.draft import Draft

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "resources" / "fonts"
CODES = ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2")


@cache
def short_form() -> Catalogue:
    """The first two categories of the form of 2022, and 八."""
    whole = load(ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml")
    kept = (*whole.categories[:2], *(one for one in whole.categories if not one.in_base))
    return replace(whole, categories=kept, checks=(), notes=whole.notes[:1])


def remarks(**texts: str) -> Entries:
    """Entries that say nothing but remarks; ``_1_1`` stands for row 1.1."""
    return Entries(answers={code[1:].replace("_", "."): Answer(remark=text) for code, text in texts.items()})


def held(draft: Draft) -> tuple[object, ...]:
    """Everything a draft holds that somebody entered, to be compared."""
    names = tuple((one.row, one.name, draft.evidence_bytes(one)) for one in draft.evidence())
    return draft.entries, draft.catalogue, draft.previous, names


def integrity(path: Path) -> str:
    """What SQLite itself says of a closed draft; ``ok`` when it is whole."""
    with closing(sqlite3.connect(path)) as sql:
        return "; ".join(row[0] for row in sql.execute("PRAGMA integrity_check"))
