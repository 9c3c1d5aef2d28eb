"""What a clerk does to a disk, one scene each: the same in a recorded child, in a refused one, and in a test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from form import CODES, FONTS, held, integrity, remarks, short_form
from msgspec import Struct
from msgspec.structs import replace
from old_format import with_newer_format

from selfassess import temporary
from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.export.pdf import export_pdf
from selfassess.export.profile import NATIONAL
from selfassess.export.rows import annex
from selfassess.export.xlsx import export_xlsx
from selfassess.scoring import score
from selfassess.store.draft import Draft
from selfassess.store.place import journal_of

DRAFT, COPY, PDF, XLSX = "草稿.zpb", "副本.zpb", "附件.pdf", "附件.xlsx"
LONG = "按规定完成，会议纪要、批复文件见佐证材料。" * 60
OLD = b"an older export"
LAST_YEAR = PreviousYear(
    unit="外事办",
    year="2021",
    title="自评表",
    rows={"1.1": PreviousRow(name="重大决策", full_points=Decimal(7), points=Decimal(6), remark="上年")},
)

Ack = Callable[[], None]


class Scene(Struct, frozen=True, kw_only=True):
    """Something a clerk does.

    Attributes:
        prepare: Makes what is there before, in an empty folder.
        act: Does it; calls ``ack`` whenever the program says that something is safe.
        look: What a folder holds, with what the program does by itself when it is used next; raises when something is
            broken or left over.
        share: How many of a hundred states after a power cut are looked at, in the short form and in the long one.
    """

    prepare: Callable[[Path], None]
    act: Callable[[Path, Ack], None]
    look: Callable[[Path], object]
    share: tuple[float, int] = (10, 100)


# ----------------------------------------------------------------------------------------------------------- edits
EDITS: dict[str, Callable[[Draft], object]] = {
    "a remark": lambda draft: draft.put_answers({"1.1": Answer(remark="会议纪要")}),
    "the unit": lambda draft: draft.put_unit(Unit(name="外事办", unit_class="A")),
    "a pasted block": lambda draft: draft.put_answers({code: Answer(remark=LONG) for code in CODES}, "粘贴"),
    "undo": lambda draft: draft.undo(),
    "redo": lambda draft: draft.redo(),
    "a document": lambda draft: draft.attach("1.2", "通知.pdf", bytes(range(256)) * 80),
    "a correction": lambda draft: draft.put_catalogue(replace(draft.catalogue, title="更正"), "更正"),
    "last year's form": lambda draft: draft.put_previous(LAST_YEAR, "对照上年自评表"),
    "a matter": lambda draft: draft.put_adjustments([Adjustment(matter="受到表彰", basis="藏财〔2022〕1号")]),
    "emptying a row": lambda draft: draft.put_answers({"1.1": Answer()}),
}


def looked_at(path: Path) -> object:
    """All that a draft holds; None when there is none."""
    if not path.exists():
        return None
    with Draft.open(path) as draft:
        found = (*held(draft), draft.undo_text, draft.redo_text)
    assert integrity(path) == "ok"
    return found


def nothing_else(folder: Path, *names: str) -> None:
    """Nothing lies in a folder but these."""
    assert {path.name for path in folder.iterdir()} <= set(names)


def _draft(folder: Path) -> None:
    with Draft.create(folder / DRAFT, short_form(), remarks(_1_3="已填")) as draft:
        draft.put_answers({"1.4": Answer(remark="第一步")})


def _edit(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT) as draft:
        for edit in EDITS.values():
            edit(draft)
            ack()


def look_at_draft(folder: Path) -> object:
    """The draft, alone in its folder."""
    found = looked_at(folder / DRAFT)
    nothing_else(folder, DRAFT)
    return found


# -------------------------------------------------------------------------------------------------- whole files
def _create(folder: Path, ack: Ack) -> None:
    with Draft.create(folder / DRAFT, short_form(), remarks(_1_1="新建")):
        ack()


def _look_at_created(folder: Path) -> object:
    found = looked_at(folder / DRAFT)
    Draft.create(folder / "另一份.zpb", short_form()).close()
    (folder / "另一份.zpb").unlink()
    nothing_else(folder, DRAFT)
    return found


def _left_journal(folder: Path) -> None:
    """The journal of a draft that was deleted after a kill; it would be played back into any other of that name."""
    _draft(folder)
    with closing(sqlite3.connect(folder / DRAFT, isolation_level=None)) as sql:
        sql.execute("PRAGMA cache_size = 1")  # so that pages go to the file, and the journal is synced, before the end
        sql.execute("PRAGMA synchronous = OFF")  # so that the journal counts as complete at any time
        sql.execute("BEGIN IMMEDIATE")
        sql.execute("UPDATE entry SET value = value || hex(randomblob(3000))")
        sql.execute("UPDATE change SET after = after || hex(randomblob(3000))")
        sql.execute("UPDATE step SET label = hex(randomblob(20000))")
        journal = journal_of(folder / DRAFT).read_bytes()
        sql.execute("ROLLBACK")
    (folder / DRAFT).unlink()
    journal_of(folder / DRAFT).write_bytes(journal)


def _look_beside_journal(folder: Path) -> object:
    found = looked_at(folder / DRAFT)
    temporary.sweep(folder)
    # Put aside where there is a draft; SQLite is never given it.
    nothing_else(folder, DRAFT, f"{DRAFT}-journal", f"{DRAFT}-journal-不符1")
    assert len(list(folder.iterdir())) == 1 + (found is not None)
    return found


def _two(folder: Path) -> None:
    _draft(folder)
    with Draft.create(folder / COPY, short_form(), remarks(_1_1="别的表")) as other:
        other.put_answers({"1.2": Answer(remark=LONG)})


def _save_as(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT) as draft:
        assert draft.save_as(folder / COPY) == ""
        ack()


def _look_at_two(folder: Path) -> object:
    found = looked_at(folder / DRAFT), looked_at(folder / COPY)
    nothing_else(folder, DRAFT, COPY)
    return found


def _upgrade(folder: Path, ack: Ack) -> None:
    with with_newer_format():
        Draft.open(folder / DRAFT).close()
    ack()


def _look_at_upgraded(folder: Path) -> object:
    with with_newer_format():
        found = looked_at(folder / DRAFT)
    copies = [path for path in folder.iterdir() if path.name != DRAFT]
    assert copies
    for path in copies:
        assert "备份" in path.name, "something was left over"
        assert looked_at(path) == found
    return found


def _exporting(name: str) -> Scene:
    def prepare(folder: Path) -> None:
        (folder / name).write_bytes(OLD)

    def act(folder: Path, ack: Ack) -> None:
        entries = remarks(_1_1="导出")
        card = score(short_form(), entries)
        sheet = annex(short_form(), entries, card)
        if name == PDF:
            export_pdf(sheet, folder / name, NATIONAL, FONTS)
        else:
            export_xlsx(sheet, folder / name, short_form(), card)
        ack()

    def look(folder: Path) -> object:
        temporary.sweep(folder)  # as the next export does
        nothing_else(folder, name)
        return (folder / name).read_bytes()

    return Scene(prepare=prepare, act=act, look=look)


def _nothing(folder: Path) -> None:
    """An empty folder."""


SCENES = {
    "edits": Scene(prepare=_draft, act=_edit, look=look_at_draft, share=(1, 100)),
    "create": Scene(prepare=_nothing, act=_create, look=_look_at_created),
    "create where a journal was left": Scene(prepare=_left_journal, act=_create, look=_look_beside_journal),
    "save as": Scene(prepare=_draft, act=_save_as, look=_look_at_two),
    "save as over a draft": Scene(prepare=_two, act=_save_as, look=_look_at_two),
    "upgrade": Scene(prepare=_draft, act=_upgrade, look=_look_at_upgraded),
    "export of a PDF": _exporting(PDF),
    "export of a workbook": _exporting(XLSX),
}
