"""A draft that a list looks at in a thread of its own: it alone waits to be opened until the look is over."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from selfassess.domain.entries import Answer
from selfassess.errors import StoreError
from selfassess.store import glance, opened
from selfassess.store.draft import Draft
from selfassess.store.library import look_at


@pytest.fixture(params=[(glance, "check_first_bytes"), (glance.Looker, "_read")], ids=["header", "tables"])
def held_up(request, monkeypatch, draft, path):
    """A look at the closed draft that its disk holds up: in which thread, and what lets it go on."""
    draft.close()
    asked, answers = threading.Event(), threading.Event()
    where, name = request.param
    read = getattr(where, name)

    def read_slowly(*given):
        if path in given and threading.current_thread() is not threading.main_thread():
            asked.set()
            assert answers.wait(20)
        return read(*given)

    monkeypatch.setattr(where, name, read_slowly)
    with ThreadPoolExecutor(2) as pool:
        look = pool.submit(look_at, path)
        assert asked.wait(10)
        yield pool, look, answers
        answers.set()


def test_other_drafts_are_looked_at_made_and_opened_while_a_disk_holds_up_a_look(held_up, catalogue, path):
    _, look, answers = held_up
    other = path.with_name("另一份.zpb")
    with Draft.create(other, catalogue) as made:
        made.put_answers({"1.1": Answer(met=True)})
    assert look_at(other).fault == ""
    with Draft.open(other) as again:
        assert again.entries.answer("1.1").met
    assert not look.done()
    answers.set()
    assert look.result(10).fault == ""


def test_a_draft_that_is_being_looked_at_is_opened_when_the_look_is_over(held_up, path):
    pool, look, answers = held_up
    opening = pool.submit(Draft.open, path)
    with pytest.raises(TimeoutError):
        opening.result(0.2)
    answers.set()
    assert look.result(10).fault == ""
    with opening.result(10) as found:
        found.put_answers({"1.1": Answer(met=True)})
        with pytest.raises(StoreError, match="E309"):
            Draft.open(path)


def test_two_may_look_at_the_same_draft(held_up, path):
    _, look, answers = held_up
    assert look_at(path).fault == ""
    assert not look.done()
    answers.set()
    assert look.result(10).summary == look_at(path).summary


def test_whoever_opens_a_draft_does_not_wait_for_ever_for_a_look(held_up, path, monkeypatch):
    pool, look, answers = held_up
    monkeypatch.setattr(opened, "_PATIENCE_S", 0.1)
    with pytest.raises(StoreError, match=r"E315.*磁盘没有回答"):
        pool.submit(Draft.open, path).result(10)
    answers.set()
    assert look.result(10).fault == ""
    Draft.open(path).close()
