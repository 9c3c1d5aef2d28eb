"""Plays an edit behind the shim while one sync is refused, each in turn: ``refuse_sync.py FOLDER``.

An edit that is called stored all the same is there after a power cut that leaves nothing but what was synced; and
systems throw away what a refused sync should have written, and then let the next one succeed without it.
"""

from __future__ import annotations

import errno
import json
import random
import shutil
import sys
from pathlib import Path

from crash import Disk
from disk import ONCE, SYNC, Op, Shim, read_log
from form import held
from scenes import DRAFT, SCENES

from selfassess.domain.entries import Unit
from selfassess.errors import UserError
from selfassess.store.draft import Draft


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def thrown_away(ops: list[Op], nth: int) -> list[Op]:
    """What was done without the writes that waited for the nth sync, of which the log does not tell."""
    syncs = [-1, *(number for number, op in enumerate(ops) if op.what in "SD"), len(ops)]
    return ops[: syncs[nth - 1] + 1] + ops[syncs[nth] :]


def refuse_sync(shim: Shim, work: Path, beside: Path, nth: int) -> str | None:
    """How an edit was taken whose nth sync was refused, or None when it had fewer; asserts what the disk holds then."""
    SCENES["edits"].prepare(fresh(work))
    log = beside / "log"
    with Draft.open(work / DRAFT) as draft:
        draft.put_unit(Unit(name="外办"))  # from now on SQLite keeps its journal
        disk = Disk({str(path): (path.stat().st_ino, path.read_bytes()) for path in work.iterdir()})
        said = "stored"
        with shim.recording(log), shim.refusing(SYNC, nth, errno.EIO, ONCE) as counted:
            try:
                draft.put_unit(Unit(name="外事办"))
            except UserError as error:
                said = error.code
        screen = held(draft)
    if counted[0] < nth:
        return None
    for op in thrown_away(read_log(log), nth):
        disk.do(op)
    for picks, fill in disk.outcomes(random.Random("sync"), most=16, torn=4):
        cut = fresh(beside / "cut")
        for name, content in disk.image(picks, fill).items():
            (cut / Path(name).name).write_bytes(content)
        with Draft.open(cut / DRAFT) as left:
            assert said != "stored" or held(left) == screen, f"sync {nth} was refused, and the edit called stored"
    return said


def main() -> None:
    work, beside = (Path(sys.argv[1]) / name for name in ("work", "beside"))
    for folder in (work, beside):
        folder.mkdir()
    shim, told = Shim(work), list[str]()
    while (said := refuse_sync(shim, work, beside, len(told) + 1)) is not None:
        told.append(said)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
