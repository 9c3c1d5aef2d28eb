"""Which characters go into which bundled font; knows character sets, nothing of font files.

``python packaging/fonts/characters.py DIR`` rewrites the two lists beside this file from the Unihan database as
Debian's package ``unicode-data`` holds it (DIR has ``Unihan_OtherMappings.txt.bz2`` and
``Unihan_IRGSources.txt.bz2``).
"""

from __future__ import annotations

import bz2
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
GENERAL_STANDARD = HERE / "general-standard-8105.txt"
NAMES_AND_PLACES = HERE / "names-and-places.txt"

SYMBOLS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A: pinyin, currency, ±×÷
    (0x01CD, 0x01DC),  # pinyin with the third tone
    (0x02C6, 0x02DD),  # tone marks standing alone
    (0x0391, 0x03C9),  # Greek
    (0x0401, 0x0451),  # Cyrillic
    (0x1E3E, 0x1E3F),  # ḿ of pinyin
    (0x2000, 0x206F),  # punctuation: dashes, quotation marks, …, ‰
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x218F),  # ℃ № Ⅰ ⅰ ⅓
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # ≤ ≥ ≈ ∑
    (0x2460, 0x24FF),  # ① ⑴ ⒈ Ⓐ
    (0x2500, 0x257F),  # box drawing
    (0x2580, 0x25FF),  # □ ■ ▲ ○ ◆
    (0x2600, 0x2642),  # ★ ☆ ☐ ☑
    (0x2713, 0x2718),  # ✓ ✗
    (0x3000, 0x303F),  # 。、《》〔〕〇
    (0x3041, 0x312F),  # kana and bopomofo
    (0x3200, 0x33FF),  # ㈠ ㊣ ㎡
    (0xFE10, 0xFE6F),  # vertical and small forms
    (0xFF01, 0xFFE6),  # full-width forms
)

# Sources of the G column of Unihan that come from people's and places' names or from modern reference works, as against
# the classical dictionaries (GKX 康熙字典, GHZ 汉语大字典, GZJW 金文) whose characters nobody's name is written with.
NAME_SOURCES = frozenset(
    {
        "G",
        "GBK",
        "GCH",
        "GCY",
        "GCYY",
        "GDM",
        "GDZ",
        "GFC",
        "GFZ",
        "GGFZ",
        "GGH",
        "GHC",
        "GIDC",
        "GKJ",
        "GLGYJ",
        "GOCD",
        "GPGLG",
        "GRM",
        "GU",
        "GWZ",
        "GXC",
        "GXH",
        "GXHZ",
        "GZ",
        "GZFY",
        "GZH",
        "GZYS",
    }
)


def gb2312() -> set[int]:
    """Every character of GB/T 2312-1980, plus the symbol rows A1–A9 of GBK."""
    rows = {"gb2312": range(0xA1, 0xF8), "gbk": range(0xA1, 0xAA)}
    return {code for codec, leads in rows.items() for code in _decodable(codec, leads)}


def main_set() -> set[int]:
    """What a font carries from the start: GB2312, the table of 8 105 general standard characters, symbols."""
    symbols = {code for first, last in SYMBOLS for code in range(first, last + 1)}
    return gb2312() | read_list(GENERAL_STANDARD) | symbols


def read_list(path: Path) -> set[int]:
    """The code points of a list file; lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {ord(character) for line in lines if not line.startswith("#") for character in line}


def _decodable(codec: str, leads: Iterable[int]) -> Iterator[int]:
    for lead, trail in product(leads, range(0xA1, 0xFF)):
        text = bytes((lead, trail)).decode(codec, errors="ignore")
        if len(text) == 1:
            yield ord(text)


def _unihan(path: Path, field: str) -> Iterator[tuple[int, str]]:
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("U+"):
                continue
            code, name, value = line.rstrip("\n").split("\t")
            if name == field:
                yield int(code[2:], 16), value


def _write(path: Path, heading: str, codes: Iterable[int]) -> None:
    text = "".join(map(chr, sorted(set(codes))))
    rows = [text[start : start + 60] for start in range(0, len(text), 60)]
    path.write_text("\n".join([f"# {heading}", *rows, ""]), encoding="utf-8")


def rewrite_lists(unihan: Path) -> None:
    """Rewrite both lists from the Unihan files in a folder."""
    table = (code for code, _ in _unihan(unihan / "Unihan_OtherMappings.txt.bz2", "kTGH"))
    _write(GENERAL_STANDARD, "通用规范汉字表, 8 105 characters: Unihan 15.0, field kTGH.", table)
    sources = _unihan(unihan / "Unihan_IRGSources.txt.bz2", "kIRG_GSource")
    named = (
        code for code, source in sources if code > 0xFFFF and source.split("-")[0].rstrip("0123456789") in NAME_SOURCES
    )
    _write(
        NAMES_AND_PLACES,
        "Beyond the BMP, from names and modern reference works: Unihan 15.0, kIRG_GSource (see characters.py).",
        named,
    )


if __name__ == "__main__":
    rewrite_lists(Path(sys.argv[1]))
