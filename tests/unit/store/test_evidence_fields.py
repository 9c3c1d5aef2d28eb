"""Particulars of supporting documents as fields: what our program writes is read back, anything else is named."""

from __future__ import annotations

import pytest

from selfassess.store.evidence import Evidence, read_evidence, write_evidence
from selfassess.store.fields import UnreadableError

SHA256 = "0123456789abcdef" * 4
LEAST = {"row": "1.1", "name": "批复.pdf", "sha256": SHA256}


def test_what_was_written_is_read_back_in_the_order_it_was_taken_in():
    full = Evidence(
        key="10", row="1.1", name="批复.pdf", number="〔2022〕1号", date="2022-03-01", pages=0, sha256=SHA256
    )
    least = Evidence(key="9", row="1.2", name="甲", sha256=SHA256)
    assert read_evidence({one.key: write_evidence(one) for one in (full, least)}) == (least, full)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("pages", "9" * 5000),
        ("pages", "٣"),
        ("pages", "007"),
        ("pages", "-1"),
        ("pages", "三"),
        ("row", ""),
        ("name", ""),
        ("number", ""),
        ("date", ""),
        ("sha256", "x"),
        ("sha256", SHA256.upper()),
        ("sha256", f"{SHA256}\n"),
        ("colour", "x"),
    ],
)
def test_a_field_that_no_program_of_ours_wrote_is_named(field, text):
    with pytest.raises(UnreadableError) as raised:
        read_evidence({"1": {**LEAST, field: text}})
    assert (raised.value.field, raised.value.value) == (field, text)


@pytest.mark.parametrize("field", sorted(LEAST))
def test_a_field_that_is_missing_is_named(field):
    with pytest.raises(UnreadableError) as raised:
        read_evidence({"1": {name: text for name, text in LEAST.items() if name != field}})
    assert raised.value.field == field


@pytest.mark.parametrize("key", ["0", "01", "٣", "x", "", "-1", "1\n", "9" * 5000])
def test_a_key_that_no_program_of_ours_gave_is_named(key):
    with pytest.raises(UnreadableError) as raised:
        read_evidence({key: LEAST})
    assert raised.value.key == key
