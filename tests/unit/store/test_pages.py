"""The reader of single pages: it reads of a whole file what SQLite reads, and of a broken one nothing else."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfassess.store.pages import Pages, stated_size

EVERYTHING = 1 << 30
SIZES = (512, 1024, 4096, 65536)


def made(path, size, rows):
    """A file with a table of each kind, large enough for several levels and overflow pages."""
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(f"PRAGMA page_size = {size}")
        sql.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, a, b TEXT)")
        sql.execute("CREATE TABLE keyed (k TEXT, n INTEGER, v, PRIMARY KEY (k, n)) WITHOUT ROWID")
        values = [None, 0, 1, -1, 127, 1 << 20, -(1 << 40), (1 << 62), 1.5, "汉字", b"\x00\xff", "长" * size]
        for number in range(rows):
            value = values[number % len(values)]
            sql.execute("INSERT INTO plain VALUES (?, ?, ?)", (number * 3 - 5, value, f"行{number}"))
            sql.execute("INSERT INTO keyed VALUES (?, ?, ?)", (f"键{number % 50}", number, value))
        sql.commit()
        roots = dict(sql.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"))
        plain = sql.execute("SELECT * FROM plain").fetchall()
        keyed = sql.execute("SELECT * FROM keyed").fetchall()
    return roots, plain, keyed


def records(pages, root, longest=EVERYTHING):
    found, whole = pages.tree(root, longest, set())
    cells = [cell for page in found for cell in page.cells]
    return [cell.record if cell.rowid is None else (cell.rowid, *cell.record[1:]) for cell in cells], whole


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rows", [0, 3, 700])
def test_of_a_whole_file_it_reads_what_sqlite_reads(tmp_path, size, rows):
    path = tmp_path / "a.db"
    roots, plain, keyed = made(path, size, rows)
    pages = Pages(path.read_bytes())
    assert pages.size == size
    for name, expected in (("plain", plain), ("keyed", keyed)):
        found, whole = records(pages, roots[name])
        assert whole
        assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_a_record_longer_than_asked_for_is_told_without_its_end(tmp_path):
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE t (name TEXT, size INTEGER, content BLOB)")
        sql.execute("INSERT INTO t VALUES ('甲', 100000, ?)", (b"x" * 100_000,))
        sql.commit()
    (page,), whole = Pages(path.read_bytes()).tree(2, 5000, set())
    assert [cell.record for cell in page.cells] == [("甲", 100_000, None)]
    assert whole


def test_pages_that_were_freed_are_told(tmp_path):
    path = tmp_path / "a.db"
    made(path, 512, 700)
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("DELETE FROM plain")
        sql.commit()
        count = sql.execute("PRAGMA freelist_count").fetchone()[0]
    assert count > 100
    assert len(Pages(path.read_bytes()).free()) == count


def test_a_page_size_that_cannot_be_is_taken_for_the_usual_one():
    assert [stated_size(b"\x00" * 16 + size.to_bytes(2, "big")) for size in (0, 1, 512, 4097, 8192)] == [
        4096,
        65536,
        512,
        4096,
        8192,
    ]


def test_a_tree_that_bites_its_tail_ends(tmp_path):
    path = tmp_path / "a.db"
    roots, *_ = made(path, 512, 700)
    content = bytearray(path.read_bytes())
    start = (roots["plain"] - 1) * 512
    assert content[start] == 5
    content[start + 8 : start + 12] = roots["plain"].to_bytes(4, "big")
    _, whole = records(Pages(bytes(content)), roots["plain"])
    assert not whole


class Sample:
    def __init__(self, content, roots, truth):
        self.content, self.roots, self.truth = content, roots, truth


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "a.db"
    roots, plain, keyed = made(path, 512, 200)
    return Sample(path.read_bytes(), roots, {*map(repr, plain), *map(repr, keyed)})


@settings(max_examples=60)
@given(st.integers(0, 1 << 30), st.sampled_from(["zero", "cut"]))
def test_where_pages_are_gone_what_is_read_is_a_part_of_what_was_there(sample, seed, how):
    content, roots, truth = sample.content, sample.roots, sample.truth
    chance = random.Random(seed)
    broken = bytearray(content)
    if how == "cut":
        del broken[chance.randrange(len(broken)) :]
    else:
        for _ in range(chance.randrange(1, 8)):
            start = chance.randrange(len(broken) // 512) * 512
            broken[start : start + 512] = bytes(512)
    pages = Pages(bytes(broken), 512)
    for root in roots.values():
        found, _ = records(pages, root)
        assert {*map(repr, found)} <= truth


@settings(max_examples=200)
@given(st.binary(max_size=3000), st.sampled_from([512, 4096]), st.booleans())
def test_rubbish_is_read_as_nothing_or_as_something_but_always_ends(content, size, headed):
    kind = bytes([content[0] % 4 and (2, 5, 10, 13)[content[0] % 4]]) if content else b""
    pages = Pages((bytes(100) if headed else b"") + kind + content, size)
    for number in range(pages.count + 2):
        pages.page(number, EVERYTHING)
    pages.free()
    pages.tree(1, EVERYTHING, set())


def test_a_page_on_which_every_record_is_the_same_long_one_does_not_take_for_ever(tmp_path):
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE t (a TEXT)")
        sql.execute("INSERT INTO t VALUES (?)", ("x" * 3_000_000,))
        sql.commit()
    content = bytearray(path.read_bytes())
    count, place = 1500, content[4096 + 8 : 4096 + 10]
    content[4096 + 3 : 4096 + 5] = count.to_bytes(2, "big")
    content[4096 + 8 : 4096 + 8 + 2 * count] = bytes(place) * count
    page = Pages(bytes(content)).page(2, EVERYTHING)
    assert page is not None
    assert 1 <= len(page.cells) < 8
    assert not page.whole
