"""Files made to take hours or all of the memory are refused in seconds and within a bound."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal

import pytest
from msgspec.structs import replace
from strangers import ROOT, SHIPPED

from selfassess.catalogue import loader
from selfassess.catalogue.writer import dumps
from selfassess.domain.catalogue import FigureSpec, RateCheck
from selfassess.domain.entries import Entries
from selfassess.errors import MOST_FAULTS, CatalogueError, ImportFormError, UserError
from selfassess.intake import answers
from selfassess.scoring.suggestions import nearest


def refused(read, text: str, seconds: float = 6) -> UserError:
    """The refusal of a text, which came soon and is short."""
    begun = time.process_time()
    with pytest.raises((CatalogueError, ImportFormError)) as caught:
        read(text)
    assert time.process_time() - begun < seconds
    assert max(map(len, (caught.value.message, *caught.value.faults))) < 1000
    return caught.value


def as_catalogue(text: str) -> object:
    return loader.loads(text, "a.toml")


def as_answers(text: str) -> object:
    return answers.entries_of(answers.loads(text, "a.toml"), loader.load(SHIPPED), Entries())


def check(row: str, numerator: str) -> RateCheck:
    return RateCheck(row=row, name="x", numerator=numerator, denominator=numerator, at_least=Decimal(1))


def test_long_names_that_are_almost_alike_are_not_compared_letter_by_letter():
    honest = loader.load(SHIPPED)
    names = [f"{n}{'预算执行率' * 400}" for n in range(400)]
    figures = tuple(FigureSpec(key=name, name="x", unit="") for name in names)
    checks = tuple(check("1.2", f"{name[::-1]}x") for name in names)
    refused(as_catalogue, dumps(replace(honest, figures=(*honest.figures, *figures), checks=checks)))


@pytest.mark.long
def test_twenty_thousand_rows_are_not_searched_for_each_of_two_hundred_wrong_ones():
    honest = loader.load(SHIPPED)
    first = honest.categories[0]
    rows = tuple(replace(first.indicators[0], code=f"1.{n + 1}") for n in range(19_000))
    checks = tuple(check(f"1.{n + 900_001}", honest.figures[0].key) for n in range(400))
    text = dumps(replace(honest, categories=(replace(first, indicators=rows), *honest.categories[1:]), checks=checks))
    error = refused(as_catalogue, text, 20)
    assert len(error.faults) == MOST_FAULTS


@pytest.mark.parametrize("read", [as_catalogue, as_answers])
def test_a_key_of_a_million_letters_is_told_short(read):
    refused(read, f'format = 1\ncatalogue = "xizang-dept-budget/2022-transcribed"\n{"k" * 1_000_000} = 1\n')


@pytest.mark.parametrize("number", ["0x" + "f" * 1_000_000, "0b" + "1" * 1_000_000, "0o" + "7" * 1_000_000])
@pytest.mark.parametrize("read", [as_catalogue, as_answers])
def test_a_number_in_another_writing_that_nobody_can_read_is_refused(read, number):
    refused(read, f'format = {number}\ncatalogue = "xizang-dept-budget/2022-transcribed"\n[unit]\nyear = {number}\n')


def test_the_nearest_of_many_or_of_long_words_is_given_up():
    assert nearest("2.7", ["2.8", "x"]) == "2.8"
    assert nearest("预" * 5000, ["预" * 4999]) is None
    assert nearest("预", ["预" * 5000]) is None


NEST = ".".join("b" * 700)
BOMBS = {
    "dotted keys": lambda: "\n".join(f"a{n}." + ".".join("b" * 800) + " = 1" for n in range(9_000)),
    "one key a line": lambda: "\n".join(f"k{n}=1" for n in range(1_500_000)),
    "tables": lambda: "\n".join(f"[t{n}.{NEST}]" for n in range(10_000)),
    "lists": lambda: "x = [" + "[1]," * 4_000_000 + "]",
    "tabs": lambda: "\t" * 16_000_000,
    "quotes": lambda: '"\t' * 8_000_000,
    "lines": lambda: "一、甲\t乙\n" * 700_000,
}
READ_IT = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from selfassess.errors import UserError
from selfassess.catalogue import loader
from selfassess.intake import answers, tsv
from selfassess.gui.table.clipboard import from_text
path = Path(sys.argv[2])
for read in (loader.load, answers.read, tsv.read, lambda path: from_text(path.read_text("utf-8"))):
    begun = time.process_time()
    try:
        read(path)
    except UserError as error:
        assert len(error.message) < 1000
    spent = time.process_time() - begun
    assert spent < 15, f"{read} took {spent:.1f} s"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize("bomb", BOMBS)
def test_sixteen_megabytes_made_to_fill_the_memory_are_read_within_two_gigabytes(bomb, tmp_path, figures):
    path = tmp_path / "bomb.toml"
    path.write_text(BOMBS[bomb](), encoding="utf-8")
    command = [sys.executable, "-c", READ_IT, str(ROOT / "src"), str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr[-2000:]
    figures.note(f"fuzz, 16 MB of {bomb}", f"{ran.stdout.strip()} MB of memory")
