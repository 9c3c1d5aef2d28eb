"""Lines of the table and merged cells."""

from __future__ import annotations

from msgspec.structs import replace

from selfassess.gui.table.lines import LineKind, lines_of


def test_each_category_has_a_heading_above_its_rows(catalogue):
    lines = lines_of(catalogue)
    assert [line.place for line in lines][:5] == ["一", "1.1", "1.2", "1.3", "二"]
    assert lines[0].kind is LineKind.HEADING
    assert lines[1].is_row


def test_equal_neighbours_of_content_are_one_cell_within_their_category(catalogue):
    lines = lines_of(catalogue)
    assert [line.run for line in lines[:6]] == [(0, 0), (1, 2), (1, 2), (3, 3), (4, 4), (5, 7)]


def test_a_filter_leaves_no_empty_headings_and_merges_what_is_left(catalogue):
    lines = lines_of(catalogue, {"1.2", "3.1"})
    assert [line.place for line in lines] == ["一", "1.2", "三", "3.1"]
    assert lines[1].run == (1, 1)


def test_empty_contents_never_merge(catalogue):
    first = catalogue.categories[0]
    blank = replace(first, indicators=tuple(replace(row, content="") for row in first.indicators))
    lines = lines_of(replace(catalogue, categories=(blank,)))
    assert [line.run for line in lines[1:]] == [(1, 1), (2, 2), (3, 3)]
