"""Plays a scene behind the shim while the disk refuses call after call: ``refuse.py SCENE KIND HOW FOLDER STRIDE``.

Each call of a kind is refused in turn. After each refusal what the program shows is what the disk holds, everything
shown can be saved elsewhere while the disk still refuses, and the same step works once the disk does again.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from disk import NAME, ON, ONCE, OPEN, READ, SHORT, SYNC, WRITE, Shim
from form import held
from scenes import DRAFT, EDITS, SCENES, Scene, looked_at

from selfassess.domain.entries import Answer
from selfassess.errors import StoreError, UserError
from selfassess.store.draft import Draft

KINDS = {
    "a full disk": (WRITE, errno.ENOSPC),
    "bad writes": (WRITE, errno.EIO),
    "bad reads": (READ, errno.EIO),
    "bad syncs": (SYNC, errno.EIO),
    "names refused": (NAME, errno.EIO),
    "opening refused": (OPEN, errno.EIO),
}
UNKNOWN = "E392"
"""The disk failed in such a way that nobody can tell whether it holds the step."""
NOBODY = 4_194_305
"""Beyond the highest number of a process: what it was writing is what a dead program was writing."""
HOWS = {"once": ONCE, "from then on": ON, "after half a write": SHORT}


class Refuser:
    """One kind of refusal, in a folder of its own.

    Args:
        kind: Of :data:`KINDS`.
        how: Of :data:`HOWS`.
        folder: Holds what is watched and, beside it, what is not.
        stride: Every how manyeth call is refused.
    """

    def __init__(self, kind: str, how: str, folder: Path, stride: int) -> None:
        self.kinds, self.error = KINDS[kind]
        self.how = HOWS[how]
        self.work, self.base, self.beside = (folder / name for name in ("work", "base", "beside"))
        self.rescue = folder / "救出.zpb"
        self.base.mkdir()
        self.work.mkdir()
        self.stride = stride
        self.shim = Shim(self.work)
        self.codes: Counter[str] = Counter()

    def refused(self, step: Callable[[int], bool], first: int = 1) -> None:
        """Lets a step be refused at each of its calls in turn, until it is refused nowhere."""
        nth = first
        while step(nth):
            nth += self.stride

    def tried(self, nth: int, act: Callable[[], object]) -> tuple[bool, UserError | None]:
        """Whether the nth call came at all, and how the program took it."""
        said = None
        with self.shim.refusing(self.kinds, nth, self.error, self.how) as counted:
            try:
                act()
            except UserError as error:
                said = error
        reached = counted[0] >= nth
        if reached:
            self.codes[said.code if said else "taken in its stride"] += 1
        return reached, said

    def killed_now(self) -> Path:
        """What the disk holds at this moment, apart from the program that has it open."""
        return fresh(self.work, self.beside)


def fresh(source: Path, target: Path) -> Path:
    """The files of one folder in place of those of another, which stays the same folder."""
    target.mkdir(exist_ok=True)
    for path in target.iterdir():
        path.unlink()
    for path in source.iterdir():
        shutil.copyfile(path, target / path.name.replace(f"-{os.getpid()}-", f"-{NOBODY}-"))
    return target


# ------------------------------------------------------------------------------------------------------------ edits
def refuse_edit(refuser: Refuser, edit: Callable[[Draft], object], nth: int) -> bool:
    fresh(refuser.base, refuser.work)
    draft = Draft.open(refuser.work / DRAFT)
    before = shown(draft)
    reached, said = refuser.tried(nth, lambda: edit(draft))
    if not reached:
        draft.close()
        return False
    screen = shown(draft)
    assert (screen == before) == (said is not None), f"refused with {said}, but the screen tells something else"
    on_disk = looked_at(refuser.killed_now() / DRAFT)
    unknown = said is not None and said.code == UNKNOWN
    assert unknown or on_disk == screen, f"the disk holds something else after {said}"
    with refuser.shim.refusing(refuser.kinds, 1, refuser.error, refuser.how):
        notice = draft.save_as(refuser.rescue)
    caught_up = unknown and shown(draft) == on_disk
    assert caught_up or shown(draft) == screen
    screen = shown(draft)
    rescued = looked_at(refuser.rescue)
    assert rescued[:3] == screen[:3]
    # Documents and history stay behind only where they cannot be read, or lie below a step that nobody knows of.
    assert rescued == screen or (notice and (unknown or refuser.kinds == READ))
    refuser.rescue.unlink()
    if unknown and on_disk != before and not caught_up:
        with pytest.raises(StoreError, match="E391"):  # the screen catches up, rather than being written upon
            edit(draft)
        assert shown(draft) == on_disk, "what turned out to be written is not on the screen"
        draft.put_answers({"2.2": Answer(remark="接着填")})
    elif said is not None:
        edit(draft)
    after = shown(draft)
    assert after != before
    draft.close()
    assert [path.name for path in refuser.work.iterdir()] == [DRAFT]
    assert looked_at(refuser.work / DRAFT) == after
    return True


def shown(draft: Draft) -> tuple[object, ...]:
    return (*held(draft), draft.undo_text, draft.redo_text)


def refuse_edits(refuser: Refuser) -> None:
    SCENES["edits"].prepare(refuser.base)
    for number, edit in enumerate(EDITS.values()):
        # In strides, each edit begins at another of its calls: the first ones are the least dangerous.
        refuser.refused(lambda nth, edit=edit: refuse_edit(refuser, edit, nth), 1 + number % refuser.stride)
        with Draft.open(refuser.base / DRAFT) as draft:
            edit(draft)


# ------------------------------------------------------------------------------------------------------ whole files
def refuse_scene(refuser: Refuser, scene: Scene) -> None:
    scene.prepare(refuser.base)
    before = scene.look(fresh(refuser.base, refuser.beside))
    scene.act(fresh(refuser.base, refuser.work), lambda: None)
    after = scene.look(refuser.work)

    def step(nth: int) -> bool:
        fresh(refuser.base, refuser.work)
        reached, said = refuser.tried(nth, lambda: scene.act(refuser.work, lambda: None))
        if reached:
            found = scene.look(refuser.killed_now())
            whole = (
                said is not None and scene.act is SCENES["create"].act
            )  # it was made, and could not be opened afterwards
            assert found == (after if said is None else before) or (whole and found == after), f"call {nth}: {said}"
            if found == before:
                scene.act(refuser.work, lambda: None)
            assert scene.look(refuser.killed_now()) == after
        return reached

    refuser.refused(step)


def main() -> None:
    what, kind, how, folder, stride = sys.argv[1:]
    refuser = Refuser(kind, how, Path(folder), int(stride))
    if what == "edits":
        refuse_edits(refuser)
    else:
        refuse_scene(refuser, SCENES[what])
    sys.stdout.write(json.dumps(refuser.codes))


if __name__ == "__main__":
    main()
