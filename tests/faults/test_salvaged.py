"""Damage: a draft with zeroed pages, cut short, or with flipped bytes is opened right, refused, or salvaged truly."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from wrecks import judge, make_sample

PAGE = 4096


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    return make_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "坏"
    made.mkdir()
    return made


def tell(figures, what, outcomes):
    figures.note(what, "，".join(f"{name} {count}" for name, count in sorted(outcomes.items())))


def judged(damage, count, sample, folder, *, truthful=True):
    """What became of so many copies, each damaged in a way of its own."""
    outcomes = Counter()
    for _ in range(count):
        damaged = bytearray(sample.content)
        damage(damaged)
        outcomes[judge(sample, bytes(damaged), folder, truthful=truthful)] += 1
    return outcomes


def test_any_single_page_may_be_zeroed_and_nothing_but_documents_is_lost(sample, folder, size, figures):
    pages = len(sample.content) // PAGE
    every = max(1, pages // size(40, pages))
    outcomes = Counter()
    for page in range(0, pages, every):
        damaged = bytearray(sample.content)
        damaged[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        outcomes[judge(sample, bytes(damaged), folder)] += 1
    tell(figures, "pages zeroed one by one", outcomes)
    assert outcomes["nothing"] == outcomes["part"] == 0


def test_several_lost_pages_leave_a_true_part_and_the_rest_is_named(sample, folder, size, figures):
    chance = random.Random(1)

    def zero_pages(damaged):
        for _ in range(chance.randrange(2, 30)):
            page = chance.randrange(len(damaged) // PAGE) * PAGE
            damaged[page : page + PAGE] = bytes(PAGE)

    outcomes = judged(zero_pages, size(30, 3000), sample, folder)
    tell(figures, "several pages zeroed", outcomes)
    assert outcomes["part"] > outcomes["nothing"]


def test_a_draft_cut_short_anywhere_gives_what_is_before_the_cut(sample, folder, size, figures):
    chance = random.Random(2)

    def cut(damaged):
        del damaged[chance.randrange(len(damaged)) :]

    outcomes = judged(cut, size(30, 2000), sample, folder)
    tell(figures, "cut short", outcomes)
    assert outcomes["part"] > 0


def test_a_region_of_zeros_or_of_rubbish_anywhere_is_no_wrong_form(sample, folder, size, figures):
    chance = random.Random(3)

    def overwrite(damaged):
        length = chance.choice([1, 16, 512, 3000])
        start = chance.randrange(len(damaged) - length)
        damaged[start : start + length] = chance.choice([bytes(length), chance.randbytes(length)])

    outcomes = judged(overwrite, size(40, 4000), sample, folder, truthful=False)
    tell(figures, "regions overwritten", outcomes)
    assert outcomes["nothing"] == 0


def test_flipped_bytes_anywhere_are_put_right_or_named(sample, folder, size, figures):
    chance = random.Random(4)

    def flip(damaged):
        for _ in range(chance.choice([1, 1, 1, 3, 40])):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)

    outcomes = judged(flip, size(40, 4000), sample, folder, truthful=False)
    tell(figures, "bytes flipped", outcomes)
    assert outcomes["nothing"] == 0


def test_a_single_flipped_byte_costs_no_value_at_all(sample, folder, size, figures):
    """Every value is there twice, in the table and in the history, and each has its checksum."""
    chance = random.Random(5)

    def change(damaged):
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)

    outcomes = judged(change, size(30, 4000), sample, folder)
    tell(figures, "one byte flipped", outcomes)
    assert outcomes["nothing"] == outcomes["part"] == 0
