"""Every reader of something that comes from outside, as one function of bytes that may raise only a ``UserError``."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from mutating import NUMBERS, TEXTS, TOML_PIECES, meddling, spoilt
from strangers import EXAMPLE, ROOT, SHIPPED, meddle

from selfassess.catalogue import linter, loader
from selfassess.catalogue.writer import dumps
from selfassess.domain.catalogue import Catalogue, ColumnKey
from selfassess.domain.entries import BLANK, Entries, Unit
from selfassess.errors import StoreError
from selfassess.gui.print_profile_memory import ProfileMemory
from selfassess.gui.settings import Settings
from selfassess.gui.table.clipboard import from_text, to_text
from selfassess.gui.table.lines import lines_of
from selfassess.gui.table.pasting import Form, Target, guess_alignment, plan
from selfassess.intake import answers, tsv
from selfassess.scoring import explain, find, score
from selfassess.scoring.reconciliation import reconcile
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.owner import note_of, read_owner


@cache
def folder() -> Path:
    """Where the files lie that are read; goes with the process."""
    made = Path(tempfile.mkdtemp(prefix="selfassess-fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def shipped() -> Catalogue:
    return loader.load(SHIPPED)


@cache
def honest_draft() -> Path:
    """A draft with answers, a corrected catalogue, a document, undone and abandoned steps."""
    path = folder() / "honest.zpb"
    catalogue = shipped()
    with Draft.create(path, catalogue, answers.entries_of(answers.read(EXAMPLE), catalogue)) as draft:
        draft.attach("2.7", "佐证.pdf", b"%PDF-1.4 scan", number="藏财〔2022〕1号", pages=3)
        draft.put_unit(Unit(name="外事办"))
        draft.undo()
        draft.put_unit(Unit(name="藏语 བོད་ 𠮷"))
        draft.put_figure("budget", Decimal("100"))
        draft.undo()
    return path


def use(catalogue: Catalogue, entries: Entries) -> None:
    """All that is done with a form without asking anybody."""
    card = score(catalogue, entries)
    find(catalogue, entries, card)
    explain(catalogue, entries, card)


# ------------------------------------------------------------------------------------------------------- the readers
def read_catalogue(data: bytes) -> None:
    path = folder() / "体系.toml"
    path.write_bytes(data)
    catalogue = loader.load(path)
    linter.lint(catalogue)
    use(catalogue, Entries())
    assert loader.loads(dumps(catalogue), "again") == catalogue


def read_answers(data: bytes) -> None:
    path = folder() / "填报.toml"
    path.write_bytes(data)
    use(shipped(), answers.entries_of(answers.read(path), shipped()))


def read_table(data: bytes) -> None:
    path = folder() / "自评表.tsv"
    path.write_bytes(data)
    reconcile(tsv.read(path))


def read_pasted(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass" if b"\xed" in data and _is_text(data) else "replace")
    block = from_text(text)
    while block and not any(block[-1]):
        block.pop()  # a line break at the end closes the last row
    assert from_text(to_text(block)) == block
    lines = lines_of(shipped())
    rows = {one.code: one for _, one in shipped().indicators()}
    form = Form(indicator=rows.__getitem__, answer=lambda _: BLANK, shown=lambda *_: "")
    target = Target(lines=lines, keys=tuple(ColumnKey), row=len(data) % len(lines), column=len(data) % 10)
    if block:
        plan(block, target, form, guess_alignment(block, target), blanks_clear=bool(len(data) % 2))


def _is_text(data: bytes) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        data.decode("utf-8", "surrogatepass")
        return True
    return False


def read_settings(data: bytes) -> None:
    path = folder() / "settings.json"
    path.write_bytes(data)
    settings = Settings(path)
    memory = ProfileMemory(settings)
    memory.current()
    memory.own()
    for default in ("", 0, True, [""], {"": ""}):
        settings.get("theme", default)
    settings.put("theme", "dark")


def read_note(data: bytes) -> None:
    path = folder() / "noted.zpb"
    if not path.exists():
        shutil.copy(honest_draft(), path)
    note_of(path).write_bytes(data)
    owner = read_owner(path)
    if owner is not None:
        assert owner.opened_at in str(owner)
    look_at(path)
    with Draft.open(path) as draft:
        assert len(draft.notice) < 1000


def read_draft(data: bytes) -> None:
    path = folder() / "bytes.zpb"
    path.with_name("bytes.zpb-journal").unlink(missing_ok=True)
    path.write_bytes(data)
    _open(path)


def read_meddled(data: bytes) -> None:
    path = folder() / "meddled.zpb"
    shutil.copy(honest_draft(), path)
    for statement in meddling(data):
        with contextlib.suppress(sqlite3.Error, ValueError, UnicodeEncodeError):  # what SQLite itself will not have
            meddle(path, [statement])
    _open(path)


def _open(path: Path) -> None:
    seen = look_at(path)
    if seen is not None and seen.summary is not None:
        kinds = {str: ("unit", "title", "catalogue", "year"), int: ("rows", "answered")}
        for kind, names in kinds.items():
            assert all(type(getattr(seen.summary, name)) is kind for name in names), seen.summary
        assert len(seen.summary.unit) + len(seen.summary.title) + len(seen.summary.year) < 2000
    before = path.read_bytes()
    try:
        opened = Draft.open(path)
    except StoreError:
        assert path.read_bytes() == before, "a draft that was refused was changed"
        raise
    with opened as draft:
        use(draft.catalogue, draft.entries)
        assert len(draft.undo_text) + len(draft.redo_text) + len(draft.notice) < 2000
        for one in draft.evidence():
            draft.evidence_bytes(one)
        draft.put_unit(Unit(name="改过"))
        while draft.undo() is not None:
            pass
        draft.redo()


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader.

    Attributes:
        read: Reads bytes.
        seeds: Honest files; empty when the bytes are decisions of a stranger.
        pieces: What a mutation puts into them.
    """

    read: Callable[[bytes], None]
    seeds: Callable[[], tuple[bytes, ...]] = tuple
    pieces: tuple[str, ...] = ()

    def made(self, data: bytes) -> bytes:
        """The file that a fuzzer's bytes stand for."""
        seeds = self.seeds()
        return spoilt(seeds, self.pieces, data) if seeds else data


