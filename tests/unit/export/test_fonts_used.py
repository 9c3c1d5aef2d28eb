"""Faces, their fallbacks, and what happens to characters none of them has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from msgspec.structs import replace

from selfassess.errors import ExportError
from selfassess.export.fonts import NEAR_CODES, FontShelf, Role
from selfassess.export.pdf import AnnexPrinter
from selfassess.export.profile import NATIONAL


@pytest.fixture
def shelf(fonts_folder: Path) -> FontShelf:
    return FontShelf(fonts_folder)


@pytest.mark.parametrize(
    ("character", "face"),
    [
        ("预", "NotoSerifSC-Regular.ttf"),
        ("①", "NotoSerifSC-Regular.ttf"),
        ("䶮", "NotoSerifSC-Regular.ttf"),
        ("㙓", "NotoSerifSC-Rare.ttf"),
        ("𠮷", "RareHan-Regular.ttf"),
        ("☑", "RareHan-Regular.ttf"),
        ("བ", "NotoSerifTibetan-Regular.ttf"),
    ],
)
def test_a_character_comes_from_the_first_face_that_has_it(shelf, character, face):
    found = shelf.typeface(Role.BODY, NATIONAL).face(character)

    assert found is not None
    assert found.path.name == face


def test_rare_faces_are_not_opened_for_common_texts(shelf, fonts_folder):
    typeface = shelf.typeface(Role.BODY, NATIONAL)

    assert all(typeface.face(character) is typeface.first for character in "预算绩效 100%，“自评”")
    assert shelf.opened == {fonts_folder / "NotoSerifSC-Regular.ttf"}


def test_characters_with_one_glyph_have_codes_of_their_own(shelf):
    face = shelf.bundled("NotoSerifSC-Regular.ttf")
    codes = [face.code(character) for character in ("\u03a9", "\u2126", "-", "\u2010", "\u2011")]

    assert len(set(codes)) == len(codes)


def test_the_commonest_characters_have_codes_that_readers_remember_and_no_text_uses(shelf):
    face = shelf.bundled("NotoSerifSC-Regular.ttf")

    assert all(face.code(character) == NEAR_CODES[ord(character)] < 256 for character in "预算绩效，“分值”。")
    assert not any(chr(code).isprintable() for code in NEAR_CODES.values())
    assert all(face.glyph(chr(point)) is not None for point in NEAR_CODES)
    assert len(set(NEAR_CODES.values())) == 64


def test_codes_of_far_characters_stay_apart_from_those_of_near_ones(shelf):
    face = shelf.bundled("RareHan-Regular.ttf")
    codes = {character: face.code(character) for character in "𠮷𡃁𪚥☐☑"}

    assert len(set(codes.values())) == len(codes)
    assert all(code < 0xE000 for code in codes.values())
    assert codes["☐"] == 0x2610


@pytest.mark.parametrize("character", ["\U0001fae0", "\ue000", "\ud800", "ا"], ids=ascii)
def test_a_character_of_no_face_is_found_to_be_missing(shelf, character):
    assert shelf.typeface(Role.BODY, NATIONAL).face(character) is None


def test_a_stack_is_as_wide_as_its_widest_letter_and_not_as_all_of_them(shelf):
    widths = shelf.typeface(Role.BODY, NATIONAL).widths

    assert widths["ལྗོ"] < widths["ལ"] + widths["ཇ"]


def test_a_missing_bundled_font_is_told_with_its_path(tmp_path, filled):
    with pytest.raises(ExportError) as caught:
        AnnexPrinter(tmp_path).render(filled, NATIONAL)

    assert caught.value.code == "E411"
    assert "NotoSerifSC-Regular.ttf" in caught.value.message


def test_a_file_that_is_no_font_is_refused(tmp_path, fonts_folder, filled):
    wrong = tmp_path / "仿宋.ttf"
    wrong.write_bytes(b"not a font")

    with pytest.raises(ExportError) as caught:
        AnnexPrinter(fonts_folder).render(filled, replace(NATIONAL, body_font=wrong))

    assert caught.value.code == "E412"


def test_a_font_that_is_cut_off_is_refused(tmp_path, fonts_folder, filled):
    cut = tmp_path / "half.ttf"
    cut.write_bytes((fonts_folder / "NotoSansSC-Bold.ttf").read_bytes()[:2000])

    with pytest.raises(ExportError) as caught:
        AnnexPrinter(fonts_folder).render(filled, replace(NATIONAL, heading_font=cut))

    assert caught.value.code == "E412"


def _font_with(source: Path, target: Path, **changes: int) -> Path:
    font = TTFont(source)
    for name, value in changes.items():
        setattr(font["OS/2"], name, value)
    font.save(target)
    return target


def test_a_font_that_must_not_be_embedded_is_refused(tmp_path, fonts_folder, filled):
    font = _font_with(fonts_folder / "NotoSerifTibetan-Regular.ttf", tmp_path / "licensed.ttf", fsType=0x0002)

    with pytest.raises(ExportError) as caught:
        AnnexPrinter(fonts_folder).render(filled, replace(NATIONAL, title_font=font))

    assert caught.value.code == "E413"


def test_a_font_of_the_office_is_used_and_falls_back_where_it_has_gaps(tmp_path, fonts_folder, filled, pdf_reader):
    # Tibetan only: every Chinese character has to fall back, and the file's name has blanks and Chinese in it.
    own = tmp_path / "办公室 字体.ttf"
    shutil.copy(fonts_folder / "NotoSerifTibetan-Regular.ttf", own)
    profile = replace(NATIONAL, body_font=own, title_font=fonts_folder / "NotoSansSC-Bold.ttf")

    text = pdf_reader.text(AnnexPrinter(fonts_folder).render(filled, profile))

    assert filled.title in text
    assert "填报单位：西藏自治区人民政府外事办公室" in text
