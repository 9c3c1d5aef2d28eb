"""Chinese numerals as categories are numbered (一、二、三……); knows no categories."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DIGITS = "一二三四五六七八九"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens - 1] + "十") + (_DIGITS[ones - 1] if ones else "")


NUMERALS: Mapping[str, int] = MappingProxyType({_numeral(number): number for number in range(1, 100)})
"""The number of every numeral from 一 to 九十九."""
