"""A disk that refuses any call, once or for good: the screen shows what it holds, in words, and all can be saved."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from disk import run
from refuse import HOWS, KINDS
from scenes import SCENES

pytestmark = pytest.mark.slow
QUICK = [("edits", kind) for kind in KINDS] + [(name, kind) for name in SCENES for kind in ("a full disk", "bad reads")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param(name, kind, marks=() if (name, kind) in QUICK else pytest.mark.long)
        for name in SCENES
        for kind in KINDS
    ],
)
def test_whatever_a_disk_refuses_the_screen_shows_what_it_holds_and_all_can_be_saved_elsewhere(
    name, kind, shim, quick, size, is_long, figures
):
    taken: Counter[str] = Counter()
    for how in HOWS if is_long else ["from then on"]:
        if how == "after half a write" and kind != "a full disk":
            continue
        folder = quick / how
        folder.mkdir()
        taken += Counter(
            json.loads(run(shim, "refuse.py", name, kind, how, folder, size(7 if name == "edits" else 5, 1)))
        )
    assert taken.total() >= size(1, 2)
    codes = ", ".join(f"{code} {count}" for code, count in sorted(taken.items()))
    figures.note(f"{kind}, {name}: calls refused / entries lost", f"{taken.total()} / 0  ({codes})")


def test_what_is_called_stored_although_one_sync_was_refused_outlives_a_power_cut(shim, quick):
    """The last sync of a commit: nothing tells whether the journal is spent, so all is written and synced once more."""
    told = json.loads(run(shim, "refuse_sync.py", quick))
    assert told[-1] == "stored"
    assert set(told) == {"stored", "E315"}