def _files(*patterns: str) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple(path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern)))


_NOTE = b'{"host": "vm", "user": "wang", "pid": 77, "since": "2023-01-05T09:00:00+08:00", "process": "00ff"}'
_PASTED = '预算编制\t2\n预算执行\t1.5\t备注\n"多行\n文字"\t3\n2.7\t0.12\t=1+1\n'.encode()
_SETTINGS = (
    b'{"theme": "dark", "text_size": "large", "print_profile": {"name": "\\u56fd\\u6807", "binding": "28.0",'
    b' "first_page": "1", "body_font": "/x.ttf", "page_numbers": "foot", "duplex": "True"}, "print_profile_own": {}}'
)
READERS: dict[str, Reader] = {
    "catalogue": Reader(
        read=read_catalogue, seeds=_files("catalogues/*/*.toml"), pieces=(*TOML_PIECES, *TEXTS, *NUMBERS)
    ),
    "answers": Reader(read=read_answers, seeds=_files("examples/*.toml"), pieces=(*TOML_PIECES, *TEXTS, *NUMBERS)),
    "table": Reader(read=read_table, seeds=_files("tests/golden/*.tsv"), pieces=("\t", "\n", '"', *TEXTS, *NUMBERS)),
    "pasted": Reader(read=read_pasted, seeds=lambda: (_PASTED,), pieces=("\t", "\n", '"', *TEXTS, *NUMBERS)),
    "settings": Reader(read=read_settings, seeds=lambda: (_SETTINGS,), pieces=("[", "{", '"', ":", *TEXTS, *NUMBERS)),
    "note": Reader(read=read_note, seeds=lambda: (_NOTE,), pieces=("[", "{", '"', ":", *TEXTS, *NUMBERS)),
    "draft": Reader(read=read_draft, seeds=lambda: (honest_draft().read_bytes(),), pieces=("\x00" * 900, *TEXTS)),
    "meddled draft": Reader(read=read_meddled),
}
