"""Drafts as a stranger would make them: honest ones with contents of the stranger's choice, checksums that match."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from selfassess.store.digest import as_text, digest_of_bytes, digest_of_changes, sum_of
from selfassess.store.fields import Change

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "catalogues" / "xizang-dept-budget" / "2022-transcribed.toml"
"""The form that the example was filled in on."""
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"


def meddle(path: Path, statements: Iterable[str | tuple[str, tuple[object, ...]]]) -> None:
    """Run statements on a draft and make its checksums match again.

    Args:
        path: The draft.
        statements: SQL, or SQL with its values; the schema itself may be written too.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA synchronous = OFF")
        sql.execute("PRAGMA foreign_keys = OFF")
        sql.execute("PRAGMA ignore_check_constraints = ON")
        sql.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            text, values = statement if isinstance(statement, tuple) else (statement, ())
            sql.execute(text, values)
        seal(sql)


def seal(sql: sqlite3.Connection) -> None:
    """Make every checksum match what is there now."""
    for sha256, text in sql.execute("SELECT sha256, text FROM catalogue").fetchall():
        now = digest_of_bytes(str(text).encode(errors="surrogatepass"))
        sql.execute("UPDATE OR REPLACE catalogue SET sha256 = ? WHERE sha256 = ?", (now, sha256))
        sql.execute("UPDATE entry SET value = ? WHERE scope = 'catalogue' AND value = ?", (now, sha256))
    sheet: dict[str, dict[str, dict[str, str]]] = {}
    for scope, key, field, value in sql.execute("SELECT scope, key, field, value FROM entry"):
        sheet.setdefault(scope, {}).setdefault(key, {})[field] = value
    sql.execute("UPDATE step SET contents = ? WHERE id = (SELECT max(id) FROM step)", (as_text(sum_of(sheet)),))
    for (step,) in sql.execute("SELECT id FROM step").fetchall():
        rows = sql.execute("SELECT scope, key, field, before, after FROM change WHERE step = ?", (step,)).fetchall()
        names = ("scope", "key", "field", "before", "after")
        changes = [Change(**dict(zip(names, row, strict=True))) for row in rows]
        sql.execute("UPDATE step SET digest = ? WHERE id = ?", (digest_of_changes(changes), step))


def journal_that_names(draft: Path, victim: Path) -> bytes:
    """A journal to lie beside a draft, which asks SQLite to delete another file after playing it back."""
    magic = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
    name, pages = bytes(victim), draft.stat().st_size // 4096
    numbers = b"".join(number.to_bytes(4, "big") for number in (0, 0, pages, 512, 4096))
    end = len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + magic
    return (magic + numbers).ljust(512, b"\0") + bytes(4) + name + end
