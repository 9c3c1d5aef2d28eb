"""The bundled fonts: what they cover, that reportlab takes them, that Tibetan stacks, that the licences lie beside."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont
from reportlab.pdfbase import ttfonts

REPOSITORY = Path(__file__).resolve().parents[2]
FONTS = REPOSITORY / "resources" / "fonts"
CHINESE = ["NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"]
ALL = [*CHINESE, "NotoSerifSC-Rare.ttf", "NotoSerifTibetan-Regular.ttf", "RareHan-Regular.ttf"]


def load_characters() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "font_characters", REPOSITORY / "packaging" / "fonts" / "characters.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def characters() -> ModuleType:
    return load_characters()


@functools.cache
def coverage(name: str) -> frozenset[int]:
    with TTFont(FONTS / name, lazy=True) as font:
        return frozenset(font["cmap"].getBestCmap())


def family(name: str) -> str:
    with TTFont(FONTS / name, lazy=True) as font:
        return font["name"].getDebugName(1)


def shape(name: str, text: str) -> list[int]:
    """Glyph numbers of a shaped text."""
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONTS / name))))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return [info.codepoint for info in buffer.glyph_infos]


def test_no_font_file_lies_there_unnamed():
    assert sorted(path.name for path in FONTS.glob("*.ttf")) == sorted(ALL)


def test_the_general_standard_table_has_8105_characters(characters):
    assert len(characters.read_list(characters.GENERAL_STANDARD)) == 8105


def test_gb2312_has_its_6763_han_characters(characters):
    assert len([code for code in characters.gb2312() if 0x4E00 <= code <= 0x9FFF]) == 6763


@pytest.mark.parametrize("name", CHINESE)
def test_a_chinese_face_covers_gb2312_and_the_general_standard_table(name, characters):
    wanted = characters.gb2312() | characters.read_list(characters.GENERAL_STANDARD)
    assert wanted <= coverage(name)


@pytest.mark.parametrize("name", CHINESE)
def test_a_chinese_face_covers_the_signs_of_a_form(name):
    signs = "①⑳㈠Ⅰ〔〕“”‘’—…《》、。；：（）％．１２３√×±≤≥□■✓·\u3000￥¥℃㎡0123456789āǎ"
    assert [sign for sign in signs if ord(sign) not in coverage(name)] == []


def test_the_three_chinese_faces_cover_the_same_characters():
    serif, *others = (coverage(name) for name in CHINESE)
    assert all(other == serif for other in others)


def test_the_rare_companion_shares_no_character_with_the_main_face():
    assert coverage("NotoSerifSC-Regular.ttf") & coverage("NotoSerifSC-Rare.ttf") == set()


def test_serif_and_its_companion_together_cover_gbk(characters):
    gbk = {
        ord(text)
        for lead in range(0x81, 0xFF)
        for trail in range(0x40, 0xFF)
        if len(text := bytes((lead, trail)).decode("gbk", errors="ignore")) == 1 and text >= "\u4e00"
    }
    assert {code for code in gbk if code <= 0x9FFF} <= coverage("NotoSerifSC-Regular.ttf") | coverage(
        "NotoSerifSC-Rare.ttf"
    )


@pytest.mark.parametrize("character", "𠮷㙓䶮☐☑⁵ł龘靐")
def test_a_rare_character_is_in_some_file(character):
    assert [name for name in ALL if ord(character) in coverage(name)] != []


@pytest.mark.parametrize("name", ALL)
def test_reportlab_takes_each_file(name):
    face = ttfonts.TTFont(name.removesuffix(".ttf"), FONTS / name).face
    assert coverage(name) <= set(face.charToGlyph)


@pytest.mark.parametrize("name", ALL)
def test_each_file_may_be_embedded(name):
    with TTFont(FONTS / name, lazy=True) as font:
        assert font["OS/2"].fsType == 0


def test_no_two_families_share_a_name_but_the_weights_of_one():
    names = [family(name) for name in ALL]
    assert names == [
        "Noto Serif SC",
        "Noto Sans SC",
        "Noto Sans SC",
        "Noto Serif SC Rare",
        "Noto Serif Tibetan",
        "Selfassess Rare Han",
    ]


def test_no_reserved_font_name_is_used():
    reserved = ("Source", "Hanazono", "HanaMin", "花園")
    for name in ALL:
        with TTFont(FONTS / name, lazy=True) as font:
            naming = [font["name"].getDebugName(number) or "" for number in (1, 3, 4, 6)]
        assert [text for text in naming if text.startswith(reserved)] == []


def test_tibetan_letters_stack():
    """བོད་ལྗོངས། stacks ལྗ into one glyph: fewer glyphs than characters, none of them missing."""
    text = "བོད་ལྗོངས།"
    glyphs = shape("NotoSerifTibetan-Regular.ttf", text)
    assert len(glyphs) < len(text)
    assert 0 not in glyphs


@pytest.mark.parametrize("licence", ["NotoSerifSC", "NotoSansSC", "NotoSerifTibetan", "RareHan"])
def test_the_licence_lies_beside_the_font(licence):
    text = (FONTS / "licences" / f"OFL-{licence}.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert text.startswith("Copyright")


def test_the_readme_names_every_file():
    readme = (FONTS / "README.md").read_text(encoding="utf-8")
    assert [name for name in ALL if f"`{name}`" not in readme] == []
