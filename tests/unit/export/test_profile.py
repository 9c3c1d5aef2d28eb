"""Margins on odd and even pages."""

from __future__ import annotations

from selfassess.export.profile import NATIONAL, OFFICE, PrintProfile


def test_the_national_text_block_is_that_of_the_standard_turned():
    assert NATIONAL.block == (225, 156)


def test_the_tables_head_faces_the_binding_on_odd_pages_and_the_outer_edge_on_even_ones():
    assert (NATIONAL.top(1), NATIONAL.bottom(1)) == (28, 26)
    assert (NATIONAL.top(2), NATIONAL.bottom(2)) == (26, 28)


def test_sheets_printed_on_one_side_are_all_alike():
    assert (OFFICE.top(1), OFFICE.bottom(1)) == (OFFICE.top(2), OFFICE.bottom(2))


def test_a_profile_of_the_units_own_needs_to_name_only_what_it_changes():
    assert PrintProfile(left=20).block == (240, 156)
