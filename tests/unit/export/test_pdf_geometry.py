"""Every text stands inside its cell and inside the page, measured on the finished file by another library."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Entries
from selfassess.export.fonts import FontShelf
from selfassess.export.linebreak import CLOSING
from selfassess.export.pdf_layout import Filler, Page
from selfassess.export.pdf_matter import Matter
from selfassess.export.pdf_measure import PAD_X, Grid
from selfassess.export.pdf_text import Setter
from selfassess.export.profile import NATIONAL, OFFICE, POINTS_PER_MM, PageNumbers, PrintProfile

AWKWARD = "“引用”、《书名》（括号）：全角，half-width，10%-20%；𠮷㙓䶮。བོད་ལྗོངས། 1,234,567.89万元——https://www.example.gov.cn/a/b_c"
CASES = [NATIONAL, OFFICE, replace(NATIONAL, body_size=12, first_page=2), replace(NATIONAL, duplex=False, left=20)]


@pytest.fixture(scope="module")
def awkward(forms):
    rows = [forms.indicator(f"1.{n}", f"（{n // 3}）" + AWKWARD, name=AWKWARD, method=AWKWARD * 3) for n in range(1, 9)]
    answers = {"1.2": Answer(remark=AWKWARD * 40), "1.3": Answer(remark=AWKWARD)}
    return forms.annex(
        forms.form(("制度" + AWKWARD, rows), notes=(AWKWARD * 5,)), Entries(answers=answers), sign_off=True
    )


def laid_out(annex, profile: PrintProfile, fonts_folder) -> list[Page]:
    """The pages as the program plans them."""
    shelf = FontShelf(fonts_folder)

    def setter_of(role, style, width) -> Setter:
        return Setter(shelf.typeface(role, profile), role, style, width)

    grid = Grid(annex, profile, setter_of)
    matter = Matter(annex, profile, grid, setter_of)
    return list(Filler(grid, matter.front(), matter.tail()).pages())


def boxes(page: Page, width: float) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right, bottom of everything that may hold text, from the top left of the text block."""
    for shared in page.shared:
        yield shared.cell.left, shared.top, shared.cell.left + shared.cell.width, shared.bottom
    for row in page.rows:
        for cell in row.cells:
            yield cell.left, row.top, cell.left + cell.width, row.bottom
    for words in page.words:
        # Outside the table the ink of a letter may begin a hair before its place.
        yield words.left - 0.3, words.top, width + 0.3, words.top + words.text.height


@pytest.mark.parametrize("profile", CASES, ids=["national", "office", "large", "single-sided"])
@pytest.mark.parametrize("which", ["filled", "awkward"])
def test_no_cell_is_overfull_and_no_row_leaves_the_text_block(request, fonts_folder, profile, which):
    annex = request.getfixturevalue(which)
    height = profile.block[1] * POINTS_PER_MM

    for page in laid_out(annex, profile, fonts_folder):
        for above, below in pairwise(page.rows):
            assert below.top == pytest.approx(above.bottom)
        assert page.rows == [] or page.rows[-1].bottom <= height + 0.01
        for row in page.rows:
            for cell in row.cells:
                assert cell.text.width <= cell.width - 2 * PAD_X + 0.01
                assert cell.text.height <= row.bottom - row.top
        for shared in page.shared:
            assert shared.cell.text.width <= shared.cell.width - 2 * PAD_X + 0.01
            assert shared.cell.text.height <= shared.bottom - shared.top
        for words in page.words:
            assert words.top + words.text.height <= height + 0.01
            assert words.text.width <= profile.block[0] * POINTS_PER_MM + 0.01


