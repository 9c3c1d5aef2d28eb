"""What can still be read in a draft's file, however damaged, and what of it checksums prove; decides nothing.

Records are known by their shape, so that they are found on pages to which no other page leads any more. Values of the
``entry`` table count as present only where its tree leads to them; elsewhere they may be older ones.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping

from msgspec import Struct

from selfassess.store.digest import digest_of_bytes, digest_of_changes
from selfassess.store.evidence import MOST_BYTES
from selfassess.store.fields import SCOPES, Change
from selfassess.store.pages import USUAL_PAGE, Cell, Page, Pages, Record, stated_size
from selfassess.store.schema import migrate

Place = tuple[str, str, str]
"""Scope, key, field."""

_LONGEST = 8 << 20
"""Bytes of a record that is read at once; only supporting documents are longer."""
_LONGEST_OF_ALL = MOST_BYTES + 1024
"""A supporting document, with its name and size; a longer one was never taken in."""
_DOCUMENT_TIMES = 24
"""How often all bytes of a file can be needed for its documents: a page holds up to eight, each is read for the others
as well, once when the report is made and once when it is stored."""
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_KINDS = frozenset({"start", "edit", "undo", "redo"})
_TABLES = ("entry", "catalogue", "step", "change", "summary", "blob")


class Head(Struct, frozen=True, kw_only=True):
    """The draft's line about itself; no checksum proves it."""

    identity: str
    reference: str


class Made(Struct, frozen=True, kw_only=True):
    """A step, without its changes; no checksum proves more of it than ``digest`` and ``contents`` can.

    Attributes:
        digest: The checksum of its changes.
        answered: Rows that were not blank after it.
        total: 总分 after it, as text; None: no row applied.
        contents: The checksum of all fields after it.
    """

    digest: str
    answered: int
    total: str | None
    contents: str


class Remains(Struct, frozen=True, kw_only=True):
    """Everything that was found.

    Attributes:
        entries: Fields of the ``entry`` table.
        entries_whole: Whether every page of that table was read whole.
        stray: Fields on pages that may hold older ones, with all values found.
        changes: Of each step, as found.
        proved: Steps whose changes are all there, by their checksum.
        steps: What is known of each step besides.
        last_is_known: Whether no later step can be lost: one of the two tables of steps was read whole.
        head: The draft's line about itself; None when it is lost.
        catalogues: Rules as text by their checksum, which was compared.
    """

    entries: Mapping[Place, str]
    entries_whole: bool
    stray: Mapping[Place, tuple[str, ...]]
    changes: Mapping[int, tuple[Change, ...]]
    proved: frozenset[int]
    steps: Mapping[int, Made]
    last_is_known: bool
    head: Head | None
    catalogues: Mapping[str, str]

    @property
    def found(self) -> int:
        """How much was found: fields, changes, rules."""
        fields = len(self.entries) + len(self.stray)
        return fields + sum(map(len, self.changes.values())) + len(self.catalogues) + (self.head is not None)

    @property
    def last(self) -> int:
        """The last step that is known; 0: none."""
        return max((*self.steps, *self.changes), default=0)


class Wreck:
    """A damaged file, held in memory or mapped into it.

    Args:
        content: The whole file.
    """

    def __init__(self, content: bytes | memoryview) -> None:
        self._reads_documents = False
        self._best: tuple[Remains, Pages, dict[str, list[Cell]]] | None = None
        for size in dict.fromkeys((stated_size(content), USUAL_PAGE)):
            pages = Pages(content, size)
            remains, blobs = _Search(pages).run()
            if self._best is None or remains.found > self._best[0].found:
                self._best = remains, pages, blobs

    @property
    def remains(self) -> Remains:
        """What was found."""
        assert self._best is not None  # noqa: S101  (there is always a size to try)
        return self._best[0]

    @property
    def documents(self) -> frozenset[str]:
        """Checksums that name the supporting documents found; whether they are whole, :meth:`document` tells."""
        return frozenset() if self._best is None else frozenset(self._best[2])

    def document(self, sha256: str) -> bytes | None:
        """A supporting document.

        Args:
            sha256: Names it.

        Returns:
            Its bytes, proved by their checksum; None when no copy is whole.
        """
        assert self._best is not None  # noqa: S101  (there is always a size to try)
        _, pages, blobs = self._best
        if not self._reads_documents:
            # Once, and not for each: they may all be said to lie in the same long chain.
            pages.refill(_DOCUMENT_TIMES)
            self._reads_documents = True
        for lying in blobs.get(sha256, ()):
            page = pages.page(lying.page, _LONGEST_OF_ALL)
            for cell in page.cells if page else ():
                content = cell.record[-1]
                if cell.record[0] == sha256 and isinstance(content, bytes) and digest_of_bytes(content) == sha256:
                    return content
        return None


