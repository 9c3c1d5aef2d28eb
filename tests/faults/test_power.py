"""The power fails at any moment: each file is as it was last committed, or one step before, and never anything else."""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path

import pytest
from crash import Disk, Image
from disk import read_log, run
from scenes import SCENES, Scene

pytestmark = pytest.mark.slow


def put(image: Image, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        (folder / Path(name).name).write_bytes(content)
    return folder


def states(scene: Scene, quick: Path) -> list[object]:
    """What there is before the scene and after each of its steps."""
    folder, beside = quick / "played", quick / "beside"
    folder.mkdir()
    scene.prepare(folder)

    def look() -> None:
        image = {path.name: path.read_bytes() for path in folder.iterdir()}
        found.append(scene.look(put(image, beside)))

    found: list[object] = []
    look()
    scene.act(folder, look)
    return found


@pytest.mark.parametrize("name", SCENES)
def test_a_power_cut_leaves_the_last_committed_state_or_the_one_before(name, shim, quick, tmp_path, size, figures):
    scene, folder, log = SCENES[name], quick / "recorded", tmp_path / "log"
    expected = states(scene, quick)
    folder.mkdir()
    scene.prepare(folder)
    disk = Disk({str(path): (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()})
    run(shim, "record.py", name, folder, log)
    ops = read_log(log)

    chance = random.Random(f"power {name}")
    seen: set[bytes] = set()
    tried = acknowledged = 0
    for number, op in enumerate(ops):
        disk.do(op)
        acknowledged += op.what == "M"
        for image in disk.images(chance, most=size(4, 64), torn=size(1, 12)):
            mark = fingerprint(image, acknowledged)
            if mark in seen or chance.random() > size(*scene.share) / 100:
                continue
            seen.add(mark)
            tried += 1
            found = scene.look(put(image, quick / "cut"))
            place = f"after call {number}, {op.what} {op.first} {op.place}"
            assert found in expected[acknowledged : acknowledged + 2], place
    assert disk.finished() == {str(path): path.read_bytes() for path in folder.iterdir()}  # the shim missed nothing
    assert acknowledged == len(expected) - 1
    assert scene.look(folder) == expected[-1]
    figures.note(f"power cuts, {name}: calls recorded / states tried / wrong", f"{len(ops)} / {tried} / 0")


def fingerprint(image: Image, acknowledged: int) -> bytes:
    mark = hashlib.blake2b(str(acknowledged).encode())
    for name, content in sorted(image.items()):
        mark.update(name.encode() + b"\0" + hashlib.blake2b(content).digest())
    return mark.digest()
