"""Supporting documents (佐证材料) inside a draft: their particulars as fields, their bytes once per content."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.store.codec import is_count, write_text
from selfassess.store.digest import sha256
from selfassess.store.fields import EVIDENCE, Change, Fields, UnreadableError
from selfassess.store.refusals import refusing

MOST_BYTES = 256 * 1024 * 1024
"""The largest document taken in; a scan of a thousand pages is about half of it."""
_PIECE = 4 * 1024 * 1024
"""Bytes given to SQLite, or asked of it, at once: a whole document would lie in memory two or three times."""
_KEY = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("row", "name", "number", "date", "pages", "sha256")


class Evidence(Struct, frozen=True, kw_only=True):
    """A supporting document of a row.

    Attributes:
        key: Stable within the draft.
        row: Code of the row it supports.
        name: Name, as a rule that of the file.
        number: Document number (文号); "" when it has none.
        date: Its date, as typed.
        pages: Number of pages; None when unknown.
        sha256: Names its bytes.
    """

    key: str
    row: str
    name: str
    number: str = ""
    date: str = ""
    pages: int | None = None
    sha256: str


def check_size(name: str, size: int) -> None:
    """Refuses what is no document.

    Args:
        name: Its name.
        size: In bytes.

    Raises:
        StoreError: Empty, or too large.
    """
    if not size:
        raise StoreError("E323", path=name, detail="文件是空的")
    if size > MOST_BYTES:
        raise StoreError("E323", path=name, detail=f"文件超过 {MOST_BYTES // 1024 // 1024} MB")


def check_new(present: Iterable[Evidence], name: str, sha256: str) -> None:
    """Refuses a document that its row has already; another row may have it too.

    Args:
        present: The documents of the row.
        name: Name of the new one.
        sha256: Names its bytes.

    Raises:
        StoreError: One of them has the same bytes.
    """
    same = next((one for one in present if one.sha256 == sha256), None)
    if same is not None:
        raise StoreError("E340", name=name, other=same.name)


def rows_of(changes: Iterable[Change], *states: Iterable[Evidence]) -> tuple[str, ...]:
    """Codes of the rows whose documents changed, each once.

    Args:
        changes: Of any scope.
        states: The documents before and after them.
    """
    keys = {change.key for change in changes if change.scope == EVIDENCE}
    return tuple(dict.fromkeys(one.row for state in states for one in state if one.key in keys))


def write_evidence(evidence: Evidence) -> dict[str, str]:
    """Its particulars as fields."""
    written = {name: write_text(text) for name in _FIELDS if name != "pages" and (text := getattr(evidence, name))}
    if evidence.pages is not None:
        written["pages"] = str(evidence.pages)
    return written


def read_evidence(groups: Mapping[str, Fields]) -> tuple[Evidence, ...]:
    """The documents of these groups, in the order they were taken in.

    Raises:
        UnreadableError: A field is unknown, missing, empty or unreadable.
    """
    for key, stored in groups.items():
        for name, text in stored.items():
            if not _KEY.fullmatch(key) or not _is_ours(name, text):
                raise UnreadableError(EVIDENCE, key, name, text)
        for name in ("row", "name", "sha256"):
            if name not in stored:
                raise UnreadableError(EVIDENCE, key, name, "")
    return tuple(_evidence(key, groups[key]) for key in sorted(groups, key=int))


def _is_ours(name: str, text: str) -> bool:
    if name == "pages":
        return is_count(text)
    if name == "sha256":
        return _SHA256.fullmatch(text) is not None
    return name in _FIELDS and text != ""


def _evidence(key: str, stored: Fields) -> Evidence:
    pages = stored.get("pages")
    return Evidence(
        key=key,
        row=stored["row"],
        name=stored["name"],
        number=stored.get("number", ""),
        date=stored.get("date", ""),
        pages=None if pages is None else int(pages),
        sha256=stored["sha256"],
    )


def next_key(sql: sqlite3.Connection) -> str:
    """A key that no document of this draft ever had, so that undo cannot mix two up."""
    row = sql.execute("SELECT max(CAST(key AS INTEGER)) FROM change WHERE scope = ?", (EVIDENCE,)).fetchone()
    return str((row[0] or 0) + 1)


def put_bytes(sql: sqlite3.Connection, name: str, content: bytes | bytearray) -> None:
    """Stores a document's bytes unless they are there already.

    Args:
        sql: A connection inside a transaction.
        name: Their SHA-256.
        content: The bytes.
    """
    size = len(content)
    place = sql.execute(
        "INSERT INTO blob (sha256, size, content) VALUES (?, ?, zeroblob(?)) ON CONFLICT DO NOTHING RETURNING rowid",
        (name, size, size),
    ).fetchall()
    for (row,) in place:
        with sql.blobopen("blob", "content", row) as blob, memoryview(content) as whole:
            for start in range(0, size, _PIECE):
                blob.write(whole[start : start + _PIECE])


def copy_bytes(sql: sqlite3.Connection, evidence: Evidence, path: Path, write: Callable[[bytes], object]) -> None:
    """Writes a document's bytes elsewhere, piece by piece, proved by their checksum.

    Args:
        sql: A connection.
        evidence: The document.
        path: The draft, to name it in a refusal.
        write: Is given each piece. What it raises flies on unchanged.

    Raises:
        StoreError: The bytes are missing or are not the ones taken in; what was written is to be thrown away.
    """
    proof = sha256()
    with refusing(path):
        place = sql.execute("SELECT rowid, typeof(content) FROM blob WHERE sha256 = ?", (evidence.sha256,)).fetchone()
        # A page of another table in the place of its own brings a text or a number.
        if place is None or place[1] != "blob":
            raise StoreError("E324", name=evidence.name)
        blob = sql.blobopen("blob", "content", place[0], readonly=True)
    with blob:
        while True:
            with refusing(path):
                piece = blob.read(_PIECE)
            if not piece:
                break
            proof.update(piece)
            write(piece)
    if proof.hexdigest() != evidence.sha256:
        raise StoreError("E324", name=evidence.name)
