"""The program is killed at each of its calls to the disk, whatever it is doing: nothing is lost or left over."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from form import integrity
from msgspec.structs import replace
from rescue_scenes import ALL, SAVED
from scenes import COPY, DRAFT

from selfassess.paths import find_places
from selfassess.store.draft import Draft
from selfassess.store.owner import read_owner
from selfassess.store.place import is_spent, journal_of
from selfassess.store.tidying import tidy

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shim", "read_once")]
UNDOABLE = {"upgrade": (), "salvage": (SAVED,)}
"""Drafts in which undo is tried; as a rule all of them. One has a format of tomorrow, one is beyond opening."""


class Trial:
    """One scene in a folder of its own, killed again and again.

    Args:
        name: Of the scene.
        top: An empty folder.
    """

    def __init__(self, name: str, top: Path) -> None:
        self._scene = ALL[name]
        self._undoable = UNDOABLE.get(name, (DRAFT, COPY))
        self.start, self.folder, self._beside = top / "start", top / "work", top / "beside"
        self.start.mkdir()
        self._scene.prepare(self.start)

    @property
    def disk(self) -> Path:
        """Where the scene is."""
        return self.folder / "disk"

    @property
    def temp(self) -> Path:
        """Where temporary files go meanwhile."""
        return self.folder / "temp"

    def set_out(self) -> None:
        """Everything as it was before the scene."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.temp.mkdir(parents=True)
        shutil.copytree(self.start, self.disk)

    def expected(self) -> list[object]:
        """What there is before the scene and after each of its steps."""
        self.set_out()
        found = [self._look(self._apart())]
        self._scene.act(self.disk, lambda: found.append(self._look(self._apart())))
        return found

    def found(self) -> object:
        """What is there after a kill; raises when something is broken, unsaid or left over."""
        found = self._look(self.disk)
        tidy(replace(find_places(), data=self.disk))
        assert list(self.temp.iterdir()) == []
        return found

    def tells(self) -> bool:
        """Whether a draft was open when the program was killed; then whoever opens it next is told so."""
        left = [name for name in self._undoable if is_left_open(self.disk / name)]
        for name in left:
            with Draft.open(self._apart() / name) as draft:
                assert draft.notice.startswith("草稿上次没有正常关闭，已恢复到")
        return bool(left)

    def _apart(self) -> Path:
        shutil.rmtree(self._beside, ignore_errors=True)
        return Path(shutil.copytree(self.disk, self._beside))

    def _look(self, disk: Path) -> object:
        undone = {name: undone_in(disk / name) for name in self._undoable if (disk / name).exists()}
        return self._scene.look(disk), undone


def is_left_open(path: Path) -> bool:
    """Whether the note or the journal of a killed program lies beside a draft."""
    return path.exists() and (read_owner(path) is not None or not is_spent(journal_of(path)))


def undone_in(path: Path) -> object:
    """What undo brings back; redo must bring everything again."""
    with Draft.open(path) as draft:
        now = draft.contents.sheet
        if draft.undo() is None:
            return None
        undone = draft.contents.sheet
        draft.redo()
        assert draft.contents.sheet == now
    assert integrity(path) == "ok"
    return undone


@pytest.mark.parametrize("how", ["before", pytest.param("half", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", ALL)
def test_whenever_it_is_killed_there_is_the_state_before_or_the_one_after_and_nothing_else(
    name, how, clerk, quick, monkeypatch, size, figures
):
    trial = Trial(name, quick)
    monkeypatch.setattr(tempfile, "tempdir", str(trial.temp))
    expected = trial.expected()
    trial.set_out()
    saved, calls = clerk.play(name, how, trial.folder, 1_000_000)
    assert (saved, calls is not None) == (len(expected) - 1, True)
    assert trial.found() == expected[-1]

    told, moments = 0, range(1, calls + 1)
    share = size(0, calls if how == "before" else calls // 3)
    tried = random.Random(f"{name} {how}").sample(moments, max(share, min(3, calls)))
    for nth in tried:
        trial.set_out()
        saved, ended = clerk.play(name, how, trial.folder, nth)
        assert ended is None or how == "half"  # of the last write nothing was left to be written
        told += trial.tells()
        assert trial.found() in expected[saved : saved + 2], f"killed {how} call {nth} of {calls}"
    moment = {"before": "before a call", "half": "in the middle of a write"}[how]
    figures.note(f"kills {moment}, {name}: kills / told / wrong", f"{len(tried)} / {told} / 0")
