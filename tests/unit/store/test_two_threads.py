"""One draft, two threads: the window's, and one that takes in a large document; each step is whole and in order."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from selfassess.domain.entries import Answer
from selfassess.store.draft import Draft

SCORED = {"1.2": Answer(points=Decimal(3))}


@pytest.fixture
def in_the_middle(draft, clock):
    """Begins to take in a document in another thread, and stops it for a moment between beginning and commit."""
    reached = threading.Event()

    def slow_clock():
        if threading.current_thread() is not threading.main_thread():
            reached.set()
            time.sleep(0.3)
        return clock()

    draft.put_answers(SCORED)
    draft.put_figure("budget", Decimal(1))
    draft.undo()
    draft._clock = slow_clock
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(draft.attach, "1.1", "大.pdf", b"scan")
        assert reached.wait(10)
        yield
        assert taking.result() is not None


def test_undo_while_a_document_is_taken_in_takes_the_document_back_and_redo_survives_a_restart(
    draft, path, in_the_middle
):
    effect = draft.undo()
    assert effect is not None
    assert effect.words == "撤销：1.1 加入佐证材料“大.pdf”"
    assert (draft.evidence(), draft.entries.answers) == ((), SCORED)
    draft.close()
    with Draft.open(path) as again:
        assert again.redo() is not None
        assert [one.name for one in again.evidence()] == ["大.pdf"]
        again.undo()
        assert again.undo() is not None
        assert again.entries.answers == {}
        assert again.undo_text == ""


def test_redo_while_a_document_is_taken_in_finds_nothing_to_do_again(draft, in_the_middle):
    assert draft.redo() is None
    assert [one.name for one in draft.evidence()] == ["大.pdf"]


def test_a_form_filled_in_while_a_document_is_taken_in_comes_after_it(draft, in_the_middle):
    assert draft.put_answers({}) is None
    assert draft.put_answers({"1.1": Answer(met=True)}) is not None
    assert [one.name for one in draft.evidence()] == ["大.pdf"]
    assert draft.undo_text.startswith("撤销：1.1 是否符合")


def test_a_copy_made_while_a_document_is_taken_in_has_it_and_the_draft_goes_on_in_the_copy(
    draft, tmp_path, in_the_middle
):
    draft.save_as(tmp_path / "副本.zpb", switch=True)
    assert draft.path.name == "副本.zpb"
    assert [one.name for one in draft.evidence()] == ["大.pdf"]
    draft.undo()
    assert draft.evidence() == ()


def test_closing_waits_for_the_document_that_is_being_taken_in(draft, path, in_the_middle):
    draft.close()
    with Draft.open(path) as again:
        assert [one.name for one in again.evidence()] == ["大.pdf"]
