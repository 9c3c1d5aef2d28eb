"""The power fails at any moment: each file is as it was last committed, or one step before, and never anything else."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from crash import Disk, Image
from disk import Op, read_log, run
from rescue_scenes import ALL

from selfassess.errors import StoreError

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("read_once")]
LASTING = [name for name in ALL if name != "view"]
PARTS = {"edits": 4}
"""Into how many tests the longest scene is divided, so that they can be run side by side."""


def put(image: Image, folder: Path) -> Path:
    """The files of a state, and all folders there ever were: what is looked at may use them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def files_in(folder: Path) -> dict[Path, str]:
    return {path: str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


class Recording:
    """A scene, played once for what is expected and once behind the shim for what it does to the disk.

    Args:
        name: Of the scene.
        shim: Writes down what is done.
        quick: An empty folder.
    """

    def __init__(self, name: str, shim: Path, quick: Path) -> None:
        self.scene = ALL[name]
        self.cut = quick / "cut"
        self.expected = self._states(quick)
        self.folder = quick / "recorded"
        self.folder.mkdir()
        self.scene.prepare(self.folder)
        self._safe = {str(path): (path.stat().st_ino, path.read_bytes()) for path in files_in(self.folder)}
        run(shim, "record.py", name, self.folder, quick / "log")
        self.ops = read_log(quick / "log")

    def _states(self, quick: Path) -> list[object]:
        """What there is before the scene and after each of its steps."""
        folder, beside = quick / "played", quick / "beside"
        folder.mkdir()
        self.scene.prepare(folder)

        def look() -> None:
            image = {name: path.read_bytes() for path, name in files_in(folder).items()}
            found.append(self.scene.look(put(image, beside)))

        found: list[object] = []
        look()
        self.scene.act(folder, look)
        return found

    def disk(self) -> Disk:
        """The disk before the scene."""
        return Disk(self._safe)

    def named(self, image: Image) -> Image:
        """A state by names in its folder."""
        return {str(Path(name).relative_to(self.folder)): content for name, content in image.items()}

    def states(
        self, ops: Sequence[Op], chance: random.Random, share: float, most: int, torn: int
    ) -> Iterator[tuple[str, int, Image]]:
        """States that a power cut may leave, each once: after which call, steps called safe until then, files.

        Args:
            ops: What was done to the disk.
            chance: Chooses where not all are wanted.
            share: How many are wanted, at most 1.
            most: As of `Disk.outcomes`.
            torn: As of `Disk.outcomes`.
        """
        disk, seen, saved = self.disk(), set[int](), 0
        for number, op in enumerate(ops):
            disk.do(op)
            saved += op.what == "M"
            for picks, fill in disk.outcomes(chance, most, torn):
                if chance.random() <= share:
                    image = disk.image(picks, fill)
                    mark = hash((saved, frozenset(image.items())))  # files that did not change know theirs
                    if mark not in seen:
                        seen.add(mark)
                        yield f"after call {number}, {op.what} {op.first} {op.place}", saved, self.named(image)

    def is_right(self, image: Image, saved: int) -> bool:
        """Whether a state shows the last step that was called safe, or the one after it."""
        return self.scene.look(put(image, self.cut)) in self.expected[saved : saved + 2]


def parts(name: str) -> Iterator[object]:
    for part in range(PARTS.get(name, 1)):
        yield pytest.param(
            name, part, id=f"{name} {part + 1}" if part else name, marks=pytest.mark.long if part else ()
        )


@pytest.mark.parametrize(("name", "part"), [one for name in LASTING for one in parts(name)])
def test_a_power_cut_leaves_the_last_committed_state_or_the_one_before(name, part, shim, quick, size, figures):
    recording, chance, tried = Recording(name, shim, quick), random.Random(f"power {name}"), 0
    share, of = size(*recording.scene.share) / 100, size(1, PARTS.get(name, 1))
    for number, (place, saved, image) in enumerate(
        recording.states(recording.ops, chance, share, most=size(4, 64), torn=size(1, 12))
    ):
        if number % of == part:
            tried += 1
            assert recording.is_right(image, saved), place
    disk = recording.disk()
    for op in recording.ops:
        disk.do(op)
    # The shim missed nothing.
    assert recording.named(disk.finished()) == {
        name: path.read_bytes() for path, name in files_in(recording.folder).items()
    }
    assert sum(op.what == "M" for op in recording.ops) == len(recording.expected) - 1
    assert recording.scene.look(recording.folder) == recording.expected[-1]
    which = f" ({part + 1} of {of})" if of > 1 else ""
    figures.note(f"power cuts, {name}{which}: calls / states tried / wrong", f"{len(recording.ops)} / {tried} / 0")


FORGETTING: dict[str, Callable[[Op], bool]] = {
    "no file is synced": lambda op: op.what != "S",
    "no folder is synced": lambda op: op.what != "D",
    "nothing is synced": lambda op: op.what not in "SD",
}


@pytest.mark.parametrize(
    ("name", "forgetting"),
    [
        ("edits", "no file is synced"),
        pytest.param("create", "no folder is synced", marks=pytest.mark.long),
        pytest.param("save as", "nothing is synced", marks=pytest.mark.long),
        pytest.param("automatic copies", "no file is synced", marks=pytest.mark.long),
    ],
)
def test_the_trial_itself_notices_a_program_that_does_not_sync(name, forgetting, shim, quick):
    """Else it would prove nothing."""
    recording, chance = Recording(name, shim, quick), random.Random("careless")
    ops = [op for op in recording.ops if FORGETTING[forgetting](op)]

    def is_wrong(image: Image, saved: int) -> bool:
        try:
            return not recording.is_right(image, saved)
        except (AssertionError, StoreError, sqlite3.Error):  # however it shows that it is broken
            return True

    states = recording.states(ops, chance, share=1, most=4, torn=1)
    assert any(is_wrong(image, saved) for _, saved, image in states if saved)
