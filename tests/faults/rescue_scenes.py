"""What a clerk does to have an earlier draft, or more than one: restore, merge, copies, salvage; as in scenes.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from form import held, remarks, short_form
from msgspec.structs import replace
from scenes import COPY, DRAFT, LONG, SCENES, Ack, Scene, look_at_draft, looked_at, nothing_else

from selfassess import temporary
from selfassess.catalogue import shelf
from selfassess.catalogue.loader import load
from selfassess.domain.entries import Adjustment, Answer, Unit
from selfassess.gui.settings import Settings
from selfassess.store import backing_up
from selfassess.store.backing_up import back_up
from selfassess.store.backups import Backup, Backups
from selfassess.store.draft import Draft
from selfassess.store.joining import compare_drafts, merge_drafts
from selfassess.store.library import Library
from selfassess.store.merging import Choice
from selfassess.store.place import journal_of
from selfassess.store.salvage import report_path, salvage, save_report
from selfassess.store.snapshot import look as view

AT = datetime(2023, 1, 5, 9, tzinfo=UTC)
SAVED, ORIGINAL, COPIES, OWN, LIBRARY = "救回.zpb", "损坏的原样", "备份", "指标体系", "草稿列表"
STRAY = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"of another draft" * 100
"""A journal that would be played back."""


def at() -> datetime:
    """The clock of these scenes: what they make is the same whenever they are played."""
    return AT


def worked_on(folder: Path) -> Path:
    """A draft with some history, closed."""
    path = folder / DRAFT
    with Draft.create(path, short_form(), remarks(_1_3="已填"), clock=at) as draft:
        draft.put_answers({"1.4": Answer(remark="第一步")})
        draft.attach("1.2", "通知.pdf", bytes(range(256)) * 40)
        draft.put_adjustments([Adjustment(matter="受到表彰")])
        draft.put_catalogue(replace(draft.catalogue, title="更正过一次"), "更正")
        draft.put_answers({"1.1": Answer(remark=LONG)})
    return path


def _draft(folder: Path) -> None:
    worked_on(folder)


def sweep(folder: Path) -> None:
    """As the program does where it works next, and soon after each of its starts."""
    for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        temporary.sweep(each)


# ------------------------------------------------------------------------------------------- restoring, correcting
def _restore(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as draft:
        points = draft.restore_points().points
        draft.restore(points[-1])
        ack()
        draft.undo()
        ack()
        draft.restore(points[1])
        ack()


def _own(folder: Path) -> Path:
    return folder / OWN / short_form().id / f"{short_form().edition}.toml"


def _corrected_once(folder: Path) -> None:
    worked_on(folder)
    shelf.save_own(replace(short_form(), title="以前的更正"), folder / OWN)


def _correct(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as draft:
        corrected = replace(draft.catalogue, title="再次更正")
        draft.put_catalogue(corrected, "更正")
        ack()
        shelf.save_own(corrected, folder / OWN)
        ack()


def _look_at_corrected(folder: Path) -> object:
    found = looked_at(folder / DRAFT), load(_own(folder)).title
    sweep(folder)
    assert [path.name for path in _own(folder).parent.iterdir()] == [_own(folder).name]
    nothing_else(folder, DRAFT, OWN)
    return found


# ----------------------------------------------------------------------------------------------------------- merging
def _conflict(folder: Path) -> None:
    shutil.copyfile(worked_on(folder), folder / COPY)
    with Draft.open(folder / DRAFT, clock=at) as ours:
        ours.put_answers({"1.1": Answer(remark="我的"), "1.4": Answer(remark="也是我的")})
    with Draft.open(folder / COPY, clock=at) as theirs:
        theirs.put_unit(Unit(name="外事办"))
        theirs.put_answers({"1.1": Answer(remark="他的")})
        theirs.attach("2.1", "批复.pdf", b"%PDF" + bytes(range(256)) * 60)


def _merge(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as ours, view(folder / COPY, clock=at) as theirs:
        pair = compare_drafts(ours, theirs, COPY)
        choices = {one.place: Choice.THEIRS for one in pair.comparison.differing}
        merge_drafts(ours, theirs, pair, choices)
        ack()


def look_at_two(folder: Path) -> object:
    """The draft and the copy beside it."""
    found = looked_at(folder / DRAFT), looked_at(folder / COPY)
    nothing_else(folder, DRAFT, COPY)
    return found


# ------------------------------------------------------------------------------------------------- automatic copies
def _copied_once(folder: Path) -> None:
    with Draft.open(worked_on(folder), clock=at) as draft:
        back_up(draft.as_source(), Backups(folder / COPIES), AT - timedelta(days=1))


def _back_up(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as draft:
        back_up(draft.as_source(), Backups(folder / COPIES), AT)
        ack()
        draft.put_unit(Unit(name="外事办"))
        ack()
        back_up(draft.as_source(), Backups(folder / COPIES), AT + timedelta(hours=1))
        ack()


def _back_up_without_documents(folder: Path, ack: Ack) -> None:
    with mock.patch.object(backing_up, "LARGE", 0):
        _back_up(folder, ack)


def copies_in(folder: Path) -> list[object]:
    """The automatic copies, each with what it holds; they must be whole, and there must be nothing else."""
    sweep(folder / COPIES)
    copies = _all(Backups(folder / COPIES))
    files = {path for path in (folder / COPIES).rglob("*") if path.is_file() and path.name != "places.txt"}
    assert files == {copy.path for copy in copies}
    kept = []
    for copy in copies:
        beside = shutil.copyfile(copy.path, folder / "看一看.zpb")
        with Draft.open(beside) as draft:
            assert draft.notice == ""
            kept.append((copy.at, copy.whole, draft.entries, draft.catalogue))
        beside.unlink()
    return kept


def _all(backups: Backups) -> list[Backup]:
    """The newest first."""
    found = [copy for draft in backups.drafts() for copy in draft.copies]
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def _look_at_copies(folder: Path) -> object:
    found = looked_at(folder / DRAFT), copies_in(folder)
    nothing_else(folder, DRAFT, COPIES)
    return found


def _open_copy(folder: Path, ack: Ack) -> None:
    backups = Backups(folder / COPIES)
    made = backups.open_as_new(_all(backups)[0], Library(folder / LIBRARY))
    ack()
    with Draft.open(made, clock=at) as draft:
        draft.put_unit(Unit(name="外事办"))
        ack()


def _look_at_opened_copy(folder: Path) -> object:
    (folder / LIBRARY).mkdir(exist_ok=True)
    Library(folder / LIBRARY).entries()
    made = [path for path in (folder / LIBRARY).iterdir() if path.suffix == ".zpb" and path.name[0] != "."]
    assert len(made) <= 1
    found = (*map(looked_at, made), copies_in(folder), looked_at(folder / DRAFT))
    nothing_else(folder / LIBRARY, *(path.name for path in made))
    return found


# ------------------------------------------------------------------------------------------------ recovery, salvage
def _broken_off(folder: Path) -> None:
    """A draft whose program was killed in the middle of a step, with its journal."""
    apart = folder / "别处"
    apart.mkdir()
    break_off(worked_on(apart), folder)
    shutil.rmtree(apart)


def break_off(path: Path, folder: Path) -> None:
    """What there would be in another folder if this draft's program were killed there in the middle of a large step."""
    with Draft.open(path, clock=at) as draft:
        draft.sql.execute("PRAGMA cache_size = 1")
        draft.sql.execute("BEGIN IMMEDIATE")
        for table, column in (("entry", "value"), ("step", "label"), ("change", "after"), ("summary", "title")):
            draft.sql.execute(f"UPDATE {table} SET {column} = {column} || '改'")  # noqa: S608  (names of our own)
        for number in range(100):
            draft.sql.execute("INSERT INTO entry VALUES ('unit', ?, 'name', ?)", (str(number), "字" * 300))
        for left in (draft.path, journal_of(draft.path)):
            shutil.copyfile(left, folder / left.name)
        draft.sql.execute("ROLLBACK")


