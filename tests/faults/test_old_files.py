"""Drafts of every format open for ever, with exactly these points and texts; those from the future are left alone."""

from __future__ import annotations

import importlib.util
import shutil
import tomllib
from pathlib import Path

import pytest

from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.scoring.numbers import show
from selfassess.store.digest import digest_of_bytes
from selfassess.store.draft import Draft
from selfassess.store.library import look_at
from selfassess.store.place import FORMAT_VERSION

FOLDER = Path(__file__).with_name("old")
OLD = sorted(FOLDER.glob("*.zpb"))


def load_maker():
    spec = importlib.util.spec_from_file_location("make", FOLDER / "make.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MAKER = load_maker()


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request, tmp_path) -> Path:
    """A copy of an old draft, beside what it must say."""
    shutil.copy(request.param.with_suffix(".toml"), tmp_path)
    return Path(shutil.copy(request.param, tmp_path))


def test_there_is_a_draft_of_every_format():
    formats = {int(path.stem.split("-")[1]) for path in OLD}
    assert formats == set(range(1, FORMAT_VERSION + 1))
    assert len(OLD) >= 2 * FORMAT_VERSION


def test_an_old_draft_has_its_points_and_texts(old):
    expected = tomllib.loads(old.with_suffix(".toml").read_text("utf-8"))
    with Draft.open(old) as draft:
        assert MAKER.told(draft) == expected
        for one in draft.evidence():
            assert digest_of_bytes(draft.evidence_bytes(one)) == one.sha256
    listed = look_at(old).summary
    assert show(listed.total) == expected["total"]
    assert listed.unit == expected["entries"]["unit||name"]


def test_an_old_draft_is_worked_on_and_its_whole_history_taken_back_and_done_again(old):
    with Draft.open(old) as draft:
        before = draft.entries
        draft.put_answers({"1.1": Answer(remark="今天又改")})
        steps = 0
        while draft.undo() is not None:
            steps += 1
        empty = draft.entries
        for _ in range(steps):
            draft.redo()
        assert draft.entries.answer("1.1").remark == "今天又改"
        draft.undo()
        assert draft.entries == before
        assert empty != draft.entries or steps == 1
    with Draft.open(old) as draft:
        assert draft.entries == before


def test_a_draft_made_today_says_what_the_newest_old_one_says(tmp_path):
    for make in (MAKER.example, MAKER.everything):
        expected = (FOLDER / f"format-{FORMAT_VERSION}-{make.__name__}.toml").read_text("utf-8")
        with make(tmp_path / f"{make.__name__}.zpb") as draft:
            assert MAKER.as_toml(MAKER.told(draft)) == expected


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, FORMAT_VERSION + 1000, 2**31 - 1])
def test_a_draft_from_the_future_is_refused_and_left_as_it_is(old, version):
    content = bytearray(old.read_bytes())
    content[60:64] = version.to_bytes(4, "big")
    old.write_bytes(content)
    with pytest.raises(StoreError, match=f"E305.*{version}"):
        Draft.open(old)
    assert look_at(old).summary is None
    assert old.read_bytes() == content
    assert {path.name for path in old.parent.iterdir()} == {old.name, old.with_suffix(".toml").name}
