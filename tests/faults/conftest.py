"""What the fault tests share: the figures that a run prints at its end, its size, a form, a shim before the disk."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfassess.catalogue import loader
from selfassess.domain.catalogue import Catalogue
from selfassess.store import contents

sys.path.insert(0, str(Path(__file__).parent))  # the helpers beside the tests

from disk import built, compiler  # found by the line above
from figures import Figures
from killing import Clerk, hired


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Takes down what the run's summary prints: ``figures.note("edits lost", "0")``."""
    return Figures(request.node)


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether this is the long form, ``./dev faults``."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def size(is_long: bool) -> Callable[[int, int], int]:
    """``size(short, long)``: how many there shall be."""
    return lambda short, long: long if is_long else short


@pytest.fixture(scope="session")
def shim(tmp_path_factory) -> Path:
    """What children are preloaded with, to record or to refuse (see disk.py)."""
    if compiler() is None:
        pytest.skip("needs a C compiler")
    return built(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def clerk(tmp_path_factory) -> Iterator[Clerk]:
    """The program that is killed; once, because it loads everything beforehand."""
    with hired(built(tmp_path_factory.mktemp("shim")) if compiler() else None) as one:
        yield one


@pytest.fixture
def read_once(monkeypatch) -> None:
    """The same text of a catalogue is read once: half the time of opening a draft, of which thousands are opened."""
    known: dict[str, Catalogue] = {}

    def loads(text: str, name: str) -> Catalogue:
        if text not in known:
            known[text] = loader.loads(text, name)
        return known[text]

    monkeypatch.setattr(contents, "loads", loads)


@pytest.fixture
def quick() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of drafts are opened in it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name).resolve()