def _recover(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as draft:
        assert draft.notice
        ack()
        draft.put_unit(Unit(name="外事办"))
        ack()


def _damaged(folder: Path) -> None:
    path = worked_on(folder)
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    path.write_bytes(content)
    (folder / ORIGINAL).write_bytes(content)


def _salvage(folder: Path, ack: Ack) -> None:
    report = salvage(folder / DRAFT, folder / SAVED, AT)
    ack()
    save_report(report, report_path(folder / SAVED))
    ack()


def _look_at_salvaged(folder: Path) -> object:
    sweep(folder)
    report = report_path(folder / SAVED)
    nothing_else(folder, DRAFT, ORIGINAL, SAVED, report.name)
    assert (folder / DRAFT).read_bytes() == (folder / ORIGINAL).read_bytes()
    found = looked_at(folder / SAVED)
    told = report.read_text(encoding="utf-8").splitlines() if report.exists() else ()
    return found and found[:4], [line for line in told if DRAFT not in line and SAVED not in line]  # nor the folder


# ------------------------------------------------------------------------------------------------------ other files
def _stray_journal(folder: Path) -> None:
    """A draft, and where its copy is going to be the journal of an earlier one, which would take the last step away."""
    apart = folder / "别处"
    apart.mkdir()
    break_off(worked_on(folder), apart)
    shutil.copyfile(journal_of(apart / DRAFT), journal_of(folder / COPY))
    shutil.rmtree(apart)
    with Draft.open(folder / DRAFT, clock=at) as draft:
        draft.put_answers({"1.1": Answer(remark="以后的一步")})


def _save_as(folder: Path, ack: Ack) -> None:
    with Draft.open(folder / DRAFT, clock=at) as draft:
        assert draft.save_as(folder / COPY, switch=True) == ""
        ack()
        draft.put_unit(Unit(name="外事办"))
        ack()


def _look_beside_stray(folder: Path) -> object:
    """The journal is kept, under another name as soon as there is a copy, which it never comes near."""
    stray = journal_of(folder / COPY)
    aside = stray.with_name(f"{stray.name}-不符1")
    if looked_at(folder / COPY) is not None:
        assert aside.exists()
    kept = [path for path in (stray, aside) if path.exists()]
    assert len(kept) == 1
    kept[0].unlink()
    return look_at_two(folder)


def _choose(folder: Path, ack: Ack) -> None:
    settings = Settings(folder / "settings.json")
    for theme in ("dark", "light"):
        assert settings.put("theme", theme)
        ack()


def _chosen_once(folder: Path) -> None:
    Settings(folder / "settings.json").put("theme", "system")


def _look_at_settings(folder: Path) -> object:
    sweep(folder)
    nothing_else(folder, "settings.json")
    return Settings(folder / "settings.json").get("theme", "")


def _view(folder: Path, ack: Ack) -> None:
    with view(folder / DRAFT, clock=at) as seen:
        assert held(seen)
        ack()


def _edit_without_journal(folder: Path, ack: Ack) -> None:
    """A program that tidies up takes the journal away, and one that synchronises folders puts another one there."""
    journal = journal_of(folder / DRAFT)
    with Draft.open(folder / DRAFT) as draft:
        for number in range(4):
            draft.put_answers({"1.4": Answer(remark=f"{number}{LONG}")})
            ack()
            journal.unlink()
            if number == 1:
                journal.write_bytes(STRAY)


def _look_without_journal(folder: Path) -> object:
    found = looked_at(folder / DRAFT)
    nothing_else(folder, DRAFT, f"{DRAFT}-journal-不符1")
    return found


def _scene(
    prepare: Callable[[Path], None], act: Callable[[Path, Ack], None], look: Callable[[Path], object] = look_at_draft
) -> Scene:
    return Scene(prepare=prepare, act=act, look=look, share=(2, 50))


RESCUES = {
    "restore": _scene(_draft, _restore),
    "correct the catalogue": _scene(_corrected_once, _correct, _look_at_corrected),
    "merge a conflict copy": _scene(_conflict, _merge, look_at_two),
    "automatic copies": Scene(prepare=_copied_once, act=_back_up, look=_look_at_copies, share=(2, 20)),
    "automatic copies without documents": Scene(
        prepare=_copied_once, act=_back_up_without_documents, look=_look_at_copies, share=(0.1, 10)
    ),
    "open an automatic copy": _scene(_copied_once, _open_copy, _look_at_opened_copy),
    "recover": _scene(_broken_off, _recover),
    "salvage": _scene(_damaged, _salvage, _look_at_salvaged),
    "go on in a copy": _scene(_draft, _save_as, look_at_two),
    "save as beside a stray journal": _scene(_stray_journal, _save_as, _look_beside_stray),
    "edits whose journal is taken away": _scene(_draft, _edit_without_journal, _look_without_journal),
    "settings": _scene(_chosen_once, _choose, _look_at_settings),
    "view": _scene(_draft, _view),
}
ALL = {**SCENES, **RESCUES}
