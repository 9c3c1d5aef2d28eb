"""Where things go on the worksheet: nothing is lost, nothing is too tall, what XML cannot hold is replaced."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace
from xlsx_forms import WORKING, answered, example, form

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Answer
from selfassess.export.rows import Annex, RowKind
from selfassess.export.xlsx_plan import (
    FIRST_ROW,
    MOST_HEIGHT,
    MOST_UNITS,
    TEXT_BLOCK_PIXELS,
    Plan,
    cleaned,
    height_of,
    plan,
)


def with_remark(remark: str) -> tuple[Annex, Plan]:
    entries = answered(WORKING, blank=tuple(row.code for _, row in WORKING.indicators()))
    entries = replace(entries, answers={"1.2": Answer(met=True, remark=remark)})
    annex = form(WORKING, entries)[0]
    return annex, plan(annex)


def row_of(annex: Annex, code: str) -> int:
    return next(at for at, row in enumerate(annex.rows) if row.code == code)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_rows_follow_each_other_without_a_gap():
    annex = example()[0]
    rows = plan(annex).rows
    assert rows[0].first == FIRST_ROW
    assert all(after.first == before.last + 1 for before, after in itertools.pairwise(rows))
    assert plan(annex).end == rows[-1].last + 1


def test_the_columns_fill_the_text_block():
    assert sum(plan(example()[0]).widths) == pytest.approx(TEXT_BLOCK_PIXELS, abs=10)


def test_a_row_taller_than_a_page_covers_several_sheet_rows():
    annex, layout = with_remark("备注文字，" * 1000)
    tall = layout.rows[row_of(annex, "1.2")]
    assert tall.count > 1
    assert tall.height <= MOST_HEIGHT
    assert tall.count * tall.height > height_of("备注文字，" * 900, layout.widths[-1])


@pytest.mark.parametrize("character", ["字", "𠮷", "a", "b\n"])
def test_a_text_longer_than_a_cell_goes_on_in_the_second_sheet_whole(character: str):
    remark = (character * 70_000)[:70_000]
    annex, layout = with_remark(remark)
    at = row_of(annex, "1.2")
    column = annex.index(ColumnKey.REMARK)
    assert column is not None
    shown = layout.rows[at].texts[column]
    head, pointer, _ = shown.partition("……（续见“续文”工作表第2行）")
    assert pointer
    assert utf16(shown) <= MOST_UNITS
    assert head + "".join(piece.text for piece in layout.continuations) == annex.rows[at].texts[column]
    assert {piece.place for piece in layout.continuations} == {"1.2 备注"}


def test_two_long_texts_point_to_their_own_places():
    entries = answered(WORKING, blank=tuple(row.code for _, row in WORKING.indicators()))
    long = "长" * 40_000
    entries = replace(entries, answers={code: Answer(met=True, remark=long) for code in ("1.2", "1.3")})
    annex = form(WORKING, entries)[0]
    layout = plan(annex)
    first_of_second = next(at for at, piece in enumerate(layout.continuations) if piece.place.startswith("1.3"))
    assert f"第{first_of_second + 2}行" in layout.rows[row_of(annex, "1.3")].texts[-1]


def test_a_text_of_exactly_what_a_cell_holds_stays_whole():
    _, layout = with_remark("a" * MOST_UNITS)
    assert not layout.continuations


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("普通\n两行\t", "普通\n两行\t"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x00\x07\x1f", "\ufffd\ufffd\ufffd"),
        ("\ud800", "\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("𠮷㙓䶮 བོད", "𠮷㙓䶮 བོད"),
    ],
)
def test_what_a_worksheet_cannot_hold_is_replaced_and_the_rest_kept(text: str, clean: str):
    assert cleaned(text) == clean


def test_an_empty_form_has_no_rows():
    annex = replace(example()[0], rows=())
    assert plan(annex).end == FIRST_ROW


def test_a_long_heading_of_several_rows_makes_room_for_itself():
    annex = form(WORKING, answered(WORKING))[0]
    content = annex.index(ColumnKey.CONTENT)
    assert content is not None
    at = next(at for at, row in enumerate(annex.rows) if row.kind is RowKind.INDICATOR and row.content_rows == 2)
    text = "很长的考核内容" * 60
    row = annex.rows[at]
    texts = tuple(text if column == content else old for column, old in enumerate(row.texts))
    layout = plan(replace(annex, rows=(*annex.rows[:at], replace(row, texts=texts), *annex.rows[at + 1 :])))
    height = sum(planned.count * planned.height for planned in layout.rows[at : at + 2])
    assert height >= height_of(text, layout.widths[content]) - 1
