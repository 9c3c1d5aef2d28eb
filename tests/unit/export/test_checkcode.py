"""The code that ties paper to a file."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from types import MappingProxyType

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Adjustment, Answer, Declared, Entries, Override, Unit
from selfassess.export.checkcode import check_code

ENTRIES = Entries(
    unit=Unit(name="外事办公室", year="2022"),
    figures={"budget": Decimal("18966.53")},
    answers={"1.1": Answer(points=Decimal("4.5"), reason="材料不全"), "1.2": Answer(ticks=(True, None, False))},
    adjustments=(Adjustment(matter="获奖", points=Decimal(5)),),
)


def test_a_code_is_four_groups_of_four_digits(forms):
    assert re.fullmatch(r"([0-9A-F]{4}-){3}[0-9A-F]{4}", check_code(forms.plain, ENTRIES))


def test_a_code_is_the_beginning_of_a_digest_that_anybody_can_compute(forms):
    # A change here means that printed annexes can no longer be matched with their files.
    stated = (
        '{"adjustments":[{"matter":"获奖","points":"5"}],'
        '"answers":{"1.1":{"points":"4.5","reason":"材料不全"},"1.2":{"ticks":[true,null,false]}},'
        '"catalogue":"small/1","figures":{"budget":"18966.53"},"unit":{"name":"外事办公室","year":"2022"}}'
    )
    digest = hashlib.sha256(stated.encode("utf-8")).hexdigest().upper()

    assert check_code(forms.plain, ENTRIES).replace("-", "") == digest[:16]


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTRIES, unit=replace(ENTRIES.unit, phone="1")),
        replace(ENTRIES, figures={"budget": Decimal("18966.54")}),
        replace(ENTRIES, figures={}),
        replace(ENTRIES, answers={**ENTRIES.answers, "1.1": Answer(points=Decimal(4), reason="材料不全")}),
        replace(ENTRIES, answers={**ENTRIES.answers, "1.2": Answer(ticks=(True, False, False))}),
        replace(ENTRIES, answers={**ENTRIES.answers, "1.3": Answer(not_applicable="")}),
        replace(ENTRIES, answers={**ENTRIES.answers, "1.3": Answer(override=Override(points=Decimal(0), reason=""))}),
        replace(ENTRIES, adjustments=()),
    ],
)
def test_every_change_that_is_printed_changes_the_code(forms, changed):
    assert check_code(forms.plain, changed) != check_code(forms.plain, ENTRIES)


def test_another_edition_has_another_code(forms):
    assert check_code(replace(forms.plain, edition="2"), ENTRIES) != check_code(forms.plain, ENTRIES)


@pytest.mark.parametrize(
    "same",
    [
        replace(ENTRIES, figures={"budget": Decimal("18966.530")}),
        replace(ENTRIES, answers=MappingProxyType(dict(reversed(ENTRIES.answers.items())))),
        replace(ENTRIES, answers={**ENTRIES.answers, "1.3": Answer()}),
        replace(ENTRIES, declared=Declared(total=Decimal(90))),
    ],
)
def test_what_is_the_same_on_paper_has_the_same_code(forms, same):
    assert check_code(forms.plain, same) == check_code(forms.plain, ENTRIES)


def test_a_broken_character_does_not_stop_the_code(forms):
    assert check_code(forms.plain, replace(ENTRIES, unit=Unit(name="\ud800")))
