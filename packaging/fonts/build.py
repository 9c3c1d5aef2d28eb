"""Cuts the bundled fonts out of their full faces; knows packages and glyphs, nothing of the program.

``./dev fonts`` (or ``python packaging/fonts/build.py [--sources DIR]``) fetches the packages named below with npm and
apt, checks each face against its SHA-256, and rewrites ``resources/fonts``. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import characters
from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "resources" / "fonts"
SHAPING_TABLES = ["GSUB", "GPOS", "GDEF"]
NEVER_USED = ["BASE", "STAT", "vhea", "vmtx", "FFTM", "prop", "VORG", "DSIG"]
SYMBOLS_END = 0x3400  # below: punctuation, symbols, letters; from here on: Han


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One full face as its publisher ships it.

    Attributes:
        package: ``npm:name@version`` or ``apt:name``.
        member: Path of the face inside the package.
        sha256: Of that face, in hexadecimal.
    """

    package: str
    member: str
    sha256: str


SERIF = Source(
    package="npm:@expo-google-fonts/noto-serif-sc@0.4.3",
    member="package/400Regular/NotoSerifSC_400Regular.ttf",
    sha256="c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
)
SANS = Source(
    package="npm:@expo-google-fonts/noto-sans-sc@0.4.3",
    member="package/400Regular/NotoSansSC_400Regular.ttf",
    sha256="d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
)
SANS_BOLD = Source(
    package="npm:@expo-google-fonts/noto-sans-sc@0.4.3",
    member="package/700Bold/NotoSansSC_700Bold.ttf",
    sha256="9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
)
TIBETAN = Source(
    package="npm:@expo-google-fonts/noto-serif-tibetan@0.4.2",
    member="package/400Regular/NotoSerifTibetan_400Regular.ttf",
    sha256="33bd11da711ad8fbf55e5df25f29e6ebdfce53424fb41d61c7c6b83c2ba948cf",
)
HANA_A = Source(
    package="apt:fonts-hanazono",
    member="usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
    sha256="7ca87559414474848fc513a8d8eb42d5b0f8194c30c2abdfbfedff5398ec88d7",
)
HANA_B = Source(
    package="apt:fonts-hanazono",
    member="usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    sha256="829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
)


def fetch(source: Source, store: Path) -> TTFont:
    """The face of a source, downloaded into ``store`` unless it lies there already.

    Raises:
        ValueError: The file is not the one this script was written for.
    """
    manager, _, name = source.package.partition(":")
    folder = store / name.replace("/", "_")
    path = folder / source.member
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (_fetch_npm if manager == "npm" else _fetch_apt)(name, folder)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        message = f"{path}: SHA-256 {found}, expected {source.sha256}"
        raise ValueError(message)
    return TTFont(path, recalcTimestamp=False)


def _fetch_npm(name: str, folder: Path) -> None:
    subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", folder, name], check=True, stdout=subprocess.DEVNULL
    )
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()


def _fetch_apt(name: str, folder: Path) -> None:
    subprocess.run(["apt-get", "download", "-qq", name], check=True, cwd=folder)
    archive = next(folder.glob("*.deb"))
    subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    archive.unlink()


def cut(font: TTFont, codes: set[int], *, shaping: bool = False) -> TTFont:
    """A face reduced to the characters it has out of ``codes``; ``shaping`` keeps the tables that stack Tibetan."""
    options = subset.Options(
        drop_tables=[*NEVER_USED, *([] if shaping else SHAPING_TABLES)],
        layout_features=["*"] if shaping else [],
        glyph_names=False,
        name_IDs=["*"],
        name_languages=[0x409],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes & coverage(font))
    subsetter.subset(font)
    return font


def coverage(font: TTFont) -> set[int]:
    """The code points a face has a glyph for."""
    return set(font["cmap"].getBestCmap() or ())


def rename(font: TTFont, family: str, copyright_line: str | None = None) -> TTFont:
    """Give a face a family name of its own, so that no system confuses it with the face it was cut from."""
    postscript = family.replace(" ", "") + "-Regular"
    names = {1: family, 2: "Regular", 3: postscript, 4: family, 6: postscript}
    if copyright_line:
        names |= {
            0: copyright_line,
            13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
            14: "https://openfontlicense.org",
        }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    return font


def _merge_rare(first: TTFont, second: TTFont, present: set[int], folder: Path) -> TTFont:
    """What no Noto face has: symbols and Han of HanaMinA, and the name characters of HanaMinB, in one face."""
    from fontTools.merge import Merger  # noqa: PLC0415  # only this face is merged

    wanted = {code for code in coverage(first) if code >= SYMBOLS_END or code in characters.main_set()} - present
    named = characters.read_list(characters.NAMES_AND_PLACES) - present - wanted
    parts = [cut(first, wanted), cut(second, named)]
    for number, part in enumerate(parts):
        part.save(folder / f"{number}.ttf")
    merged = Merger().merge([str(folder / f"{number}.ttf") for number in range(len(parts))])
    merged.recalcTimestamp = False
    for stamp in ("created", "modified"):
        setattr(merged["head"], stamp, getattr(parts[0]["head"], stamp))
    return rename(
        merged, "Selfassess Rare Han", "Copyright (c) 2011, GlyphWiki Project (kamichi@fonts.jp). Subset, renamed."
    )


def faces(store: Path, scratch: Path) -> Iterator[tuple[str, TTFont]]:
    """Each file to write, by name."""
    main = characters.main_set()
    serif = coverage(fetch(SERIF, store))
    yield "NotoSerifSC-Regular.ttf", cut(fetch(SERIF, store), main)
    yield "NotoSerifSC-Rare.ttf", rename(cut(fetch(SERIF, store), serif - main), "Noto Serif SC Rare")
    yield "NotoSansSC-Regular.ttf", cut(fetch(SANS, store), main)
    yield "NotoSansSC-Bold.ttf", cut(fetch(SANS_BOLD, store), main)
    tibetan = fetch(TIBETAN, store)
    yield "NotoSerifTibetan-Regular.ttf", cut(tibetan, coverage(tibetan), shaping=True)
    yield "RareHan-Regular.ttf", _merge_rare(fetch(HANA_A, store), fetch(HANA_B, store), serif, scratch)


def main() -> None:
    """Rewrite every bundled face."""
    parser = argparse.ArgumentParser(description="Cut the bundled fonts out of their full faces.")
    parser.add_argument(
        "--sources", type=Path, help="folder that keeps the downloaded packages (default: a temporary one)"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        store = arguments.sources or Path(scratch) / "sources"
        TARGET.mkdir(parents=True, exist_ok=True)
        for name, font in faces(store, Path(scratch)):
            font.save(TARGET / name)
            print(f"{name}: {len(coverage(font))} characters, {(TARGET / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