@pytest.mark.parametrize("profile", CASES, ids=["national", "office", "large", "single-sided"])
@pytest.mark.parametrize("which", ["filled", "awkward"])
def test_every_printed_character_lies_inside_the_box_of_a_text(
    request, printer, pdf_reader, fonts_folder, profile, which
):
    annex = request.getfixturevalue(which)
    bare = replace(profile, page_numbers=PageNumbers.NONE)
    planned = laid_out(annex, bare, fonts_folder)
    read = pdf_reader.pages(printer.render(annex, bare), boxes=True)
    assert len(read) == len(planned)

    for number, (page, found) in enumerate(zip(planned, read, strict=True), bare.first_page):
        left = bare.left * POINTS_PER_MM
        top = found.height - bare.top(number) * POINTS_PER_MM
        block_bottom = top - bare.block[1] * POINTS_PER_MM
        places = [(left + a, top - b, left + c, top - d) for a, b, c, d in boxes(page, bare.block[0] * POINTS_PER_MM)]
        for character in found.characters:
            assert 0 < character.left < character.right < found.width
            assert 0 < character.bottom < character.top < found.height
            if character.top < block_bottom:  # the small footer
                continue
            assert any(
                a <= character.left and character.right <= c and d <= character.bottom and character.top <= b
                for a, b, c, d in places
            ), (number, character)


def test_no_line_of_the_shipped_form_begins_with_a_closing_mark(filled, printer, pdf_reader):
    begun = []
    for page in pdf_reader.pages(printer.render(filled, NATIONAL), boxes=True):
        for before, character in pairwise(page.characters):
            new_line = character.left < before.left and character.top < before.bottom + 2
            if new_line:
                begun.append(character.text)

    assert len(begun) > 200
    assert not [character for character in begun if character in CLOSING]


def number_box(found, number: int):
    """The digits of a turned page number: the only large ones left of the table."""
    digits = [each for each in found.characters if each.text in str(number) and each.right < 35 * POINTS_PER_MM]
    return min(each.left for each in digits), min(each.bottom for each in digits), max(each.top for each in digits)


def test_the_turned_page_number_stands_where_the_upright_sheet_has_it(filled, printer, pdf_reader):
    first, second, *_ = pdf_reader.pages(printer.render(filled, NATIONAL), boxes=True)
    mm = POINTS_PER_MM

    # Odd: near the foot, that is the outer right corner of the upright sheet; even: near the head.
    _, bottom, _ = number_box(first, 1)
    assert 26 * mm + 14 < bottom < 26 * mm + 40
    _, _, top = number_box(second, 2)
    assert second.height - 26 * mm - 40 < top < second.height - 26 * mm - 14


def test_the_dashes_of_the_turned_number_stand_seven_millimetres_from_the_text_block(filled, printer, pdf_reader):
    first, *_ = pdf_reader.pages(printer.render(filled, NATIONAL), boxes=True)
    dashes = [each for each in first.characters if each.text == "—" and each.right < 35 * POINTS_PER_MM]

    assert len(dashes) == 2
    for dash in dashes:
        assert (dash.left + dash.right) / 2 == pytest.approx((35 - 7) * POINTS_PER_MM, abs=0.5)


def test_the_label_stands_at_the_top_left_and_the_title_in_the_middle_of_the_third_line(filled, printer, pdf_reader):
    first, *_ = pdf_reader.pages(printer.render(filled, NATIONAL), boxes=True)
    mm = POINTS_PER_MM
    label = first.characters[: len(filled.label)]
    title = first.characters[len(filled.label) : len(filled.label) + len(filled.title)]
    assert "".join(each.text for each in title) == filled.title

    assert label[0].left == pytest.approx(35 * mm, abs=1.5)
    assert label[0].top == pytest.approx(first.height - 28 * mm, abs=2)
    middle = (title[0].left + title[-1].right) / 2
    assert middle == pytest.approx((35 + 225 / 2) * mm, abs=2)
    pitch = 225 / 22 * mm
    centre = (title[0].top + title[0].bottom) / 2
    assert first.height - 28 * mm - 3 * pitch < centre < first.height - 28 * mm - 2 * pitch
