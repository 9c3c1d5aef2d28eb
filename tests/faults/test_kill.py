"""The program is killed at any moment: whatever it had called saved is there, and nothing is left lying about."""

from __future__ import annotations

import random
import shutil
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from form import integrity
from msgspec.structs import replace
from old_format import NEWER, with_newer_format
from work import BACKUPS, COPY, DRAFT, PDF, XLSX, Model, create, start, state_of, step

from selfassess import temporary
from selfassess.document import Document

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("qapp")]


def acknowledged(told: list[str], before: int) -> int:
    numbers = [int(line.split()[1]) for line in told if line.startswith("did")]
    return numbers[-1] if numbers else before


def found(path: Path) -> Document:
    assert integrity(path) == "ok"
    return Document.open(path)


def look(folder: Path, model: Model, follower: Model) -> tuple[Model, bool]:
    """What is on the disk must be the one or the other; undo must bring the state before. Tells which, and if said."""
    document = Document.open(folder / DRAFT)
    notice, state = document.notice, state_of(document)
    assert state in (model.state, follower.state)
    if state != model.state:
        model = follower
    undone = model.after_undo().state
    document.undo()
    assert state_of(document) == undone
    if model.undo:
        document.redo()
        model = replace(model, before=undone)
    assert state_of(document) == state
    document.close()
    assert integrity(folder / DRAFT) == "ok"
    if (folder / COPY).exists():
        copy = Document.open(folder / COPY)
        kept = state_of(copy)
        copy.close()
        assert kept in (model.copy, follower.copy)
        model = replace(model, copy=kept)
    look_at_exports(folder)
    look_at_copies(folder)
    assert {path.name for path in folder.iterdir()} <= {DRAFT, COPY, PDF, XLSX, BACKUPS}
    return model, bool(notice)


def look_at_exports(folder: Path) -> None:
    if (folder / PDF).exists():
        document = pypdfium2.PdfDocument(folder / PDF)
        assert len(document) >= 1
        document.close()
    if (folder / XLSX).exists():
        with zipfile.ZipFile(folder / XLSX) as book:
            assert book.testzip() is None


def look_at_copies(folder: Path) -> None:
    """Automatic copies are whole, and beside them there is nothing but the note of where the draft lies."""
    for copies in (folder / BACKUPS).glob("*"):
        temporary.sweep(copies)  # as the program does soon after each of its starts
        for path in copies.iterdir():
            assert path.name == "places.txt" or integrity(path) == "ok"


def test_whatever_was_called_saved_survives_a_kill_at_any_moment(clerk, quick, size, figures):
    create(quick)
    model, number, said = start(), 0, 0
    chance = random.Random("kill")
    kills = size(15, 600)
    for _ in range(kills):
        told = clerk.live("work", quick, number, chance.random() * chance.choice((0.02, 0.2, 0.5)))
        last = acknowledged(told, number)
        for one in range(number, last):
            model = step(one).after(model)
        model, notice = look(quick, model, step(last).after(model))
        assert notice or not told or step(last).closes
        said += notice
        number = last + 1  # the one in flight is not tried again: its outcome is in the model already
    assert number > kills
    figures.note("kills while working: kills / steps acknowledged / lost", f"{kills} / {number - kills} / 0")
    figures.note("kills while working: recoveries told in words", f"{said}")


def test_an_upgrade_that_is_killed_leaves_the_old_format_or_the_new_one_and_a_copy(clerk, quick, size, figures):
    old = quick / "old"
    old.mkdir()
    create(old)
    chance = random.Random("upgrade")
    kills, upgraded = size(6, 150), 0
    for one in range(kills):
        folder = quick / f"{one}"
        shutil.copytree(old, folder)
        told = clerk.live("upgrade", folder, 0, chance.random() * 0.015)
        content = (folder / DRAFT).read_bytes()
        upgraded += int.from_bytes(content[60:64], "big") == NEWER
        with with_newer_format():
            document = found(folder / DRAFT)
            assert document.notice or not told
            assert state_of(document) == start().state
            document.close()
            assert integrity(folder / DRAFT) == "ok"
        kept = [path for path in folder.iterdir() if path.name != DRAFT]
        assert kept
        for path in kept:
            assert "备份" in path.name, "something was left lying about"
            copy = found(path)  # in the old format, which this program still knows
            assert state_of(copy) == start().state
            copy.close()
        shutil.rmtree(folder)
    figures.note("kills during an upgrade: kills / upgraded already / lost", f"{kills} / {upgraded} / 0")


def test_a_new_draft_is_there_whole_or_not_at_all_when_its_making_is_killed(clerk, quick, size, figures):
    chance = random.Random("new")
    kills, number = size(5, 150), 0
    for _ in range(kills):
        last = acknowledged(clerk.live("new", quick, number, chance.random() * 0.06), number)
        for one in range(number, last + (quick / f"{last}.zpb").exists()):
            draft = found(quick / f"{one}.zpb")
            assert state_of(draft) == start().state
            draft.close()
        number = last + 1
        found(create(quick)).close()  # whoever comes next tidies up
        (quick / DRAFT).unlink()
        assert {path.suffix for path in quick.iterdir()} <= {".zpb"}
    figures.note(
        "kills while making a draft: kills / drafts made / broken", f"{kills} / {len(list(quick.iterdir()))} / 0"
    )