class _Search:
    """Looks through all pages once."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._entries: dict[Place, str] = {}
        self._stray: dict[Place, dict[str, None]] = {}
        self._changes: dict[int, dict[Place, Change]] = {}
        self._steps: dict[int, Made] = {}
        self._heads: list[Head] = []
        self._catalogues: dict[str, str] = {}
        self._blobs: dict[str, list[Cell]] = {}

    def run(self) -> tuple[Remains, dict[str, list[Cell]]]:
        """Everything that is there."""
        taken: set[int] = set()
        schema, _ = self._pages.tree(1, _LONGEST, taken)
        roots = _usual_roots() | _stated_roots(schema)
        tree, whole = self._pages.tree(roots["entry"], _LONGEST, taken)
        whole = self._take_entries(tree) and whole
        are_whole: set[str] = {"entry"} if whole else set()
        for table in _TABLES[1:]:
            tree, whole = self._pages.tree(roots[table], _LONGEST, taken)
            are_whole |= {table} if whole else set()
            for page in tree:
                self._sort_out(page)
        stale = self._pages.free()
        for number in range(1, self._pages.count + 1):
            if number not in taken and number not in stale:
                page = self._pages.page(number, _LONGEST)
                if page is not None:
                    self._sort_out(page)
        return self._remains(are_whole), self._blobs

    def _remains(self, are_whole: set[str]) -> Remains:
        changes = {step: tuple(found.values()) for step, found in self._changes.items()}
        proved = {step for step, made in self._steps.items() if digest_of_changes(changes.get(step, ())) == made.digest}
        return Remains(
            entries=self._entries,
            entries_whole="entry" in are_whole,
            stray={place: tuple(values) for place, values in self._stray.items()},
            changes=changes,
            proved=frozenset(proved),
            steps=self._steps,
            last_is_known=bool(are_whole & {"step", "change"}),
            head=self._heads[0] if self._heads else None,
            catalogues=self._catalogues,
        )

    def _take_entries(self, pages: Iterable[Page]) -> bool:
        whole = True
        for page in pages:
            for cell in page.cells:
                match cell.record:
                    case (str() as scope, str() as key, str() as field, str() as value) if not page.is_table:
                        self._entries[scope, key, field] = value
                    case _:
                        whole = False
                        self._take(page, cell)
        return whole

    def _sort_out(self, page: Page) -> None:
        for cell in page.cells:
            self._take(page, cell)

    def _take(self, page: Page, cell: Cell) -> None:
        if not page.is_table:
            self._take_keyed(cell.record)
            return
        match cell.record:
            case (
                None,
                str(),
                str() as kind,
                str(),
                _,
                _,
                str() as digest,
                int() as answered,
                str() | None as total,
                str() as contents,
            ) if kind in _KINDS and cell.rowid is not None and cell.rowid > 0:
                made = Made(digest=digest, answered=answered, total=total, contents=contents)
                self._steps.setdefault(cell.rowid, made)
            case (str() as sha256, str() as text) if digest_of_bytes(text.encode()) == sha256:
                self._catalogues[sha256] = text
            case (str() as sha256, int(), bytes() | None) if len(sha256) == 64 and _HEX.fullmatch(sha256):
                self._blobs.setdefault(sha256, []).append(cell)
            case _:
                head = _head(cell.record)
                if head is not None:
                    self._heads.append(head)

    def _take_keyed(self, record: Record) -> None:
        match record:
            case (str() as scope, str() as key, str() as field, str() as value) if scope in SCOPES:
                self._stray.setdefault((scope, key, field), {})[value] = None
            case (int() as step, str() as scope, str() as key, str() as field, before, after) if (
                step > 0 and isinstance(before, str | None) and isinstance(after, str | None)
            ):
                change = Change(scope=scope, key=key, field=field, before=before, after=after)
                self._changes.setdefault(step, {}).setdefault((scope, key, field), change)
            case _:
                pass


def _head(record: Record) -> Head | None:
    """The line of the table ``summary``: identity, created, program, unit, title, catalogue, year, rows."""
    match record:
        case (None, str() as identity, str(), str(), str(), str(), str() as reference, str(), int()):
            return Head(identity=identity, reference=reference)
        case _:
            return None


def _stated_roots(schema: Iterable[Page]) -> dict[str, int]:
    roots: dict[str, int] = {}
    for page in schema:
        for cell in page.cells:
            match cell.record:
                case ("table", str() as name, str(), int() as root, str()) if name in _TABLES:
                    roots[name] = root
                case _:
                    pass
    return roots


def _usual_roots() -> dict[str, int]:
    """Where the trees of a draft begin that was made in the newest format."""
    sql = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(sql, at="", program="")
        return dict(sql.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"))
    finally:
        sql.close()
